"""A made-up country around a made-up run: groups, regions, a leader; no engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from made_runs import _dataset, made_run
from supplyline.case.regime import COVARIATES, KINDS, RESPONDS

LEADER = "Colonel Made Up"
STREAMS = (
    "gold_usd", "zakat_usd", "livestock_usd", "protection_usd", "toll_usd", "loot_usd",
    "ransom_usd",
)  # fmt: skip


def _smooth(luck, shape, start, step, low=0.0, high=1.0):
    walk = start + np.cumsum(luck.normal(0, step, shape), axis=1)
    return np.clip(walk, low, high)


def _covariates(luck, daily):
    members, count = daily.sizes["member"], daily.sizes["day"]
    shape = (members, count)
    served = daily["served_share"].mean("product").to_numpy()
    price = daily["price_per_l"].mean("product").to_numpy()
    found = {
        "shortage": np.clip(1 - served, 0, 1),
        "losses": _smooth(luck, shape, 0.3, 0.02),
        "ground": _smooth(luck, shape, 0.3, 0.01),
        "cohesion": _smooth(luck, shape, 0.35, 0.01),
        "legitimacy": _smooth(luck, shape, 0.45, 0.01),
        "protest": _smooth(luck, shape, 0.1, 0.02),
        "arrears": _smooth(luck, shape, 0.2, 0.01),
        "price": np.clip((price / price[:, :1] - 1) / 3, 0, 1),
        "partner": np.full(shape, 0.4),
    }
    return {name: found[name] for name in COVARIATES}


def _hazards(luck, covariates, members):
    """Hazards that follow from covariates as the contract says, and the parameters."""
    params = {
        f"hazard_ratio_{name}": np.exp(np.abs(luck.normal(0, 0.7, members)))
        for name in COVARIATES
    }
    levels = {"losses": 0.3, "ground": 0.3, "cohesion": 0.35, "legitimacy": 0.45}
    for name, level in levels.items():
        params[f"reference_{name}"] = np.full(members, level)
    others = {
        "attempt_per_year": 0.3,
        "attempt_since_exponent": 0.6,
        "attempt_tenure_exponent": 0.2,
        "forced_exit_per_year": 0.02,
        "capture_per_year": 0.005,
        "natural_exit_per_year": 0.01,
    }
    params |= {name: np.full(members, value) for name, value in others.items()}
    params["coup_success_probability"] = luck.beta(4, 6, members)
    rates = {"attempt": 0.02, "forced": 0.004, "capture": 0.001, "natural": 0.004}
    found = {}
    for kind in KINDS:
        log = np.zeros_like(covariates["shortage"])
        for name in RESPONDS[kind]:
            weight = np.log(params[f"hazard_ratio_{name}"])[:, None]
            log = log + weight * (covariates[name] - levels.get(name, 0.0))
        found[f"hazard_{kind}"] = rates[kind] / 365.25 * np.exp(log)
    return found, params


def _exits(luck, hazards, params, past):
    """Draw how rule ends, after the cut-off only."""
    members, count = hazards["hazard_attempt"].shape
    kinds = np.zeros((members, count))
    attempts = luck.random((members, count)) < hazards["hazard_attempt"]
    attempts[:, :past] = False
    success = luck.random(members) < params["coup_success_probability"]
    for number, kind in enumerate(KINDS, 1):
        hit = luck.random((members, count)) < hazards[f"hazard_{kind}"]
        hit[:, :past] = False
        hit = attempts & success[:, None] if kind == "attempt" else hit
        is_on = np.cumsum(hit, axis=1) > 0
        kinds = np.where((kinds == 0) & is_on, number, kinds)
    return kinds, attempts


def country_daily(run, seed):
    """Daily outputs of the country, and the parameters behind its hazards."""
    luck = np.random.default_rng(seed + 10)
    daily = run.daily
    members, count = daily.sizes["member"], daily.sizes["day"]
    shape, two = (members, count), ("member", "day")
    past = int((daily["part"] == "past").sum())
    covariates = _covariates(luck, daily)
    hazards, params = _hazards(luck, covariates, members)
    kinds, attempts = _exits(luck, hazards, params, past)
    since = 3.3 + np.arange(count)[None, :] / 365.25 * np.ones(shape)
    attacks = luck.poisson(2.2, shape)
    arrays = {
        "public_served_share": (
            two,
            0.5 + 0.5 * (1 - covariates["shortage"]),
            "1",
        ),
        "attacks": (two, attacks, "attacks"),
        "attacks_interdictor": (two, luck.binomial(attacks, 0.8), "attacks"),
        "soldiers_killed": (two, luck.poisson(attacks * 0.9), "persons"),
        "civilians_killed": (two, luck.poisson(attacks * 0.7), "persons"),
        "harm_operations": (two, luck.poisson(0.5, shape), "operations"),
        "harm_killed": (two, luck.poisson(2.0, shape), "persons"),
        "fighters_killed": (two, luck.poisson(1.5, shape), "persons"),
        "morale": (two, _smooth(luck, shape, 0.6, 0.01), "1"),
        "offensive_share": (two, _smooth(luck, shape, 0.3, 0.01), "1"),
        "escort_share": (two, _smooth(luck, shape, 0.1, 0.005), "1"),
        "partner_troops": (two, np.full(shape, 2000.0), "persons"),
        "legitimacy": (two, 1 - covariates["legitimacy"], "1"),
        "cohesion": (two, 1 - covariates["cohesion"], "1"),
        "fiscal": (two, 1 - covariates["arrears"], "1"),
        "protests": (two, luck.poisson(0.05, shape), "protests"),
        "repression": (two, _smooth(luck, shape, 0.3, 0.01), "1"),
        "talks": (two, (luck.random(shape) < 0.02).cumsum(axis=1) % 4, "1"),
        "grievance": (two, _smooth(luck, shape, 0.4, 0.01), "1"),
        "state_control_share": (two, 1 - covariates["ground"], "1"),
        "access_share": (two, _smooth(luck, shape, 0.6, 0.01), "1"),
        "displaced": (two, 4e5 + 800 * np.cumsum(attacks, axis=1), "persons"),
        "towns_besieged": (two, luck.poisson(2, shape), "places"),
        "years_since_attempt": (two, since, "years"),
        "attempts": (two, attempts, "attempts"),
        "exit_kind": (two, kinds, "1"),
        **{f"covariate_{n}": (two, v, "1") for n, v in covariates.items()},
        **{name: (two, values, "1/day") for name, values in hazards.items()},
    }
    return _dataset(arrays, {"day": daily["day"]}), params


def country_weekly(run, case, seed):
    """Weekly outputs of regions, groups and kinds of attack."""
    luck = np.random.default_rng(seed + 11)
    members, weeks = run.daily.sizes["member"], run.weekly.sizes["week"]
    regions = list(case.tables["regions"]["region"])
    groups = list(case.tables["groups"]["group"])
    shape = (members, weeks, len(regions))
    attacks = luck.poisson(3 * luck.dirichlet(np.ones(len(regions))) * 5, shape)
    state = luck.uniform(0.2, 0.9, (1, 1, len(regions))) * np.ones(shape)
    three = ("member", "week", "region")
    arrays = {
        "region_attacks": (three, attacks, "attacks"),
        "region_attacks_interdictor": (three, luck.binomial(attacks, 0.8), "attacks"),
        "region_civilians_killed": (three, luck.poisson(attacks * 0.7), "persons"),
        "region_harm_killed": (three, luck.poisson(0.6, shape), "persons"),
        "region_state_control_share": (three, state, "1"),
        "region_interdictor_control_share": (three, (1 - state) * 0.7, "1"),
        "region_grievance": (three, np.full(shape, 0.4), "1"),
        "region_displaced": (three, luck.gamma(4, 6000, shape), "persons"),
        "region_access_share": (three, 0.3 + 0.6 * state, "1"),
        "region_is_besieged": (three, luck.random(shape) < 0.1, "1"),
    }
    shape, three = (members, weeks, len(groups)), ("member", "week", "group")
    fighters = 6000 + np.cumsum(luck.normal(5, 30, shape), axis=1)
    arrays["group_fighters"] = (three, fighters, "persons")
    arrays["group_cash_usd"] = (three, luck.gamma(5, 2e6, shape), "USD")
    arrays["group_materiel"] = (three, luck.gamma(5, 20, shape), "units")
    for number, name in enumerate(STREAMS):
        money = luck.gamma(2, 4e5 / (number + 1), shape)
        arrays[f"group_{name}"] = (three, money, "USD")
    coords = {"week": run.weekly["week"], "region": regions, "group": groups}
    return _dataset(arrays, coords)


def made_country(case, *, members=200, seed=1, leader=None, **options):
    """Make up a run of a case with armed groups, under a leader."""
    name = leader or case.config.leader or LEADER
    case = replace(case, config=case.config.model_copy(update={"leader": name}))
    run = made_run(case, members=members, seed=seed, **options)
    daily, params = country_daily(run, seed)
    return replace(
        run,
        daily=run.daily.merge(daily),
        weekly=run.weekly.merge(country_weekly(run, case, seed)),
        params=run.params.assign(**params),
    )


def without_country(case):
    """Give a case without armed groups."""
    names = ("groups", "presence", "relations", "aims", "scorecard", "leader")
    bare = {name: case.tables[name].iloc[:0] for name in names}
    config = case.config.model_copy(update={"leader": None})
    return replace(case, config=config, tables={**case.tables, **bare})
