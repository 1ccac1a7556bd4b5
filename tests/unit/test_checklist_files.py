"""Checklists as files: every one can be read, and a broken one says what is wrong."""

from pathlib import Path

import pytest
from assessment_world import SCENARIO

from agent.assessment import checklist as checklist_module
from agent.assessment.checklist import (
    ChecklistError,
    checklists,
    chosen,
    load_checklist,
    read_checklist,
)
from agent.mind.lexicon import Signal
from personas.bank import load_bank
from personas.library import Library

pytestmark = pytest.mark.unit

SPIKES = Path(checklist_module.__file__).parent / "checklists" / "spikes.yaml"


def test_the_instruments_of_the_field_are_there() -> None:
    assert {"spikes", "beta", "icat", "leaps", "consultation"} <= set(checklists())
    assert len(load_checklist("beta").steps) == 10
    assert len(load_checklist("icat").steps) == 5
    assert len(load_checklist("leaps").steps) == 5
    assert len({step.part for step in load_checklist("spikes").steps}) == 6


@pytest.mark.parametrize("checklist_id", checklists())
def test_every_step_has_an_id_and_a_name_of_its_own(checklist_id: str) -> None:
    steps = load_checklist(checklist_id).steps

    assert len({step.id for step in steps}) == len(steps)
    assert len({step.name for step in steps}) == len(steps)


@pytest.mark.parametrize("checklist_id", checklists())
def test_every_topic_and_signal_looked_for_is_known(checklist_id: str) -> None:
    signs = list(load_checklist(checklist_id).signs())

    assert {topic for sign in signs for topic in sign.topics} <= set(load_bank("en").topics)
    assert {signal for sign in signs for signal in (*sign.signals, *sign.unless)} <= set(Signal)


@pytest.mark.parametrize("checklist_id", checklists())
def test_nothing_said_takes_itself_back(checklist_id: str) -> None:
    for sign in load_checklist(checklist_id).signs():
        assert not set(sign.signals) & set(sign.unless)


def test_every_scenario_names_checklists_there_are() -> None:
    library = Library()

    for scenario_id in library.ids():
        assert set(chosen(library.get(scenario_id))) <= set(checklists())


def test_scenarios_of_bad_news_and_of_confrontation_bring_their_own() -> None:
    library = Library()

    for scenario_id in ("bowel-cancer-result", "stroke-relative"):
        assert "spikes" in chosen(library.get(scenario_id))
    for scenario_id in ("shop-theft-stop", "fare-dispute", "neighbour-dispute"):
        assert "icat" in chosen(library.get(scenario_id))


def test_scenario_without_checklists_has_those_of_its_kind() -> None:
    patient = SCENARIO.model_copy(update={"kind": "patient"})
    own = SCENARIO.model_copy(update={"checklists": ("icat",)})

    assert chosen(SCENARIO) == ["beta", "leaps"]
    assert chosen(patient) == ["consultation"]
    assert chosen(own) == ["icat"]


def test_unknown_checklist_names_the_known_ones() -> None:
    with pytest.raises(ChecklistError, match=r"no checklist named 'x'; known: beta, "):
        load_checklist("x")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("signals: [introduction]", "signals: [introduktion]", "signals.0"),
        ("id: perception", "id: setting", "used twice"),
        ("before: news", "before: storm", "no landmark named storm"),
        ("{at: news, words_after: 8, unless", "{words_after: 8, unless", "names signals"),
        ("{after: news, within: 1, signals", "{within: 1, signals", "'within' needs 'after'"),
        ("{at: news, words_after: 8}", "{news: true, words_after: 8}", "'words_after' needs 'at'"),
        ("    - news: true", "    - {news: true, after: news}", "placed by another"),
        (
            "    shown_by:\n      - {topics: [understanding",
            "    what:\n      - {topics: [u",
            "what",
        ),
        ("id: spikes", "id: other", "not the file's name"),
        ("version:", "version: [", "cannot be read"),
    ],
)
def test_broken_checklist_says_what_is_wrong(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    text = SPIKES.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "spikes.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ChecklistError) as caught:
        read_checklist(path)

    assert "spikes.yaml" in str(caught.value)
    assert problem in str(caught.value)


def test_step_that_says_nothing_to_look_for_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "id: mine\nversion: '1'\nname: Mine\n"
        "about: Something of our own to look for, made for this test.\n"
        "steps:\n"
        "  - {id: a, name: One, looks: Does the one thing.}\n"
        "  - {id: b, name: Two, looks: Does the other., shown_by: [{signals: [empathy]}]}\n",
        encoding="utf-8",
    )

    with pytest.raises(ChecklistError, match="'a' says neither what shows nor what spoils it"):
        read_checklist(path)
