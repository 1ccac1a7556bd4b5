"""One spoken encounter through everything there is: room, worker, local models, token server."""

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest

from agent.protocol import TOPIC_GRADE, TOPIC_REPORT, Grade, Report
from agent.trainee import Line, TraineeResult, run_trainee
from agent.trainee.client import Client
from agent.trainee.service import Service
from agent.trainee.voice import LocalVoice
from agent.trainee.waiting import until

if TYPE_CHECKING:
    from conftest import RunningStack

pytestmark = pytest.mark.room

GRADED_WITHIN_S = 3.0
"""After the last word; half of it is what a machine does that runs nothing else."""
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

LONG_LINES = [
    "Hello my name is Anna and I am the nurse who will be looking after you this afternoon so"
    " could you tell me in your own words what has been happening with your head today?",
    "Thank you for telling me that it sounds as if it has been a long and worrying few days for"
    " you and I would like to hear exactly where it hurts and what makes it better or worse?",
    "While we are talking about it could you also tell me whether you have noticed any"
    " trouble with your eyes or your neck or any weakness in your arms or your legs?",
    "It would also help me to hear how you have been sleeping since all of this began and"
    " whether anybody at home has noticed that you are not quite yourself these days?",
    "That helps me a great deal and before I examine you I would like to know which medicines you"
    " take every day and whether you have ever had a bad reaction to one of them?",
]
"""Without commas, so that few are cut in two; of all but the last more than the 20 s from which a
trainee's usual voice is known, even if one is."""


async def play(stack: "RunningStack", scenario_id: str, **options: Any) -> TraineeResult:
    lines = [Line(text) for text in LINES[scenario_id]]
    return await run_trainee(stack.url, scenario_id, lines, models_url=models_url(stack), **options)


def models_url(stack: "RunningStack") -> str:
    """The fixture puts the local models on the port after the token server's."""
    port = urlsplit(stack.url).port
    assert port is not None
    return f"http://127.0.0.1:{port + 1}/v1"


async def play_louder(stack: "RunningStack", louder_db: float) -> Report:
    """Say long lines in the same voice, the last of them so much louder."""
    voice = LocalVoice(models_url(stack))
    try:
        said = [(text, await voice.say(text)) for text in LONG_LINES]
    finally:
        await voice.close()
    quiet = [0.3] * (len(said) - 1)
    lines = [
        Line(text, (samples * gain).astype(samples.dtype))
        for (text, samples), gain in zip(
            said, [*quiet, quiet[0] * 10 ** (louder_db / 20)], strict=True
        )
    ]
    result = await run_trainee(stack.url, "headache-history", lines, models_url=models_url(stack))
    assert result.succeeded, result.failure
    assert result.report is not None
    return result.report


async def play_typed(stack: "RunningStack", scenario_id: str, text: str) -> Report:
    """Type one reply, wait for its grade, end the encounter."""
    came: dict[str, asyncio.Future[str]] = {
        topic: asyncio.get_running_loop().create_future() for topic in (TOPIC_GRADE, TOPIC_REPORT)
    }

    def take(topic: str, message: str) -> None:
        if topic in came and not came[topic].done():
            came[topic].set_result(message)

    service, client = Service(stack.url), Client(on_message=take)
    try:
        invitation = await service.create(scenario_id, mode="practice", name="")
        await client.connect(invitation.server_url, invitation.participant_token)
        assert await until(lambda: client.persona_state == "listening", 60)
        async with asyncio.timeout(60):
            await client.room.local_participant.send_text(text, topic="lk.chat")
            await came[TOPIC_GRADE]
            await client.end()
            return Report.model_validate_json(await came[TOPIC_REPORT])
    finally:
        await client.close()
        await service.close()


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

    # A reply that went on is graded again; the last grade is the one of the whole.
    graded_at = {event["exchange"]: event["t"] for event in of_type(result, "grade")}
    for exchange, said in enumerate(of_type(result, "trainee_line")):
        assert graded_at[exchange] - said["ended_s"] < GRADED_WITHIN_S

    report = result.report
    assert report is not None
    assert (report.scenario_id, report.mode, report.partial) == (scenario_id, "practice", False)
    assert [exchange.index for exchange in report.exchanges] == [0, 1, 2]
    for exchange, grade in zip(report.exchanges, result.grades, strict=True):
        assert (exchange.reply_text, exchange.grade) == (grade.reply_text, grade.grade)
    assert report.latency.p50_ms is not None
    assert report.overall is not None
    for exchange in report.exchanges:
        told = exchange.delivery
        assert told.spoken
        assert told.response_latency_s is not None or not exchange.persona_text
        assert told.speech_s is not None
        if told.speech_s >= 3:
            assert told.pitch_hz is not None
            assert told.words_per_minute is not None
        else:
            assert told.not_measured["pitch_hz"].code == "too_short"

    assert await stored_report(stack, result.encounter_id) == report


async def test_in_an_exam_grades_come_only_with_the_report(stack: "RunningStack") -> None:
    result = await play(stack, "chest-pain-nurse", mode="exam")

    assert result.succeeded, result.failure
    assert result.grades == []
    assert all(event["arousal"] is None for event in of_type(result, "state"))
    assert result.report is not None
    assert all(isinstance(each.grade, Grade) for each in result.report.exchanges)


async def test_the_voice_is_measured_as_it_was_spoken(stack: "RunningStack") -> None:
    report = await play_louder(stack, 8.0)

    # A line that was cut in two leaves a piece too short to measure.
    measured = [each.delivery for each in report.exchanges if each.delivery.pitch_hz is not None]
    assert len(measured) >= len(LONG_LINES) - 1
    first, loud = measured[0], measured[-1]
    for delivery in (first, loud):
        assert delivery.pitch_hz is not None
        assert 80 < delivery.pitch_hz < 300
        assert delivery.pause_count is not None
        assert delivery.words_per_minute is not None
        assert delivery.tone_score is not None
    assert first.not_measured["level_rise_db"].code == "no_baseline"
    # What evens out the level for the recogniser must not stand before the measure.
    assert loud.level_rise_db == pytest.approx(8.0, abs=1.5), loud.not_measured
    assert loud.pitch_rise_semitones == pytest.approx(0.0, abs=1.0)


async def test_a_typed_reply_has_no_delivery_and_says_why(stack: "RunningStack") -> None:
    report = await play_typed(stack, "chest-pain-nurse", "Hello, what brought you in today?")

    [exchange] = report.exchanges
    assert isinstance(exchange.grade, Grade)
    assert not exchange.delivery.spoken
    assert exchange.delivery.not_measured["pitch_hz"].code == "typed"
