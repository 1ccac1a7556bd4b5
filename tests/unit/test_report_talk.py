"""What the report tells of the talk as a whole: its course, its moments, its summary, its voice."""

import re

import pytest
from assessment_world import grade_all, make_encounter
from report_samples import exchange, grade

from agent.assessment.delivery_summary import delivery_summary
from agent.assessment.moments import best_and_worst, trajectory
from agent.assessment.report import make_report
from agent.assessment.rubric import load_rubric
from agent.assessment.summary import Told, summarise
from agent.encounter import Encounter
from agent.protocol import (
    CriterionLevel,
    Delivery,
    DeliveryMeasure,
    Evidence,
    GraderVersion,
    PersonaState,
    Reason,
    Report,
    SafetyReport,
    SafetyStepDone,
    Ungraded,
)

pytestmark = pytest.mark.unit

START = PersonaState(arousal=3.5, trust=1)
UPSET = ("persona", "I've been waiting four hours and nobody tells me anything!")
UNGRADED = Ungraded(ungraded=Reason(code="too_short", message="the reply has only one word"))


def at(arousal: float, trust: float) -> PersonaState:
    return PersonaState(arousal=arousal, trust=trust)


def report_of(encounter: Encounter, *, partial: bool = False) -> Report:
    return make_report(
        encounter,
        rubric=load_rubric("de-escalation"),
        grader=GraderVersion(kind="local", model="rules-en", version="1"),
        providers={},
        duration_s=20,
        partial=partial,
    )


def told(**given: object) -> Told:
    """Return what a summary is made of, of one reply unless told otherwise."""
    usual = {
        "start": START,
        "exchanges": [exchange(state=at(2, 2))],
        "closing_line": "Thank you.",
        "outcome": "de-escalation",
        "facts_found": 1,
        "facts_total": 4,
        "safety": None,
        "partial": False,
    }
    return Told(**{**usual, **given})  # type: ignore[arg-type]


def test_trajectory_begins_before_the_first_reply_and_marks_what_moved() -> None:
    course = trajectory(
        START,
        [
            exchange(0, state=at(3.4, 1.1)),
            exchange(1, state=at(4.4, 0.1)),
            exchange(2, state=at(4.1, 0.4)),
        ],
    )

    assert [each.exchange for each in course] == [None, 0, 1, 2]
    assert [each.moved for each in course] == [None, None, "hardened", "eased"]
    assert (course[0].bars, course[0].cpi) == (6, "defensive")
    assert trajectory(START, []) == []


def test_moments_weigh_what_a_reply_did_and_how_it_was_graded() -> None:
    calm = exchange(0, state=at(3.4, 1.1), grade=grade(95))
    eased = exchange(1, state=at(2.4, 2.1), grade=grade(80))
    hurt = exchange(2, state=at(3.4, 1.1), grade=grade(30))
    poor = exchange(3, state=at(3.4, 1.1), grade=grade(25))

    best, worst = best_and_worst(START, [calm, eased, hurt, poor])

    assert best is not None
    assert worst is not None
    assert (best.exchange, worst.exchange) == (1, 2)
    assert best.why.startswith("Arousal fell by 1.0 and trust rose by 1.0; graded 80 of 100.")
    assert worst.why.startswith("Arousal rose by 1.0 and trust fell by 1.0")


def test_moment_quotes_the_words_that_counted_most() -> None:
    levels = [
        CriterionLevel(id="a", level=1, rationale="", quotes=["please"]),
        CriterionLevel(id="b", level=3, rationale="", quotes=["I am Kim"]),
    ]

    best, _ = best_and_worst(START, [exchange(state=at(2.5, 2), grade=grade(90, criteria=levels))])
    _, worst = best_and_worst(START, [exchange(state=at(4.5, 0), grade=grade(20, criteria=levels))])

    assert best is not None
    assert worst is not None
    assert (best.quote, worst.quote) == ("I am Kim", "please")


