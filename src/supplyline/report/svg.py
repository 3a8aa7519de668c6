"""Drawings that can live in one page: no shared ids, no fixed size, text as text."""

from __future__ import annotations

from html import escape
from typing import Final

from markupsafe import Markup

FONT: Final = "system-ui, 'Segoe UI', 'Liberation Sans', 'DejaVu Sans', sans-serif"
"""Letters of drawings."""


def frame(body: str, box: str, name: str, title: str, description: str) -> Markup:
    """Put a drawing into a frame with its title and description."""
    return Markup(  # noqa: S704 - texts are escaped by their makers
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{FONT}">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
        f"{body}</svg>"
    )
