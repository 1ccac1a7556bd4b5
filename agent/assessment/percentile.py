"""One definition of a percentile, so that two figures with one name are the same figure."""

import math
from collections.abc import Iterable


def percentile(values: Iterable[float], share: float) -> float | None:
    """Return the nearest-rank percentile: the smallest value that at least `share` (0 to 1) of
    the finite values do not exceed. None without values. Always a value that was measured."""
    ordered = sorted(value for value in values if math.isfinite(value))
    if not ordered:
        return None
    # Rounded first: 0.95 * 20 is 19.000000000000004 or less by a hair, depending on the machine.
    rank = math.ceil(round(share * len(ordered), 9))
    return ordered[min(len(ordered), max(1, rank)) - 1]
