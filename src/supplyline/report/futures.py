"""How it may end: the eight futures with their shares, their looks and early signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.analysis.course import WEEK
from supplyline.analysis.futures import LONG_DAYS
from supplyline.analysis.futures import futures as classify
from supplyline.analysis.members import basis_of
from supplyline.analysis.signs import AHEAD_DAYS
from supplyline.quantities import Quantity
from supplyline.report.marks import share_mark
from supplyline.report.series import dated

if TYPE_CHECKING:
    from markupsafe import Markup

    from supplyline.analysis.futures import Feature, Future, Futures
    from supplyline.analysis.signs import Sign
    from supplyline.runs import Run

FEWEST_DAYS: Final = LONG_DAYS + WEEK - 1
"""Days without which the rules cannot be applied [days]."""
SIGNS_SHOWN: Final = 3
"""Early signs told of each future."""


@dataclass(frozen=True, slots=True)
class FutureRow:
    """One future."""

    title: str
    rule: str
    """Its name, and when a course counts as it."""
    share: Quantity
    """Share of the members [probability]."""
    mark: Markup
    """The share drawn on a common scale."""
    features: tuple[Feature, ...]
    """What its members look like beside the others."""
    signs: tuple[Sign, ...]
    """Early signs, best first."""
    note: str
    """Why there are no signs; empty where there are, or where no member is."""


@dataclass(frozen=True, slots=True)
class FuturesPage:
    """All that the brief says of futures."""

    rows: tuple[FutureRow, ...]
    start: Quantity
    end: Quantity
    sign_days: Quantity
    count: Quantity

    @property
    def likeliest(self) -> FutureRow:
        """The future with most members."""
        return max(self.rows, key=lambda row: _float(row.share))


def why_no_futures(run: Run) -> str:
    """Say why a brief holds no futures."""
    if not run.has_country:
        return "the case describes no armed groups"
    if run.daily.sizes["day"] < FEWEST_DAYS:
        return "the run is too short for their rules"
    return ""


def futures_of(run: Run) -> Futures | None:
    """Class the members by their future where the run holds what it takes."""
    return None if why_no_futures(run) else classify(run)


def futures_page(futures: Futures) -> FuturesPage:
    """Make the futures printable."""
    basis = basis_of(futures.run)

    def whole(number: int, unit: str) -> Quantity:
        return Quantity(float(number), unit, basis=basis, digits=None)

    extent = max(0.1, *(_end(future.share.high) for future in futures.classes))
    return FuturesPage(
        rows=tuple(_row(futures, future, extent) for future in futures.classes),
        start=dated(futures.start, basis),
        end=dated(futures.end, basis),
        sign_days=whole(AHEAD_DAYS, "days"),
        count=whole(len(futures.classes), "1"),
    )


def _row(futures: Futures, future: Future, extent: float) -> FutureRow:
    """Make one future printable; one without members has no looks and no signs."""
    share = future.share
    mark = share_mark(_float(share), _end(share.low), _end(share.high), extent)
    if not future.members:
        return FutureRow(future.title, future.rule, share, mark, (), (), "")
    signs = futures.signs(future.name)
    return FutureRow(
        title=future.title,
        rule=future.rule,
        share=share,
        mark=mark,
        features=futures.typical(future.name),
        signs=signs.found[:SIGNS_SHOWN],
        note=signs.note or "",
    )


def _float(quantity: Quantity) -> float:
    """Read the value of a number that is no date."""
    value = quantity.value
    return float(value) if isinstance(value, int | float) else 0.0


def _end(value: object) -> float:
    """Read an end of an interval; none counts as zero."""
    return float(value) if isinstance(value, int | float) else 0.0
