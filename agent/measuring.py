"""Measures how each reply was spoken, beside the conversation, from the trainee's own sound.

The sound is held in memory only until it is measured and closed with the encounter; replies are
measured one at a time, because each is held against the voice of those before it.
"""

import asyncio
import time

import numpy as np
import structlog

from agent.assessment.delivered import delivered
from agent.assessment.delivery.baseline import Baseline
from agent.assessment.delivery.measure import Measured, measure
from agent.assessment.delivery.overlap import Line
from agent.assessment.delivery.recorder import Clip, Recorder
from agent.assessment.delivery.score import score
from agent.encounter import Reply
from agent.protocol import Delivery

log = structlog.get_logger(__name__)

BEFORE_S, AFTER_S = 0.5, 0.3
"""Sound around the reply's words, in which the noise is known and no syllable is cut off."""
IN_CRISIS = 2.0
"""Arousal of the persona from which slow speech is what is wanted."""
_LEAST_RATE_HZ = 8000


class Measuring:
    """Hears the trainee of one encounter; `hear` and the rest belong to the event loop."""

    def __init__(self) -> None:
        self._recorder = Recorder()
        self._open = True
        self._in_turn = asyncio.Lock()
        self._known: dict[int, Baseline] = {}
        """The trainee's usual voice as it was known after each reply."""

    @property
    def held_bytes(self) -> int:
        """Return how much sound is in memory."""
        return self._recorder.held_bytes

    def hear(self, pcm: memoryview, rate_hz: int, at_s: float) -> None:
        """Take in mono PCM16 that began at second `at_s` of the encounter."""
        if self._open:
            self._recorder.push(pcm, rate_hz=rate_hz, at_s=at_s)

    def cut(self, reply: Reply) -> Clip:
        """Return a copy of the sound of a reply that is over, as far as it is still held."""
        return self._recorder.between(reply.started_s - BEFORE_S, reply.ended_s + AFTER_S)

    async def measure(
        self, reply: Reply, clip: Clip, *, arousal: float, escalated: bool, gain_control: bool
    ) -> Delivery:
        """Return how a reply was spoken.

        Args:
            reply: What was said, and when.
            clip: Its sound, as it was `cut`.
            arousal: The persona's, 0 to 5, when the reply began.
            escalated: The reply before this one had raised it.
            gain_control: The trainee's microphone adjusts its level by itself.
        """
        begun = time.perf_counter()
        async with self._in_turn:
            # A reply that went on is measured again, and must not be held against itself.
            before = [index for index in self._known if index < reply.index]
            measured = await asyncio.to_thread(
                _measured,
                clip,
                reply,
                baseline=self._known[max(before)] if before else None,
                escalated=escalated,
                gain_control=gain_control,
            )
            self._known[reply.index] = measured.baseline
        log.debug("measured", exchange=reply.index, took_s=round(time.perf_counter() - begun, 3))
        scored = score(measured, in_crisis=arousal >= IN_CRISIS, after_escalation=escalated)
        told = delivered(measured, scored, spoken=reply.spoken)
        return _with_latency(told, reply)

    def forget(self, before_s: float) -> None:
        """Drop the sound heard before this second of the encounter."""
        self._recorder.forget(before_s)

    def close(self) -> None:
        """Drop all sound, and take no more."""
        self._open = False
        self._recorder.clear()


def _measured(
    clip: Clip, reply: Reply, *, baseline: Baseline | None, escalated: bool, gain_control: bool
) -> Measured:
    heard = len(clip.pcm) > 0
    return measure(
        clip.samples() if heard else np.empty(0, np.float32),
        rate_hz=clip.rate_hz if heard else _LEAST_RATE_HZ,
        started_s=clip.started_s,
        words=reply.spoken_words,
        persona=[
            Line(turn.started_s, turn.ended_s, cut_off=turn.interrupted) for turn in reply.lines
        ],
        baseline=baseline,
        spoken=reply.spoken,
        gain_control=gain_control,
        learn=not escalated,
    )


def _with_latency(told: Delivery, reply: Reply) -> Delivery:
    """Return the delivery with the latency by the turns' times, where the sound told none."""
    timed = reply.timed().response_latency_s
    if told.response_latency_s is not None or timed is None:
        return told
    reasons = {name: why for name, why in told.not_measured.items() if name != "response_latency_s"}
    return told.model_copy(update={"response_latency_s": timed, "not_measured": reasons})
