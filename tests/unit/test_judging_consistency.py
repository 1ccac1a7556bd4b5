"""Each line is held against the file; what might be told is a matter of record, not of opinion."""

import json

import pytest
from judging_world import ScriptedModel, answered, claim, marked, talk_of

from agent.judging.consistency import PERSON, Consistency, judge_consistency
from agent.judging.errors import JudgingError

pytestmark = pytest.mark.unit

FRANK = "My husband Frank died like this."
TALK = talk_of(
    answered("Where does it hurt?", "In the middle, love.", "pain_place"),
    answered("Do you smoke?", "Never touched one.", "pain_place", "smoking"),
    answered("Any worries?", FRANK, "pain_place", "smoking"),
)
FINE = marked([], [], [])


async def judged(answer: object) -> Consistency:
    return await judge_consistency(TALK, ScriptedModel(answer))


async def refusal(answer: object) -> str:
    with pytest.raises(JudgingError) as refused:
        await judged(answer)
    return refused.value.code


async def test_every_line_is_marked_by_what_it_says():
    consistency = await judged(
        marked(
            [claim("pain_place", "In the middle")],
            [claim("smoking", "Never touched one", "contradicts")],
            [claim("fear", "Frank died like this")],
        )
    )

    assert [line.mark for line in consistency.lines] == ["supported", "contradicts", "leaks"]
    assert (consistency.contradictions, consistency.leaks) == (1, 1)
    assert consistency.lines[2].leaked[0].fact == "fear"


async def test_a_line_without_claims_is_neutral():
    consistency = await judged(FINE)

    assert {line.mark for line in consistency.lines} == {"neutral"}
    assert (consistency.contradictions, consistency.leaks) == (0, 0)


async def test_the_same_fact_is_no_leak_once_it_may_be_told():
    talk = talk_of(answered("Any worries?", FRANK, "fear"))

    consistency = await judge_consistency(
        talk, ScriptedModel(marked([claim("fear", "Frank died")]))
    )

    assert consistency.lines[0].mark == "supported"


async def test_who_the_person_is_may_always_be_told_and_can_be_contradicted():
    consistency = await judged(
        marked([claim(PERSON, "love")], [claim(PERSON, "Never touched one", "contradicts")], [])
    )

    assert [line.mark for line in consistency.lines] == ["supported", "contradicts", "neutral"]


async def test_a_line_that_leaks_and_contradicts_counts_as_both():
    consistency = await judged(
        marked([], [], [claim("fear", "Frank"), claim("home", "husband", "contradicts")])
    )

    assert consistency.lines[2].mark == "leaks"
    assert (consistency.contradictions, consistency.leaks) == (1, 1)


async def test_a_claim_quoting_another_line_is_dropped_and_counted():
    consistency = await judged(marked([claim("fear", "Frank died like this")], [], []))

    assert consistency.lines[0].mark == "neutral"
    assert (consistency.leaks, consistency.dropped) == (0, 1)


async def test_lines_in_another_order_are_put_in_theirs():
    answer = marked([], [], [claim("fear", "Frank")])

    consistency = await judged({"lines": answer["lines"][::-1]})

    assert [line.number for line in consistency.lines] == [1, 2, 3]
    assert consistency.lines[2].mark == "leaks"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param(marked([], []), "lines_missing", id="one line too few"),
        pytest.param(marked([], [], [], []), "lines_missing", id="one too many"),
        pytest.param(
            {"lines": [FINE["lines"][0]] * 3}, "lines_missing", id="the same one three times"
        ),
        pytest.param(marked([claim("shoe_size", "love")], [], []), "unknown_fact", id="new fact"),
        pytest.param(
            marked([claim("fear", "love", "denies")], [], []), "answer_malformed", id="new relation"
        ),
        pytest.param({"lines": [{"number": 1}]}, "answer_malformed", id="no claims"),
        pytest.param("sorry", "answer_malformed", id="prose"),
    ],
)
async def test_an_answer_that_does_not_fit_the_talk_is_an_error(answer: object, code: str):
    assert await refusal(answer) == code


async def test_the_judge_is_not_told_what_was_allowed_and_knows_every_fact():
    model = ScriptedModel(FINE)

    await judge_consistency(TALK, model)

    text = model.asked[0][1]["content"]
    assert "allowed" not in text
    assert all(json.dumps(fact.truth) in text for fact in TALK.scenario.facts)
    ids = model.schemas[0]["$defs"]["Claim"]["properties"]["fact"]["enum"]
    assert ids == [*(fact.id for fact in TALK.scenario.facts), PERSON]
