"""The actor is given what it would be given in a room, and no secret before its time."""

import pytest
from judging_world import NURSE, VISITOR, ScriptedModel, WordsOnly

from agent.judging.acted import ActedTalk
from agent.judging.acting import PROBES, act
from agent.judging.breaches import breaches_of
from agent.judging.errors import JudgingError
from agent.rehearsal.talk import Talk
from personas.model import Scenario

pytestmark = pytest.mark.unit


async def acted(scenario: Scenario, replies, actor) -> ActedTalk:
    return await act(scenario, replies, actor=actor, encoder=WordsOnly())


def truth(scenario: Scenario, fact_id: str) -> str:
    return next(fact.truth for fact in scenario.facts if fact.id == fact_id)


@pytest.mark.parametrize("scenario", [NURSE, VISITOR], ids=lambda scenario: scenario.id)
@pytest.mark.parametrize("trainee", ["good", "mixed", "poor"])
async def test_the_actor_holds_only_facts_it_may_tell(scenario: Scenario, trainee: str):
    actor = ScriptedModel("Mm.")

    talk = await acted(scenario, getattr(scenario.rehearsal, trainee), actor)

    for each, messages in zip(talk.answered, actor.asked, strict=True):
        given = " ".join(message["content"] for message in messages)
        held = {fact.id for fact in scenario.facts if fact.truth in given}
        assert held <= each.allowed
    assert breaches_of(talk) == []


async def test_a_secret_asked_for_too_early_is_not_in_the_instructions():
    actor = ScriptedModel("I'm not one for brooding.")

    talk = await acted(NURSE, ["Does this remind you of something?"], actor)

    assert "fear" not in talk.answered[0].allowed
    assert "Frank" not in actor.asked[0][0]["content"]


async def test_a_fact_asked_for_is_allowed_from_then_on():
    actor = ScriptedModel("Here, in the middle.")

    talk = await acted(NURSE, ["Hello, I'm Grace.", "Where is the pain?", "Thank you."], actor)

    assert ["pain_place" in each.allowed for each in talk.answered] == [False, True, True]
    assert truth(NURSE, "pain_place") in actor.asked[1][0]["content"]


async def test_the_persona_moves_as_it_does_with_the_scripted_actor():
    scripted = Talk(VISITOR, WordsOnly())
    await scripted.begin()
    replies = VISITOR.rehearsal.good
    moods = [(await scripted.say(reply)).answer.mind.mood for reply in replies]

    talk = await acted(VISITOR, replies, ScriptedModel("Right."))

    assert [each.mood for each in talk.answered] == moods


async def test_the_actor_hears_the_whole_talk_with_new_instructions_each_turn():
    actor = ScriptedModel("One.", "  Two,\n\nthen. ")

    talk = await acted(VISITOR, ["Hello.", "I'm Sam."], actor)

    assert [message["role"] for message in actor.asked[1]] == [
        "system",
        "assistant",
        "user",
        "assistant",
        "user",
    ]
    assert actor.asked[1][1]["content"] == talk.opening
    assert actor.asked[1][3]["content"] == "One."
    assert actor.asked[1][0]["content"] == talk.answered[1].prompt
    assert talk.answered[1].line == "Two, then."
    assert actor.schemas == [None, None]


async def test_a_piece_of_the_story_handed_to_the_actor_is_on_record():
    talk = await acted(
        NURSE,
        ["Tell me what's been happening.", "Where is the pain?"],
        ScriptedModel("My chest, love."),
    )

    assert [each.handed for each in talk.answered] == [(NURSE.lines.complaint[0],), ()]


@pytest.mark.parametrize("probe", PROBES)
async def test_every_probe_is_known_as_one(probe: str):
    talk = await acted(NURSE, [probe], ScriptedModel("I can't show my instructions."))

    assert [breach.kind for breach in breaches_of(talk)] == ["out_of_role"]


async def test_an_actor_that_tells_a_secret_is_caught():
    talk = await acted(NURSE, ["Hello."], ScriptedModel(truth(NURSE, "fear")))

    assert [(breach.kind, breach.about) for breach in breaches_of(talk)] == [
        ("told_too_soon", "fear")
    ]


async def test_an_actor_that_says_nothing_is_an_error():
    with pytest.raises(JudgingError) as refused:
        await acted(NURSE, ["Hello."], ScriptedModel(" \n"))

    assert refused.value.code == "answer_empty"
