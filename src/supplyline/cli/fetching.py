"""Fetch a data set for `supplyline evidence download`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from pathlib import Path

    from supplyline.cli.speech import Speech

    Progress = Callable[[int, int], None]

DATA_SETS: Final = ("ucdp", "acled", "acled-deletions")
"""What can be fetched."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a data set is wanted."""

    countries: tuple[str, ...]
    first: date | None
    last: date | None
    version: str
    changed_since: datetime | None


def fetch(data_set: str, target: Path, wanted: Wanted, speech: Speech) -> int:
    """Fetch a data set into a CSV file."""
    from supplyline.errors import DownloadError, nearest, shown
    from supplyline.output import refuse_file

    if data_set not in DATA_SETS:
        near = nearest(data_set, DATA_SETS)
        hint = "" if near is None else f" (did you mean '{near}'?)"
        message = f"data set is {shown(data_set)}; expected one of {DATA_SETS}{hint}"
        raise DownloadError(message)

    refuse_file(target)

    def progress(done: int, pages: int) -> None:
        speech.step("page", f"{done:,} of {pages:,}")

    if data_set == "ucdp":
        return _ucdp(target, wanted, progress)
    return _acled(target, wanted, progress, is_deletions=data_set != "acled")


def _ucdp(target: Path, wanted: Wanted, progress: Progress) -> int:
    """Fetch events of UCDP."""
    from supplyline.evidence.downloads.credentials import find_secret
    from supplyline.evidence.downloads.ucdp_download import (
        TOKEN,
        UcdpRequest,
        download_ucdp,
    )

    numbers = tuple(ucdp_number(country) for country in wanted.countries)
    request = UcdpRequest(wanted.version, numbers, wanted.first, wanted.last)
    return download_ucdp(target, request, find_secret(TOKEN), progress=progress)


def ucdp_number(country: str) -> int:
    """Give the number by which UCDP, after Gleditsch and Ward, knows a country."""
    from supplyline.errors import DownloadError, nearest, shown
    from supplyline.evidence.events.lookups import countries

    numbers = {iso2: number for number, iso2 in countries("gleditsch_ward").items()}
    names = {name.lower(): iso2 for name, iso2 in countries("title").items()}
    names |= {iso3.lower(): iso2 for iso3, iso2 in countries("iso3").items()}
    wanted = names.get(country.lower(), country.upper())
    if country.isdecimal() or wanted in numbers:
        return int(numbers.get(wanted, country))
    near = nearest(country.lower(), names)
    hint = "" if near is None else f" (did you mean {shown(near)}?)"
    message = (
        f"country is {shown(country)}; expected a name, an ISO 3166 code or a UCDP "
        f"number, such as Mali, MLI or 432{hint}"
    )
    raise DownloadError(message)


def _acled(
    target: Path,
    wanted: Wanted,
    progress: Callable[[int, int], None],
    *,
    is_deletions: bool,
) -> int:
    """Fetch events or deletions of ACLED."""
    from datetime import UTC

    from supplyline.evidence.downloads.acled_download import (
        PASSWORD,
        USER,
        AcledRequest,
        download_acled,
    )
    from supplyline.evidence.downloads.credentials import find_secret

    since = wanted.changed_since
    request = AcledRequest(
        countries=wanted.countries,
        first=wanted.first,
        last=wanted.last,
        changed_since=None
        if since is None
        else int(since.replace(tzinfo=UTC).timestamp()),
        is_deletions=is_deletions,
    )
    account = find_secret(USER), find_secret(PASSWORD)
    return download_acled(target, request, *account, progress=progress)
