"""Kinds of broken case: an edit to a copy of the toy case, and what must be told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Edit = Callable[[Path], int | None]


@dataclass(frozen=True)
class Broken:
    """One kind of broken case.

    `edit` changes the folder and returns the line that must be named, None where the
    whole file is meant.
    """

    kind: str
    edit: Edit
    file: str
    field: str | None
    part: str


def read(folder: Path, file: str) -> list[list[str]]:
    text = (folder / file).read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


def write(folder: Path, file: str, rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    (folder / file).write_text(out.getvalue(), encoding="utf-8", newline="")


def cell(file: str, key: str, column: str, value: str) -> Edit:
    """Set a cell of the first row that begins with the key (cells joined by '/')."""

    def edit(folder: Path) -> int:
        rows = read(folder, file)
        parts = key.split("/")
        number = next(i for i, r in enumerate(rows) if i and r[: len(parts)] == parts)
        rows[number][rows[0].index(column)] = value
        write(folder, file, rows)
        return number + 1

    return edit


def add(file: str, **cells: str) -> Edit:
    """Append a row."""

    def edit(folder: Path) -> int:
        rows = read(folder, file)
        rows.append([cells.get(column, "") for column in rows[0]])
        write(folder, file, rows)
        return len(rows)

    return edit


def small_flows(*flows: tuple[str, str]) -> Edit:
    """Write small flows, by place and product; the last is named."""

    def edit(folder: Path) -> int:
        columns = ["place", "product", "most_kl_per_day", "price_multiple"]
        head = [*columns, "note", "source"]
        rows = [[*flow, "5", "3", "", "assumption"] for flow in flows]
        write(folder, "small_flows.csv", [head, *rows])
        return len(rows) + 1

    return edit


def next_price(start: str, end: str) -> Edit:
    """Add an official price of gas oil."""
    cells = {"kind": "official_price", "target": "gas_oil", "value": "2"}
    when = {"start": start, "end": end, "unit": "XXX/l", "source": "assumption"}
    return add("measures.csv", measure="price-next", **cells, **when)


def again(file: str) -> Edit:
    """Append the first row again."""

    def edit(folder: Path) -> int:
        rows = read(folder, file)
        write(folder, file, [*rows, rows[1]])
        return len(rows) + 1

    return edit


def remove(file: str, key: str) -> Edit:
    """Remove the rows that begin with the key."""

    def edit(folder: Path) -> None:
        parts = key.split("/")
        rows = [r for r in read(folder, file) if r[: len(parts)] != parts]
        write(folder, file, rows)

    return edit


def header(file: str, change: Callable[[list[str]], list[str]]) -> Edit:
    """Change the header only."""

    def edit(folder: Path) -> int:
        rows = read(folder, file)
        write(folder, file, [change(rows[0]), *rows[1:]])
        return 1

    return edit


def row(file: str, change: Callable[[list[str]], list[str]]) -> Edit:
    """Change the cells of the second line."""

    def edit(folder: Path) -> int:
        rows = read(folder, file)
        write(folder, file, [rows[0], change(rows[1]), *rows[2:]])
        return 2

    return edit


def without(file: str, column: str) -> Edit:
    """Remove a column."""

    def edit(folder: Path) -> int:
        rows = read(folder, file)
        at = rows[0].index(column)
        write(folder, file, [r[:at] + r[at + 1 :] for r in rows])
        return 1

    return edit


def content(file: str, change: Callable[[bytes], bytes], line: int | None) -> Edit:
    """Change the bytes of a file."""

    def edit(folder: Path) -> int | None:
        path = folder / file
        path.write_bytes(change(path.read_bytes()))
        return line

    return edit


def act(change: Callable[[Path], object]) -> Edit:
    """Change the folder; no line is named."""

    def edit(folder: Path) -> None:
        change(folder)

    return edit


def key(name: str, value: str | None) -> Edit:
    """Set, or with None remove, a key of case.toml."""

    def edit(folder: Path) -> int | None:
        path = folder / "case.toml"
        lines = path.read_text(encoding="utf-8").splitlines()
        at = next(i for i, text in enumerate(lines) if text.startswith(f"{name} ="))
        lines[at : at + 1] = [] if value is None else [f"{name} = {value}"]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return None if value is None else at + 1

    return edit


def told_at(edit: Edit, file: str = "", row_key: str = "") -> Edit:
    """Make an edit that is told at the first row with a key in another file."""

    def make(folder: Path) -> int | None:
        edit(folder)
        if not file:
            return None
        parts = row_key.split("/")
        rows = read(folder, file)
        return next(i for i, r in enumerate(rows, 1) if r[: len(parts)] == parts)

    return make


def then(*edits: Edit) -> Edit:
    """Make several edits; the last is the one that is told."""

    def make(folder: Path) -> int | None:
        return [edit(folder) for edit in edits][-1]

    return make


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Replace the first occurrence of some bytes."""
    return lambda whole: whole.replace(old, new, 1)


def link(folder: Path) -> None:
    (folder / "places.csv").rename(folder.parent / "elsewhere.csv")
    (folder / "places.csv").symlink_to(folder.parent / "elsewhere.csv")


def split_line(folder: Path) -> int:
    """Put a cell over three lines before the broken one: lines stay exact."""
    rows = read(folder, "places.csv")
    rows[1][rows[0].index("note")] = "one\ntwo\nthree"
    rows[2][rows[0].index("lat")] = "north"
    write(folder, "places.csv", rows)
    return 5


