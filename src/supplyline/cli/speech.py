"""What a verb says: lines for a person, JSON for a program, a bar while it works."""

from __future__ import annotations

import io
import json
import math
import os
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any, Final, NoReturn, cast

import typer

from supplyline.language import _

COLUMNS: Final = 100
"""Length of the lines of a table that no terminal shows."""
_COMPILER: Final = "supplyline.engine.kernels.ahead"
_LOOK_S: Final = 0.1
"""Time between two looks whether the model is being compiled [s]."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How much is said, and in which form."""

    is_json: bool
    is_quiet: bool
    warned: set[str] = field(default_factory=set)
    """Warnings that were told: one is told once, however many steps give it."""

    @property
    def is_plain(self) -> bool:
        """Whether a person reads along."""
        return not (self.is_json or self.is_quiet)

    def line(self, *texts: str) -> None:
        """Print lines for a person."""
        if self.is_plain:
            typer.echo(clean("\n".join(texts)))

    def step(self, name: str, *parts: str) -> None:
        """Print what a step did."""
        self.line(f"{name:<11}{'   '.join(part for part in parts if part)}")

    def warnings(self, texts: Iterable[str]) -> None:
        """Print warnings: of many of a kind a few, and how many more there are."""
        from supplyline.errors import by_kind

        for text in by_kind(texts):
            self.step("warning", text)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print a table that fits the terminal: a long cell goes on below."""
        from rich.console import Console
        from rich.table import Column, Table
        from rich.text import Text

        columns = [Column(head, overflow="fold") for head in heads]
        drawn = Table(*columns, box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for row in rows:
            drawn.add_row(*(Text(clean(cell)) for cell in row))
        width = terminal_columns()
        console = Console(width=width, color_system=None, file=io.StringIO())
        with console.capture() as text:
            console.print(drawn)
        self.line(*(line.rstrip() for line in text.get().splitlines()))

    def result(self, value: object) -> None:
        """Print the result as JSON, if that was asked for."""
        if not self.is_json:
            return
        held = _jsonable(value)
        text = json.dumps(held, indent=1, ensure_ascii=False)
        if not _can_print(text):
            text = json.dumps(held, indent=1)
        typer.echo(text)


def terminal_columns() -> int:
    """Give the length of a line of the terminal."""
    return shutil.get_terminal_size((COLUMNS, 24)).columns


def end_now(code: int) -> NoReturn:
    """End the process without waiting for what its threads compile or write."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def replace_unknown_signs() -> None:
    """Let a sign that the encoding of the output lacks be replaced."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _can_print(text: str) -> bool:
    """Whether the encoding of standard output has every sign of a text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def without_warnings() -> Iterator[None]:
    """Leave out our own warnings: the verbs tell them in their place."""
    from supplyline.errors import SupplylineWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SupplylineWarning)
        yield


@contextmanager
def shown_progress(
    speech: Speech, doing: str = ""
) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on standard error while a person watches."""
    if not speech.is_plain or not sys.stderr.isatty():
        with _told_meanwhile(speech), _told_compiling(speech):
            yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TimeElapsedColumn
    from rich.text import Text

    class Doing(ProgressColumn):
        """What is under way: asked ten times a second, as no block tells it."""

        def render(self, _task: object) -> Text:
            return Text(_compiling() or doing or _("simulate"))

    columns = (Doing(), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    with bar, _told_meanwhile(speech):
        task = bar.add_task("", total=None)

        def step(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield step


def _compiling() -> str:
    """Say that the model is being compiled, if it is; nothing is loaded to know it."""
    ahead: Any = sys.modules.get(_COMPILER)
    if not hasattr(ahead, "is_compiling") or not ahead.is_compiling():
        return ""
    text = _("compiling the model, once after an install: {time}")
    return text.format(time=ahead.COMPILE_S)


@contextmanager
def _told_compiling(speech: Speech) -> Iterator[None]:
    """Tell in one line that the model is being compiled, where no bar tells it."""
    is_over = Event()

    def watch() -> None:
        while not is_over.wait(_LOOK_S):
            if text := _compiling():
                typer.echo(clean(text), err=True)
                return

    if speech.is_quiet:
        yield
        return
    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()


@contextmanager
def _told_meanwhile(speech: Speech) -> Iterator[None]:
    """Tell once that compiled code cannot be kept, or who is waited for."""
    from supplyline.errors import CodeCacheWarning, WaitWarning

    show: Any = warnings.showwarning

    def tell(message: Warning | str, category: type[Warning], *rest: Any) -> None:  # noqa: ANN401 - as the function it stands for
        if not issubclass(category, CodeCacheWarning | WaitWarning):
            show(message, category, *rest)
        elif not speech.is_quiet and str(message) not in speech.warned:
            speech.warned.add(str(message))
            typer.echo(clean(f"Warning: {message}"), err=True)

    with warnings.catch_warnings():
        for told in (CodeCacheWarning, WaitWarning):
            warnings.simplefilter("default", told)
        warnings.showwarning = cast("Any", tell)
        yield


def clean(text: str) -> str:
    """Leave out what could command a terminal."""
    # where the locale is plain ASCII, Python holds the bytes of a path apart
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def since(started: float) -> str:
    """Say how long ago a moment was."""
    return f"{time.perf_counter() - started:.1f} s"


def counted(number: int, word: str) -> str:
    """Say how many there are of a thing."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _jsonable(value: object) -> object:
    """Turn a value into what JSON holds; not-a-number becomes null."""
    if isinstance(value, dict):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    return str(value)
