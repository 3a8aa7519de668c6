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
SOUTHWEST_SHARE = 0.08
"""Share of the southwest in the main group's attacks in Mali in 2024, F0007 [1]."""
NOTE = "mid-2024: southwest scaled to 0.08 of the attacks in Mali (F0007)"


def presence() -> Iterator[Cells]:
    """Yield the rows of presence.csv as they stood in mid-2024.

    Yields
    ------
    Cells
        One row of presence.csv.
    """
    for row in force.presence(SOUTHWEST_SHARE):
        is_scaled = row["group"] == force.MAIN and row["region"] in force.HOME
        yield {**row, "note": NOTE} if is_scaled else row
