"""What the verb that conditions a case says to a planner."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from typer.testing import CliRunner

from made_conditioned import made_conditioned
from supplyline.analysis.forecast_series import forecast_series
from supplyline.cli import app
from supplyline.conditioning.headlines import describe_headlines


@pytest.fixture
def verb(toy, tmp_path, monkeypatch):
    """Let the verb tell of an ensemble that is made up: nothing is simulated."""
    monkeypatch.setenv("COLUMNS", "200")

    def said(change=None, *more, **changes):
        made = made_conditioned(toy, **changes)
        made = made if change is None else change(made)
        name = "supplyline.conditioning.condition.condition"
        monkeypatch.setattr(name, lambda *_, **__: made)
        words = ["condition", "toy", "-o", str(tmp_path / "kept"), *more]
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
        return done.output

    return said


def with_headlines(toy, value):
    """Give every headline that the case may have one value."""
    columns = [
        f"{series.name}/{label}" if label else series.name
        for series in forecast_series(toy)
        if series.span != "month"
        for label in (
            "" if series.axis == "region" else label for label in series.labels
        )
    ]
    columns = list(dict.fromkeys(columns))
    rows = [("prior", ""), ("all facts", ""), ("without", "losses")]
    index = pd.MultiIndex.from_tuples(rows, names=["how", "fact"])
    return lambda made: replace(made, without=pd.DataFrame(value, index, columns))


def test_headlines_have_titles_units_and_per_cent(verb):
    said = verb()

    [imports] = re.findall(r"^Fuel imports by customs in a week.*$", said, re.MULTILINE)
    assert re.split(r" {2,}", imports)[1:] == [
        "mean of the weeks", "0.2 million l", "0.3 million l", "0.3 million l",
    ]  # fmt: skip
    [short] = re.findall(r"^Week of shortage, Highcourt.*$", said, re.MULTILINE)
    assert re.split(r" {2,}", short)[1:4] == ["share of the weeks", "30 %", "50 %"]
    # all readings together are no one fact
    assert not short.endswith("49 %")


@pytest.mark.parametrize("value", [0.0, 0.0001, 0.5, 1.0, 1234.5, float("nan")])
def test_no_raw_name_is_told(toy, verb, value):
    said = verb(with_headlines(toy, value))

    table = said.split("\nforecast ")[1].split("\nwarning")[0]
    assert not re.search(r"\w[_/](?!day|l\b)\w", table), table
    assert ("no value" in table) == (value != value)  # noqa: PLR0124 - not a number


def test_every_headline_is_described(toy):
    columns = with_headlines(toy, 0.0)(made_conditioned(toy)).without.columns

    told = describe_headlines(toy, columns)
    assert list(told) == list(columns)
    assert all(headline.how and headline.unit for headline in told.values())
    assert len({headline.title for headline in told.values()}) == len(told)


def test_a_number_learned_is_told_with_its_meaning(verb):
    said = verb()

    table = said.split("\nnumber ")[1].split("\n\n")[0].splitlines()[1:]
    rows = [re.split(r" {2,}", line.strip()) for line in table]
    assert all(len(row) == 4 and row[2].endswith(" %") for row in rows)
    assert ["cash/made-up", "drawn once for each member"] in [row[:2] for row in rows]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"is_passed": False}, "the gate was not passed"),
        ({"effective": (99.0,)}, "few members agree with the facts: 99 effective"),
        (
            {"effective": (16.2, 400.0)},
            "few members agree with the facts: 16 effective",
        ),
        ({"effective": (400.0,), "inside": 2, "facts": 6}, "most facts lie outside"),
    ],
)
def test_what_weakens_a_forecast_is_told(verb, changes, told):
    assert told in verb(**changes)


def test_what_is_firm_is_not_warned_of(verb):
    assert "warning   " not in verb(effective=(400.0,), inside=6, facts=6)


def test_facts_outside_of_the_band_are_named(toy, verb):
    facts = made_conditioned(toy).facts
    inside, outside = (facts[facts["is_inside"] == which] for which in (True, False))

    [line] = re.findall(r"^outside.*$", verb(), re.MULTILINE)
    assert all(title in line for title in outside["title"])
    assert not any(title in line for title in inside["title"])

    def all_inside(made):
        return replace(made, facts=made.facts.assign(is_inside=True))

    assert "\noutside" not in verb(all_inside)


def test_nothing_learned_is_told_without_a_table(verb):
    def nothing(made):
        return replace(made, learned=made.learned.assign(is_learned=False))

    said = verb(nothing)
    assert re.search(r"^learned +0 of [\d,]+ numbers drawn once$", said, re.MULTILINE)
    assert "\nnumber " not in said


def test_a_program_is_told_titles_too(verb):
    told = json.loads(verb(None, "--json"))

    assert told["headlines"]["customs_volume"] == {
        "title": "Fuel imports by customs in a week",
        "how": "mean of the weeks",
        "unit": "million l",
        "prior": 0.2,
        "conditioned": 0.3,
        "least": 0.3,
        "most": 0.3,
    }
