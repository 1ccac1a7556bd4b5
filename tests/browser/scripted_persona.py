"""A persona that does what the test says: a real participant in a real room, of LiveKit's agent
kind, that sends what the worker would send."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator

import numpy as np
from livekit import api, rtc

from agent.protocol import (
    RPC_END,
    TOPIC_GRADE,
    TOPIC_REPORT,
    TOPIC_STATE,
    Grade,
    GradeMessage,
    Report,
    StateMessage,
    Ungraded,
)

RATE = 24_000
TRAINEE = "trainee-1"


class ScriptedPersona:
    """One persona for one encounter; nothing happens unless the test calls for it."""

    def __init__(self, livekit_url: str, key: str, secret: str) -> None:
        self.livekit_url = livekit_url
        self.keys = (key, secret)
        self.encounter_id = secrets.token_hex(6)
        self.room_name = f"enc_{self.encounter_id}"
        self.room: rtc.Room | None = None
        self.report: Report | None = None
        """What the server answers when asked for the report."""
        self.report_at_end: Report | None = None
        """What is sent into the room when the trainee ends."""
        self.typed: list[str] = []
        """What the trainee typed."""
        self.ended = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._segments = 0
        self._open: list[rtc.TextStreamWriter] = []

    def trainee_token(self) -> str:
        """Return a token as the token server would make it."""
        grants = api.VideoGrants(
            room_join=True, room=self.room_name, can_publish_sources=["microphone"]
        )
        return self._token(TRAINEE, grants).to_jwt()

    async def join(self) -> None:
        """Enter the room and begin to send sound."""
        grants = api.VideoGrants(room_join=True, room=self.room_name, can_update_own_metadata=True)
        token = self._token(f"agent-{secrets.token_hex(3)}", grants).with_kind("agent")
        self.room = room = rtc.Room()
        room.register_text_stream_handler("lk.chat", self._on_chat)
        await room.connect(self.livekit_url, token.to_jwt())
        room.local_participant.register_rpc_method(RPC_END, self._on_end)
        source = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("voice", source)
        await room.local_participant.publish_track(
            track, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        )
        self._start(self._hum(source))
        await self.is_now("listening")

    @contextlib.asynccontextmanager
    async def someone_as(self, identity: str) -> AsyncIterator[rtc.Room]:
        """Bring somebody else into the room, under this identity, until the block ends."""
        grants = api.VideoGrants(room_join=True, room=self.room_name)
        room = rtc.Room()
        await room.connect(self.livekit_url, self._token(identity, grants).to_jwt())
        try:
            yield room
        finally:
            await room.disconnect()

    async def leave(self) -> None:
        """Leave the room, as a worker that died would."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.room is not None:
            await self.room.disconnect()
            self.room = None

    async def is_now(self, state: str) -> None:
        """Set LiveKit's agent state."""
        await self._me().set_attributes({"lk.agent.state": state})

    async def says(self, *chunks: str) -> None:
        """Caption one line, in pieces as the voice goes along."""
        self._segments += 1
        writer = await self._me().stream_text(
            topic="lk.transcription", attributes={"lk.segment_id": f"SG_{self._segments}"}
        )
        for chunk in chunks:
            await writer.write(chunk)
        await writer.aclose(attributes={"lk.transcription_final": "true"})

    async def begins_to_say(self, text: str) -> None:
        """Caption a line that is never finished."""
        self._segments += 1
        writer = await self._me().stream_text(
            topic="lk.transcription", attributes={"lk.segment_id": f"SG_{self._segments}"}
        )
        await writer.write(text)
        self._open.append(writer)

    async def hears(self, *guesses: str) -> None:
        """Caption what the trainee said: each guess replaces the one before, the last is final."""
        self._segments += 1
        for n, guess in enumerate(guesses, 1):
            writer = await self._me().stream_text(
                topic="lk.transcription",
                sender_identity=TRAINEE,
                attributes={
                    "lk.segment_id": f"SG_{self._segments}",
                    "lk.transcription_final": str(n == len(guesses)).lower(),
                },
            )
            await writer.write(guess)
            await writer.aclose()

    async def grades(self, exchange: int, reply: str, grade: Grade | Ungraded) -> None:
        """Send a grade."""
        message = GradeMessage(
            encounter_id=self.encounter_id,
            exchange=exchange,
            persona_text="It is my chest.",
            reply_text=reply,
            grade=grade,
        )
        await self._me().send_text(message.model_dump_json(), topic=TOPIC_GRADE)

    async def feels(self, arousal: float | None, trust: float | None) -> None:
        """Send a state."""
        message = StateMessage(
            encounter_id=self.encounter_id,
            scenario_id="chest-pain-nurse",
            phase="active",
            arousal=arousal,
            trust=trust,
        )
        await self._me().send_text(message.model_dump_json(), topic=TOPIC_STATE)

    def _me(self) -> rtc.LocalParticipant:
        assert self.room is not None, "the persona is not in the room"
        return self.room.local_participant

    def _token(self, identity: str, grants: api.VideoGrants) -> api.AccessToken:
        return api.AccessToken(*self.keys).with_identity(identity).with_grants(grants)

    def _start(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _on_chat(self, reader: rtc.TextStreamReader, identity: str) -> None:
        async def read() -> None:
            self.typed.append(await reader.read_all())

        self._start(read())

    async def _on_end(self, data: rtc.RpcInvocationData) -> str:
        self.ended.set()
        if self.report_at_end is not None:
            self.report = self.report_at_end
            self._start(self._send_report(self.report_at_end))
        return json.dumps({"ok": True})

    async def _send_report(self, report: Report) -> None:
        await self._me().send_text(report.model_dump_json(), topic=TOPIC_REPORT)

    async def _hum(self, source: rtc.AudioSource) -> None:
        times = np.arange(RATE // 10) / RATE
        samples = (np.sin(2 * np.pi * 220 * times) * 8_000).astype(np.int16)
        frame = rtc.AudioFrame(samples.tobytes(), RATE, 1, len(samples))
        while True:
            await source.capture_frame(frame)


@contextlib.asynccontextmanager
async def persona_at(url: str, key: str, secret: str) -> AsyncIterator[ScriptedPersona]:
    """Give a persona that has left by the end of the block."""
    persona = ScriptedPersona(url, key, secret)
    try:
        yield persona
    finally:
        await persona.leave()
