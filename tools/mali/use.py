"""Depots and demand of Mali: facts where there are any, else stated assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from case_folder import Cells

    from mali.geography import Reference

CAPITAL = "bamako"
REGIONAL_CAPITALS = (
    "kayes",
    "koulikoro",
    "sikasso",
    "segou",
    "mopti",
    "tombouctou",
    "gao",
    "kidal",
    "taoudenni",
    "menaka",
    "nioro",
    "kita",
    "dioila",
    "nara",
    "bougouni",
    "koutiala",
    "san",
    "douentza",
    "bandiagara",
)
MINES = {
    "syama": (130.0, "F0146: 4 million l last more than 30 days", "ecofin-2025-11-03"),
    "sadiola": (130.0, "taken equal to Syama", "assumption"),
    "loulo": (200.0, "twin mine, half as much again as Syama", "assumption"),
    "fekola": (170.0, "larger than Syama", "assumption"),
}
"""Mine to diesel [kl/day], reason and source."""

NATIONAL_KL_PER_DAY = 9200.0
DIESEL_SHARE = 0.576
POWER_KL_PER_DAY = 1370.0
POWER_CAPITAL_SHARE = 0.75
ESSENTIAL_SHARE = 0.03
ESSENTIAL_DIESEL_SHARE = 0.8
ESSENTIAL_CAPITAL_SHARE = 0.4
PUBLIC_CAPITAL_SHARE = 0.475
TOWN_WEIGHT = 4.0

WEIGHT_NOTE = (
    "regional capitals share by people of the region (F0271-F0290) plus four times "
    "people of the town (2009 census)"
)


NORTH = "on the street in April and May, and not known how long after"
STREET_PRICES: Final = {
    ("bamako", "petrol"): (775, 890, "825 to 890 on the street before (F0167, F0172)"),
    ("gao", "petrol"): (775, 2000, f"1,500 to 2,000 {NORTH} (F0178)"),
    ("tombouctou", "petrol"): (775, 3000, f"3,000 {NORTH} (F0176)"),
    ("menaka", "petrol"): (775, 7000, f"7,000 {NORTH} (F0177)"),
}
"""Usual price on the street, from the official one to what was quoted [XOF/l]."""


def depots(reference: Reference) -> Iterator[Cells]:
    """Yield a depot per product at the capital and regional capitals, diesel at mines.

    Parameters
    ----------
    reference
        Reference files; every place named here must be in them.

    Yields
    ------
    Cells
        One row of depots.csv.
    """
    known = {row["place_id"] for row in reference["places"]}
    stores = [
        (place, product)
        for place in (CAPITAL, *REGIONAL_CAPITALS)
        for product in ("petrol", "diesel")
    ] + [(mine, "diesel") for mine in MINES]
    for place, product in stores:
        if place not in known:
            message = f"no place {place} in the reference"
            raise ValueError(message)
        note = "station stock; no storage figure"
        source = "assumption"
        if place == CAPITAL:
            note = (
                "three of four main depots (F0144); stated capacity of about a week of "
                "national use (F0143) leaves out private tanks, so no limit is set"
            )
            source = "storage-2022"
        elif place == "syama":
            note, source = "holds about 4 million l (F0146)", "ecofin-2025-11-03"
        elif place in MINES:
            note = "own tanks of the mine; taken as more than 30 days like Syama"
        low, high, quoted = STREET_PRICES.get((place, product), ("", "", ""))
        yield {
            "depot": f"{place}-{product}",
            "place": place,
            "product": product,
            "capacity_kl": "",
            "target_kl": "",
            "initial_kl": "",
            "initial_high_kl": "",
            "production_kl_per_day": "",
            "street_price": low,
            "street_price_high": high,
            "note": "; ".join(filter(None, (note, quoted))),
            "source": source,
        }


def regional_weights(reference: Reference) -> dict[str, float]:
    """Return the share of each regional capital in use outside the capital.

    Parameters
    ----------
    reference
        Reference files.

    Returns
    -------
    dict
        Place to share, summing to 1.
    """
    people = {
        row["place"].removeprefix("region:"): float(row["value"])
        for row in reference["figures"]
        if row["quantity"] == "region_population"
    }
    towns = {
        row["place_id"]: float(row["population"] or 0) for row in reference["places"]
    }
    weights = {
        place: people[place] + TOWN_WEIGHT * towns[place] for place in REGIONAL_CAPITALS
    }
    total = sum(weights.values())
    return {place: weight / total for place, weight in weights.items()}


def split(reference: Reference, total: float, capital_share: float) -> dict[str, float]:
    """Return an amount split over the capital and the regional capitals.

    Parameters
    ----------
    reference
        Reference files.
    total
        Amount [kl/day].
    capital_share
        Share of the capital [1].

    Returns
    -------
    dict
        Place to amount [kl/day].
    """
    rest = {
        place: total * (1 - capital_share) * weight
        for place, weight in regional_weights(reference).items()
    }
    return {CAPITAL: total * capital_share, **rest}


def row_of(where: tuple[str, str, str], amount: float, note: str, source: str) -> Cells:
    """Return one row of demand.csv.

    Parameters
    ----------
    where
        Place, product and class of users.
    amount
        Amount wanted [kl/day].
    note
        Remark.
    source
        Row of sources.csv, or 'assumption'.

    Returns
    -------
    Cells
        Row.
    """
    place, product, demand_class = where
    return {
        "place": place,
        "product": product,
        "demand_class": demand_class,
        "demand_kl_per_day": round(amount, 1),
        "demand_high_kl_per_day": "",
        "note": note,
        "source": source,
    }


def power(reference: Reference) -> Iterator[Cells]:
    """Yield the diesel for power.

    Parameters
    ----------
    reference
        Reference files.

    Yields
    ------
    Cells
        One row of demand.csv.
    """
    note = (
        "F0148: 500 million l a year to cover all demand; three quarters at the "
        "capital assumed"
    )
    for place, amount in split(
        reference, POWER_KL_PER_DAY, POWER_CAPITAL_SHARE
    ).items():
        if place == CAPITAL:
            yield row_of((place, "diesel", "power"), amount, note, "edm-ecofin-2024")
        else:
            remark = f"a quarter of F0148; {WEIGHT_NOTE}"
            yield row_of((place, "diesel", "power"), amount, remark, "assumption")


def essential(reference: Reference) -> Iterator[Cells]:
    """Yield the use of army, hospitals and relief.

    Parameters
    ----------
    reference
        Reference files.

    Yields
    ------
    Cells
        One row of demand.csv.
    """
    note = (
        "army, hospitals and relief: 3 % of national use, four fifths diesel, 40 % at "
        f"the capital; {WEIGHT_NOTE}"
    )
    total = NATIONAL_KL_PER_DAY * ESSENTIAL_SHARE
    for place, amount in split(reference, total, ESSENTIAL_CAPITAL_SHARE).items():
        for product, share in (
            ("petrol", 1 - ESSENTIAL_DIESEL_SHARE),
            ("diesel", ESSENTIAL_DIESEL_SHARE),
        ):
            where = (place, product, "essential")
            yield row_of(where, amount * share, note, "assumption")


def public(reference: Reference) -> Iterator[Cells]:
    """Yield what is left of national use, sold at stations.

    Parameters
    ----------
    reference
        Reference files.

    Yields
    ------
    Cells
        One row of demand.csv.
    """
    mines = sum(amount for amount, _, _ in MINES.values())
    essentials = NATIONAL_KL_PER_DAY * ESSENTIAL_SHARE
    total = NATIONAL_KL_PER_DAY - POWER_KL_PER_DAY - mines - essentials
    petrol = NATIONAL_KL_PER_DAY * (1 - DIESEL_SHARE) - essentials * (
        1 - ESSENTIAL_DIESEL_SHARE
    )
    shares = {"petrol": petrol / total, "diesel": 1 - petrol / total}
    note = (
        "rest of 9,200 kl a day (F0111) such that diesel is 57.6 % of all (F0126); "
        f"47.5 % at the capital; {WEIGHT_NOTE}"
    )
    for place, amount in split(reference, total, PUBLIC_CAPITAL_SHARE).items():
        for product, share in shares.items():
            where = (place, product, "public")
            yield row_of(where, amount * share, note, "assumption")


def demand(reference: Reference) -> Iterator[Cells]:
    """Yield all demand in order of priority.

    Parameters
    ----------
    reference
        Reference files.

    Yields
    ------
    Cells
        One row of demand.csv.
    """
    yield from essential(reference)
    yield from power(reference)
    for mine, (amount, note, source) in MINES.items():
        yield row_of((mine, "diesel", "industry"), amount, note, source)
    yield from public(reference)
