"""Run the Python of the docs and write what it prints; ``--check`` only compares.

A block of code is followed by a block of text with what it printed. The blocks of a
page share their names and a folder of their own.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from supplyline import SupplylineWarning

DOCS = Path(__file__).resolve().parents[1] / "docs"
_BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n.*?^```\n)?",
    re.DOTALL | re.MULTILINE,
)


def pages() -> list[Path]:
    """List the pages that hold Python."""
    return [
        page
        for page in sorted(DOCS.rglob("*.md"))
        if _BLOCK.search(page.read_text(encoding="utf-8"))
    ]


def filled(text: str, name: str) -> str:
    """Run the blocks of a page in order and write under each what it printed."""
    names: dict[str, Any] = {}

    def run(block: re.Match[str]) -> str:
        code = block["code"]
        # keeps lines of the page in a traceback
        above = "\n" * text.count("\n", 0, block.start("code"))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(above + code, name, "exec"), names)  # noqa: S102 - our own page
        output = "\n".join(line.rstrip() for line in printed.getvalue().splitlines())
        said = f"\n```text\n{output}\n```\n" if output else ""
        return f"```python\n{code}```\n{said}"

    home = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", SupplylineWarning)
        os.chdir(folder)
        try:
            return _BLOCK.sub(run, text)
        finally:
            os.chdir(home)


def main() -> int:
    """Write the outputs into the pages, or compare them."""
    is_check = "--check" in sys.argv[1:]
    stale = 0
    with tempfile.TemporaryDirectory() as compiled:
        # numba does not see that a kernel which another calls has changed
        os.environ["NUMBA_CACHE_DIR"] = compiled
        for page in pages():
            text = page.read_text(encoding="utf-8")
            made = filled(text, page.name)
            stale += made != text
            print(
                f"{page.name} {'was out of date' if made != text else 'is up to date'}"
            )
            if not is_check:
                page.write_text(made, encoding="utf-8")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
