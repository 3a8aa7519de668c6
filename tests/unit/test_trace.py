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
    (found,) = sl.why(toy, pair["claim"])
    assert pair["other_claim"] in {other.claim for other in found.disagreements}
    (other,) = sl.why(toy, pair["other_claim"])
    assert pair["claim"] in {each.claim for each in other.disagreements}


def test_a_claim_shows_the_observations_it_feeds(toy):
    claim = toy.observed["claim"].iloc[0]
    (found,) = sl.why(toy, claim)
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


def test_an_unknown_id_offers_the_nearest(toy):
    with pytest.raises(sl.CaseError, match="did you mean 'truck_kl'"):
        sl.why(toy, "truck_lk")
