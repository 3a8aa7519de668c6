"""Analysis and report take a run a few members at a time, and read little twice."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lazy_runs import read_lazily
from made_country import LEADER
from made_runs import made_run
from supplyline.analysis import chunks
from supplyline.analysis.chunks import Sums, chunks_of, rows_of, values_of
from supplyline.analysis.compare import compare
from supplyline.analysis.futures import futures
from supplyline.analysis.heat import heat
from supplyline.analysis.scorecard import scorecard
from supplyline.analysis.targets import check_targets, target_values
from supplyline.engine.simulate import simulate
from supplyline.report.brief import brief
from supplyline.runs import folder

MEMBERS, FEWER = 90, 40
CHUNKS = (1, 7, 32, MEMBERS)
MOST_READS = 5.5
"""Most times that all of an output may be read for a brief with its checks.

The last is of the state on the last day known, on which the chances of towns hang.
"""


@pytest.fixture(scope="module")
def pair(toy):
    """Give a run of a country, and one of a scenario with fewer members."""
    config = toy.config.model_copy(update={"leader": LEADER})
    case, scenario = replace(toy, config=config), toy.scenarios()["no-escorts"]
    return (
        simulate(case, members=MEMBERS, days=100),
        simulate(case, scenario=scenario, members=FEWER, days=100),
    )


def page_of(base, other):
    """Write the whole brief."""
    return brief(base, compare(base, other), checks=check_targets(base)).html


@pytest.mark.parametrize("chunk", CHUNKS)
def test_a_brief_is_the_same_whatever_the_chunks(pair, chunk, monkeypatch):
    page = page_of(*pair)
    monkeypatch.setattr(chunks, "CHUNK_MEMBERS", chunk)
    assert page_of(*pair) == page


@pytest.mark.parametrize("chunk", CHUNKS)
def test_so_is_the_brief_of_a_case_without_groups(toy, chunk, monkeypatch):
    runs = made_run(toy, members=MEMBERS), made_run(toy, members=FEWER, scenario="x")
    page = brief(runs[0], compare(*runs)).html
    monkeypatch.setattr(chunks, "CHUNK_MEMBERS", chunk)
    assert brief(runs[0], compare(*runs)).html == page


def numbers_of(base, other):
    """Gather what the analysis gives, with all its bits."""
    found, fates = heat(base), futures(base)
    return {
        "targets": target_values(base),
        "scorecard": scorecard(base),
        "compare": compare(base, other).table(),
        "heat": found.daily.to_dataframe(),
        "history": found.history(),
        "futures": fates.table(),
        "looks": pd.DataFrame(fates.looks),
        "omens": pd.DataFrame(fates.omens.values),
    }


@pytest.mark.parametrize("chunk", CHUNKS)
def test_no_bit_of_the_analysis_depends_on_the_chunks(pair, chunk, monkeypatch):
    whole = numbers_of(*pair)
    monkeypatch.setattr(chunks, "CHUNK_MEMBERS", chunk)
    for name, table in numbers_of(*pair).items():
        pd.testing.assert_frame_equal(table, whole[name], check_exact=True, obj=name)


def test_a_run_left_in_its_folder_gives_the_same(pair, tmp_path, monkeypatch):
    home = pair[0].save(tmp_path)
    loaded = []
    for size in (0, 1e9):
        monkeypatch.setattr(folder, "HELD_BYTES", size)
        # the case in the folder names no leader
        loaded.append(replace(folder.load_run(home), case=pair[0].case))
    saved, held = loaded

    whole = numbers_of(held, pair[1])

    assert page_of(saved, pair[1]) == page_of(held, pair[1])
    for name, table in numbers_of(saved, pair[1]).items():
        pd.testing.assert_frame_equal(table, whole[name], check_exact=True, obj=name)


@pytest.mark.parametrize("chunk", CHUNKS[:3])
def test_no_more_than_a_chunk_is_read_at_once(pair, chunk, monkeypatch):
    base, reads = read_lazily(pair[0])
    monkeypatch.setattr(chunks, "CHUNK_MEMBERS", chunk)
    page_of(base, pair[1])
    assert reads.most
    for (kind, name), size in reads.most.items():
        assert size <= chunk * getattr(base, kind)[name][0].size, name


def test_each_output_is_read_a_few_times(pair):
    base, reads = read_lazily(pair[0])
    page_of(base, pair[1])
    assert {name: n for name, n in reads.times(base).items() if n > MOST_READS} == {}


def test_fewer_members_take_fewer_of_the_other_run(pair):
    base, reads = read_lazily(pair[0])
    compare(base, pair[1])
    assert max(reads.times(base).values()) <= FEWER / MEMBERS


def test_within_a_chunk_an_output_is_read_once(pair):
    base, reads = read_lazily(pair[0])

    def twice(part):
        values = values_of(part.daily, "trucks_lost")
        return {"sum": values.sum(axis=1) + values_of(part.daily, "trucks_lost")[:, 0]}

    rows_of(base, twice, twice)

    assert reads.times(base) == {("daily", "trucks_lost"): 1}
    rows_of(base, twice)
    # the run itself keeps nothing
    assert reads.times(base) == {("daily", "trucks_lost"): 2}


@pytest.mark.parametrize("chunk", CHUNKS)
def test_chunks_hold_each_member_once(pair, chunk, monkeypatch):
    base = pair[0]
    monkeypatch.setattr(chunks, "CHUNK_MEMBERS", chunk)
    parts = list(chunks_of(base))
    pd.testing.assert_frame_equal(pd.concat([p.params for p in parts]), base.params)
    losses = pd.concat([part.losses for part in parts], ignore_index=True)
    pd.testing.assert_frame_equal(losses, base.losses)
    for kind in ("daily", "weekly", "ledger"):
        for name, values in getattr(base, kind).items():
            joined = np.concatenate([getattr(p, kind)[name] for p in parts])
            assert np.array_equal(joined, values, equal_nan=True), name


@pytest.mark.parametrize("shape", [(50, 3), (50, 4, 2), (50, 1), (1, 5)])
def test_sums_do_not_depend_on_the_chunks(shape):
    rows = np.random.default_rng(1).lognormal(0, 5, shape)
    totals = []
    for length in (1, 7, 50):
        sums = Sums()
        for first in range(0, len(rows), length):
            sums.add("all", rows[first : first + length])
        totals.append(sums["all"])
    assert np.allclose(totals[0], rows.sum(axis=0), rtol=1e-12)
    assert all(np.array_equal(totals[0], total) for total in totals)


def test_sums_of_chunks_would_depend_on_them():
    """The companion: adding up chunk by chunk rounds in other places."""
    rows = np.random.default_rng(1).lognormal(0, 5, (50, 3))
    by_chunk = sum(rows[first : first + 7].sum(axis=0) for first in range(0, 50, 7))
    assert not np.array_equal(by_chunk, rows.sum(axis=0))
