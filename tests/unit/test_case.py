"""A case is read whole, handed out as copies, and written back as it was."""

import pickle  # noqa: TID251 - what a pool of processes does
import shutil
from datetime import date

import pandas as pd
import pytest

from broken_cases import add, cell, content, header, remove, told_at, without
from supplyline.case.case import find_folder, load_case, packaged_cases
from supplyline.case.frames import to_cells
from supplyline.case.parameters import (
    ANY_CASE,
    PARAMETERS,
    RULES_OF_EVIDENCE,
    WITH_GROUPS,
    names_in_scope,
)
from supplyline.case.regime import COVARIATES, KINDS
from supplyline.case.series import COUNTRY_SERIES, NATIONAL_SERIES
from supplyline.engine.simulate import simulate
from supplyline.errors import CaseError, SupplylineWarning
from supplyline.tables import TABLES
from work import steps_of


@pytest.fixture(scope="module")
def toy():
    return load_case("toy")


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_folder("toy"), tmp_path / "case")


def test_every_table_is_an_attribute(toy):
    assert len(toy.segments) == 6
    assert all(getattr(toy, name).equals(toy.tables[name]) for name in TABLES)


def test_columns_have_the_types_of_their_fields(toy):
    assert toy.segments["length_km"].dtype == "float64"
    assert toy.places["tier"].dtype == "int64"
    assert toy.regions["is_boundary"].dtype == "bool"
    assert toy.measures["start"].dtype == "datetime64[us]"
    assert toy.measures["end"].isna().any()


def test_missing_cells_stay_missing(toy):
    depots = toy.depots.set_index("depot")
    assert pd.isna(depots.loc["farfield-gas_oil", "capacity_kl"])
    assert depots.loc["farfield-gas_oil", "note"] is None


def test_a_wrong_attribute_offers_the_nearest_table(toy):
    with pytest.raises(AttributeError, match="did you mean 'segments'"):
        toy.segment  # noqa: B018


def test_a_case_does_not_change(toy):
    segments = toy.segments
    segments.loc[0, "length_km"] = -1.0
    tables = toy.tables["segments"]
    tables["mode"] = "river"

    assert toy.segments.loc[0, "length_km"] > 0
    assert set(toy.segments["mode"]) == {"road", "rail"}
    with pytest.raises(AttributeError):
        toy.config = None


def test_assumptions_are_listed_with_their_line(toy):
    rows = toy.assumptions()
    wagons = rows[rows["key"] == "wagons"].iloc[0]
    assert (wagons["table"], wagons["line"]) == ("fleets", 3)
    assert len(rows[rows["table"] == "params"]) == len(PARAMETERS)


def test_contradictions_stand_side_by_side(toy):
    row = toy.contradictions().iloc[0]
    assert (row["claim"], row["other_claim"]) == ("F3", "F4")
    assert (row["low"], row["high"], row["other_low"]) == (6, 8, 12)


def test_the_period_is_that_of_case_toml(toy):
    assert toy.config.cutoff == date(2024, 2, 29)
    assert (toy.config.end - toy.config.cutoff).days == toy.config.forecast_days


def test_what_is_saved_is_read_back_with_the_same_hashes(toy, tmp_path):
    again = load_case(toy.save(tmp_path / "copy"))

    assert again.hashes == toy.hashes
    assert again.scenarios() == toy.scenarios()
    assert all(again.tables[name].equals(toy.tables[name]) for name in TABLES)


def test_a_case_does_not_need_its_folder_any_more(toy, folder, tmp_path):
    case = load_case(folder)
    shutil.rmtree(folder)

    again = load_case(case.save(tmp_path / "copy"))

    assert again.hashes == toy.hashes
    assert all(again.tables[name].equals(toy.tables[name]) for name in TABLES)


def test_save_never_writes_over_anything(toy, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(CaseError, match="expected a new or empty folder"):
        toy.save(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_case_crosses_to_another_process(toy):
    again = pickle.loads(pickle.dumps(toy))  # noqa: S301
    assert again.segments.equals(toy.segments)


def test_the_order_of_columns_and_rows_does_not_matter(toy, folder):
    def turn(text):
        head, *rows = text.decode().splitlines()
        cells = [line.split(",")[::-1] for line in [head, *rows[::-1]]]
        return "\n".join(",".join(line) for line in cells).encode()

    content("depots.csv", turn, None)(folder)
    sorted_rows = load_case(folder).depots.sort_values("depot", ignore_index=True)
    assert sorted_rows.equals(toy.depots.sort_values("depot", ignore_index=True))


def limit(kind, value, high=""):
    """Add a limit on what is sold or ordered."""
    cells = {"kind": kind, "start": "2024-03-04", "unit": "1", "source": "assumption"}
    return add("measures.csv", measure="most", value=value, value_high=high, **cells)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (cell("segments.csv", "A1", "length_km", "50"), "at least the straight"),
        (cell("events.csv", "E1", "lat", "15"), "km from the event"),
        (cell("sources.csv", "made-up", "date", "2024-05"), "up to the cut-off"),
        (
            told_at(remove("feeds.csv", "farfield"), "demand.csv", "farfield"),
            "its stock only falls",
        ),
        (
            cell("corridors.csv", "C-ROAD", "capacity_kl_per_day", "90"),
            "at least 101, what is asked of it in normal times",
        ),
        (
            cell("corridors.csv", "I-FAR", "capacity_kl_per_day", "17"),
            "at least 18, what is asked of it in normal times",
        ),
        (
            cell("places.csv", "harbour", "capacity_kl_per_day", "110"),
            "at least 120, what is asked of it in normal times",
        ),
        (
            cell("places.csv", "farfield", "capacity_kl_per_day", "110"),
            "empty, as no corridor begins there",
        ),
        (
            cell("corridors.csv", "I-FAR", "kind", "import"),
            "kind is 'import' from 'highcourt'; expected internal",
        ),
        (limit("ration", "30"), "a share of demand, such as 0.5; this limits nothing"),
        (limit("supply_limit", "80"), "this limits nothing"),
        (limit("supply_limit", "0.5", "80"), "this limits nothing"),
        (
            cell("depots.csv", "millford-gas_oil", "street_price", "1.4"),
            "at least the official price, 1.5, or empty",
        ),
    ],
)
def test_what_is_suspect_is_a_warning(folder, edit, message):
    line = edit(folder)

    with pytest.warns(SupplylineWarning, match="toy: 1 warning"):
        case = load_case(folder)

    assert message in case.warnings[0]
    assert f".csv:{line}: " in case.warnings[0]


