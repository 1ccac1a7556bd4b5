"""A voice detector that says speech has ended only when its words are known.

LiveKit ends a turn when the detector says so, with whatever text has arrived by then: of two
sentences with a breath between them, the second would come too late and be taken for another turn.
So the end of speech is held back until the recogniser has spoken, which also saves the recogniser
a detector of its own. All other events pass at once.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog
from livekit.agents import utils, vad

log = structlog.get_logger(__name__)

LONGEST_HOLD_S = 1.5
"""The end of speech is not held back longer; later words make a turn of their own."""
_HOPS = 16
"""Turns of the event loop in which a transcript gets from the recogniser to the session."""

Listener = Callable[[vad.VADEvent], Awaitable[None]]


class WordsFirst(vad.VAD):
    """Wraps a detector; `listener` is given every event before the session is."""

    def __init__(self, detector: vad.VAD) -> None:
        super().__init__(capabilities=detector.capabilities)
        self.detector = detector
        self.listener: Listener | None = None

    @property
    def model(self) -> str:
        return self.detector.model

    @property
    def provider(self) -> str:
        return self.detector.provider

    @property
    def min_silence_duration(self) -> float | None:
        """Return the silence that ends speech, in seconds, if the detector tells."""
        return getattr(self.detector, "min_silence_duration", None)

    def stream(self) -> vad.VADStream:
        """Return a stream of events whose ends of speech wait for the listener."""
        return _Stream(self)


class _Stream(vad.VADStream):
    def __init__(self, outer: WordsFirst) -> None:
        self._outer = outer
        self._inner = outer.detector.stream()
        super().__init__(outer)

    async def _main_task(self) -> None:
        forward = asyncio.create_task(self._forward())
        try:
            async for event in self._inner:
                self._event_ch.send_nowait(await self._tell(event))
        finally:
            await utils.aio.cancel_and_wait(forward)
            await self._inner.aclose()

    async def _forward(self) -> None:
        async for item in self._input_ch:
            if isinstance(item, self._FlushSentinel):
                self._inner.flush()
            else:
                self._inner.push_frame(item)
        self._inner.end_input()

    async def _tell(self, event: vad.VADEvent) -> vad.VADEvent:
        """Let the listener have an event; return it as the session should see it."""
        listener = self._outer.listener
        if listener is None:
            return event
        if event.type is not vad.VADEventType.END_OF_SPEECH:
            await listener(event)
            return event
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(LONGEST_HOLD_S):
                await listener(event)
                for _ in range(_HOPS):
                    await asyncio.sleep(0)
        except TimeoutError:
            log.warning("words_late", held_s=LONGEST_HOLD_S)
        # The session reckons the time of the last word back from now.
        held = time.perf_counter() - begun
        return replace(event, silence_duration=event.silence_duration + held)
