"""Verbs of evidence: documents and events in, decisions, and out into the case."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from supplyline.cli.job import read_quietly
from supplyline.cli.options import CaseName, Json, Quiet
from supplyline.cli.review import review
from supplyline.cli.speech import Speech, clean, counted

if TYPE_CHECKING:
    from supplyline.case.case import Case
    from supplyline.evidence.desk.add_documents import AddedDocument
    from supplyline.evidence.store.connection import Store

evidence = typer.Typer(
    help="Bring articles and event data into a case, decide on them, and use them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

StorePlace = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="SQLite file or postgresql:// URL, if not the store of the case.",
    ),
]
evidence.command()(review)

Inputs = Annotated[
    list[str],
    typer.Argument(metavar="FILE|FOLDER|URL...", help="Documents; a URL is fetched."),
]
Files = Annotated[
    list[str], typer.Argument(metavar="FILE|FOLDER...", help="Exports of event data.")
]
_SHOWN: Final = 12


def opened(case: Case, store: str | None) -> Store:
    """Open the evidence store of a case."""
    from supplyline.evidence.desk.opening import open_evidence

    def say_wait(text: str) -> None:
        typer.echo(clean(text), err=True)

    return open_evidence(case, store, on_wait=say_wait)


@evidence.command()
def add(
    name: CaseName,
    inputs: Inputs,
    source: Annotated[
        str | None, typer.Option(help="Row of sources.csv that the documents are.")
    ] = None,
    published: Annotated[
        str | None, typer.Option(help="Year, month or day: 2025, 2025-10, 2025-10-30.")
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published them.")] = None,
    title: Annotated[str | None, typer.Option(help="Title.")] = None,
    store: StorePlace = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read articles and pages: their numbers become candidate claims."""
    from supplyline.errors import EvidenceError
    from supplyline.evidence.desk.add_documents import add_documents

    speech = Speech(as_json, quiet)
    case = read_quietly(name, unfinished=True)
    stated = _stated_metadata(published, publisher, title)
    results: list[dict[str, Any]] = []

    def report(added: AddedDocument) -> None:
        _say_document(added, speech)
        results.append(_document_result(added))

    def end(problems: list[str]) -> None:
        told_all = {"case": case.name, "documents": results, "problems": problems}
        speech.result(told_all)

    with opened(case, store) as kept:
        try:
            add_documents(
                case, inputs, kept, stated=stated, source=source, report=report
            )
        except EvidenceError as error:
            end([str(fault) for fault in error.problems])
            raise
    speech.line(f"Decide on them: supplyline evidence review {name}")
    end([])


@evidence.command()
def events(
    name: CaseName,
    files: Files,
    store: StorePlace = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read exports of UCDP, ACLED, GDELT, HDX HAPI and WFP."""
    from supplyline.evidence.desk.add_events import add_events

    speech = Speech(as_json, quiet)
    case = read_quietly(name, unfinished=True)
    with opened(case, store) as kept:
        report = add_events(case, files, kept)
    speech.line(*report.lines())
    speech.result(report.result())


@evidence.command(name="list")
def list_evidence(
    name: CaseName,
    store: StorePlace = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell what the store holds: documents, candidates, decisions, events."""
    from supplyline.evidence.store.documents import candidates, documents
    from supplyline.evidence.store.events import event_files

    speech = Speech(as_json, quiet)
    case = read_quietly(name, unfinished=True)
    with opened(case, store) as kept:
        added, claims = documents(kept), candidates(kept)
        files = event_files(kept)
    for row in added.head(_SHOWN).to_dict("records"):
        relay = "relay" if row["relay_of"] else ""
        speech.step(str(row["sha256"])[:9], str(row["title"] or row["name"]), relay)
    if len(added) > _SHOWN:
        speech.line(f"and {len(added) - _SHOWN:,} more documents (--json lists all)")
    states = claims["status"].value_counts().to_dict()
    speech.step(
        "candidates", *(f"{count:,} {state}" for state, count in states.items())
    )
    for row in files.to_dict("records"):
        speech.step(
            "events", str(row["data_set"]), str(row["name"]), f"{row['rows']:,}"
        )
    speech.result(
        {
            "case": case.name,
            "documents": added.to_dict("records"),
            "candidates": states,
            "event_files": files.to_dict("records"),
        }
    )


@evidence.command()
def export(
    name: CaseName,
    cutoff: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Move the cut-off to this day."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; write nothing.")
    ] = False,
    store: StorePlace = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write accepted claims and events into the case, by the documented rules."""
    from supplyline.evidence.desk.export import export_evidence

    speech = Speech(as_json, quiet)
    case = read_quietly(name, unfinished=True)
    day = None if cutoff is None else cutoff.date()
    with opened(case, store) as kept:
        report = export_evidence(case, kept, cutoff=day, is_dry_run=dry_run)
    speech.line(*report.lines())
    speech.result(report.result())


@evidence.command(name="import")
def import_evidence(
    name: CaseName,
    store: StorePlace = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Take the accepted claims of a case's tables back into a store."""
    from supplyline.evidence.desk.claim_export import import_claims

    speech = Speech(as_json, quiet)
    case = read_quietly(name, unfinished=True)
    with opened(case, store) as kept:
        count = import_claims(case, kept)
        where = kept.where
    speech.line(f"{counted(count, 'claim')} taken into {where}.")
    speech.result({"case": case.name, "claims": count, "store": where})


