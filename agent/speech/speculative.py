"""Recognition that starts before the end of speech is certain.

A recogniser of whole utterances waits for the detector's verdict, which costs a quarter of a second
of silence. Here the decode begins at the first short silence and its text goes out as a preflight
transcript, on which LiveKit already prepares the answer; if the trainee goes on, it is thrown away,
and if not, the same text becomes the final one without another decode.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog
from livekit import rtc
from livekit.agents import stt, utils, vad
from livekit.agents.types import (
    DEFAULT_API_CONNECT_OPTIONS,
    NOT_GIVEN,
    APIConnectOptions,
    NotGivenOr,
)

from agent.speech.words_first import WordsFirst

log = structlog.get_logger(__name__)

GUESS_AFTER_S = 0.06
"""Silence, as the detector sees it, after which a decode is worth starting."""


class SpeculativeSTT(stt.STT[Any]):
    """Makes a streaming recogniser of one that takes whole utterances, by the events of the
    session's own voice detector."""

    def __init__(self, whole: stt.STT[Any], detector: WordsFirst) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=True, interim_results=False))
        self._whole = whole
        self._detector = detector

    @property
    def model(self) -> str:
        return self._whole.model

    @property
    def provider(self) -> str:
        return self._whole.provider

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.SpeechEvent:
        return await self._whole.recognize(buffer, language=language, conn_options=conn_options)

    def stream(
        self,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.RecognizeStream:
        """Return a stream that emits preflight and final transcripts."""
        return _Stream(self, self._whole, self._detector, conn_options)

    async def aclose(self) -> None:
        """Close the recogniser behind."""
        await self._whole.aclose()


class _Stream(stt.RecognizeStream):
    def __init__(
        self,
        outer: SpeculativeSTT,
        whole: stt.STT[Any],
        detector: WordsFirst,
        conn_options: APIConnectOptions,
    ) -> None:
        # recognize() retries by itself; a retry of the whole stream would lose audio.
        super().__init__(stt=outer, conn_options=APIConnectOptions(max_retry=0))
        self._whole = whole
        self._detector = detector
        self._recognize_options = conn_options
        self._heard: list[rtc.AudioFrame] = []
        self._guess: asyncio.Task[stt.SpeechEvent | None] | None = None
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def _run(self) -> None:
        self._detector.listener = self._listen
        # The audio comes with the detector's events; what is pushed here is the same.
        drain = asyncio.create_task(self._drain())
        try:
            await asyncio.wait([drain, self._failed], return_when=asyncio.FIRST_COMPLETED)
            if self._failed.done():
                self._failed.result()
        finally:
            if self._detector.listener == self._listen:
                self._detector.listener = None
            self._drop_guess()
            await utils.aio.cancel_and_wait(drain)

    async def _drain(self) -> None:
        async for _ in self._input_ch:
            pass

    async def _listen(self, event: vad.VADEvent) -> None:
        """Take an event of the detector; a recogniser that fails ends this stream, not the
        detector."""
        try:
            await self._take(event)
        except Exception as error:
            if not self._failed.done():
                self._failed.set_exception(error)

    async def _take(self, event: vad.VADEvent) -> None:
        if event.type == vad.VADEventType.START_OF_SPEECH:
            self._heard = list(event.frames)
            self._event_ch.send_nowait(stt.SpeechEvent(stt.SpeechEventType.START_OF_SPEECH))
        elif event.type == vad.VADEventType.INFERENCE_DONE and event.speaking:
            self._heard.extend(event.frames)
            if event.raw_accumulated_speech > 0:
                self._drop_guess()
            elif event.raw_accumulated_silence >= GUESS_AFTER_S and self._guess is None:
                self._guess = asyncio.create_task(self._preflight(list(self._heard)))
        elif event.type == vad.VADEventType.END_OF_SPEECH:
            self._event_ch.send_nowait(
                stt.SpeechEvent(
                    stt.SpeechEventType.END_OF_SPEECH,
                    speech_end_time=time.time() - event.silence_duration - event.inference_duration,
                )
            )
            guess, self._guess = self._guess, None
            found = await guess if guess else None
            if found is None:
                found = await self._decode(event.frames, self._recognize_options)
            self._send(stt.SpeechEventType.FINAL_TRANSCRIPT, found)

    async def _preflight(self, heard: Sequence[rtc.AudioFrame]) -> stt.SpeechEvent | None:
        """Decode what was heard so far and send it ahead; None if that failed, so that the whole
        utterance is decoded in its turn."""
        try:
            found = await self._decode(heard, replace(self._recognize_options, max_retry=0))
        except Exception as error:  # the final decode reports what is really wrong
            log.debug("preflight_failed", error=repr(error))
            return None
        self._send(stt.SpeechEventType.PREFLIGHT_TRANSCRIPT, found)
        return found

    async def _decode(
        self, heard: Sequence[rtc.AudioFrame], options: APIConnectOptions
    ) -> stt.SpeechEvent:
        begun = time.perf_counter()
        audio = utils.merge_frames(list(heard))
        found = await self._whole.recognize(audio, conn_options=options)
        log.debug(
            "decoded",
            audio_s=round(audio.duration, 2),
            took_s=round(time.perf_counter() - begun, 3),
        )
        return found

    def _send(self, kind: stt.SpeechEventType, found: stt.SpeechEvent) -> None:
        if found.alternatives and found.alternatives[0].text.strip():
            self._event_ch.send_nowait(
                stt.SpeechEvent(kind, request_id=found.request_id, alternatives=found.alternatives)
            )

    def _drop_guess(self) -> None:
        if self._guess is not None:
            self._guess.cancel()
            self._guess = None
