"""What is known of a page or file once it has been read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

Media = Literal["html", "text", "markdown", "pdf"]
DatePrecision = Literal["day", "month", "year", "text"]


@dataclass(frozen=True, slots=True)
class Article:
    """The own text of one document, and what it says of itself."""

    sha256: str
    name: str
    media: Media
    title: str | None
    publisher: str | None
    published: date | None
    published_precision: DatePrecision | None
    language: str | None
    address: str | None
    text: str
    warnings: tuple[str, ...] = ()
