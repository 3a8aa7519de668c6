"""A scenario of the reader's own: corridors closed for some days, other escorts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from supplyline.case.change import Change
from supplyline.case.lookup import plain, words_of
from supplyline.case.scenario import Scenario
from supplyline.errors import Problem, ScenarioError, shown
from supplyline.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.case.case import Case

_MOST_DAYS: Final = 3650
_LONGEST_NAME: Final = 120
"""Signs of a name to which a folder adds that of the case and of the run."""
_CLOSE: Final = "--close"
_EXPECTED_CLOSURE: Final = "CORRIDOR:START:DAYS, such as kayes:2026-01-15:30"


class Closure(NamedTuple):
    """Corridors that are shut from a day on."""

    asked: str
    corridors: tuple[str, ...]
    start: date
    days: int

    @property
    def name(self) -> str:
        """Name the closure so that a folder may have it."""
        words = "-".join(plain(self.asked).replace("/", " ").split())
        return f"close-{words}-{self.start}-{self.days}d"


def own_scenario(
    case: Case, closures: Sequence[str], escorts: float | None
) -> tuple[Scenario, list[Closure]]:
    """Make a scenario of closures as written and of escorts; tell all faults."""
    problems: list[Problem] = []
    read = [_read(case, text, problems) for text in closures]
    if escorts is not None and not 0 <= escorts <= 100:
        expected = "a factor from 0 (none) to 100, such as 2"
        problems.append(Problem(case.name, None, "--escorts", shown(escorts), expected))
    if problems:
        raise ScenarioError(case.name, problems)
    shut = list(dict.fromkeys(each for each in read if each is not None))
    after = case.config.cutoff + timedelta(days=1)
    start = min([each.start for each in shut], default=after)
    names, titles = [each.name for each in shut], [_title(each) for each in shut]
    rows = [row for number, each in enumerate(shut, 1) for row in _rows(each, number)]
    if escorts is not None:
        names.append(f"escorts-x{escorts:g}")
        titles.append(_("Escorts times {factor}").format(factor=f"{escorts:g}"))
        rows.append(
            _row("own-escorts", "escort_factor", after, value=escorts, unit="1")
        )
        start = min(start, after)
    title = "; ".join(titles)
    question = _("What changes with this: {title}?").format(title=title)
    change = Change("measures", add=tuple(rows))
    return Scenario(_folder_name(names), title, question, start, (change,)), shut


def _folder_name(names: list[str]) -> str:
    """Join names while a folder may have them; count those that it may not."""
    for left_out in range(len(names)):
        kept = names[: len(names) - left_out]
        name = "-".join(kept) + (f"-and-{left_out}-more" if left_out else "")
        if len(name) <= _LONGEST_NAME:
            return name
    return f"{names[0][:_LONGEST_NAME]}-and-{len(names) - 1}-more"


def _read(case: Case, text: str, problems: list[Problem]) -> Closure | None:
    """Read one closure as written; add what is wrong with it."""
    parts = text.rsplit(":", 2)
    if len(parts) != 3:
        problems.append(
            Problem(case.name, None, _CLOSE, shown(text), _EXPECTED_CLOSURE)
        )
        return None
    asked, day, count = (part.strip() for part in parts)
    faults = len(problems)
    corridors = _find(case, asked, problems)
    start, days = _read_start(case, day, problems), 0
    digits = count.removesuffix("d")
    if digits.isdecimal() and 1 <= int(digits) <= _MOST_DAYS:
        days = int(digits)
    else:
        expected = f"days from 1 to {_MOST_DAYS}, such as 30"
        problems.append(
            Problem(case.name, None, f"{_CLOSE} days", shown(count), expected)
        )
    return Closure(asked, corridors, start, days) if len(problems) == faults else None


def _read_start(case: Case, text: str, problems: list[Problem]) -> date:
    """Read the first day of a closure; add what is wrong with it."""
    first, last = case.config.start, case.config.cutoff + timedelta(days=_MOST_DAYS)
    try:
        start = date.fromisoformat(text)
    except ValueError:
        start = date.max
    if start.isoformat() != text or start == date.max:
        expected = "a day such as 2026-01-15"
    elif not first <= start <= last:
        expected = f"a day from the start of the case, {first}, to {last}"
    else:
        return start
    problems.append(Problem(case.name, None, f"{_CLOSE} start", shown(text), expected))
    return first


def _find(case: Case, asked: str, problems: list[Problem]) -> tuple[str, ...]:
    """Find corridors by name, by a place on the way, or by words of the title."""
    table = case.tables["corridors"]
    titles = dict(zip(table["corridor"], table["title"], strict=True))
    wanted = plain(asked)
    named = [c for c, title in titles.items() if wanted in (plain(c), plain(title))]
    imports = table.loc[table["kind"] == "import", "corridor"].tolist()
    segments = case.tables["segments"].set_index("segment")[["from_place", "to_place"]]
    steps = case.tables["corridor_segments"].join(segments, on="segment")
    places = case.tables["places"]
    meant = {
        place
        for place, title in zip(places["place"], places["title"], strict=True)
        if wanted in (plain(place), plain(title))
    }
    is_met = steps["from_place"].isin(meant) | steps["to_place"].isin(meant)
    passed = set(steps.loc[is_met, "corridor"])
    by_place = [corridor for corridor in imports if corridor in passed]
    words = set(words_of(wanted))
    by_title = [c for c in imports if words and words <= set(words_of(titles[c]))]
    found = named or by_place or by_title or _by_mode(case, wanted)
    if not found:
        known = [*titles, *titles.values(), *places["place"], *places["title"]]
        expected = "a corridor, words of its title, or a place on an import corridor"
        problems.append(
            Problem.unknown(case.name, None, _CLOSE, asked, known, expected)
        )
    return tuple(found)


def _by_mode(case: Case, wanted: str) -> list[str]:
    """Find import corridors by a place and a mode, such as the Kayes road."""
    segments = case.tables["segments"].set_index("segment")
    modes = set(segments["mode"])
    words = [word for word in wanted.split() if word != "the"]
    asked = modes.intersection(words)
    place = " ".join(word for word in words if word not in modes)
    if len(asked) != 1 or not place:
        return []
    steps = case.tables["corridor_segments"]
    others = steps.loc[~steps["segment"].map(segments["mode"]).isin(asked), "corridor"]
    return [each for each in _find(case, place, []) if each not in set(others)]


def _title(closure: Closure) -> str:
    """Say in words what is shut."""
    return _("{way} closed for {days} days from {start}").format(
        way=closure.asked[:1].upper() + closure.asked[1:],
        days=closure.days,
        start=closure.start.isoformat(),
    )


def _rows(closure: Closure, number: int) -> list[dict[str, Any]]:
    """Give the measures that shut the corridors; the last day is within."""
    last = closure.start + timedelta(days=closure.days - 1)
    return [
        _row(f"own-{number}-{each}", "closure", closure.start, target=each, end=last)
        for each in closure.corridors
    ]


def _row(name: str, kind: str, start: date, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - cells of a table
    return {
        "measure": name,
        "kind": kind,
        "start": start,
        "source": "assumption",
        **more,
    }