PLACE = "places.csv"
SEGMENT = "segments.csv"
PARAM = "params.csv"
STEP = "corridor_segments.csv"
OFF = "corridors.csv"
MEASURES = "measures.csv"
GROUPS = "groups.csv"
PRESENCE = "presence.csv"
RELATIONS = "relations.csv"
ATTACKS = "attacks.csv"
PARTNERS = "partners.csv"
LEADER = "leader.csv"
AIMS = "aims.csv"
SCORECARD = "scorecard.csv"

FILES = [
    Broken(
        "table missing", act(lambda f: (f / PLACE).unlink()), PLACE, None, "missing"
    ),
    Broken("table empty", content(PLACE, lambda _: b"", None), PLACE, None, "empty"),
    Broken(
        "only blanks", content(PLACE, lambda _: b" \n\n", None), PLACE, None, "empty"
    ),
    Broken(
        "header only",
        content(PLACE, lambda b: b.split(b"\n")[0] + b"\n", None),
        PLACE,
        None,
        "has no rows",
    ),
    Broken(
        "Latin-1",
        content(PLACE, lambda b: b.replace(b"Harbour", b"Harb\xf4r", 1), 2),
        PLACE,
        None,
        "0xF4, which is not UTF-8",
    ),
    Broken(
        "UTF-16",
        content(PLACE, lambda b: b.decode().encode("utf-16"), 1),
        PLACE,
        None,
        "UTF-16",
    ),
    Broken(
        "NUL byte",
        content(PLACE, lambda b: b.replace(b"Harbour", b"Harb\0ur", 1), 2),
        PLACE,
        None,
        "NUL",
    ),
    Broken(
        "semicolons",
        content(PLACE, lambda b: b.replace(b",", b";"), 1),
        PLACE,
        None,
        "parted by ';'; expected cells parted by commas",
    ),
    Broken(
        "tabs",
        content(PLACE, lambda b: b.replace(b",", b"\t"), 1),
        PLACE,
        None,
        "parted by tabs",
    ),
    Broken(
        "quote not closed",
        content(PLACE, lambda b: b.replace(b"Harbour", b'"Harbour', 1), 2),
        PLACE,
        None,
        "not closed",
    ),
    Broken(
        "text after a quote",
        content(PLACE, lambda b: b.replace(b"Harbour", b'"Har"bour', 1), 2),
        PLACE,
        None,
        "is not CSV",
    ),
    Broken(
        "cell of 10 MB",
        cell(PLACE, "harbour", "note", "x" * 10_000_000),
        PLACE,
        None,
        "more than 100,000 characters",
    ),
    Broken(
        "cell over the limit",
        cell(PLACE, "harbour", "note", "x" * 100_001),
        PLACE,
        "note",
        "expected at most 100,000 characters",
    ),
    Broken(
        "file of 40 MB",
        content(PLACE, lambda b: b + b"\n" * 40_000_000, None),
        PLACE,
        None,
        "MiB large; expected at most 32 MiB",
    ),
    Broken("link out of the folder", act(link), PLACE, None, "is a link"),
    Broken(
        "folder in place of a table",
        act(lambda f: ((f / PLACE).unlink(), (f / PLACE).mkdir())),
        PLACE,
        None,
        "no plain file",
    ),
    Broken(
        "misspelt table",
        act(lambda f: (f / PLACE).rename(f / "place.csv")),
        "place.csv",
        None,
        "did you mean 'places.csv'?",
    ),
    Broken(
        "outline that is no JSON",
        lambda f: (f / "outline.json").write_text("{\n]") - 1,
        "outline.json",
        None,
        "is not JSON",
    ),
    Broken(
        "outline that is no map",
        act(lambda f: (f / "outline.json").write_text("[]")),
        "outline.json",
        None,
        "FeatureCollection",
    ),
]

COLUMNS = [
    Broken(
        "column missing",
        without(SEGMENT, "length_km"),
        SEGMENT,
        None,
        "no column 'length_km'; expected a number more than 0",
    ),
    Broken(
        "column unknown",
        header(SEGMENT, lambda h: ["lenght_km" if c == "length_km" else c for c in h]),
        SEGMENT,
        None,
        "did you mean 'length_km'?",
    ),
    Broken(
        "column twice",
        header(SEGMENT, lambda h: ["mode" if c == "surface" else c for c in h]),
        SEGMENT,
        None,
        "column 'mode' twice",
    ),
    Broken(
        "row too short", row(SEGMENT, lambda r: r[:-1]), SEGMENT, None, "has 11 cells"
    ),
    Broken(
        "row too long", row(SEGMENT, lambda r: [*r, "x"]), SEGMENT, None, "13 cells"
    ),
    Broken(
        "row of empty cells",
        content(SEGMENT, lambda b: b.replace(b"\n", b"\n,,,,\n", 1), 2),
        SEGMENT,
        None,
        "empty cells only",
    ),
    Broken("cell over three lines before", split_line, PLACE, "lat", "'north'"),
]

