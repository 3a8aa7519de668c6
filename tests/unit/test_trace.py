"""`why`: from a number to its sentence, source and use."""

import pytest

import supplyline as sl


@pytest.fixture(scope="module")
def toy():
    return sl.load_case("toy")


def test_a_parameter_names_its_submodel_and_prior(toy):
    (found,) = sl.why(toy, "truck_kl")
    assert found.table == "params"
    assert "used by dispatch" in found.sentence
    assert found.line is not None


def test_an_assumption_is_told_as_one(toy):
    assumed = toy.params.query("source == 'assumption'")["param"].iloc[0]
    (found,) = sl.why(toy, assumed)
    assert found.is_assumption
    assert found.source is None


def test_a_claim_lists_the_claims_that_disagree(toy):
    pair = toy.contradictions().iloc[0]
    found = sl.why(toy, pair["claim"])[0]
    assert pair["other_claim"] in {other.claim for other in found.disagreements}
    other = sl.why(toy, pair["other_claim"])[0]
    assert pair["claim"] in {each.claim for each in other.disagreements}


def test_a_claim_shows_the_observations_it_feeds(toy):
    claim = toy.observed["claim"].iloc[0]
    found = sl.why(toy, claim)[0]
    named = [m for m in found.mentions if m.reason == "names it"]
    assert "observed.csv" in {mention.file for mention in named}


def test_a_place_is_found_wherever_it_is_a_key(toy):
    depot = toy.depots["place"].iloc[0]
    assert sl.why(toy, depot)[0].table == "places"
    part = toy.demand["demand_class"].iloc[0]
    assert {found.table for found in sl.why(toy, part)} == {"demand"}


def test_case_of_letters_does_not_matter(toy):
    assert sl.why(toy, "TRUCK_KL") == sl.why(toy, "truck_kl")


def test_every_row_of_the_case_can_be_traced(toy):
    for name in ("segments", "measures", "sources", "targets", "corridor_segments"):
        key = str(toy.tables[name].iloc[0, 0])
        assert all(found.lines() for found in sl.why(toy, key))


@pytest.mark.parametrize(
    ("key", "table", "said"),
    [
        ("raiders", "groups", "200 to 400 fighters, 20000 to 80000 USD"),
        ("raiders", "groups", "enforces the bans"),
        ("lowland/raiders", "presence", "raiders holds 0.3 of lowland"),
        ("raiders/rovers", "relations", "raiders to rovers: -0.5"),
        ("mine", "attacks", "Mine on a road: 0.25 of attacks"),
        ("legion", "partners", "100 to 200 troops beside the army from 2024-01-15 to"),
        ("attempt", "leader", "2022-03-10: Officers fail"),
        ("stations", "aims", "series stations_open_share, higher is better"),
        ("F1", "scorecard", "compared with the run's customs_volume_ml"),
        ("F5", "scorecard", "a single stall"),
    ],
)
def test_a_row_of_the_conflict_is_told_in_a_sentence(toy, key, table, said):
    found = next(trace for trace in sl.why(toy, key) if trace.table == table)
    assert said in found.sentence
    assert found.line is not None
    assert found.source["source"] == "made-up"


def test_a_claim_shows_its_row_of_the_scorecard(toy):
    found = sl.why(toy, "F3")[0]
    assert found.table == "claims"
    assert "scorecard.csv" in {mention.file for mention in found.mentions}


def test_a_region_shows_who_is_present(toy):
    found = sl.why(toy, "lowland")[0]
    assert "presence.csv" in {mention.file for mention in found.mentions}


def test_an_unknown_id_offers_the_nearest(toy):
    with pytest.raises(sl.CaseError, match="did you mean 'truck_kl'"):
        sl.why(toy, "truck_lk")
