"""A persona of tones with known timing, for the trainee's own tests."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from livekit import api, rtc

if TYPE_CHECKING:
    from conftest import LiveKit

RATE = 24_000
LOUD = 1000
QUIET_BEFORE_ANSWER_S = 0.2


def token(livekit: "LiveKit", identity: str, room: str, *, agent: bool = False) -> str:
    made = api.AccessToken(livekit.key, livekit.secret).with_identity(identity)
    made = made.with_ttl(timedelta(minutes=10))
    made = made.with_grants(
        api.VideoGrants(room_join=True, room=room, can_update_own_metadata=True)
    )
    return (made.with_kind("agent") if agent else made).to_jwt()


def tone(seconds: float, hertz: float = 300) -> np.ndarray:
    at = np.arange(round(seconds * RATE)) / RATE
    return (8000 * np.sin(2 * np.pi * hertz * at)).astype(np.int16)


@dataclass
class TonePersona:
    """Answers each utterance with half a second of tone, `delay_s` after its last loud frame
    arrived."""

    livekit: "LiveKit"
    room_name: str
    delay_s: float = 0.3
    opens: bool = False
    answers: int = 99
    """Silent after so many."""
    barges_in_after_s: float | None = None
    """Speaks up so many seconds into an utterance, besides answering it."""
    sends_report: bool = True
    leaves_after: int = 99
    """Leaves the room after so many answers."""
    ended: bool = False
    utterances: int = 0
    _tone: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int16))
    _tone_at: float = 0.0
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def __aenter__(self) -> "TonePersona":
        self.room = rtc.Room()
        self._source = rtc.AudioSource(RATE, 1, queue_size_ms=0)
        self.room.on("track_subscribed", self._on_track)
        await self.room.connect(
            self.livekit.url, token(self.livekit, "persona", self.room_name, agent=True)
        )
        self.room.local_participant.register_rpc_method("encounter.end", self._end)
        track = rtc.LocalAudioTrack.create_audio_track("voice", self._source)
        await self.room.local_participant.publish_track(
            track, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        )
        self._start(self._speak())
        await self.room.local_participant.set_attributes({"lk.agent.state": "listening"})
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.room.disconnect()
        await self._source.aclose()

    def _start(self, work: Any) -> None:
        self._tasks.add(asyncio.create_task(work))

    async def _speak(self) -> None:
        start, sent = time.monotonic(), 0
        while True:
            await asyncio.sleep(max(0.0, start + sent / 100 - time.monotonic()))
            frame = np.zeros(240, dtype=np.int16)
            if len(self._tone) and time.monotonic() >= self._tone_at:
                frame, self._tone = self._tone[:240], self._tone[240:]
            await self._source.capture_frame(rtc.AudioFrame(frame.tobytes(), RATE, 1, 240))
            sent += 1

    def _say(self, at: float, text: str) -> None:
        self._tone, self._tone_at = tone(0.5, 500), at
        self._start(self._transcribe("persona", text))

    def _on_track(self, track: rtc.Track, *_: Any) -> None:
        self._start(self._listen(track))

    async def _listen(self, track: rtc.Track) -> None:
        if self.opens:
            self._say(time.monotonic() + 0.5, "Who is in charge here?")
        began: float | None = None
        loud = 0.0
        async for event in rtc.AudioStream(track, sample_rate=RATE, num_channels=1):
            now = time.monotonic()
            if np.abs(np.frombuffer(event.frame.data, dtype=np.int16)).max() > LOUD:
                loud = now
                began = began or now
                if self.barges_in_after_s and now - began > self.barges_in_after_s:
                    self.barges_in_after_s = None
                    self._say(now, "Wait.")
            elif began and now - loud > QUIET_BEFORE_ANSWER_S:
                began = None
                await self._answer(loud + self.delay_s)

    async def _answer(self, at: float) -> None:
        if self.utterances >= self.answers:
            return
        if self.utterances >= self.leaves_after:
            self._start(self.room.disconnect())
            return
        self.utterances += 1
        self._start(self._transcribe("trainee", f"reply {self.utterances}"))
        self._say(at, f"answer {self.utterances}")
        grade = {"overall": 60 + self.utterances, "skills": {}, "rationale": "r", "advice": "a"}
        message = {
            "encounter_id": "e1",
            "exchange": self.utterances - 1,
            "persona_text": "",
            "reply_text": f"reply {self.utterances}",
            "grade": grade,
        }
        await self.room.local_participant.send_text(json.dumps(message), topic="encounter.grade")

    async def _transcribe(self, speaker: str, text: str) -> None:
        writer = await self.room.local_participant.stream_text(
            topic="lk.transcription",
            sender_identity=speaker,
            attributes={
                "lk.segment_id": f"{speaker}-{text}",
                "lk.transcription_final": "true" if speaker == "trainee" else "false",
            },
        )
        for word in text.split():
            await writer.write(word + " ")
        await writer.aclose()

    async def _end(self, _: rtc.RpcInvocationData) -> str:
        self.ended = True
        if self.sends_report:
            self._start(
                self.room.local_participant.send_text(json.dumps(REPORT), topic="encounter.report")
            )
        return "{}"


REPORT = {
    "encounter_id": "e1",
    "scenario_id": "tones",
    "title": "Tones",
    "mode": "practice",
    "started_at": "2026-01-01T00:00:00Z",
    "duration_s": 9.0,
    "rubric": {"id": "r", "version": "1"},
    "grader": {"kind": "local", "model": "m", "version": "1"},
    "providers": {},
    "outcome": "resolution",
    "overall": 61,
    "skills": {},
    "criteria": [],
    "exchanges": [],
    "strengths": [],
    "improvements": [],
    "ungraded_count": 0,
    "latency": {"p50_ms": 300, "p95_ms": 300},
}
