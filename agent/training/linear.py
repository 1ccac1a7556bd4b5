"""Ridge regression, and folds by which a model is judged on situations it has not seen.

The folds are whole situations, so that no reply is judged by a model that knows its talk.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]


def fit_ridge(
    x: Floats, y: Doubles, *, penalty: float, weights: Doubles | None = None
) -> tuple[Floats, Floats]:
    """Return slopes (features, targets) and intercepts (targets) for targets `y` (rows, targets).

    Solved in the dual, for there are more features than rows; `weights`: one for each row.
    """
    weight = np.ones(len(x)) if weights is None else weights
    mean_x = np.average(x, axis=0, weights=weight).astype(np.float32)
    mean_y = np.average(y, axis=0, weights=weight)
    centred = x - mean_x
    gram = (centred @ centred.T).astype(np.float64)
    gram[np.diag_indices_from(gram)] += penalty / weight
    slopes = centred.T @ np.linalg.solve(gram, y - mean_y).astype(np.float32)
    return slopes, (mean_y - mean_x @ slopes).astype(np.float32)


def folds(groups: Sequence[str], count: int = 6) -> list[NDArray[np.bool_]]:
    """Return masks of the rows held out in turn, whole groups together, spread by name."""
    place = {name: index % count for index, name in enumerate(sorted(set(groups)))}
    at = np.array([place[group] for group in groups])
    return [at == fold for fold in range(count)]
