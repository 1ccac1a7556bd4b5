"""What is told of the trainee's voice over a talk: each measure, how it adds up, and its band.

The bands are for coaching and are no norms (field.md, section 6; the same as in
`delivery.bands`). Where no range has been validated there is none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.protocol import Delivery

Values = Sequence[tuple[float, float]]
"""A measure in each reply it was taken in, with the seconds of speech it stands for."""


def _mean(values: Values) -> float:
    weight = sum(seconds for _, seconds in values)
    return sum(value * seconds for value, seconds in values) / weight


def _most(values: Values) -> float:
    return max(value for value, _ in values)


def _sum(values: Values) -> float:
    return sum(value for value, _ in values)


def _share(values: Values) -> float:
    """Return the part of all seconds, from the part of each stretch and the seconds spoken in it;
    a stretch of which nothing was spoken has no seconds to tell of."""
    spoken = [(share, seconds) for share, seconds in values if share > 0]
    if not spoken:
        return 0.0
    return sum(seconds for _, seconds in spoken) / sum(s / share for share, s in spoken)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of the talk."""

    id: str
    """The field of `Delivery`."""
    name: str
    unit: str
    read: Callable[[Delivery], float | None]
    over: Callable[[Values], float]
    """Makes one number of those of the replies."""
    digits: int
    within: str
    """Said inside the band, and where there is none."""
    low: float | None = None
    """Lower end of the band; None: no lower end."""
    high: float | None = None
    below: str = ""
    """Said below the band."""
    above: str = ""


MEASURES = (
    Measure(
        "words_per_minute",
        "Speech rate",
        "words a minute",
        lambda spoken: spoken.words_per_minute,
        _mean,
        0,
        "Easy to follow.",
        low=110,
        high=160,
        below="Slower than the band; right with someone upset or unwell.",
        above="Faster than the band; much is lost on the listener.",
    ),
    Measure(
        "articulation_wpm",
        "Rate without pauses",
        "words a minute",
        lambda spoken: spoken.articulation_wpm,
        _mean,
        0,
        "No reference band; read it beside the speech rate.",
    ),
    Measure(
        "response_latency_s",
        "Time before you answered",
        "s",
        lambda spoken: spoken.response_latency_s,
        _mean,
        1,
        "People leave about 0.2 s; longer is thought, and no fault.",
    ),
    Measure(
        "pause_share",
        "Pauses within replies",
        "% of the time",
        lambda spoken: None if spoken.pause_share is None else spoken.pause_share * 100,
        _mean,
        0,
        "No reference band.",
    ),
    Measure(
        "long_pauses",
        "Pauses of a second or more",
        "in all",
        lambda spoken: spoken.long_pauses,
        _sum,
        0,
        "No reference band; after bad news silence is right.",
    ),
    Measure(
        "longest_pause_s",
        "Longest pause",
        "s",
        lambda spoken: spoken.longest_pause_s,
        _most,
        1,
        "No reference band; 3 to 4 s are right after bad news.",
    ),
    Measure(
        "level_rise_db",
        "Loudest, against your usual voice",
        "dB",
        lambda spoken: spoken.level_rise_db,
        _most,
        1,
        "Steady.",
        high=6,
        above="At least once much louder than usual.",
    ),
    Measure(
        "pitch_rise_semitones",
        "Highest, against your usual voice",
        "semitones",
        lambda spoken: spoken.pitch_rise_semitones,
        _most,
        1,
        "Steady.",
        high=3,
        above="At least once clearly higher than usual, as under strain.",
    ),
    Measure(
        "pitch_spread_semitones",
        "Movement of your voice",
        "semitones",
        lambda spoken: spoken.pitch_spread_semitones,
        _mean,
        1,
        "Modulated.",
        low=1.5,
        below="Rather flat.",
    ),
    Measure(
        "interruptions",
        "Interruptions",
        "in all",
        lambda spoken: spoken.interruptions,
        _sum,
        0,
        "You let them finish.",
        high=0,
        above="You took the floor while they spoke.",
    ),
    Measure(
        "backchannels",
        "Words of listening (“mm-hm”)",
        "in all",
        lambda spoken: spoken.backchannels,
        _sum,
        0,
        "No reference band; these are no interruptions.",
    ),
    Measure(
        "early_starts",
        "Began just before their end",
        "in all",
        lambda spoken: spoken.early_starts,
        _sum,
        0,
        "No reference band; ordinary turn-taking.",
    ),
    Measure(
        "talk_share",
        "Your share of the talking",
        "%",
        lambda spoken: None if spoken.talk_share is None else spoken.talk_share * 100,
        lambda values: _share([(share / 100, seconds) for share, seconds in values]) * 100,
        0,
        "No validated range; compare talks of one scenario.",
    ),
)
