"""What events and accepted claims do to a case: made-up events of the toy country."""

import shutil
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from broken_cases import without
from made_events import EVENTS, NOTES, event, table
from supplyline.case.case import load_case, packaged_cases
from supplyline.errors import CaseError, SupplylineWarning
from supplyline.evidence.desk.actor_names import (
    actor_names,
    folded,
    map_actors,
    unmapped,
)
from supplyline.evidence.desk.effects import apply, first_day, propose
from supplyline.evidence.desk.table_changes import CLAIM, RULES, basis_of
from supplyline.evidence.desk.writing import cells_of, write_changes

CUTOFF = date(2024, 2, 29)
LATER = date(2024, 4, 30)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(packaged_cases()["toy"], tmp_path / "toy")


@pytest.fixture
def case(folder):
    return load_case(folder)


def values(case, name, column):
    frame = case.tables[name]
    return dict(zip(frame.iloc[:, 0], frame[column], strict=True))


def tables_of(case):
    return {name: frame.to_csv() for name, frame in case.tables.items()}


def updated(case, events=EVENTS, **fields):
    return apply(case, propose(case, events, **fields))


def test_an_event_becomes_one_row_with_its_witnesses(case):
    after = updated(case)

    news = after.events[~after.events["event"].isin(case.events["event"])]
    kinds = {"convoy_attack", "road_attack", "town_attack", "battle"}
    assert sorted(news["kind"]) == sorted(kinds)
    row = news[news["kind"] == "convoy_attack"].iloc[0]
    assert (row["actor"], row["target"], row["place"]) == (
        "raiders",
        "State",
        "millford",
    )
    assert (row["deaths_low"], row["deaths_high"], row["source"]) == (3, 6, "ucdp")
    seen = after.witnesses
    mine = seen[seen["event"] == row["event"]]
    assert set(mine["data_set"]) == {"ucdp", "gdelt"}
    assert set(mine["segment"]) == {"A2"}
    assert (mine["segment_km"] < 5).all()
    assert set(after.sources["source"]) >= {"ucdp"}
    assert list(after.updates["cutoff"].unique()) == [pd.Timestamp(CUTOFF)]


def test_the_twin_of_an_event_of_the_case_is_its_witness(case):
    after = updated(case)

    assert list(after.witnesses.set_index("data_id").loc[["ucdp5"], "event"]) == ["E2"]
    pd.testing.assert_frame_equal(after.events.iloc[: len(case.events)], case.events)


def test_an_actor_or_kind_unknown_makes_no_row(case):
    after = updated(case, table(event(6, actor2="Nobody", actor1="Noone"),
                                event(8, kind="other")))  # fmt: skip

    assert tables_of(after) == tables_of(case)


def test_nothing_after_the_cutoff_counts(case):
    assert "ucdp7" not in set(updated(case).witnesses["data_id"])


def test_rows_that_may_not_be_passed_on_leave_no_trace(case, folder):
    twin = event(9, "acled", data_id="XAA0009", lat=11.31)
    unknown = event(10, "other_set", data_id="OTHER10", start=date(2024, 2, 14))
    events = pd.concat([EVENTS, table(twin, unknown)], ignore_index=True)
    after = updated(case, events)

    text = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file()).decode()
    assert NOTES not in text
    assert "XAA0" not in text
    assert "acled" not in text
    assert "OTHER10" not in text
    assert after.hazards["encounters"].sum() == 5
    basis = " ".join(after.hazards["basis"])
    assert "withheld:1" in basis
    regions = values(after, "regions", "effort")
    assert regions["upland"] > updated_without(events, "XAA0003")["upland"]


def updated_without(events, data_id):
    """Give the efforts without one event."""
    fresh = load_case("toy")
    rest = events[events["data_id"] != data_id]
    found = {
        c.row: float(c.after)
        for c in propose(fresh, rest).changes
        if c.rule == "effort"
    }
    return {**values(fresh, "regions", "effort"), **found}


