"""Relays: agency texts cut, led anew and wrapped in furniture; all made up."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyline.evidence.articles.relays import (
    SKETCH_SIZE,
    containment,
    find_original,
    resemblance,
    sketch,
)

PLACES = ("Korva", "Odan", "Selm", "Mirel", "Barani", "Kobani", "Vellan", "Halden")
AGENCY = " ".join(
    f"Gunmen on motorcycles stopped {number + 3} tankers between {place} and the "
    f"river {'at dawn' if number % 2 else 'after dark'}, a driver who escaped through "
    f"field {number} told the agency, adding that {number * 7 + 2} people from village "
    f"{number + 40} had fled. Officials near {place} put losses at {number * 11} sacks."
    for number, place in enumerate(PLACES)
)
OTHER = " ".join(
    f"Near {place} the attackers let {number + 3} tankers burn; according to the "
    f"governor, {number * 7 + 2} residents left their homes in village {number + 40} "
    f"while the bridge over the river stayed closed. Aid workers counted "
    f"{number * 11} sacks of lost grain in the stores of {place} on the next day."
    for number, place in enumerate(PLACES)
)
OWN_LEAD = (
    "Our correspondent writes that fear has returned to the roads of the north. Nobody "
    "travels without an amulet, and the bus company has parked its vehicles. "
)
BOILERPLATE = (
    " The agency follows its principles of trust. Tarsia is a landlocked nation that "
    "gained independence some decades ago and exports cotton, cattle and gold."
)


def cut(text: str, share: float) -> str:
    sentences = text.split(". ")
    return ". ".join(sentences[: round(len(sentences) * (1 - share))])


@pytest.mark.parametrize(
    "relay",
    [
        AGENCY,
        AGENCY.upper(),
        AGENCY.replace(".", " -"),
        cut(AGENCY, 0.3),
        ". ".join(AGENCY.split(". ")[5:]),
        OWN_LEAD + AGENCY,
        OWN_LEAD + cut(AGENCY, 0.3) + BOILERPLATE,
        OWN_LEAD + ". ".join(s for i, s in enumerate(AGENCY.split(". ")) if i % 3),
        AGENCY + BOILERPLATE * 2,
    ],
)
def test_relay_is_recognised(relay):
    others = {"a": sketch(AGENCY), "b": sketch(OTHER)}
    assert find_original(sketch(relay), others) == "a"
    # and the other way round: whichever was read first
    assert find_original(sketch(AGENCY), {"r": sketch(relay)}) == "r"


def test_two_texts_on_the_same_event_are_no_relay():
    mine, other = sketch(AGENCY + BOILERPLATE), sketch(OTHER + BOILERPLATE)
    assert find_original(mine, {"b": other}) is None
    assert resemblance(mine, other) < 0.3


def test_a_quotation_is_no_relay():
    quoted = ". ".join(AGENCY.split(". ")[:2])
    mine = sketch(OTHER + quoted)
    assert find_original(mine, {"a": sketch(AGENCY)}) is None


def test_sketch_is_bounded_and_the_same_in_every_process():
    long = " ".join(f"word{number}" for number in range(20_000))
    assert len(sketch(long)) == 4 + 8 * SKETCH_SIZE
    code = (
        "import sys; from supplyline.evidence.articles.relays import sketch; "
        "sys.stdout.write(sketch(sys.argv[1]).hex())"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, AGENCY], capture_output=True, text=True, check=True
    )
    assert done.stdout == sketch(AGENCY).hex()


@given(st.text(), st.text())
def test_measures_are_shares_and_symmetric(one, other):
    mine, theirs = sketch(one), sketch(other)
    for measure in (resemblance, containment):
        assert 0 <= measure(mine, theirs) <= 1
        assert measure(mine, theirs) == measure(theirs, mine)
    assert resemblance(mine, theirs) <= containment(mine, theirs)


@given(st.binary(max_size=100))
def test_a_damaged_sketch_matches_nothing_by_accident(packed):
    assert find_original(packed, {"a": sketch(AGENCY)}) is None
