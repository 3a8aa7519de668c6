"""What a row of a table says, in one sentence for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Cells = Mapping[str, str]


def sentence(table: str, key: str, cells: Cells) -> str:
    """Say what a row says."""
    if table in _SENTENCES:
        return _SENTENCES[table](cells)
    title = cells.get("title") or cells.get("summary") or key.replace("/", ", ")
    meaning = (TABLES[table].__doc__ or "").splitlines()[0].rstrip(".")
    return f"{title} ({meaning[:1].lower()}{meaning[1:]})"


def reported(cells: Cells) -> str:
    """Write what a claim reports."""
    if cells["value"] == "":
        return f"{_range(cells, 'low', 'high')} {cells['unit']}"
    ends = [end for end in (cells["low"], cells["high"]) if end != ""]
    between = f" ({' to '.join(ends)})" if ends else ""
    return f"{cells['value']}{between} {cells['unit']}"


def _range(cells: Cells, low: str, high: str) -> str:
    """Write a low and a high end, once where they are the same."""
    if cells[low] == cells[high]:
        return cells[low]
    return f"{cells[low]} to {cells[high]}"


def _claim(cells: Cells) -> str:
    about = f"{cells['subject']}, {cells['quantity']}, {cells['area']}"
    days = f"{cells['start']} to {cells['end']}"
    return f"{about}: {reported(cells)} ({days})".replace("_", " ")


def _parameter(cells: Cells) -> str:
    spread = cells["a"] if cells["b"] == "" else f"{cells['a']}, {cells['b']}"
    prior = f"{cells['distribution']} ({spread}) [{cells['unit']}]"
    return f"{cells['meaning'].rstrip('.')}: {prior}, used by {cells['submodel']}"


def _group(cells: Cells) -> str:
    fighters = _range(cells, "fighters_low", "fighters_high")
    cash = _range(cells, "cash_low_usd", "cash_high_usd")
    attacks = _range(cells, "attacks_low_per_month", "attacks_high_per_month")
    start = f"{fighters} fighters, {cash} USD, {attacks} attacks a month"
    role = "; it enforces the bans" if cells["is_interdictor"] == "true" else ""
    return f"Armed group {cells['group']} at the start: {start}{role}"


def _presence(cells: Cells) -> str:
    held = f"{cells['group']} holds {cells['control_share']} of {cells['region']}"
    return f"{held} at the start; {cells['attack_share']} of its attacks fall there"


def _relation(cells: Cells) -> str:
    scale = "-1 is war, 1 an alliance"
    return f"{cells['group']} to {cells['other']}: {cells['alliance']} ({scale})"


def _attack(cells: Cells) -> str:
    shares = f"{cells['share']} of attacks, {cells['pulse_share']} in an offensive"
    killed = ", ".join(
        f"{cells[f'{side}_killed']} {side}"
        for side in ("soldiers", "civilians", "fighters")
    )
    return f"{cells['title']}: {shares}; killed on average: {killed}"


def _partner(cells: Cells) -> str:
    troops = f"{_range(cells, 'troops_low', 'troops_high')} troops"
    until = f" to {cells['end']}" if cells["end"] else " on"
    return f"{cells['title']}: {troops} beside the army from {cells['start']}{until}"


def _leader(cells: Cells) -> str:
    return f"{cells['date']}: {cells['title']} ({cells['kind'].replace('_', ' ')})"


def _aim(cells: Cells) -> str:
    wish = f"The leader wants: {cells['title']}"
    return f"{wish} (series {cells['series']}, {cells['better']} is better)"


def _scorecard(cells: Cells) -> str:
    if not cells["measure"]:
        return f"No modelled value stands beside this claim: {cells['reason']}"
    argument = f" of {cells['argument']}" if cells["argument"] else ""
    return f"This claim is compared with the run's {cells['measure']}{argument}"


_SENTENCES: Final[dict[str, Callable[[Cells], str]]] = {
    "claims": _claim,
    "params": _parameter,
    "groups": _group,
    "presence": _presence,
    "relations": _relation,
    "attacks": _attack,
    "partners": _partner,
    "leader": _leader,
    "aims": _aim,
    "scorecard": _scorecard,
}
"""Table to the sentence of its rows; the others are told by title and table."""
