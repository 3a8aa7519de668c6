"""Small made-up files of every event data set, in the words of its layout."""

import csv
import io

GED_241 = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
]
GED_191 = [
    name
    for name in reversed(GED_241)
    if name not in ("relid", "code_status", "where_description")
    and not name.endswith("_dset_id")
]
ACLED = [
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
    "civilian_targeting",
    "iso",
    "region",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "notes",
    "fatalities",
    "tags",
    "timestamp",
]
ACLED_LEGACY = [
    "data_id",
    "iso",
    *("event_id_no_cnty", "event_date", "year", "time_precision", "event_type"),
    *("sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2"),
    *("assoc_actor_2", "inter2", "interaction", "region", "country", "admin1"),
    *("admin2", "admin3", "location", "latitude", "longitude", "geo_precision"),
    *("source", "source_scale", "notes", "fatalities", "timestamp", "iso3"),
]
HAPI = [
    "location_code",
    "has_hrp",
    "in_gho",
    "provider_admin1_name",
    "provider_admin2_name",
    "admin1_code",
    "admin1_name",
    "admin2_code",
    "admin2_name",
    "admin_level",
    "event_type",
    "events",
    "fatalities",
    "reference_period_start",
    "reference_period_end",
    "dataset_hdx_id",
    "resource_hdx_id",
    "warning",
    "error",
]
WFP = [
    "date",
    "admin1",
    "admin2",
    "market",
    "market_id",
    "latitude",
    "longitude",
    "category",
    "commodity",
    "commodity_id",
    "unit",
    "priceflag",
    "pricetype",
    "currency",
    "price",
    "usdprice",
]
WFP_2020 = [
    "date",
    "cmname",
    "unit",
    "category",
    "price",
    "currency",
    "country",
    "admname",
    "adm1id",
    "mktname",
    "mktid",
    "cmid",
    "ptid",
    "umid",
    "catid",
    "sn",
    "default",
]
BOOK = [
    *("Country", "Admin1", "Admin2", "ISO3", "Admin2 Pcode", "Admin1 Pcode", "Month"),
    *("Year", "Events", "Fatalities"),
]


def ged(number, **cells):
    """Write one row of UCDP GED."""
    row = {
        "id": number,
        "year": 2024,
        "active_year": "True",
        "code_status": "Clear",
        "type_of_violence": 1,
        "side_a": "Government of Ruritania",
        "side_b": f"XXX{number}",
        "number_of_sources": -1,
        "source_article": f'"Agency, 2024-03-0{number % 9 + 1}, made up"',
        "source_headline": "A made-up headline, with a comma",
        "where_prec": 2,
        "where_coordinates": "Strelsau town",
        "adm_1": "Middle",
        "latitude": 12.5,
        "longitude": -7.25,
        "country": "Mali",
        "country_id": 432,
        "date_prec": 1,
        "date_start": "2024-03-04 00:00:00.000",
        "date_end": "2024-03-05 00:00:00.000",
        "best": 3 + number,
        "low": 1,
        "high": 9 + number,
        "iso3": "MLI",
    }
    return {**row, **cells}


def acled(number, **cells):
    """Write one row of ACLED."""
    row = {
        "event_id_cnty": f"RUR{number}",
        "data_id": number,
        "event_date": "31 July 2020",
        "year": 2020,
        "time_precision": 2,
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor1": "Military Forces of Ruritania",
        "actor2": "Black Michael's Band",
        "inter1": "State Forces",
        "iso": 466,
        "country": "Mali",
        "admin1": "Middle",
        "location": "Zenda",
        "latitude": 13.0,
        "longitude": -6.0,
        "geo_precision": 1,
        "notes": "A made-up note.",
        "fatalities": number,
        "timestamp": 1_600_000_000 + number,
    }
    return {**row, **cells}


def hapi(number, **cells):
    """Write one row of HAPI."""
    row = {
        "location_code": "MLI",
        "has_hrp": "True",
        "admin1_code": f"ML{number:02}",
        "admin1_name": f"Province {number}",
        "admin_level": 1,
        "event_type": "political_violence",
        "events": number,
        "fatalities": 2 * number,
        "reference_period_start": "2024-03-01T00:00:00",
        "reference_period_end": "2024-03-31T23:59:59",
    }
    return {**row, **cells}


