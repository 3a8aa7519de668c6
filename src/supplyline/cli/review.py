"""Review of candidate claims in the terminal, or line by line through a pipe."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from supplyline.cli.job import read_quietly
from supplyline.cli.options import CaseName, Json, Quiet
from supplyline.cli.speech import Speech, clean, counted

if TYPE_CHECKING:
    from supplyline.evidence.desk.review_session import Item, Session
    from supplyline.evidence.store.connection import Store

_KEYS: Final = {
    "a": "accept",
    "c": "correct",
    "r": "reject",
    "s": "skip",
    "q": "quit",
}
_ASK: Final = "[a]ccept [c]orrect [r]eject [s]kip [q]uit: "
_GRADES: Final = {
    1: "confirmed",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "cannot be judged",
}


class _EndedError(Exception):
    """Nothing more is said."""


def review(
    name: CaseName,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            help="SQLite file or postgresql:// URL, if not the store of the case.",
        ),
    ] = None,
    reviewer: Annotated[
        str | None,
        typer.Option(help="Who decides; the name of the user if not given."),
    ] = None,
    accept: Annotated[
        list[str] | None, typer.Option(help="Accept this candidate; ask nothing.")
    ] = None,
    reject: Annotated[
        list[str] | None, typer.Option(help="Reject this candidate; ask nothing.")
    ] = None,
    note: Annotated[
        str | None, typer.Option(help="Remark on --accept and --reject.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Decide on candidate claims: each with its sentence, reading and doubts."""
    from supplyline.cli.evidence import opened
    from supplyline.evidence.desk.review_session import Session

    speech = Speech(as_json, quiet)
    case = read_quietly(name, unfinished=True)
    with opened(case, store) as kept:
        if as_json and not (accept or reject):
            speech.result({"case": case.name, "pending": _queue(kept)})
            return
        session = Session(kept, case, _reviewer(reviewer))
        if accept or reject:
            _decide_named(session, accept or [], reject or [], note)
        else:
            _talk(session)
    decided = [counted(count, action) for action, count in session.done.items()]
    speech.line(", ".join(decided) or "Nothing decided.")
    speech.result({"case": case.name, "decided": dict(session.done)})


def _reviewer(given: str | None) -> str:
    """Find out who decides."""
    from supplyline.errors import StoreError

    for name in (given, os.environ.get("USER"), os.environ.get("LOGNAME")):
        if name and name.strip():
            return name.strip()
    try:
        return _ask("Your name: ")
    except _EndedError:
        message = "a decision needs the name of its reviewer: --reviewer NAME"
        raise StoreError(message) from None


def _decide_named(
    session: Session, accept: list[str], reject: list[str], note: str | None
) -> None:
    """Decide on candidates that were named; nothing if one of them is unknown."""
    from supplyline.errors import StoreError, shown

    if twice := set(accept) & set(reject):
        message = f"{shown(min(twice))} cannot be accepted and rejected"
        raise StoreError(message)
    accepted = [session.item(candidate) for candidate in accept]
    rejected = [session.item(candidate) for candidate in reject]
    for item in accepted:
        session.accept(item, note)
    for item in rejected:
        session.reject(item, note)


def _queue(store: Store) -> list[dict[str, Any]]:
    """List what waits, for a program."""
    from supplyline.evidence.store.decisions import pending
    from supplyline.evidence.store.statements import find_statement

    rows: list[dict[str, Any]] = []
    for candidate in pending(store)["candidate"]:
        statement = find_statement(store, candidate)
        if statement is not None:
            doubts = [asdict(doubt) for doubt in statement.doubts]
            more = {"sentence": statement.sentence, "doubts": doubts}
            rows.append(asdict(statement.candidate) | more)
    return rows


def _talk(session: Session) -> None:
    """Show candidate after candidate until the reviewer or the queue ends it."""
    try:
        while (item := session.next()) is not None:
            _show(item)
            _answer(session, item)
        typer.echo("Nothing waits for a decision.")
    except (_EndedError, KeyboardInterrupt):
        # every decision was kept when it was made
        typer.echo("")


def _answer(session: Session, item: Item) -> None:
    """Ask until one decision on a candidate is kept."""
    from supplyline.errors import StoreError

    while True:
        words = _ask(_ASK).split(maxsplit=1)
        action = _KEYS.get(words[0][:1].lower(), "") if words else ""
        if action == "quit":
            raise _EndedError
        try:
            if _act(session, item, action, words[1] if len(words) > 1 else None):
                return
        except StoreError as error:
            typer.echo(clean(str(error)))


def _act(session: Session, item: Item, action: str, note: str | None) -> bool:
    """Do what the reviewer asked for; tell whether a decision was kept."""
    if action == "correct":
        return _correct(session, item)
    if action == "accept":
        session.accept(item, note)
    elif action == "reject":
        session.reject(item, note)
    elif action == "skip":
        session.skip(item)
    return bool(action)


