"""From what is known to a page: templates in which only a `Quantity` is a number."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from supplyline.quantities import Quantity
from supplyline.report.evidence import anchor
from supplyline.report.sentences import Said
from supplyline.report.template_code import TemplateCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supplyline.report.sentences import Sentence

_TARGETS: Final = {
    "run": "run",
    "param": "assumptions",
    "assumption": "assumptions",
    "case": "case",
}


def figure(quantity: object) -> Markup:
    """Print a number with its interval, linked to what it rests on."""
    shown = number(quantity)
    interval = quantity.interval if isinstance(quantity, Quantity) else ""
    if not interval:
        return shown
    return shown[: -len("</a>")] + Markup(
        ' <span class="interval">{}</span></a>'
    ).format(interval)


def number(quantity: object) -> Markup:
    """Print a number without its interval, linked to what it rests on."""
    if not isinstance(quantity, Quantity):
        message = f"{quantity!r} is no Quantity: it has no unit, interval and basis"
        raise TypeError(message)
    return Markup('<a class="q q-{}" href="#{}">{}</a>').format(
        quantity.origin,
        _target(quantity),
        quantity.short.replace(" ", "\N{NO-BREAK SPACE}"),
    )


def said(text: object) -> Markup:
    """Print a text of the case as text."""
    return Markup('<span class="said">{}</span>').format(str(text))


def say(sentence: Sentence) -> Markup:
    """Print a sentence: words as they are, numbers as links, texts escaped."""
    parts = [
        figure(part)
        if isinstance(part, Quantity)
        else said(part.text)
        if isinstance(part, Said)
        else part
        for part in sentence
    ]
    return Markup("").join(parts)


def render(template: str, values: Mapping[str, object]) -> str:
    """Fill a template."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    """Set up the templates once."""
    environment = Environment(
        loader=PackageLoader("supplyline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=TemplateCode(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        anchor=anchor, figure=figure, number=number, said=said, say=say
    )
    return environment


def _target(quantity: Quantity) -> str:
    """Find the anchor that a number links to."""
    kind = quantity.basis.split(" ", 1)[0]
    if kind == "claim":
        return anchor(quantity.reference)
    if kind == "source":
        return f"source-{quantity.reference}"
    return _TARGETS[kind]
