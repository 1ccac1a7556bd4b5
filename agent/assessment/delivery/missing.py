"""A measure that could not be taken, and why: shown as "not measured", never as a number."""

from dataclasses import dataclass
from typing import Literal

Code = Literal[
    "typed",
    "silence",
    "no_voice",
    "too_noisy",
    "too_short",
    "clipping",
    "gain_control",
    "no_baseline",
    "no_words",
    "no_persona",
]


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """Stands where a measure would be."""

    code: Code
    why: str
    """One sentence for the trainee."""
