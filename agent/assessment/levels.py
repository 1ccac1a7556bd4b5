"""The one table from anchored levels to numbers from 1 to 100, and back.

Judges agree on levels, not on hundredths, so levels come first and a number is read from here. By
rule alone it is a level's number, or a mean of such. Where a trained mark says more, a number may
lie anywhere nearer to its level's number than to the next one's, and never outside: `level_of` is
the way back, so that level and number cannot disagree. The number of a skill with several criteria
lies within the bands of its lowest and its highest level. The steps are a little smaller at the
ends: nobody is perfect, nobody is nothing.
"""

from collections.abc import Iterable

_TABLE: dict[int, tuple[int, ...]] = {
    4: (10, 40, 70, 95),
    5: (8, 30, 55, 78, 95),
    7: (5, 20, 36, 52, 68, 84, 96),
}
"""By the number of levels of the scale: 0–3, 1–5 and 0–6."""


def score_of(level: int, *, lowest: int, highest: int) -> int:
    """Return the number for a level; raises `ValueError` for a scale or level not in the table."""
    steps = highest - lowest + 1
    if steps not in _TABLE or not lowest <= level <= highest:
        raise ValueError(f"no score for level {level!r} on a scale from {lowest} to {highest}")
    return _TABLE[steps][level - lowest]


def level_of(score: float, *, lowest: int, highest: int) -> int:
    """Return the level whose number is nearest, the lower one of two; raises `ValueError` for a
    scale not in the table."""
    levels = range(lowest, highest + 1)
    return min(
        levels, key=lambda level: abs(score_of(level, lowest=lowest, highest=highest) - score)
    )


def mean_score(scores: Iterable[float]) -> int:
    """Return the mean of at least one number from 1 to 100, rounded half up, within 1 to 100."""
    values = list(scores)
    return max(1, min(100, int(sum(values) / len(values) + 0.5)))