def test_the_worst_moment_quotes_no_words_that_were_right() -> None:
    levels = [
        CriterionLevel(id="a", level=0, rationale="", quotes=[]),
        CriterionLevel(id="b", level=2, rationale="", quotes=["Tell me about the pain"]),
    ]
    hurting = [Evidence(exchange=0, quote="It is just stress.")]
    reply = "It is just stress. Tell me about the pain."
    poor = exchange(
        reply_text=reply,
        state=at(4.5, 0),
        grade=grade(20, criteria=levels, evidence=hurting),
    )

    _, worst = best_and_worst(START, [poor])

    assert worst is not None
    assert worst.quote == "It is just stress."


def test_a_reply_that_hurt_and_was_graded_fair_is_quoted_whole() -> None:
    reply = "It is just stress. Tell me about the pain."
    fair = exchange(reply_text=reply, state=at(4.5, 0), grade=grade(57))

    _, worst = best_and_worst(START, [fair])

    assert worst is not None
    assert worst.quote == reply


def test_where_nothing_stands_out_there_is_no_moment() -> None:
    assert best_and_worst(START, [exchange(state=START, grade=grade(50))]) == (None, None)
    assert best_and_worst(START, []) == (None, None)
    assert best_and_worst(START, [exchange(reply_text=" ", state=at(5, 0))]) == (None, None)


def test_ungraded_reply_can_be_a_moment_by_what_it_did_alone() -> None:
    _, worst = best_and_worst(START, [exchange(state=at(4.5, 0), grade=UNGRADED)])

    assert worst is not None
    assert worst.why == "Arousal rose by 1.0 and trust fell by 1.0, and it was not graded."
    assert worst.quote == "I am Kim, tell me about the pain please."


def test_summary_tells_beginning_turn_and_end_in_three_to_five_sentences() -> None:
    said = summarise(told())

    assert said.startswith("They began with “It is my chest.”, and you said “I am Kim,")
    assert "upset and wary (arousal 3.5 and trust 1.0 of 5)" in said
    assert "Reply 1, “I am Kim, tell me about the pain please.”, eased them most." in said
    assert "1 of 4 topics" in said
    assert said.endswith(
        "It de-escalated: at the end they were tense and with some trust (arousal 2.0 and trust "
        "2.0 of 5), and their last words were “Thank you.”."
    )


def test_summary_counts_its_sentences() -> None:
    danger = SafetyReport(
        about="others", danger="open", steps=[SafetyStepDone(label="Asks", done=False)]
    )
    for given in ({}, {"safety": danger}, {"facts_total": 0}, {"partial": True}):
        said = re.sub("“[^”]*”", "", summarise(told(**given)))
        assert 3 <= len(re.findall(r"\.(?: |$)", said)) <= 5


def test_summary_says_what_became_of_a_danger_and_that_a_talk_was_cut_off() -> None:
    steps = [SafetyStepDone(label="Asks", done=True), SafetyStepDone(label="Helps", done=False)]
    left = SafetyReport(about="self", danger="open", steps=steps)

    assert "A risk of self-harm came up, and was still open at the end (1 of 2 steps)." in (
        summarise(told(safety=left))
    )
    assert "came up, and you took it up" in summarise(
        told(safety=left.model_copy(update={"danger": "handled"}))
    )
    assert "came up" not in summarise(told(safety=left.model_copy(update={"danger": "none"})))
    assert "It was cut off; until then, it de-escalated:" in summarise(told(partial=True))


def test_summary_of_silence_invents_nothing() -> None:
    said = summarise(told(exchanges=[], outcome=None, closing_line="Hello?"))

    assert said == (
        "You did not say anything. They said “Hello?” and had no answer. They were upset and wary "
        "(arousal 3.5 and trust 1.0 of 5), and nothing was there to move them. "
        "There is nothing to grade."
    )


def test_summary_of_a_talk_that_moved_nobody_says_so() -> None:
    assert "No single reply moved them much." in summarise(told(exchanges=[exchange(state=START)]))


