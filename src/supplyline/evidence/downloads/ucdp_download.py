"""UCDP: events of its data sets, page by page, with an access token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.errors import DownloadError, shown
from supplyline.evidence.downloads.pages_kept import Pages, rows_of
from supplyline.evidence.downloads.polite import Asker, Manners

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from supplyline.evidence.downloads.credentials import Secret

ADDRESS: Final = "https://ucdpapi.pcr.uu.se"
"""Where the server is found."""
TOKEN: Final = "UCDP_ACCESS_TOKEN"  # noqa: S105 - the name, not the secret
"""Environment variable, or entry of the keyring, with the token."""

_VERSION: Final = re.compile(r"\d{1,3}(\.\d{1,3}){1,3}")
_PAGE_ROWS: Final = 1000


@dataclass(frozen=True, slots=True)
class UcdpRequest:
    """What is asked of UCDP."""

    version: str
    countries: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None

    def query(self) -> dict[str, str]:
        """Write the query."""
        parts = {
            "pagesize": str(_PAGE_ROWS),
            "Country": ",".join(map(str, self.countries)),
            "StartDate": f"{self.first or ''}",
            "EndDate": f"{self.last or ''}",
        }
        return {name: text for name, text in parts.items() if text}


def download_ucdp(
    target: Path,
    request: UcdpRequest,
    token: Secret,
    *,
    address: str = ADDRESS,
    manners: Manners | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Fetch events of UCDP into a CSV file; a broken download goes on where it was."""
    if not _VERSION.fullmatch(request.version):
        message = f"version is {shown(request.version)}; expected such as 25.1"
        raise DownloadError(message)
    pages = Pages.of(target, {"version": request.version, **request.query()})
    headers = {"x-ucdp-access-token": token.word}
    done = pages.count()
    next_page: object = f"/api/gedevents/{request.version}"
    params: dict[str, str] | None = request.query()
    expected: object = None
    if done:
        kept = pages.read(done - 1)
        next_page, params, expected = kept["NextPageUrl"], None, kept.get("TotalCount")
    rows = sum(len(rows_of(pages.read(number), "Result")) for number in range(done))
    with Asker(address, manners or Manners()) as asker:
        while next_page:
            page = asker.ask(str(next_page), params=params, headers=headers)
            rows += len(rows_of(page, "Result"))
            following = page.get("NextPageUrl")
            pages.keep(done, {**page, "NextPageUrl": following})
            done, params, expected = done + 1, None, page.get("TotalCount")
            if progress is not None:
                progress(done, int(page.get("TotalPages") or done))
            if following == next_page:
                message = "the server gives a page as the next of itself"
                raise DownloadError(message)
            next_page = following
    if isinstance(expected, int) and expected != rows:
        message = (
            f"{rows:,} rows came of {expected:,}; the data changed meanwhile: remove "
            f"{pages.folder} and repeat the command"
        )
        raise DownloadError(message)
    return pages.finish("Result")
