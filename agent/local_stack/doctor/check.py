"""What a check found."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "warn", "bad"]
"""warn: works without, or with less; bad: something needed is missing."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's table."""

    name: str
    verdict: Verdict
    what: str
    """What was found; never a secret, not even a part of one."""
    fix: str = ""
    """What to do about it; empty when there is nothing to do."""
