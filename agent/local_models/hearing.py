"""Recognition: Whisper, without the padding that makes it slow.

Whisper is made for 30 s, and padding five seconds of speech to that is most of its time. Here the
encoder gets the frames there are and `PAD_FRAMES` of silence. Left at that the decoder often does
not know when to stop: it waits for silence that never comes and says the sentence again. So it is
shown some: `TAIL` positions of what the encoder makes of 30 s of silence, computed once, follow the
speech. What loops all the same is decoded again the long way.
"""

from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import numpy as np
import numpy.typing as npt
from faster_whisper import WhisperModel

from agent.local_models.errors import RequestError
from agent.local_models.repetition import cut_loop, find_loop, most_tokens
from agent.local_models.resample import Samples
from agent.local_models.silence import is_silent, windows

RATE_HZ = 16_000
FULL_FRAMES = 3000
"""Mel frames, 10 ms each, that Whisper was trained on."""
PAD_FRAMES = 150
TAIL = 400
"""Encoder positions, 20 ms each, of silence after the speech."""
LONGEST_S = 27.0
"""Longest piece decoded at once; leaves room for the padding."""
NO_SPEECH = 0.5
"""Probability of "nobody speaks" from which the words are not believed. Noise, hum and clicks give
0.6 to 0.95 here, speech under 0.3 down to a few dB of noise."""
WORKERS = 2
"""Decodes at once, one thread each, for the two cores we plan for. A decode is many small steps:
two threads make none of them quicker here, and slow other parts down."""
PROMPT_TOKENS = 100


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood of one piece of audio."""

    text: str
    """Empty when nobody spoke."""
    start_s: float
    end_s: float
    no_speech: float
    """Probability that nobody spoke."""
    padded: bool
    """True when the short way did not do."""


@dataclass(frozen=True, slots=True)
class _Decoded:
    text: str
    no_speech: float
    complete: bool


class Hearing:
    """A Whisper model in memory; `hear` may be called from `WORKERS` threads at once."""

    def __init__(self, folder: Path, *, name: str, threads: int = 1) -> None:
        self.name = name
        self._whisper = WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            num_workers=WORKERS,
            local_files_only=True,
        )
        tokens = self._whisper.hf_tokenizer
        self._start = tokens.token_to_id("<|startoftranscript|>")
        self._before = tokens.token_to_id("<|startofprev|>")
        self._task = tokens.token_to_id("<|transcribe|>")
        self._plain = tokens.token_to_id("<|notimestamps|>")
        self._bands = self._whisper.feature_extractor.mel_filters.shape[0]
        # -0.9 is what the log of digital silence comes to beside speech of ordinary loudness.
        silence = np.full((self._bands, FULL_FRAMES), -0.9, np.float32)
        self._tail = np.array(self._whisper.encode(silence))[:, -TAIL:]
        self.hear(np.sin(np.arange(RATE_HZ, dtype=np.float32)))

    @property
    def languages(self) -> list[str]:
        """Codes of the languages the model knows."""
        return list(self._whisper.supported_languages)

    def hear(
        self, samples: Samples, *, language: str | None = None, prompt: str = ""
    ) -> list[Heard]:
        """Return what is said in mono audio at `RATE_HZ`, in pieces of at most `LONGEST_S`.

        Raises `RequestError` for a language the model does not know.
        """
        if language is not None and language not in self.languages:
            raise RequestError(
                f"the model {self.name!r} does not know the language {language!r}, only "
                f"{', '.join(self.languages[:5])}{' …' if len(self.languages) > 5 else ''}; set "
                "INTERLOCUTOR_LOCAL_HEARING_MODEL to the folder of a multilingual Whisper",
                code="unsupported_language",
                param="language",
            )
        pieces = windows(samples, rate_hz=RATE_HZ, longest_s=LONGEST_S)
        return [
            self._hear_piece(samples[start:end], start / RATE_HZ, language, prompt)
            for start, end in pieces
        ]

    def decode(self, samples: Samples, *, padded: bool) -> str:
        """Return the bare decode of one short piece either way, for comparing the two."""
        return self._decode(samples, None, "", padded=padded).text

    def _hear_piece(
        self, samples: Samples, start_s: float, language: str | None, prompt: str
    ) -> Heard:
        end_s = start_s + len(samples) / RATE_HZ
        if is_silent(samples, rate_hz=RATE_HZ):
            return Heard("", start_s, end_s, no_speech=1.0, padded=False)
        heard = self._decode(samples, language, prompt, padded=False)
        doubtful = not heard.complete or find_loop(heard.text) is not None
        doubtful = doubtful and heard.no_speech < NO_SPEECH
        if doubtful:
            heard = self._decode(samples, language, prompt, padded=True)
        text = heard.text if heard.complete else cut_loop(heard.text)
        return Heard(
            text=text if heard.no_speech < NO_SPEECH else "",
            start_s=start_s,
            end_s=end_s,
            no_speech=heard.no_speech,
            padded=doubtful,
        )

    def _decode(
        self, samples: Samples, language: str | None, prompt: str, *, padded: bool
    ) -> _Decoded:
        encoded = self._encode(samples, padded=padded)
        before = self._prompt(encoded, language, prompt)
        bound = most_tokens(len(samples) / RATE_HZ)
        result = self._whisper.model.generate(
            encoded,
            [before],
            beam_size=1,
            max_length=min(len(before) + bound, self._whisper.max_length),
            return_no_speech_prob=True,
        )[0]
        tokens = result.sequences_ids[0]
        return _Decoded(
            text=self._whisper.hf_tokenizer.decode(tokens).strip(),
            no_speech=float(result.no_speech_prob),
            complete=len(tokens) < bound,
        )

    def _encode(self, samples: Samples, *, padded: bool) -> ctranslate2.StorageView:
        features: npt.NDArray[np.float32] = self._whisper.feature_extractor(samples)
        present = min(features.shape[1], FULL_FRAMES)
        # The encoder halves the frames, so their number must be even.
        frames = FULL_FRAMES if padded else min(FULL_FRAMES, (present + PAD_FRAMES + 1) // 2 * 2)
        # Whisper's features end 2 below their peak: silence is there.
        framed = np.full((self._bands, frames), features.max() - 2, np.float32)
        framed[:, :present] = features[:, :present]
        encoded = self._whisper.encode(framed)
        if padded:
            return encoded
        joined = np.concatenate([np.array(encoded), self._tail], axis=1)
        return ctranslate2.StorageView.from_array(joined)

    def _prompt(
        self, encoded: ctranslate2.StorageView, language: str | None, prompt: str
    ) -> list[int]:
        tokens = self._whisper.hf_tokenizer
        start = [self._start]
        if self._whisper.model.is_multilingual:
            mark = f"<|{language}|>"
            if language is None:
                mark = self._whisper.model.detect_language(encoded)[0][0][0]
            start += [tokens.token_to_id(mark), self._task]
        if not prompt.strip():
            return [*start, self._plain]
        given = tokens.encode(f" {prompt.strip()}", add_special_tokens=False).ids
        return [self._before, *given[-PROMPT_TOKENS:], *start, self._plain]
