"""Simulate how a country's fuel supply fares under attack.

The names of a session; each is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supplyline.analysis.compare import Comparison, compare
    from supplyline.analysis.explain import explain
    from supplyline.analysis.explanation import Explanation
    from supplyline.analysis.futures import Futures, futures
    from supplyline.analysis.heat import Heat, heat
    from supplyline.analysis.scorecard import scorecard
    from supplyline.analysis.targets import check_targets
    from supplyline.case.case import Case, load_case
    from supplyline.case.change import Change
    from supplyline.case.scenario import Scenario
    from supplyline.case.template import write_template
    from supplyline.conditioning.condition import condition
    from supplyline.conditioning.conditioned import Conditioned, load_conditioned
    from supplyline.engine.cluster import cluster
    from supplyline.engine.executors import Executor, processes, threads
    from supplyline.engine.simulate import simulate
    from supplyline.engine.summaries import Summaries, simulate_summaries
    from supplyline.errors import (
        CaseError,
        ClusterError,
        ConditioningError,
        DownloadError,
        EngineError,
        EvidenceError,
        ForecastError,
        MemoryLimitError,
        MissingExtraError,
        MissingLibraryError,
        OutputError,
        RunError,
        ScenarioError,
        StoreError,
        SupplylineError,
        SupplylineWarning,
    )
    from supplyline.evidence.desk.add_documents import add_documents
    from supplyline.evidence.desk.add_events import add_events
    from supplyline.evidence.desk.export import export_evidence
    from supplyline.evidence.desk.opening import open_evidence
    from supplyline.evidence.desk.restore import import_claims
    from supplyline.evidence.desk.why import Trace, why
    from supplyline.evidence.store.decisions import decide, pending
    from supplyline.exports.export import export
    from supplyline.forecasts.backtest import Backtest, backtest
    from supplyline.forecasts.outcomes import score_forecast
    from supplyline.forecasts.overview import read_forecasts
    from supplyline.forecasts.publish import publish_forecast
    from supplyline.forecasts.score import score
    from supplyline.quantities import Quantity
    from supplyline.report.brief import Brief, brief
    from supplyline.runs import Lineage, Run, Stretch, load_run, verify

__version__ = "0.1.0"
__all__ = [
    "Backtest",
    "Brief",
    "Case",
    "CaseError",
    "Change",
    "ClusterError",
    "Comparison",
    "Conditioned",
    "ConditioningError",
    "DownloadError",
    "EngineError",
    "EvidenceError",
    "Executor",
    "Explanation",
    "ForecastError",
    "Futures",
    "Heat",
    "Lineage",
    "MemoryLimitError",
    "MissingExtraError",
    "MissingLibraryError",
    "OutputError",
    "Quantity",
    "Run",
    "RunError",
    "Scenario",
    "ScenarioError",
    "StoreError",
    "Stretch",
    "Summaries",
    "SupplylineError",
    "SupplylineWarning",
    "Trace",
    "add_documents",
    "add_events",
    "backtest",
    "brief",
    "check_targets",
    "cluster",
    "compare",
    "condition",
    "decide",
    "explain",
    "export",
    "export_evidence",
    "futures",
    "heat",
    "import_claims",
    "load_case",
    "load_conditioned",
    "load_run",
    "open_evidence",
    "pending",
    "processes",
    "publish_forecast",
    "read_forecasts",
    "score",
    "score_forecast",
    "scorecard",
    "simulate",
    "simulate_summaries",
    "threads",
    "verify",
    "why",
    "write_template",
]

_HOMES = {
    "analysis.compare": ("Comparison", "compare"),
    "analysis.explain": ("explain",),
    "analysis.explanation": ("Explanation",),
    "analysis.futures": ("Futures", "futures"),
    "analysis.heat": ("Heat", "heat"),
    "analysis.scorecard": ("scorecard",),
    "analysis.targets": ("check_targets",),
    "case.case": ("Case", "load_case"),
    "case.change": ("Change",),
    "case.scenario": ("Scenario",),
    "case.template": ("write_template",),
    "conditioning.condition": ("condition",),
    "conditioning.conditioned": ("Conditioned", "load_conditioned"),
    "evidence.desk.why": ("Trace", "why"),
    "engine.cluster": ("cluster",),
    "engine.executors": ("Executor", "processes", "threads"),
    "engine.simulate": ("simulate",),
    "engine.summaries": ("Summaries", "simulate_summaries"),
    "errors": (
        "CaseError",
        "ClusterError",
        "ConditioningError",
        "DownloadError",
        "EngineError",
        "EvidenceError",
        "ForecastError",
        "MemoryLimitError",
        "MissingExtraError",
        "MissingLibraryError",
        "OutputError",
        "RunError",
        "ScenarioError",
        "StoreError",
        "SupplylineError",
        "SupplylineWarning",
    ),
    "evidence.store.decisions": ("decide", "pending"),
    "evidence.desk.add_events": ("add_events",),
    "evidence.desk.add_documents": ("add_documents",),
    "evidence.desk.export": ("export_evidence",),
    "evidence.desk.opening": ("open_evidence",),
    "evidence.desk.restore": ("import_claims",),
    "exports.export": ("export",),
    "forecasts.backtest": ("Backtest", "backtest"),
    "forecasts.outcomes": ("score_forecast",),
    "forecasts.overview": ("read_forecasts",),
    "forecasts.publish": ("publish_forecast",),
    "forecasts.score": ("score",),
    "quantities": ("Quantity",),
    "report.brief": ("Brief", "brief"),
    "runs": ("Lineage", "Run", "Stretch", "load_run", "verify"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Load a public name when it is first used."""
    if name not in _HOME_OF:
        message = f"module 'supplyline' has no attribute '{name}'"
        raise AttributeError(message)
    value = getattr(import_module(f"supplyline.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
