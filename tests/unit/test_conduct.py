"""An encounter is finished once, whoever asks, and every turn of it is on disk by then."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from delivery_world import HZ, voice
from livekit.agents import ConversationItemAddedEvent, llm

from agent.assessment.delivery.recorder import Clip
from agent.assessment.local_grader import LocalGrader
from agent.assessment.rubric import load_rubric
from agent.conduct import Conductor
from agent.encounter import Encounter, Reply
from agent.meaning import Meaning
from agent.measuring import Measuring
from agent.mind.appraisal import load_lexicon
from agent.outbox import Outbox
from agent.protocol import TOPIC_GRADE, TOPIC_REPORT, Delivery, Record, Skill
from agent.role import Role
from personas import Library

pytestmark = pytest.mark.unit

SCENARIO = Library().get("chest-pain-nurse")
LEXICON = load_lexicon("en")
UNREACHABLE = "http://127.0.0.1:9"
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SPOKEN = "Hello, my name is Anna. What brought you in today?"


class Trainee:
    """A participant who says something of themselves."""

    def __init__(self, **attributes: str) -> None:
        self.attributes = {f"interlocutor.{name}": value for name, value in attributes.items()}


class NeverDone(Measuring):
    """Measures longer than any grade waits, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = asyncio.Event()

    async def measure(self, reply: Reply, clip: Clip, **how) -> Delivery:
        await self.let_go.wait()
        return await super().measure(reply, clip, **how)


class Room:
    """A room that notes what it is sent; each sending lets other tasks have their turn."""

    def __init__(self) -> None:
        self.local_participant = self
        self.remote_participants: dict[str, Trainee] = {}
        self.topics: list[str] = []
        self.graded = asyncio.Event()

    async def send_text(self, text: str, *, topic: str) -> None:
        await asyncio.sleep(0)
        self.topics.append(topic)
        if topic == TOPIC_GRADE:
            self.graded.set()


class Session:
    """A session that hands on what the test says was said."""

    def __init__(self) -> None:
        self.handlers = {}

    def on(self, name: str, handler) -> None:
        self.handlers[name] = handler

    def says(
        self, role: str, text: str, *, at: tuple[float, float] | None = None, typed: bool = True
    ) -> None:
        message = llm.ChatMessage(
            role=role, content=[text], transcript_confidence=None if typed else 1.0
        )
        if at is not None:
            started_s, ended_s = at
            message.metrics = {
                "started_speaking_at": BEGAN.timestamp() + started_s,
                "stopped_speaking_at": BEGAN.timestamp() + ended_s,
            }
        self.handlers["conversation_item_added"](ConversationItemAddedEvent(item=message))


def conducted(folder: Path, measuring: Measuring | None = None) -> tuple[Conductor, Session, Room]:
    room, session, rubric = Room(), Session(), load_rubric(SCENARIO.rubric)
    conductor = Conductor(
        Encounter(
            encounter_id="enc_1",
            room_name="enc_1",
            scenario=SCENARIO,
            mode="practice",
            started_at=BEGAN,
        ),
        Role(SCENARIO, LEXICON, Meaning(UNREACHABLE)),
        room=room,
        rubric=rubric,
        grader=LocalGrader(rubric, LEXICON),
        measuring=measuring or Measuring(),
        outbox=Outbox(folder),
        providers={},
    )
    conductor.attend(session)
    return conductor, session, room


def on_disk(folder: Path) -> Record:
    return Record.model_validate_json((folder / "enc_1.json").read_bytes())


async def test_what_was_said_is_graded_and_on_disk_when_it_is_over(tmp_path: Path):
    conductor, session, room = conducted(tmp_path)
    session.says("user", "Hello, my name is Anna. What brought you in today?")
    session.says("assistant", "It's my chest.")

    report = await conductor.finish(partial=False)

    assert [exchange.grade.overall > 0 for exchange in report.exchanges] == [True]
    assert on_disk(tmp_path).report == report
    assert [turn.speaker for turn in on_disk(tmp_path).turns] == ["trainee", "persona"]
    assert room.topics.count(TOPIC_GRADE) == 1


