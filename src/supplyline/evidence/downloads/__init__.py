"""Downloads: the network, only on command."""

from supplyline.evidence.extra import require_extra

require_extra()
