"""Tasks of the card: done only with words that show it, and never called failed."""

import numpy as np
import pytest
from assessment_world import LEXICON, SCENARIO, grade_all, make_encounter
from report_samples import grade

from agent.assessment.aims import aims_of
from agent.assessment.facts import missed, told_in
from agent.assessment.report import make_report
from agent.assessment.rubric import load_rubric
from agent.assessment.tasks import texts_to_compare
from agent.encounter import Encounter
from agent.mind.lexicon import Signal
from agent.protocol import GraderVersion, PersonaState, TaskResult
from personas import Library
from personas.bank import QuestionBank, load_bank
from personas.model import Safety

pytestmark = pytest.mark.unit

UPSET = ("persona", "I've been waiting four hours and nobody tells me anything!")
HEARD = ("trainee", "You've been waiting four hours, that is far too long, and I'm sorry.")


def results(task: str, *turns: tuple[str, str], **given: object) -> TaskResult:
    """Return how far one task was done in a talk."""
    encounter = make_encounter(*turns)
    card = SCENARIO.card.model_copy(update={"tasks": (task,)})
    encounter.scenario = SCENARIO.model_copy(
        update={"card": card, "safety": given.pop("safety", None)}
    )
    vectors = given.pop("vectors", None)
    if given.pop("graded", True):
        grade_all(encounter)
    for name, value in given.items():
        setattr(encounter, name, value)
    report = make_report(
        encounter,
        rubric=load_rubric("de-escalation"),
        grader=GraderVersion(kind="local", model="rules-en", version="1"),
        providers={},
        duration_s=20,
        partial=False,
        vectors=vectors,  # type: ignore[arg-type]
    )
    return report.tasks[0]


def test_task_is_done_with_the_sentence_that_shows_it() -> None:
    done = results("Show that you have heard him.", UPSET, HEARD)

    assert done.status == "done"
    assert [(each.exchange, each.quote) for each in done.evidence] == [(0, HEARD[1])]
    assert done.missing == []


def test_task_of_two_parts_with_one_of_them_is_partly_done_and_says_what_is_missing() -> None:
    partly = results("Show that you have heard him, and agree a next step.", UPSET, HEARD)

    assert partly.status == "partly"
    assert partly.missing == ["agree a next step"]


def test_what_nobody_did_is_not_seen() -> None:
    unseen = results("Show that you have heard him.", UPSET, ("trainee", "Take a seat."))

    assert (unseen.status, unseen.evidence) == ("not_seen", [])
    assert results("Show that you have heard him.").status == "not_seen"


def test_kind_words_in_a_reply_that_provokes_show_nothing() -> None:
    threat = ("trainee", "I can see you're upset. Shut up, you idiot, or I'll have you thrown out!")

    unseen = results("Show that you have heard him.", UPSET, threat, graded=False)

    assert unseen.status == "not_seen"


def test_right_words_in_a_reply_that_was_graded_poor_show_nothing() -> None:
    poor = grade(30)
    done = results("Show that you have heard him.", UPSET, HEARD, graded=False)

    assert done.status == "done"
    assert (
        results(
            "Show that you have heard him.", UPSET, HEARD, graded=False, grades={0: poor}
        ).status
        == "not_seen"
    )


def test_question_explains_nothing() -> None:
    task = "Explain what happens next."
    asked = ("trainee", "First, have you been here because the ward is closed?")
    told = ("trainee", "First I'll ring the ward, because they know where she is.")

    assert results(task, UPSET, asked, graded=False).status == "not_seen"
    assert results(task, UPSET, told, graded=False).status == "done"


def test_nothing_is_agreed_by_the_first_words_nor_in_a_talk_that_escalated() -> None:
    offer = ("trainee", "I'll ring the ward for you now.")
    worse = {1: PersonaState(arousal=5, trust=0)}

    assert results("Agree a next step.", UPSET, offer).status == "not_seen"
    assert results("Agree a next step.", UPSET, HEARD, UPSET, offer).status == "done"
    assert (
        results("Agree a next step.", UPSET, HEARD, UPSET, offer, states=worse).status == "not_seen"
    )


def test_fact_that_came_to_light_shows_that_it_was_asked_for() -> None:
    asked = ("trainee", "Tell me, who is in there?")
    talk = (UPSET, asked, ("persona", "My mother."))

    found = results("Find out about his mother.", *talk, facts_told=["her_mother"])

    assert found.status == "done"
    assert [each.exchange for each in found.evidence] == [0]
    assert results("Find out about his mother.", UPSET, asked).status == "not_seen"