def test_a_strange_report_does_not_stop_the_others(case):
    events = table(
        event(1, deaths_low=8.0, deaths_high=4.0),
        event(2, start=date(2024, 2, 15), data_id="=cmd()"),
        event(3, start=date(2024, 2, 20), actor1="=1+1"),
    )
    after = updated(case, events)

    news = after.events.iloc[len(case.events) :].sort_values("date")
    assert list(news["deaths_low"]) == [4, 3]
    assert list(news["deaths_high"]) == [8, 6]
    assert list(news["target"]) == ["State", "not stated"]
    assert "withheld:1" in " ".join(after.hazards["basis"])


def test_the_hazard_is_a_gamma_poisson_posterior(case):
    after = updated(case)

    weight = 26.0
    weeks = after.hazards["start"].nunique()
    lowland = after.hazards[after.hazards["segment"] == "A2"]
    total = lowland["encounters"].sum()
    assert total == 3
    prior = total / weeks
    row = lowland.sort_values("start").iloc[-3]
    assert (row["start"], row["encounters"]) == (pd.Timestamp("2024-02-12"), 0)
    first = lowland[lowland["start"] == pd.Timestamp("2024-02-05")].iloc[0]
    theory = stats.gamma(weight * prior + 1, scale=1 / (weight + 1))
    assert first["encounters"] == 1
    assert first["hazard"] == pytest.approx(theory.mean(), rel=1e-5)
    assert first["hazard_low"] == pytest.approx(theory.ppf(0.1), rel=1e-5)
    assert first["hazard_high"] == pytest.approx(theory.ppf(0.9), rel=1e-5)
    assert set(after.hazards["start"].dt.day_of_week) == {0}


def test_exposure_moves_where_attacks_are_and_its_mean_stays(case):
    events = table(
        *(event(n, start=date(2024, 2, n), lat=12.9, lon=0.7) for n in range(1, 9))
    )
    after = updated(case, events)

    before, moved = (values(c, "segments", "exposure") for c in (case, after))
    length = values(case, "segments", "length_km")
    assert moved["C1"] > before["C1"]
    assert moved["A3"] < before["A3"]
    assert {s for s in before if before[s] != moved[s]} == {"A3", "C1"}
    mean = [sum(e[s] * length[s] for s in ("A3", "C1")) for e in (before, moved)]
    assert mean[0] == pytest.approx(mean[1], rel=1e-5)


def test_effort_is_the_posterior_of_its_equation(case):
    where = {"kind": "town_attack", "lat": 12.5, "lon": 0.4}
    days = [date(2024, 2, n) for n in range(1, 5)]
    events = table(*(event(day.day, start=day, **where) for day in days))
    after = updated(case, events)

    effort = {"lowland": 1.0, "upland": 0.4}
    expected = 4 / 1.4
    moved = {
        r: (20 * e + (4 if r == "upland" else 0)) / (20 + expected)
        for r, e in effort.items()
    }
    load = {"lowland": 100 * 1.5, "upland": 100 * 1.0}
    scale = sum(load[r] * effort[r] for r in load) / sum(
        load[r] * moved[r] for r in load
    )
    found = values(after, "regions", "effort")
    for region, value in moved.items():
        assert found[region] == pytest.approx(value * scale, abs=1e-4)
    assert found["upland"] > 0.4
    assert found["lowland"] < 1
    assert found["coast"] == 0


def test_the_floor_holds(case):
    rows = cells_of(case, "params")
    for row in rows:
        row["a"] = {"effort_floor": "0.9", "effort_prior_events": "0.1"}.get(
            row["param"], row["a"]
        )
    case = write_changes(case, {"params": rows})
    events = table(*(event(n, start=date(2024, 2, n)) for n in range(1, 9)))
    assert values(updated(case, events), "regions", "effort")["upland"] == 0.9


def test_the_same_evidence_twice_changes_nothing(case, folder):
    after = updated(case)
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    again = updated(load_case(folder))

    assert again.hashes == after.hashes
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before


def test_evidence_that_is_gone_leaves_no_trace(case, folder):
    updated(case)
    back = updated(load_case(folder), table())

    assert tables_of(back) == tables_of(case)


def test_hazards_go_with_their_evidence(case, folder):
    after = updated(case, table(event(1)))
    assert len(after.hazards)
    assert set(after.updates["rule"]) >= {"hazard"}

    assert updated(load_case(folder), table()).hazards.empty


