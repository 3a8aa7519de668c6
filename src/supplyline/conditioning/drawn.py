"""What is drawn once for a member, as normal scores and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplyline.conditioning.features import fit_features

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Curves = tuple[tuple[Floats, Floats], ...]


def drawn_curves(drawn: pd.DataFrame) -> Curves:
    """Give the values of each column, and the normal score of each."""
    return fit_features(drawn.to_numpy(np.float64)).curves


def drawn_scores(drawn: pd.DataFrame, curves: Curves) -> Floats:
    """Bring what is drawn to normal scores."""
    columns = [
        np.interp(column, *curve)
        for column, curve in zip(drawn.to_numpy(np.float64).T, curves, strict=True)
    ]
    return np.column_stack(columns)


def from_scores(scores: Floats, curves: Curves) -> Floats:
    """Turn normal scores, shape (member, column), back into values."""
    columns = [
        np.interp(column, score, value)
        for column, (value, score) in zip(scores.T, curves, strict=True)
    ]
    return np.column_stack(columns)
