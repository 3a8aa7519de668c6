"""ACLED: events and deletions, page by page, after a login by OAuth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from supplyline.errors import DownloadError
from supplyline.evidence.downloads.pages_kept import Pages, rows_of
from supplyline.evidence.downloads.polite import Asker, Manners, UnauthorisedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from supplyline.evidence.downloads.credentials import Secret

ADDRESS: Final = "https://acleddata.com"
"""Where the server is found."""
USER: Final = "ACLED_USERNAME"
"""Environment variable, or entry of the keyring, with the name of the account."""
PASSWORD: Final = "ACLED_PASSWORD"  # noqa: S105 - the name, not the secret
"""Environment variable, or entry of the keyring, with its password."""

_PAGE_ROWS: Final = 5000


@dataclass(frozen=True, slots=True)
class AcledRequest:
    """What is asked of ACLED.

    Attributes
    ----------
    countries : tuple of str
        Names of countries as ACLED writes them; empty means all.
    first, last : datetime.date or None
        First and last day of the events.
    changed_since : int or None
        Only what was changed, or deleted, since this moment [s since 1970].
    is_deletions : bool
        Whether the ids of deleted events are asked for instead of events.
    """

    countries: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    changed_since: int | None = None
    is_deletions: bool = False

    @property
    def path(self) -> str:
        """Path on the server."""
        return "/api/deleted/read" if self.is_deletions else "/api/acled/read"

    def query(self) -> dict[str, str]:
        """Write the query without the number of the page."""
        parts = {"_format": "json", "limit": str(_PAGE_ROWS)}
        if self.changed_since is not None:
            name = "deleted_timestamp" if self.is_deletions else "timestamp"
            parts |= {name: str(self.changed_since), f"{name}_where": ">="}
        if self.is_deletions:
            return parts
        if self.countries:
            parts["country"] = ":OR:country=".join(self.countries)
        if self.first and self.last:
            parts["event_date"] = f"{self.first}|{self.last}"
            parts["event_date_where"] = "BETWEEN"
        elif self.first or self.last:
            parts["event_date"] = f"{self.first or self.last}"
            parts["event_date_where"] = ">=" if self.first else "<="
        return parts


@dataclass(slots=True)
class _Login:
    """A login that is renewed when it has run out."""

    asker: Asker
    user: Secret
    password: Secret
    _bearer: str | None = field(default=None, repr=False)

    def ask(self, path: str, params: dict[str, str]) -> dict[str, Any]:
        """Ask for a page; log in once more where the login has run out."""
        is_fresh = self._bearer is None
        if is_fresh:
            self._log_in()
        try:
            return self.asker.ask(path, params=params, headers=self._headers())
        except UnauthorisedError:
            if is_fresh:
                raise
        self._log_in()
        return self.asker.ask(path, params=params, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._bearer}"}

    def _log_in(self) -> None:
        form = {
            "grant_type": "password",
            "client_id": "acled",
            "username": self.user.word,
            "password": self.password.word,
        }
        answer = self.asker.ask("/oauth/token", form=form)
        bearer = answer.get("access_token")
        if not isinstance(bearer, str) or not bearer:
            message = "the server gives no access token"
            raise DownloadError(message)
        self._bearer = bearer


def download_acled(
    target: Path,
    request: AcledRequest,
    user: Secret,
    password: Secret,
    *,
    address: str = ADDRESS,
    manners: Manners | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Fetch events or deletions of ACLED into a CSV file; a broken download goes on."""
    pages = Pages.of(target, {"path": request.path, **request.query()})
    done = pages.count()
    is_last = done > 0 and _is_last(pages.read(done - 1))
    with Asker(address, manners or Manners()) as asker:
        login = _Login(asker, user, password)
        while not is_last:
            page = login.ask(request.path, {**request.query(), "page": str(done + 1)})
            if page.get("success") is False:
                message = "the server reports a failure of the request"
                raise DownloadError(message)
            is_last = _is_last(page)
            if not is_last and done and page == pages.read(done - 1):
                message = "the server gives the same page again; expected the next"
                raise DownloadError(message)
            pages.keep(done, page)
            done += 1
            if progress is not None:
                progress(done, done if is_last else done + 1)
    return pages.finish("data")


def _is_last(page: dict[str, Any]) -> bool:
    """Tell whether no page can follow; a server may give fewer rows than asked for."""
    return not rows_of(page, "data")
