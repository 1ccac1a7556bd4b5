"""What tests of the mind say to a persona: replies as they were heard, and a small person."""

from agent.mind.appraisal import Appraisal, Finding, Signal
from agent.mind.disclosure import Asked
from agent.mind.listening import Heard
from personas.model import Fact, Scenario


def saying(
    *signals: Signal, words: str = "words", asked: Fact | None = None, topics=(), **more
) -> Heard:
    """Return a reply in which these signals were found."""
    found = Appraisal(tuple(Finding(signal, "…", 0) for signal in signals), words=5, questions=0)
    about = Asked(asked, 0.9, frozenset(topics)) if asked is not None or topics else None
    return Heard(words, found, about, **more)


def small_scenario(**changes) -> Scenario:
    """Return a scenario with as little in it as may be, changed as told."""
    lists = (
        "greeting complaint soothed provoked agreeing resisting unknown deflecting silence closing"
    )
    scenario = {
        "id": "small",
        "kind": "subject",
        "rubric": "de-escalation",
        "card": {
            "title": "Small",
            "profession": "security",
            "setting": "A door",
            "role": "You are at the door.",
            "background": "Somebody wants to come in.",
            "tasks": ["Talk."],
        },
        "person": {
            "name": "Ada Small",
            "age": 40,
            "gender": "female",
            "character": "You want to come in and nobody lets you.",
            "speech": "Plain and short.",
            "wants": "To come in.",
        },
        "facts": [
            {"id": "why", "reveal": "freely", "truth": "I am cold.", "say": ["I am cold."]},
        ],
        "lines": {
            name: [f"{name} {number}." for number in ("one", "two", "three")]
            for name in lists.split()
        },
    }
    return Scenario.model_validate({**scenario, **changes})
