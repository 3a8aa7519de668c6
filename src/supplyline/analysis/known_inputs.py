"""What is known of each member on the last day of the data: parameters and states."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import rows_of, values_of
from supplyline.analysis.wording import Wording, as_said
from supplyline.case.lookup import titles_of
from supplyline.case.regime import TALKS
from supplyline.case.series import observed_series
from supplyline.language import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.runs import Run

MOST_MEMBERS: Final = 16_384
"""Members by which inputs are judged: more would name nothing worth a name."""
RECENT_DAYS: Final = 28
"""Days up to the last one known over which what happens is summed [days]."""
_CAPITAL_STOCK: Final = "capital_stock_ml"
"""Series of observed.csv that follows the stock of the capital."""
_POSTURES: Final = (mark("build-up"), mark("pressure"), mark("pulse"), mark("pause"))
_STAGES: Final = tuple(map(mark, TALKS))


@dataclass(frozen=True, slots=True)
class _State:
    """An output whose last value known is an input."""

    name: str
    title: str
    is_sum: bool = False
    """Whether it is summed over the last four weeks."""
    words: tuple[str, ...] = ()
    """What its numbers stand for, where they are no amounts."""
    observed: str = ""
    """Series of observed.csv that follows it."""


_NATION: Final = (
    _State("posture", mark("What the group that enforces the ban does"),
           words=_POSTURES),
    _State("escorts", mark("Escort packages at work")),
    _State("trucks_waiting", mark("Trucks waiting at the border"),
           observed="trucks_waiting"),
    _State("trucks_sent", mark("Trucks sent in four weeks"), is_sum=True),
    _State("trucks_lost", mark("Trucks lost in four weeks"), is_sum=True,
           observed="trucks_lost_cumulative"),
    _State("trucks_turned_back", mark("Trucks turned back in four weeks"), is_sum=True),
    _State("convoys", mark("Escorted convoys in four weeks"), is_sum=True,
           observed="escorted_convoys"),
    _State("attacks_interdictor",
           mark("Attacks in four weeks of the group that enforces the ban"),
           is_sum=True),
    _State("escort_share", mark("Share of the army's effort spent on escorts")),
    _State("morale", mark("Morale of the army")),
    _State("partner_troops", mark("Troops of foreign partners")),
    _State("legitimacy", mark("How far people accept the leader's rule")),
    _State("cohesion", mark("How far officers and elites stand together")),
    _State("fiscal", mark("Money of the state against the first day's")),
    _State("repression", mark("Repression")),
    _State("talks", mark("Stage of national talks"), words=_STAGES),
    _State("grievance", mark("Grievance against the state")),
    _State("state_control_share", mark("Share of people under the state")),
    _State("displaced", mark("People displaced inside the country")),
    _State("towns_besieged", mark("Towns under siege")),
)  # fmt: skip
_PLACE: Final = (
    _State("days_of_supply", mark("Days of supply of {product} in {place}")),
    _State("price_per_l", mark("Parallel price of {product} in {place}"),
           observed="PLACE_PRODUCT_price"),
)  # fmt: skip
_REGION: Final = (
    _State("region_is_besieged", mark("Whether a town of {region} is under siege"),
           words=(mark("no siege"), mark("a siege"))),
    _State("region_interdictor_control_share",
           mark("Share of {region} under the group that enforces the ban")),
    _State("region_attacks_interdictor",
           mark("Attacks in {region} in four weeks of the group that enforces the ban"),
           is_sum=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """One thing known of each member."""

    name: str
    title: Wording
    unit: str
    words: tuple[str, ...] = ()
    place: str = ""
    product: str = ""
    region: str = ""
    """Where it bears; empty where it bears on all."""
    source: str = ""
    """Of a parameter: row of sources.csv, or assumption."""
    observed: str = ""
    """Of a state: series of observed.csv that follows it; empty where none does."""

    @property
    def is_parameter(self) -> bool:
        """Whether it is a parameter, and not a state."""
        return bool(self.source)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is known of each member, and is not the same for all."""

    entries: tuple[Input, ...]
    values: NDArray[np.float32]
    """Shape (member, input)."""


