"""A number from 1 to 100 for tone and voice, and one sentence of advice, from what was measured.

Each measure has a level from its band (`bands`). A fault, level 1 or 2, is the score of the reply:
an even pace does not make up for a shout. Without one the score is the mean. Pauses, latency and
overlap are reported and not scored here: a silence after bad news is right, and interrupting is a
matter of listening.

| level | rate | louder, higher than usual | right after the persona escalated | melody |
|---|---|---|---|---|
| 5 | - | under 3 dB, 2 semitones | under 3 dB, 2 semitones | 1.5 semitones or more |
| 4 | 90-160 (crisis: to 140) | under 6 dB, 3 semitones | under 6 dB, 3 semitones | 1 to 1.5 |
| 3 | to 180, or under 90 (crisis: to 160) | from there on | - | under 1: flat |
| 2 | to 210 (crisis: to 180) | - | under 10 dB, 5 semitones | - |
| 1 | faster | - | from there on | - |
"""

from dataclasses import dataclass

from agent.assessment.delivery import bands
from agent.assessment.delivery.bands import Band
from agent.assessment.delivery.measure import Measured
from agent.assessment.delivery.missing import NotMeasured
from agent.assessment.delivery.pitch import Pitch
from agent.assessment.levels import mean_score, score_of

LEAST_MEASURES = 2
"""With fewer there is no score: one figure is not a tone of voice."""
_FAULT, _GOOD = 2, 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One measure held against its band."""

    measure: str
    value: float
    level: int
    band: Band


@dataclass(frozen=True, slots=True)
class DeliveryScore:
    """How a reply sounded."""

    score: int
    """1 to 100."""
    findings: tuple[Finding, ...]
    """Worst first."""
    advice: str
    """One sentence, naming the measure it rests on."""


def score(
    measured: Measured, *, in_crisis: bool = False, after_escalation: bool = False
) -> DeliveryScore | None:
    """Return how a reply sounded; None when too little of it was measured.

    `in_crisis`: the persona is upset (slower is right). `after_escalation`: it just became more so,
    and the trainee's voice answers that.
    """
    findings = sorted(
        _findings(measured, in_crisis=in_crisis, after_escalation=after_escalation),
        key=lambda finding: finding.level,
    )
    if len(findings) < LEAST_MEASURES:
        return None
    worst = findings[0]
    counted = findings[:1] if worst.level <= _FAULT else findings
    return DeliveryScore(
        score=mean_score(score_of(finding.level, lowest=1, highest=5) for finding in counted),
        findings=tuple(findings),
        advice=_advice(worst) if worst.level < _GOOD else _praise(findings),
    )


def _findings(measured: Measured, *, in_crisis: bool, after_escalation: bool) -> list[Finding]:
    melody = measured.pitch.sd_semitones if isinstance(measured.pitch, Pitch) else None
    louder, higher = bands.LEVEL_RISE, bands.PITCH_RISE
    if after_escalation:
        louder, higher = bands.LEVEL_RISE_AFTER_ESCALATION, bands.PITCH_RISE_AFTER_ESCALATION
    held = (
        ("loudness", measured.level_rise_db, louder),
        ("pitch", measured.pitch_rise_semitones, higher),
        ("rate", measured.speech_wpm, bands.RATE_IN_CRISIS if in_crisis else bands.RATE),
        ("melody", melody, bands.MELODY),
    )
    return [
        Finding(measure, value, band.level(value), band)
        for measure, value, band in held
        if not (value is None or isinstance(value, NotMeasured))
    ]


def _advice(worst: Finding) -> str:
    told = f"{worst.value:.3g} {worst.band.unit}"
    aim = worst.band.good
    if worst.measure == "rate":
        slow = worst.value < 100
        return f"Speak {'a little faster' if slow else 'more slowly'}: {told}; aim for {aim}."
    if worst.measure == "melody":
        return f"Let your voice move more: {told}; aim for {aim}."
    verb = "Lower your voice" if worst.measure == "loudness" else "Let your voice drop"
    return f"{verb}: it was {told}; aim for {aim}."


def _praise(findings: list[Finding]) -> str:
    rate = next((finding.value for finding in findings if finding.measure == "rate"), None)
    if rate is not None:
        return f"Keep this pace: {rate:.3g} words a minute is easy to follow."
    return f"Keep this up: {' and '.join(finding.measure for finding in findings)} were right."
