"""Downloads: the network, only on command."""
