"""A page taken apart, for tests of what is written on it."""

from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from supplyline.report import pages

VOID = {"meta", "link", "br", "rect", "line", "path", "circle", "use", "img", "hr"}


@contextmanager
def marked_numbers():
    """Mark every number that is printed as a quantity: the page itself marks few."""
    printed = pages.printed

    def marked(quantity, *, has_interval):
        return Markup('<span class="q">{}</span>').format(
            printed(quantity, has_interval=has_interval)
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "printed", marked)
        yield


class Page(HTMLParser):
    """Walk through a page: texts with what is around them, ids and links."""

    def __init__(self, html):
        super().__init__()
        self.stack, self.texts, self.ids, self.links = [], [], [], []
        self.count = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.count[tag] = self.count.get(tag, 0) + 1
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values)
        if tag not in VOID:
            self.stack.append((tag, (values.get("class") or "").split()))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        while any(name == tag for name, _ in self.stack):
            if self.stack.pop()[0] == tag:
                break

    def handle_data(self, data):
        if data.strip():
            self.texts.append((data, list(self.stack)))

    def is_exempt(self, stack):
        names = {tag for tag, _ in stack}
        classes = {name for _, found in stack for name in found}
        return bool(
            names & {"svg", "code", "style", "title", "bdi"} or classes & {"q", "said"}
        )
