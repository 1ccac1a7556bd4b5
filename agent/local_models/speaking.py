"""The voice: hibari, with its silences trimmed, one phrase at a time.

The model puts 300 ms of silence before and 450 ms after whatever it speaks; sent as it is, that is
waiting time for the trainee. Between phrases we put the pauses ourselves.
"""

import threading
from collections.abc import Iterator

import numpy as np
from hibari import SAMPLE_RATE, Hibari
from hibari.voices import VOICES, voice_path

from agent.local_models.errors import ModelMissing
from agent.local_models.phrases import gap_after, respell, shorten
from agent.local_models.resample import Samples, shift
from agent.local_models.silence import trim
from agent.local_models.voice_name import VOICE, VoiceName

RATE_HZ: int = SAMPLE_RATE
LEAD_S, TAIL_S = 0.02, 0.08
"""Silence kept before and after a phrase."""
ASKED = (0.5, 0.8, 0.85, 0.9, 1.0, 1.1, 1.2, 1.3, 1.35, 1.5, 2.0)
SPOKEN = (0.5, 0.81, 0.9, 0.96, 1.0, 1.03, 1.09, 1.16, 1.5, 1.57, 1.75)
"""How fast the model really speaks when asked for these speeds, measured over 20 sentences: it
rounds the length of each sound, and leaps at 4/3."""
SEED = 1
"""The breath noise is random; the same text shall sound the same."""


class Speaking:
    """The voice in memory; phrases of several speakers take turns."""

    name = "hibari"

    def __init__(self) -> None:
        if not VOICES[VOICE].get("bundled"):
            raise ModelMissing(f"this hibari-tts does not bring the voice {VOICE!r}; make install")
        self._hibari = Hibari(voice=VOICE, model=voice_path(VOICE, download_missing=False))
        # Reads numbers and guesses words on first use: have both in memory before the first line.
        self._hibari("It was 7:30, Mrs. Grzybowska.", seed=SEED)
        self._turn = threading.Lock()

    def speak(self, text: str, voice: VoiceName, *, speed: float = 1.0) -> Iterator[Samples]:
        """Yield the speech at `RATE_HZ`, phrase by phrase; nothing if there is nothing to say."""
        pause_s = 0.0
        for phrase in shorten(Hibari.split_sentences(respell(text))):
            # Of punctuation alone the model makes a breath.
            if not any(character.isalnum() for character in phrase):
                continue
            # Held for a phrase, not for the text: a long one does not keep others waiting.
            with self._turn:
                spoken = self._speak_phrase(phrase, voice.pitch, speed)
            if not len(spoken):
                continue
            if pause_s:
                silence = max(0.0, pause_s / speed - LEAD_S - TAIL_S)
                yield np.zeros(round(silence * RATE_HZ), np.float32)
            yield spoken
            pause_s = gap_after(phrase)

    def _speak_phrase(self, text: str, pitch: float, speed: float) -> Samples:
        # Spoken slower by as much as the resampling will hasten it.
        pace = float(np.interp(speed / pitch, SPOKEN, ASKED))
        spoken = shift(self._hibari(text, speed=pace, seed=SEED), pitch)
        return trim(spoken, rate_hz=RATE_HZ, lead_s=LEAD_S, tail_s=TAIL_S)