def _correct(session: Session, item: Item) -> bool:
    """Ask for corrections, show the candidate with them, and keep it if it is right."""
    changed = _changes(session)
    if not changed:
        return False
    shown = session.item(item.candidate.candidate, changed)
    _show(shown)
    if not _ask("Keep it so? [y]es [n]o: ").lower().startswith("y"):
        return False
    session.correct(item, changed)
    return True


def _changes(session: Session) -> dict[str, Any]:
    """Ask for fields and their values, each checked."""
    from supplyline.errors import StoreError, nearest
    from supplyline.evidence.desk.review_session import check_change, known_words
    from supplyline.evidence.store.decisions import CORRECTABLE

    changed: dict[str, Any] = {}
    typer.echo(f"Fields: {', '.join(CORRECTABLE)}")
    while field := _ask("Field (Enter when done): "):
        if field not in CORRECTABLE:
            near = nearest(field, CORRECTABLE)
            hint = "" if near is None else f"; did you mean {near}?"
            typer.echo(f"No such field{hint}")
            continue
        try:
            value = check_change(
                session.case, field, _ask(f"{field} (nothing: Enter): ")
            )
        except StoreError as error:
            typer.echo(clean(str(error)))
            continue
        changed[field] = value
        known = known_words(session.case, field)
        if known and value is not None and str(value) not in known:
            near = nearest(str(value), known)
            hint = "" if near is None else f"; near to it: {clean(near)}"
            typer.echo(f"New to this case{hint}")
    return changed


def _ask(question: str) -> str:
    """Ask, and give the answer in one line."""
    typer.echo(question, nl=False)
    # a program that was started with standard input closed has none
    line = "" if sys.stdin is None else sys.stdin.readline()
    if not line:
        raise _EndedError
    if not sys.stdin.isatty():
        typer.echo(clean(line), nl=False)
    return clean(line.strip())


def _show(item: Item) -> None:
    """Show a candidate: its sentence, reading, doubts, other claims and grades."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for label, text, style in _lines(item):
        grid.add_row(label, Text(clean(text), style=style))
    console = Console(highlight=False, soft_wrap=False)
    console.print(Text(clean(_heading(item)), style="bold"))
    console.print(_sentence(item))
    console.print(grid)


def _heading(item: Item) -> str:
    """Say where a candidate is from, and how many wait."""
    from supplyline.evidence.desk.sources import published_text

    told = item.statement.document
    title = told["title"] or told["name"]
    day = published_text(told["published"], told["published_precision"])
    parts = [str(title), told["publisher"] or "", day or "undated"]
    place = ", ".join(part for part in parts if part)
    return f"\n{item.candidate.candidate}   {place}   ({item.waiting:,} waiting)"


def _sentence(item: Item) -> Any:  # noqa: ANN401 - rich is imported late
    """Give the sentence with its number marked."""
    from rich.text import Text

    said = item.statement
    if said.number is None:
        return Text("(the text is not in this store)", style="dim")
    parts = [clean(part or "").replace("\n", " ") for part in (said.before, said.after)]
    text = Text(parts[0])
    text.append(f"«{clean(said.number)}»", style="bold reverse")
    text.append(parts[1])
    return text


def _lines(item: Item) -> list[tuple[str, str, str]]:
    """Give label, text and style of each line under the sentence."""
    from supplyline.evidence.desk.review_session import say_range

    read = item.candidate
    what = [read.subject or "no subject", read.quantity or "no quantity"]
    lines = [
        ("reads", say_range(asdict(read)), "bold"),
        ("what", f"{' '.join(what)}, {read.area or 'no area'}", ""),
    ]
    lines += [
        (label, str(value), "")
        for label in ("counted", "actor", "hedge", "speaker", "base", "precision")
        if (value := getattr(read, label)) is not None
    ]
    if read.reason:
        lines.append(("unclear", read.reason, "yellow"))
    lines += [
        ("lacks", f"{name} {what}", "yellow") for name, what in item.faults.items()
    ]
    lines += [("doubt", doubt.text, "red") for doubt in item.statement.doubts]
    for other in item.others:
        label = "agrees" if other.agrees else "against"
        told = f"{other.claim} ({other.source}): {other.said} - {other.why}"
        lines.append((label, told, "green" if other.agrees else "red"))
    again = len(item.statement.repeated_by)
    if again:
        lines.append(("repeated", f"by {counted(again, 'document')}, no witness", ""))
    grade = f"{item.source.reliability}{item.credibility}, source {item.source.source}"
    lines.append(("grade", f"{grade}; {_GRADES[item.credibility]}", ""))
    return lines
