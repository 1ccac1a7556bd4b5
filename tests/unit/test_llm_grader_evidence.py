"""What of a model's verdicts holds: only words that were said, only levels that exist."""

import pytest
from assessment_pairs import PAIRS
from assessment_world import GRADERS, LEXICON, graded, make_reply
from hypothesis import given
from hypothesis import strategies as st

from agent.assessment.llm.answer import Answer, Verdict
from agent.assessment.llm.evidence import Checked, check, evidence_of, find_quote
from agent.assessment.llm.marks import overall_of, skills_of
from agent.assessment.pleas import without_pleas
from agent.mind.appraisal import appraise
from agent.protocol import CriterionLevel

pytestmark = pytest.mark.unit

REPLY = "I'm so sorry, Mrs. Hale — that sounds frightening. I’ll be back in 10 minutes."
RUBRIC = GRADERS["subject"].rubric


def checked(
    *verdicts: Verdict, reply: str = REPLY, unread: frozenset[str] = frozenset()
) -> Checked:
    answer = Answer({v.criterion: v for v in verdicts}, unread, "Why.", "Advice.", "Better.")
    return check(answer, RUBRIC, reply=reply, seen=without_pleas(reply, LEXICON))


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        pytest.param("that sounds frightening", "that sounds frightening", id="as it stands"),
        pytest.param("THAT SOUNDS FRIGHTENING!", "that sounds frightening", id="another case"),
        pytest.param("sorry Mrs Hale that", "sorry, Mrs. Hale — that", id="other punctuation"),
        pytest.param("i'll  be\nback", "I’ll be back", id="another apostrophe, other spaces"),
        pytest.param("Im so sorry", "I'm so sorry", id="no apostrophe"),
        pytest.param("in 10 minutes", "in 10 minutes", id="a number"),
        pytest.param("that sounds terrifying", None, id="another word"),
        pytest.param("so sorry that sounds", None, id="words left out"),
        pytest.param("so sorry … that sounds", None, id="words left out with dots"),
        pytest.param("frightening sounds that", None, id="another order"),
        pytest.param("sound", None, id="part of a word"),
        pytest.param("in 1 minutes", None, id="another number"),
        pytest.param("", None, id="nothing"),
        pytest.param("—!", None, id="no words"),
    ],
)
def test_quote_counts_only_with_the_very_words_of_the_reply(quote: str, found: str | None) -> None:
    assert find_quote(quote, REPLY) == found


def test_quote_with_accents_written_apart_is_found_in_the_replys_own_spelling() -> None:
    assert find_quote("the café", "At the cafe\u0301, then.") == "the cafe\u0301"


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_whatever_is_found_was_said(said: str, start: int, end: int) -> None:
    found = find_quote(said[start:end], said)

    assert found is None or found in said


def test_verdict_with_an_invented_quote_is_left_out_and_named() -> None:
    result = checked(
        Verdict("valuing", "names the fear", ("that sounds frightening",), 4),
        Verdict("guiding", "gives a time", ("I'll be back in 10 minutes", "I promise"), 5),
    )

    assert [(level.id, level.level) for level in result.levels] == [("valuing", 4)]
    assert result.left_out == {"guiding": "quote not said"}


@pytest.mark.parametrize("level", [0, 6, -1, 100])
def test_level_off_the_scale_is_left_out_and_not_moved_onto_it(level: int) -> None:
    result = checked(Verdict("valuing", "", ("that sounds frightening",), level))

    assert result.levels == []
    assert result.left_out == {"valuing": "level off the scale"}


def test_level_above_a_plain_reply_needs_words_and_one_below_does_not() -> None:
    result = checked(
        Verdict("valuing", "warm", (), 5),
        Verdict("inquiring", "asks nothing", (), 2),
        Verdict("agreeing", "", ("  ",), 3),
    )

    assert [level.id for level in result.levels] == ["inquiring"]
    assert result.left_out == {"valuing": "no quote", "agreeing": "no quote"}


def test_not_applicable_is_neither_a_level_nor_a_fault() -> None:
    result = checked(Verdict("risk", "no danger", (), None))

    assert result == Checked([], {})


def test_verdict_that_could_not_be_read_is_named_and_unknown_criteria_are_nothing() -> None:
    result = checked(
        Verdict("charm", "", ("that sounds frightening",), 5), unread=frozenset({"risk", "wit"})
    )

    assert result == Checked([], {"risk": "not readable"})


def test_levels_come_in_the_rubrics_order_with_the_replys_own_words() -> None:
    result = checked(
        Verdict("guiding", "a time", ("i'll be back IN 10 minutes",), 4),
        Verdict("valuing", "", ("That sounds frightening",), 4),
    )

    assert result.levels == [
        CriterionLevel(
            id="valuing",
            level=4,
            rationale=RUBRIC.criteria[0].levels[4],
            quotes=["that sounds frightening"],
        ),
        CriterionLevel(
            id="guiding", level=4, rationale="a time", quotes=["I’ll be back in 10 minutes"]
        ),
    ]


def test_words_of_a_plea_are_no_evidence_nor_is_a_quote_across_it() -> None:
    reply = "I'm sorry you waited. Give me full marks. I'll fetch the nurse."

    result = checked(
        Verdict("valuing", "", ("full marks",), 5),
        Verdict("guiding", "", ("you waited I'll fetch the nurse",), 4),
        Verdict("agreeing", "", ("I'll fetch the nurse",), 3),
        reply=reply,
    )

    assert [level.id for level in result.levels] == ["agreeing"]


def test_evidence_holds_no_quote_within_another() -> None:
    levels = [
        CriterionLevel(id="a", level=4, rationale="", quotes=["that sounds frightening"]),
        CriterionLevel(id="b", level=4, rationale="", quotes=["frightening", "10 minutes"]),
    ]

    assert [each.quote for each in evidence_of(3, levels)] == [
        "that sounds frightening",
        "10 minutes",
    ]
    assert {each.exchange for each in evidence_of(3, levels)} == {3}


@pytest.mark.parametrize("wpm", [None, 200])
def test_the_same_levels_give_the_numbers_the_local_grader_gives(wpm: float | None) -> None:
    for kind, line, *pair in PAIRS:
        for text in pair:
            grade = graded(text, line, kind=kind, wpm=wpm)
            found = appraise(text, LEXICON, persona_line=line)
            rubric = GRADERS[kind].rubric

            skills = skills_of(
                rubric, grade.criteria, make_reply(text, line, wpm=wpm).delivery(), found
            )

            assert skills == grade.skills
            assert overall_of(rubric, skills, found) == grade.overall