def test_nobody_is_kept_safe_while_the_danger_is_open() -> None:
    safety = Safety.model_validate(
        {
            "about": "others",
            "steps": [{"id": "asks", "label": "Asks about harm", "phrases": ["hurt anyone"]}],
            "lines": ["I'll break it."],
            "relieved": ["No."],
        }
    )
    asks = ("trainee", "I have to ask you, are you going to hurt anyone?")
    given = {"safety": safety, "safety_steps": frozenset({"asks"})}

    assert results("Keep him safe.", UPSET, asks, danger="handled", **given).status == "done"
    assert results("Keep him safe.", UPSET, asks, danger="open", **given).status == "not_seen"


def test_one_provoking_reply_takes_back_that_it_was_done_with_respect() -> None:
    rude = ("trainee", "Calm down, you idiot!")

    assert results("Speak to him with respect.", UPSET, HEARD).status == "done"
    assert results("Speak to him with respect.", UPSET, HEARD, UPSET, rude).status == "not_seen"


def test_like_meaning_shows_what_no_rule_knows() -> None:
    task = "Mention the garden."
    said = "There are benches under the trees outside."
    one, other = np.array([1.0, 0.0], np.float32), np.array([0.8, 0.6], np.float32)
    far = np.array([0.1, 0.99], np.float32)

    def status(vector: np.ndarray | None) -> TaskResult:
        vectors = {} if vector is None else {"Mention the garden": one, said: vector}
        return results(task, UPSET, ("trainee", said), graded=False, vectors=vectors)

    assert status(None).status == "not_seen"
    assert status(far).status == "not_seen"
    near = status(other)
    assert (near.status, near.evidence[0].quote) == ("done", said)


def test_texts_to_compare_are_the_parts_and_the_sentences_once_each() -> None:
    encounter = make_encounter(UPSET, ("trainee", "Hello. Hello. How are you?"))

    assert texts_to_compare(SCENARIO, encounter.replies(), LEXICON) == [
        "Help",
        "Hello.",
        "How are you?",
    ]


@pytest.mark.parametrize("scenario_id", Library().ids())
def test_every_card_of_the_library_is_read_by_rule(scenario_id: str) -> None:
    for task in Library().get(scenario_id).card.tasks:
        aims = aims_of(task, LEXICON)
        assert aims
        assert all(aim.words and aim.words in task for aim in aims)
        assert any(aim.signals or aim.topics or aim.hidden for aim in aims) or aims[0].stems


def test_things_to_ask_about_are_aims_of_their_own() -> None:
    aims = aims_of("Ask about her fever, drinking and everything she has been given.", LEXICON)

    assert [aim.words for aim in aims] == [
        "about her fever",
        "drinking",
        "everything she has been given",
    ]
    assert "child_drinking" in aims[1].topics
    assert "medicines" in aims[2].topics


def test_how_to_speak_is_an_aim_apart() -> None:
    what, how = aims_of("Explore why she says no, without pressing her.", LEXICON)

    assert (what.words, how.words) == ("Explore why she says no", "without pressing her")
    assert how.manner
    assert Signal.EMPATHY in how.signals


def test_topic_that_was_left_is_named_without_what_would_have_been_told() -> None:
    for scenario_id in Library().ids():
        scenario = Library().get(scenario_id)
        encounter = make_encounter()
        encounter.scenario = scenario
        bank = load_bank(scenario.language)
        told = " ".join(missed(encounter, bank)).lower()
        for fact in scenario.facts:
            assert fact.truth.lower() not in told
            assert not any(way.lower() in told for way in fact.say)
    assert missed(make_encounter(), QuestionBank(language="en", topics={})) == [
        "Something told only when asked",
        "Something told only once there is trust",
    ]


def test_topic_that_was_left_comes_with_a_question_of_the_bank() -> None:
    encounter = make_encounter(facts_told=["her_mother"])
    fact = SCENARIO.facts[2].model_copy(update={"topics": ("fears",)})
    encounter.scenario = SCENARIO.model_copy(update={"facts": (*SCENARIO.facts[:2], fact)})
    bank = QuestionBank(language="en", topics={"fears": ("What worries you most?",)})

    assert missed(encounter, bank) == ["Fears (“What worries you most?”)"]


def test_fact_was_brought_out_by_the_reply_before_the_line_that_tells_it() -> None:
    encounter: Encounter = make_encounter(
        UPSET,
        HEARD,
        ("persona", "Thank you."),
        ("trainee", "What are you afraid of?"),
        ("persona", "That she dies."),
        facts_told=["the_fear", "gone"],
    )

    assert told_in(encounter, encounter.replies(), {}) == {"the_fear": 1}
