"""Where the main group attacked in mid-2024, for a run that starts on 1 July 2024.

The southwest then had 8 % of its violence in Mali (F0007) against close to 20 % in 2025
(F0008). The rest of Mali is scaled up so that the sum stays; neighbours and the other
groups stay as they are. Control stays too: no source tells how much land changed hands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mali import force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from case_folder import Cells

START = "2024-07-01"
"""First day of the run these shares are meant for."""
NOTE = (
    "mid-2024: southwest scaled to 0.08 of the attacks in Mali (F0007), the rest of "
    "Mali scaled up; neighbours as in 2025"
)


def presence() -> Iterator[Cells]:
    """Yield the rows of presence.csv as they stood in mid-2024.

    Yields
    ------
    Cells
        One row of presence.csv.
    """
    now = sum(
        stand.attacks
        for region, stand in force.HOME.items()
        if force.REGIONS[region].zone == force.SOUTHWEST
    )
    down = force.SOUTHWEST_EARLIER / now
    up = (1 - force.SOUTHWEST_EARLIER) / (1 - now)
    for row in force.presence():
        region = str(row["region"])
        if row["group"] != force.MAIN or region not in force.HOME:
            yield row
            continue
        is_southwest = force.REGIONS[region].zone == force.SOUTHWEST
        share = force.HOME[region].attacks * (down if is_southwest else up)
        yield {**row, "attack_share": share * force.HOME_SHARE, "note": NOTE}
