"""The packaged case Mali holds every row of its reference and nothing later."""

from __future__ import annotations

import csv
import importlib
import os
import re
import subprocess
import sys
import tomllib
import warnings
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from supplyline.case import case as cases
from supplyline.case.parameters import WITH_GROUPS, names_in_scope
from supplyline.case.scenario import apply

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared" / "data" / "mali"
CUTOFF = pd.Timestamp("2025-12-31")
COUNTS = {
    "places": 135,
    "segments": 172,
    "events": 91,
    "claims": 274,
    "sources": 154,
    "actors": 34,
    "control": 22,
    "revenue": 16,
    "presence": 40,
    "groups": 3,
    "relations": 3,
    "attacks": 6,
    "partners": 5,
    "leader": 10,
    "aims": 5,
    "scorecard": 57,
}
SOUTHWEST_2024 = 0.08
SOUTHWEST_START = 0.15
LEAST_STATE_SHARE = 0.1
FILES = {
    "places": ("places", "place"),
    "segments": ("segments", "segment"),
    "corridors": ("corridors", "corridor"),
    "incidents": ("events", "event"),
    "figures": ("claims", "claim"),
    "sources": ("sources", "source"),
    "actors": ("actors", "actor"),
    "control": ("control", "control"),
    "revenue": ("revenue", "revenue"),
}

needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference facts lie outside the repository"
)


@pytest.fixture(scope="module")
def mali():
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        return cases.load_case("mali")


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("table", "count"), COUNTS.items())
def test_tables_have_all_rows(mali, table, count):
    assert len(mali.tables[table]) == count


def test_corridors_of_the_reference_and_six_more(mali):
    added = {"C-SN-SAD", "C-SN-LOU", "C-SN-FEK", "C-CI-SYA", "I-BKO-DIO", "I-BKO-BDG"}
    corridors = mali.tables["corridors"]
    assert len(corridors) == 27 + len(added)
    assert set(corridors[corridors["source"] == "assumption"]["corridor"]) == added


@needs_reference
@pytest.mark.parametrize("name", FILES)
def test_every_key_of_the_reference_is_present(mali, name):
    table, key = FILES[name]
    keys = {next(iter(row.values())) for row in rows_of(REFERENCE / f"{name}.csv")}
    assert keys <= set(mali.tables[table][key])


@needs_reference
def test_values_are_those_of_the_reference(mali):
    wanted = {row["figure_id"]: row for row in rows_of(REFERENCE / "figures.csv")}
    for claim in mali.tables["claims"].itertuples():
        row = wanted[claim.claim]
        for column in ("value", "low", "high"):
            given = getattr(claim, column)
            assert (float(row[column]) if row[column] else None) == (
                None if pd.isna(given) else given
            )
    lengths = {
        row["segment_id"]: float(row["length_km"])
        for row in rows_of(REFERENCE / "segments.csv")
    }
    assert dict(mali.tables["segments"][["segment", "length_km"]].to_numpy()) == lengths


@needs_reference
def test_corridor_lengths_agree_with_the_reference(mali):
    steps = mali.tables["corridor_segments"].merge(mali.tables["segments"])
    lengths = steps.groupby("corridor")["length_km"].sum()
    for row in rows_of(REFERENCE / "corridors.csv"):
        expected = float(row["length_km"])
        assert lengths[row["corridor_id"]] == pytest.approx(expected, abs=0.51)


@needs_reference
def test_a_rebuild_gives_the_same_bytes(tmp_path):
    script = ROOT / "tools" / "build_mali.py"
    subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(script), str(REFERENCE), str(tmp_path)],
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    packaged = Path(cases.__file__).parents[1] / "cases" / "mali"
    built = sorted(path.name for path in tmp_path.iterdir())
    assert len(built) == 18
    for name in built:
        assert (tmp_path / name).read_bytes() == (packaged / name).read_bytes(), name


@pytest.mark.parametrize(
    ("table", "column"), [("events", "date"), ("observed", "end"), ("control", "date")]
)
def test_nothing_is_later_than_the_cutoff(mali, table, column):
    assert mali.tables[table][column].max() <= CUTOFF


def test_measures_and_targets_end_by_the_cutoff(mali):
    measures = mali.tables["measures"]
    assert measures["start"].max() <= CUTOFF
    assert measures["start_latest"].dropna().max() <= CUTOFF
    assert mali.tables["targets"]["end"].max() <= CUTOFF


def test_titles_of_later_pages_are_left_out(mali):
    sources = mali.tables["sources"]
    later = sources[sources["date"] > "2025-12-31"]
    assert len(later) == 2
    assert later["title"].str.startswith("Title left out").all()


