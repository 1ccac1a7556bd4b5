"""Judges tone of voice from what was measured, and leaves it out where nothing was.

Only observable things: what was measured of the voice, or at least how fast it was, and whether
words were shouted or harsh. A calm pace earns no more for being slower or exactly in the middle, so
the good range is wide and slow speech costs nothing.
"""

from dataclasses import dataclass

from agent.assessment.levels import score_of
from agent.mind.appraisal import Appraisal
from agent.mind.lexicon import Signal
from agent.protocol import Delivery

GOOD_WPM = (110.0, 170.0)
"""Words per minute that are easy to follow; slower is right with someone upset or unwell."""
_HARSH_AT_BEST = 2
"""Level of an insult in the calmest voice."""
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
    """Return how the reply sounded, or None when neither voice nor rate nor shouting was
    measurable."""
    if appraisal.has(Signal.SHOUTING):
        return Tone(score_of(1, lowest=1, highest=5), "words were shouted")
    if delivery.tone_score is not None:
        return _of_voice(delivery.tone_score, harsh=appraisal.has(*_HARSH))
    if delivery.words_per_minute is None:
        return None
    level, why = _pace(delivery.words_per_minute)
    if appraisal.has(*_HARSH):
        level, why = level - 2, f"{why}, with harsh words"
    elif level == 4 and appraisal.has(*_WARM):
        level, why = 5, f"{why}, with warm words"
    return Tone(score_of(max(1, level), lowest=1, highest=5), why)


def _of_voice(score: int, *, harsh: bool) -> Tone:
    if not harsh:
        return Tone(score, "by its sound")
    limit = score_of(_HARSH_AT_BEST, lowest=1, highest=5)
    return Tone(min(score, limit), "by its sound, with harsh words")


def _pace(rate: float) -> tuple[int, str]:
    if rate <= GOOD_WPM[1]:
        return 4, "unhurried" if rate < GOOD_WPM[0] else "an even pace"
    if rate <= _HURRIED_WPM:
        return 3, "a little fast"
    if rate <= _RUSHED_WPM:
        return 2, "hurried"
    return 1, "too fast to follow"
