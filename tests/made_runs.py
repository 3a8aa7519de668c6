"""Runs made up for tests of what reads runs: plausible shapes, no engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from supplyline.runs import Arguments, Manifest, Request, Run

PLAIN_REPORTS = {
    "official_bias": 1.0,
    "official_error_sd_log": 0.0,
    "quoted_price_bias": 1.0,
    "quoted_price_error_sd_log": 0.0,
    "loss_claim_bias": 1.0,
    "loss_claim_error_sd_log": 0.0,
    "count_error_sd_log": 0.0,
    "reading_error_sd_logit": 0.0,
    "hours_error_sd_logit": 0.0,
    "spell_error_sd_days": 0.0,
    "window_edge_days": 0.0,
    "grade_c_error_factor": 1.0,
    "grade_d_error_factor": 1.0,
    "grade_e_error_factor": 1.0,
    "grade_f_error_factor": 1.0,
}
"""Parameters of reports that tell the truth, but for what customs count."""


def _dataset(arrays, coords):
    """Name, label and unit every array: name -> (dims, values, units)."""
    data = xr.Dataset(
        {
            name: (dims, values.astype(np.float32), {"units": units, "long_name": name})
            for name, (dims, values, units) in arrays.items()
        },
        coords=coords,
    )
    return data.assign_coords(member=np.arange(data.sizes["member"]))


def _walk(luck, shape, step):
    return np.cumsum(luck.normal(0, step, shape), axis=1)


def made_daily(case, days, seed, help_from):
    """Daily data of the nation and the capital."""
    luck = np.random.default_rng(seed)
    members, count = days["members"], len(days["day"])
    products = list(case.config.products)
    shape3 = (members, count, len(products))
    ban = np.searchsorted(days["day"], np.datetime64(days["ban"]))
    since = np.clip(np.arange(count) - ban, 0, None)
    dip = np.exp(-(((since - 55) / 28.0) ** 2)) + 0.35 * (since > 90)
    depth = luck.uniform(0.3, 1.3, (members, 1, 1))
    served = 1 - 0.75 * depth * dip[None, :, None] * np.linspace(1, 0.8, len(products))
    served += 0.08 * _walk(luck, shape3, 0.12)
    helped = (np.arange(count) >= help_from)[None, :, None]
    served = np.clip(
        served + 0.1 * helped * luck.uniform(0, 2, (members, 1, 1)), 0.08, 1
    )
    cover = np.clip(
        12 * served**2 + _walk(luck, shape3, 0.25) - 0.02 * since[None, :, None], 0, 30
    )
    price = 775 * np.exp(1.1 * (1 - served))
    flow = np.where(np.arange(count) < ban, 180, 60)[None, :]
    sent = luck.poisson(flow * served.mean(axis=2))
    hit = (luck.random(sent.shape) < 0.03) & (np.arange(count) >= ban)
    lost = np.minimum(sent, hit * (1 + luck.poisson(14, sent.shape)))
    escorted = np.minimum(sent, luck.poisson(8, sent.shape))
    power = 4 + 14 * served.mean(axis=2)
    two, three = ("member", "day"), ("member", "day", "product")
    arrays = {
        "trucks_sent": (two, sent, "trucks"),
        "trucks_escorted": (two, escorted, "trucks"),
        "trucks_lost": (two, lost, "trucks"),
        "trucks_turned_back": (two, lost // 2, "trucks"),
        "trucks_delivered": (two, sent - lost, "trucks"),
        "trucks_waiting": (two, 400 + 300 * (1 - served.mean(axis=2)), "trucks"),
        "convoys": (two, (escorted > 9).astype(float), "convoys"),
        "drivers_abducted": (two, lost // 9, "persons"),
        "drivers_killed": (two, lost // 12, "persons"),
        "tolls_usd": (two, sent * 20.0, "USD"),
        "posture": (two, (since > 0) * np.ones((members, 1)), "1"),
        "escorts": (two, 2 + 3 * (since > 40) * np.ones((members, 1)), "packages"),
        "imports_kl": (three, (sent - lost)[:, :, None] * 22.0 * np.ones(shape3), "kl"),
        "stock_kl": (three, cover * 2500, "kl"),
        "served_share": (three, served, "1"),
        "unmet_kl": (three, (1 - served) * 2500, "kl"),
        "price_per_l": (three, price, "XOF/l"),
        "stations_open_share": (two, 1 - np.exp(-4 * served.mean(axis=2)), "1"),
        "queue_h": (two, 6 * (1 - served.mean(axis=2)), "h"),
        "electricity_h": (two, power, "h/day"),
        "days_of_supply": (three, cover, "days"),
        "fear": (two, 1 - served.mean(axis=2), "1"),
    }
    part = np.where(days["day"] <= np.datetime64(days["cutoff"]), "past", "forecast")
    coords = {"day": days["day"], "part": ("day", part), "product": products}
    return _dataset(arrays, coords)


def made_weekly(case, daily, seed):
    """Weekly data of places and corridors."""
    luck = np.random.default_rng(seed + 1)
    weeks = daily.sizes["day"] // 7
    members = daily.sizes["member"]
    capital = case.config.capital
    places = sorted({*case.depots["place"]} - {capital})
    places = [capital, *places]
    corridors = list(case.corridors["corridor"])
    cut = daily.isel(day=slice(0, weeks * 7))
    shape = (members, weeks, 7)

    def spread(values, scale):
        noise = np.array([1.0, *luck.uniform(0.3, 1.1, len(places) - 1)])
        noise = noise if scale else np.ones(len(places))
        return np.stack([values * n for n in noise], axis=2)

    arrays = {}
    how = {"stock_kl": "last", "days_of_supply": "last", "unmet_kl": "sum"}
    for name in (
        "stock_kl",
        "served_share",
        "unmet_kl",
        "price_per_l",
        "days_of_supply",
    ):
        values = cut[name].to_numpy().reshape(*shape, -1)
        kind = how.get(name, "mean")
        values = values[:, :, -1] if kind == "last" else getattr(values, kind)(axis=2)
        arrays[name] = (
            ("member", "week", "place", "product"),
            spread(values, name != "price_per_l"),
            daily[name].attrs["units"],
        )
    arrays["delivered_kl"] = (
        ("member", "week", "place", "product"),
        spread(
            cut["imports_kl"].to_numpy().reshape(*shape, -1).sum(axis=2), scale=True
        ),
        "kl",
    )
    short = arrays["served_share"][1] < 0.5  # by its week: all its days, or none
    arrays["short_days"] = (arrays["served_share"][0], short * 127.0, "1")
    for name in ("stations_open_share", "electricity_h"):
        values = cut[name].to_numpy().reshape(shape).mean(axis=2)
        arrays[name] = (
            ("member", "week", "place"),
            spread(values, scale=True),
            daily[name].attrs["units"],
        )
    shares = luck.dirichlet(np.ones(len(corridors)) * 0.6)
    for name in ("trucks_sent", "trucks_lost", "trucks_delivered", "trucks_waiting"):
        values = cut[name].to_numpy().reshape(shape)
        values = values[:, :, -1] if name == "trucks_waiting" else values.sum(axis=2)
        parts = luck.poisson(values[:, :, None] * shares)
        key = f"corridor_{name}"
        arrays[key] = (("member", "week", "corridor"), parts, "trucks")
    week = daily["day"].to_numpy()[: weeks * 7 : 7]
    coords = {
        "week": week,
        "part": ("week", daily["part"].to_numpy()[: weeks * 7 : 7]),
        "place": places,
        "product": list(case.config.products),
        "corridor": corridors,
    }
    return _dataset(arrays, coords)


def with_short_days(run, days):
    """Give a run these short days, axes as those of `Run.is_short`."""
    weeks = run.weekly.sizes["week"]
    bits = np.zeros((days.shape[0], weeks, *days.shape[2:]), dtype=np.float32)
    for day in range(days.shape[1]):
        week = min(day // 7, weeks - 1)
        bits[:, week] += days[:, day] * np.float32(1 << (day - 7 * week))
    short = run.weekly["short_days"].transpose("member", "week", "place", "product")
    return replace(run, weekly=run.weekly.assign(short_days=short.copy(data=bits)))


def made_losses(case, daily, seed):
    """One row per encounter that cost trucks."""
    luck = np.random.default_rng(seed + 2)
    lost = daily["trucks_lost"].to_numpy()
    members, days = np.nonzero(lost)
    rows = case.corridor_segments
    picks = luck.integers(0, len(rows), len(members))
    return pd.DataFrame(
        {
            "member": members,
            "day": daily["day"].to_numpy()[days],
            "corridor": rows["corridor"].to_numpy()[picks],
            "segment": rows["segment"].to_numpy()[picks],
            "trucks": 40,
            "trucks_lost": lost[members, days],
            "trucks_looted": 0,
            "drivers_abducted": 0,
            "drivers_killed": 0,
            "is_escorted": True,
            "is_turned_back": False,
        }
    )


def run_by_hand(**parts):
    """Put a run together from what a test reads of it; the rest is empty."""
    count = parts["daily"].sizes["member"]
    for name in ("daily", "weekly"):
        data = parts.get(name, xr.Dataset())
        parts[name] = data.assign_coords(member=np.arange(count))
    rest = {
        "case": None,
        "manifest": None,
        "losses": pd.DataFrame({"member": []}),
        "params": pd.DataFrame(index=pd.RangeIndex(count)),
        "ledger": xr.Dataset(coords={"member": np.arange(count)}),
    }
    return Run(**rest | parts)


def made_run(case, *, members=64, seed=1, scenario=None, forecast_days=None):
    """Make up a run of a case; a scenario helps from the day after the cut-off."""
    start, cutoff = pd.Timestamp(case.config.start), pd.Timestamp(case.config.cutoff)
    ahead = forecast_days or case.config.forecast_days
    day = pd.date_range(start, cutoff + pd.Timedelta(days=ahead)).to_numpy()
    past = (cutoff - start).days + 1
    bans = case.measures.loc[case.measures["kind"] == "ban", "start"]
    ban = pd.Timestamp(bans.min()) if len(bans) else start + pd.Timedelta(days=20)
    days = {"day": day, "members": members, "ban": ban, "cutoff": cutoff}
    daily = made_daily(case, days, seed, past if scenario else 10**6)
    request = Request(
        software="0.1.0",
        case=case.name,
        case_sha256=dict(case.hashes),
        scenario=scenario
        and {"name": scenario, "title": scenario, "question": f"What if {scenario}?"},
        arguments=Arguments(days=ahead, members=members, seed=seed),
    )
    manifest = Manifest(
        run=request.run,
        request=request,
        start=str(start.date()),
        cutoff=str(cutoff.date()),
        environment={"python": "3.11.2", "numpy": "2.4.6"},
        resources={"elapsed_s": 1.0},
        warnings=(),
    )
    return Run(
        manifest=manifest,
        case=case,
        daily=daily,
        weekly=made_weekly(case, daily, seed),
        losses=made_losses(case, daily, seed),
        params=pd.DataFrame(
            {
                "truck_kl": np.full(members, 46.0),
                "customs_coverage": np.full(members, 0.8),
                "national_demand_kl_per_day": np.full(members, 150.0),
            }
        ).assign(**PLAIN_REPORTS),
        ledger=xr.Dataset(coords={"member": np.arange(members)}),
    )
