"""Who spoke over whom, and how the time was shared.

Two thirds of what clinicians say over patients are backchannels, "mm-hm" (field.md section 6, BMJ
Open 2023;13:e066678); counting those as interruptions would punish listening. And a reply that
begins on the last syllable of a line is how people take turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.assessment.delivery.voice import Stretch

INTERRUPTING_S = 0.5
BACKCHANNEL_WORDS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch in which the persona was heard."""

    started_s: float
    ended_s: float
    cut_off: bool = False
    """It stopped because the trainee spoke, and had more to say."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the trainee said in one go."""

    started_s: float
    ended_s: float
    words: float
    """How many; a share of the reply's words where only those are known."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What the trainee said while the persona spoke."""

    interruptions: int
    """Three words or more, over the persona for half a second or until it gave up."""
    backchannels: int
    """One or two words that left the persona speaking, or the floor to it."""
    early_starts: int
    """Three words or more that began just before the persona's end: ordinary turn-taking."""
    seconds: float
    """Both at once, in all."""
    talk_share: float | None
    """The trainee's part of all seconds spoken, 0 to 1; None when nobody spoke."""


def measure_overlap(trainee: Sequence[Utterance], persona: Sequence[Line]) -> Overlap:
    """Return how trainee and persona shared the time, both on the same clock.

    Only what began while the persona spoke can interrupt it; where the persona began over the
    trainee, the trainee did nothing.
    """
    interruptions = backchannels = early_starts = 0
    for said in trainee:
        over = [line for line in persona if line.started_s <= said.started_s < line.ended_s]
        if not over:
            continue
        if round(said.words) <= BACKCHANNEL_WORDS:
            backchannels += 1
        elif any(line.cut_off for line in over) or _shared(said, over) >= INTERRUPTING_S:
            interruptions += 1
        else:
            early_starts += 1
    trainee_s, persona_s = (sum(s.ended_s - s.started_s for s in who) for who in (trainee, persona))
    return Overlap(
        interruptions=interruptions,
        backchannels=backchannels,
        early_starts=early_starts,
        seconds=sum(_shared(said, persona) for said in trainee),
        talk_share=trainee_s / (trainee_s + persona_s) if trainee_s + persona_s else None,
    )


def utterances(
    stretches: Sequence[Stretch], words: int, *, starts_s: float, gap_s: float
) -> list[Utterance]:
    """Return the stretches of a recording that started at `starts_s` as utterances, those less than
    `gap_s` apart joined and the words shared out by their length."""
    joined: list[Stretch] = []
    for stretch in stretches:
        if joined and stretch.started_s - joined[-1].ended_s < gap_s:
            joined[-1] = Stretch(joined[-1].started_s, stretch.ended_s)
        else:
            joined.append(stretch)
    seconds = sum(stretch.ended_s - stretch.started_s for stretch in joined)
    return [
        Utterance(starts_s + first, starts_s + last, words * (last - first) / seconds)
        for first, last in joined
    ]


def _shared(said: Utterance, lines: Sequence[Line]) -> float:
    return sum(
        max(0.0, min(said.ended_s, line.ended_s) - max(said.started_s, line.started_s))
        for line in lines
    )
