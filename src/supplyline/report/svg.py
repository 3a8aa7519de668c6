"""Drawings that can live in one page: no shared ids, no fixed size, text as text."""

from __future__ import annotations

import re
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HEAD: Final = re.compile(r"^.*?<svg[^>]*viewBox=\"([^\"]*)\"[^>]*>", re.DOTALL)
_METADATA: Final = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_ID: Final = re.compile(r' id="([^"]*)"')
_USED: Final = re.compile(r'(?:url\(#|href="#)([^")]*)')
_DECIMALS: Final = re.compile(r"(\d+\.\d)\d+")
_FONT: Final = re.compile(r"font: (?:bold )?([\d.]+)px [^;\"]*")
_BLANK: Final = re.compile(r"\n\s*")
_EMPTY: Final = re.compile(r"<g>\s*</g>")
FONT: Final = "system-ui, 'Segoe UI', 'Liberation Sans', 'DejaVu Sans', sans-serif"
"""Letters of drawings."""


def figure_svg(figure: Figure, name: str, title: str, description: str) -> Markup:
    """Write a figure as SVG for use inside a page.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    name : str
        Short name, unique in the page; every id begins with it.
    title : str
        What is shown.
    description : str
        What it says, for those who do not see it.

    Returns
    -------
    markupsafe.Markup
        The drawing.
    """
    buffer = StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    text = _METADATA.sub("", buffer.getvalue())
    head = _HEAD.match(text)
    box = head.group(1) if head else "0 0 1 1"
    body = text[head.end() :] if head else text
    body = body.rsplit("</svg>", 1)[0]
    used = set(_USED.findall(body))
    body = _ID.sub(lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", body)
    body = _USED.sub(lambda m: m[0][: -len(m[1])] + f"{name}-{m[1]}", body)
    body = body.replace("xlink:href", "href")
    body = _FONT.sub(r"font-size: \1px", body)
    body = _DECIMALS.sub(r"\1", body)
    body = _EMPTY.sub("", _BLANK.sub("\n", body))
    return frame(body, box, name, title, description)


def frame(body: str, box: str, name: str, title: str, description: str) -> Markup:
    """Put a drawing into a frame with its title and description.

    Parameters
    ----------
    body : str
        Elements of the drawing.
    box : str
        View box.
    name : str
        Short name, unique in the page.
    title : str
        What is shown.
    description : str
        What it says, for those who do not see it.

    Returns
    -------
    markupsafe.Markup
        The drawing.
    """
    return Markup(  # noqa: S704 - texts are escaped by their makers
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{FONT}">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
        f"{body}</svg>"
    )
