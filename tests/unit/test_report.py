"""The report of an encounter: of none, one and many exchanges, graded or not."""

from datetime import datetime

import pytest
from assessment_world import SCENARIO, grade_all, make_encounter
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import grade

from agent.assessment.report import make_report
from agent.assessment.rubric import load_rubric
from agent.encounter import Encounter
from agent.mind.appraisal import Appraisal, Finding, Signal
from agent.mind.listening import Heard
from agent.protocol import Grade, GraderVersion, PersonaState, Reason, Report, Skill, Ungraded
from personas.model import Safety

pytestmark = pytest.mark.unit

RUBRIC = load_rubric("de-escalation")
GRADER = GraderVersion(kind="local", model="rules-en", version="1")
TALK = [
    ("persona", "I've been waiting four hours and nobody tells me anything!"),
    ("trainee", "Calm down."),
    ("persona", "Don't tell me to calm down!"),
    ("trainee", "You're right, I'm sorry. Four hours is far too long. What happened today?"),
    ("persona", "My mother's in there."),
    ("trainee", "Okay."),
    ("persona", "So?"),
    ("trainee", "I'll ask the nurse now, and I'll be back within five minutes."),
    ("persona", "Fine."),
    ("persona", "Thank you."),
]


def report_of(encounter: Encounter, *, partial: bool = False) -> Report:
    return make_report(
        encounter,
        rubric=RUBRIC,
        grader=GRADER,
        providers={"mind": "scripted"},
        duration_s=20.04,
        partial=partial,
    )


def test_encounter_without_a_word_has_a_report_without_numbers() -> None:
    report = report_of(make_encounter(), partial=True)

    assert (report.outcome, report.overall, report.skills) == (None, None, {})
    assert (report.exchanges, report.strengths, report.improvements) == ([], [], [])
    assert {criterion.level for criterion in report.criteria} == {None}
    assert (report.latency.p50_ms, report.latency.p95_ms) == (None, None)
    assert report.partial


def test_persona_who_spoke_alone_leaves_no_outcome() -> None:
    report = report_of(make_encounter(("persona", "Hello? Anyone?")))

    assert report.outcome is None
    assert report.closing_line == "Hello? Anyone?"


def test_report_says_what_it_is_about() -> None:
    report = report_of(make_encounter(*TALK))

    assert (report.encounter_id, report.scenario_id, report.title) == ("e1", "desk", "At the desk")
    assert report.started_at == "2026-03-01T12:00:00+00:00"
    assert report.duration_s == 20.0
    assert (report.rubric.id, report.grader) == ("de-escalation", GRADER)
    assert report.providers == {"mind": "scripted"}
    assert report.closing_line == "Fine. Thank you."


def test_averages_leave_the_ungraded_out_and_count_them() -> None:
    encounter = grade_all(make_encounter(*TALK))

    report = report_of(encounter)

    grades = [each for each in encounter.grades.values() if isinstance(each, Grade)]
    assert len(grades) == 3
    assert report.ungraded_count == 1
    assert report.overall == int(sum(grade.overall for grade in grades) / 3 + 0.5)
    calm = [grade.skills[Skill.CALM] for grade in grades if Skill.CALM in grade.skills]
    assert report.skills[Skill.CALM] == int(sum(calm) / len(calm) + 0.5)


def test_reply_not_graded_yet_is_counted_as_ungraded() -> None:
    report = report_of(make_encounter(*TALK))

    assert report.overall is None
    assert report.ungraded_count == 4
    codes = {
        each.grade.ungraded.code for each in report.exchanges if isinstance(each.grade, Ungraded)
    }
    assert codes == {"not_yet"}


def test_criteria_add_up_with_words_of_the_replies_they_name() -> None:
    report = report_of(grade_all(make_encounter(*TALK)))

    valuing = next(each for each in report.criteria if each.id == "valuing")
    assert valuing.level is not None
    assert valuing.max == 5
    assert "mean level" in valuing.rationale
    for criterion in report.criteria:
        for each in criterion.evidence:
            assert each.quote in report.exchanges[each.exchange].reply_text
    risk = next(each for each in report.criteria if each.id == "risk")
    assert (risk.level, risk.evidence) == (None, [])


def test_strengths_and_improvements_name_reply_and_words() -> None:
    report = report_of(grade_all(make_encounter(*TALK)))

    assert 1 <= len(report.strengths) <= 3
    assert "(reply 2)" in report.strengths[0]
    assert "“" in report.strengths[0]
    assert report.improvements[0].startswith("Reply 1, “Calm down.”: ")


def test_perfect_talk_has_no_weak_reply_and_a_bad_one_has_no_strength() -> None:
    good = ("trainee", "You're right, I'm sorry. I can see how hard this is. What happened today?")
    bad = ("trainee", "Shut up.")

    perfect = report_of(grade_all(make_encounter(TALK[0], good))).improvements
    assert not any(each.startswith("Reply") for each in perfect)
    assert report_of(grade_all(make_encounter(TALK[0], bad))).strengths == []


def test_three_things_done_well_and_three_to_work_on_where_there_is_matter_for_three() -> None:
    encounter = grade_all(make_encounter(*TALK))
    encounter.states = {1: PersonaState(arousal=2.8, trust=1.8)}

    report = report_of(encounter)

    assert len(report.strengths) == 3
    assert len(report.improvements) == 3
    for each in report.strengths:
        assert "“" in each
        assert "Next: " in each
    assert len({each.split("“")[0] for each in report.improvements}) == 3


def test_like_advice_on_two_replies_is_told_once() -> None:
    small = [TALK[0], ("trainee", "It's not that bad."), TALK[0], ("trainee", "It's no big deal.")]

    report = report_of(grade_all(make_encounter(*small)))

    told = [each for each in report.improvements if "makes it small" in each]
    assert len(told) <= 1


