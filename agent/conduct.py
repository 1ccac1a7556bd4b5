"""Conducts one encounter: what the session hears becomes turns, grades, state and a record.

Everything here runs beside the conversation, never in its way: handlers only note and start tasks,
grading and disk are on threads, and a reply that could not be graded is said to be so.
"""

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from livekit import rtc
from livekit.agents import (
    AgentSession,
    AgentStateChangedEvent,
    ConversationItemAddedEvent,
    UserStateChangedEvent,
    llm,
)
from pydantic import BaseModel

from agent.assessment.delivery.recorder import Clip
from agent.assessment.grader import Grader
from agent.assessment.report import make_report
from agent.assessment.rubric import Rubric
from agent.encounter import Encounter, Reply
from agent.measuring import Measuring
from agent.mind.listening import Heard
from agent.mind.script import Answer
from agent.outbox import Outbox
from agent.protocol import (
    ATTRIBUTE_GAIN_CONTROL,
    TOPIC_GRADE,
    TOPIC_REPORT,
    TOPIC_STATE,
    Grade,
    GradeMessage,
    PersonaState,
    Record,
    Report,
    StateMessage,
    Turn,
    Ungraded,
)
from agent.role import Role

log = structlog.get_logger(__name__)

GRADING_DRAIN_S = 20.0
"""Longest wait for open grades when the encounter ends."""
MEASURED_WITHIN_S = 0.3
"""Longest wait of a grade for the measures of the voice; it then goes out without them."""


