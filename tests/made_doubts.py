"""Two made-up countries for the tests of doubts: Orvana (XA) and Tessaly (XB)."""

from datetime import date

import pandas as pd

from supplyline.evidence.articles.article import Article
from supplyline.evidence.doubts.find import Known, find_doubts
from supplyline.evidence.reading.candidate import Candidate

TOLD = date(2025, 6, 30)
YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def number(written, unit, quantity=None, subject="matter", **other):
    """Say what is read from the first place where it is written."""
    return {
        "written": written,
        "unit": unit,
        "quantity": quantity,
        "subject": subject,
        **other,
    }


def article(text, published=TOLD, language="en"):
    return Article(
        sha256="a" * 64,
        name="made-up.txt",
        media="text",
        title=None,
        publisher=None,
        published=published,
        published_precision="day",
        language=language,
        address=None,
        text=text,
    )


def candidate(text="", *, written="", name=None, after=0, **fields):
    at = text.index(written, after) if written else 0
    digits = "".join(c for c in written if c.isdigit() or c == ".").strip(".")
    unit = fields.get("unit", "count")
    values = {
        "candidate": name or f"c-{at}-{written}",
        "span_start": at,
        "span_end": at + len(written),
        "sentence_start": at,
        "sentence_end": at + len(written),
        "kind": "share" if unit == "percent" else "amount",
        "value": float(digits) if digits else None,
        "low": None,
        "high": None,
        "unit": unit,
        "counted": None,
        "subject": "matter",
        "quantity": "matter_count",
        "area": "country:XA",
        "actor": None,
        "start": YEAR[0],
        "end": YEAR[1],
        "precision": "year",
        "hedge": None,
        "speaker": None,
        "base": None,
        "is_understood": True,
        "reason": None,
    }
    return Candidate(**{**values, **fields})


def table(columns, rows):
    names = columns.split()
    return pd.DataFrame(
        [dict(zip(names, row, strict=True)) for row in rows], None, names
    )


def claims(*rows):
    columns = "claim subject quantity area value low high unit start end note source"
    frame = table(columns, rows)
    numbers = dict.fromkeys(("value", "low", "high"), float)
    frame = frame.astype(numbers)
    return frame.assign(
        start=pd.to_datetime(frame["start"]), end=pd.to_datetime(frame["end"])
    )


def claim(name, topic, area, value, unit, period, **other):
    subject, _, quantity = topic.partition(" ")
    start, _, end = period.partition(" ")
    return (
        name,
        subject,
        quantity,
        area,
        value,
        other.get("low"),
        other.get("high"),
        unit,
        start,
        end or start,
        None,
        other.get("source", f"source-{name}"),
    )


def known(country="XA", own_source="own", **tables):
    empty = {
        "claims": claims(),
        "actors": actors(),
        "people": people(),
        "control": control(),
        "places": places(),
        "regions": regions(),
        "market": market(),
        "names": table("name kind row note", []),
    }
    return Known(
        country=country,
        cutoff=date(2025, 12, 31),
        own_source=own_source,
        **{**empty, **tables},
    )


def actors(*rows):
    """Row: actor, title, allegiance, active_from, active_to."""
    return table("actor title allegiance active_from active_to", rows)


def people(*rows):
    """Row: person, name, role, start, end."""
    frame = table("person name role start end", rows)
    return frame.assign(
        start=pd.to_datetime(frame["start"]), end=pd.to_datetime(frame["end"])
    )


def control(*rows):
    """Row: control, area, actor, status, date, source."""
    frame = table("control area actor status date source", rows)
    return frame.assign(date=pd.to_datetime(frame["date"]))


def places(*rows):
    """Row: place, title, country, region, population, note, source."""
    frame = table("place title country region population note source", rows)
    return frame.astype({"population": float})


def regions(*rows):
    """Row: region, title, zone, is_boundary."""
    return table("region title zone is_boundary", rows)


def market(*rows):
    """Row: good, year, low, high, unit."""
    return table("good year low high unit", rows)


def doubts(text, numbers, rule=None, published=TOLD, language="en", **tables):
    """Give (rule, what is written) of each doubt about a made-up text."""
    read, after = [], 0
    for fields in numbers:
        read.append(candidate(text, after=after, **fields))
        after = read[-1].span_end
    written = {c.candidate: text[c.span_start : c.span_end] for c in read}
    found = find_doubts(article(text, published, language), read, known(**tables))
    return [
        (doubt.rule, written[doubt.candidate])
        for doubt in found
        if rule is None or doubt.rule.removesuffix("_near") == rule
    ]
