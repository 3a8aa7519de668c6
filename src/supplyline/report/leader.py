"""The leader's heat: why he is hot or cold, what changes it, and what drives him."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp
from typing import TYPE_CHECKING, Final

from supplyline.analysis.heat import heat as measure
from supplyline.analysis.members import basis_of, number_of
from supplyline.case.regime import DRIVERS
from supplyline.quantities import Quantity
from supplyline.report.heat_charts import draw_heat, draw_history
from supplyline.report.marks import interval_mark
from supplyline.report.meaning import meanings
from supplyline.report.series import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from supplyline.analysis.chunks import Rows
    from supplyline.analysis.drivers import Driver, Sensitivity
    from supplyline.analysis.heat import Heat
    from supplyline.analysis.leader_record import Aim
    from supplyline.report.meaning import Meaning
    from supplyline.runs import Run

STEADY_POINTS: Final = 2.0
"""A smaller change of heat counts as none [points]."""
FULL_POINTS: Final = 100.0
"""End of the scale of heat [points]."""
_LOG_POINTS: Final = 100.0

_AIM_DRIVERS: Final = {
    "supply": (
        "served_share", "unmet_kl", "days_of_supply", "imports_kl", "trucks_lost",
        "trucks_delivered", "trucks_sent", "trucks_waiting", "stations_open_share",
        "electricity_h", "queue_h", "convoys", "stock_kl",
    ),
    "security": (
        "state_control_share", "soldiers_killed", "attacks", "attacks_interdictor",
        "civilians_killed", "fighters_killed", "morale", "displaced", "access_share",
        "towns_besieged", "offensive_share", "escort_share",
    ),
    "elites": ("cohesion", "attempts", "years_since_attempt"),
    "street": (
        "legitimacy", "protests", "repression", "grievance", "harm_killed",
        "harm_operations", "talks",
    ),
    "money": ("fiscal", "price_per_l", "tolls_usd"),
    "partners": ("partner_troops",),
}  # fmt: skip
"""Driver to the daily outputs that tell of what it measures."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What one driver adds."""

    title: str
    """The driver."""
    part: Quantity
    """Its part, rounded so that the parts printed add up [log points]."""
    factor: Quantity
    """The same as a factor on the daily risk."""
    mark: Markup
    """The part drawn on a common scale."""
    within: tuple[tuple[str, Quantity], ...]
    """What it is made of: name and part, where it has more than one."""


@dataclass(frozen=True, slots=True)
class Split:
    """Parts of the drivers with their sum."""

    bars: tuple[Bar, ...]
    """Largest first."""
    total: Quantity
    """Their sum [log points]."""
    factor: Quantity
    """The same as a factor on the daily risk."""


@dataclass(frozen=True, slots=True)
class AimRow:
    """One stated aim of the leader."""

    title: str
    before: Quantity
    now: Quantity
    ahead: Quantity
    recent: str
    coming: str
    driver: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the heat answers to."""

    title: str
    driver: str
    """The covariate and its driver."""
    points: Quantity
    """Change of heat if it rises by a tenth of its scale [points]."""


@dataclass(frozen=True, slots=True)
class LeaderPage:
    """All that the brief says of the leader."""

    name: str
    definition: str
    band: str
    direction: str
    """Who, how the index is defined, hot, mild or cold, and the trend in a word."""
    value: Quantity
    trend: Quantity
    """Heat on the cut-off and its change [points]."""
    days_back: Quantity
    keeps_days: Quantity
    """Days over which the change is counted, and ahead."""
    keeps_power: Quantity
    """Probability that he keeps power for so many days."""
    steady: Quantity
    full: Quantity
    """Least change that counts as one, and the end of the scale [points]."""
    levels: Split
    changes: Split
    """Parts of the drivers in the level, and in the change."""
    chart: Markup
    """Heat by day."""
    rows: tuple[tuple[Quantity, Quantity, str], ...]
    """Day, heat and band, for the table under the chart."""
    history: Markup | None
    """Heat by month since he took power; none where no facts are given."""
    facts: tuple[tuple[Quantity, Quantity, str], ...]
    """Month, heat then, and what happened."""
    sensitivities: tuple[Answer, ...]
    """What the heat answers to, strongest first."""
    aims: tuple[AimRow, ...]
    """What he says he wants."""
    meanings: tuple[Meaning, ...]
    """What it means, by reader."""


def why_no_heat(run: Run) -> str:
    """Say why a brief holds nothing on a leader."""
    if not run.has_country:
        return "the case describes no armed groups, so that no regime is simulated"
    if run.case.config.leader is None:
        return "the case names no leader"
    return ""


def heat_of(run: Run) -> Heat | None:
    """Measure the leader's heat where the run holds what it takes."""
    return None if why_no_heat(run) else measure(run)


