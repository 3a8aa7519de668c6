"""Events: exports of event data sets to one plain form."""

from supplyline.evidence.extra import require_extra

require_extra()
