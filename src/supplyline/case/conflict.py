"""Rules about armed groups: who they are, what they hold, and how they fight.

A case without rows in groups.csv has no conflict submodel, and may not state any of it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from supplyline.case.draft import Draft, Rule, plain
from supplyline.errors import Problem, shown
from supplyline.tables.conflict import Attack, Group, Partner, Presence, Relation
from supplyline.tables.supply import Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from supplyline.case.read import Table
    from supplyline.tables.row import Row

    _Regions = list[tuple[int | None, Region]]

_ROUNDING: Final = 1e-6
_REGION_FIELDS: Final = ("population", "zone", "state_control_share", "soldiers_share")
"""What the conflict submodel asks of each region of the country."""


def _no_sum(total: float) -> bool:
    """Tell whether shares fail to sum to 1."""
    return abs(total - 1) > _ROUNDING


def _interdictor(draft: Draft) -> Iterator[Problem]:
    """Find groups that enforce the bans beside another, or none that does."""
    groups = draft.table(Group)
    first = None
    for line, row in groups:
        if row.is_interdictor and first is not None:
            expected = f"false, as '{first}' already enforces the bans"
            yield Problem(groups.file, line, "is_interdictor", "'true'", expected)
        elif row.is_interdictor:
            first = row.group
    if groups.rows and first is None:
        found, expected = "has no group that enforces the bans", "is_interdictor true"
        yield Problem(groups.file, None, None, found, f"{expected} in one row")


def _needed_tables(draft: Draft) -> Iterator[Problem]:
    """Find groups without attacks, and attacks or partners without groups."""
    has_groups = bool(draft.table(Group).rows)
    attacks = draft.table(Attack)
    if has_groups and attacks.is_whole and not attacks.rows:
        expected = "one row or more, as groups.csv has rows"
        yield Problem(attacks.file, None, None, "has no rows", expected)
    for name in ("attacks", "partners"):
        table = draft.tables[name]
        if not has_groups and table.rows:
            expected = "none, as groups.csv has no rows"
            yield Problem(table.file, table.lines[0], None, "holds a row", expected)


def _absent_groups(draft: Draft) -> Iterator[Problem]:
    """Find groups that stand in no region."""
    presence = draft.table(Presence)
    present = {row.group for _, row in presence}
    for line, row in draft.table(Group):
        if row.group not in present:
            expected = "a group with rows in presence.csv"
            yield Problem("groups.csv", line, "group", shown(row.group), expected)


def _attack_sums(draft: Draft) -> Iterator[Problem]:
    """Find groups whose attacks do not sum to 1 over regions."""
    presence = draft.table(Presence)
    rows = [(line, row.group, row.attack_share) for line, row in presence]
    for group, line, total in _totals(rows):
        if _no_sum(total):
            found = f"part of a sum of {total:.6g} for '{group}'"
            expected = "shares of a group that sum to 1"
            yield Problem(presence.file, line, "attack_share", found, expected)


def _control_sums(draft: Draft) -> Iterator[Problem]:
    """Find regions of which more than all is held."""
    regions, presence = draft.table(Region), draft.table(Presence)
    held = {row.region: row.state_control_share or 0.0 for _, row in regions}
    rows = [(line, row.region, row.control_share) for line, row in presence]
    for region, line, total in _totals(rows):
        whole = total + held.get(region, 0.0)
        if whole > 1 + _ROUNDING:
            found = f"part of a sum of {whole:.6g} for '{region}'"
            expected = "at most 1 with the state_control_share of regions.csv"
            yield Problem(presence.file, line, "control_share", found, expected)


def _totals(
    rows: Iterable[tuple[int | None, str, float]],
) -> Iterator[tuple[str, int | None, float]]:
    """Sum shares by name; the line is that of the last row."""
    sums: dict[str, float] = defaultdict(float)
    last: dict[str, int | None] = {}
    for line, name, share in rows:
        sums[name] += share
        last[name] = line
    for name, total in sums.items():
        yield name, last[name], total


def _attack_kinds(draft: Draft) -> Iterator[Problem]:
    """Find kinds of attack whose shares do not sum to 1."""
    for field in ("share", "pulse_share"):
        yield from _sum_problem(draft.table(Attack), field)


def _sum_problem(table: Table[Attack], field: str) -> Iterator[Problem]:
    """Tell of a column that does not sum to 1, at its last row."""
    total = sum(getattr(row, field) for row in table.rows)
    if table.rows and _no_sum(total):
        found = f"part of a sum of {total:.6g}"
        expected = "shares of the rows that sum to 1"
        yield Problem(table.file, table.lines[-1], field, found, expected)


def _relations(draft: Draft) -> Iterator[Problem]:
    """Find groups related to themselves, and pairs that stand in both orders."""
    relations = draft.table(Relation)
    seen: dict[tuple[str, str], int | None] = {}
    for line, row in relations:
        if row.group == row.other:
            expected = "another group than 'group'"
            yield Problem(relations.file, line, "other", shown(row.other), expected)
        elif (row.other, row.group) in seen:
            first = seen[row.other, row.group]
            found = shown(f"{row.group}, {row.other}")
            found += "" if first is None else f", as in line {first}"
            expected = "each pair once, in either order"
            yield Problem(relations.file, line, "group, other", found, expected)
        seen[row.group, row.other] = line


def _partner_shares(draft: Draft) -> Iterator[Problem]:
    """Find partners who spend more than all their effort."""
    partners = draft.table(Partner)
    for line, row in partners:
        if row.offensive_share + row.escort_share > 1 + _ROUNDING:
            expected = f"at most 1 with offensive_share, which is {row.offensive_share}"
            found = shown(plain(row.escort_share))
            yield Problem(partners.file, line, "escort_share", found, expected)


def _region_columns(draft: Draft) -> Iterator[Problem]:
    """Find regions of the country that lack what a case with groups needs."""
    if not draft.table(Group).rows:
        return
    inside = [(line, row) for line, row in draft.table(Region) if not row.is_boundary]
    expected = "a value, as groups.csv has rows"
    for field in _REGION_FIELDS:
        yield from _empty_regions(inside, field, expected)
    yield from _region_sum(inside, "soldiers_share")
    if any(row.gold_share is not None for _, row in inside):
        expected = "a number, as other regions have one"
        yield from _empty_regions(inside, "gold_share", expected)
        yield from _region_sum(inside, "gold_share")


def _empty_regions(inside: _Regions, field: str, expected: str) -> Iterator[Problem]:
    """Tell of regions that leave a column empty."""
    for line, row in inside:
        if getattr(row, field) is None:
            yield Problem("regions.csv", line, field, "empty", expected)


def _region_sum(inside: _Regions, field: str) -> Iterator[Problem]:
    """Tell of shares of the country that do not sum to 1, at the last region."""
    shares = [getattr(row, field) for _, row in inside]
    if not inside or None in shares or not _no_sum(sum(shares)):
        return
    found = f"part of a sum of {sum(shares):.6g}"
    expected = "shares of the regions inside the country that sum to 1"
    yield Problem("regions.csv", inside[-1][0], field, found, expected)


_PRESENT: Final[tuple[type[Row], ...]] = (Group, Presence)

RULES: Final = (
    Rule(_interdictor, (Group,)),
    Rule(_needed_tables, (Group,)),
    Rule(_absent_groups, _PRESENT),
    Rule(_attack_sums, (Presence,)),
    Rule(_control_sums, (Region, Presence)),
    Rule(_attack_kinds, (Attack,)),
    Rule(_relations),
    Rule(_partner_shares),
    Rule(_region_columns, (Group, Region)),
)
"""Rules about armed groups."""