def leader_page(heat: Heat, read: Rows) -> LeaderPage:
    """Make the leader's heat printable."""
    run = heat.run
    basis = basis_of(run)
    trend = heat.trend()
    chart, rows = draw_heat(heat)
    history, facts = draw_history(heat)

    def whole(value: float, unit: str) -> Quantity:
        return Quantity(float(value), unit, basis=basis, digits=None)

    return LeaderPage(
        name=heat.leader,
        definition=heat.definition,
        band=heat.band(),
        direction=direction(trend),
        value=rounded(heat.value()),
        trend=rounded(trend),
        days_back=whole(heat.days_back(), "days"),
        keeps_days=whole(heat.keeps_power_days, "days"),
        keeps_power=heat.keeps_power,
        steady=whole(STEADY_POINTS, "points"),
        full=whole(FULL_POINTS, "1"),
        levels=split(heat.levels(), basis),
        changes=split(heat.drivers(), basis),
        chart=chart,
        rows=rows,
        history=history,
        facts=facts,
        sensitivities=tuple(_answer(one) for one in heat.sensitivity()),
        aims=tuple(_aim(aim) for aim in heat.aims()),
        meanings=meanings(heat, read),
    )


def direction(trend: Quantity) -> str:
    """Put a change of heat into a word."""
    value = number_of(trend)
    if abs(value) < STEADY_POINTS:
        return "steady"
    return "warming" if value > 0 else "cooling"


def standing_line(heat: Heat) -> str:
    """Tell the leader's heat in one line."""
    drivers = heat.drivers()
    largest = f"; largest driver: {drivers[0].name}" if drivers else ""
    return (
        f"Leader: {rounded(heat.value()).number} of {FULL_POINTS:g}, {heat.band()}, "
        f"{direction(heat.trend())}{largest}."
    )


def split(drivers: Sequence[Driver], basis: str) -> Split:
    """Draw the parts of the drivers; the parts printed add up to the sum printed."""
    exact = [number_of(driver.contribution) * _LOG_POINTS for driver in drivers]
    printed = adding_up(exact)
    ends = [
        abs(_end(end)) * _LOG_POINTS
        for driver in drivers
        for end in (driver.contribution.low, driver.contribution.high)
    ]
    extent = max([*ends, *map(abs, exact), 1e-9]) * 1.05
    bars = tuple(
        _bar(driver, value, extent)
        for driver, value in zip(drivers, printed, strict=True)
    )
    total = round(sum(printed), 1)
    return Split(
        bars,
        Quantity(total, "1", basis=basis, digits=None),
        rounded(Quantity(exp(sum(exact) / _LOG_POINTS), "1", basis=basis), 2),
    )


def adding_up(values: Sequence[float]) -> list[float]:
    """Round to tenths so that the rounded numbers add up to the rounded sum."""
    tenths = [value * 10 for value in values]
    below = [int(value // 1) for value in tenths]
    missing = round(sum(tenths)) - sum(below)
    order = sorted(range(len(values)), key=lambda spot: below[spot] - tenths[spot])
    for spot in order[:missing]:
        below[spot] += 1
    return [whole / 10 for whole in below]


def _bar(driver: Driver, value: float, extent: float) -> Bar:
    """Draw one driver."""
    contribution = driver.contribution
    low, high = (
        value if end is None else _end(end) * _LOG_POINTS
        for end in (contribution.low, contribution.high)
    )
    part = Quantity(value, "1", low=low, high=high, basis=contribution.basis)
    part = replace(part, low=None, high=None) if contribution.low is None else part
    within = tuple(
        (part.title, _log_points(part.contribution)) for part in driver.parts
    )
    return Bar(
        title=driver.title,
        part=rounded(part, 1),
        factor=rounded(driver.factor, 2),
        mark=interval_mark(value, low, high, extent, has_bar=True),
        within=within if len(within) > 1 else (),
    )


def _log_points(part: Quantity) -> Quantity:
    """Turn a logarithm into log points."""
    return rounded(Quantity(number_of(part) * _LOG_POINTS, "1", basis=part.basis), 1)


def _answer(one: Sensitivity) -> Answer:
    """Make one covariate's effect printable."""
    return Answer(one.title, one.driver, rounded(one.points, 1))


def _aim(aim: Aim) -> AimRow:
    """Make one aim printable."""
    before, now, ahead = (
        each.to("share") if aim.series.endswith("_share") else each
        for each in (aim.before, aim.now, aim.ahead)
    )
    return AimRow(
        title=aim.title,
        before=before,
        now=now,
        ahead=ahead,
        recent=_nearness(is_nearer=aim.is_nearer_now),
        coming=_nearness(is_nearer=aim.is_nearer_ahead),
        driver=driver_of(aim.series),
    )


def _nearness(*, is_nearer: bool | None) -> str:
    """Put into a word whether an aim comes nearer."""
    if is_nearer is None:
        return "unchanged"
    return "nearer" if is_nearer else "farther"


def driver_of(series: str) -> str:
    """Find the driver of the heat that an output of the run tells of."""
    name = series.removeprefix("covariate_")
    for driver, covariates in DRIVERS.items():
        if name in covariates or name in _AIM_DRIVERS[driver]:
            return driver
    return ""


def _end(value: object) -> float:
    """Read an end of an interval; none counts as zero."""
    return float(value) if isinstance(value, int | float) else 0.0