CELLS = [
    Broken(kind, cell(file, row_key, field, value), file, field, part)
    for kind, file, row_key, field, value, part in [
        (
            "word for a number",
            SEGMENT,
            "A1",
            "length_km",
            "far",
            "a number more than 0",
        ),
        ("negative length", SEGMENT, "A1", "length_km", "-3", "is '-3'"),
        ("zero length", SEGMENT, "A1", "length_km", "0", "a number more than 0"),
        ("NaN", SEGMENT, "A1", "length_km", "nan", "'nan'; expected a number"),
        ("infinity", SEGMENT, "A1", "length_km", "inf", "'inf'; expected a number"),
        ("number too large", SEGMENT, "A1", "length_km", "1e300", "'1e300'"),
        ("decimal comma", SEGMENT, "A1", "length_km", "12,5", "'12,5'"),
        ("thousands separator", SEGMENT, "A1", "length_km", "1 200", "'1 200'"),
        ("underscore in a number", SEGMENT, "A1", "length_km", "1_0", "'1_0'"),
        ("digits of another script", SEGMENT, "A1", "length_km", "١٢", "a number"),
        ("empty required cell", SEGMENT, "A1", "length_km", "", "is empty"),
        ("unknown word", SEGMENT, "A1", "mode", "raod", "did you mean 'road'?"),
        ("fraction of a tier", PLACE, "harbour", "tier", "1.5", "a whole number"),
        ("tier out of range", PLACE, "harbour", "tier", "7", "from 1 to 2"),
        ("latitude out of range", PLACE, "harbour", "lat", "91", "from -90 to 90"),
        ("share over one", "feeds.csv", "highcourt/C-RAIL", "share", "20", "0 to 1"),
        ("yes for true", "regions.csv", "coast", "is_boundary", "yes", "true or false"),
        ("country spelt out", PLACE, "harbour", "country", "Mali", "two capital"),
        (
            "day that is no day",
            "events.csv",
            "E1",
            "date",
            "2024-02-30",
            "a day such as",
        ),
        (
            "day the other way",
            "events.csv",
            "E1",
            "date",
            "21/01/2024",
            "a day such as",
        ),
        ("day as a number", "events.csv", "E1", "date", "1705795200", "a day such as"),
        (
            "day with a time",
            "events.csv",
            "E1",
            "date",
            "2024-01-21T00:00",
            "a day such",
        ),
        (
            "formula in a name",
            PLACE,
            "harbour",
            "title",
            "=1+1",
            "spreadsheet would run",
        ),
        (
            "formula with @",
            PLACE,
            "harbour",
            "title",
            "@SUM(A1)",
            "spreadsheet would run",
        ),
        ("formula with -", PLACE, "harbour", "note", "-cmd|x", "spreadsheet would run"),
        ("formula in an identifier", PLACE, "harbour", "place", "+x", "would run"),
        ("path in an identifier", PLACE, "harbour", "place", "../x", "an identifier"),
        ("slash in an identifier", PLACE, "harbour", "place", "a/b", "an identifier"),
        (
            "HTML in an identifier",
            PLACE,
            "harbour",
            "place",
            "<b>x</b>",
            "an identifier",
        ),
        (
            "space in an identifier",
            PLACE,
            "harbour",
            "place",
            "har bour",
            "an identifier",
        ),
        ("long identifier", PLACE, "harbour", "place", "x" * 81, "(81 characters)"),
        ("tab in a text", PLACE, "harbour", "title", "a\tb", "control characters"),
        ("bell in a text", PLACE, "harbour", "title", "a\x07b", "control characters"),
        ("text turned around", PLACE, "harbour", "title", "a\u202eb", "control char"),
        ("blank text", PLACE, "harbour", "title", "  ", "expected text"),
        ("text too long", PLACE, "harbour", "title", "x" * 2001, "at most 2,000"),
    ]
]

REFERENCES = [
    Broken(kind, cell(file, row_key, field, value), file, field, part)
    for kind, file, row_key, field, value, part in [
        ("unknown region", PLACE, "harbour", "region", "cost", "did you mean 'coast'?"),
        (
            "unknown place",
            SEGMENT,
            "A1",
            "to_place",
            "crosing",
            "did you mean 'crossing'",
        ),
        ("unknown fleet", OFF, "C-ROAD", "fleet", "coast_truck", "a row of fleets.csv"),
        ("unknown segment", STEP, "C-ROAD/1", "segment", "Z9", "a row of segments.csv"),
        ("unknown corridor", STEP, "C-ROAD/1", "corridor", "C-ROD", "'C-ROAD'?"),
        ("unknown actor", "events.csv", "E1", "actor", "raider", "'raiders'?"),
        (
            "unknown claim",
            "observed.csv",
            "imports_volume_kl",
            "claim",
            "F77",
            "claims",
        ),
        ("unknown source", PLACE, "harbour", "source", "maid-up", "'made-up'?"),
        (
            "claim by assumption",
            "claims.csv",
            "F1",
            "source",
            "assumption",
            "sources.csv",
        ),
        (
            "unknown product",
            "demand.csv",
            "highcourt",
            "product",
            "kerosine",
            "'kerosene'",
        ),
        ("unknown area", "claims.csv", "F3", "area", "milford", "'millford'?"),
        ("unknown parameter", PARAM, "truck_kl", "param", "truck_kll", "'truck_kl'?"),
        (
            "measure of no corridor",
            "measures.csv",
            "ban-road",
            "target",
            "C-X",
            "corridors",
        ),
        (
            "truce with a target",
            "measures.csv",
            "truce",
            "target",
            "C-ROAD",
            "empty, as",
        ),
        (
            "clearance without hours",
            "measures.csv",
            "clearance-12h",
            "value",
            "",
            "empty",
        ),
        ("ban with a value", "measures.csv", "ban-road", "value", "3", "has no value"),
    ]
]

