"""The store: documents, candidate claims, decisions and events, kept for good."""

from supplyline.evidence.extra import require_extra

require_extra()
