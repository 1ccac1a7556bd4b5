"""The scripted persona keeps its secrets, answers what it is asked, and does not repeat itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mind_world import saying, small_scenario

from agent.mind.appraisal import Signal, load_lexicon
from agent.mind.direction import prompt
from agent.mind.listening import Heard
from agent.mind.mood import Mood
from agent.mind.script import Answer, Mind, aside, awake, respond
from personas import Library
from personas.model import Scenario

pytestmark = pytest.mark.unit

LEXICON = load_lexicon("en")
PATIENT = Library().get("chest-pain-nurse")
SUBJECT = Library().get("hospital-visitor")
FACTS = {fact.id: fact for fact in PATIENT.facts}
SAFETY = {
    "about": "others",
    "above": 4.5,
    "steps": [{"id": "ask", "label": "Ask", "topics": ["harm_others"]}],
    "lines": ["I will break that door."],
    "relieved": ["I would not hurt anybody."],
}


def answered(scenario: Scenario, mind: Mind, heard: Heard) -> Answer:
    return respond(scenario, mind, heard, LEXICON)


def test_a_question_gets_its_fact():
    answer = answered(
        PATIENT, awake(PATIENT), saying(Signal.CLOSED_QUESTION, asked=FACTS["pain_onset"])
    )

    assert answer.line.endswith(FACTS["pain_onset"].say)
    assert answer.mind.told == ("pain_onset",)


def test_a_trusted_fact_is_kept_back_until_trust_is_earned():
    fear = FACTS["fear"]
    wary, trusting = (Mind(Mood(2, trust)) for trust in (1.0, 4.5))

    kept = answered(PATIENT, wary, saying(Signal.OPEN_QUESTION, asked=fear))
    told = answered(PATIENT, trusting, saying(Signal.OPEN_QUESTION, asked=fear))

    assert (kept.line in fear.guarded, kept.mind.told) == (True, ())
    assert (told.line.endswith(fear.say), told.mind.told) == (True, ("fear",))


def test_a_greeting_gets_no_story():
    answer = answered(PATIENT, awake(PATIENT), saying(Signal.GREETING))

    assert answer.line in PATIENT.lines.greeting


def test_an_invited_story_goes_on_where_it_stopped():
    mind, told = awake(SUBJECT), []
    for _ in SUBJECT.lines.complaint:
        answer = answered(SUBJECT, mind, saying(Signal.INVITATION))
        mind = answer.mind
        told.append(answer.line)

    assert told == list(SUBJECT.lines.complaint)


def test_talk_of_instructions_is_deflected_and_tells_nothing():
    asked = FACTS["pain_place"]
    heard = saying(Signal.OUT_OF_ROLE, Signal.CLOSED_QUESTION, asked=asked)

    answer = answered(PATIENT, Mind(Mood(1, 5)), heard)

    assert answer.line in PATIENT.lines.deflecting
    assert answer.mind.told == ()


def test_a_question_asked_again_is_noticed_and_answered_in_other_words():
    scenario = small_scenario(
        facts=[
            {
                "id": "age",
                "reveal": "when_asked",
                "truth": "I am forty.",
                "topics": ["age"],
                "say": ["I'm forty.", "Forty."],
            }
        ],
        lines={**small_scenario().lines.model_dump(), "again": ["I said already."]},
    )
    question = saying(Signal.CLOSED_QUESTION, asked=scenario.facts[0])
    mind, said = Mind(Mood(1, 4)), []
    for _ in range(3):
        answer = answered(scenario, mind, question)
        mind = answer.mind
        said.append(answer.line)

    assert said == ["I'm forty.", "I said already. Forty.", "I said already. I'm forty."]


def test_what_was_said_is_said_back_and_nothing_else():
    told = saying(Signal.SAFETY, statements=("You should press the red button.",))
    mind = answered(PATIENT, Mind(Mood(1, 4)), told).mind

    answer = answered(PATIENT, mind, saying(Signal.TEACH_BACK, Signal.CHECK_UNDERSTANDING))

    assert "I should press the red button" in answer.line
    assert answer.say_back == "I should press the red button"


def test_with_nothing_said_there_is_nothing_to_say_back():
    answer = answered(small_scenario(), Mind(Mood(1, 4)), saying(Signal.TEACH_BACK))

    assert answer.kind == "nothing_said" or answer.line.startswith("unknown")


def test_a_red_line_is_answered_as_such():
    red = SUBJECT.mood.red_lines[0]

    answer = answered(SUBJECT, awake(SUBJECT), saying(red_lines=(red,)))

    assert answer.line in red.lines


def test_news_takes_the_persona_a_moment():
    scenario = small_scenario(
        mood={"news": [{"phrases": ["she died"], "because": "loss", "lines": ["No."]}]}
    )

    answer = answered(scenario, Mind(Mood(2, 3)), saying(news=scenario.mood.news))

    assert (answer.line, answer.pause_s) == ("No.", 3)


def test_what_no_fact_answers_is_not_known():
    answer = answered(PATIENT, awake(PATIENT), saying(Signal.CLOSED_QUESTION))

    assert answer.line in PATIENT.lines.unknown


def test_an_open_question_about_something_else_is_no_invitation_to_the_story():
    answer = answered(SUBJECT, awake(SUBJECT), saying(Signal.OPEN_QUESTION, topics=["job"]))

    assert answer.line in SUBJECT.lines.unknown


def test_an_offer_is_resisted_in_anger_and_taken_in_calm():
    offer = saying(Signal.SOLUTION)

    angry = answered(
        SUBJECT,
        Mind(Mood(5, 0.5), danger="handled", said=SUBJECT.safety.relieved)
        if SUBJECT.safety
        else Mind(Mood(5, 0.5)),
        offer,
    )
    calm = answered(SUBJECT, Mind(Mood(2, 3)), offer)

    assert angry.line in SUBJECT.lines.resisting
    assert calm.line in SUBJECT.lines.agreeing


def test_a_threat_stays_in_the_room_until_it_is_taken_up():
    scenario = small_scenario(safety=SAFETY)
    mind = Mind(Mood(4.2, 1))

    opened = answered(scenario, mind, saying(Signal.THREAT))
    passed_over = answered(scenario, opened.mind, saying(Signal.GREETING))
    taken_up = answered(scenario, passed_over.mind, saying(steps=frozenset({"ask"})))

    assert opened.mind.danger == "open"
    assert (passed_over.kind, passed_over.line) == ("danger", "I will break that door.")
    assert passed_over.mind.mood.arousal >= opened.mind.mood.arousal
    assert (taken_up.mind.danger, taken_up.line) == ("handled", "I would not hurt anybody.")


def test_a_told_fact_can_bring_up_the_danger():
    scenario = small_scenario(
        facts=[
            {
                "id": "plan",
                "reveal": "when_trusted",
                "truth": "I have thought of dying.",
                "topics": ["self_harm"],
                "say": ["I've thought about it."],
            }
        ],
        safety={**SAFETY, "about": "self", "above": None, "facts": ["plan"]},
    )

    answer = answered(scenario, Mind(Mood(2, 4)), saying(asked=scenario.facts[0]))

    assert answer.mind.danger == "open"


def test_asked_for_questions_the_persona_asks_its_own_one_after_the_other():
    lines = {**small_scenario().lines.model_dump(), "asking": ["Why?", "When?"], "no_more": ["No."]}
    scenario = small_scenario(lines=lines)
    mind, said = Mind(Mood(1, 4)), []
    for _ in range(3):
        answer = answered(scenario, mind, saying(Signal.QUESTIONS_WELCOME))
        mind = answer.mind
        said.append(answer.line)

    assert said == ["Why?", "When?", "No."]


def test_silence_is_broken_with_another_line_each_time():
    first, mind = aside(PATIENT, awake(PATIENT), "silence")
    second, _ = aside(PATIENT, mind, "silence")

    assert first != second


turns = st.lists(
    st.tuples(
        st.lists(st.sampled_from(list(Signal)), max_size=4),
        st.sampled_from([None, *PATIENT.facts]),
    ),
    max_size=40,
)


@given(turns)
def test_no_turn_tells_more_than_one_new_fact_nor_one_that_may_not_be_told(turns):
    mind = awake(PATIENT)
    for signals, fact in turns:
        before = mind
        answer = answered(PATIENT, mind, saying(*signals, asked=fact))
        mind = answer.mind
        new = mind.told[len(before.told) :]
        assert len(new) <= 1
        for fact_id in new:
            trusted = mind.mood.trust >= PATIENT.mood.trust_needed
            assert FACTS[fact_id].reveal != "when_trusted" or trusted


@given(st.lists(st.sampled_from([None, *PATIENT.facts]), max_size=10), st.floats(0, 5))
def test_the_prompt_holds_only_what_may_be_said(facts, trust):
    mind = Mind(Mood(2, round(trust, 2)))
    for fact in facts:
        answer = answered(PATIENT, mind, saying(Signal.OPEN_QUESTION, asked=fact))
        text = prompt(PATIENT, answer, known=mind.told)
        mind = answer.mind
        hidden = [
            each.truth
            for each in PATIENT.facts
            if each.id not in mind.told and each.reveal != "freely"
        ]
        assert [truth for truth in hidden if truth in text] == []


@given(st.lists(st.sampled_from(list(Signal)), min_size=1, max_size=3))
def test_planning_changes_nothing(signals):
    mind = awake(SUBJECT)

    assert answered(SUBJECT, mind, saying(*signals)) == answered(SUBJECT, mind, saying(*signals))
    assert mind == awake(SUBJECT)


def test_a_threat_made_in_a_rage_passes_with_the_rage():
    scenario = small_scenario(safety=SAFETY)
    mind = Mind(Mood(3.55, 2), danger="open")

    answer = answered(scenario, mind, saying(Signal.EMPATHY, Signal.SOLUTION))

    assert answer.mind.danger == "none"


def test_kindness_does_not_make_a_threat_worse():
    scenario = small_scenario(safety=SAFETY)
    mind = Mind(Mood(4.8, 1), danger="open")

    answer = answered(scenario, mind, saying(Signal.EMPATHY))

    assert answer.mind.danger == "open"
    assert answer.mind.mood.arousal < 4.8
