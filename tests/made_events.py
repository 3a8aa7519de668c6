"""Made-up events of several data sets in the toy country."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

NOTES = "Secret words of a data set that may not be passed on"


def event(number, data_set="ucdp", **fields):
    """Write one made-up event near the road from Crossing to Millford."""
    licences = {"ucdp": "CC-BY-4.0", "gdelt": "gdelt-citation", "acled": "acled-terms"}
    row = {
        "data_set": data_set,
        "data_id": f"{data_set}{number}",
        "line": number,
        "start": date(2024, 2, 5),
        "end": date(2024, 2, 5),
        "date_precision": "day",
        "data_type": "1",
        "kind": "convoy_attack",
        "actor1": "State",
        "actor2": "Raiders",
        "lat": 11.3,
        "lon": 0.16,
        "place_km": 5.0,
        "country": "XA",
        "admin1": None,
        "admin2": None,
        "place_name": "a bend of the road",
        "deaths": 4.0,
        "deaths_low": 3.0,
        "deaths_high": 6.0,
        "text": NOTES,
        "is_provisional": False,
        "licence": licences.get(data_set, "unheard of"),
    }
    row.update(fields)
    if "start" in fields and "end" not in fields:
        row["end"] = fields["start"]
    return row


def table(*rows):
    """Lay out reports as the store gives them."""
    frame = pd.DataFrame(list(rows) or [event(0)])
    return frame if rows else frame.iloc[:0]


EVENTS = table(
    event(1),
    event(1, "gdelt", lat=11.33, deaths=np.nan, deaths_low=np.nan, deaths_high=np.nan),
    event(2, start=date(2024, 2, 20), kind="road_attack", lat=11.0, lon=0.11),
    event(3, "acled", start=date(2024, 2, 22), lat=12.9, lon=0.7, data_id="XAA0003"),
    event(4, start=date(2024, 2, 25), kind="town_attack", lat=12.5, lon=0.4),
    event(5, start=date(2024, 1, 29), lat=11.5, lon=0.15, deaths_low=1, deaths_high=2),
    event(6, start=date(2024, 2, 26), actor2="A band nobody knows", kind="battle"),
    event(7, start=date(2024, 3, 20), lat=11.2, lon=0.15),
)
"""E2 of the case is the fifth; the sixth has an actor unknown; the seventh is later."""
