"""Measures of how well two sets of marks agree, from 1 to 100 each; pure arithmetic.

Bands are the five equal fifths of the scale. Kappa is Cohen's, with quadratic weights over those
bands (Cohen 1968): 1 is full agreement, 0 what chance would give.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

BANDS = 5
_PER_BAND = 20


def band(mark: float) -> int:
    """Return 0 to 4, the fifth of the scale from 1 to 100 a mark lies in."""
    return max(0, min(BANDS - 1, int((mark - 1e-9) // _PER_BAND)))


def agreement(
    said: Sequence[float], true: Sequence[float], groups: Sequence[str]
) -> dict[str, float | int | None]:
    """Return the figures for marks `said` against `true`; None where there is nothing to tell."""
    if not said:
        return {"n": 0}
    apart = [abs(band(one) - band(other)) for one, other in zip(said, true, strict=True)]
    errors = np.array(said, float) - np.array(true, float)
    return {
        "n": len(said),
        "exact": _share([each == 0 for each in apart]),
        "within_one": _share([each <= 1 for each in apart]),
        "kappa": weighted_kappa([band(each) for each in said], [band(each) for each in true]),
        "mae": round(float(np.abs(errors).mean()), 1),
        "bias": round(float(errors.mean()), 1),
        **_ordered("pairs_25", said, true, groups, least=25, most=100),
        **_ordered("pairs_10_25", said, true, groups, least=10, most=25),
    }


def weighted_kappa(one: Sequence[int], other: Sequence[int]) -> float | None:
    """Return quadratically weighted kappa of two raters' bands; None when both never vary."""
    seen = np.zeros((BANDS, BANDS))
    for row, column in zip(one, other, strict=True):
        seen[row, column] += 1
    at = np.arange(BANDS)
    weight = (at[:, None] - at[None]) ** 2
    by_chance = np.outer(seen.sum(1), seen.sum(0)) / seen.sum()
    expected = float((weight * by_chance).sum())
    return None if expected == 0 else round(1 - float((weight * seen).sum()) / expected, 3)


def _ordered(
    name: str,
    said: Sequence[float],
    true: Sequence[float],
    groups: Sequence[str],
    *,
    least: float,
    most: float,
) -> dict[str, float | int | None]:
    """Return the share of pairs of one group put in order, a tie counting half, and their count;
    only pairs whose true marks are from `least` to under `most` apart."""
    points: list[float] = []
    for one, other in combinations(range(len(said)), 2):
        gap = true[one] - true[other]
        if groups[one] != groups[other] or not least <= abs(gap) < most:
            continue
        told = (said[one] - said[other]) * (1 if gap > 0 else -1)
        points.append(1.0 if told > 0 else 0.5 if told == 0 else 0.0)
    return {name: _share(points), f"{name}_n": len(points)}


def _share(points: Sequence[float]) -> float | None:
    return round(sum(points) / len(points), 3) if points else None
