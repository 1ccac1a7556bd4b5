"""Writes what was measured of a reply's delivery as the report has it, each gap with its reason.

The level itself is left out: in dBFS it tells of the microphone, and only its change of the voice.
"""

from agent.assessment.delivery.measure import Measured
from agent.assessment.delivery.missing import NotMeasured
from agent.assessment.delivery.score import DeliveryScore
from agent.protocol import Delivery, Reason

_TOO_LITTLE = NotMeasured(
    "too_short", "Too little of the voice could be measured for a score of its tone."
)

_DIGITS = {
    "words_per_minute": 1,
    "articulation_wpm": 1,
    "pitch_hz": 1,
    "level_rise_db": 1,
}
"""Decimals that mean something; of all others two."""


def delivered(measured: Measured, scored: DeliveryScore | None, *, spoken: bool = True) -> Delivery:
    """Return what was measured, rounded, and by field why anything was not."""
    pauses, pitch, overlap = measured.pauses, measured.pitch, measured.overlap
    silent = measured.speech_s if isinstance(measured.speech_s, NotMeasured) else None
    found: dict[str, object] = {
        "words_per_minute": measured.speech_wpm,
        "response_latency_s": measured.first_word_s,
        "articulation_wpm": measured.articulation_wpm,
        "speech_s": measured.speech_s,
        "pause_count": _part(pauses, "count"),
        "longest_pause_s": _part(pauses, "longest_s"),
        "pause_share": _part(pauses, "share"),
        "long_pauses": _part(pauses, "long_count"),
        "pitch_hz": _part(pitch, "median_hz"),
        "pitch_spread_semitones": _part(pitch, "sd_semitones"),
        "pitch_rise_semitones": measured.pitch_rise_semitones,
        "level_rise_db": measured.level_rise_db,
        "interruptions": _part(overlap, "interruptions"),
        "backchannels": _part(overlap, "backchannels"),
        "early_starts": _part(overlap, "early_starts"),
        "talk_share": _part(overlap, "talk_share"),
        "tone_score": scored.score if scored else silent or _TOO_LITTLE,
    }
    return Delivery.model_validate(
        {
            name: round(value, _DIGITS.get(name, 2)) if isinstance(value, float) else value
            for name, value in found.items()
            if not isinstance(value, NotMeasured)
        }
        | {
            "spoken": spoken,
            "advice": scored.advice if scored else "",
            "not_measured": {
                name: Reason(code=value.code, message=value.why)
                for name, value in found.items()
                if isinstance(value, NotMeasured)
            },
        }
    )


def _part(found: object, name: str) -> object:
    """Return one figure of a measure, or why there is none."""
    return found if isinstance(found, NotMeasured) else getattr(found, name)