def test_evidence_in_two_steps_is_evidence_at_once(case, folder, tmp_path):
    updated(case, EVENTS.iloc[:3])
    twice = updated(load_case(folder))
    once = updated(load_case(shutil.copytree(packaged_cases()["toy"], tmp_path / "b")))

    assert tables_of(twice) == tables_of(once)


@settings(max_examples=10)
@given(st.permutations(range(len(EVENTS))))
def test_the_order_of_events_does_not_matter(toy, order):
    found = propose(toy, EVENTS)
    again = propose(toy, EVENTS.iloc[list(order)])

    assert again.changes == found.changes
    assert again.tables == found.tables


def test_no_evidence_changes_nothing(toy):
    found = propose(toy, table())
    assert found.changes == ()
    assert found.refused == ()
    assert found.tables["events"] == cells_of(toy, "events")


def test_a_person_may_overrule_a_value_that_evidence_changed(case, folder):
    after = updated(case)
    regions = after.regions
    regions.loc[regions["region"] == "upland", "effort"] = 0.77
    write_changes(after, {"regions": regions})

    back = updated(load_case(folder), table())

    assert values(back, "regions", "effort")["upland"] == 0.77
    assert values(back, "regions", "effort")["lowland"] == 1


def test_moving_the_cutoff_keeps_what_was_and_counts_nothing_twice(case, folder):
    first = updated(case)
    second = updated(load_case(folder), cutoff=LATER)
    again = updated(load_case(folder))

    assert again.hashes == second.hashes
    assert second.config.cutoff == LATER
    news = second.updates[second.updates["cutoff"] == pd.Timestamp(LATER)]
    assert set(news["previous_cutoff"]) == {pd.Timestamp(CUTOFF)}
    assert (news["table"] == "case.toml").sum() == 1
    assert "ucdp7" in set(second.witnesses["data_id"])
    assert len(second.events) == len(first.events) + 1
    assert len(second.updates) > len(first.updates)
    counted = second.hazards[second.hazards["encounters"] > 0]
    assert list(counted["encounters"]) == [1]
    third = updated(load_case(folder), table())
    assert values(third, "regions", "effort") == values(first, "regions", "effort")
    assert len(third.events) == len(first.events)


def test_the_cutoff_does_not_move_back(case):
    with pytest.raises(CaseError, match="2024-01-31"):
        propose(case, EVENTS, cutoff=date(2024, 1, 31))


@pytest.mark.parametrize(
    ("param", "rule"),
    [
        ("hazard_prior_weeks", "hazard"),
        ("effort_floor", "effort"),
        ("snap_km", "incident"),
    ],
)
def test_a_rule_without_its_parameter_is_refused(case, param, rule):
    rows = [row for row in cells_of(case, "params") if row["param"] != param]
    found = propose(write_changes(case, {"params": rows}), EVENTS)

    assert any(param in line and line.startswith(rule) for line in found.refused)
    assert rule not in {change.rule for change in found.changes}


def test_a_range_is_no_parameter_of_a_rule(case):
    rows = cells_of(case, "params")
    for row in rows:
        if row["param"] == "snap_km":
            row.update(distribution="uniform", a="1", b="2")
    found = propose(write_changes(case, {"params": rows}), EVENTS)
    assert "distribution" in found.refused[0]