RULES = [
    Broken("row twice", again(SEGMENT), SEGMENT, "segment", "'A1', as in line 2"),
    Broken(
        "pair twice",
        again("feeds.csv"),
        "feeds.csv",
        "place, corridor",
        "'highcourt, C-ROAD', as in line 2",
    ),
    Broken(
        "missing month", remove("seasons.csv", "7"), "seasons.csv", None, "for month 7"
    ),
    Broken(
        "corridor without segments",
        told_at(remove(STEP, "C-RAIL"), OFF, "C-RAIL"),
        OFF,
        "corridor",
        "'C-RAIL'",
    ),
    Broken(
        "price missing at the start",
        remove("measures.csv", "price-gas_oil"),
        "measures.csv",
        None,
        "no official_price of 'gas_oil'",
    ),
    *(
        Broken(
            kind,
            act(then(cell("measures.csv", "price-gas_oil", "end", end), *more)),
            "measures.csv",
            None,
            f"no official_price of 'gas_oil' in force on {day}",
        )
        for kind, end, more, day in (
            ("price that ends", "2024-02-10", (), "2024-02-11"),
            (
                "price that ends before the next",
                "2024-02-10",
                (next_price("2024-02-15", ""),),
                "2024-02-11",
            ),
            (
                "last of two prices that ends",
                "2024-02-10",
                (next_price("2024-02-01", "2024-03-01"),),
                "2024-03-02",
            ),
        )
    ),
    Broken(
        "capital without demand",
        remove("demand.csv", "highcourt"),
        "demand.csv",
        None,
        "no demand at the capital 'highcourt'",
    ),
    Broken(
        "capital without a depot",
        remove("depots.csv", "highcourt-gas_oil"),
        "depots.csv",
        None,
        "no depot of 'gas_oil' at the capital",
    ),
    Broken(
        "second depot",
        add(
            "depots.csv",
            depot="twice",
            place="millford",
            product="gas_oil",
            source="assumption",
        ),
        "depots.csv",
        "place, product",
        "one depot of each product",
    ),
    Broken(
        "small flow of an unknown product",
        small_flows(("farfield", "kerosine")),
        "small_flows.csv",
        "product",
        "a product of case.toml",
    ),
    Broken(
        "small flow to where nothing is stored",
        small_flows(("crossing", "")),
        "small_flows.csv",
        "place",
        "a place with a depot",
    ),
    Broken(
        "small flow of one product and of all",
        small_flows(("farfield", ""), ("farfield", "kerosene")),
        "small_flows.csv",
        "product",
        "no further row",
    ),
    Broken(
        "small flow at the usual price",
        lambda f: (
            small_flows(("farfield", ""))(f),
            cell("small_flows.csv", "farfield", "price_multiple", "1")(f),
        )[1],
        "small_flows.csv",
        "price_multiple",
        "more than 1",
    ),
    Broken(
        "more hours than a day has",
        add(
            "measures.csv",
            measure="line",
            kind="grid_h",
            target="farfield",
            start="2024-01-05",
            value="25",
            unit="h",
            source="assumption",
        ),
        "measures.csv",
        "value",
        "at most 24",
    ),
    Broken(
        "ration of a place",
        add(
            "measures.csv",
            measure="coupons",
            kind="ration",
            target="farfield",
            start="2024-01-05",
            value="0.5",
            unit="1",
            source="assumption",
        ),
        "measures.csv",
        "target",
        "a product of case.toml",
    ),
    Broken(
        "power of a place without a depot",
        add(
            "measures.csv",
            measure="first",
            kind="power_priority",
            target="crossing",
            start="2024-01-05",
            value="2",
            unit="1",
            source="assumption",
        ),
        "measures.csv",
        "target",
        "a place of depots.csv",
    ),
    Broken(
        "street price without its low end",
        cell("depots.csv", "highcourt-gas_oil", "street_price_high", "3"),
        "depots.csv",
        "street_price",
        "a number, as street_price_high is given",
    ),
    Broken(
        "range of a street price upside down",
        lambda f: (
            cell("depots.csv", "highcourt-gas_oil", "street_price", "4")(f),
            cell("depots.csv", "highcourt-gas_oil", "street_price_high", "3")(f),
        )[1],
        "depots.csv",
        "street_price_high",
        "at least street_price, which is 4",
    ),
    Broken(
        "source named assumption",
        add(
            "sources.csv",
            source="assumption",
            title="t",
            publisher="p",
            date="2024",
            reliability="A",
        ),
        "sources.csv",
        "source",
        "another name",
    ),
    Broken(
        "demand without a depot",
        cell("demand.csv", "millford", "place", "crossing"),
        "demand.csv",
        "place",
        "a place with a depot of 'kerosene'",
    ),
    Broken(
        "loop in a corridor",
        lambda f: (
            add(STEP, corridor="I-FAR", position="2", segment="C1")(f),
            add(STEP, corridor="I-FAR", position="3", segment="C1")(f) - 1,
        )[1],
        STEP,
        "segment",
        "leads to 'highcourt' again",
    ),
    Broken(
        "terminal of imports and of traffic inside",
        lambda f: (
            cell("places.csv", "highcourt", "capacity_kl_per_day", "200")(f),
            add(
                "corridors.csv",
                corridor="C-NEW",
                title="New",
                kind="import",
                fleet="home_trucks",
                origin="highcourt",
                gateway="highcourt",
                destination="farfield",
                source="assumption",
            )(f),
            add(STEP, corridor="C-NEW", position="1", segment="C1")(f),
        )[0],
        "places.csv",
        "capacity_kl_per_day",
        "empty, as import and internal corridors begin there",
    ),
    Broken(
        "way broken",
        cell(STEP, "C-ROAD/2", "segment", "A3"),
        STEP,
        "segment",
        "begins or ends at 'crossing'",
    ),
    Broken(
        "position left out",
        cell(STEP, "C-ROAD/3", "position", "4"),
        STEP,
        "position",
        "expected 3, the next on 'C-ROAD'",
    ),
    Broken(
        "end elsewhere",
        cell(OFF, "C-ROAD", "destination", "millford"),
        OFF,
        "destination",
        "'highcourt', where the last segment ends",
    ),
    Broken(
        "gateway off the way",
        cell(OFF, "C-ROAD", "gateway", "railgate"),
        OFF,
        "gateway",
        "a place of the corridor before its end",
    ),
    Broken(
        "gateway at the end",
        cell(OFF, "C-ROAD", "gateway", "highcourt"),
        OFF,
        "gateway",
        "a place of the corridor before its end",
    ),
    Broken(
        "fleet of another mode",
        cell(OFF, "C-RAIL", "fleet", "home_trucks"),
        OFF,
        "fleet",
        "'home_trucks' of mode road; expected a fleet of mode rail",
    ),
    Broken(
        "fleet of a pipeline on rails",
        told_at(cell("fleets.csv", "wagons", "mode", "pipeline"), OFF, "C-RAIL"),
        OFF,
        "fleet",
        "'wagons' of mode pipeline; expected a fleet of mode rail",
    ),
    Broken(
        "fleet of no mode",
        cell("fleets.csv", "wagons", "mode", "air"),
        "fleets.csv",
        "mode",
        "one of road, river, rail, sea, pipeline",
    ),
    Broken(
        "no travel time",
        cell(SEGMENT, "A1", "travel_h", ""),
        SEGMENT,
        "travel_h",
        "as it is part of 'C-ROAD'",
    ),
    Broken(
        "segment to itself",
        cell(SEGMENT, "C1", "to_place", "highcourt"),
        SEGMENT,
        "to_place",
        "another place than from_place",
    ),
    Broken(
        "feed off the way",
        cell("feeds.csv", "millford", "corridor", "C-RAIL"),
        "feeds.csv",
        "place",
        "a place of 'C-RAIL' after its gateway 'railgate'",
    ),
    Broken(
        "feed without a depot",
        cell("feeds.csv", "millford", "place", "crossing"),
        "feeds.csv",
        "place",
        "a place with a row in depots.csv",
    ),
    Broken(
        "shares above all",
        told_at(
            cell("feeds.csv", "highcourt/C-ROAD", "share", "0.9"),
            "feeds.csv",
            "highcourt/C-RAIL",
        ),
        "feeds.csv",
        "share",
        "a sum of 1.1 for 'highcourt'",
    ),
    Broken(
        "shares of nothing",
        cell("feeds.csv", "millford", "share", "0"),
        "feeds.csv",
        "share",
        "a sum of 0 for 'millford'",
    ),
    Broken(
        "internal corridor from nowhere",
        cell(OFF, "C-ROAD", "kind", "internal"),
        OFF,
        "origin",
        "as the corridor is internal",
    ),
    Broken(
        "stock above capacity",
        cell("depots.csv", "highcourt-kerosene", "initial_kl", "9999"),
        "depots.csv",
        "initial_kl",
        "at most capacity_kl, which is 2500",
    ),
    Broken(
        "target above capacity",
        cell("depots.csv", "highcourt-kerosene", "target_kl", "9999"),
        "depots.csv",
        "target_kl",
        "at most capacity_kl, which is 2500",
    ),
    Broken(
        "high end of no stock",
        cell("depots.csv", "highcourt-gas_oil", "initial_high_kl", "9"),
        "depots.csv",
        "initial_kl",
        "a number, as initial_high_kl is given",
    ),
    Broken(
        "demand that falls to its high end",
        cell("demand.csv", "highcourt/kerosene", "demand_high_kl_per_day", "1"),
        "demand.csv",
        "demand_high_kl_per_day",
        "at least demand_kl_per_day, which is 2",
    ),
    Broken(
        "low above value",
        cell("claims.csv", "F3", "value", "5"),
        "claims.csv",
        "value",
        "at least low, which is 6",
    ),
    Broken(
        "high below value",
        cell("claims.csv", "F3", "value", "9"),
        "claims.csv",
        "high",
        "at least value, which is 9",
    ),
    Broken(
        "end before start",
        cell("measures.csv", "truce", "end", "2024-02-01"),
        "measures.csv",
        "end",
        "at least start, which is 2024-02-14",
    ),
    Broken(
        "event after the cut-off",
        cell("events.csv", "E1", "date", "2024-03-01"),
        "events.csv",
        "date",
        "a day up to the cut-off, 2024-02-29",
    ),
    Broken(
        "claim from after the cut-off",
        then(
            cell("sources.csv", "made-up", "date", "2024-05"),
            cell("claims.csv", "F5", "end", "2024-04-02"),
            cell("claims.csv", "F5", "start", "2024-04-01"),
        ),
        "claims.csv",
        "start",
        "its source is later",
    ),
    Broken(
        "target before the start",
        cell("targets.csv", "losses", "start", "2023-01-01"),
        "targets.csv",
        "start",
        "from the start of the case",
    ),
    Broken(
        "prior without its second number",
        cell(PARAM, "truck_kl", "b", ""),
        PARAM,
        "b",
        "a number, as the distribution is uniform",
    ),
    Broken(
        "prior from high to low",
        cell(PARAM, "truck_kl", "b", "1"),
        PARAM,
        "b",
        "more than a",
    ),
    Broken(
        "log of a negative number",
        cell(PARAM, "reach_trucks", "a", "-1"),
        PARAM,
        "a",
        "more than 0, as the distribution is log_uniform",
    ),
    Broken(
        "prior beyond what can be",
        cell(PARAM, "quota_min_share", "b", "1.5"),
        PARAM,
        "b",
        "quota_min_share from 0 to 1",
    ),
    Broken(
        "prior in another unit",
        cell(PARAM, "truck_kl", "unit", "l"),
        PARAM,
        "unit",
        "'kl', the unit of truck_kl",
    ),
]

