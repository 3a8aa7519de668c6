"""The brief: what a run says, written so that it can be used and checked."""
