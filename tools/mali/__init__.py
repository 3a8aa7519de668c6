"""Reference facts on Mali turned into tables of a case."""