def read_inputs(run: Run) -> Inputs:
    """Read parameters and states on the last day known; missing values are left out."""
    first = run.select(run.members[:MOST_MEMBERS])
    states = dict(_states(run))
    [rows] = rows_of(first, lambda part: _read_states(part, states))
    entries, columns = [], []
    params = run.case.params.set_index("param")
    drawn = first.params
    for name in drawn:
        row: Any = params.loc[str(name)] if name in params.index else None
        entries.append(_parameter(str(name), row))
        columns.append(drawn[name].to_numpy(np.float32))
    for key, entry in states.items():
        entries.append(entry)
        columns.append(rows[key].astype(np.float32))
    values = np.stack(columns, axis=1)
    is_known = np.isfinite(values).all(axis=0)
    is_known &= values.min(axis=0) < values.max(axis=0)
    kept = tuple(entries[column] for column in np.flatnonzero(is_known))
    return Inputs(kept, values[:, is_known])


def _parameter(name: str, row: Any) -> Input:  # noqa: ANN401 - a row, or none
    """Describe a parameter by its row of params.csv."""
    if row is None:
        return Input(name, as_said(name), "1", source="assumption")
    title = as_said(str(row["meaning"]))
    return Input(name, title, str(row["unit"]), source=str(row["source"]))


_Key = tuple[str, int, int]


def _states(run: Run) -> Iterator[tuple[_Key, Input]]:
    """Describe the states that a run holds, by output, label and product."""
    for state in _NATION:
        if state.name in run.daily:
            unit = str(run.daily[state.name].attrs["units"])
            yield (
                (state.name, 0, 0),
                Input(
                    state.name,
                    Wording(state.title),
                    unit,
                    state.words,
                    observed=state.observed,
                ),
            )
    yield from _states_of_places(run)
    if not run.has_country:
        return
    titles = titles_of(run.case, "region")
    for state in _REGION:
        unit = str(run.weekly[state.name].attrs["units"])
        for spot, region in enumerate(map(str, run.weekly["region"].to_numpy())):
            title = Wording(state.title, {"region": titles.get(region, region)})
            entry = Input(state.name, title, unit, state.words, region=region)
            yield (state.name, spot, 0), entry


def _states_of_places(run: Run) -> Iterator[tuple[_Key, Input]]:
    """Describe what is known of each place and product."""
    config, titles = run.case.config, titles_of(run.case, "place")
    places = [str(name) for name in run.weekly["place"].to_numpy()]
    products = [str(name) for name in run.weekly["product"].to_numpy()]
    known = observed_series(places, config.products, config.currency)
    for state in _PLACE:
        unit = str(run.weekly[state.name].attrs["units"])
        for (spot, place), (column, product) in itertools.product(
            enumerate(places), enumerate(products)
        ):
            words = {"PLACE": place, "PRODUCT": product}
            followed = state.observed
            for word, name in words.items():
                followed = followed.replace(word, name)
            if state.name == "days_of_supply" and place == config.capital:
                followed = _CAPITAL_STOCK
            parts = {"place": titles.get(place, place), "product": product}
            yield (
                (state.name, spot, column),
                Input(
                    state.name,
                    Wording(state.title, parts),
                    unit,
                    place=place,
                    product=product,
                    observed=followed if followed in known else "",
                ),
            )


def _read_states(run: Run, states: dict[_Key, Input]) -> Rows:
    """Read the last value known of each state, or its sum over four weeks."""
    day = int(run.daily.indexes["day"].searchsorted(pd.Timestamp(run.manifest.cutoff)))
    weeks = last_weeks(run)
    capital = run.case.config.capital
    summed = {state.name for state in (*_NATION, *_REGION) if state.is_sum}
    rows: Rows = {}
    for (name, spot, column), entry in states.items():
        if not (entry.place or entry.region) or entry.place == capital:
            values = values_of(run.daily, name)
            if values.ndim > 2:
                values = values[:, :, column]
            first = max(day + 1 - RECENT_DAYS, 0) if name in summed else day
            rows[name, spot, column] = values[:, first : day + 1].sum(axis=1)
            continue
        values = values_of(run.weekly, name)[:, :, spot]
        if values.ndim > 2:
            values = values[:, :, column]
        taken = weeks[-(RECENT_DAYS // 7) :] if name in summed else weeks[-1:]
        rows[name, spot, column] = values[:, taken].sum(axis=1)
    return rows


def last_weeks(run: Run) -> NDArray[np.intp]:
    """Find the whole weeks up to the cut-off."""
    weeks = pd.DatetimeIndex(run.weekly["week"].to_numpy())
    end = weeks + pd.Timedelta(days=6)
    return np.flatnonzero(end <= pd.Timestamp(run.manifest.cutoff))
