"""An encounter is finished once, whoever asks, and every turn of it is on disk by then."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from livekit.agents import ConversationItemAddedEvent, llm

from agent.assessment.local_grader import LocalGrader
from agent.assessment.rubric import load_rubric
from agent.conduct import Conductor
from agent.encounter import Encounter
from agent.meaning import Meaning
from agent.mind.appraisal import load_lexicon
from agent.outbox import Outbox
from agent.protocol import TOPIC_GRADE, TOPIC_REPORT, Record
from agent.role import Role
from personas import Library

pytestmark = pytest.mark.unit

SCENARIO = Library().get("chest-pain-nurse")
LEXICON = load_lexicon("en")
UNREACHABLE = "http://127.0.0.1:9"


class Room:
    """A room that notes what it is sent; each sending lets other tasks have their turn."""

    def __init__(self) -> None:
        self.local_participant = self
        self.topics: list[str] = []

    async def send_text(self, text: str, *, topic: str) -> None:
        await asyncio.sleep(0)
        self.topics.append(topic)


class Session:
    """A session that hands on what the test says was said."""

    def __init__(self) -> None:
        self.handlers = {}

    def on(self, name: str, handler) -> None:
        self.handlers[name] = handler

    def says(self, role: str, text: str) -> None:
        message = llm.ChatMessage(role=role, content=[text])
        self.handlers["conversation_item_added"](ConversationItemAddedEvent(item=message))


def conducted(folder: Path) -> tuple[Conductor, Session, Room]:
    room, session, rubric = Room(), Session(), load_rubric(SCENARIO.rubric)
    conductor = Conductor(
        Encounter(
            encounter_id="enc_1",
            room_name="enc_1",
            scenario=SCENARIO,
            mode="practice",
            started_at=datetime.now(UTC),
        ),
        Role(SCENARIO, LEXICON, Meaning(UNREACHABLE)),
        room=room,
        rubric=rubric,
        grader=LocalGrader(rubric, LEXICON),
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