@evidence.command()
def download(
    data_set: Annotated[
        str, typer.Argument(metavar="ucdp|acled|acled-deletions", help="Data set.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV file to write.")],
    country: Annotated[
        list[str] | None,
        typer.Option(help="Country: a name, or for UCDP also a code."),
    ] = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day."),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")
    ] = None,
    version: Annotated[str, typer.Option(help="Release of UCDP.")] = "25.1",
    changed_since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Changed or deleted since (ACLED)."),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fetch events of UCDP or ACLED over the network."""
    from supplyline.cli.fetching import Wanted, fetch

    speech = Speech(as_json, quiet)
    days = [None if day is None else day.date() for day in (first, last)]
    wanted = Wanted(tuple(country or ()), days[0], days[1], version, changed_since)
    count = fetch(data_set, output, wanted, speech)
    speech.line(f"{counted(count, 'row')} in {output}.")
    speech.result({"data_set": data_set, "rows": count, "file": output})


def _stated_metadata(
    published: str | None, publisher: str | None, title: str | None
) -> Any:  # noqa: ANN401 - imported late
    """Gather what the user says of the documents."""
    from supplyline.errors import EvidenceError, Problem, shown
    from supplyline.evidence.articles.page import StatedMetadata
    from supplyline.evidence.desk.sources import read_published

    if published is None:
        return StatedMetadata(title=title, publisher=publisher)
    when = read_published(published)
    if when is None:
        expected = "a year, month or day such as 2025-10"
        fault = Problem("--published", None, "published", shown(published), expected)
        options = "the options"
        raise EvidenceError(options, [fault])
    return StatedMetadata(
        title=title,
        publisher=publisher,
        published=when.day,
        published_precision=when.precision,
    )


def _say_document(added: AddedDocument, speech: Speech) -> None:
    """Say what one document gave."""
    from supplyline.evidence.desk.sources import published_text

    read, article = added.reading, added.reading.article
    state = "" if added.is_new else "known already"
    if added.relay_of:
        state = f"repeats {added.relay_of[:9]}, not counted twice"
    day = published_text(article.published, article.published_precision) or ""
    speech.step(article.sha256[:9], article.title or added.name, day, state)
    speech.warnings(article.warnings)
    understood = sum(each.is_understood for each in read.candidates)
    speech.step(
        "",
        f"source {read.source.source}, grade {read.source.reliability}",
        counted(understood, "candidate claim"),
        f"{len(read.candidates) - understood} numbers for a person to read",
        counted(len(read.doubts), "doubt"),
    )


def _document_result(added: AddedDocument) -> dict[str, Any]:
    """Give one document for a program."""
    read, article = added.reading, added.reading.article
    doubts: dict[str, list[dict[str, Any]]] = {}
    for doubt in read.doubts:
        doubts.setdefault(doubt.candidate, []).append(
            {"rule": doubt.rule, "text": doubt.text, "against": list(doubt.against)}
        )
    claims: dict[str, list[dict[str, Any]]] = {}
    for row in read.agreement.to_dict("records"):
        entry = {"claim": row["claim"], "source": row["source"], "agree": row["agree"]}
        claims.setdefault(str(row["candidate"]), []).append(entry)
    candidates = [
        {
            **asdict(each),
            "text": article.text[each.span_start : each.span_end],
            "sentence": article.text[each.sentence_start : each.sentence_end],
            "credibility": read.credibility[each.candidate],
            "doubts": doubts.get(each.candidate, []),
            "claims": claims.get(each.candidate, []),
        }
        for each in read.candidates
    ]
    about = asdict(article)
    del about["text"]
    return {
        **about,
        "source": asdict(read.source),
        "is_new": added.is_new,
        "relay_of": added.relay_of,
        "candidates": candidates,
    }
