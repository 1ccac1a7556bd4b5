"""What the scripted trainee measures, against a counterpart whose timing is known."""

import asyncio
import time
import uuid
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from livekit import rtc
from tone_persona import LOUD, RATE, token, tone
from trainee_counterpart import LINES, Meeting

from agent.trainee import Line, TraineeResult, percentile

if TYPE_CHECKING:
    from conftest import LiveKit

pytestmark = pytest.mark.room
TRANSPORT_MS = 60
HELD_UP_MS = 40
"""Timing is asserted on runs in which this process was not kept waiting for longer."""


async def echo_floor_ms(livekit: "LiveKit") -> float:
    """Measure the way there and back on its own: a burst, and one sent back at its first frame."""
    near, far = rtc.Room(), rtc.Room()
    room_name = f"floor_{uuid.uuid4().hex[:8]}"
    heard: dict[str, list[float]] = {"near": [], "far": []}
    echo = asyncio.Event()
    tasks: set[asyncio.Task[None]] = set()

    async def listen(track: rtc.Track, where: str) -> None:
        loud_before = 0.0
        async for event in rtc.AudioStream(track, sample_rate=RATE, num_channels=1):
            now = time.monotonic()
            if np.abs(np.frombuffer(event.frame.data, dtype=np.int16)).max() > LOUD:
                if now - loud_before > 0.3:
                    heard[where].append(now)
                    if where == "far":
                        echo.set()
                loud_before = now

    async def publish(room: rtc.Room, bursts: "asyncio.Event | None") -> None:
        source = rtc.AudioSource(RATE, 1, queue_size_ms=0)
        track = rtc.LocalAudioTrack.create_audio_track("sound", source)
        await room.local_participant.publish_track(
            track, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        )
        start, left = time.monotonic(), 0
        for sent in range(700):
            await asyncio.sleep(max(0.0, start + sent / 100 - time.monotonic()))
            if bursts is None and sent >= 150 and sent % 75 == 0:
                left = 20
                begun.append(time.monotonic())
            if bursts is not None and bursts.is_set():
                bursts.clear()
                left = 20
            frame = tone(0.01) if left > 0 else np.zeros(240, dtype=np.int16)
            left -= 1
            await source.capture_frame(rtc.AudioFrame(frame.tobytes(), RATE, 1, 240))
        await source.aclose()

    begun: list[float] = []
    for room, where in ((near, "near"), (far, "far")):
        room.on(
            "track_subscribed",
            lambda track, *_, where=where: tasks.add(asyncio.create_task(listen(track, where))),
        )
        await room.connect(livekit.url, token(livekit, where, room_name))
    await asyncio.gather(publish(near, None), publish(far, echo))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await near.disconnect()
    await far.disconnect()
    ways = [min(at for at in heard["near"] if at > sent) - sent for sent in begun[:-1]]
    return percentile(ways, 0.5) * 1000


async def undisturbed(livekit: "LiveKit", lines: list[Line], **script: Any) -> TraineeResult:
    """Return a run whose timing the machine did not spoil, the last of three if all were."""
    for _ in range(3):
        async with Meeting(livekit, **script) as meeting:
            result = await meeting.run(lines)
        assert result.succeeded, result.failure
        if result.held_up_ms < HELD_UP_MS:
            break
    return result


async def test_latency_is_the_known_delay_plus_the_way_there_and_back(
    livekit: "LiveKit",
) -> None:
    floor_ms = await echo_floor_ms(livekit)

    result = await undisturbed(livekit, LINES * 2, delay_s=0.3)

    assert len(result.latencies_ms) == 6
    assert percentile(result.latencies_ms, 0.5) == pytest.approx(300 + floor_ms, abs=TRANSPORT_MS)
    assert result.false_cutoffs == 0


async def test_a_slower_persona_measures_slower_by_as_much(livekit: "LiveKit") -> None:
    p50 = {}
    for delay_s in (0.3, 0.8):
        result = await undisturbed(livekit, LINES, delay_s=delay_s)
        p50[delay_s] = percentile(result.latencies_ms, 0.5)

    assert p50[0.8] - p50[0.3] == pytest.approx(500, abs=TRANSPORT_MS)


async def test_the_recording_measures_the_same_latencies(
    livekit: "LiveKit", tmp_path: Path
) -> None:
    async with Meeting(livekit) as meeting:
        result = await meeting.run(record=tmp_path / "talk.wav")

    with wave.open(str(tmp_path / "talk.wav")) as file:
        both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    ends = [last for _, last in _stretches(both[:, 0])]
    starts = [first for first, _ in _stretches(both[:, 1])]
    measured = [(start - end) / RATE * 1000 for end, start in zip(ends, starts, strict=True)]
    assert measured == pytest.approx(result.latencies_ms, abs=30 + result.held_up_ms)


def _stretches(channel: np.ndarray) -> list[tuple[int, int]]:
    """Return first and last loud sample of each stretch, parted by 0.2 s or more."""
    loud = np.flatnonzero(np.abs(channel.astype(np.int32)) > LOUD)
    parts = np.split(loud, np.flatnonzero(np.diff(loud) > RATE // 5) + 1)
    return [(int(part[0]), int(part[-1])) for part in parts]
