"""Articles: a page or file to its own text, without menus and other stories."""

from supplyline.evidence.extra import require_extra

require_extra()
