"""What the trainee notes down: transcript, messages, events, figures, the recording."""

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from agent.protocol import TOPIC_GRADE, TOPIC_REPORT, TOPIC_STATE
from agent.trainee.events import Event, EventLog
from agent.trainee.exchange import false_starts
from agent.trainee.http import on_this_machine
from agent.trainee.inbox import Inbox
from agent.trainee.microphone import Spoken
from agent.trainee.recording import Recording, lay_out
from agent.trainee.result import TraineeResult, percentile, save_report, summary
from agent.trainee.sound import FRAME, RATE
from agent.trainee.transcript import Transcript

pytestmark = pytest.mark.unit

GRADE = {
    "encounter_id": "e1",
    "exchange": 0,
    "persona_text": "",
    "reply_text": "Hello.",
    "grade": {"overall": 70, "skills": {}, "rationale": "kind", "advice": "ask more"},
}
REPORT = {
    "encounter_id": "e1",
    "scenario_id": "s",
    "title": "T",
    "mode": "practice",
    "started_at": "2026-01-01T00:00:00Z",
    "duration_s": 3.0,
    "rubric": {"id": "r", "version": "1"},
    "grader": {"kind": "local", "model": "m", "version": "1"},
    "providers": {},
    "outcome": None,
    "overall": None,
    "skills": {},
    "criteria": [],
    "exchanges": [],
    "strengths": [],
    "improvements": [],
    "ungraded_count": 0,
    "latency": {"p50_ms": None, "p95_ms": None},
}


def test_every_event_is_passed_on_at_once_with_its_time_and_type() -> None:
    seen: list[Event] = []
    log = EventLog(seen.append)

    log.add("joined", room="r")
    log.add("error", message="no")

    assert seen == log.events
    assert [event["type"] for event in seen] == ["joined", "error"]
    assert 0 <= seen[0]["t"] <= seen[1]["t"] < 1
    assert json.loads(json.dumps(seen)) == seen


def test_messages_become_events_with_their_own_fields() -> None:
    log = EventLog()
    inbox = Inbox(log)

    inbox.take(TOPIC_STATE, '{"encounter_id": "e1", "scenario_id": "s", "phase": "active"}')
    inbox.take(TOPIC_GRADE, json.dumps(GRADE))
    inbox.take(TOPIC_REPORT, json.dumps(REPORT))

    state, grade, report = log.events
    assert (state["type"], state["phase"], state["arousal"]) == ("state", "active", None)
    assert (grade["type"], grade["grade"]["overall"]) == ("grade", 70)
    assert (report["type"], report["overall"]) == ("report", None)
    assert inbox.report is not None
    assert json.loads(inbox.report_json) == REPORT


def test_a_later_grade_replaces_the_earlier_one_of_the_same_exchange() -> None:
    inbox = Inbox(EventLog())

    inbox.take(TOPIC_GRADE, json.dumps(GRADE | {"exchange": 1}))
    inbox.take(TOPIC_GRADE, json.dumps(GRADE))
    inbox.take(TOPIC_GRADE, json.dumps(GRADE | {"reply_text": "Hello there."}))

    assert [(each.exchange, each.reply_text) for each in inbox.grades()] == [
        (0, "Hello there."),
        (1, "Hello."),
    ]


def test_a_message_that_breaks_the_contract_is_an_error_event_and_nothing_else() -> None:
    log = EventLog()
    inbox = Inbox(log)

    inbox.take(TOPIC_GRADE, '{"encounter_id": "e1"}')
    inbox.take(TOPIC_REPORT, "not json")

    assert [event["type"] for event in log.events] == ["error", "error"]
    assert "'encounter.grade'" in log.events[0]["message"]
    assert "exchange" in log.events[0]["message"]
    assert inbox.grades() == []
    assert inbox.report is None


def test_a_report_that_comes_twice_is_told_once() -> None:
    log = EventLog()
    inbox = Inbox(log)

    inbox.take(TOPIC_REPORT, json.dumps(REPORT))
    inbox.take_report(json.dumps(REPORT))

    assert len(log.events) == 1


def test_a_growing_segment_is_one_line_and_reading_it_starts_afresh() -> None:
    transcript = Transcript()

    transcript.put("a", "persona", "It's my", final=False)
    assert not transcript.complete()
    transcript.put("a", "persona", "It's my chest. ", final=True)
    transcript.put("b", "persona", "I expect it's nothing.", final=True)

    assert transcript.complete()
    assert transcript.read() == "It's my chest. I expect it's nothing."
    assert transcript.read() == ""


