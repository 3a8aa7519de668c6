"""Row models of the evidence behind a case: names, people, documents, updates.

None is needed for a simulation: a case without them is whole. A docstring under a field
is its meaning; its unit stands in brackets at the end.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from supplyline.tables.row import (
    Identifier,
    Latitude,
    Longitude,
    NotNegative,
    Positive,
    Row,
    Text,
)
from supplyline.tables.words import PeriodPrecision, UpdateRule

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
WholeNumber = Annotated[int, Field(ge=0)]
Credibility = Annotated[int, Field(ge=1, le=6)]


class Name(Row):
    """Another name under which texts and data sets speak of a row of the case."""

    key: ClassVar = ("name", "kind")
    optional: ClassVar[bool] = True
    name: Text
    """Name as written; capitals and accents do not matter."""
    kind: Literal["actor", "place", "region", "area", "country"]
    """What it names."""
    row: Identifier
    """Row of actors.csv, places.csv or regions.csv; name of an area, such as southwest;
    ISO 3166 code of a country."""
    note: Text | None
    """Remark."""


class Person(Row):
    """A person in a role, from one day to another."""

    key: ClassVar = ("person", "role", "start")
    optional: ClassVar[bool] = True
    person: Identifier
    """Identifier."""
    name: Text
    """Name as printed; other spellings are parted by semicolons."""
    role: Text
    """Role held, such as president; or 'life', which ends with death."""
    start: date | None
    """First day in the role; empty means not known."""
    end: date | None
    """Last day in the role; empty means not known, or still held."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class MarketPrice(Row):
    """What a good cost on the world market in one year."""

    key: ClassVar = ("good", "year")
    optional: ClassVar[bool] = True
    good: Identifier
    """What is traded, such as gold."""
    year: Annotated[int, Field(ge=1900, le=2100)]
    """Year."""
    low: Positive
    """Low end of the yearly mean price [unit of the row]."""
    high: Positive
    """High end of the yearly mean price [unit of the row]."""
    unit: Text
    """Unit, such as USD_per_kg."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Document(Row):
    """A page or file that was read."""

    key: ClassVar = ("document",)
    optional: ClassVar[bool] = True
    document: Sha256
    """SHA-256 of its bytes."""
    name: Text
    """Name of the file, or address."""
    title: Text | None
    """Title."""
    publisher: Text | None
    """Who published it."""
    published: date | None
    """Day of publication, or a day inside its month or year."""
    published_precision: Literal["day", "month", "year", "text"] | None
    """How exact that is; text: inferred from the dates of the text."""
    language: Text | None
    """ISO 639 code of the language."""
    address: Text | None
    """Address of the page."""
    relay_of: Sha256 | None
    """Document whose text it repeats; its numbers are not counted twice."""
    source: Identifier
    """Row of sources.csv."""


class Reading(Row):
    """How an accepted claim was read: where it stands, who says so, who accepted it."""

    key: ClassVar = ("claim",)
    optional: ClassVar[bool] = True
    claim: Identifier
    """Row of claims.csv."""
    document: Sha256
    """Row of documents.csv."""
    span_start: WholeNumber
    """First character of the number in the document's own text, from 0."""
    span_end: WholeNumber
    """Character after its last."""
    sentence_start: WholeNumber
    """First character of the sentence."""
    sentence_end: WholeNumber
    """Character after its last."""
    counted: Text | None
    """What is counted, in the words of the text."""
    actor: Identifier | None
    """Row of actors.csv that acts."""
    hedge: Text | None
    """Word that makes the number less than exact, such as more than."""
    speaker: Text | None
    """Who says so, where it is not the publisher."""
    base: Text | None
    """What a change, share or ratio is counted against."""
    precision: PeriodPrecision | None
    """How exact the period is."""
    credibility: Credibility
    """Admiralty grade of the information, 1 (confirmed) to 6 (cannot be judged)."""
    decision: Literal["accept", "correct"]
    """What the reviewer did."""
    reviewer: Text
    """Who decided."""
    decided: Text
    """When, as ISO 8601 in UTC."""
    note: Text | None
    """Remark of the reviewer."""


class Witness(Row):
    """One row of a data set that witnesses an event of the case."""

    key: ClassVar = ("data_set", "data_id")
    optional: ClassVar[bool] = True
    data_set: Identifier
    """Data set, such as ucdp_ged."""
    data_id: Text
    """Identifier there."""
    event: Identifier
    """Row of events.csv."""
    segment: Identifier | None
    """Nearest row of segments.csv."""
    segment_km: NotNegative | None
    """Distance to it [km]."""
    region: Identifier | None
    """Row of regions.csv."""
    lat: Latitude
    """Latitude as given there [degrees north]."""
    lon: Longitude
    """Longitude as given there [degrees east]."""
    is_provisional: bool
    """Whether the data set may still change it."""
    licence: Text
    """Terms of the data set."""


class WeekHazard(Row):
    """Encounters counted on one segment in one week, and the hazard that follows."""

    key: ClassVar = ("segment", "start")
    optional: ClassVar[bool] = True
    segment: Identifier
    """Row of segments.csv."""
    start: date
    """Monday of the week."""
    encounters: WholeNumber
    """Attacks on the road counted."""
    hazard_low: NotNegative
    """Low end, tenth percentile, of encounters expected in the week [1]."""
    hazard: NotNegative
    """Mean of encounters expected in the week [1]."""
    hazard_high: NotNegative
    """High end, ninetieth percentile, of encounters expected in the week [1]."""
    basis: Text
    """Events counted, parted by spaces; or the word none."""


class Update(Row):
    """One value of the case that evidence changed."""

    key: ClassVar = ("update",)
    optional: ClassVar[bool] = True
    update: Identifier
    """Identifier."""
    previous_cutoff: date
    """Last day of the past before the change."""
    cutoff: date
    """Last day of the past since the change."""
    table: Identifier
    """Table changed, or case.toml."""
    row: Text
    """Key of the row."""
    field: Identifier | None
    """Column changed; empty for a row that was added."""
    before: Text | None
    """Value before."""
    after: Text | None
    """Value after."""
    rule: UpdateRule
    """Rule by which evidence changes the case; each has a section in the docs."""
    basis: Text
    """Claims or events it rests on, parted by spaces."""
