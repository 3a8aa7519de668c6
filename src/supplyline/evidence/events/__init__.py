"""Events: exports of event data sets to one plain form."""