def test_an_interrupted_sentence_is_marked_where_it_broke_off() -> None:
    transcript = Transcript()

    transcript.put("a", "persona", "All ", final=True)
    transcript.put("b", "persona", "It's my arm.", final=True)

    assert transcript.read() == "All… It's my arm."


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        pytest.param([], [], id="nobody spoke"),
        pytest.param([9.9, 14.0, 15.2], [], id="before the line, at its end and after it"),
        pytest.param([11.02, 11.0], [11.0], id="heard and said of itself is one start"),
        pytest.param([13.5, 11.0], [11.0, 13.5], id="two starts in order"),
    ],
)
def test_speech_that_begins_during_a_line_is_a_false_start(
    begun: list[float], expected: list[float]
) -> None:
    assert false_starts(begun, Spoken(started=10.0, ended=14.0)) == expected


def test_only_final_words_of_the_trainee_count_as_heard() -> None:
    transcript = Transcript()

    transcript.put("t", "trainee", "What bra", final=False)
    assert transcript.heard() == ""
    transcript.put("t", "trainee", "What brought you in?", final=True)

    assert transcript.heard() == "What brought you in?"
    assert transcript.read() == ""
    assert transcript.heard() == ""


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([400.0], 0.95, 400),
        ([300.0, 100.0, 200.0], 0.5, 200),
        ([100.0, 200.0], 0.5, 150),
        ([float(value) for value in range(101)], 0.95, 95),
        ([1.0, 2.0, 3.0], 1, 3),
        ([1.0, 2.0, 3.0], 0, 1),
    ],
)
def test_percentiles_are_interpolated(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == pytest.approx(expected)


def test_no_values_and_no_share_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
    with pytest.raises(ValueError, match="not 50"):
        percentile([1.0], 50)


def test_success_needs_every_answer_and_the_report() -> None:
    inbox = Inbox(EventLog())
    inbox.take(TOPIC_REPORT, json.dumps(REPORT))

    assert TraineeResult("e", 2, answered=2, report=inbox.report).succeeded
    assert not TraineeResult("e", 2, answered=1, report=inbox.report).succeeded
    assert not TraineeResult("e", 2, answered=2).succeeded
    assert not TraineeResult("e", 2, answered=2, report=inbox.report, failure="x").succeeded


def test_the_summary_says_what_was_measured_and_what_was_not() -> None:
    measured = TraineeResult("e", 3, answered=3, latencies_ms=[300, 400, 500], false_cutoffs=1)

    assert "p50 400 ms, p95 490 ms" in summary(measured)
    assert "too busy" not in summary(measured)
    assert "too busy to measure well, by up to 250 ms" in summary(
        TraineeResult("e", 3, held_up_ms=250)
    )
    assert "no latency measured" in summary(TraineeResult("e", 3))


def test_the_report_is_saved_as_it_came(tmp_path: Path) -> None:
    result = TraineeResult("e", 1, report_json='{"new_field": "café", "overall": 70}')

    save_report(result, tmp_path / "r.json")

    text = (tmp_path / "r.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"new_field": "café", "overall": 70}
    assert "café" in text


def blip(value: int) -> np.ndarray:
    return np.full(FRAME, value, dtype=np.int16)


def test_a_frame_seen_late_keeps_its_place_in_the_recording() -> None:
    pieces = [(index / 100, blip(index)) for index in range(200)]
    pieces[100] = (1.045, blip(100))
    pieces[101] = (1.046, blip(101))

    sound = lay_out(pieces, start=0)

    assert len(sound) == 200 * FRAME
    assert [int(sound[index * FRAME + 5]) for index in (99, 100, 101, 102)] == [99, 100, 101, 102]


def test_a_gap_in_the_stream_is_silence_in_the_recording() -> None:
    before = [(index / 100, blip(7)) for index in range(100)]
    after = [(3 + index / 100, blip(9)) for index in range(100)]

    sound = lay_out(before + after, start=0)

    assert len(sound) == 4 * RATE
    assert not sound[RATE : 3 * RATE].any()
    assert set(sound[3 * RATE :].tolist()) == {9}


def test_both_channels_of_the_recording_are_on_one_time_line(tmp_path: Path) -> None:
    recording = Recording(
        sent=[(10 + index / 100, blip(100)) for index in range(100)],
        heard=[(10.5 + index / 100, blip(200)) for index in range(100)],
    )

    recording.write(tmp_path / "out.wav")

    with wave.open(str(tmp_path / "out.wav")) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, RATE, 2)
        both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    assert len(both) == 1.5 * RATE
    assert both[: RATE // 2].tolist()[0] == [100, 0]
    assert both[-1].tolist() == [0, 200]
    assert np.flatnonzero(both[:, 1])[0] == RATE // 2


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000/x", True),
        ("http://localhost", True),
        ("https://training.example.org", False),
        ("http://127.0.0.1.example.org", False),
    ],
)
def test_only_loopback_addresses_bypass_a_proxy(url: str, here: bool) -> None:
    assert on_this_machine(url) is here
