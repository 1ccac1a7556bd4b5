"""Ridge regression, and folds by which a model is judged on situations it has not seen.

The folds are whole situations, so that no reply is judged by a model that knows its talk. Models
are solved in the dual, for there are more features than rows; the table of products is made once
and serves every fold and every target.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]


def gram_of(x: Floats) -> Doubles:
    """Return the products of every two rows."""
    return (x @ x.T).astype(np.float64)


def fit_dual(
    gram: Doubles, y: Doubles, *, penalty: float, weights: Doubles | None = None
) -> tuple[Doubles, Doubles]:
    """Return coefficients (rows, targets) and intercepts for targets `y` (rows, targets).

    What is said of a new row is its products with the rows times the coefficients, plus the
    intercepts. `weights`: one for each row.
    """
    weight = np.ones(len(gram)) if weights is None else weights
    share = weight / weight.sum()
    mean_y = share @ y
    mean = gram @ share
    centred = gram - mean[:, None] - mean[None] + share @ mean
    centred[np.diag_indices_from(centred)] += penalty / weight
    solved = np.linalg.solve(centred, y - mean_y)
    coefficients = solved - share[:, None] * solved.sum(axis=0)
    return coefficients, mean_y - mean @ coefficients


def fit_ridge(
    x: Floats, gram: Doubles, y: Doubles, *, penalty: float, weights: Doubles | None = None
) -> tuple[Floats, Floats]:
    """Return slopes (features, targets) and intercepts (targets); `gram` is `gram_of(x)`."""
    coefficients, bias = fit_dual(gram, y, penalty=penalty, weights=weights)
    return x.T @ coefficients.astype(np.float32), bias.astype(np.float32)


def unseen(
    gram: Doubles,
    y: Doubles,
    groups: Sequence[str],
    *,
    penalty: float,
    weights: Doubles | None = None,
) -> Doubles:
    """Return what models say of each row that were trained without its group."""
    said = np.zeros_like(y)
    for out in folds(groups):
        coefficients, bias = fit_dual(
            gram[np.ix_(~out, ~out)],
            y[~out],
            penalty=penalty,
            weights=None if weights is None else weights[~out],
        )
        said[out] = gram[np.ix_(out, ~out)] @ coefficients + bias
    return said


def folds(groups: Sequence[str], count: int = 6) -> list[NDArray[np.bool_]]:
    """Return masks of the rows held out in turn, whole groups together, spread by name."""
    place = {name: index % count for index, name in enumerate(sorted(set(groups)))}
    at = np.array([place[group] for group in groups])
    return [at == fold for fold in range(count)]
