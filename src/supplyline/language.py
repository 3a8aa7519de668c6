"""The reader's language: words and plurals of every message that is printed."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_CATALOGUE: Final[ContextVar[NullTranslations]] = ContextVar("catalogue")
_AS_WRITTEN: Final = NullTranslations()


def _(message: str) -> str:
    """Give a message in the reader's language."""
    return _CATALOGUE.get(_AS_WRITTEN).gettext(message)


def ngettext(one: str, many: str, number: float) -> str:
    """Give a message in the form that goes with a number."""
    return _CATALOGUE.get(_AS_WRITTEN).ngettext(one, many, number)  # type: ignore[arg-type]


def mark(message: str) -> str:
    """Mark a message for the catalogue; it is translated where it is printed."""
    return message


@contextmanager
def using(catalogue: NullTranslations) -> Iterator[None]:
    """Print by a catalogue for a while."""
    token = _CATALOGUE.set(catalogue)
    try:
        yield
    finally:
        _CATALOGUE.reset(token)