def test_better_way_that_fits_the_reply_takes_the_place_of_one_that_fits_many() -> None:
    encounter = make_encounter(TALK[0], TALK[1])
    advice = "Name it. For example: “That is hard.”"
    encounter.grades[0] = grade(20, advice=advice, better="Four hours is far too long.")

    first = report_of(encounter).improvements[0]

    assert first == "Reply 1, “Calm down.”: Name it. For example: “Four hours is far too long.”"


def test_danger_left_open_is_the_first_thing_to_work_on() -> None:
    encounter = grade_all(make_encounter(*TALK))
    encounter.danger = "open"
    encounter.scenario = SCENARIO.model_copy(
        update={
            "safety": Safety.model_validate(
                {
                    "about": "others",
                    "steps": [{"id": "asks", "label": "Asks about harm"}],
                    "lines": ["I'll break it."],
                    "relieved": ["No."],
                }
            )
        }
    )

    first = report_of(encounter).improvements[0]

    assert first.startswith("Safety: the danger was still open after reply 4.")
    assert "“Asks about harm”" in first


def test_what_the_persona_heard_is_not_read_again() -> None:
    encounter = make_encounter(TALK[0], TALK[3])
    appraisal = Appraisal((Finding(Signal.INTRODUCTION, "You're right", 0),), words=2, questions=0)
    card = SCENARIO.card.model_copy(update={"tasks": ("Introduce yourself.",)})
    encounter.scenario = SCENARIO.model_copy(update={"card": card})
    heard = {0: Heard(TALK[3][1], appraisal)}

    def status(heard: dict[int, Heard]) -> str:
        report = make_report(
            encounter,
            rubric=RUBRIC,
            grader=GRADER,
            providers={},
            duration_s=1,
            partial=False,
            heard=heard,
        )
        return report.tasks[0].status

    assert status(heard) == "done"
    assert status({}) == "not_seen"
    assert status({0: Heard("You're", appraisal)}) == "not_seen"


def test_outcome_follows_the_last_state() -> None:
    encounter = make_encounter(*TALK)
    encounter.states = {0: PersonaState(arousal=4.5, trust=0.5)}
    assert report_of(encounter).outcome == "escalation"

    encounter.states[3] = PersonaState(arousal=0.8, trust=3.2)
    assert report_of(encounter).outcome == "resolution"


def test_facts_are_told_as_topics_and_only_hidden_ones_count() -> None:
    encounter = make_encounter(
        *TALK, facts_told=["her_mother", "name", "her_mother", "gone_from_the_file"]
    )

    report = report_of(encounter)

    assert report.facts_found == ["her mother"]
    assert report.facts_total == 2


def test_latency_is_given_at_half_and_at_95_percent() -> None:
    encounter = make_encounter(*TALK, latencies_ms=[300.4, 500.0, 400.0, float("nan")])

    latency = report_of(encounter).latency

    assert (latency.p50_ms, latency.p95_ms) == (400, 500)


def test_criterion_of_another_version_is_passed_over() -> None:
    encounter = grade_all(make_encounter(*TALK))
    grade = encounter.grades[1]
    assert isinstance(grade, Grade)
    old = grade.criteria[0].model_copy(update={"id": "gone"})
    off = grade.criteria[0].model_copy(update={"level": 9})
    encounter.grades[1] = grade.model_copy(update={"criteria": [old, off]})

    report = report_of(encounter)

    assert "gone" not in {criterion.id for criterion in report.criteria}


def test_start_without_time_zone_is_taken_as_utc() -> None:
    encounter = make_encounter(*TALK)
    encounter.started_at = datetime(2026, 3, 1, 12, 0)  # noqa: DTZ001

    assert report_of(encounter).started_at == "2026-03-01T12:00:00+00:00"


@settings(max_examples=25, deadline=None)
@given(
    turns=st.lists(
        st.tuples(
            st.sampled_from(["persona", "trainee"]),
            st.sampled_from([text for _, text in TALK]) | st.text(max_size=60),
        ),
        max_size=14,
    ),
    graded=st.sets(st.integers(0, 14)),
    moods=st.dictionaries(
        st.integers(0, 14), st.tuples(st.floats(0, 5), st.floats(0, 5)), max_size=6
    ),
    latencies=st.lists(st.floats(allow_nan=True), max_size=6),
    told=st.lists(st.sampled_from([fact.id for fact in SCENARIO.facts]), max_size=5),
    partial=st.booleans(),
)
def test_report_is_made_of_whatever_was_said(
    turns: list[tuple[str, str]],
    graded: set[int],
    moods: dict[int, tuple[float, float]],
    latencies: list[float],
    told: list[str],
    partial: bool,
) -> None:
    encounter = grade_all(make_encounter(*turns, latencies_ms=latencies, facts_told=told))
    encounter.grades = {
        index: grade
        if index in graded
        else Ungraded(ungraded=Reason(code="grader_failed", message="it failed"))
        for index, grade in encounter.grades.items()
    }
    encounter.states = {
        index: PersonaState(arousal=arousal, trust=trust)
        for index, (arousal, trust) in moods.items()
    }

    report = report_of(encounter, partial=partial)

    assert Report.model_validate_json(report.model_dump_json()) == report
    assert report.ungraded_count + sum(
        isinstance(each.grade, Grade) for each in report.exchanges
    ) == len(report.exchanges)
    assert (report.outcome is None) == (not report.exchanges)
    assert report.overall is None or 1 <= report.overall <= 100
    assert len(report.strengths) <= 3
    assert len(report.improvements) <= 3
    for criterion in report.criteria:
        for each in criterion.evidence:
            assert each.quote in report.exchanges[each.exchange].reply_text
