"""What is kept of past forecasts, for the brief."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.cli.options import REGISTER

if TYPE_CHECKING:
    import pandas as pd

    from supplyline.case.case import Case


def read_backtest(case: Case) -> pd.DataFrame | None:
    """Read the scores of past forecasts of a case, where they are kept."""
    from supplyline.conditioning.conditioned import BACKTEST, FOLDER

    file = case.folder / FOLDER / BACKTEST
    if not file.is_file():
        return None
    import pandas as pd

    from supplyline.errors import ForecastError, Problem
    from supplyline.forecasts.backtest import TABLE_COLUMNS

    try:
        table = pd.read_csv(file)
    except (
        OSError,
        ValueError,
    ) as error:  # pandas tells what is no table by the latter
        found = f"cannot be read: {error}"
    else:
        missing = [name for name in TABLE_COLUMNS if name not in table]
        if not missing:
            return table
        found = f"has no column {', '.join(missing)}"
    problem = Problem(file.name, None, None, found, "the table of a backtest")
    raise ForecastError(case.name, [problem])


def read_published() -> pd.DataFrame | None:
    """Read the register of published forecasts, where this folder has one."""
    if not REGISTER.is_dir():
        return None
    from supplyline.forecasts.overview import read_forecasts
    from supplyline.forecasts.register import INDEX

    return read_forecasts(REGISTER) if (REGISTER / INDEX).is_file() else None
