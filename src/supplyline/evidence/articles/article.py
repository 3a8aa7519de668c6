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
    """The own text of one document, and what it says of itself.

    Attributes
    ----------
    sha256 : str
        SHA-256 of the bytes of the document.
    name : str
        Name of the file, or address.
    media : Media
        Form of the document.
    title, publisher : str or None
        What it says of itself.
    published : datetime.date or None
        Day of publication, or the last day of its month or year.
    published_precision : DatePrecision or None
        How exact that is; "text" where it is inferred from the dates of the text.
    language : str or None
        ISO 639 code.
    address : str or None
        Address of the page.
    text : str
        The article's own text: paragraphs parted by an empty line, without menus,
        captions, teasers and other stories. Spans of candidates count its characters.
    warnings : tuple of str
        What a reader should know, such as a guessed encoding.
    """

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
