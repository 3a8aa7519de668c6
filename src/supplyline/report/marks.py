"""Small drawings inside a line or a table cell."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

_INK: Final = "#1d2327"
_GREY: Final = "#c9d1d6"
_BLUE: Final = "#0b5c8f"
_AMOUNT: Final = "#e0a46a"
_WIDTH: Final = 160.0
_HEIGHT: Final = 18.0


def probability_mark(probability: float, low: float, high: float) -> Markup:
    """Draw a probability on a scale from 0 to 1, with the range of its word."""
    return _mark(
        _box(0, 1, "#e6eaec") + _box(low, high, _GREY) + _tick(0.5) + _dot(probability)
    )


def interval_mark(
    middle: float, low: float, high: float, extent: float, *, has_bar: bool = False
) -> Markup:
    """Draw a difference as a dot with its interval around zero."""

    def place(value: float) -> float:
        return 0.5 + 0.5 * max(-1.0, min(1.0, value / extent if extent else 0.0))

    a, b = place(low) * _WIDTH, place(high) * _WIDTH
    line = (
        f'<line x1="{a:.1f}" x2="{b:.1f}" y1="9" y2="9" stroke="{_BLUE}" '
        'stroke-width="2.5" stroke-dasharray="4 1.5"/>'
    )
    ends = sorted((0.5, place(middle)))
    bar = _box(ends[0], ends[1], _AMOUNT) if has_bar else ""
    return _mark(_box(0, 1, "#f1f3f4") + bar + _tick(0.5) + line + _dot(place(middle)))


def share_mark(share: float, low: float, high: float, extent: float = 1.0) -> Markup:
    """Draw a share as a bar with its interval."""
    middle, a, b = (min(value / extent, 1.0) for value in (share, low, high))
    line = (
        f'<path d="M{a * _WIDTH:.1f} 9H{b * _WIDTH:.1f}M{a * _WIDTH:.1f} 5v8'
        f'M{b * _WIDTH:.1f} 5v8" stroke="{_INK}" stroke-width="1.3" fill="none"/>'
    )
    return _mark(_box(0, 1, "#f1f3f4") + _box(0, middle, _AMOUNT) + line)


def percentile_mark(percentile: float, *, is_main: bool) -> Markup:
    """Draw where a reported value falls among the members."""
    return _mark(
        _box(0, 1, "#e6eaec")
        + _box(0.1, 0.9, _GREY)
        + _tick(0.5)
        + _dot(percentile, fill=_INK if is_main else "#ffffff")
    )


def _mark(body: str) -> Markup:
    """Frame a small drawing; the text beside it says all that it shows."""
    return Markup(  # noqa: S704 - numbers only
        f'<svg class="mark" aria-hidden="true" viewBox="-6 0 {_WIDTH + 12:g} '
        f'{_HEIGHT:g}" width="172" height="18">{body}</svg>'
    )


def _box(low: float, high: float, colour: str) -> str:
    """Draw a band of the scale."""
    return (
        f'<rect x="{low * _WIDTH:.1f}" y="5" width="{(high - low) * _WIDTH:.1f}" '
        f'height="8" fill="{colour}"/>'
    )


def _tick(place: float) -> str:
    """Draw a line across the scale."""
    x = place * _WIDTH
    return f'<line x1="{x:g}" x2="{x:g}" y1="2" y2="16" stroke="#5b646b"/>'


def _dot(place: float, fill: str = _INK) -> str:
    """Draw a dot on the scale."""
    return (
        f'<circle cx="{place * _WIDTH:.1f}" cy="9" r="4.5" fill="{fill}" '
        f'stroke="{_INK}" stroke-width="1.5"/>'
    )


def shift_mark(start: float, end: float, scale: tuple[float, float]) -> Markup:
    """Draw how a number moves from one value, hollow, to another on a common scale."""
    low, high = scale
    a, b = ((value - low) / (high - low or 1.0) for value in (start, end))
    line = (
        f'<path d="M{a * _WIDTH:.1f} 9H{b * _WIDTH:.1f}" stroke="{_BLUE}" '
        'stroke-width="2.5"/>'
    )
    return _mark(_box(0, 1, "#f1f3f4") + line + _dot(a, "#ffffff") + _dot(b))