def test_observed_values_are_those_of_their_claims(mali):
    both = mali.tables["observed"].merge(
        mali.tables["claims"], on="claim", suffixes=("", "_claim")
    )
    assert len(both) == len(mali.tables["observed"])
    factor = both["value"] / both["value_claim"]
    assert set(factor.round(9)) <= {1.0, 0.01, 1e-06}
    assert (both["source"] == both["source_claim"]).all()
    assert (both["start"] == both["start_claim"]).all()


def test_demand_follows_the_stated_totals(mali):
    demand = mali.tables["demand"]
    totals = demand.groupby("demand_class")["demand_kl_per_day"].sum()
    diesel = demand[demand["product"] == "diesel"]["demand_kl_per_day"].sum()
    assert totals.sum() == pytest.approx(9200, abs=1)
    assert totals["power"] == pytest.approx(1370, abs=1)
    assert diesel / totals.sum() == pytest.approx(0.576, abs=0.001)
    public = demand[demand["demand_class"] == "public"]
    capital = public[public["place"] == "bamako"]["demand_kl_per_day"].sum()
    assert capital / totals["public"] == pytest.approx(0.475, abs=0.001)


def test_capitals_and_mines_have_depots(mali):
    depots = mali.tables["depots"]
    counts = depots.groupby("place").size()
    assert (counts == 2).sum() == 20
    assert set(counts[counts == 1].index) == {"sadiola", "loulo", "fekola", "syama"}


def test_every_depot_is_fed_in_full(mali):
    feeds = mali.tables["feeds"]
    shares = feeds.groupby("place")["share"].sum()
    assert set(shares.index) == set(mali.tables["depots"]["place"])
    assert shares.to_numpy() == pytest.approx(1)


def test_effort_is_greatest_in_sikasso_and_low_in_the_capital(mali):
    effort = mali.tables["regions"].set_index("region")["effort"]
    assert effort.idxmax() == "sikasso"
    assert effort["sikasso"] > 1  # 1 is the mean of the main fuel corridors
    assert effort["bamako"] < 0.2  # 1 is the mean of the main fuel corridors


def test_twenty_two_targets_eight_of_them_main(mali):
    targets = mali.tables["targets"]
    assert len(targets) == 22
    assert targets["is_main"].sum() == 8


def test_regions_start_with_a_state_that_holds_some_ground(mali):
    regions = mali.tables["regions"]
    home = regions[~regions["is_boundary"]]
    # futures count regions below this as lost, so none may start there
    assert home["state_control_share"].min() > LEAST_STATE_SHARE
    assert home["soldiers_share"].sum() == pytest.approx(1)
    assert home["gold_share"].sum() == pytest.approx(1)
    assert regions["zone"].notna().all()
    assert set(regions[regions["is_boundary"]]["zone"]) == {"neighbours"}


def test_nobody_holds_more_than_the_whole_of_a_region(mali):
    held = mali.tables["presence"].groupby("region")["control_share"].sum()
    state = mali.tables["regions"].set_index("region")["state_control_share"]
    assert ((state + held.reindex(state.index).fillna(0)) <= 1).all()


def test_the_state_holds_about_the_land_of_the_claim_in_the_south(mali):
    claims = mali.tables["claims"]
    areas = claims[claims["quantity"] == "region_area_old_division"]
    area = areas.set_index("area")["value"]
    old = {
        "kayes": ["kayes", "kita", "nioro"],
        "koulikoro": ["koulikoro", "dioila", "nara"],
        "sikasso": ["sikasso", "bougouni", "koutiala"],
        "bamako": ["bamako"],
    }
    state = mali.tables["regions"].set_index("region")["state_control_share"]
    held = sum(state[new].mean() * area[f"region:{name}"] for name, new in old.items())
    # F0055 and K001: 15 % of all land, in these regions
    assert held / area.sum() == pytest.approx(0.15, abs=0.01)


def southwest_share(presence, regions):
    zones = regions[~regions["is_boundary"]].set_index("region")["zone"]
    main = presence[presence["group"] == "jnim"].set_index("region")["attack_share"]
    inside = main[main.index.isin(zones.index)]
    return inside[zones[inside.index] == "southwest"].sum() / inside.sum()


def test_the_main_group_attacks_as_the_claims_say(mali):
    presence, regions = mali.tables["presence"], mali.tables["regions"]
    sums = presence.groupby("group")["attack_share"].sum()
    assert sums.to_numpy() == pytest.approx(1, abs=1e-5)
    main = presence[presence["group"] == "jnim"]
    assert set(main["region"]) == set(regions["region"])
    share = southwest_share(presence, regions)
    assert share == pytest.approx(SOUTHWEST_START, abs=1e-4)


