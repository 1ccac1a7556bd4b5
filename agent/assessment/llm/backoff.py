"""Says how long to wait before asking again: as the server says, else longer each time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

_FIRST_S = 0.5
_LONGEST_S = 8.0


def wait_s(tries: int, headers: Mapping[str, str], *, now: datetime, chance: float) -> float:
    """Return seconds to wait after `tries` failed tries; `chance` from 0 to 1 spreads those who
    failed together. A server's own Retry-After (RFC 9110, 10.2.3) is kept to the full."""
    asked = _asked(headers, now)
    if asked is not None:
        return asked
    most = min(_LONGEST_S, _FIRST_S * 2.0 ** (tries - 1))
    return most * (0.5 + chance / 2)


def _asked(headers: Mapping[str, str], now: datetime) -> float | None:
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        said = headers.get(name)
        if said is None:
            continue
        try:
            seconds = float(said) * unit_s
        except ValueError:
            seconds = _until(said, now)
        if isfinite(seconds) and seconds >= 0:
            return seconds
    return None


def _until(date: str, now: datetime) -> float:
    """Return seconds until an HTTP date, at least 0; -1 when it is none."""
    try:
        at = parsedate_to_datetime(date)
    except ValueError:
        return -1
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())
