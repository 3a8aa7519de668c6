"""The brief: what a run found, what it rests on and how good it is, on one page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from supplyline.analysis.chunks import rows_of
from supplyline.analysis.compare import Comparison, compared_with
from supplyline.analysis.members import NINE_IN_TEN, basis_of, independent_members
from supplyline.analysis.shortage import SHORTAGE_DAYS
from supplyline.errors import (
    MissingExtraError,
    MissingLibraryError,
    RunError,
    by_kind,
    refuse_other,
)
from supplyline.output import draft_file, path_of
from supplyline.quantities import LIKELIHOODS, Quantity
from supplyline.report import evidence
from supplyline.report.changes import changes_of
from supplyline.report.charts import draw_charts
from supplyline.report.checks import checks_of
from supplyline.report.conditioning import LEARNED_SHOWN, conditioning_page
from supplyline.report.conflict import WINDOW_WEEKS, conflict_charts
from supplyline.report.explained import hangs_on
from supplyline.report.futures import futures_of, futures_page, why_no_futures
from supplyline.report.ground import Ground, ground_of
from supplyline.report.headline import headline
from supplyline.report.indicators import AHEAD_DAYS, indicators, read_signs
from supplyline.report.influence import FACTS_SHOWN
from supplyline.report.inputs import assumption_groups, holds, measures
from supplyline.report.judgements import judgements, read_around
from supplyline.report.leader import heat_of, leader_page, standing_line, why_no_heat
from supplyline.report.maps import RISKS, draw_map, passages, riskiest
from supplyline.report.meaning import read_forecast
from supplyline.report.money import STREAMS, group_money
from supplyline.report.options import outcomes
from supplyline.report.pages import render
from supplyline.report.past import past_of
from supplyline.report.roles import read_roles, roles_of
from supplyline.report.scorecard import scorecard_of
from supplyline.report.sentences import Said, Sentence, plain
from supplyline.report.series import dated, place_title
from supplyline.report.shortage_maps import shortage_maps
from supplyline.report.standing import (
    accuracy,
    corridor_rows,
    read_ahead,
    read_corridors,
    read_standing,
    standing,
)
from supplyline.report.territory import (
    HOLDERS,
    RECENT_WEEKS,
    control_map,
    regions_of,
)
from supplyline.report.towns import MAP_DAYS, town_reader, towns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from markupsafe import Markup

    from supplyline.analysis.chunks import Rows
    from supplyline.analysis.heat import Heat
    from supplyline.case.case import Case
    from supplyline.conditioning.conditioned import Conditioned
    from supplyline.report.charts import Charts
    from supplyline.report.figures import Chart
    from supplyline.report.towns import Towns
    from supplyline.runs import Run

_DESK, _PHONE = 900.0, 400.0
"""Widths of a map on a wide and on a narrow screen [px]."""
_SEGMENTS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Brief:
    """A written brief.

    Attributes
    ----------
    title : str
        Its finding.
    html : str
        The page, complete in itself.
    leader : str or None
        The leader's heat in one line; None where the run follows no leader.
    left_out : tuple of str
        What it leaves out, with the reason.
    """

    title: str
    html: str = field(repr=False)
    leader: str | None = None
    left_out: tuple[str, ...] = ()

    def save(self, path: str | Path, *, full: bool = False) -> Path:
        """Write the brief to a file, whole or not at all.

        Parameters
        ----------
        path : str or pathlib.Path
            File ending in .html or .pdf.
        full : bool
            Whether a PDF holds the annex behind the front pages too.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        ValueError
            If the file ends in anything else.
        MissingExtraError
            If a PDF is asked for and the extra ``pdf`` is not installed.
        MissingLibraryError
            If a PDF is asked for and the system has no Pango.
        """
        path = path_of("path", path, "file")
        if path.suffix == ".html":
            content = self.html.encode()
        elif path.suffix == ".pdf":
            content = _pdf(_opened(self.html) if full else self.html)
        else:
            message = f"path is {path.name}; expected a name that ends in .html or .pdf"
            raise ValueError(message)
        with draft_file(path) as file:
            file.write(content)
        return path


def brief(
    base: Run,
    *alternatives: Run | Comparison,
    checks: pd.DataFrame | None = None,
    conditioned: Conditioned | str | None = None,
    backtest: pd.DataFrame | None = None,
    published: pd.DataFrame | None = None,
    shortage_days: int = SHORTAGE_DAYS,
) -> Brief:
    """Write the brief of a run and of the options compared with it.

    Parameters
    ----------
    base : Run
        The baseline run.
    *alternatives : Run or Comparison
        Runs of scenarios, made with ``like=base``, or what `compare` made of them.
    checks : pandas.DataFrame or None
        The run beside reported facts, as `check_targets` gives it.
    conditioned : Conditioned, str or None
        The conditioned ensemble whose members the run follows, as `condition` or
        `load_conditioned` gives it; or, where the run rests on the prior, why.
    backtest : pandas.DataFrame or None
        Past forecasts beside simple ones, as `Backtest.table` gives it.
    published : pandas.DataFrame or None
        Published forecasts with their scores, as `read_forecasts` gives it.
    shortage_days : int
        Short days in a row that make a shortage [days].

    Returns
    -------
    Brief
        The brief.

    Raises
    ------
    ValueError
        If an alternative does not share its luck with the baseline, or the baseline
        does not follow the conditioned ensemble.
    ConditioningError
        If the conditioned ensemble does not hold for the case.
    RunError
        If the baseline holds no whole week.
    """
    refuse_other("base", base, "Run", "load_run")
    if not base.weekly.sizes["week"]:
        days = base.daily.sizes["day"]
        message = f"the run has {days} days; a brief needs a week or more"
        raise RunError(message)
    ground = ground_of(base, conditioned)
    compared = compared_with(base)
    every = [
        one if isinstance(one, Comparison) else compared(one) for one in alternatives
    ]
    comparisons = tuple(one for one in every if one.weeks)
    left_out = _left_out(base, [one for one in every if not one.weeks])
    heat, read = heat_of(base), _read(base, shortage_days)
    towns = towns_of(base, read["towns"], shortage_days)
    title = headline(towns)
    values: dict[str, Any] = {
        **_head(base, title),
        **_results(base, read),
        **_country(base, heat, read),
        **_evidence(base, checks),
        **_facts(base, ground),
        "past": past_of(base, backtest, published),
        "judgements": judgements(base, read["around"], comparisons, towns, heat),
        "towns": towns,
        "hangs_on": hangs_on(base, towns, shortage_days),
        "shortage_desk": _shortage_maps(base, towns, "shortage-desk", _DESK),
        "shortage_phone": _shortage_maps(base, towns, "shortage-phone", _PHONE),
        "counting_error": _counting_error(base),
        "likelihoods": _words(base),
        "outcomes": outcomes(base, comparisons),
        "alternatives": [_option(one) for one in comparisons],
        "left_out": left_out,
    }
    values["roles"] = roles_of(
        base, read["roles"], towns, heat, values["futures"], values["outcomes"]
    )
    values["main_chart"] = _main_chart(values["charts"], towns)
    used = [*values["charts"].claims(), *values["claims_checked"]]
    if values["conditioning"]:
        used += values["conditioning"].facts.claims()
    if values["changes"]:
        used += values["changes"].claims_cited()
    values["claims_used"] = evidence.used_first(values["claims"], used)
    return Brief(
        title=plain(title),
        html=render("brief.html.j2", values),
        leader=None if heat is None else standing_line(heat),
        left_out=tuple(plain(sentence) for sentence in left_out),
    )


def _read(run: Run, shortage_days: int) -> dict[str, Rows]:
    """Read what several sections need of the same outputs, all at once."""
    readers = {
        "towns": town_reader(shortage_days),
        "roles": read_roles,
        "standing": read_standing,
        "corridors": read_corridors,
        "ahead": read_ahead,
        "signs": read_signs,
        "around": read_around,
    }
    if not why_no_heat(run):
        readers["forecast"] = read_forecast
    return dict(zip(readers, rows_of(run, *readers.values()), strict=True))


def _left_out(run: Run, too_late: Sequence[Comparison]) -> list[Sentence]:
    """Say what the brief leaves out, and why."""
    last = dated(run.daily["day"].to_numpy()[-1], basis_of(run))
    sections: list[Sentence] = [
        (f"{what}: {why}",)
        for what, why in (
            ("The leader's heat", why_no_heat(run)),
            ("Futures", why_no_futures(run)),
        )
        if why
    ]
    options: list[Sentence] = [
        (
            "The option “", Said(comparison.title), "”: the run ends on ", last,
            ", before the first whole week of the option does",
        )
        for comparison in too_late
    ]  # fmt: skip
    return sections + options


def _head(run: Run, title: Sentence) -> dict[str, Any]:
    """Name the brief, its case and its run."""
    basis = basis_of(run)
    config = run.case.config
    manifest = run.manifest
    arguments = manifest.arguments

    def count(value: float) -> Quantity:
        return Quantity(value, "1", basis=basis, digits=None)

    return {
        "title": title,
        "title_text": plain(title),
        "config": config,
        "run": manifest,
        "capital": place_title(run, config.capital),
        "cutoff": dated(manifest.cutoff, basis),
        "first_day": dated(run.daily["day"].to_numpy()[0], basis),
        "last_day": dated(run.daily["day"].to_numpy()[-1], basis),
        "members": count(arguments.members),
        "days_ahead": Quantity(float(arguments.days), "days", basis=basis, digits=None),
        "horizon": Quantity(float(AHEAD_DAYS), "days", basis=basis, digits=None),
        "seed": count(arguments.seed),
        "shortage_days": count(SHORTAGE_DAYS),
        "software": manifest.request.software,
        "environment": sorted(manifest.environment.items()),
    }


def _shortage_maps(run: Run, towns: Towns, name: str, width: float) -> Markup | None:
    """Draw the maps of shortage: side by side where there is room."""
    if not towns.rows:
        return None
    days, across = towns.map_days, 1 if width == _PHONE else len(MAP_DAYS)
    return shortage_maps(run.case, towns, days, name=name, width=width, across=across)


def _main_chart(charts: Charts, towns: Towns) -> Chart | None:
    """Choose the chart of the front: days of supply of what the capital most lacks."""
    product = next((town.product for town in towns.rows if town.is_capital), "")
    covers = [chart for chart in charts.supply if chart.name.startswith("days-")]
    named = [chart for chart in covers if f", {product}, " in chart.title]
    return next(iter(named or covers), None)


def _counting_error(run: Run) -> Quantity:
    """Tell by how much chance alone may move a share that is counted, at the most."""
    # nine in ten of the shares counted where the true one is a half: 1.645 sd
    points = 100 * NINE_IN_TEN * (0.25 / independent_members(run)) ** 0.5
    return Quantity(points, "points", basis=basis_of(run))


def _results(run: Run, read: dict[str, Rows]) -> dict[str, Any]:
    """Gather maps, charts and tables of the run."""
    basis, through = basis_of(run), passages(run)
    return {
        "map_desk": draw_map(run.case, through, name="desk-map", width=_DESK),
        "map_phone": draw_map(run.case, through, name="phone-map", width=_PHONE),
        "risks": [
            (name, Quantity(least, "share", basis=basis), colour, dash)
            for name, least, colour, dash in RISKS
        ],
        "riskiest": riskiest(run, through, _SEGMENTS_SHOWN),
        "charts": draw_charts(run),
        "corridors": corridor_rows(run, read["corridors"]),
        "standing": standing(run, read["standing"]),
        "indicators": indicators(run, read["signs"]),
        "accuracy": accuracy(run, read["ahead"]),
        "warnings": [*run.manifest.warnings, *by_kind(run.case.warnings)],
    }


def _country(run: Run, heat: Heat | None, read: dict[str, Rows]) -> dict[str, Any]:
    """Gather the conflict, the leader and the futures; empty where they are not run."""
    basis = basis_of(run)
    regions = regions_of(run)
    classed = futures_of(run)

    def weeks(count: int) -> Quantity:
        return Quantity(float(count), "weeks", basis=basis, digits=None)

    return {
        "conflict": conflict_charts(run),
        "zone_weeks": weeks(WINDOW_WEEKS),
        "money": group_money(run),
        "streams": tuple(STREAMS.values()),
        "regions": regions,
        "region_weeks": weeks(RECENT_WEEKS),
        "region_desk": control_map(run, regions, name="desk-regions", width=_DESK),
        "region_phone": control_map(run, regions, name="phone-regions", width=_PHONE),
        "holders": HOLDERS,
        "leader": None if heat is None else leader_page(heat, read["forecast"]),
        "futures": None if classed is None else futures_page(classed),
    }


def _evidence(run: Run, checks: pd.DataFrame | None) -> dict[str, Any]:
    """Gather what the brief rests on."""
    case = run.case
    shown, used = checks_of(case, checks, basis_of(run))
    claims = evidence.claims(case)
    scored = scorecard_of(run, claims)
    used += scored.claims() if scored is not None else []
    return {
        "checks": shown,
        "scorecard": scored,
        "claims_checked": used,
        "claims": claims,
        "changes": changes_of(case, claims),
        "sources": evidence.sources(case),
        "measures": measures(case),
        "holds": holds(case),
        "assumptions": assumption_groups(case),
        "counts": _counts(case),
        "is_disputed": any(claim.disputes for claim in claims),
    }


def _facts(run: Run, ground: Ground) -> dict[str, Any]:
    """Gather what the run rests on, and what facts taught where it rests on them."""
    told = ground.conditioned
    return {
        "ground": ground,
        "conditioning": None if told is None else conditioning_page(run, told),
        "facts_shown": FACTS_SHOWN,
        "learned_shown": LEARNED_SHOWN,
    }


def _counts(case: Case) -> dict[str, Quantity]:
    """Count what the case holds."""
    names = (
        "places",
        "segments",
        "corridors",
        "claims",
        "sources",
        "params",
        "measures",
    )
    counts: dict[str, int] = {name: len(case.tables[name]) for name in names}
    counts["assumptions"] = len(case.assumptions())
    basis = f"case {case.name}"
    return {
        name: Quantity(float(count), "1", basis=basis, digits=None)
        for name, count in counts.items()
    }


def _words(run: Run) -> list[tuple[str, Quantity, Quantity]]:
    """List the words of likelihood with their ranges."""
    basis = f"case {run.case.name}"
    return [
        (
            word.word,
            Quantity(word.low, "share", basis=basis),
            Quantity(word.high, "share", basis=basis),
        )
        for word in LIKELIHOODS
    ]


def _option(comparison: Comparison) -> Mapping[str, str | Quantity]:
    """Tell what an option asks."""
    basis = f"run {comparison.alternative}"
    return {
        "run": comparison.alternative,
        "name": comparison.name,
        "title": comparison.title,
        "question": comparison.question,
        "members": Quantity(float(comparison.members), "1", basis=basis, digits=None),
    }


def load_printer() -> Any:  # noqa: ANN401 - WeasyPrint has no types
    """Load what prints a page to PDF."""
    try:
        import weasyprint  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError(("weasyprint",), "pdf") from error
    except OSError as error:
        reason = str(error).strip().partition("\n")[0]
        message = (
            f"a PDF needs Pango, a library of the system ({reason}): install it "
            "(docs: Make a PDF), or print the HTML brief from a browser"
        )
        raise MissingLibraryError(message) from error
    return weasyprint


def _opened(html: str) -> str:
    """Open the parts of the annex, as those that are closed are not printed."""
    return html.replace('<details class="annex"', '<details class="annex" open')


def _pdf(html: str) -> bytes:
    """Print the page to PDF; nothing is fetched."""
    printer = load_printer()
    return bytes(printer.HTML(string=html, url_fetcher=_refuse).write_pdf())


def _refuse(url: str, *_args: object, **_options: object) -> dict[str, object]:
    """Refuse to fetch anything."""
    message = f"a brief needs nothing from outside; asked for {url[:80]}"
    raise ValueError(message)
