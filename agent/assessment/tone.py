"""Judges tone of voice from what was measured, and leaves it out where nothing was.

Only observable things: how fast, and whether words were shouted. A calm pace earns no more for
being slower or exactly in the middle, so the good range is wide and slow speech costs nothing.
"""

from dataclasses import dataclass

from agent.assessment.levels import score_of
from agent.mind.appraisal import Appraisal
from agent.mind.lexicon import Signal
from agent.protocol import Delivery

GOOD_WPM = (110.0, 170.0)
"""Words per minute that are easy to follow; slower is right with someone upset or unwell."""
_HURRIED_WPM = 190.0
_RUSHED_WPM = 215.0
_HARSH = (Signal.INSULT, Signal.THREAT, Signal.CALM_DOWN, Signal.COMMAND, Signal.BLAME)
_WARM = (Signal.EMPATHY, Signal.VALIDATION, Signal.APOLOGY, Signal.INVITATION)


@dataclass(frozen=True, slots=True)
class Tone:
    """A level from 1 to 5 as a number from 1 to 100, and what it was read from."""

    score: int
    why: str


def judge_tone(delivery: Delivery, appraisal: Appraisal) -> Tone | None:
    """Return how the reply sounded, or None when neither rate nor shouting was measurable."""
    rate = delivery.words_per_minute
    shouted = appraisal.has(Signal.SHOUTING)
    if rate is None and not shouted:
        return None
    if shouted:
        return Tone(score_of(1, lowest=1, highest=5), "words were shouted")
    assert rate is not None
    level, why = _pace(rate)
    if appraisal.has(*_HARSH):
        level, why = level - 2, f"{why}, with harsh words"
    elif level == 4 and appraisal.has(*_WARM):
        level, why = 5, f"{why}, with warm words"
    return Tone(score_of(max(1, level), lowest=1, highest=5), why)


def _pace(rate: float) -> tuple[int, str]:
    if rate <= GOOD_WPM[1]:
        return 4, "unhurried" if rate < GOOD_WPM[0] else "an even pace"
    if rate <= _HURRIED_WPM:
        return 3, "a little fast"
    if rate <= _RUSHED_WPM:
        return 2, "hurried"
    return 1, "too fast to follow"
