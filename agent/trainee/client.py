"""The trainee's place in the room: an ordinary LiveKit client.

It uses nothing a web page could not: tracks, text streams, participant attributes, one RPC. What
works here works for any LiveKit client.
"""

import asyncio
import time
from collections.abc import Callable

import numpy as np
from livekit import rtc

from agent.protocol import RPC_END, TOPIC_GRADE, TOPIC_REPORT, TOPIC_STATE
from agent.trainee.ear import Ear
from agent.trainee.errors import CannotStart
from agent.trainee.recording import Recording
from agent.trainee.sound import RATE
from agent.trainee.transcript import Speaker, Transcript

TOPIC_TRANSCRIPTION = "lk.transcription"
AGENT_STATE = "lk.agent.state"
LAST_EVENTS_S = 0.3
END_S = 10.0
"""How long the persona may take to answer that it is ending."""


class Client:
    """Joins a room, hears the persona, reads what is sent."""

    def __init__(
        self, *, on_message: Callable[[str, str], None], recording: Recording | None = None
    ) -> None:
        self.room = rtc.Room()
        self.ear = Ear()
        self.transcript = Transcript()
        self.listening = False
        """True once the persona's voice reaches us, silent or not."""
        self.spoke_at: list[float] = []
        """When the persona said of itself that it began to speak, in monotonic seconds."""
        self._on_message = on_message
        self._recording = recording
        self._tasks: set[asyncio.Task[None]] = set()
        self.room.on("track_subscribed", self._on_track)
        self.room.on("participant_attributes_changed", self._on_attributes)
        for topic in (TOPIC_GRADE, TOPIC_STATE, TOPIC_REPORT, TOPIC_TRANSCRIPTION):
            self.room.register_text_stream_handler(topic, self._on_stream)

    async def connect(self, url: str, token: str) -> None:
        """Join the room; raises `CannotStart` when LiveKit cannot be reached or refuses."""
        try:
            await self.room.connect(url, token)
        except rtc.ConnectError as error:
            raise CannotStart(
                f"cannot join the room at {url!r} ({error}): is livekit-server running,"
                " and can this machine reach it?"
            ) from error

    @property
    def persona(self) -> rtc.RemoteParticipant | None:
        """The persona's participant, or None while it is not in the room, or we are not."""
        if not self.room.isconnected():
            return None
        for each in self.room.remote_participants.values():
            if each.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT:
                return each
        return None

    @property
    def persona_state(self) -> str:
        """LiveKit's word for what the persona does; empty when it does not say."""
        persona = self.persona
        return "" if persona is None else persona.attributes.get(AGENT_STATE, "")

    async def end(self) -> None:
        """Ask the persona to end the encounter; raises `rtc.RpcError` when it does not answer."""
        persona = self.persona
        if persona is None:
            return
        await self.room.local_participant.perform_rpc(
            destination_identity=persona.identity,
            method=RPC_END,
            payload="{}",
            response_timeout=END_S,
        )

    async def close(self) -> None:
        """Leave the room and stop listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.room.disconnect()
        # LiveKit's native threads still deliver what was under way. Called back by them while it is
        # being torn down, a process that ends now would print a panic (livekit 1.1.21).
        await asyncio.sleep(LAST_EVENTS_S)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _on_track(
        self, track: rtc.Track, _: rtc.RemoteTrackPublication, owner: rtc.RemoteParticipant
    ) -> None:
        agent = owner.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
        if agent and track.kind == rtc.TrackKind.KIND_AUDIO:
            self._keep(asyncio.create_task(self._listen(track)))

    def _on_attributes(self, changed: dict[str, str], _: rtc.Participant) -> None:
        if changed.get(AGENT_STATE) == "speaking":
            self.spoke_at.append(time.monotonic())

    async def _listen(self, track: rtc.Track) -> None:
        stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1, frame_size_ms=10)
        self.listening = True
        try:
            async for event in stream:
                now = time.monotonic()
                samples = np.frombuffer(event.frame.data, dtype=np.int16)
                self.ear.take(samples, at=now)
                if self._recording is not None:
                    self._recording.heard.append((now, samples))
        finally:
            self.ear.lost(at=time.monotonic())
            await stream.aclose()

    def _on_stream(self, reader: rtc.TextStreamReader, sender: str) -> None:
        self._keep(asyncio.create_task(self._read(reader, sender)))

    async def _read(self, reader: rtc.TextStreamReader, sender: str) -> None:
        try:
            if reader.info.topic == TOPIC_TRANSCRIPTION:
                await self._read_transcription(reader, sender)
            else:
                self._on_message(reader.info.topic, await reader.read_all())
        except rtc.StreamError:
            # The sender left in the middle of it; what came is in the transcript already.
            return

    async def _read_transcription(self, reader: rtc.TextStreamReader, sender: str) -> None:
        attributes = reader.info.attributes or {}
        segment_id = attributes.get("lk.segment_id", reader.info.stream_id)
        own = sender == self.room.local_participant.identity
        speaker: Speaker = "trainee" if own else "persona"
        text = ""
        async for chunk in reader:
            text += chunk
            self.transcript.put(segment_id, speaker, text, final=False)
        # A persona's stream that has closed is final, whatever it says of itself.
        attributes = reader.info.attributes or {}
        final = not own or attributes.get("lk.transcription_final") == "true"
        self.transcript.put(segment_id, speaker, text, final=final)
