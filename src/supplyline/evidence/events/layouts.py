"""The layouts that are known, and how a table is recognised by its header."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from supplyline.errors import EvidenceError, Problem, nearest, shown
from supplyline.evidence.events.blocks import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from supplyline.evidence.events.blocks import Sheet

Kind = Literal["events", "aggregates", "prices", "deletions"]

_SHOWN_LAYOUTS: Final = 3
_SHOWN_NAMES: Final = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout of a data set."""

    name: str
    data_set: str
    kind: Kind
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    width: int | None = None

    def columns(self) -> tuple[str, ...]:
        """Give every column that is used."""
        return (*self.required, *self.marks, *self.optional)

    def missing(self, names: Iterable[str]) -> list[str]:
        """Tell which columns it needs and a table does not have."""
        there = set(names)
        return [
            name for name in (*self.required, *self.marks) if plain(name) not in there
        ]


_UCDP: Final = (
    "id", "type_of_violence", "side_a", "side_b", "latitude", "longitude",
    "date_start", "date_end", "best", "high", "low",
)  # fmt: skip
_UCDP_MORE: Final = (
    "where_prec", "date_prec", "country", "country_id", "adm_1", "adm_2",
    "where_coordinates", "source_headline", "source_article", "dyad_name", "iso3",
)  # fmt: skip
_ACLED: Final = (
    "event_date", "event_type", "actor1", "actor2", "country", "latitude",
    "longitude", "fatalities",
)  # fmt: skip
_ACLED_MORE: Final = (
    "sub_event_type", "time_precision", "geo_precision", "inter1", "iso", "admin1",
    "admin2", "location", "notes", "timestamp",
)  # fmt: skip
_GDELT: Final = (
    "GLOBALEVENTID", "SQLDATE", "EventCode", "ActionGeo_Type", "ActionGeo_Lat",
    "ActionGeo_Long", "DATEADDED",
)  # fmt: skip
_GDELT_MORE: Final = (
    "Actor1Name", "Actor2Name", "Actor1Code", "Actor2Code", "ActionGeo_FullName",
    "ActionGeo_CountryCode", "ActionGeo_ADM1Code", "ActionGeo_ADM2Code", "SOURCEURL",
    "IsRootEvent",
)  # fmt: skip

LAYOUTS: Final = (
    Layout("ucdp-23.1", "ucdp", "events", _UCDP, (*_UCDP_MORE, "relid"),
           marks=("code_status",)),
    Layout("ucdp-hdx", "ucdp", "events", _UCDP, _UCDP_MORE, marks=("iso3",),
           absent=("code_status",)),
    Layout("ucdp-19.1", "ucdp", "events", _UCDP, _UCDP_MORE,
           absent=("code_status", "iso3")),
    Layout("acled", "acled", "events", _ACLED, _ACLED_MORE,
           marks=("event_id_cnty",)),
    Layout("acled-legacy", "acled", "events", _ACLED, (*_ACLED_MORE, "iso3"),
           marks=("data_id",), absent=("event_id_cnty",)),
    Layout("acled-deletions", "acled", "deletions", ("event_id_cnty",),
           ("deleted_timestamp", "timestamp"), absent=("event_date", "event_type")),
    Layout("gdelt-2", "gdelt", "events", _GDELT, _GDELT_MORE,
           marks=("ActionGeo_ADM2Code",), width=61),
    Layout("gdelt-1", "gdelt", "events", _GDELT, _GDELT_MORE,
           absent=("ActionGeo_ADM2Code",), width=58),
    Layout("hapi-conflict", "hapi", "aggregates",
           ("location_code", "event_type", "events", "fatalities",
            "reference_period_start", "reference_period_end"),
           ("admin1_code", "admin1_name", "admin2_code", "admin2_name",
            "provider_admin1_name", "provider_admin2_name", "admin_level",
            "resource_hdx_id", "error")),
    Layout("acled-hdx", "acled_aggregates", "aggregates",
           ("Country", "Month", "Year", "Events"),
           ("Fatalities", "ISO3", "Admin1", "Admin2", "Admin1 Pcode",
            "Admin2 Pcode")),
    Layout("wfp-2024", "wfp", "prices",
           ("date", "market", "category", "commodity", "unit", "priceflag",
            "pricetype", "currency", "price"),
           ("countryiso3", "admin1", "admin2", "market_id", "latitude", "longitude",
            "commodity_id", "usdprice")),
    Layout("wfp-2020", "wfp", "prices",
           ("date", "cmname", "unit", "category", "price", "currency", "mktname"),
           ("country", "admname", "mktid", "cmid", "ptid", "umid")),
)  # fmt: skip
"""Every layout that is read, the more exact before the less exact."""