CONFLICT_CELLS = [
    Broken(kind, cell(file, row_key, field, value), file, field, part)
    for kind, file, row_key, field, value, part in [
        ("unknown group", PRESENCE, "lowland", "group", "raider", "'raiders'?"),
        ("presence nowhere", PRESENCE, "lowland", "region", "lowlad", "'lowland'?"),
        ("group of no actor", GROUPS, "raiders", "actor", "raider", "'raiders'?"),
        ("partner of no actor", PARTNERS, "legion", "actor", "legions", "'legion'?"),
        ("relation to no group", RELATIONS, "raiders", "other", "rover", "'rovers'?"),
        ("relation to itself", RELATIONS, "raiders", "other", "raiders", "another"),
        ("alliance too close", RELATIONS, "raiders", "alliance", "2", "from -1 to 1"),
        ("group of nobody", GROUPS, "raiders", "fighters_low", "0", "more than 0"),
        (
            "fighters from high to low",
            GROUPS,
            "raiders",
            "fighters_high",
            "100",
            "at least fighters_low, which is 200",
        ),
        (
            "cash from high to low",
            GROUPS,
            "raiders",
            "cash_high_usd",
            "100",
            "at least cash_low_usd",
        ),
        (
            "attacks from high to low",
            GROUPS,
            "raiders",
            "attacks_high_per_month",
            "1",
            "at least attacks_low_per_month",
        ),
        (
            "second group that enforces bans",
            GROUPS,
            "rovers",
            "is_interdictor",
            "true",
            "false, as 'raiders' already enforces the bans",
        ),
        (
            "troops from high to low",
            PARTNERS,
            "legion",
            "troops_high",
            "10",
            "at least troops_low",
        ),
        (
            "partner gone before it came",
            PARTNERS,
            "legion",
            "end",
            "2024-01-01",
            "at least start",
        ),
        (
            "partner busier than it is",
            PARTNERS,
            "legion",
            "escort_share",
            "0.6",
            "at most 1 with offensive_share, which is 0.5",
        ),
        ("zone with a space", "regions.csv", "upland", "zone", "the hills", "an ident"),
        ("region without a zone", "regions.csv", "upland", "zone", "", "groups.csv"),
        (
            "region of unknown people",
            "regions.csv",
            "upland",
            "population",
            "",
            "a value, as groups.csv has rows",
        ),
        (
            "region of unknown control",
            "regions.csv",
            "upland",
            "state_control_share",
            "",
            "a value, as groups.csv has rows",
        ),
        (
            "region of unknown soldiers",
            "regions.csv",
            "upland",
            "soldiers_share",
            "",
            "a value, as groups.csv has rows",
        ),
        (
            "region of unknown gold",
            "regions.csv",
            "upland",
            "gold_share",
            "",
            "a number, as other regions have one",
        ),
        ("leader of no kind", LEADER, "power", "kind", "took_over", "'took_power'?"),
        (
            "power taken twice",
            LEADER,
            "attempt",
            "kind",
            "took_power",
            "another kind, as 'power' says",
        ),
        (
            "power taken too late",
            LEADER,
            "power",
            "date",
            "2024-01-02",
            "up to the start of the case, 2024-01-01",
        ),
        (
            "leader after the cut-off",
            LEADER,
            "march",
            "date",
            "2024-03-01",
            "up to the cut-off, 2024-02-29",
        ),
        ("aim of no series", AIMS, "attacks", "series", "atacks", "'attacks'?"),
        ("aim either way", AIMS, "attacks", "better", "same", "one of higher, lower"),
        ("scorecard of no claim", SCORECARD, "F3", "claim", "F33", "'F3'?"),
        (
            "measure and a reason for none",
            SCORECARD,
            "F1",
            "reason",
            "not modelled",
            "empty, as the measure is 'customs_volume_ml'",
        ),
        ("factor of no measure", SCORECARD, "F5", "factor", "2", "there is no measure"),
        ("factor of nothing", SCORECARD, "F1", "factor", "0", "more than 0"),
        (
            "siege of no region",
            MEASURES,
            "siege-farfield",
            "target",
            "uplan",
            "'upland'?",
        ),
        (
            "siege of everything",
            MEASURES,
            "siege-farfield",
            "target",
            "",
            "a row of regions",
        ),
        (
            "siege with a value",
            MEASURES,
            "siege-farfield",
            "value",
            "3",
            "has no value",
        ),
        ("party ban with a target", MEASURES, "party-ban", "target", "x", "meets all"),
    ]
]