def accept(case, *claims, relay=False):
    """Accept made-up claims, as the export of the store would."""
    sha = "ab" * 32
    rows = [{**cells_of(case, "claims")[0], **claim} for claim in claims]
    own = {"document": sha, "name": "made up", "title": "", "publisher": "",
           "published": "", "published_precision": "", "language": "", "address": "",
           "relay_of": "", "source": "made-up"}  # fmt: skip
    other = {**own, "document": "cd" * 32}
    documents = [{**own, "relay_of": "cd" * 32}, other] if relay else [own]
    readings = [
        {"claim": row["claim"], "document": sha, "span_start": "0", "span_end": "1",
         "sentence_start": "0", "sentence_end": "9", "counted": "", "actor": "",
         "hedge": "", "speaker": "", "base": "", "precision": "day",
         "credibility": "3", "decision": "accept", "reviewer": "tester",
         "decided": "2024-02-29T00:00:00Z", "note": ""}
        for row in rows
    ]  # fmt: skip
    return write_changes(case, {
        "claims": [*cells_of(case, "claims"), *rows],
        "documents": documents, "readings": readings,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "is_taken"),
    [
        ({}, True),
        ({"area": "country:XB"}, False),
        ({"unit": "l"}, False),
        ({"quantity": "exports_volume"}, False),
        ({"start": "2024-03-01", "end": "2024-03-20"}, False),
        ({"value": "", "low": "800", "high": "900"}, False),
    ],
)
def test_an_accepted_claim_lengthens_the_series_of_its_like(case, claim, is_taken):
    said = {"claim": "N1", "start": "2024-02-11", "end": "2024-02-25", "value": "850"}
    case = accept(case, {**said, **claim})
    after = updated(case, table())

    news = after.observed.iloc[len(case.observed) :]
    assert list(news["claim"]) == (["N1"] if is_taken else [])
    if is_taken:
        row = news.iloc[0]
        assert (row["series"], row["value"], row["unit"]) == (
            "imports_volume_kl",
            850,
            "kl",
        )
        assert list(after.updates["rule"]) == ["claim", "observed"]


def test_a_relay_lengthens_no_series(case):
    case = accept(
        case, {"claim": "N1", "start": "2024-02-11", "end": "2024-02-25"}, relay=True
    )
    after = updated(case, table())
    assert len(after.observed) == len(case.observed)
    assert list(after.updates["rule"]) == ["claim"]


def test_prices_of_a_market_of_the_case_lengthen_its_series(case, folder):
    def price(**fields):
        row = {
            "data_set": "wfp",
            "market": "Highcourt",
            "commodity": "Fuel (kerosene)",
            "unit": "L",
            "currency": "XXX",
            "date": date(2024, 2, 15),
            "price": 4.4,
        }
        return {**row, **fields}

    others = (
        {"market": "Elsewhere"},
        {"commodity": "Rice"},
        {"currency": "USD"},
        {"unit": "gallon"},
        {"date": date(2024, 3, 15)},
        {"date": date(2024, 2, 10)},
    )
    prices = pd.DataFrame([price(), *(price(**other) for other in others)])
    after = updated(case, table(), prices=prices)

    news = after.observed.iloc[len(case.observed) :]
    assert list(news["value"]) == [4.4]
    assert list(news["series"]) == ["highcourt_kerosene_price"]
    assert list(after.claims["source"])[-1] == "wfp"
    assert updated(load_case(folder), table(), prices=prices).hashes == after.hashes
    assert tables_of(updated(load_case(folder), table())) == tables_of(case)


def test_actors_are_mapped_and_never_guessed(toy):
    names = actor_names(toy)
    events = table(
        event(1), event(2, actor1="RAIDERS", actor2="Raidres"), event(3, actor1=None)
    )

    mapped = map_actors(events, names)
    assert list(mapped["row1"]) == ["state", "raiders", None]
    assert list(mapped["row2"]) == ["raiders", None, "raiders"]
    (missing,) = unmapped(events, names)
    assert (missing.name, missing.count, missing.nearest) == ("Raidres", 1, "raiders")
    assert folded("Jamā'at — al-Nusra") == "jama at al nusra"


def test_the_basis_is_short():
    assert basis_of([]) == "none"
    text = basis_of((f"EV-{n:010d}" for n in range(500)), withheld=7)
    assert len(text) < 2_000
    assert text.endswith("+440 withheld:7")


def test_events_are_looked_at_from_the_start_of_the_case_on(toy):
    assert first_day(toy) == date(2023, 8, 31)
    assert first_day(toy, date(2024, 12, 31)) == toy.config.start


def test_every_rule_has_its_section_in_the_docs(pytestconfig):
    page = (pytestconfig.rootpath / "docs" / "evidence" / "effects.md").read_text()
    assert all(f"`{rule}`" in page for rule in (*RULES, CLAIM, "cutoff"))


def test_a_case_without_a_column_gets_it_with_the_rows_of_evidence(folder):
    without("events.csv", "trucks_lost_high")(folder)
    with pytest.warns(SupplylineWarning):
        case = load_case(folder)

    after = updated(case)

    assert len(after.events) > len(case.events)
    assert not [warning for warning in after.warnings if "column" in warning]
