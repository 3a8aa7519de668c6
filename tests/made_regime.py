"""Runs made up of a case with armed groups, whose base rates and weights are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from made_runs import PLAIN_REPORTS, made_run
from supplyline.case.frames import Frames
from supplyline.case.regime import COVARIATES, KINDS, RESPONDS
from supplyline.runs.layout import (
    FIGHTER_ACCOUNTS,
    FUEL_ACCOUNTS,
    MONEY_ACCOUNTS,
    PEOPLE_ACCOUNTS,
    SOLDIER_ACCOUNTS,
    TRUCK_ACCOUNTS,
    describe,
)

BASES = {"attempt": 0.1, "forced": 0.005, "capture": 0.003, "natural": 0.01}
SINCE_EXPONENT, TENURE_EXPONENT = 0.6, 0.2
REFERENCES = {"losses": 0.3, "ground": 0.3, "cohesion": 0.35, "legitimacy": 0.45}
DAYS_A_YEAR = 365.25
STREAMS = ("gold", "zakat", "livestock", "protection", "toll", "loot", "ransom")


def with_rows(case, **frames):
    """Give a case other rows of some tables."""
    return replace(case, tables=Frames({**case.tables, **frames}))


def with_leader(case, leader="Ada Example"):
    """Name a case's leader."""
    return replace(case, config=case.config.model_copy(update={"leader": leader}))


def made_params(members, luck):
    """Draw what the regime's hazards rest on."""

    def around(rate, sd):
        return rate * np.exp(luck.normal(0, sd, members))

    params = {
        "truck_kl": np.full(members, 46.0),
        "customs_coverage": np.linspace(0.5, 1, members),
        "national_demand_kl_per_day": np.linspace(100, 200, members),
        "attempt_per_year": around(BASES["attempt"], 0.3),
        "attempt_since_exponent": np.full(members, SINCE_EXPONENT),
        "attempt_tenure_exponent": np.full(members, TENURE_EXPONENT),
        "forced_exit_per_year": around(BASES["forced"], 0.5),
        "capture_per_year": around(BASES["capture"], 0.7),
        "natural_exit_per_year": around(BASES["natural"], 0.5),
        "coup_success_probability": luck.beta(4, 6, members),
    }
    for name in COVARIATES:
        ratio = np.exp(np.abs(luck.normal(0, 0.7, members)))
        params[f"hazard_ratio_{name}"] = ratio
    for name, level in REFERENCES.items():
        params[f"reference_{name}"] = np.full(members, level)
    return pd.DataFrame(params).assign(**PLAIN_REPORTS).rename_axis("member")


def base_rates(params, since, tenure):
    """Give the hazards with all covariates at their reference [1/day]."""

    def rate(name):
        return params[name].to_numpy()[:, None] / DAYS_A_YEAR * np.ones_like(since)

    calm = (1 + since) ** -SINCE_EXPONENT * (1 + tenure) ** -TENURE_EXPONENT
    return {
        "attempt": rate("attempt_per_year") * calm,
        "forced": rate("forced_exit_per_year"),
        "capture": rate("capture_per_year"),
        "natural": rate("natural_exit_per_year"),
    }


def made_hazards(params, bases, covariates):
    """Raise the base rates by the covariates that bear on each."""
    hazards = {}
    for kind in KINDS:
        log = np.log(bases[kind])
        for name in RESPONDS[kind]:
            weight = np.log(params[f"hazard_ratio_{name}"].to_numpy())[:, None]
            log = log + weight * (covariates[name] - REFERENCES.get(name, 0.0))
        hazards[kind] = np.exp(log)
    return hazards


def between(luck, shape, low, high):
    """Wander from day to day between two bounds."""
    walk = np.cumsum(luck.normal(0, 0.06, shape), axis=1)
    walk = walk + luck.normal(0, 0.7, (shape[0], *[1] * (len(shape) - 1)))
    return low + (high - low) / (1 + np.exp(-walk))


def _regime(run, luck, params):
    """Covariates, hazards from their true bases, and exits after the cut-off."""
    shape = members, days = run.daily.sizes["member"], run.daily.sizes["day"]
    cut = int((run.daily["part"] == "past").sum())
    covariates = {name: between(luck, shape, 0.1, 0.9) for name in COVARIATES}
    covariates["shortage"] = 1 - run.daily["public_served_share"].to_numpy()
    # as a run keeps them
    covariates = {n: v.astype(np.float32) for n, v in covariates.items()}
    since = 1.6 + np.arange(days) / DAYS_A_YEAR + np.zeros(shape)
    tenure = 2.6 + np.arange(days) / DAYS_A_YEAR + np.zeros(shape)
    hazards = made_hazards(params, base_rates(params, since, tenure), covariates)
    ends = luck.integers(cut, 5 * days, members)
    how = luck.integers(1, 5, members)
    is_out = np.arange(days) >= ends[:, None]
    return {
        "years_since_attempt": since,
        "exit_kind": np.where(is_out, how[:, None], 0),
        "legitimacy": 1 - covariates["legitimacy"],
        "cohesion": 1 - covariates["cohesion"],
        "fiscal": 1 - covariates["arrears"],
        "state_control_share": 1 - covariates["ground"],
        **{f"covariate_{name}": values for name, values in covariates.items()},
        **{f"hazard_{kind}": values for kind, values in hazards.items()},
    }


