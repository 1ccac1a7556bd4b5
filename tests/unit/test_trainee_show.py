"""What a reader of the terminal is told."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from agent.demo import table_of
from agent.protocol import GraderVersion, Latency, Report, RubricVersion, Skill
from agent.trainee.result import TraineeResult
from agent.trainee.show import Screen

pytestmark = pytest.mark.unit


def shown(*events: dict[str, Any]) -> str:
    screen = Screen(Console(file=StringIO(), highlight=False, width=60))
    for event in events:
        screen.event({"t": 0.0, **event})
    written = screen.console.file
    assert isinstance(written, StringIO)
    return written.getvalue()


def state(arousal: float | None, exchange: int | None = None) -> dict[str, Any]:
    return {
        "type": "state", "phase": "active", "arousal": arousal, "trust": 2.0, "exchange": exchange
    }  # fmt: skip


SAID = {"type": "trainee_line", "text": "Hello.", "heard_as": "Hello."}


def test_a_persona_line_says_how_long_it_took() -> None:
    line = {"type": "persona_line", "text": "It hurts.", "line": 1}

    assert "persona It hurts.  after 412 ms" in shown(line | {"response_latency_ms": 412.3})
    assert "300 ms too early" in shown(line | {"response_latency_ms": -300.0})
    assert "ms" not in shown(line)


def test_words_are_never_read_as_markup() -> None:
    assert "[red]Calm[/red] :warning:" in shown(
        {"type": "greeting", "text": "[red]Calm[/red] :warning:"}
    )


def test_what_was_heard_is_shown_only_when_it_differs() -> None:
    line = {"type": "trainee_line", "text": "Hello, Mrs Doyle!"}

    assert "heard as" not in shown(line | {"heard_as": "hello mrs doyle"})
    assert "heard as: Hello, Mrs Boil." in shown(line | {"heard_as": "Hello, Mrs Boil."})
    assert "not transcribed" in shown(line)
    assert "began to speak 0.7 s into it" in shown(line | {"heard_as": "x", "cut_off_s": 0.71})


def test_a_grade_comes_with_its_advice_and_no_grade_with_its_reason() -> None:
    graded = {"type": "grade", "exchange": 0, "grade": {"overall": 71, "advice": "Ask more."}}
    reason = {"ungraded": {"code": "x", "message": "nothing was said"}}

    assert "reply 1 graded 71: Ask more." in shown(SAID, graded)
    assert "reply 2 ungraded: nothing was said" in shown(
        SAID, SAID, {"type": "grade", "exchange": 1, "grade": reason}
    )


def test_what_was_made_of_a_line_comes_after_it() -> None:
    grade = {"type": "grade", "exchange": 0, "grade": {"overall": 71, "advice": "Ask more."}}

    lines = shown(state(1.0, exchange=0), grade, SAID).splitlines()

    assert ["trainee" in lines[0], "arousal" in lines[1], "graded" in lines[2]] == [True] * 3
    assert "graded" in shown(grade, {"type": "error", "message": "line 1 was not answered"})


def test_the_state_is_shown_when_it_moves_and_not_in_an_exam() -> None:
    assert shown(state(2.5), state(2.5), state(3.0)).count("arousal") == 2
    assert shown(state(None)) == ""


def test_without_a_terminal_there_are_no_colours_and_no_wrapping() -> None:
    written = shown({"type": "error", "message": "word " * 40})

    assert "\x1b" not in written
    assert written.count("\n") == 1


def test_the_table_holds_latency_scores_and_what_was_not_shown() -> None:
    report = Report(
        encounter_id="e",
        scenario_id="s",
        title="T",
        mode="practice",
        started_at="2026-01-01T00:00:00Z",
        duration_s=1,
        rubric=RubricVersion(id="r", version="1"),
        grader=GraderVersion(kind="local", model="m", version="1"),
        providers={},
        outcome="containment",
        overall=64,
        skills={Skill.TONE: 58},
        criteria=[],
        exchanges=[],
        strengths=[],
        improvements=[],
        ungraded_count=0,
        latency=Latency(p50_ms=1, p95_ms=1),
    )
    console = Console(file=StringIO(), width=80)

    console.print(
        table_of("s", TraineeResult("e", 2, 2, latencies_ms=[400.0, 500.0], report=report))
    )

    assert isinstance(console.file, StringIO)
    written = console.file.getvalue()
    for words in ("2 of 2", "p50 450 ms · p95 495 ms", "containment", "64 of 100", "58 of 100"):
        assert words in written
    assert written.count("no chance to show it") == 5


def test_the_table_of_a_failed_encounter_says_why() -> None:
    console = Console(file=StringIO(), width=80)

    console.print(table_of("s", TraineeResult("e", 2, failure="line 1 was not answered")))

    assert isinstance(console.file, StringIO)
    assert "line 1 was not answered" in console.file.getvalue()
    assert "latency" not in console.file.getvalue()
