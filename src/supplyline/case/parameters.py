"""The parameters the engine asks for, and the values that are physically possible.

A case without armed groups needs the required ones alone. A prior may be anything
inside these bounds; the bounds are no priors. Priors are rows of params.csv, each with
its source.
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

COUNTRY_PARAMETERS: Final[dict[str, tuple[float, float]]] = {
    # threat
    "event_excitation": (0.0, 0.999),
    "event_decay_per_day": (0.0001, 10.0),
    "pulse_tail": (1.01, 100.0),
    "pulse_attacks_min": (1.0, 10_000.0),
    "pulse_attacks_cap": (1.0, 10_000.0),
    "campaigns_per_year": (0.0, 365.0),
    "truce_attacks_share": _SHARE,
    "effort_step_per_week": _SHARE,
    "payoff_trucks": (0.0, 100.0),
    "payoff_revenue": (0.0, 100.0),
    "payoff_grievance": (0.0, 100.0),
    "payoff_state_absence": (0.0, 100.0),
    "payoff_state_strength": (0.0, 100.0),
    # actors
    "death_tail": (1.01, 100.0),
    "deaths_cap": (1.0, 1e6),
    "materiel_exponent": (0.0, 10.0),
    "materiel_normal": (0.001, 1e6),
    "materiel_wear_per_year": (0.0, 100.0),
    "clash_deaths_per_day": (0.0, 1000.0),
    "alliance_switch_per_year": (0.0, 365.0),
    "split_per_year": (0.0, 365.0),
    "split_share": _SHARE,
    "gold_usd_per_year": (0.0, 1e12),
    "zakat_usd_per_person_year": (0.0, 10_000.0),
    "livestock_usd_per_year": (0.0, 1e12),
    "protection_usd_per_year": (0.0, 1e12),
    "looted_value_share": _SHARE,
    "ransom_cases_per_year": (0.0, 1000.0),
    "ransom_usd": (0.0, 1e12),
    "ransom_sd_log": (0.0, 10.0),
    "ransom_materiel": (0.0, 1e6),
    "fighter_pay_usd_per_month": (0.0, 1e6),
    "attack_cost_usd": (0.0, 1e9),
    "other_spending_per_year": (0.0, 100.0),
    "recruitment_per_year": (0.0, 100.0),
    "desertion_per_year": (0.0, 100.0),
    "pay_reserve_days": (0.1, 36_500.0),
    "escort_attrition": (0.0, 1000.0),
    # state
    "army_soldiers": (1.0, 1e7),
    "partner_strength_quantile": _SHARE,
    "offensive_share": _SHARE,
    "escort_share": _SHARE,
    "escort_learning_per_week": _SHARE,
    "offensive_reaction": (0.0, 10.0),
    "operations_per_day": (0.0, 1000.0),
    "harm_killed": (0.0, 10_000.0),
    "operation_fighters_killed": (0.0, 10_000.0),
    "operation_soldiers_killed": (0.0, 10_000.0),
    "partner_weight": (0.0, 1000.0),
    "morale_normal": _SHARE,
    "morale_loss_per_100": (0.0, 100.0),
    "morale_arrears_per_week": _SHARE,
    "morale_recovery_per_week": _SHARE,
    "replacement_per_year": (0.0, 100.0),
    "fiscal_fall_per_week": _SHARE,
    "fiscal_recovery_per_week": _SHARE,
    # control
    "control_days": (0.1, 36_500.0),
    "support_exponent": (0.0, 10.0),
    "town_jump": _SHARE,
    "contested_access": _SHARE,
    "grievance_normal": (0.01, 0.99),
    "grievance_harm_per_100k": (0.0, 1000.0),
    "grievance_shortage_per_week": _SHARE,
    "grievance_price_per_week": _SHARE,
    "grievance_relief_per_week": _SHARE,
    "grievance_fade_per_week": _SHARE,
    "displaced_per_death": (0.0, 1e6),
    "displacement_shortage_per_week": _SHARE,
    "return_per_week": _SHARE,
    "displaced_abroad_share": _SHARE,
    "siege_per_year": (0.0, 365.0),
    "siege_days": (0.1, 36_500.0),
    "siege_sd_log": (0.0, 10.0),
    "siege_reach": _SHARE,
    # talks
    "talks_per_year": (0.0, 365.0),
    "corridor_talks_per_year": (0.0, 365.0),
    "truce_per_year": (0.0, 365.0),
    "deal_per_year": (0.0, 365.0),
    "breakdown_per_year": (0.0, 365.0),
    # regime
    "legitimacy_normal": _SHARE,
    "legitimacy_shortage_per_week": _SHARE,
    "legitimacy_price_per_week": _SHARE,
    "legitimacy_news_per_truck": _SHARE,
    "legitimacy_dark_per_week": _SHARE,
    "legitimacy_lit_h": (0.001, 24.0),
    "legitimacy_convoy_per_truck": _SHARE,
    "legitimacy_recovery_per_week": _SHARE,
    "election_postponed_legitimacy": _SHARE,
    "protest_per_week": (0.0, 1000.0),
    "protest_price": (0.0, 100.0),
    "protest_shortage": (0.0, 100.0),
    "protest_anger": (0.0, 100.0),
    "protest_repression": (0.0, 100.0),
    "protest_dispersion": (0.01, 1000.0),
    "repression_normal": _SHARE,
    "party_ban_repression": _SHARE,
    "cohesion_normal": _SHARE,
    "cohesion_loss_per_100": (0.0, 100.0),
    "cohesion_partner_per_week": _SHARE,
    "purge_cohesion": _SHARE,
    "failed_coup_cohesion": (-1.0, 1.0),
    "cohesion_recovery_per_week": _SHARE,
    "losses_full": (1.0, 1e6),
    "price_full": (1.001, 1000.0),
    "protest_full": (0.001, 1000.0),
    "attempt_per_year": (0.0, 365.0),
    "attempt_since_exponent": (0.0, 10.0),
    "attempt_tenure_exponent": (0.0, 10.0),
    "forced_exit_per_year": (0.0, 365.0),
    "capture_per_year": (0.0, 365.0),
    "natural_exit_per_year": (0.0, 365.0),
    "coup_success_probability": _SHARE,
    "hazard_ratio_shortage": (1.0, 1000.0),
    "hazard_ratio_losses": (1.0, 1000.0),
    "hazard_ratio_ground": (1.0, 1000.0),
    "hazard_ratio_cohesion": (1.0, 1000.0),
    "hazard_ratio_legitimacy": (1.0, 1000.0),
    "hazard_ratio_protest": (1.0, 1000.0),
    "hazard_ratio_arrears": (1.0, 1000.0),
    "hazard_ratio_price": (1.0, 1000.0),
    "hazard_ratio_partner": (1.0, 1000.0),
    "reference_losses": _SHARE,
    "reference_ground": _SHARE,
    "reference_cohesion": _SHARE,
    "reference_legitimacy": _SHARE,
    "reference_partner": _SHARE,
}
"""The same for the submodels of a case with armed groups."""

EVIDENCE_PARAMETERS: Final[dict[str, tuple[float, float]]] = {
    "match_km": (0.1, 1000.0),
    "match_days": (0.1, 365.0),
    "place_max_km": (0.0, 20_000.0),
    "snap_km": (0.0, 1000.0),
    "evidence_window_days": (7.0, 3660.0),
    "hazard_prior_weeks": (0.1, 5200.0),
    "effort_prior_events": (0.1, 1e6),
    "effort_floor": (0.0, 100.0),
}
"""The same for the rules by which evidence changes a case.

No case needs them: a rule whose row is absent is refused. No simulation reads them.
"""

KNOWN_PARAMETERS: Final = REQUIRED_PARAMETERS | COUNTRY_PARAMETERS | EVIDENCE_PARAMETERS
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
