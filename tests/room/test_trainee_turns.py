"""How the scripted trainee takes turns, and what it does when things go wrong."""

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from tone_persona import RATE, tone
from trainee_counterpart import LINES, Meeting, of_type, small_token_server

from agent.trainee import CannotStart, Line, run_trainee

if TYPE_CHECKING:
    from conftest import LiveKit

pytestmark = pytest.mark.room


async def test_events_tell_the_encounter_in_order(livekit: "LiveKit") -> None:
    seen: list[dict[str, Any]] = []
    async with Meeting(livekit) as meeting:
        result = await meeting.run(on_event=seen.append)

    assert seen == result.events
    told = [event["type"] for event in seen if event["type"] != "grade"]
    assert told == ["joined", *["trainee_line", "persona_line"] * 3, "report"]
    assert [event["overall"] for event in of_type(result, "report")] == [61]
    held_up_s = result.held_up_ms / 1000
    for number, event in enumerate(of_type(result, "trainee_line"), 1):
        assert event["text"] == LINES[number - 1].text
        assert event["heard_as"] == f"reply {number}"
        samples = LINES[number - 1].samples
        assert samples is not None
        seconds = len(samples) / RATE
        assert event["ended_s"] - event["started_s"] == pytest.approx(seconds, abs=0.05 + held_up_s)
    for number, event in enumerate(of_type(result, "persona_line"), 1):
        said = of_type(result, "trainee_line")[number - 1]
        assert event["text"] == f"answer {number}"
        assert event["ended_s"] - event["started_s"] == pytest.approx(0.5, abs=0.06 + held_up_s)
        gap_ms = (event["started_s"] - said["ended_s"]) * 1000
        assert event["response_latency_ms"] == pytest.approx(gap_ms, abs=2)
    assert [event["grade"]["overall"] for event in of_type(result, "grade")] == [61, 62, 63]
    assert [grade.exchange for grade in result.grades] == [0, 1, 2]
    assert meeting.persona.ended


async def test_a_persona_that_opens_is_heard_out_first(livekit: "LiveKit") -> None:
    async with Meeting(livekit, kind="subject", opens=True) as meeting:
        result = await meeting.run(LINES[:1])

    assert result.succeeded, result.failure
    [greeting] = of_type(result, "greeting")
    [said] = of_type(result, "trainee_line")
    assert greeting["text"] == "Who is in charge here?"
    assert said["started_s"] > greeting["ended_s"] + 0.5


async def test_speech_that_begins_during_a_line_is_a_false_cutoff(
    livekit: "LiveKit",
) -> None:
    async with Meeting(livekit, barges_in_after_s=0.4) as meeting:
        result = await meeting.run([Line("long", tone(2.0)), Line("short", tone(0.6))])

    assert result.succeeded, result.failure
    assert result.false_cutoffs == 1
    first, second = of_type(result, "trainee_line")
    # When it began there, and the way there and back.
    assert 0.4 < first["cut_off_s"] < 0.8
    assert "cut_off_s" not in second
    assert all(latency > 250 for latency in result.latencies_ms)


async def test_a_line_nobody_answers_fails_by_number_and_the_report_is_still_taken(
    livekit: "LiveKit",
) -> None:
    async with Meeting(livekit, answers=1) as meeting:
        result = await meeting.run(answer_s=1.5)

    assert not result.succeeded
    assert result.failure == "line 2 was not answered in 1.5 s: 'second'"
    assert result.answered == 1
    assert result.report is not None
    assert of_type(result, "error")[0]["message"] == result.failure


async def test_a_report_that_does_not_come_by_the_room_is_fetched(
    livekit: "LiveKit",
) -> None:
    async with Meeting(livekit, sends_report=False) as meeting:
        result = await meeting.run(LINES[:1], stream_s=0.5)

    assert result.succeeded, result.failure
    assert result.report is not None


async def test_a_persona_that_leaves_is_said_to_have_left(livekit: "LiveKit") -> None:
    async with Meeting(livekit, leaves_after=1) as meeting:
        result = await meeting.run()

    assert result.failure == "the persona left the room before all lines were said"
    assert result.answered == 1


async def test_a_run_that_is_stopped_ends_the_encounter_first(livekit: "LiveKit") -> None:
    spoken = asyncio.Event()

    def first_answer(event: dict[str, Any]) -> None:
        if event["type"] == "persona_line":
            spoken.set()

    async with Meeting(livekit) as meeting:
        run = asyncio.create_task(meeting.run(on_event=first_answer))
        await asyncio.wait_for(spoken.wait(), 20)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run

        assert meeting.persona.ended


async def test_no_persona_is_told_with_the_servers_words(livekit: "LiveKit") -> None:
    async with small_token_server(livekit, room_name=f"empty_{uuid.uuid4().hex[:8]}") as url:
        with pytest.raises(CannotStart, match=r"did not come.*all personas are busy"):
            await run_trainee(url, "tones", LINES, persona_s=1)


async def test_no_voice_is_told_before_anyone_is_called(livekit: "LiveKit") -> None:
    async with Meeting(livekit) as meeting:
        with pytest.raises(CannotStart, match=r"no voice at 'http://127\.0\.0\.1:18529/v1'"):
            await run_trainee(
                meeting.url, "tones", [Line("Hello.")], models_url="http://127.0.0.1:18529/v1"
            )

        assert not meeting.persona.room.remote_participants