CONFLICT = [
    Broken(
        "nobody enforces the bans",
        told_at(cell(GROUPS, "raiders", "is_interdictor", "false")),
        GROUPS,
        None,
        "has no group that enforces the bans",
    ),
    Broken(
        "group that is nowhere",
        told_at(
            then(remove(PRESENCE, "lowland/rovers"), remove(PRESENCE, "upland/rovers")),
            GROUPS,
            "rovers",
        ),
        GROUPS,
        "group",
        "a group with rows in presence.csv",
    ),
    Broken(
        "attacks beyond all regions",
        told_at(
            cell(PRESENCE, "lowland/raiders", "attack_share", "0.8"),
            PRESENCE,
            "upland/raiders",
        ),
        PRESENCE,
        "attack_share",
        "a sum of 1.1 for 'raiders'",
    ),
    Broken(
        "region held twice",
        told_at(
            cell("regions.csv", "lowland", "state_control_share", "0.7"),
            PRESENCE,
            "lowland/rovers",
        ),
        PRESENCE,
        "control_share",
        "a sum of 1.1 for 'lowland'; expected at most 1",
    ),
    Broken(
        "army beyond the country",
        told_at(
            cell("regions.csv", "lowland", "soldiers_share", "0.5"),
            "regions.csv",
            "upland",
        ),
        "regions.csv",
        "soldiers_share",
        "a sum of 1.1",
    ),
    Broken(
        "gold beyond the country",
        told_at(
            cell("regions.csv", "lowland", "gold_share", "0.5"), "regions.csv", "upland"
        ),
        "regions.csv",
        "gold_share",
        "a sum of 0.8",
    ),
    Broken(
        "pair of groups in both orders",
        add(RELATIONS, group="rovers", other="raiders", alliance="0", source="made-up"),
        RELATIONS,
        "group, other",
        "'rovers, raiders', as in line 2",
    ),
    Broken(
        "kinds of attack beyond all",
        told_at(cell(ATTACKS, "mine", "share", "0.5"), ATTACKS, "town_attack"),
        ATTACKS,
        "share",
        "a sum of 1.25",
    ),
    Broken(
        "kinds of attack short of all",
        told_at(
            cell(ATTACKS, "base_assault", "pulse_share", "0"), ATTACKS, "town_attack"
        ),
        ATTACKS,
        "pulse_share",
        "a sum of 0.6",
    ),
    Broken(
        "groups without attacks",
        act(lambda f: (f / ATTACKS).unlink()),
        ATTACKS,
        None,
        "one row or more, as groups.csv has rows",
    ),
    Broken(
        "attacks without groups",
        then(act(lambda f: (f / GROUPS).unlink()), lambda _: 2),
        ATTACKS,
        None,
        "none, as groups.csv has no rows",
    ),
    Broken(
        "aim that needs groups",
        told_at(act(lambda f: (f / GROUPS).unlink()), AIMS, "ground"),
        AIMS,
        "series",
        "'state_control_share'; expected a daily national series of a run of this case",
    ),
    Broken(
        "siege without groups",
        told_at(act(lambda f: (f / GROUPS).unlink()), MEASURES, "siege-farfield"),
        MEASURES,
        "kind",
        "another kind, as groups.csv has no rows",
    ),
    Broken(
        "no measure and no reason",
        cell(SCORECARD, "F5", "reason", ""),
        SCORECARD,
        "measure",
        "a measure, or a reason why there is none",
    ),
    Broken(
        "leader who never took power",
        remove(LEADER, "power"),
        LEADER,
        None,
        "no row of kind 'took_power'",
    ),
    Broken(
        "deal with a last day",
        add(
            MEASURES,
            measure="deal",
            kind="deal",
            start="2024-03-01",
            end="2024-03-31",
            source="made-up",
        ),
        MEASURES,
        "end",
        "empty, as a measure 'deal' is done on one day",
    ),
    Broken(
        "factor of no group",
        add(
            MEASURES,
            measure="quiet",
            kind="group_factor",
            target="rover",
            start="2024-03-01",
            value="0.5",
            unit="1",
            source="made-up",
        ),
        MEASURES,
        "target",
        "a row of groups.csv (did you mean 'rovers'?)",
    ),
    Broken(
        "factor without a value",
        add(
            MEASURES,
            measure="quiet",
            kind="clash_factor",
            start="2024-03-01",
            source="made-up",
        ),
        MEASURES,
        "value",
        "a number, as the measure is 'clash_factor'",
    ),
    Broken(
        "alliance beyond all",
        add(
            MEASURES,
            measure="too-close",
            kind="alliance",
            target="rovers",
            start="2024-03-01",
            value="1.5",
            unit="1",
            source="made-up",
        ),
        MEASURES,
        "value",
        "a number from 0 to 1",
    ),
    *(
        Broken(
            f"closure {kind}",
            add(
                MEASURES,
                measure="gate",
                kind="closure",
                start="2024-03-01",
                source="made-up",
                **cells,
            ),
            MEASURES,
            field,
            part,
        )
        for kind, cells, field, part in (
            (
                "of nothing",
                {"target": "milford"},
                "target",
                "import corridors (did you mean 'millford'?)",
            ),
            (
                "that opens more than all",
                {"target": "A1", "value": "1.5", "unit": "1"},
                "value",
                "a number from 0 to 1",
            ),
            (
                "in percent",
                {"target": "A1", "value": "0.2", "unit": "percent"},
                "unit",
                "1, as the measure is 'closure'",
            ),
            (
                "with a high end alone",
                {"target": "A1", "value_high": "0.5", "unit": "1"},
                "value",
                "a number, as the measure is 'closure'",
            ),
            (
                "whose range is turned round",
                {"target": "A1", "value": "0.5", "value_high": "0.2", "unit": "1"},
                "value_high",
                "at least value, which is 0.5",
            ),
        )
    ),
    Broken(
        "closure of a name that two rows have",
        then(
            cell(SEGMENT, "A1", "segment", "millford"),
            add(
                MEASURES,
                measure="gate",
                kind="closure",
                target="millford",
                start="2024-03-01",
                source="made-up",
            ),
        ),
        MEASURES,
        "target",
        "a row of segments and of places; expected a name that one row has",
    ),
    *(
        Broken(
            f"pass {kind}",
            add(
                MEASURES,
                measure="relief",
                kind="humanitarian_pass",
                start="2024-03-01",
                source="made-up",
                **cells,
            ),
            MEASURES,
            field,
            part,
        )
        for kind, cells, field, part in (
            (
                "of no corridor",
                {"value": "5", "unit": "kl/day"},
                "target",
                "a row of corridors.csv",
            ),
            (
                "in litres",
                {"target": "C-ROAD", "value": "5000", "unit": "l/day"},
                "unit",
                "kl/day, as the measure is 'humanitarian_pass'",
            ),
            (
                "of nothing",
                {"target": "C-ROAD"},
                "value",
                "a number, as the measure is 'humanitarian_pass'",
            ),
        )
    ),
    Broken(
        "limit on the supply of no product",
        add(
            MEASURES,
            measure="poor",
            kind="supply_limit",
            target="petrol",
            start="2024-03-01",
            value="0.5",
            unit="1",
            source="made-up",
        ),
        MEASURES,
        "target",
        "a product of case.toml, or empty for all",
    ),
    Broken(
        "range of a value that is none",
        add(
            MEASURES,
            measure="dear",
            kind="toll",
            start="2024-03-01",
            value="5",
            value_high="9",
            unit="USD",
            source="made-up",
        ),
        MEASURES,
        "value_high",
        "empty, as the value of a measure 'toll' is no range",
    ),
    Broken(
        "half-normal with a second number",
        cell(PARAM, "hazard_ratio_price", "b", "1"),
        PARAM,
        "b",
        "empty, as the distribution is exp_half_normal",
    ),
    Broken(
        "half-normal of no width",
        cell(PARAM, "hazard_ratio_price", "a", "0"),
        PARAM,
        "a",
        "more than 0, as the distribution is exp_half_normal",
    ),
    Broken(
        "half-normal beyond what can be",
        cell(PARAM, "hazard_ratio_price", "a", "900"),
        PARAM,
        "a",
        "hazard_ratio_price from 1 to 1000",
    ),
]

