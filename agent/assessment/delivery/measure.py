"""Everything that can be told of how one reply was spoken; what cannot says why.

One call a reply, plain data in and out, to be made in a thread. The audio is only read: nothing of
it is in what is returned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.assessment.delivery.baseline import ENOUGH_S, Baseline
from agent.assessment.delivery.loudness import Loudness, measure_loudness
from agent.assessment.delivery.missing import NotMeasured
from agent.assessment.delivery.overlap import Line, Overlap, measure_overlap, utterances
from agent.assessment.delivery.pitch import FRAME_S, Pitch, describe
from agent.assessment.delivery.timing import (
    LONG_PAUSE_S,
    Pauses,
    articulation_rate,
    measure_pauses,
    speech_rate,
)
from agent.assessment.delivery.voice import Voice, find_voice
from agent.local_models.resample import Samples

LEAST_VOICE_S = 3.0
"""With less speech a rate, level or pitch says more of the sentence than of the speaker."""
LEAST_SNR_FOR_PAUSES_DB = 20.0
"""With loud syllables less far over the noise it swallows the ends of words, and each becomes a
pause; the span from first to last word, and so the speech rate, stands much more noise."""
LEAST_PITCHED_S = 1.0
"""A whisper has less, and no pitch to tell of."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How one reply was spoken: each measure, or why it was not taken."""

    speech_s: float | NotMeasured
    """How long the trainee spoke, pauses left out."""
    first_word_s: float | NotMeasured
    """From the persona's last sound to the trainee's first; negative when they overlapped."""
    speech_wpm: float | NotMeasured
    """Words a minute from the first to the last, pauses included."""
    articulation_wpm: float | NotMeasured
    """Words a minute while speaking."""
    pauses: Pauses | NotMeasured
    pitch: Pitch | NotMeasured
    pitch_rise_semitones: float | NotMeasured
    """Median against the baseline's; negative: lower."""
    loudness: Loudness | NotMeasured
    level_rise_db: float | NotMeasured
    """Against the baseline; negative: quieter."""
    overlap: Overlap | NotMeasured
    baseline: Baseline
    """With this reply in it: hand it to the next call."""


def measure(
    samples: Samples,
    *,
    rate_hz: int,
    started_s: float = 0.0,
    words: int | None = None,
    persona: Sequence[Line] = (),
    baseline: Baseline | None = None,
    spoken: bool = True,
    gain_control: bool = False,
    learn: bool = True,
) -> Measured:
    """Return how a reply was spoken.

    Args:
        samples: Mono, -1 to 1, of the trainee's microphone alone; with half a second before and
            after the words the noise is known better.
        rate_hz: Samples a second, 8000 or more.
        started_s: When the first sample was heard, on the clock of `persona`.
        words: How many the recognition heard in it; None when it heard none.
        persona: What the persona said since the reply before.
        baseline: The trainee's so far; None: nothing is known of their voice.
        spoken: False for a typed reply.
        gain_control: The client said that its microphone adjusts its level.
        learn: Whether the baseline may take this in; not right after the persona escalated.

    Raises:
        ValueError: The rate is under 8000.
    """
    if rate_hz < 8000:
        raise ValueError(f"voice at {rate_hz!r} samples a second cannot be measured; send 8000")
    known = baseline or Baseline()
    if not spoken:
        return _nothing(NotMeasured("typed", "The reply was typed."), known)
    voice = find_voice(samples, rate_hz=rate_hz)
    if isinstance(voice, NotMeasured):
        return _nothing(voice, known)
    loudness = measure_loudness(voice, samples, rate_hz=rate_hz, gain_control=gain_control)
    learnt = known
    if learn:
        learnt = known.hear(voice, level_counts=isinstance(loudness, Loudness))
    short = _too_short(voice)
    no_words = None if words else NotMeasured("no_words", "No words were recognised to count.")
    hidden = short or _pauses_hidden(voice)
    pitch = short or _pitch(voice)
    loudness = short or loudness
    return Measured(
        speech_s=voice.seconds,
        first_word_s=_first_word(voice, started_s, persona),
        speech_wpm=short or no_words or speech_rate(voice, words or 0),
        articulation_wpm=hidden or no_words or articulation_rate(voice, words or 0),
        pauses=hidden or measure_pauses(voice),
        pitch=pitch,
        pitch_rise_semitones=_pitch_rise(pitch, known),
        loudness=loudness,
        level_rise_db=_level_rise(loudness, known),
        overlap=_overlap(voice, words, started_s, persona),
        baseline=learnt,
    )


def _nothing(why: NotMeasured, baseline: Baseline) -> Measured:
    return Measured(why, why, why, why, why, why, why, why, why, why, baseline)


def _too_short(voice: Voice) -> NotMeasured | None:
    if voice.seconds >= LEAST_VOICE_S:
        return None
    return NotMeasured(
        "too_short",
        f"{voice.seconds:.1f} s of speech is too little to measure; it takes 3 s.",
    )


def _pauses_hidden(voice: Voice) -> NotMeasured | None:
    if voice.snr_db >= LEAST_SNR_FOR_PAUSES_DB:
        return None
    return NotMeasured("too_noisy", "The noise hid where words end, so pauses cannot be told.")


def _pitch(voice: Voice) -> Pitch | NotMeasured:
    if len(voice.pitches_hz) * FRAME_S < LEAST_PITCHED_S:
        return NotMeasured("no_voice", "Most of this was spoken without voice, so it has no pitch.")
    return describe(voice.pitches_hz)


def _first_word(voice: Voice, started_s: float, persona: Sequence[Line]) -> float | NotMeasured:
    first_s = started_s + voice.stretches[0].started_s
    before = [line.ended_s for line in persona if line.started_s <= first_s]
    if not before:
        return NotMeasured("no_persona", "The persona had not spoken before this.")
    return first_s - max(before)


def _pitch_rise(pitch: Pitch | NotMeasured, baseline: Baseline) -> float | NotMeasured:
    if isinstance(pitch, NotMeasured):
        return pitch
    usual = baseline.median_hz
    if usual is None:
        return _no_baseline(baseline.speech_s)
    return float(12 * np.log2(pitch.median_hz / usual))


def _level_rise(loudness: Loudness | NotMeasured, baseline: Baseline) -> float | NotMeasured:
    if isinstance(loudness, NotMeasured):
        return loudness
    usual = baseline.level_dbfs
    if usual is None:
        return _no_baseline(baseline.level_s)
    return loudness.level_dbfs - usual


def _no_baseline(heard_s: float) -> NotMeasured:
    why = f"Your usual voice is known after {ENOUGH_S:.0f} s of speech, now {heard_s:.0f} s."
    return NotMeasured("no_baseline", why)


def _overlap(
    voice: Voice, words: int | None, started_s: float, persona: Sequence[Line]
) -> Overlap | NotMeasured:
    if not persona:
        return NotMeasured("no_persona", "The persona had not spoken before this.")
    if not words:
        return NotMeasured("no_words", "No words were recognised to tell a reply from a mm-hm.")
    said = utterances(voice.stretches, words, starts_s=started_s, gap_s=LONG_PAUSE_S)
    return measure_overlap(said, persona)
