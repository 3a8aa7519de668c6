"""What a case states and a parameter overrules is told, with both numbers."""

import re
import shutil
import warnings

import numpy as np
import pytest
from typer.testing import CliRunner

import supplyline as sl
from broken_cases import cell, read, write
from supplyline import cli
from supplyline.case.case import find_folder
from supplyline.engine.small_fleets import small_fleets

FLEET = "of 'coast_trucks'; expected about"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_folder("toy"), tmp_path / "case")


def prior(param, distribution, a, b=""):
    def edit(folder):
        for column, value in {"distribution": distribution, "a": a, "b": b}.items():
            cell("params.csv", param, column, value)(folder)

    return edit


def national(distribution, a, b=""):
    return prior("national_demand_kl_per_day", distribution, a, b)


def amounts(change):
    """Change the amounts of demand.csv by place and class."""

    def edit(folder):
        header, *rows = read(folder, "demand.csv")
        for row in rows:
            row[3] = f"{change(row[0], row[2], float(row[3])):.10g}"
        write(folder, "demand.csv", [header, *rows])

    return edit


def none_in_capital(place, who, amount):
    return 0 if (place, who) == ("highcourt", "public") else amount


def none_elsewhere(place, who, amount):
    return 0 if place != "highcourt" and who == "public" else amount


def no_public(_place, who, amount):
    return 0 if who == "public" else amount


def fleet(trucks):
    return cell("fleets.csv", "coast_trucks", "trucks", trucks)


OVERRULED = {
    "national demand drawn far above": (
        national("uniform", "7000", "8150"),
        ("wants 120 kl a day in all", "7,000 to 8,150, median 7,575"),
    ),
    "national demand fixed far below": (
        national("fixed", "40"),
        ("wants 120 kl a day in all", "params.csv (40)"),
    ),
    "national demand of a lognormal": (
        national("lognormal", "500", "0.1"),
        ("wants 120 kl a day in all", "median 500"),
    ),
    "a table in other amounts": (
        amounts(lambda _place, _who, amount: amount / 1000),
        ("wants 0.12 kl a day in all", "100 to 140, median 120"),
    ),
    "no public": (
        amounts(no_public),
        ("none of it the public's", "100 to 140, median 120"),
    ),
    "fixed demand above all draws": (
        amounts(lambda _p, who, amount: amount * (1 if who == "public" else 6)),
        ("wants 180 kl a day for other users", "100 to 140", "the public wants 0"),
    ),
    "fixed demand above some draws": (
        national("uniform", "20", "220"),
        ("wants 30 kl a day for other users", "20 to 220, median 120"),
    ),
    "fixed demand above a fixed national": (
        national("fixed", "25"),
        ("wants 30 kl a day for other users", "params.csv (25)"),
    ),
    "fixed demand above a log-uniform": (
        national("log_uniform", "10", "1000"),
        ("wants 30 kl a day for other users", "10 to 1,000, median 100"),
    ),
    "share of the capital": (
        prior("capital_demand_share", "uniform", "0.1", "0.3"),
        ("gives the capital 0.62", "0.1 to 0.3, median 0.2"),
    ),
    "no public in the capital": (
        amounts(none_in_capital),
        ("gives the capital 0.00", "0.35 to 0.6", "lost"),
    ),
    "no public elsewhere": (
        amounts(none_elsewhere),
        ("gives the capital 1.00", "0.35 to 0.6", "not used"),
    ),
    "a fleet too small": (fleet("10"), (f"trucks is 10 {FLEET}", "39 to 84")),
    "a fleet of one": (fleet("1"), (f"trucks is 1 {FLEET}", "39 to 84")),
    "a fleet too small for longer ways": (
        lambda folder: (
            fleet("90")(folder),
            cell("segments.csv", "A1", "travel_h", "60")(folder),
        ),
        (f"trucks is 90 {FLEET}",),
    ),
    "a fleet too small for smaller loads": (
        lambda folder: (
            fleet("90")(folder),
            cell("fleets.csv", "coast_trucks", "load_kl", "5")(folder),
        ),
        (f"trucks is 90 {FLEET}",),
    ),
}


@pytest.mark.parametrize("name", OVERRULED)
def test_check_tells_both_numbers(folder, name):
    edit, parts = OVERRULED[name]
    edit(folder)

    result = CliRunner().invoke(cli.app, ["check", str(folder)])

    assert result.exit_code == 0
    lines = [re.sub(r"\s+", " ", line) for line in result.output.splitlines()]
    assert any(all(part in line for part in parts) for line in lines), lines


@pytest.mark.parametrize(
    "edit",
    [
        national("uniform", "110", "130"),
        national("uniform", "125", "140"),
        national("lognormal", "115", "0.2"),
        amounts(lambda _place, _who, amount: amount * 1.1),
        fleet("200"),
        fleet(""),
    ],
)
def test_what_is_near_enough_is_not_told(folder, edit):
    fleet("100")(folder)
    edit(folder)

    output = CliRunner().invoke(cli.app, ["check", str(folder)]).output

    assert "demand.csv" not in output
    assert "fleets.csv" not in output


@pytest.mark.parametrize("trucks", ["10", "50", "120"])
def test_a_fleet_is_told_as_small_where_a_run_enlarges_it(folder, trucks):
    fleet(trucks)(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        case = sl.load_case(folder)

    books = sl.simulate(case, days=0, members=64, seed=1).ledger["trucks"]
    start = books.sel(truck_account="start", fleet="coast_trucks").to_numpy()

    assert bool(small_fleets(case)) == (np.median(start) > float(trucks))
