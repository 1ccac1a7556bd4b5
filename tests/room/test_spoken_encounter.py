"""One spoken encounter through everything there is: room, worker, local models, token server."""

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest

from agent.protocol import Grade, Report
from agent.trainee import Line, TraineeResult, run_trainee

if TYPE_CHECKING:
    from conftest import RunningStack

pytestmark = pytest.mark.room

LINES = {
    "chest-pain-nurse": [
        "Hello, my name is Anna and I'm the nurse. What brought you in today?",
        "That sounds frightening. Where exactly is the pain?",
        "Are you allergic to anything?",
    ],
    "hospital-visitor": [
        "I'm sorry you have been sent around like this. Who are you here to see?",
        "Thank you for telling me. What happened to your mother today?",
        "I will ask the nurse in charge to come out and talk to you within ten minutes.",
    ],
}


async def play(stack: "RunningStack", scenario_id: str, **options: Any) -> TraineeResult:
    lines = [Line(text) for text in LINES[scenario_id]]
    return await run_trainee(stack.url, scenario_id, lines, models_url=models_url(stack), **options)


def models_url(stack: "RunningStack") -> str:
    """The fixture puts the local models on the port after the token server's."""
    port = urlsplit(stack.url).port
    assert port is not None
    return f"http://127.0.0.1:{port + 1}/v1"


async def stored_report(stack: "RunningStack", encounter_id: str) -> Report:
    """The worker's record travels on its own way and may come after the report in the room."""
    url = f"{stack.url}/api/encounters/{encounter_id}/report.json"
    deadline = time.monotonic() + 15
    async with httpx.AsyncClient(trust_env=False) as http:
        while (answer := await http.get(url)).status_code != 200:
            assert time.monotonic() < deadline, answer.text
            await asyncio.sleep(0.1)
    return Report.model_validate_json(answer.text)


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z']+", text.lower()))


def of_type(result: TraineeResult, kind: str) -> list[dict[str, Any]]:
    return [event for event in result.events if event["type"] == kind]


@pytest.mark.parametrize("scenario_id", sorted(LINES))
async def test_a_spoken_encounter_is_answered_graded_and_reported(
    stack: "RunningStack", scenario_id: str
) -> None:
    result = await play(stack, scenario_id)

    assert result.succeeded, result.failure
    assert result.answered == 3
    answers = [event for event in of_type(result, "persona_line") if "line" in event]
    assert [event["line"] for event in answers] == [1, 2, 3]
    assert all(event["text"] for event in answers)
    assert all("response_latency_ms" in event for event in answers)
    assert bool(of_type(result, "greeting")) == (scenario_id == "hospital-visitor")
    for event, text in zip(of_type(result, "trainee_line"), LINES[scenario_id], strict=True):
        assert len(words(event["heard_as"]) & words(text)) > len(words(text)) / 2
    assert [grade.exchange for grade in result.grades] == [0, 1, 2]
    assert all(isinstance(grade.grade, Grade) for grade in result.grades)

    report = result.report
    assert report is not None
    assert (report.scenario_id, report.mode, report.partial) == (scenario_id, "practice", False)
    assert [exchange.index for exchange in report.exchanges] == [0, 1, 2]
    for exchange, grade in zip(report.exchanges, result.grades, strict=True):
        assert (exchange.reply_text, exchange.grade) == (grade.reply_text, grade.grade)
    assert report.latency.p50_ms is not None
    assert report.overall is not None

    assert await stored_report(stack, result.encounter_id) == report


async def test_in_an_exam_grades_come_only_with_the_report(stack: "RunningStack") -> None:
    result = await play(stack, "chest-pain-nurse", mode="exam")

    assert result.succeeded, result.failure
    assert result.grades == []
    assert all(event["arousal"] is None for event in of_type(result, "state"))
    assert result.report is not None
    assert all(isinstance(each.grade, Grade) for each in result.report.exchanges)
