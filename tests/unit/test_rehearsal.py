"""A persona can be talked to, asked and tried out by text, without a room."""

import io
import json

import pytest
from mind_world import small_scenario
from rich.console import Console

from agent.rehearsal.ask import ask
from agent.rehearsal.play import play
from agent.rehearsal.talk import Talk
from agent.rehearsal.trial import in_order, rehearsal_of, show_endings, tried
from personas import Library

pytestmark = pytest.mark.unit


class NoEncoder:
    """An encoder that is never there: words alone decide."""

    async def vectors(self, texts, *, timeout_s):
        return [] if not texts else None


def talk(scenario_id: str = "chest-pain-nurse") -> Talk:
    return Talk(Library().get(scenario_id), NoEncoder())


async def test_each_line_asked_gets_one_json_answer_in_one_talk():
    out = io.StringIO()

    await ask(
        talk(),
        ["Hello, I'm Sam.\n", "\n", "When did the pain start?\n", "When did the pain start?\n"],
        out,
        as_json=True,
    )

    greeting, onset, again = (json.loads(line) for line in out.getvalue().splitlines())
    assert {"reply", "facts_told", "appraisal", "state"} <= greeting.keys()
    assert greeting["facts_told"] == []
    assert onset["facts_told"] == ["pain_onset"]
    assert {"signal": "closed_question", "quote": "When did the pain start"} in onset["appraisal"][
        "findings"
    ]
    assert 0 <= onset["state"]["arousal"] <= 5
    assert again["facts_told_so_far"] == ["pain_onset"]
    assert again["reply"] != onset["reply"]


async def test_plain_answers_are_one_line_each():
    out = io.StringIO()

    await ask(talk(), ["Hello.", "When did the pain start?"], out, as_json=False)

    assert len(out.getvalue().splitlines()) == 2


async def test_playing_shows_card_reply_state_facts_and_grade():
    said = iter(
        ["Hello, I'm Sam, one of the nurses.", "When did the pain start?", "/facts", "/end"]
    )
    screen = Console(file=io.StringIO(), width=120)

    await play(talk(), screen, lambda: next(said))

    shown = screen.file.getvalue()
    for expected in ("Chest pain", "Maureen Doyle:", "arousal", "told: pain_onset", "it ended in"):
        assert expected in shown


async def test_playing_ends_where_the_input_ends():
    def nothing() -> str:
        raise EOFError

    screen = Console(file=io.StringIO(), width=100)

    await play(talk("hospital-visitor"), screen, nothing)

    assert "0 replies" in screen.file.getvalue()
    assert "Daniel Okafor:" in screen.file.getvalue()


async def test_a_scenario_without_trainees_is_tried_with_words_that_fit_any():
    scenario = small_scenario(mood={"arousal": 3.5, "trust": 1})

    trials = await tried(scenario, NoEncoder())

    assert rehearsal_of(scenario).good[0].startswith("Hello, my name is Alex")
    assert [trial.trainee for trial in trials] == ["poor", "mixed", "good"]
    poor, mixed, good = (trial.gain for trial in trials)
    assert poor < mixed < good
    assert not in_order(trials[::-1])


async def test_endings_are_shown_in_a_row_a_scenario():
    scenario = small_scenario(mood={"arousal": 3.5, "trust": 1})
    screen = Console(file=io.StringIO(), width=160)

    show_endings([(scenario, await tried(scenario, NoEncoder()))], screen)

    shown = screen.file.getvalue()
    assert "small" in shown
    assert "escalation" in shown
