"""A question finds its fact by meaning, or by its words when there are no vectors."""

import numpy as np
import pytest
from mind_world import small_scenario

from agent.mind.disclosure import FactIndex, Sentence, sentences_of
from agent.mind.relevance import Forest, question_word
from personas import Library
from personas.bank import QuestionBank, load_bank

pytestmark = pytest.mark.unit

PATIENT = Library().get("chest-pain-nurse")
BANK = load_bank("en")
NONE = QuestionBank(language="en", topics={})


def asking(text: str) -> Sentence:
    return Sentence(text, asks=True)


def found(reply: str, *, told: tuple[str, ...] = ()) -> str | None:
    asked = FactIndex(PATIENT, BANK).asked([*map(asking, sentences_of(reply))], None, told=told)
    return asked.fact.id if asked and asked.fact else None


@pytest.mark.parametrize(
    ("reply", "fact"),
    [
        ("When did the pain start?", "pain_onset"),
        ("and does the pain spread to your arm", "pain_radiation"),
        ("Thank you. Are you allergic to anything?", "allergies"),
        ("Do you smoke?", "smoking"),
        ("Good morning to you.", None),
        ("What is the capital of France?", None),
    ],
)
def test_words_alone_find_the_plain_questions(reply: str, fact: str | None):
    assert found(reply) == fact


def test_trees_add_up_what_their_branches_say():
    # One tree: feature 0 up to 0.5 is -1, above it 2; another that always says 1.
    forest = Forest(
        feature=np.array([[0, 0, 0], [0, 0, 0]]),
        threshold=np.array([[0.5, 0, 0], [0, 0, 0]], np.float32),
        left=np.array([[1, 1, 2], [0, 1, 2]]),
        right=np.array([[2, 1, 2], [0, 1, 2]]),
        value=np.array([[0, -1, 2], [1, 0, 0]], np.float32),
        base=-0.5,
        depth=2,
    )

    chances = forest.chances(np.array([[0.4], [0.6]], np.float32))

    assert chances == pytest.approx([1 / (1 + np.exp(0.5)), 1 / (1 + np.exp(-2.5))], abs=1e-5)


def test_of_two_facts_that_fit_the_one_not_told_yet_wins():
    scenario = small_scenario(
        facts=[
            {
                "id": each,
                "reveal": "when_asked",
                "truth": f"It is {each}.",
                "questions": ["What is your ticket number?"],
                "say": ["That."],
            }
            for each in ("one", "two")
        ]
    )
    index = FactIndex(scenario, NONE)

    def asked(*told: str) -> str | None:
        found = index.asked([asking("What is your ticket number?")], None, told=told)
        return found.fact.id if found and found.fact else None

    assert asked("one") == "two"
    assert asked("two") == "one"


def test_sympathy_about_something_told_does_not_ask_for_it_again():
    index = FactIndex(PATIENT, BANK)
    words = Sentence("When did the pain start.", asks=False)

    fresh = index.asked([words], None, told=())
    told = index.asked([words], None, told=("pain_onset",))

    assert fresh is not None
    assert fresh.fact is not None
    assert told is None or told.fact is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("How long have you had it?", "how long"),
        ("And how are you?", "how"),
        ("Is it sore?", ""),
        ("So who told you that?", "who"),
    ],
)
def test_the_question_word_says_what_kind_of_answer_is_wanted(text: str, word: str):
    assert question_word(text) == word


def test_speech_without_punctuation_is_one_sentence():
    assert sentences_of("hello where is the pain") == ["hello where is the pain"]
    assert sentences_of("Hello. Where is it?") == ["Hello.", "Where is it?"]


def test_a_statement_about_the_same_thing_does_not_ask_for_it():
    words = "Press this button if the pain starts again, and I will be there."
    index = FactIndex(PATIENT, BANK)

    assert index.asked([Sentence(words, asks=False)], None, told=()) is None


def test_an_order_to_describe_asks_although_it_is_no_question():
    index = FactIndex(PATIENT, BANK)

    asked = index.asked([Sentence("Describe the pain for me.", asks=False)], None, told=())

    assert asked is not None
    assert asked.fact is not None
    assert asked.fact.id == "pain_character"
