"""Change the reader in one place at a time and tell which changes its guards see.

``PYTHONPATH=src:tools python tools/mutate_reading.py [--code N] [--rows N] [--cues N]``

A change of code is one comparison, condition, constant, sum, slice, result or piece of
a pattern, each place as likely as the next; a change of words is a row of the lexicon
left out, or one cue of a cell. Nothing is written: each change lives in a process of
its own. The guards are the short sentences, the golden of the developed articles, then
the other tests of the reader.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import random
import signal
import sys
import warnings
from collections import Counter
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
from reading_mutants import Mutant, code_mutants, word_mutants

from supplyline.case import case as cases
from supplyline.evidence.articles import page

ROOT = Path(__file__).resolve().parents[1]
READER = ROOT / "src" / "supplyline" / "evidence" / "reading"
TESTS = sorted((ROOT / "tests" / "unit").glob("test_reading_*.py"))
SECONDS = 60
"""Computing time of the guards; a change that makes them take longer is seen."""


def _install(mutant: Mutant) -> None:
    """Load the reader anew, with one change."""
    for name in list(sys.modules):
        is_below = name.startswith("supplyline.evidence.articles")
        if name.startswith("supplyline.evidence.") and not is_below:
            del sys.modules[name]
    if mutant.path.suffix == ".csv":
        _replace_table(mutant)
        return
    source = mutant.path.read_bytes()
    first, last = mutant.span
    changed = source[:first] + mutant.new.encode() + source[last:]
    load = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, name: str) -> object:
        is_changed = Path(loader.path) == mutant.path
        code = compile(changed, loader.path, "exec") if is_changed else None
        return code or load(loader, name)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]


def _replace_table(mutant: Mutant) -> None:
    """Leave a row or a cue out of the table that the reader loads."""
    words = import_module("supplyline.evidence.reading.words")
    load = words.table

    def table(name: str) -> tuple[dict[str, str], ...]:
        rows = load(name)
        if name != mutant.path.stem:
            return rows
        place = mutant.line - 2
        row = {**rows[place], mutant.column: mutant.new}
        kept = [row] if mutant.column else []
        return (*rows[:place], *kept, *rows[place + 1 :])

    words.table = table


def _stop(*_: object) -> None:
    """End guards that take too long."""
    raise TimeoutError


def guard_that_sees(mutant: Mutant) -> str:
    """Name the guard that sees a change, in a process that ends with it."""
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        _install(mutant)
        sentences = import_module("test_reading_sentences")
        for name in [one for one in dir(sentences) if one.startswith("test_")]:
            getattr(sentences, name)()
    except Exception:  # noqa: BLE001 - any fault of a changed reader is seen
        return "sentences"
    try:
        golden = import_module("test_reading")
        for document, kept in golden.kept_rows().items():
            if golden.developed_rows([document]) != kept:
                return "golden"
    except Exception:  # noqa: BLE001
        return "golden"
    with contextlib.redirect_stdout(io.StringIO()):
        options = ["-x", "-q", "--no-header", "-p", "no:randomly", "-W", "ignore"]
        return "tests" if pytest.main([*options, *map(str, TESTS)]) else ""


def _prepare() -> None:
    """Read the case and the articles once, for all processes."""
    warnings.simplefilter("ignore")
    sys.path[:0] = [str(ROOT / "tests" / name) for name in ("", "golden", "unit")]
    load = cases.load_case
    mali = load("mali")
    golden = import_module("test_reading")
    read, articles = page.read_article, {}

    def read_once(content: bytes, *told: object) -> object:
        if content not in articles:
            articles[content] = read(content, *told)
        return articles[content]

    page.read_article = read_once
    if golden.developed_rows() != [
        r for rows in golden.kept_rows().values() for r in rows
    ]:
        sys.exit("the golden of the reader is not up to date")
    cases.load_case = lambda name: mali if name == "mali" else load(name)
    del sys.modules["test_reading"], sys.modules["score_reading"]


def main() -> None:
    """Try random changes and print those that no guard sees."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name in ("code", "rows", "cues"):
        parser.add_argument(f"--{name}", type=int, default=0, help=f"changes of {name}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    code = [one for p in sorted(READER.glob("*.py")) for one in code_mutants(p)]
    words = [one for p in sorted(READER.rglob("*.csv")) for one in word_mutants(p)]
    rows = [one for one in words if one.kind == "row"]
    cues = [one for one in words if one.kind == "cue"]
    sizes = ((code, options.code), (rows, options.rows), (cues, options.cues))
    chosen = [one for kind, count in sizes for one in draw.sample(kind, count)]
    _prepare()
    tried, seen = Counter(), Counter()
    with multiprocessing.get_context("fork").Pool(
        options.jobs, maxtasksperchild=1
    ) as pool:
        for mutant, guard in zip(
            chosen, pool.imap(guard_that_sees, chosen, 1), strict=True
        ):
            group = mutant.kind if mutant.path.suffix == ".csv" else "code"
            tried[group] += 1
            seen[group] += bool(guard)
            print(f"{guard or 'UNSEEN':>10}  {mutant}", flush=True)
    for group, count in tried.items():
        print(f"{group}: {seen[group]} of {count} seen (seed {options.seed})")


if __name__ == "__main__":
    main()