def test_a_pledge_may_speak_of_later_days(folder):
    cell("claims.csv", "F5", "end", "2030-12-31")(folder)
    cell("claims.csv", "F5", "start", "2030-01-01")(folder)
    assert load_case(folder).warnings == ()


def test_a_source_used_by_nobody_is_fine(folder):
    with (folder / "sources.csv").open("a") as file:
        file.write("spare,Spare,Nobody,2024,,F,\n")
    assert load_case(folder).warnings == ()


OPTIONAL = sorted(name for name, model in TABLES.items() if model.optional)
PRESENT = [n for n in OPTIONAL if (packaged_cases()["toy"] / f"{n}.csv").exists()]


def test_a_case_without_groups_needs_nothing_of_the_conflict(folder, tmp_path):
    for name in PRESENT:
        (folder / f"{name}.csv").unlink()
    for row in ("siege-farfield", "party-ban"):
        remove("measures.csv", row)(folder)
    for name in names_in_scope(WITH_GROUPS, RULES_OF_EVIDENCE):
        remove("params.csv", name)(folder)
    shutil.rmtree(folder / "scenarios")

    case = load_case(folder)

    assert [len(case.tables[name]) for name in OPTIONAL] == [0] * len(OPTIONAL)
    assert set(case.params["param"]) == set(names_in_scope(ANY_CASE))
    assert not {f"{name}.csv" for name in OPTIONAL} & set(case.hashes)
    again = load_case(case.save(tmp_path / "copy"))
    assert again.hashes == case.hashes


def test_a_case_without_groups_may_state_their_parameters(folder):
    for name in PRESENT:
        content(f"{name}.csv", lambda b: b.split(b"\n")[0] + b"\n", None)(folder)
    for row in ("siege-farfield", "party-ban"):
        remove("measures.csv", row)(folder)

    assert set(load_case(folder).params["param"]) == set(PARAMETERS)


def test_series_that_rows_may_ask_for_are_those_of_a_run():
    run = simulate(load_case("toy"), days=1, members=1, seed=1)
    by_country = [name for name in run.daily if "product" not in run.daily[name].dims]

    assert sorted(by_country) == sorted(NATIONAL_SERIES)
    kept = {"covariate": COVARIATES, "hazard": KINDS}
    for first, names in kept.items():
        mine = [name for name in COUNTRY_SERIES if name.startswith(f"{first}_")]
        assert mine == [f"{first}_{name}" for name in names]


@pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")
def test_the_work_of_loading_grows_as_the_cells_do():
    small, large = load_case("toy"), load_case("mali")
    cells = [sum(t.size for t in case.tables.values()) for case in (small, large)]

    steps = [steps_of(load_case, case.name) for case in (small, large)]

    # 27 a cell on Python 3.11
    assert steps[1] - steps[0] < 40 * (cells[1] - cells[0])


def test_numbers_are_written_so_that_they_are_read_back():
    frame = pd.DataFrame(
        {
            "place": ["a"],
            "product": ["b"],
            "demand_class": ["public"],
            "demand_kl_per_day": [0.1 + 0.2],
            "demand_high_kl_per_day": [float("nan")],
            "note": [None],
            "source": ["s"],
        }
    )
    (row,) = to_cells(frame, TABLES["demand"])
    assert float(row["demand_kl_per_day"]) == 0.1 + 0.2
    assert row["note"] == ""


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("depots.csv", "capacity_kl"),
        ("places.csv", "note"),
        ("events.csv", "trucks_lost_high"),
        ("measures.csv", "start_latest"),
        ("sources.csv", "address"),
    ],
)
def test_a_column_that_may_be_empty_may_be_absent_and_is_told(folder, file, column):
    table = file.removesuffix(".csv")
    whole = load_case(folder).tables[table]
    without(file, column)(folder)

    with pytest.warns(SupplylineWarning):
        case = load_case(folder)

    assert f"{file}: has no column '{column}'; expected one" in "".join(case.warnings)
    assert case.tables[table][column].isna().all()
    assert list(case.tables[table]) == list(whole)
    rest = whole.columns.drop(column)
    pd.testing.assert_frame_equal(case.tables[table][rest], whole[rest])


def test_a_misspelt_column_is_not_taken_for_an_absent_one(folder):
    rename = {"capacity_kl": "capcity_kl"}
    header("depots.csv", lambda names: [rename.get(n, n) for n in names])(folder)

    with pytest.raises(CaseError, match="did you mean 'capacity_kl'"):
        load_case(folder)
