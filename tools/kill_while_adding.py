"""Kill the command line at random moments while it adds evidence; nothing may be lost.

    PYTHONPATH=src python tools/kill_while_adding.py [--kills 50] [--store URL]

A copy of the toy case gets made-up documents and events by the real commands, in turn,
each with a folder or a file of its own and killed by SIGKILL at a random moment. After
each kill the store must open and hold all it held before, and every decision. At the
end the commands run to their end, and the store must hold what one that was never
disturbed holds.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import supplyline as sl
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.decisions import decide, decisions
from supplyline.evidence.store.documents import candidates, documents
from supplyline.evidence.store.events import rows_of_kind

DOCUMENTS = 8
EVENTS = 4_000
KEPT = ("documents", "candidates", "events")
HEADER = """
id relid year active_year code_status type_of_violence conflict_dset_id
conflict_new_id conflict_name dyad_dset_id dyad_new_id dyad_name side_a_dset_id
side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources
source_article source_office source_date source_headline source_original where_prec
where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt
priogrid_gid country country_id region event_clarity date_prec date_start date_end
deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob
"""
COLUMNS = re.findall(r"\w+", HEADER)


def write_documents(pages: Path, first: int) -> Path:
    """Write a folder of made-up documents, numbered from the first."""
    pages.mkdir()
    for number in range(first, first + DOCUMENTS):
        day = 1 + number % 28
        text = (
            f"Made-up report {number} on the road to Highcourt\n\n"
            f"Published {day} February 2024\n\n"
            f"On {day} February 2024 raiders burned {number + 2} trucks near Millford, "
            f"the transport union said. About {number + 30} trucks reached Highcourt "
            f"that week, and petrol sold for {4 + number / 10:.1f} a litre.\n\n"
            + "Nothing else of note was reported from the road that day. "
            * 20
        )
        (pages / f"report-{number:03d}.txt").write_text(text, encoding="utf-8")
    return pages


def write_events(export: Path, first: int) -> Path:
    """Write a made-up export of events, numbered from the first."""
    with export.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number in range(first, first + EVENTS):
            row = dict.fromkeys(COLUMNS, "0")
            day = f"2024-0{1 + number % 2}-{1 + number % 28:02d}"
            row |= {
                "id": str(number + 1), "relid": f"XA-{number}", "year": "2024",
                "code_status": "Clear", "type_of_violence": "1", "side_a": "State",
                "side_b": "Raiders", "where_prec": "1", "date_prec": "1",
                "conflict_name": "made up", "dyad_name": "State - Raiders",
                "latitude": f"{10 + number % 300 / 100}", "longitude": "0.2",
                "geom_wkt": "", "country": "Toy", "country_id": "999",
                "date_start": day, "date_end": day, "best": "2", "high": "3",
                "low": "1",
            }  # fmt: skip
            writer.writerow(row)
    return export


def write_inputs(folder: Path, kills: int) -> list[Path]:
    """Write what each command adds: a folder of documents and an export in turn."""
    return [
        write_events(folder / f"ged-{number}.csv", number * EVENTS)
        if number % 2
        else write_documents(folder / f"pages-{number}", number * DOCUMENTS)
        for number in range(kills)
    ]


@dataclass(frozen=True)
class Run:
    """One store, and the commands that fill it."""

    store: str
    case: Path
    inputs: list[Path]

    def commands(self) -> list[list[str]]:
        """Give the commands that add everything."""
        start = [sys.executable, "-m", "supplyline", "evidence"]
        end = [str(self.case), "--store", self.store, "--quiet"]
        return [
            [*start, "add" if path.is_dir() else "events", *end, str(path)]
            for path in self.inputs
        ]

    def finish(self) -> list[float]:
        """Run the commands to their end; tell how long each took [s]."""
        took = []
        for command in self.commands():
            started = time.monotonic()
            subprocess.run(command, check=True)  # noqa: S603 - our own
            took.append(time.monotonic() - started)
        return took


def state(store: str) -> dict[str, Any]:
    """Tell what a store holds."""
    with open_store(store) as found:
        frame = candidates(found)
        return {
            "documents": set(documents(found)["sha256"]),
            "candidates": set(frame["candidate"]),
            "decisions": decisions(found).to_dict("records"),
            "events": set(rows_of_kind(found, "events")["data_id"]),
        }


def check(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Refuse a state that lost anything."""
    for name in KEPT:
        lost = set(before[name]) - set(after[name])
        if lost:
            sys.exit(f"lost {name}: {sorted(lost)[:5]}")
    if before["decisions"] != after["decisions"]:
        sys.exit("a decision was lost")


def disturb(run: Run, luck: random.Random, took: list[float]) -> int:
    """Kill each command at a random moment; count those that finished before."""
    before, finished = state(run.store), 0
    for number, (command, whole_s) in enumerate(zip(run.commands(), took, strict=True)):
        process = subprocess.Popen(command, start_new_session=True)  # noqa: S603
        try:
            process.wait(luck.uniform(0.1, whole_s))
            finished += 1
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        after = state(run.store)
        check(before, after)
        if after["candidates"] and number % 5 == 0:
            with open_store(run.store) as found:
                chosen = luck.choice(sorted(after["candidates"]))
                decide(found, chosen, "skip", reviewer="made up")
            after = state(run.store)
        before = after
    return finished


def main() -> None:
    """Kill, look, and finish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--store", help="PostgreSQL URL of an empty database")
    parser.add_argument("--undisturbed", help="PostgreSQL URL of another empty one")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case = sl.load_case("toy").save(folder / "case")
        inputs = write_inputs(folder, arguments.kills)
        run = Run(arguments.store or str(folder / "killed.sqlite"), case, inputs)
        calm = Run(arguments.undisturbed or str(folder / "calm.sqlite"), case, inputs)
        took = calm.finish()
        finished = disturb(run, random.Random(arguments.seed), took)
        before = state(run.store)
        run.finish()
        end, wanted = state(run.store), state(calm.store)
        check(before, end)
        for part in KEPT:
            if end[part] != wanted[part]:
                sys.exit(f"{part} differ from those of an undisturbed store")
        counts = {part: len(end[part]) for part in (*KEPT, "decisions")}
        killed = {"kills": arguments.kills - finished, "finished before": finished}
        print(json.dumps(killed | counts))


if __name__ == "__main__":
    main()