def measures(*deliveries: Delivery) -> dict[str, DeliveryMeasure]:
    summary = delivery_summary([exchange(n, delivery=each) for n, each in enumerate(deliveries)])
    assert summary is not None
    return {each.id: each for each in summary.measures}


def test_voice_is_added_up_over_the_talk_beside_its_bands() -> None:
    found = measures(
        Delivery(
            words_per_minute=200, speech_s=9, interruptions=1, longest_pause_s=1, talk_share=1
        ),
        Delivery(
            words_per_minute=100, speech_s=1, interruptions=2, longest_pause_s=3, talk_share=0.1
        ),
        Delivery(spoken=False),
    )

    rate = found["words_per_minute"]
    assert (rate.value, rate.low, rate.high, rate.replies) == (190, 110, 160, 2)
    assert rate.comment.startswith("Faster than the band")
    assert (found["interruptions"].value, found["interruptions"].high) == (3, 0)
    assert found["longest_pause_s"].value == 3
    assert found["talk_share"].value == 53
    assert (found["talk_share"].low, found["talk_share"].high) == (None, None)


def test_slow_speech_and_a_flat_voice_are_below_their_bands() -> None:
    found = measures(Delivery(words_per_minute=90, pitch_spread_semitones=1.0, level_rise_db=7.0))

    assert found["words_per_minute"].comment.startswith("Slower than the band")
    assert found["pitch_spread_semitones"].comment == "Rather flat."
    assert "much louder" in found["level_rise_db"].comment


def test_measure_that_was_not_taken_has_a_reason_and_no_number() -> None:
    why = Reason(code="gain_control", message="The microphone adjusts its level by itself.")

    found = measures(Delivery(not_measured={"level_rise_db": why}))

    assert found["level_rise_db"].value is None
    assert found["level_rise_db"].comment == why.message
    assert found["pitch_rise_semitones"].value is None
    assert "not measured" in found["pitch_rise_semitones"].comment


def test_typed_talk_has_no_voice() -> None:
    assert delivery_summary([exchange(delivery=Delivery(spoken=False))]) is None
    assert delivery_summary([]) is None


def test_report_holds_the_whole_talk_line_by_line() -> None:
    report = report_of(make_encounter(UPSET, ("trainee", "I'm sorry."), ("persona", "Well.")))

    assert [(line.speaker, line.text) for line in report.transcript] == [
        UPSET,
        ("trainee", "I'm sorry."),
        ("persona", "Well."),
    ]
    assert (report.transcript[1].started_s, report.transcript[1].ended_s) == (2.0, 3.5)


def test_report_puts_the_ungraded_together_by_reason() -> None:
    encounter = make_encounter(UPSET, ("trainee", "Mm."), UPSET, ("trainee", "Hm."))
    encounter.grades = {0: UNGRADED, 1: UNGRADED}

    report = report_of(encounter)

    assert [(each.code, each.exchanges) for each in report.ungraded] == [("too_short", [0, 1])]


@pytest.mark.parametrize("mode", ["practice", "exam"])
@pytest.mark.parametrize(
    "turns",
    [
        pytest.param((), id="nothing said"),
        pytest.param((UPSET,), id="only the persona spoke"),
        pytest.param((UPSET, ("trainee", "I'm sorry you had to wait.")), id="one reply, cut off"),
    ],
)
def test_short_talks_have_reports_that_make_sense(
    turns: tuple[tuple[str, str], ...], mode: str
) -> None:
    encounter = grade_all(make_encounter(*turns))
    encounter.mode = mode  # type: ignore[assignment]

    report = report_of(encounter, partial=True)

    assert report.mode == mode
    assert report.summary
    assert len(report.trajectory) == (2 if report.exchanges else 0)
    assert len(report.tasks) == 1
    assert report.facts_missed
    assert bool(report.improvements) == bool(report.exchanges)
    assert Report.model_validate_json(report.model_dump_json()) == report
