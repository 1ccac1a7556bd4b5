"""Reading what a model answers, in good shape and in bad."""

import json
from typing import Any

import pytest
from assessment_world import GRADERS
from hypothesis import given
from hypothesis import strategies as st

from agent.assessment.llm.answer import ABSENT, read_answer, schema_of
from agent.assessment.llm.fault import Fault, GradingFailed

pytestmark = pytest.mark.unit

RUBRIC = GRADERS["subject"].rubric


def item(criterion: str = "valuing", level: Any = "4", **given: Any) -> dict[str, Any]:
    return {"id": criterion, "why": "it names the wait", "quotes": ["four hours"], **given} | {
        "level": level
    }


def answer(*items: Any, **given: Any) -> str:
    texts = {"why": "You name the wait.", "advice": "Say when.", "better": "Ten minutes."}
    return json.dumps({"criteria": list(items), **texts, **given})


def test_schema_asks_for_the_reason_and_the_words_before_the_level() -> None:
    verdict = schema_of(RUBRIC)["properties"]["criteria"]["items"]

    assert list(verdict["properties"]) == ["id", "why", "quotes", "level"]
    assert verdict["properties"]["level"]["enum"] == [ABSENT, "1", "2", "3", "4", "5"]


def test_schema_is_strict_all_the_way_down() -> None:
    def objects(node: Any) -> list[dict[str, Any]]:
        if not isinstance(node, dict):
            return []
        own = [node] if node.get("type") == "object" else []
        return own + [each for value in node.values() for each in objects(value)]

    found = objects(schema_of(RUBRIC))

    assert len(found) == 2
    for each in found:
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])


@pytest.mark.parametrize(
    ("level", "read"),
    [
        ("4", 4),
        (4, 4),
        (" 4 ", 4),
        ("-2", -2),
        (ABSENT, None),
        ("Not Applicable", None),
        (None, None),
    ],
)
def test_level_is_read_as_number_word_or_absent(level: Any, read: int | None) -> None:
    assert read_answer(answer(item(level=level))).verdicts["valuing"].level == read


@pytest.mark.parametrize("level", ["good", "4/5", "4.5", 4.5, True, [4], "", "9" * 50])
def test_level_that_is_none_leaves_only_its_criterion_unread(level: Any) -> None:
    read = read_answer(answer(item(level=level), item("guiding", "3")))

    assert read.unread == {"valuing"}
    assert list(read.verdicts) == ["guiding"]


def test_of_several_verdicts_on_one_criterion_the_last_counts() -> None:
    assert read_answer(answer(item(level="5"), item(level="2"))).verdicts["valuing"].level == 2
    assert read_answer(answer(item(level="5"), item(level="?"))).unread == {"valuing"}
    assert read_answer(answer(item(level="5"), item(level="?"))).verdicts == {}
    assert read_answer(answer(item(level="?"), item(level="2"))).unread == frozenset()


@pytest.mark.parametrize(
    "around",
    ["{}", "```json\n{}\n```", "Here it is:\n{}\nDone.", "<think>{{valuing: 5}}</think>{}"],
)
def test_answer_is_found_within_what_models_put_around_it(around: str) -> None:
    text = around.replace("{{", "{ ").replace("}}", " }")
    said = text.replace("{}", answer(item()))

    assert read_answer(said).verdicts["valuing"].level == 4


@pytest.mark.parametrize(
    "said",
    [
        "",
        "I cannot judge this.",
        answer(item())[:-20],
        "[" * 100_000,
        '{"criteria": ' + "[" * 100_000 + "}",
        "[]",
        "null",
        '{"criteria": {}}',
        answer(item(), why=""),
        answer(item(), advice=None),
        answer(item(), better=3),
    ],
    ids=lambda said: said[:20],
)
def test_answer_of_another_shape_is_malformed(said: str) -> None:
    with pytest.raises(GradingFailed) as failed:
        read_answer(said)

    assert failed.value.reason.code == Fault.MALFORMED


@given(
    st.text(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)
)
def test_whatever_is_answered_is_read_or_named_malformed(said: str) -> None:
    with pytest.raises(GradingFailed) as failed:
        read_answer(said)

    assert failed.value.reason.code == Fault.MALFORMED


def test_one_quote_for_a_list_is_taken_as_a_list() -> None:
    read = read_answer(answer(item(quotes="four hours"), item("risk", ABSENT, quotes=None)))

    assert read.verdicts["valuing"].quotes == ("four hours",)
    assert read.verdicts["risk"].quotes == ()


def test_reasons_lose_their_quotation_marks_since_only_checked_words_may_have_them() -> None:
    read = read_answer(answer(item(why='says "never said"'), why="You said “never said”."))

    assert read.verdicts["valuing"].why == "says never said"
    assert read.why == "You said never said."


def test_texts_are_cut_at_a_word_and_the_better_wording_is_bare_of_marks() -> None:
    read = read_answer(answer(item(), advice="Listen more. " * 100, better="“Ten minutes.”"))

    assert len(read.advice) <= 400
    assert read.advice.endswith(" …")
    assert read.better == "Ten minutes."