async def test_an_encounter_finished_from_two_sides_at_once_has_one_report(tmp_path: Path):
    conductor, session, room = conducted(tmp_path)
    session.says("user", "Where is the pain?")

    ended, left = await asyncio.gather(
        conductor.finish(partial=False), conductor.finish(partial=True)
    )

    assert ended is left
    assert ended.partial is False
    assert room.topics.count(TOPIC_REPORT) == 1
    assert on_disk(tmp_path).report == ended


async def test_what_is_said_after_the_report_changes_nothing(tmp_path: Path):
    conductor, session, _ = conducted(tmp_path)
    session.says("user", "Goodbye.")
    await conductor.finish(partial=False)
    before = on_disk(tmp_path)

    session.says("user", "One more thing.")

    assert on_disk(tmp_path) == before
    assert len(conductor.encounter.turns) == 1


def heard(seconds: float, *, at_s: float) -> Measuring:
    """Have heard a voice, and nothing else of the encounter."""
    measuring = Measuring()
    pcm = (voice(180, seconds) * 32767).astype(np.int16)
    measuring.hear(memoryview(pcm.tobytes()), HZ, at_s)
    return measuring


async def test_a_spoken_reply_is_measured_and_graded_by_its_sound(tmp_path: Path):
    conductor, session, _ = conducted(tmp_path, heard(6, at_s=1))
    session.says("user", SPOKEN, at=(1, 7), typed=False)

    [exchange] = (await conductor.finish(partial=False)).exchanges

    assert exchange.delivery.pitch_hz == pytest.approx(180, rel=0.02)
    assert exchange.grade.skills[Skill.TONE] == exchange.delivery.tone_score


async def test_a_typed_reply_says_why_it_was_not_measured(tmp_path: Path):
    conductor, session, _ = conducted(tmp_path)
    session.says("user", SPOKEN)

    [exchange] = (await conductor.finish(partial=False)).exchanges

    assert exchange.delivery.not_measured["pitch_hz"].code == "typed"
    assert Skill.TONE not in exchange.grade.skills


async def test_a_microphone_that_adjusts_itself_has_no_loudness(tmp_path: Path):
    conductor, session, room = conducted(tmp_path, heard(6, at_s=1))
    room.remote_participants["trainee"] = Trainee(gain_control="on")
    session.says("user", SPOKEN, at=(1, 7), typed=False)

    [exchange] = (await conductor.finish(partial=False)).exchanges

    assert exchange.delivery.not_measured["level_rise_db"].code == "gain_control"


async def test_a_grade_does_not_wait_for_measures_that_are_late(tmp_path: Path):
    measuring = NeverDone()
    conductor, session, room = conducted(tmp_path, measuring)
    session.says("user", SPOKEN, at=(1, 7), typed=False)
    async with asyncio.timeout(2):
        await room.graded.wait()
    measuring.let_go.set()

    [exchange] = (await conductor.finish(partial=False)).exchanges

    assert exchange.grade.overall > 0
    assert exchange.delivery.not_measured["pitch_hz"].code == "silence"


async def test_an_answered_reply_leaves_no_sound_behind_and_the_end_none_at_all(tmp_path: Path):
    measuring = heard(6, at_s=1)
    conductor, session, _ = conducted(tmp_path, measuring)
    session.says("user", SPOKEN, at=(1, 5), typed=False)
    session.says("assistant", "It's my chest.", at=(5.5, 7))
    assert measuring.held_bytes == 2 * HZ * 2

    [exchange] = (await conductor.finish(partial=False)).exchanges

    assert exchange.delivery.speech_s == pytest.approx(4.3, abs=0.2)
    assert measuring.held_bytes == 0