def _national(run, luck):
    """Daily series of the conflict."""
    shape = (run.daily.sizes["member"], run.daily.sizes["day"])
    attacks, harm = luck.poisson(2.5, shape), luck.poisson(0.4, shape)
    return {
        "attacks": attacks,
        "attacks_interdictor": luck.binomial(attacks, 0.7),
        "soldiers_killed": luck.poisson(1.0, shape),
        "civilians_killed": luck.poisson(2.0, shape),
        "harm_operations": harm,
        "harm_killed": 4 * harm,
        "fighters_killed": luck.poisson(1.5, shape),
        "morale": between(luck, shape, 0.2, 0.9),
        "offensive_share": between(luck, shape, 0.2, 0.5),
        "escort_share": between(luck, shape, 0.05, 0.4),
        "partner_troops": 2000 + np.zeros(shape),
        "protests": luck.poisson(0.05, shape),
        "repression": between(luck, shape, 0.2, 0.5),
        "talks": np.clip(np.round(between(luck, shape, -1.5, 3.2)), 0, 3),
        "grievance": between(luck, shape, 0.2, 0.6),
        "access_share": between(luck, shape, 0.3, 0.9),
        "displaced": 4e5 * between(luck, shape, 0.8, 1.4),
        "towns_besieged": np.round(between(luck, shape, 0, 6)),
        "attempts": luck.binomial(1, 0.0005, shape),
    }


def _weekly(run, luck):
    """Weekly series by region, group and kind of attack, and their labels."""
    tables = (("region", "regions"), ("group", "groups"), ("attack", "attacks"))
    labels = {axis: list(run.case.tables[table][axis]) for axis, table in tables}
    members, weeks = run.daily.sizes["member"], run.weekly.sizes["week"]
    by_axis = {axis: (members, weeks, len(names)) for axis, names in labels.items()}
    shape = by_axis["region"]
    raids = luck.poisson(3.0, shape)
    region = {
        "attacks": raids,
        "attacks_interdictor": luck.binomial(raids, 0.7),
        "civilians_killed": luck.poisson(2.0, shape),
        "harm_killed": luck.poisson(1.0, shape),
        "state_control_share": between(luck, shape, 0, 0.9),
        "interdictor_control_share": between(luck, shape, 0, 0.1),
        "grievance": between(luck, shape, 0.2, 0.6),
        "displaced": 1e5 * between(luck, shape, 0.8, 1.4),
        "access_share": between(luck, shape, 0.3, 0.9),
        "is_besieged": luck.binomial(1, 0.2, shape),
    }
    shape = by_axis["group"]
    group = {
        "fighters": 6000 * between(luck, shape, 0.5, 1.5),
        "cash_usd": 1e6 * between(luck, shape, 1, 9),
        "materiel": between(luck, shape, 50, 200),
        "spent_usd": 1e5 * between(luck, shape, 1, 9),
    }
    group |= {f"{name}_usd": 1e5 * between(luck, shape, 1, 9) for name in STREAMS}
    for name in ("attacks", "recruits", "fighters_killed", "deserted"):
        group[name] = luck.poisson(9.0, shape)
    attack = {"attacks": luck.poisson(9.0, by_axis["attack"])}
    series = {"region": region, "group": group, "attack": attack}
    arrays = {
        f"{axis}_{name}": (("member", "week", axis), values.astype(np.float32))
        for axis, found in series.items()
        for name, values in found.items()
    }
    return arrays, labels


def _ledger(run, luck):
    """Books that do not close: they are made up to be written and read."""
    tables = run.case.tables
    groups = list(tables["groups"]["group"])
    fleets, products = list(tables["fleets"]["fleet"]), list(run.case.config.products)
    books = {
        "fuel_kl": {"fuel_account": FUEL_ACCOUNTS, "product": products},
        "trucks": {"truck_account": TRUCK_ACCOUNTS, "fleet": fleets},
        "money": {"money_account": MONEY_ACCOUNTS, "group": groups},
        "fighters": {"fighter_account": FIGHTER_ACCOUNTS, "group": groups},
        "people": {"people_account": PEOPLE_ACCOUNTS},
        "soldiers": {"soldier_account": SOLDIER_ACCOUNTS},
    }
    members = run.daily.sizes["member"]
    arrays = {}
    for name, axes in books.items():
        shape = (members, *map(len, axes.values()))
        arrays[name] = (("member", *axes), luck.uniform(0, 1e6, shape))
    labels = {
        axis: list(names) for axes in books.values() for axis, names in axes.items()
    }
    return xr.Dataset(arrays, {"member": np.arange(members), **labels})


def made_regime_run(case, *, members=64, seed=1, **options):
    """Make up a run of a case with armed groups; see `made_run`."""
    run = made_run(case, members=members, seed=seed, **options)
    luck = np.random.default_rng(seed + 3)
    params = made_params(members, luck)
    served = run.daily["served_share"].mean("product").astype(np.float32)
    run = replace(run, daily=run.daily.assign(public_served_share=served))
    national = {
        name: (("member", "day"), values.astype(np.float32))
        for name, values in (_national(run, luck) | _regime(run, luck, params)).items()
    }
    weekly, labels = _weekly(run, luck)
    served = run.weekly["served_share"].mean("product").astype(np.float32)
    by_week = run.weekly.assign_coords(labels).assign(
        {**weekly, "public_served_share": served}
    )
    parts = (run.daily.assign(national), by_week, _ledger(run, luck))
    for data in parts:
        describe(data, case.config.currency)
    daily, by_week, ledger = parts
    return replace(run, daily=daily, weekly=by_week, ledger=ledger, params=params)
