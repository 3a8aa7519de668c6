"""The tables of docs/model/leader.md, filled from what is kept of the fit."""

from __future__ import annotations

import re
from typing import Any

KINDS = ("attempt", "forced", "capture", "natural")
NAMES = {
    "ours": "this model, fitted to 2010",
    "refitted": "this model, refitted each year",
    "published": "published random forest",
    "tenure_base": "base rate by time in office",
}
SCORES = {
    "roc_auc": ("ROC-AUC", 3),
    "pr_auc": ("PR-AUC", 3),
    "log_score": ("log score", 4),
    "brier": ("Brier", 5),
    "skill_vs_tenure_base": ("Brier skill, base by tenure", 3),
    "skill_vs_hindsight_mean": ("Brier skill, mean of the test", 3),
    "slope": ("slope", 2),
    "expected_per_observed": ("expected / observed", 2),
}
Kept = dict[str, Any]


def with_short_lists(text: str) -> str:
    """Put each list of numbers or words of JSON on one line.

    Parameters
    ----------
    text
        JSON, indented.

    Returns
    -------
    str
        The same JSON, shorter.
    """
    return re.sub(
        r"\[\s+([^\[\]{}]*?)\s+\]",
        lambda found: "[" + re.sub(r",\n\s+", ", ", found[1]) + "]",
        text,
    )


def filled(text: str, kept: Kept) -> str:
    """Replace the tables of the page.

    Parameters
    ----------
    text
        Page with `<!-- table NAME -->` and `<!-- end -->`.
    kept
        What is kept of the fit.

    Returns
    -------
    str
        Page with tables from the fit.
    """
    tables = {
        "coefficients": coefficients(kept),
        "bases": bases(kept),
        "quantiles": quantiles(kept),
        **{rows: scores(kept, rows) for rows in kept["blind_test"]["scores"]},
    }
    for name, table in tables.items():
        pattern = rf"(<!-- table {name} -->\n).*?(<!-- end -->)"
        text = re.sub(
            pattern,
            lambda found, table=table: f"{found[1]}\n{table}\n\n{found[2]}",
            text,
            flags=re.DOTALL,
        )
    return text


def coefficients(kept: Kept) -> str:
    """Lay out the coefficients.

    Parameters
    ----------
    kept
        What is kept of the fit.

    Returns
    -------
    str
        Table in Markdown.
    """
    lines = ["| Kind | Events | Covariate | Value | Standard error |"]
    lines.append("| --- | ---: | --- | ---: | ---: |")
    for kind in KINDS:
        fit = kept["kinds"][kind]
        rows = zip(fit["names"], fit["value"], fit["standard_error"], strict=True)
        for name, value, error in rows:
            lines.append(
                f"| {kind} | {fit['events']} | `{name}` | {value:.3f} | {error:.3f} |"
            )
    return "\n".join(lines)


def bases(kept: Kept) -> str:
    """Lay out the base rates by years since the last attempt.

    Parameters
    ----------
    kept
        What is kept of the fit.

    Returns
    -------
    str
        Table in Markdown.
    """
    lines = [
        (
            "| Years since the last attempt | Leader-years | Attempts | Successes "
            "| Attempts a year | Successes a year |"
        ),
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row['years_since_attempt']} | {row['leader_years']:.0f} "
        f"| {row['attempts']} | {row['successes']} "
        f"| {row['attempts_per_year']:.1%} | {row['successes_per_year']:.1%} |"
        for row in kept["base_rates_africa"]
    ]
    return "\n".join(lines)


def quantiles(kept: Kept) -> str:
    """Lay out some quantiles of the reference class.

    Parameters
    ----------
    kept
        What is kept of the fit.

    Returns
    -------
    str
        Table in Markdown.
    """
    shown = (0, 5, 10, 25, 33, 50, 67, 75, 90, 100)
    values = kept["reference_quantiles"]
    heads = " | ".join(f"{percent}" for percent in shown)
    cells = " | ".join(f"{values[percent]:.4f}" for percent in shown)
    rule = " | ".join("---:" for _ in shown)
    return f"| Heat | {heads} |\n| --- | {rule} |\n| S6 | {cells} |"


def scores(kept: Kept, rows: str) -> str:
    """Lay out the scores of all forecasters on one kind of row.

    Parameters
    ----------
    kept
        What is kept of the fit.
    rows
        Kind of row and outcome.

    Returns
    -------
    str
        Table in Markdown.
    """
    by_name = kept["blind_test"]["scores"][rows]
    names = [name for name in NAMES if name in by_name]
    lines = ["| Score | " + " | ".join(NAMES[name] for name in names) + " |"]
    lines.append("| --- |" + " ---: |" * len(names))
    for score, (title, digits) in SCORES.items():
        cells = []
        for name in names:
            value, low, high = by_name[name][score]
            cells.append(f"{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})")
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
