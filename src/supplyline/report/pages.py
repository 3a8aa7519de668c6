"""From what is known to a page: templates in which only a `Quantity` is a number."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from supplyline.language import _, ngettext
from supplyline.quantities import Quantity
from supplyline.report.evidence import anchor
from supplyline.report.sentences import Said
from supplyline.report.template_code import TemplateCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supplyline.report.sentences import Sentence


def figure(quantity: object) -> Markup:
    """Print a number with what nine courses in ten have; a link if a source gave it."""
    return printed(quantity, has_interval=True)


def number(quantity: object) -> Markup:
    """Print a number without its interval; a link if a source gave it."""
    return printed(quantity, has_interval=False)


def printed(quantity: object, *, has_interval: bool) -> Markup:
    """Print a number, with its interval or without."""
    if not isinstance(quantity, Quantity):
        message = f"{quantity!r} is no Quantity: it has no unit, interval and basis"
        raise TypeError(message)
    shown = escape(quantity.short.replace(" ", "\N{NO-BREAK SPACE}"))
    # the interval of a chance is the error of counting: it is told once for all
    if has_interval and quantity.interval and quantity.unit != "probability":
        shown += Markup(" <i>{}</i>").format(quantity.interval)
    if quantity.origin != "source":
        return shown
    return Markup('<a class="q" href="#{}">{}</a>').format(_target(quantity), shown)


def said(text: object) -> Markup:
    """Print a text of the case as text."""
    return Markup("<bdi>{}</bdi>").format(str(text))


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
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=TemplateCode(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined] # of the extension
    environment.filters.update(
        anchor=anchor, figure=figure, number=number, said=said, say=say
    )
    return environment


def _target(quantity: Quantity) -> str:
    """Find the anchor of the claim or source that gave a number."""
    kind = quantity.basis.split(" ", 1)[0]
    if kind == "claim":
        return anchor(quantity.reference)
    return f"source-{quantity.reference}"
