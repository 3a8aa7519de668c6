"""The packages that only this wing needs: the extra ``supplyline[evidence]``."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from supplyline.errors import MissingExtraError

PACKAGES: Final = (
    "defusedxml",
    "htmldate",
    "httpx",
    "lxml_html_clean",
    "openpyxl",
    "py3langid",
    "pypdfium2",
    "scipy",
    "sqlalchemy",
    "trafilatura",
)


def require_extra() -> None:
    """Stop where a package of the extra is not installed."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise MissingExtraError(missing, "evidence")
