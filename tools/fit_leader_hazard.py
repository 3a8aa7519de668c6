"""Fit the hazard of leaders losing power, test it blind, write what the package keeps.

Run by hand from the repository, when the data or the rules here change::

    python tools/fit_leader_hazard.py [FOLDER]

FOLDER (default ../shared/data/open) holds the data sets, none later than 2017-12 where
leaders and coups are concerned. Written: src/supplyline/case/leader_hazard.json and the
tables of docs/model/leader.md. The same data give the same bytes.

The blind test is fitted to 2010-12 and scored on 2011 to 2017; the coefficients that
are kept are then fitted to 2017-12. The form was chosen in leader/choice.py.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from leader import page
from leader.blind import month_scores, year_forecasts, year_scores
from leader.exits import exit_months
from leader.months import leader_months, read_records
from leader.score import DRAWS
from leader.summary import summary

ROOT = Path(__file__).resolve().parents[1]
OPEN_DATA = ROOT.parent / "shared" / "data" / "open"
KEPT = ROOT / "src" / "supplyline" / "case" / "leader_hazard.json"
PAGE = ROOT / "docs" / "model" / "leader.md"
SCORE_DIGITS = 6


def build(folder: Path, draws: int = DRAWS) -> dict[str, object]:
    """Fit and test.

    Parameters
    ----------
    folder
        Folder of the open data.
    draws
        Draws of the bootstrap.

    Returns
    -------
    dict
        What is kept.
    """
    records = read_records(folder)
    months = leader_months(records)
    forecasts = year_forecasts(months, folder)
    tables = {**year_scores(forecasts, draws), **month_scores(months, draws)}
    rounded = {
        rows: {
            name: {
                score: [round(number, SCORE_DIGITS) for number in numbers]
                for score, numbers in scores.items()
            }
            for name, scores in by_name.items()
        }
        for rows, by_name in tables.items()
    }
    tested = forecasts.dropna()
    return {
        **summary(months, exit_months(folder, records)),
        "blind_test": {
            "fit": "1990-01 to 2010-12",
            "test": "2011-01 to 2017-12",
            "each": "score, then the ends of its 90 % interval (countries drawn whole)",
            "draws": draws,
            "country_years": len(tested),
            "country_years_left_out": len(forecasts) - len(tested),
            "country_years_with_attempt": int(tested["observed_attempt"].sum()),
            "country_years_with_coup": int(tested["observed_coup"].sum()),
            "scores": rounded,
        },
    }


def text_of(kept: dict[str, object]) -> str:
    """Write JSON with one line per list of numbers.

    Parameters
    ----------
    kept
        What is kept.

    Returns
    -------
    str
        JSON.
    """
    return page.with_short_lists(json.dumps(kept, indent=1)) + "\n"


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else OPEN_DATA
    made = build(given)
    KEPT.write_text(text_of(made), encoding="utf-8")
    PAGE.write_text(page.filled(PAGE.read_text(encoding="utf-8"), made), "utf-8")
    print(f"wrote {KEPT.relative_to(ROOT)} and the tables of {PAGE.relative_to(ROOT)}")
