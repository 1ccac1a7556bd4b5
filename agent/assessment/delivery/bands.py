"""The bands a measure is read against, as data: coaching bands, not norms, each with its source.

Inside the widest band nothing is gained by being nearer to its middle: only a real drift counts
(dead-band scoring, field.md section 6). A level is 1 (stop doing this) to 5 (nothing to better);
`levels.score_of` makes the number of it.
"""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Band:
    """Levels of one measure."""

    steps: tuple[tuple[float, int], ...]
    """(value below which the level holds, level), ascending, the last for any value."""
    unit: str
    good: str
    """What to aim for, as a person would say it."""
    source: str

    def level(self, value: float) -> int:
        """Return the level of a value."""
        return next(level for below, level in self.steps if value < below or below == inf)


RATE = Band(
    # 4 at best: an even pace is what is expected, and alone no excellence. Under 90 a sentence is
    # hard to hold together.
    steps=((90, 3), (160.5, 4), (180.5, 3), (210, 2), (inf, 1)),
    unit="words a minute",
    good="110 to 160",
    source="field.md 6: dead band 110-160, flag over 180, 90-190 understood, 140 safe (V. Gee, "
    "cited by bellophthalmic.com); from 210 on is ours",
)
RATE_IN_CRISIS = Band(
    steps=((140.5, 4), (160.5, 3), (180.5, 2), (inf, 1)),
    unit="words a minute",
    good="140 or slower",
    source="field.md 6: de-escalation guidance says slow, low, short sentences; "
    "slower is right in crisis, so it costs nothing; the figures are ours",
)
LEVEL_RISE = Band(
    steps=((3, 5), (6, 4), (inf, 3)),
    unit="dB louder than your usual voice",
    good="within 6 dB of it",
    source="field.md 6: flag rises of 6 dB or more; 3 dB is ours",
)
LEVEL_RISE_AFTER_ESCALATION = Band(
    steps=((3, 5), (6, 4), (10, 2), (inf, 1)),
    unit="dB louder than your usual voice",
    good="no louder than before",
    source="field.md 6: flag rises of 6 dB or more, above all right after a rise of the subject; "
    "10 dB, about twice as loud to the ear, is ours",
)
PITCH_RISE = Band(
    steps=((2, 5), (3, 4), (inf, 3)),
    unit="semitones higher than your usual voice",
    good="within 3 semitones of it",
    source="field.md 6: a rise of the median against the own baseline is strain, in semitones "
    "because those are alike for all voices (Traunmüller & Eriksson 1995); 2 and 3 are ours",
)
PITCH_RISE_AFTER_ESCALATION = Band(
    steps=((2, 5), (3, 4), (5, 2), (inf, 1)),
    unit="semitones higher than your usual voice",
    good="no higher than before",
    source="as for a rise at any time; that it counts for more here, and 5, is ours",
)
MELODY = Band(
    steps=((1.0, 3), (1.5, 4), (inf, 5)),
    unit="semitones of movement in your pitch",
    good="1.5 or more",
    source="field.md 6: modulated, not flat (CPI, BETA, EMDABS); spread in semitones is alike for "
    "all voices and larger the livelier the talk (Traunmüller & Eriksson 1995); no validated "
    "limit was found, 1 and 1.5 are ours",
)