_ACTOR: Final = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code",
    "Religion2Code", "Type1Code", "Type2Code", "Type3Code",
)  # fmt: skip
_PLACE: Final = (
    "Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long",
    "FeatureID",
)  # fmt: skip
GDELT_COLUMNS: Final = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    *(f"Actor1{name}" for name in _ACTOR),
    *(f"Actor2{name}" for name in _ACTOR),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass",
    "GoldsteinScale", "NumMentions", "NumSources", "NumArticles", "AvgTone",
    *(f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in _PLACE),
    "DATEADDED", "SOURCEURL",
)  # fmt: skip
"""Columns of a GDELT 2.0 export, which has no header."""


def headless_names(width: int) -> tuple[str, ...]:
    """Name the columns of a table without a header by their number."""
    names = GDELT_COLUMNS
    if width < len(GDELT_COLUMNS):
        names = tuple(name for name in names if not name.endswith("ADM2Code"))
    return tuple(plain(name) for name in names[:width])


def recognise(
    sheets: Sequence[Sheet], file: str, data_set: str | None
) -> list[tuple[Sheet, Layout]]:
    """Find the layout of each table of a file."""
    known = [lay for lay in LAYOUTS if data_set in (None, lay.data_set)]
    if not known:
        sets = sorted({lay.data_set for lay in LAYOUTS})
        problem = Problem.unknown(
            file, None, "data set", str(data_set), sets, f"one of {', '.join(sets)}"
        )
        raise EvidenceError(file, [problem])
    pairs = [
        (sheet, layout)
        for sheet in sheets
        if (layout := _layout_of(sheet, known)) is not None
    ]
    if not pairs:
        raise EvidenceError(file, _unknown(sheets[0], file, known))
    first = pairs[0][1]
    pairs = [pair for pair in pairs if pair[1].kind == first.kind]
    problems = [problem for pair in pairs for problem in _doubled(*pair, file)]
    if problems:
        raise EvidenceError(file, problems)
    return pairs


def _layout_of(sheet: Sheet, known: Sequence[Layout]) -> Layout | None:
    """Find the first layout that a table has."""
    names = set(sheet.names)
    for layout in known:
        has_other = any(plain(name) in names for name in layout.absent)
        if not layout.missing(names) and not has_other:
            return layout
    return None


def _doubled(sheet: Sheet, layout: Layout, file: str) -> list[Problem]:
    """Tell of columns that are used and stand in the header twice."""
    counts = Counter(sheet.names)
    return [
        Problem(file, 1, None, f"has the column {name!r} twice", "each column once")
        for name in layout.columns()
        if counts[plain(name)] > 1
    ]


def _unknown(sheet: Sheet, file: str, known: Sequence[Layout]) -> list[Problem]:
    """Tell what is missing for the layouts that are nearest."""
    names = set(sheet.names)
    ranked = sorted(known, key=lambda lay: len(lay.missing(names)) / len(lay.required))
    header = ", ".join(shown(name) for name in sheet.names[:_SHOWN_NAMES])
    problems = [
        Problem(
            file,
            1,
            None,
            f"has a header of no known layout: {header}",
            f"one of {', '.join(lay.name for lay in known)}",
        )
    ]
    for layout in ranked[:_SHOWN_LAYOUTS]:
        others = names - {plain(name) for name in layout.columns()}
        problems.extend(
            Problem(
                file,
                1,
                None,
                f"lacks the column '{name}' of {layout.name}",
                None,
                nearest(plain(name), others),
            )
            for name in layout.missing(names)
        )
    return problems
