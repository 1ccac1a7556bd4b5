"""How fast the trainee spoke and where they paused.

Syllables are not estimated from the sound: the recognised words are the better count.
"""

from dataclasses import dataclass
from itertools import pairwise

from agent.assessment.delivery.voice import Stretch, Voice

LONG_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silences of a quarter of a second or more between two words of the reply."""

    count: int
    longest_s: float
    """0 without any."""
    share: float
    """Of the time from the first word to the last."""
    long_count: int
    """Of a second or more."""


def measure_pauses(voice: Voice) -> Pauses:
    """Return the pauses between the stretches of speech."""
    pauses = _pauses(voice.stretches)
    return Pauses(
        count=len(pauses),
        longest_s=max(pauses, default=0.0),
        share=sum(pauses) / (voice.stretches[-1].ended_s - voice.stretches[0].started_s),
        long_count=sum(pause >= LONG_PAUSE_S for pause in pauses),
    )


def speech_rate(voice: Voice, words: int) -> float:
    """Return words a minute from first to last, a long pause counting as one second: silence that
    gives the other time is not slow speech."""
    paused_s = sum(min(pause, LONG_PAUSE_S) for pause in _pauses(voice.stretches))
    return 60 * words / (voice.seconds + paused_s)


def articulation_rate(voice: Voice, words: int) -> float:
    """Return words a minute while speaking, pauses left out."""
    return 60 * words / voice.seconds


def _pauses(stretches: tuple[Stretch, ...]) -> list[float]:
    # Rounded: whole frames of 10 ms, which binary fractions miss by a hair.
    return [round(later.started_s - earlier.ended_s, 6) for earlier, later in pairwise(stretches)]
