"""What a run holds: its tables, their dims, and the unit of each output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FUEL_ACCOUNTS: Final = (
    "stock_start", "internal_start", "imported", "produced", "informal", "sold",
    "sold_public", "refused", "internal_lost", "used", "holdings_start", "stock_end",
    "internal_end", "holdings_end",
)  # fmt: skip
"""Fuel accounts, over the depots and internal roads of the country [kl]."""

TRUCK_ACCOUNTS: Final = ("start", "idle", "waiting", "under_way", "returning", "lost")
"""Truck accounts of a run [trucks]."""

MONEY_ACCOUNTS: Final = (
    "cash_start", "gold", "zakat", "livestock", "protection", "toll", "loot", "ransom",
    "pay", "operations", "other_spending", "cash_end",
)  # fmt: skip
"""Money accounts of an armed group [USD]."""

FIGHTER_ACCOUNTS: Final = (
    "start", "recruited", "killed", "deserted", "split_off", "end",
)  # fmt: skip
"""Fighter accounts of an armed group [persons]."""

PEOPLE_ACCOUNTS: Final = (
    "residents_start", "recruited", "deserted", "civilians_killed", "residents_end",
    "displaced_end", "abroad_end",
)  # fmt: skip
"""Accounts of the people of the country [persons]."""

SOLDIER_ACCOUNTS: Final = ("start", "replaced", "killed", "end")
"""Accounts of the army [persons]."""

SUPPLY_LAYOUT: Final = {
    "depots": ("weekly", ("member", "week", "place", "product")),
    "places": ("weekly", ("member", "week", "place")),
    "corridors": ("weekly", ("member", "week", "corridor")),
    "capital": ("daily", ("member", "day", "product")),
    "nation": ("daily", ("member", "day")),
    "fuel_ledger": ("ledger", ("member", "fuel_account", "product")),
    "truck_ledger": ("ledger", ("member", "truck_account", "fleet")),
}
"""Tables of every run: where the run holds them, and their dims."""

COUNTRY_LAYOUT: Final = {
    "regions": ("weekly", ("member", "week", "region")),
    "groups": ("weekly", ("member", "week", "group")),
    "attacks": ("weekly", ("member", "week", "attack")),
    "money_ledger": ("ledger", ("member", "money_account", "group")),
    "fighter_ledger": ("ledger", ("member", "fighter_account", "group")),
    "people_ledger": ("ledger", ("member", "people_account")),
    "soldier_ledger": ("ledger", ("member", "soldier_account")),
}
"""Tables of a run whose case has armed groups, in the same terms."""

LAYOUT: Final = SUPPLY_LAYOUT | COUNTRY_LAYOUT
LOSSES: Final = "losses"
PARAMS: Final = "params"
TABLES: Final = (*SUPPLY_LAYOUT, LOSSES, PARAMS)
"""Tables of every run."""
COUNTRY_TABLES: Final = tuple(COUNTRY_LAYOUT)
"""Further tables of a run whose case has armed groups."""

PREFIXES: Final = {
    "corridor": "corridor_",
    "region": "region_",
    "group": "group_",
    "attack": "attack_",
}
"""Axis to what stands before the names of its weekly outputs."""

_PERSONS: Final = (
    "drivers_abducted", "drivers_killed", "soldiers_killed", "civilians_killed",
    "harm_killed", "fighters_killed", "abducted", "fighters", "recruits", "deserted",
    "displaced", "partner_troops", "people", "soldiers",
)  # fmt: skip
_INDEXES: Final = (
    "fear", "posture", "morale", "legitimacy", "cohesion", "fiscal", "repression",
    "talks", "grievance", "exit_kind", "is_besieged", "covariate", "share",
)  # fmt: skip
_UNITS: Final = {
    "kl": "kl", "h": "h", "usd": "USD", "money": "USD", "per_l": "{currency}/l",
    "days_of_supply": "days", "short_days": "1", "escorts": "packages",
    "convoys": "convoys", "attacks": "attacks", "attacks_interdictor": "attacks",
    "harm_operations": "operations", "protests": "protests",
    "towns_besieged": "places", "years_since_attempt": "years",
    "attempts": "attempts", "hazard": "1/day", "materiel": "units",
    "trucks": "trucks",
} | dict.fromkeys(_PERSONS, "persons") | dict.fromkeys(_INDEXES, "1")  # fmt: skip
"""Unit by name, or by the last words of the name, or by its first word."""


def row_order(dims: tuple[str, ...]) -> tuple[str, ...]:
    """Give the dims in the order by which rows are sorted: time last, members before.

    Values of one series then follow each other, which packs them closest, and one place
    is read without the others.
    """
    last = [dim for dim in ("member", "day", "week") if dim in dims]
    return (*(dim for dim in dims if dim not in last), *last)


def unit_of(name: str, currency: str) -> str:
    """Find the unit of an output by its name.

    Examples
    --------
    >>> unit_of("corridor_trucks_lost", "XXX"), unit_of("price_per_l", "XXX")
    ('trucks', 'XXX/l')
    """
    text = name
    for prefix in PREFIXES.values():
        text = text.removeprefix(prefix)
    words = text.split("_")
    for part in (text, "_".join(words[-2:]), words[-1], words[0]):
        if part in _UNITS:
            return _UNITS[part].format(currency=currency)
    message = f"no unit goes with an output named {name!r}"
    raise ValueError(message)


def describe(data: xr.Dataset, currency: str) -> None:
    """Give every variable its unit and its name in words."""
    for name, variable in data.data_vars.items():
        variable.attrs["units"] = unit_of(str(name), currency)
        variable.attrs["long_name"] = str(name).replace("_", " ")


def with_part(data: xr.Dataset, time: str, cutoff: pd.Timestamp) -> xr.Dataset:
    """Tell the past from the forecast along a time axis."""
    part = np.where(data[time].to_numpy() <= cutoff.to_datetime64(), "past", "forecast")
    return data.assign_coords(part=(time, part))
