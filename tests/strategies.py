"""Strategies shared by the property tests: broken files, and sound cases."""

from __future__ import annotations

from datetime import date
from functools import cache

from hypothesis import strategies as st

from supplyline.case.case import find_folder, load_case
from supplyline.case.change import Change
from supplyline.case.scenario import Scenario, apply
from supplyline.tables import TABLES

FILES = (
    "case.toml",
    "scenarios/no-escorts.toml",
    "scenarios/raiders-strike.toml",
    *(f"{name}.csv" for name in TABLES),
)

NASTY_CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "0",
            "-1",
            "1e15",
            "1e400",
            "nan",
            "inf",
            "true",
            "2024-01-31",
            "9999-12-31",
            "0001-01-01",
            "=1+1",
            "@x",
            "../../etc/passwd",
            "<script>",
            "assumption",
            "road",
            "highcourt",
            "\ufeff",
            "\u202e",
            "a\nb",
            "a\rb",
            '"',
            ",",
            "[" * 3000,
            "0x" + "f" * 6000,
            "9" * 6000,
            "x" * 200_000,
        ]
    ),
    st.text(max_size=20),
    st.floats().map(repr),
    st.integers().map(str),
    st.dates().map(str),
)
"""Cells a person or a program may leave in a table."""

NASTY_BYTES = st.one_of(
    st.sampled_from([b"\0", b"\xff", b'"', b"\n", b"\r", b",", b";", b"\xef\xbb\xbf"]),
    st.binary(max_size=20),
)


@cache
def toy_files():
    """Read the files of the toy case; the header of a table that it does without."""
    folder = find_folder("toy")
    files = {}
    for name in FILES:
        path = folder / name
        if path.exists():
            files[name] = path.read_bytes()
        else:
            names = ",".join(TABLES[path.stem].model_fields)
            files[name] = f"{names}\n".encode()
    return files


@st.composite
def broken_files(draw):
    """Draw the files of the toy case with a few edits of bytes, cells and lines."""
    files = dict(toy_files())
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(FILES))
        content = files[name]
        kind = draw(st.sampled_from(["bytes", "cell", "line"]))
        if kind == "bytes":
            at = draw(st.integers(0, len(content)))
            gone = draw(st.integers(0, 20))
            files[name] = content[:at] + draw(NASTY_BYTES) + content[at + gone :]
        else:
            files[name] = _edit_line(draw, content, kind)
    return files


def _edit_line(draw, content, kind):
    """Change a cell of a line, or repeat, remove or move a whole line."""
    lines = content.split(b"\n")
    at = draw(st.integers(0, len(lines) - 1))
    if kind == "cell":
        parts = lines[at].split(b",")
        cell = draw(NASTY_CELLS).encode("utf-8", "surrogatepass")
        parts[draw(st.integers(0, len(parts) - 1))] = cell
        lines[at] = b",".join(parts)
    elif draw(st.booleans()):
        lines.insert(draw(st.integers(0, len(lines))), lines[at])
    else:
        del lines[at]
    return b"\n".join(lines)


def toml_value(value):
    """Write one value as TOML, on one line."""
    if isinstance(value, str):
        return '"' + "".join(_toml_character(c) for c in value) + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        inside = ", ".join(
            f"{toml_value(k)} = {toml_value(v)}" for k, v in value.items()
        )
        return f"{{ {inside} }}"
    if isinstance(value, list):
        return f"[{', '.join(toml_value(item) for item in value)}]"
    return repr(value)


def _toml_character(character):
    """Escape a character inside a TOML text."""
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


PLAIN = st.one_of(
    NASTY_CELLS,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.none(),
)


@st.composite
def changes(draw):
    """Draw the content of a change, often near to a sound one."""
    table = draw(st.sampled_from([*TABLES, "segmets", ""]))
    model = TABLES.get(table, TABLES["segments"])
    columns = st.sampled_from([*model.model_fields, "lenght"])
    pairs = st.dictionaries(columns, PLAIN | st.lists(PLAIN, max_size=3), max_size=3)
    parts = {
        "where": pairs | PLAIN,
        "set": pairs | PLAIN,
        "add": st.lists(pairs | PLAIN, max_size=2) | PLAIN,
        "remove": st.booleans() | PLAIN,
    }
    kept = draw(st.sets(st.sampled_from(sorted(parts)), min_size=1, max_size=2))
    return {"table": table, **{key: draw(parts[key]) for key in sorted(kept)}}


@cache
def toy():
    """Load the toy case once."""
    return load_case("toy")


@st.composite
def sound_cases(draw):
    """Draw a sound case: the toy case with other lengths, demand, hazard and harm."""
    case = toy()
    factor = st.floats(0.1, 10, allow_subnormal=False)
    fields = {
        ("segments", "segment"): ("length_km", "travel_h", "exposure"),
        ("demand", "demand_class"): ("demand_kl_per_day",),
        ("regions", "region"): ("effort",),
        ("attacks", "attack"): ("soldiers_killed", "civilians_killed", "materiel"),
        ("partners", "partner"): ("harm_factor", "attrition_factor"),
    }
    made = []
    for (table, key), columns in fields.items():
        frame = case.tables[table]
        for name in dict.fromkeys(frame[key]):
            first = frame[frame[key] == name].iloc[0]
            values = {c: round(float(first[c]) * draw(factor), 6) for c in columns}
            made.append(Change(table, {key: name}, values))
    scenario = Scenario("drawn", "Drawn", "What if?", case.config.start, tuple(made))
    return apply(case, scenario)