class Conductor:
    """Keeps the record of one encounter and tells the room about it."""

    def __init__(
        self,
        encounter: Encounter,
        role: Role,
        *,
        room: rtc.Room,
        rubric: Rubric,
        grader: Grader,
        measuring: Measuring,
        outbox: Outbox,
        providers: dict[str, str],
    ) -> None:
        self.encounter = encounter
        self._role = role
        self._room = room
        self._rubric = rubric
        self._grader = grader
        self._measuring = measuring
        self._outbox = outbox
        self._providers = providers
        self._revision = 0
        self._report: Report | None = None
        self._closing = False
        """The record takes in no more turns: its report is being made."""
        self._heard: dict[int, Heard] = {}
        """What was made of each reply, by exchange."""
        self._finishing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        # One thread, so that records reach the disk in the order they were made.
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="outbox")

    def attend(self, session: AgentSession[None]) -> None:
        """Follow a session from its first line."""
        session.on("conversation_item_added", self._take)
        session.on("agent_state_changed", self._follow_persona)
        session.on("user_state_changed", self._follow_trainee)
        self._later(self._publish_state(None))
        self._save()

    async def finish(self, *, partial: bool) -> Report:
        """Grade what is open, make the report, send it and hand over the record; once only.

        A trainee who ends the encounter and leaves at once has it finished from two sides: the
        second waits for the first and gets the same report.
        """
        async with self._finishing:
            return self._report or await self._finish(partial)

    async def _finish(self, partial: bool) -> Report:
        self._later(self._publish_state(None, phase="ending"))
        _, late = await asyncio.wait(self._tasks, timeout=GRADING_DRAIN_S)
        for task in late:
            task.cancel()
        self._measuring.close()
        self._closing = True
        self._report = await asyncio.to_thread(
            make_report,
            self.encounter,
            rubric=self._rubric,
            grader=self._grader.version,
            providers=self._providers,
            duration_s=self._now(),
            partial=partial,
            heard=dict(self._heard),
        )
        saved = self._save()
        await self._send(TOPIC_REPORT, self._report)
        await self._publish_state(None, phase="ended")
        await asyncio.wrap_future(saved)
        self._disk.shutdown()
        log.info("encounter_finished", exchanges=len(self._report.exchanges), partial=partial)
        return self._report

    def _follow_persona(self, event: AgentStateChangedEvent) -> None:
        if event.old_state == "speaking":
            self._role.persona_stopped(event.created_at)

    def _follow_trainee(self, event: UserStateChangedEvent) -> None:
        if event.new_state == "speaking":
            self._role.trainee_began(event.created_at)

    def _take(self, event: ConversationItemAddedEvent) -> None:
        message = event.item
        if self._closing:
            # The record is closed; what is said over the goodbye is in no report.
            return
        if not isinstance(message, llm.ChatMessage) or not (message.text_content or "").strip():
            return
        if message.role == "user":
            self._take_reply(message)
        elif message.role == "assistant":
            self._take_line(message)

    def _take_reply(self, message: llm.ChatMessage) -> None:
        self.encounter.add(
            self._turn(message, "trainee"), typed=message.transcript_confidence is None
        )
        self._save()
        reply = self.encounter.replies()[-1]
        # It may be one that goes on, and was measured without this.
        self.encounter.deliveries.pop(reply.index, None)
        measuring = self._later(self._measure(reply, self._measuring.cut(reply)))
        self._later(self._grade(reply.index, measuring))

    def _take_line(self, message: llm.ChatMessage) -> None:
        replies = self.encounter.replies()
        answer = self._role.heard(replies[-1].text, message.text_content) if replies else None
        if message.interrupted:
            self._role.cut_off()
        if (delay := message.metrics.get("e2e_latency")) is not None:
            if answer is None or not answer.pause_s:
                self.encounter.latencies_ms.append(delay * 1000)
            spans = ("e2e_latency", "llm_node_ttft", "tts_node_ttfb", "playback_latency")
            log.debug("answered", **{span: message.metrics.get(span) for span in spans})
        self.encounter.add(self._turn(message, "persona"))
        if answer is not None:
            self.encounter.facts_told = list(answer.mind.told)
            self.encounter.danger = answer.mind.danger
            self.encounter.safety_steps = answer.mind.steps
        if replies:
            # Answered, it does not go on any more; its sound was cut out to be measured.
            self._measuring.forget(replies[-1].ended_s)
        self._save()

    async def _measure(self, reply: Reply, clip: Clip) -> None:
        arousal = self.encounter.arousal_before(reply.index)
        delivery = await self._measuring.measure(
            reply,
            clip,
            arousal=arousal,
            escalated=arousal > self.encounter.arousal_before(reply.index - 1),
            gain_control=any(
                each.attributes.get(ATTRIBUTE_GAIN_CONTROL) == "on"
                for each in self._room.remote_participants.values()
            ),
        )
        if self.encounter.replies()[reply.index].text == reply.text:
            self.encounter.deliveries[reply.index] = delivery

    async def _grade(self, index: int, measuring: asyncio.Task[None]) -> None:
        reply = self.encounter.replies()[index]
        answer = await self._role.plan(reply.text)
        self._heard[index] = answer.heard
        mood = answer.mind.mood
        self.encounter.states[index] = PersonaState(arousal=mood.arousal, trust=mood.trust)
        await self._publish_state(index, answer=answer)
        await asyncio.wait([measuring], timeout=MEASURED_WITHIN_S)
        reply = self.encounter.replies()[index]
        grade = await self._grader.grade(
            reply,
            previous=self.encounter.replies()[:index],
            scenario=self.encounter.scenario,
            mode=self.encounter.mode,
        )
        if self.encounter.replies()[index].text != reply.text:
            # It went on while it was graded; the whole of it is being graded now.
            return
        self.encounter.grades[index] = grade
        self._save()
        await self._publish_grade(index, grade)

    async def _publish_grade(self, index: int, grade: Grade | Ungraded) -> None:
        if self.encounter.mode == "exam":
            return
        reply = self.encounter.replies()[index]
        await self._send(
            TOPIC_GRADE,
            GradeMessage(
                encounter_id=self.encounter.encounter_id,
                exchange=index,
                persona_text=reply.persona_text,
                reply_text=reply.text,
                grade=grade,
            ),
        )

    async def _publish_state(
        self, index: int | None, phase: Any = "active", *, answer: Answer | None = None
    ) -> None:
        shown = self.encounter.mode == "practice"
        known = self.encounter.states.get(index) if index is not None else None
        mood = known or self._role.mind.mood
        await self._send(
            TOPIC_STATE,
            StateMessage(
                encounter_id=self.encounter.encounter_id,
                scenario_id=self.encounter.scenario.id,
                phase=phase,
                arousal=mood.arousal if shown else None,
                trust=mood.trust if shown else None,
                exchange=index,
                pause_s=answer.pause_s if answer else 0.0,
                danger=(answer.mind if answer else self._role.mind).danger if shown else None,
            ),
        )

    async def _send(self, topic: str, message: BaseModel) -> None:
        """Send a document to the room; nobody listening is no failure."""
        try:
            await self._room.local_participant.send_text(message.model_dump_json(), topic=topic)
        except Exception as error:  # the SDK raises its own, StreamError and RuntimeError alike
            log.warning("not_sent", topic=topic, error=repr(error))

    def _save(self) -> Any:
        # By the clock, so that a second job of the same encounter goes on where the first ended.
        self._revision = max(self._revision + 1, int(time.time() * 1000))
        record = Record(
            encounter_id=self.encounter.encounter_id,
            scenario_id=self.encounter.scenario.id,
            room_name=self.encounter.room_name,
            revision=self._revision,
            phase="active" if self._report is None else "ended",
            turns=list(self.encounter.turns),
            report=self._report,
        )
        return self._disk.submit(self._outbox.put, record)

    def _turn(self, message: llm.ChatMessage, speaker: Any) -> Turn:
        started = message.metrics.get("started_speaking_at")
        ended = message.metrics.get("stopped_speaking_at")
        now = self._now()
        return Turn(
            id=message.id,
            speaker=speaker,
            text=(message.text_content or "").strip(),
            started_s=now if started is None else self._since(started),
            ended_s=now if ended is None else self._since(ended),
            interrupted=message.interrupted,
        )

    def _since(self, wall_clock: float) -> float:
        return round(max(0.0, wall_clock - self.encounter.started_at.timestamp()), 3)

    def _now(self) -> float:
        return self._since(time.time())

    def _later(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start work beside the conversation; the set keeps it from being collected."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("encounter_task_failed", exc_info=error)
