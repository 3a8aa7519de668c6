"""What of the store lies outside the days and the area of a case, counted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, not_, select

from supplyline.evidence.store.event_tables import EVENTS, PRICES

if TYPE_CHECKING:
    from supplyline.evidence.store.connection import Store


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows of the store that a case does not look at."""

    first: date
    cutoff: date
    events_after: int
    prices_after: int
    last: date | None
    events_before: int
    events_outside: int

    def cutoff_lines(self, case: str) -> list[str]:
        """Say what lies after the cut-off, and what takes it in."""
        counts = (("event", self.events_after), ("price", self.prices_after))
        named = [_counted(count, word) for word, count in counts if count]
        if not named or self.last is None:
            return []
        what = f"{' and '.join(named)}, the last of {self.last}"
        return [
            f"After the cut-off, {self.cutoff}, and not used: {what}; to take them in:",
            f"  supplyline evidence export {case} --cutoff {self.last}",
        ]

    def lines(self, case: str) -> list[str]:
        """Say what is left out, and why."""
        lines = self.cutoff_lines(case)
        if self.events_before:
            before = _counted(self.events_before, "event")
            lines.append(f"Before {self.first}, and not used: {before}")
        if self.events_outside:
            outside = _counted(self.events_outside, "event")
            lines.append(f"Outside the area of the case, and not used: {outside}")
        return lines

    def result(self) -> dict[str, Any]:
        """Tell it as plain values."""
        return {
            name: str(value) if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }


def count_left_out(
    store: Store, first: date, cutoff: date, box: tuple[float, float, float, float]
) -> LeftOut:
    """Count what lies outside the days and the area of a case."""
    west, south, east, north = box
    event, price = EVENTS.c, PRICES.c
    in_area = func.coalesce(event.lat.between(south, north), False) & func.coalesce(
        event.lon.between(west, east), False
    )
    later = select(func.count(), func.max(event.start))
    with store.reading() as connection:
        after, last = connection.execute(
            later.where(in_area, event.start > cutoff)
        ).one()
        prices, last_price = connection.execute(
            select(func.count(), func.max(price.date)).where(price.date > cutoff)
        ).one()
        count = select(func.count()).select_from(EVENTS)
        before = connection.scalar(count.where(in_area, event.end < first))
        outside = connection.scalar(count.where(not_(in_area)))
    days = [day for day in (last, last_price) if day is not None]
    return LeftOut(
        first=first,
        cutoff=cutoff,
        events_after=after,
        prices_after=prices,
        last=max(days, default=None),
        events_before=before or 0,
        events_outside=outside or 0,
    )


def _counted(count: int, word: str) -> str:
    """Say how many there are of a thing."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"
