"""Arguments that name a folder or a file: what is none is told."""

import pytest

import supplyline as sl

WRONG = [3, 2.5, True, b"runs", ["runs"]]


@pytest.fixture(scope="module")
def run(toy):
    return sl.simulate(toy, days=0, members=1)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
@pytest.mark.parametrize("verb", ["simulate", "load_run", "verify"])
def test_what_is_no_folder_is_told(toy, wrong, verb):
    functions = {
        "simulate": lambda folder: sl.simulate(toy, folder=folder),
        "load_run": sl.load_run,
        "verify": sl.verify,
    }
    with pytest.raises(TypeError, match=r"^folder is '.*'; expected the path of a fol"):
        functions[verb](wrong)


@pytest.mark.parametrize("wrong", [*WRONG, None], ids=str)
def test_what_is_no_place_for_a_run_or_a_case_is_told(toy, run, wrong):
    with pytest.raises(
        TypeError, match=r"^parent is .*; expected the path of a folder"
    ):
        run.save(wrong)
    with pytest.raises(
        TypeError, match=r"^folder is .*; expected the path of a folder"
    ):
        toy.save(wrong)
