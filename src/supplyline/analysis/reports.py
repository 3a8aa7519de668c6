"""Reports: what would be said of a modelled value, with the bias and error of its kind.

docs/model/observation.md has the equations and what the parameters rest on.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from supplyline.engine.draws import member_uniforms
from supplyline.engine.quantiles import normal_quantile, off_zero
from supplyline.errors import RunError, unknown_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.runs import Run

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Report:
    """A kind of report: how it turns a truth into what is said of it."""

    form: Literal["factor", "share", "days"]
    error: str
    """Parameter with the spread of its error: of the log, the logit, or in days."""
    bias: str | None = None
    """Parameter with the factor that all reports of the kind have in common."""
    base: float = 0.0
    """What the quoted level exceeds the value by: 100 for a rise in per cent."""
    whole: float = 1.0
    """What a share is of: 24 for hours of a day."""


_OFFICIAL, _QUOTED = "official_error_sd_log", "quoted_price_error_sd_log"
REPORTS: Final = {
    "customs": Report("factor", _OFFICIAL, "customs_coverage"),
    "official": Report("factor", _OFFICIAL, "official_bias"),
    "quote": Report("factor", _QUOTED, "quoted_price_bias"),
    "rise": Report("factor", _QUOTED, "quoted_price_bias", base=100.0),
    "claim": Report("factor", "loss_claim_error_sd_log", "loss_claim_bias"),
    "count": Report("factor", "count_error_sd_log"),
    "part": Report("share", "count_error_sd_log"),
    "share": Report("share", "reading_error_sd_logit"),
    "hours": Report("share", "hours_error_sd_logit", whole=24.0),
    "spell": Report("days", "spell_error_sd_days"),
}
"""Kinds of report; ``given`` is none of them: it is told as it is."""
KIND_OF: Final = {
    "customs_volume_ml": "customs",
    "imports_volume_kl": "customs",
    "supply_share": "customs",
    "capital_stock_ml": "official",
    "trucks_waiting": "official",
    "escorted_convoys": "official",
    "street_price": "quote",
    "price_multiple": "quote",
    "price_increase": "rise",
    "trucks_lost": "claim",
    "convoy_size": "count",
    "convoy_trucks": "count",
    "attacks": "count",
    "interdictor_attacks_per_month": "count",
    "attack_share": "part",
    "harm_operations_per_day": "count",
    "operations": "count",
    "harm_deaths": "count",
    "revenue": "count",
    "fighters": "count",
    "partner_troops": "count",
    "displaced": "count",
    "besieged_regions": "count",
    "stations_open_share": "share",
    "worst_week_served_share": "share",
    "state_land_share": "share",
    "electricity_h": "hours",
    "relief_day": "spell",
    "lull_days": "spell",
    "first_shortage_day": "given",
    "first_ban_month": "given",
    "coup_attempts": "given",
    "leader_in_power": "given",
}
"""Measure to its kind of report."""
GRADE_FACTORS: Final = {
    "C": "grade_c_error_factor",
    "D": "grade_d_error_factor",
    "E": "grade_e_error_factor",
    "F": "grade_f_error_factor",
}
"""Grade of a source to the parameter by which the errors of its reports are wider."""


class Told(NamedTuple):
    """What is known of a report beside its value."""

    row: str
    """Row that the report is; its luck has this name."""
    last: pd.Timestamp
    """Last day that it tells of: the luck of that day is its own."""
    days: int | None = None
    """Days of the window, where the value is a sum over it."""
    grade: str | None = None
    """Grade of its source, A to F; none where nobody graded it."""
    range_sd: float = 0.0
    """Spread that its own range leaves, on the scale of its error."""


def as_reported(run: Run, name: str, told: Told, values: Floats) -> Floats:
    """Give what the report of a measure would say of each member's value."""
    kind = kind_of(name)
    if kind == "given":
        return values
    report = REPORTS[kind]
    spread = _drawn(run, report.error)
    if told.grade in GRADE_FACTORS:
        spread = spread * _drawn(run, GRADE_FACTORS[told.grade])
    if told.days is not None:
        # a sum reaches a day further or less far: that day's part of it
        edge = _drawn(run, "window_edge_days")
        spread = np.hypot(spread, edge / told.days)
    error = np.hypot(spread, told.range_sd) * _normals(run, told)
    if report.form == "days":
        return np.maximum(np.rint(values + error), 0.0)
    factor = np.exp(error)
    if report.form == "share":
        # the odds times the factor, written so that a factor of 1 leaves every bit
        odds = 1.0 + values / report.whole * (factor - 1.0)
        return np.asarray(values * factor / odds)
    if report.bias is not None:
        factor *= _drawn(run, report.bias)
    return np.asarray(values * factor + report.base * (factor - 1.0))


def kind_of(name: str) -> str:
    """Name the kind of the reports of a measure."""
    if name not in KIND_OF:
        raise ValueError(unknown_text("measure", name, KIND_OF))
    return KIND_OF[name]


def range_sd(name: str, low: float, high: float) -> float:
    """Give the spread of a number that may lie anywhere in a told range alike.

    It is half the range over the root of three, on the scale of the error: of the log,
    the logit, or in days. NaN where an end has no place on that scale.
    """
    kind = kind_of(name)
    if kind == "given":
        return 0.0
    report = REPORTS[kind]
    scaled = [_scaled(report, end) for end in (low, high)]
    return (scaled[1] - scaled[0]) / 2 / sqrt(3)


def _scaled(report: Report, value: float) -> float:
    """Put a value on the scale of the error of its reports."""
    if report.form == "days":
        return value
    if report.form == "factor":
        return log(value + report.base) if value + report.base > 0 else np.nan
    is_inside = 0 < value < report.whole
    return log(value / (report.whole - value)) if is_inside else np.nan


def _drawn(run: Run, name: str) -> Floats:
    """Read a parameter of each member; an earlier version drew none for reports."""
    if name not in run.params:
        message = (
            f"the run has no parameter {name}, as it is of an earlier version; "
            "expected one simulated by this version"
        )
        raise RunError(message)
    return run.params[name].to_numpy(np.float64)


def _normals(run: Run, told: Told) -> Floats:
    """Draw the luck of one report, a standard normal for each member."""
    numbers = run.params.index.to_numpy()
    if run.lineage is not None:
        day = (told.last - pd.Timestamp(run.case.config.start)).days
        numbers = run.lineage.stretches[run.lineage.position(day)].luck[numbers]
    uniforms = member_uniforms(run.manifest.seed, "report", told.row, numbers)
    return normal_quantile(off_zero(uniforms))
