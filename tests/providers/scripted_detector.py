"""A voice detector that hears what its script says, for parts that need one and sound that has
none in it."""

import asyncio
import contextlib

from livekit import rtc
from livekit.agents import stt, vad

FRAME = rtc.AudioFrame(bytes(320 * 2), 16000, 1, 320)
"""20 ms of silence at 16 kHz."""


class ScriptedDetector(vad.VAD):
    """Detects one utterance with a short silence in which a guess is worth making."""

    def __init__(self) -> None:
        super().__init__(capabilities=vad.VADCapabilities(update_interval=0.03))

    def stream(self) -> vad.VADStream:
        """Return a stream that plays the utterance once sound comes in."""
        return _Stream(self)


class _Stream(vad.VADStream):
    async def _main_task(self) -> None:
        await self._input_ch.__anext__()
        for event in (
            _event(vad.VADEventType.START_OF_SPEECH),
            _event(vad.VADEventType.INFERENCE_DONE, raw_accumulated_speech=0.1),
            _event(vad.VADEventType.INFERENCE_DONE, raw_accumulated_silence=0.1),
        ):
            self._event_ch.send_nowait(event)
            # The listener's tasks take their turns before the next event.
            for _ in range(5):
                await asyncio.sleep(0)
        self._event_ch.send_nowait(_event(vad.VADEventType.END_OF_SPEECH, silence_duration=0.25))
        async for _ in self._input_ch:
            pass


def _event(kind: vad.VADEventType, **facts: float) -> vad.VADEvent:
    return vad.VADEvent(
        type=kind,
        samples_index=0,
        timestamp=0,
        speech_duration=1,
        silence_duration=facts.pop("silence_duration", 0),
        frames=[FRAME] * 10,
        speaking=True,
        **facts,
    )


async def transcripts_of(stream: stt.RecognizeStream, detector: vad.VAD) -> list[tuple[str, str]]:
    """Return what a recogniser says, kind and text, to the one utterance of its detector."""
    async with stream:
        # Its task must listen before anything is detected.
        for _ in range(3):
            await asyncio.sleep(0)
        detected = detector.stream()
        detected.push_frame(FRAME)
        detected.end_input()
        async for _ in detected:
            pass
        await detected.aclose()
        # A stream that failed is closed already; listening to it tells why.
        with contextlib.suppress(RuntimeError):
            stream.end_input()
        return [
            (event.type.value, event.alternatives[0].text)
            async for event in stream
            if event.alternatives
        ]
