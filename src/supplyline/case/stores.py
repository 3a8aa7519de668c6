"""Rules about products, depots and demand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from supplyline.case.config import FILE as CONFIG
from supplyline.case.draft import Draft, Rule, plain
from supplyline.errors import Problem, shown
from supplyline.tables.supply import Demand, Depot, Place, SmallFlow

if TYPE_CHECKING:
    from collections.abc import Iterator


def _unknown_products(draft: Draft) -> Iterator[Problem]:
    """Find products that case.toml does not list."""
    if draft.config is None:
        return
    known = draft.config.products
    depots, demand = draft.table(Depot), draft.table(Demand)
    flows = draft.table(SmallFlow)
    named = [
        *((depots.file, line, row.product) for line, row in depots),
        *((demand.file, line, row.product) for line, row in demand),
        *((flows.file, line, row.product) for line, row in flows if row.product),
    ]
    for file, line, product in named:
        if product not in known:
            expected = "a product of case.toml"
            yield Problem.unknown(file, line, "product", product, known, expected)


def _capital(draft: Draft) -> Iterator[Problem]:
    """Find a capital that is no place, or that lacks a depot of a product."""
    if draft.config is None:
        return
    capital = draft.config.capital
    known = draft.table(Place).keys
    if capital not in known:
        expected = "a row of places.csv"
        yield Problem.unknown(CONFIG, None, "capital", capital, known, expected)
        return
    held = {row.product for _, row in draft.table(Depot) if row.place == capital}
    for product in draft.config.products:
        if product not in held:
            found = f"has no depot of '{product}' at the capital '{capital}'"
            yield Problem("depots.csv", None, None, found, "one row")


def _idle_capital(draft: Draft) -> Iterator[Problem]:
    """Find a capital that uses nothing."""
    capital = draft.config.capital if draft.config else ""
    used = {
        row.place
        for _, row in draft.table(Demand)
        if max(row.demand_kl_per_day, row.demand_high_kl_per_day or 0) > 0
    }
    if capital in draft.table(Place).keys and capital not in used:
        found = f"has no demand at the capital '{capital}'"
        yield Problem("demand.csv", None, None, found, "one row or more")


def _unwanted_products(draft: Draft) -> Iterator[Problem]:
    """Find products nobody wants."""
    wanted = {
        row.product
        for _, row in draft.table(Demand)
        if max(row.demand_kl_per_day, row.demand_high_kl_per_day or 0) > 0
    }
    for product in draft.config.products if draft.config else ():
        if product not in wanted:
            found = f"has no demand for '{product}'"
            yield Problem("demand.csv", None, None, found, "a product with demand")


def _shared_depots(draft: Draft) -> Iterator[Problem]:
    """Find a second depot of a product at a place, and stocks it cannot have."""
    count: Counter[tuple[str, str]] = Counter()
    for line, row in draft.table(Depot):
        count[row.place, row.product] += 1
        if count[row.place, row.product] > 1:
            found = shown(f"{row.place}, {row.product}")
            expected = "one depot of each product at a place"
            yield Problem("depots.csv", line, "place, product", found, expected)
        for field in ("target_kl", "initial_kl", "initial_high_kl"):
            stock = getattr(row, field)
            if row.capacity_kl is not None and (stock or 0) > row.capacity_kl:
                expected = f"at most capacity_kl, which is {plain(row.capacity_kl)}"
                found = shown(plain(stock))
                yield Problem("depots.csv", line, field, found, expected)


def _half_ranges(draft: Draft) -> Iterator[Problem]:
    """Find high ends of ranges without their low ends."""
    ranges = {"initial_kl": "initial_high_kl", "street_price": "street_price_high"}
    for line, row in draft.table(Depot):
        for low, high in ranges.items():
            if getattr(row, high) is not None and getattr(row, low) is None:
                expected = f"a number, as {high} is given"
                yield Problem("depots.csv", line, low, "empty", expected)


def _demand_without_depot(draft: Draft) -> Iterator[Problem]:
    """Find demand at places that do not store the product."""
    products = draft.config.products if draft.config else ()
    held = {(row.place, row.product) for _, row in draft.table(Depot)}
    known = draft.table(Place).keys
    for line, row in draft.table(Demand):
        is_known = row.place in known and row.product in products
        if is_known and (row.place, row.product) not in held:
            expected = f"a place with a depot of '{row.product}'"
            places = sorted(place for place, product in held if product == row.product)
            yield Problem.unknown(
                "demand.csv", line, "place", row.place, places, expected
            )


def _small_flows(draft: Draft) -> Iterator[Problem]:
    """Find small flows to where nothing is stored, and those that say a thing twice."""
    held = {(row.place, row.product) for _, row in draft.table(Depot)}
    places = {place for place, _ in held}
    flows = draft.table(SmallFlow)
    of_all = {row.place for _, row in flows if row.product is None}
    known = draft.table(Place).keys
    for line, row in flows:
        if row.place not in known:
            continue
        if row.product is None:
            if row.place not in places:
                yield Problem.unknown(
                    flows.file, line, "place", row.place, places, "a place with a depot"
                )
            continue
        stores = sorted(place for place, product in held if product == row.product)
        if row.place not in stores:
            expected = f"a place with a depot of '{row.product}'"
            yield Problem.unknown(
                flows.file, line, "place", row.place, stores, expected
            )
        elif row.place in of_all:
            found = shown(row.product)
            expected = f"no further row, as one of '{row.place}' is of all products"
            yield Problem(flows.file, line, "product", found, expected)


RULES: Final = (
    Rule(_unknown_products),
    Rule(_capital, (Place, Depot)),
    Rule(_idle_capital, (Place, Demand)),
    Rule(_unwanted_products, (Demand,)),
    Rule(_shared_depots),
    Rule(_half_ranges),
    Rule(_demand_without_depot, (Depot,)),
    Rule(_small_flows, (Place, Depot)),
)
"""Rules about products, depots and demand."""
