"""Time the reading of large event files, beside pandas on the same files.

Usage::

    python benchmarks/read_events.py [--ged ROWS] [--gdelt ROWS] [--folder FOLDER]

Two made-up files are written to a temporary folder: UCDP GED of 400,000 rows (about
250 MB) and a GDELT 2.0 export of 1,000,000 rows. Each is read, checked and stored in a
new SQLite store, then taken in again. The peer, ``pandas.read_csv``, only reads.
Every measurement is a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

GED_HEADER = (
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,"
    "conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,"
    "side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,"
    "source_article,source_office,source_date,source_headline,source_original,"
    "where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,"
    "geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,"
    "date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,"
    "low,gwnoa,gwnob"
)
WORDS = [
    *("attack", "village", "soldiers", "reported", "killed", "near", "town", "road"),
    *("police", "said", "group", "militants", "district", "convoy", "clashes", "army"),
    *("forces", "civilians", "government", "wounded", "sources", "injured", "local"),
    *("province", "residents", "fighters", "armed", "men", "spokesman", "statement"),
]
LIMITS = {"ged": (15.0, 2.0), "gdelt": (20.0, 2.0)}


def write_ged(path: Path, rows: int) -> None:
    """Write made-up rows of UCDP GED; one in a hundred holds a line break."""
    luck = random.Random(1)
    texts = [" ".join(luck.choices(WORDS, k=13)) for _ in range(2_000)]
    first = date(1989, 1, 1)
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(GED_HEADER + "\n")
        writer = csv.writer(file, lineterminator="\n")
        for row in range(rows):
            day = first + timedelta(days=row * 13_000 // rows)
            a, b, text = luck.randrange(900), luck.randrange(900), luck.choice(texts)
            lat, lon = luck.uniform(-30, 40), luck.uniform(-17, 120)
            best, stamp = luck.randrange(30), f"{day} 00:00:00.000"
            line = "\n" if luck.random() < 0.01 else " "
            article = f'"Agency {a},{day},{text[:60]}";{line}"Other,{day},{text}"'
            writer.writerow(
                (
                    row + 1,
                    f"MLI-{day.year}-1-{a}-{b}",
                    day.year,
                    1,
                    "Clear",
                    luck.randrange(1, 4),
                    a,
                    a,
                    f"Country {a}: Government",
                    b,
                    b,
                    f"Government of Country {a} - XXX{b}",
                    a,
                    a,
                    f"Government of Country {a}",
                    b,
                    b,
                    f"XXX{b}",
                    luck.randrange(-1, 4),
                    article,
                    f"Agency {a}",
                    day,
                    text,
                    "police and witnesses",
                    luck.randrange(1, 8),
                    f"Town {a}",
                    f"{text[:70]} in Town {a}",
                    f"Province {a % 90}",
                    f"District {b}",
                    round(lat, 6),
                    round(lon, 6),
                    f"POINT ({lon:.6f} {lat:.6f})",
                    140_000 + a,
                    "Mali",
                    432,
                    "Africa",
                    1,
                    luck.randrange(1, 6),
                    stamp,
                    stamp,
                    0,
                    0,
                    best,
                    0,
                    best,
                    best + 2,
                    max(best - 2, 0),
                    432,
                    "",
                )
            )


def write_gdelt(path: Path, rows: int) -> None:
    """Write made-up rows of a GDELT 2.0 export."""
    luck = random.Random(2)
    actor = ["MLIGOV", "GOVERNMENT", "MLI", "", "", "", "", "GOV", "", ""]
    other = ["REB", "MILITANT", "", "", "", "", "", "REB", "", ""]
    first = date(2015, 2, 19)
    with path.open("w", encoding="utf-8") as file:
        for row in range(rows):
            day = first + timedelta(days=row * 3_900 // rows)
            stamp, code = f"{day:%Y%m%d}", str(luck.randrange(10, 205)).zfill(3)
            lat, lon = luck.uniform(10, 25), luck.uniform(-12, 4)
            where = [f"{lat:.4f}", f"{lon:.4f}", str(-row % 90_000)]
            place = ["4", f"Town {row % 977}, Mali", "ML", "ML01", "18245", *where]
            cells = [str(400_000_000 + row), stamp, stamp[:6], stamp[:4], "2019.1337"]
            cells += [*actor, *other, "1", code, code, code[:2], "4", "-10.0", "10"]
            cells += ["1", "10", "-4.5", *place, *place, *place, f"{stamp}001500"]
            cells += [f"https://news.example/{stamp}/{row}/some-long-title-of-a-story"]
            file.write("\t".join(cells) + "\n")


def measured(start: tuple[float, float], **more: object) -> dict[str, Any]:
    """Give the time since a start, and the most memory this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {
        "wall_s": time.perf_counter() - start[0],
        "cpu_s": time.process_time() - start[1],
        "peak_gib": peak,
        **more,
    }


def ours(path: Path) -> dict[str, Any]:
    """Read, check and store a file."""
    from supplyline.evidence.events.event_file import read_events  # noqa: PLC0415
    from supplyline.evidence.store.connection import open_store  # noqa: PLC0415
    from supplyline.evidence.store.events import put_events  # noqa: PLC0415

    where = path.with_suffix(".sqlite")
    start = time.perf_counter(), time.process_time()
    with open_store(where) as store:
        counts = put_events(store, read_events(path))
    return measured(start, counts=counts)


def peer(path: Path) -> dict[str, Any]:
    """Read a file with pandas, and nothing else."""
    import pandas as pd  # noqa: PLC0415

    is_gdelt = path.name.endswith(".CSV")
    start = time.perf_counter(), time.process_time()
    frame = (
        pd.read_csv(path, sep="\t", header=None, dtype={26: str, 27: str, 28: str})
        if is_gdelt
        else pd.read_csv(path, low_memory=False)
    )
    return measured(start, counts={"read": len(frame)})


def apart(what: str, path: Path) -> dict[str, Any]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--one", what, "--file", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this script
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def show(name: str, path: Path, rows: int) -> None:
    """Measure one file, and print a table."""
    size = path.stat().st_size / 1e6
    print(f"\n{name}: {rows:,} rows, {size:,.0f} MB")
    print(f"{'':<28}{'wall s':>8}{'CPU s':>8}{'rows/s':>10}{'peak GiB':>10}")
    found = {
        "supplyline, into a new store": apart("ours", path),
        "the same file again": apart("ours", path),
        "pandas.read_csv, only read": apart("peer", path),
    }
    for what, one in found.items():
        rate = rows / one["wall_s"]
        figures = f"{one['wall_s']:8.1f}{one['cpu_s']:8.1f}{rate:10,.0f}"
        print(f"{what:<28}{figures}{one['peak_gib']:10.2f}")
    first, _, theirs = found.values()
    print(f"counts: {first['counts']}")
    ratio = first["wall_s"] / theirs["wall_s"]
    print(f"ratio to pandas, which only reads: {ratio:.2f}")
    seconds, memory = LIMITS[name]
    print(f"limits: {seconds:.0f} s, {memory:.0f} GiB")


def main() -> None:
    """Make the files and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ged", type=int, default=400_000)
    parser.add_argument("--gdelt", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one", choices=("ours", "peer"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps({"ours": ours, "peer": peer}[given.one](given.file)))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        ged = Path(folder) / "GEDEvent_v25_1.csv"
        gdelt = Path(folder) / "20250101.export.CSV"
        write_ged(ged, given.ged)
        show("ged", ged, given.ged)
        write_gdelt(gdelt, given.gdelt)
        show("gdelt", gdelt, given.gdelt)


if __name__ == "__main__":
    main()
