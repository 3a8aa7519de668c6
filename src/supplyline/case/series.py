"""Names of the daily national series of a run, for rows that ask for one."""

from __future__ import annotations

from typing import Final

from supplyline.case.regime import COVARIATES, KINDS

SUPPLY_SERIES: Final = (
    "trucks_sent",
    "trucks_escorted",
    "trucks_lost",
    "trucks_turned_back",
    "trucks_delivered",
    "trucks_waiting",
    "convoys",
    "drivers_abducted",
    "drivers_killed",
    "tolls_usd",
    "posture",
    "escorts",
    "stations_open_share",
    "queue_h",
    "electricity_h",
    "fear",
    "public_served_share",
)
"""Series of every run: the country, and its capital."""

COUNTRY_SERIES: Final = (
    "attacks",
    "attacks_interdictor",
    "soldiers_killed",
    "civilians_killed",
    "harm_operations",
    "harm_killed",
    "fighters_killed",
    "abducted",
    "morale",
    "offensive_share",
    "escort_share",
    "partner_troops",
    "legitimacy",
    "cohesion",
    "fiscal",
    "protests",
    "repression",
    "talks",
    "grievance",
    "state_control_share",
    "access_share",
    "displaced",
    "towns_besieged",
    "years_since_attempt",
    "attempts",
    "exit_kind",
    *(f"covariate_{name}" for name in COVARIATES),
    *(f"hazard_{kind}" for kind in KINDS),
)
"""Series of a run of a case with armed groups."""

NATIONAL_SERIES: Final = SUPPLY_SERIES + COUNTRY_SERIES
"""All of them."""