CONFIG = [
    Broken(
        "case.toml missing",
        act(lambda f: (f / "case.toml").unlink()),
        "case.toml",
        None,
        "is missing",
    ),
    Broken(
        "case.toml that is no TOML",
        content("case.toml", lambda b: b"schema = 1\nname = \n" + b, 2),
        "case.toml",
        None,
        "is not TOML",
    ),
    Broken(
        "brackets too deep",
        told_at(key("title", "[" * 5000)),
        "case.toml",
        None,
        "too deep",
    ),
    Broken(
        "number too long",
        told_at(key("title", "0x" + "f" * 9999)),
        "case.toml",
        None,
        "long",
    ),
    Broken("key missing", key("capital", None), "case.toml", None, "no key 'capital'"),
    Broken(
        "key unknown",
        content("case.toml", lambda b: b"captal = 1\n" + b, 1),
        "case.toml",
        "key",
        "'captal'; expected one of",
    ),
    Broken(
        "text as a day", key("start", '"2024-01-01"'), "case.toml", "start", "a day"
    ),
    Broken(
        "number as text", key("forecast_days", '"9"'), "case.toml", "forecast_days", ""
    ),
    Broken(
        "forecast of none", key("forecast_days", "0"), "case.toml", "forecast_days", ""
    ),
    Broken(
        "other schema", key("schema", "2"), "case.toml", "schema", "'2'; expected 1"
    ),
    Broken(
        "path as a name", key("name", '"../x"'), "case.toml", "name", "an identifier"
    ),
    Broken(
        "cut-off first", key("cutoff", "2023-01-01"), "case.toml", "cutoff", "from 2024"
    ),
    Broken(
        "long ago", key("start", "1024-01-01"), "case.toml", "start", "from 1950-01-01"
    ),
    Broken(
        "no products",
        key("products", "[]"),
        "case.toml",
        "products",
        "a list of 1 to 20 identifiers",
    ),
    Broken(
        "product twice",
        key("products", '["kerosene", "gas_oil", "gas_oil"]'),
        "case.toml",
        "products",
        "each once",
    ),
    Broken(
        "product nobody wants",
        told_at(key("products", '["kerosene", "gas_oil", "lpg"]')),
        "demand.csv",
        None,
        "no demand for 'lpg'",
    ),
    Broken(
        "capital that is no place",
        told_at(key("capital", '"highcort"')),
        "case.toml",
        "capital",
        "did you mean 'highcourt'?",
    ),
]

SCENARIO = "scenarios/no-escorts.toml"
SCENARIOS = [
    Broken(kind, content(SCENARIO, swap(old, new), line), SCENARIO, field, part)
    for kind, old, new, line, field, part in [
        ("scenario that is no TOML", b"[[change]]", b"[[change", 5, None, "not TOML"),
        (
            "scenario without a day",
            b"2024-03-04",
            b'"soon"',
            3,
            "start",
            "a day without",
        ),
        (
            "scenario of no table",
            b'"measures"',
            b'"mesures"',
            5,
            "table",
            "'measures'?",
        ),
        ("scenario of no column", b"kind =", b"knd =", 5, "add column", "'kind'?"),
        ("scenario with a wrong key", b"question", b"queston", 2, "key", "'question'?"),
        (
            "scenario that does nothing",
            b"[[change.add]]",
            b"[change.set]",
            5,
            "set.measure",
            "no change of a key",
        ),
    ]
]

BROKEN = [
    *FILES,
    *COLUMNS,
    *CELLS,
    *REFERENCES,
    *RULES,
    *CONFLICT_CELLS,
    *CONFLICT,
    *CONFIG,
    *SCENARIOS,
]
