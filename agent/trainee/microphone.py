"""The trainee's microphone: one frame every 10 ms, for as long as the encounter lasts.

A line is not played over silence, it is the microphone's sound from one frame on, as with a
person; and every frame has the time at which it left, which is what latencies are counted from.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from livekit import rtc

from agent.trainee.errors import Failed
from agent.trainee.recording import Recording
from agent.trainee.sound import FRAME, RATE, Samples, frames, room_noise, voiced_frames
from agent.trainee.waiting import until

FRAME_S = FRAME / RATE
STALLED_S = 5.0
"""A line that takes so much longer than it lasts will not end."""
LATE_S = 0.2
"""A process held up for longer goes on from there instead of sending all it missed at once."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """When a line was spoken, in seconds of the monotonic clock."""

    started: float
    ended: float
    """When the last frame with voice in it left, all its samples spoken."""


class Microphone:
    """Publishes sound in real time. `run` must be running for `say` to return.

    The source has no queue (`queue_size_ms=0`): a frame leaves when it is captured, so there is
    nothing between the logged time and the encoder that would have to be subtracted.
    """

    def __init__(self, recording: Recording | None = None) -> None:
        self._source = rtc.AudioSource(RATE, 1, queue_size_ms=0)
        self._recording = recording
        self._line: deque[Samples] = deque()
        self.captured: list[float] = []
        """When each frame left, in seconds of the monotonic clock."""
        self.held_up_s = 0.0
        """The longest a frame waited for this process; what it measures may be off by as much."""

    async def publish(self, room: rtc.Room) -> None:
        """Publish the track as the room's microphone."""
        track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await room.local_participant.publish_track(track, options)

    async def run(self) -> None:
        """Send a frame every 10 ms until cancelled."""
        noise = room_noise(100)
        start, sent = time.monotonic(), 0
        while True:
            wait = start + sent * FRAME_S - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            else:
                self.held_up_s = max(self.held_up_s, -wait)
            if wait < -LATE_S:
                start -= wait
            frame = self._line.popleft() if self._line else noise[sent % len(noise)]
            now = time.monotonic()
            self.captured.append(now)
            if self._recording is not None:
                self._recording.sent.append((now - FRAME_S, frame))
            await self._source.capture_frame(rtc.AudioFrame(frame.tobytes(), RATE, 1, FRAME))
            sent += 1

    async def say(self, samples: Samples) -> Spoken:
        """Speak a line and return when its voice began and ended; raises `Failed` when stalled."""
        cut = frames(samples)
        voiced = voiced_frames(cut)
        if voiced is None:
            raise ValueError("a line without voice cannot be spoken")
        first = len(self.captured)
        self._line.extend(cut)
        if not await until(
            lambda: len(self.captured) >= first + len(cut), len(cut) * FRAME_S + STALLED_S
        ):
            raise Failed("the microphone stopped in the middle of a line")
        return Spoken(
            started=self.captured[first + voiced[0]] - FRAME_S,
            ended=self.captured[first + voiced[1]],
        )

    async def close(self) -> None:
        """Release the source."""
        await self._source.aclose()


@asynccontextmanager
async def open_microphone(room: rtc.Room, recording: Recording | None) -> AsyncIterator[Microphone]:
    """Have a microphone in the room that sends all the while."""
    microphone = Microphone(recording)
    await microphone.publish(room)
    sending = asyncio.create_task(microphone.run())
    try:
        yield microphone
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await microphone.close()
