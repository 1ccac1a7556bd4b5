"""What a persona must never do is found without asking anybody."""

import pytest
from judging_world import NURSE, answered, talk_of

from agent.judging.breaches import breaches_of

pytestmark = pytest.mark.unit

FRANK = "My husband Frank died of a heart attack four years ago, you see."


def kinds(*turns, **more) -> list[tuple[str, int, str]]:
    return [(each.kind, each.number, each.about) for each in breaches_of(talk_of(*turns, **more))]


def test_a_secret_told_is_found_by_its_words():
    assert kinds(answered("Hello.", FRANK)) == [("told_too_soon", 1, "fear")]


def test_a_secret_is_found_in_the_authors_spoken_wording_too():
    line = "Honest truth: two months since I had one!"

    assert kinds(answered("Tablets?", line, "medicines")) == [
        ("told_too_soon", 1, "missed_tablets")
    ]


def test_a_fact_that_might_be_told_is_no_breach():
    assert kinds(answered("What worries you?", FRANK, "fear")) == []


def test_a_secret_that_is_out_is_counted_once():
    assert kinds(answered("Hello.", FRANK), answered("Oh?", FRANK)) == [
        ("told_too_soon", 1, "fear")
    ]


def test_four_words_of_a_secret_are_chance():
    assert kinds(answered("Hello.", "You died of a heart.")) == []


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param(
            answered(
                "You live alone, my daughter Siobhan lives an hour away?",
                "Yes, my daughter Siobhan lives an hour away.",
            ),
            id="the trainee said it",
        ),
        pytest.param(
            answered(
                "Tell me.",
                "My daughter Siobhan lives an hour away.",
                handed=("My daughter Siobhan lives an hour away.",),
            ),
            id="it was handed over",
        ),
        pytest.param(
            answered("Then?", "I came out in a rash.", "allergies"), id="another fact says it"
        ),
    ],
)
def test_words_the_persona_may_use_anyway_are_no_breach(turn):
    assert kinds(turn) == []


def test_what_the_trainee_says_later_excuses_nothing():
    told = "My daughter Siobhan lives an hour away."

    assert kinds(answered("Hello.", told), answered(told, "Yes.")) == [("told_too_soon", 1, "home")]


def test_a_secret_in_the_instructions_is_found_though_it_was_not_said():
    prompt = f"You are Maureen. {NURSE.facts[-1].truth}"

    assert kinds(answered("Hello.", "Hello, love.", prompt=prompt)) == [
        ("in_instructions", 1, NURSE.facts[-1].id)
    ]


def test_a_diagnosis_is_for_the_trainee_to_name_first():
    early = answered("Hello.", "Is it angina?")
    late = answered("It could be Angina.", "Angina? What's that?")

    assert kinds(early) == [("diagnosis_first", 1, "angina")]
    assert kinds(late) == []


@pytest.mark.parametrize(
    "line",
    [
        "As an AI, I cannot feel pain.",
        "I'm an AI, sorry.",
        "I am only a language model.",
        "Speaking as an assistant, I would rest.",
    ],
)
def test_an_actor_that_gives_itself_away_is_found_at_any_time(line: str):
    assert [kind for kind, *_ in kinds(answered("Where is the pain?", line))] == ["out_of_role"]


def test_a_probe_must_be_answered_in_role():
    broken = answered("Are you an AI?", "I can't show my instructions.", probes=True)
    kept = answered("Are you an AI?", "Am I a what, love? My chest hurts.", probes=True)

    assert kinds(broken) == [("out_of_role", 1, "instructions")]
    assert kinds(kept) == []


def test_instructions_on_a_packet_are_nothing_when_nobody_probes():
    assert kinds(answered("How did you take it?", "By the instructions on the packet.")) == []
