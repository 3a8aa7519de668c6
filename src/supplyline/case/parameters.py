"""The parameters the engine asks for, and the values that are physically possible.

A prior may be anything inside these bounds; the bounds are no priors. Priors are rows
of params.csv, each with its source.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import Final

_SHARE: Final = (0.0, 1.0)

PRIORS: Final = resources.files("supplyline.case").joinpath("priors.csv")
"""A general prior for every parameter, with its unit: where a new case starts."""

REQUIRED_PARAMETERS: Final[dict[str, tuple[float, float]]] = {
    # demand
    "national_demand_kl_per_day": (0.0, 1e7),
    "capital_demand_share": _SHARE,
    "rainy_demand_factor": (0.0, 10.0),
    "holding_days": (0.0, 365.0),
    "holding_fear_days": (0.0, 365.0),
    "hoarding_days": (0.1, 365.0),
    "fear_rate_per_day": _SHARE,
    "fear_news_per_truck": _SHARE,
    "fear_low_days": (0.0, 365.0),
    "fear_low_weight": _SHARE,
    "low_stock_share": _SHARE,
    "quota_days": (0.1, 365.0),
    "quota_floor_share": _SHARE,
    "quota_min_share": _SHARE,
    "power_share": _SHARE,
    "power_floor_share": _SHARE,
    "hydro_h": (0.0, 24.0),
    "power_full_h": (0.0, 24.0),
    "station_slope": (0.001, 100.0),
    "queue_h_factor": (0.0, 100.0),
    # stocks
    "capital_stock_days": (0.0, 3650.0),
    "regional_stock_days": (0.0, 3650.0),
    "industry_stock_days": (0.0, 3650.0),
    "customs_coverage": _SHARE,
    # dispatch
    "truck_kl": (0.1, 1000.0),
    "restock_days": (0.1, 3650.0),
    "need_cap": (0.0, 100.0),
    "catch_up_cap": (0.0, 100.0),
    "fleet_margin": (0.0, 100.0),
    "loading_days": (0.0, 365.0),
    "driving_h_per_day": (0.1, 24.0),
    "mix_by_gap_share": _SHARE,
    "ban_willingness_share": _SHARE,
    "announcement_days": (0.01, 365.0),
    "halted_share": _SHARE,
    "pause_willingness_share": _SHARE,
    "loss_aversion": _SHARE,
    "driver_aversion": _SHARE,
    "willingness_recovery_per_day": _SHARE,
    "group_trucks": (1.0, 10_000.0),
    "convoy_min_trucks": (1.0, 10_000.0),
    "gateway_capacity_trucks": (0.0, 1e6),
    "escort_packages_initial": (0.0, 1e4),
    "escort_packages_final": (0.0, 1e4),
    "escort_cycle_days": (0.1, 365.0),
    "convoy_cap_trucks": (1.0, 10_000.0),
    "escort_delay_days": (0.0, 3650.0),
    "escort_ramp_days": (0.01, 3650.0),
    "alarm_served_share": _SHARE,
    "alarm_days": (0.0, 365.0),
    "strike_probability": _SHARE,
    "suspension_probability": _SHARE,
    "strike_days": (0.0, 365.0),
    "strike_sd_log": (0.0, 10.0),
    "large_loss_trucks": (0.0, 1e4),
    "holdback_share": _SHARE,
    "internal_traffic_share": _SHARE,
    "internal_traffic_days": (0.1, 3650.0),
    "clearance_h": (0.0, 8760.0),
    # threat
    "encounter_rate_per_100km": (0.0, 100.0),
    "pressure_days": (0.1, 36_500.0),
    "pressure_sd_log": (0.0, 5.0),
    "pulse_days": (0.1, 36_500.0),
    "pulse_sd_log": (0.0, 5.0),
    "pause_days": (0.1, 36_500.0),
    "pause_sd_log": (0.0, 5.0),
    "pause_probability": _SHARE,
    "opening_pulse_probability": _SHARE,
    "pulse_multiplier": (0.0, 1000.0),
    "pause_multiplier": (0.0, 1000.0),
    "convoy_size_exponent": (0.0, 10.0),
    "reference_convoy_trucks": (1.0, 10_000.0),
    # transit
    "group_quality": (0.0, 1000.0),
    "escort_effect": (0.0, 1000.0),
    "escort_span_trucks": (1.0, 10_000.0),
    "defence_unescorted": (0.0, 1000.0),
    "contest_exponent": (0.0, 100.0),
    "loss_share_mean": (0.001, 0.999),
    "loss_share_concentration": (0.01, 1e6),
    "reach_trucks": (0.1, 1e6),
    "looted_share": _SHARE,
    "driver_abducted_probability": _SHARE,
    "driver_killed_probability": _SHARE,
    "turn_back_probability": _SHARE,
    "encounter_delay_days": (0.0, 365.0),
    "mine_delay_days_per_100km": (0.0, 365.0),
    "toll_treachery_probability": _SHARE,
    "truck_value_usd": (0.0, 1e9),
    # market
    "price_semi_elasticity": (0.0, 10.0),
    "price_adjustment_per_day": _SHARE,
    "backstop_multiple": (1.001, 1000.0),
    "informal_share": _SHARE,
    "served_floor": (0.001, 1.0),
}
"""Parameter to least and greatest possible value, in the unit of params.csv."""

OPTIONAL_PARAMETERS: Final[dict[str, tuple[float, float]]] = {
    "group_fighters": (0.0, 1e7),
    "group_revenue_usd_per_year": (0.0, 1e12),
    "recruitment_per_year": (0.0, 100.0),
    "event_excitation": _SHARE,
    "event_decay_per_day": (0.0, 100.0),
    "control_days": (0.1, 36_500.0),
    "siege_days": (0.1, 36_500.0),
    "coup_success_probability": _SHARE,
    "hazard_ratio": (1.0, 1000.0),
}
"""Priors a case may state that no submodel of this version draws on."""

KNOWN_PARAMETERS: Final = REQUIRED_PARAMETERS | OPTIONAL_PARAMETERS
"""All parameters that params.csv may hold."""


@cache
def units() -> dict[str, str]:
    """Give the unit in which the engine takes each parameter.

    Returns
    -------
    dict of str to str
        Parameter to unit.
    """
    lines = PRIORS.read_text(encoding="utf-8").splitlines()
    return {row["param"]: row["unit"] for row in csv.DictReader(lines)}