def wfp(number, **cells):
    """Write one price, in the words of both layouts."""
    row = {
        "date": "2024-03-15",
        "admin1": "Middle",
        "market": f"Market {number}",
        "mktname": f"Market {number}",
        "latitude": 12.0,
        "longitude": -7.0,
        "category": "non-food",
        "commodity": "Fuel (petrol)",
        "cmname": "Fuel (petrol)",
        "unit": "L",
        "priceflag": "actual",
        "pricetype": "Retail",
        "currency": "XOF",
        "price": 700.0 + number,
        "usdprice": 1.15,
        "country": "Mali",
    }
    return {**row, **cells}


def book(number, **cells):
    """Write one row of the workbook of aggregates."""
    row = {
        "Country": "Mali",
        "Admin1": f"Province {number}",
        "ISO3": "MLI",
        "Month": "March",
        "Year": 2024,
        "Events": number,
        "Fatalities": number,
    }
    return {**row, **cells}


def gdelt(number, width=61, **cells):
    """Write one line of GDELT."""
    row = [""] * 61
    given = {
        0: 1000 + number,
        1: 20240304,
        2: 202403,
        3: 2024,
        4: 2024.1699,
        6: "RURITANIA",
        16: "MILITANT",
        25: 1,
        26: "190",
        27: "190",
        28: "19",
        51: 4,
        52: "Strelsau, Mali",
        53: "ML",
        54: "ML01",
        55: "12345",
        56: 12.65,
        57: -8.0,
        59: 20240304001500,
        60: f"https://news.example/{number}",
        **{int(key[1:]): cell for key, cell in cells.items()},
    }
    for place, cell in given.items():
        row[place] = str(cell)
    if width < 61:
        row = [cell for at, cell in enumerate(row) if at not in (39, 47, 55)][:width]
    return "\t".join(row) + "\n"


def text(header, rows, delimiter=",", tags=None):
    """Write a table of text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    if tags:
        writer.writerow(tags)
    for row in rows:
        writer.writerow([row.get(name, "") for name in header])
    return out.getvalue()


ROWS = range(1, 8)
TAGS = ["#id", "", "#date"]
LAYOUTS = {
    "ucdp-23.1": text(GED_241, map(ged, ROWS)),
    "ucdp-hdx": text([*GED_191, "iso3"], map(ged, ROWS), tags=TAGS),
    "ucdp-19.1": text(GED_191, map(ged, ROWS)),
    "acled": text(ACLED, map(acled, ROWS)),
    "acled-legacy": text(ACLED_LEGACY, map(acled, ROWS)),
    "acled-deletions": text(
        ["event_id_cnty", "deleted_timestamp"],
        [{"event_id_cnty": "RUR3", "deleted_timestamp": 1_700_000_000}],
    ),
    "gdelt-2": "".join(map(gdelt, ROWS)),
    "gdelt-1": "".join(gdelt(number, 58) for number in ROWS),
    "hapi-conflict": text(HAPI, map(hapi, ROWS), tags=["#country+code"]),
    "acled-hdx": text(BOOK, map(book, ROWS)),
    "wfp-2024": text(WFP, map(wfp, ROWS), tags=["#date", "#adm1+name"]),
    "wfp-2020": text(WFP_2020, map(wfp, ROWS)),
}
"""One small file of each layout, as text."""


def write_ged(path, days):
    """Write made-up events in the layout of UCDP GED: ambushes on the toy's road."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, GED_241)
        writer.writeheader()
        for number, day in enumerate(days, start=1):
            writer.writerow({
                **dict.fromkeys(GED_241, ""), "id": number, "relid": f"XA-{number}",
                "year": 2024, "active_year": 1, "code_status": "Clear",
                "type_of_violence": 1, "conflict_name": "made up", "side_a": "State",
                "side_b": "Raiders", "dyad_name": "State - Raiders",
                "number_of_sources": 1, "source_headline": "an ambush, made up",
                "where_prec": 1, "where_coordinates": "a bend", "adm_1": "Lowland",
                "latitude": 11.3, "longitude": 0.16, "geom_wkt": "POINT (0.16 11.3)",
                "country": "Mali", "country_id": 432, "region": "Africa",
                "event_clarity": 1, "date_prec": 1, "date_start": day, "date_end": day,
                "deaths_a": 1, "deaths_b": 0, "deaths_civilians": 0,
                "deaths_unknown": 0, "best": 1, "high": 2, "low": 1,
            })  # fmt: skip
    return path
