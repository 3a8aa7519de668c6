"""Write docs/reference/tables.md from the row models; ``--check`` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from supplyline.case.template import describe_tables

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "tables.md"
HEAD = """\
# Tables of a case

Every field with its meaning, its unit in brackets, and what may stand there. The checks
of `supplyline check` and the files of `supplyline new` are made from the same source.
`source` names a row of sources.csv, or is `assumption`.

"""


def reference_page() -> str:
    """Write the text of the page."""
    return HEAD + describe_tables()


def main() -> int:
    """Write the page, or compare it."""
    if "--check" in sys.argv[1:]:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == reference_page()
        print(f"{PAGE.name} is {'up to date' if same else 'out of date'}")
        return 0 if same else 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(reference_page(), encoding="utf-8")
    print(f"wrote {PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