def test_the_southwest_had_less_of_it_a_year_earlier(mali, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    earlier = importlib.import_module("mali.earlier")
    presence = pd.DataFrame(list(earlier.presence()))
    share = southwest_share(presence, mali.tables["regions"])
    assert share == pytest.approx(SOUTHWEST_2024, abs=1e-4)
    sums = presence.groupby("group")["attack_share"].sum()
    assert sums.to_numpy() == pytest.approx(1, abs=1e-5)
    assert len(presence) == len(mali.tables["presence"])


def test_the_mean_attack_kills_about_what_is_reported(mali):
    attacks = mali.tables["attacks"]
    killed = attacks["soldiers_killed"] + attacks["civilians_killed"]
    # F0228: 2,198 killed or wounded in 584 attacks, a third of them taken as killed
    mean = (attacks["share"] * killed).sum()
    assert mean == pytest.approx(2198 / 584 / 3, rel=0.1)


def test_a_partner_is_there_on_every_day_since_2013(mali):
    partners = mali.tables["partners"].sort_values("start")
    last = partners["end"].fillna(CUTOFF).cummax()
    gaps = partners["start"].iloc[1:].to_numpy() - last.iloc[:-1].to_numpy()
    assert (gaps <= pd.Timedelta(days=1)).all()
    assert partners["end"].isna().sum() == 1


def test_every_claim_of_both_articles_has_a_measure_or_a_reason(mali):
    scorecard, claims = mali.tables["scorecard"], mali.tables["claims"]
    wanted = claims[claims["source"].isin(["seed-rs", "seed-heat"])]
    assert list(scorecard["claim"]) == list(wanted["claim"])
    assert list(scorecard["source"]) == list(wanted["source"])
    assert (scorecard["measure"].isna() != scorecard["reason"].isna()).all()
    known = claims.set_index("claim")["subject"]
    rejected = scorecard[scorecard["reason"] == "about another subject"]["claim"]
    assert set(known[rejected]) == {"off_topic"}
    assert len(rejected) == (known == "off_topic").sum()


def test_claims_before_the_run_have_no_measure(mali):
    claims = mali.tables["claims"].set_index("claim")
    scorecard = mali.tables["scorecard"]
    measured = scorecard[scorecard["measure"].notna()]["claim"]
    start = pd.Timestamp(mali.config.start)
    assert (claims.loc[measured, "end"] >= start).all()
    early = scorecard["reason"].fillna("").str.startswith("the period ends before")
    assert (claims.loc[scorecard[early]["claim"], "end"] < start).all()


def test_every_parameter_of_the_country_says_where_it_comes_from(mali):
    params = mali.tables["params"].set_index("param")
    notes = params.loc[list(names_in_scope(WITH_GROUPS)), "note"]
    assert notes.notna().all()
    assert not notes.str.startswith("example").any()


def test_days_of_targets_count_from_their_start(mali):
    targets = mali.tables["targets"]
    for row in targets[targets["unit"].str.startswith("day after")].itertuples():
        assert row.unit == f"day after {row.start.date()}"


def test_notes_cite_rows_that_exist(mali):
    keys = ("claims", "claim"), ("events", "event"), ("control", "control")
    known = {row for table, key in keys for row in mali.tables[table][key]}
    known |= set(mali.tables["revenue"]["revenue"])
    for name, table in mali.tables.items():
        if "note" in table and name not in ("claims", "sources"):
            cited = set(
                re.findall(r"\b[FEKR]0\d{2,3}\b", " ".join(table["note"].dropna()))
            )
            assert cited <= known, name


@pytest.mark.parametrize(
    "name",
    [
        "status-quo",
        "no-escorts",
        "double-escorts",
        "truce-all-corridors",
        "southern-corridors-closed",
        "guinea-corridor-wide",
        "rationing-8-days",
        "reserve-30-days",
        "africa-corps-leaves",
        "harsher-operations",
        "northern-front-opens",
        "rivals-clash",
        "gold-price-doubles",
        "national-deal",
        "attempted-coup",
    ],
)
def test_scenarios_can_be_applied(mali, name):
    scenario = mali.scenarios()[name]
    assert scenario.question.endswith("?")
    changed = apply(mali, scenario)
    shares = changed.tables["feeds"].groupby("place")["share"].sum()
    assert shares.to_numpy() == pytest.approx(1)
    is_counterfactual = name == "reserve-30-days"
    assert (scenario.start <= date(2025, 12, 31)) == is_counterfactual


def test_outline_holds_the_country_and_its_neighbours(mali):
    countries = {
        feature["properties"]["country"] for feature in mali.outline["features"]
    }
    assert set(mali.tables["places"]["country"]) <= countries


def test_toy_is_marked_as_made_up():
    toy = cases.load_case("toy")
    assert set(toy.tables["claims"]["source"]) <= {"made-up", "made-up-rival"}
    assert len(toy.contradictions()) == 1
    assert set(toy.tables["demand"]["demand_class"]) == {
        "essential",
        "power",
        "industry",
        "public",
    }
    config = tomllib.loads((toy.folder / "case.toml").read_text(encoding="utf-8"))
    assert (config["cutoff"] - config["start"]).days + 1 == 60
    assert config["forecast_days"] == 60
