"""A question finds its fact by meaning, or by its words when there are no vectors."""

import numpy as np
import pytest

from agent.mind.disclosure import FactIndex, Sentence, questions_of, sentences_of
from personas import Library
from personas.bank import QuestionBank, load_bank

pytestmark = pytest.mark.unit

PATIENT = Library().get("chest-pain-nurse")
BANK = load_bank("en")
NONE = QuestionBank(language="en", topics={})
OWN = [question.text for question in questions_of(PATIENT, NONE)]


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


def test_meaning_decides_where_there_are_vectors():
    questions = OWN
    axis = {
        question: np.eye(len(questions), dtype=np.float32)[n]
        for n, question in enumerate(questions)
    }
    index = FactIndex(PATIENT, NONE, [axis[question] for question in questions])

    asked = index.asked([asking("entirely other words")], [axis["Do you live alone?"]], told=())

    assert asked is not None
    assert asked.fact is not None
    assert asked.fact.id == "home"


def test_vectors_far_from_every_question_find_nothing():
    questions = OWN
    index = FactIndex(
        PATIENT,
        NONE,
        [np.eye(len(questions) + 1, dtype=np.float32)[n] for n in range(len(questions))],
    )

    asked = index.asked([asking("hm")], [np.eye(len(questions) + 1, dtype=np.float32)[-1]], told=())

    assert asked is None


def test_of_two_facts_that_fit_the_one_not_told_yet_wins():
    questions = OWN
    size = len(questions)
    index = FactIndex(PATIENT, NONE, list(np.eye(size, dtype=np.float32)))
    between = np.zeros(size, dtype=np.float32)
    between[[questions.index("Do you smoke?"), questions.index("Do you live alone?")]] = 0.7071

    fresh = index.asked([asking("x")], [between], told=("smoking",))
    other = index.asked([asking("x")], [between], told=("home",))

    assert fresh is not None
    assert other is not None
    assert (fresh.fact.id, other.fact.id) == ("home", "smoking")


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
