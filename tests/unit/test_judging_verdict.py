"""A verdict is whole or it is an error, and `python -m agent.judging` says it in full."""

import io
import json
from pathlib import Path

import pytest
from judging_world import NURSE, ScriptedModel, answered, claim, deduction, marked, talk_of
from rich.console import Console

from agent.judging.__main__ import as_document, main
from agent.judging.acting import PROBES
from agent.judging.errors import JudgingError
from agent.judging.judge import PROMPT_VERSION, Judge, Verdict
from agent.judging.live import replies_of
from agent.judging.show import show

pytestmark = pytest.mark.unit

TALK = talk_of(answered("Where is it?", "In the [b]middle[/b], love.", "pain_place"))
NOTHING = {"deductions": []}
SUPPORTED = marked([claim("pain_place", "In the")])


async def verdict(realism: object = NOTHING, consistency: object = SUPPORTED, talk=TALK) -> Verdict:
    return await Judge(ScriptedModel(realism, consistency), name="a-judge").read(talk)


async def test_a_real_and_faithful_persona_holds_up():
    assert (await verdict()).holds_up()


@pytest.mark.parametrize(
    ("realism", "consistency", "talk"),
    [
        pytest.param(
            {"deductions": [deduction("profile", 20, "love")]}, SUPPORTED, TALK, id="not real"
        ),
        pytest.param(NOTHING, marked([claim("fear", "love")]), TALK, id="a leak"),
        pytest.param(
            NOTHING, marked([claim("fear", "love", "contradicts")]), TALK, id="a contradiction"
        ),
        pytest.param(
            NOTHING, marked([]), talk_of(answered("Hello.", "I'm an AI.")), id="a breach by rule"
        ),
    ],
)
async def test_one_fault_is_enough_not_to_hold_up(realism, consistency, talk):
    assert not (await verdict(realism, consistency, talk)).holds_up()


async def test_half_a_verdict_is_none():
    with pytest.raises(JudgingError):
        await verdict(consistency="I would rather not")


async def test_a_talk_without_lines_is_not_judged():
    with pytest.raises(JudgingError) as refused:
        await verdict(talk=talk_of())

    assert refused.value.code == "nothing_to_judge"


async def test_the_document_says_everything_and_who_judged():
    found = json.loads(json.dumps(as_document(TALK, await verdict())))

    assert (found["scenario_id"], found["judge"], found["holds_up"]) == (NURSE.id, "a-judge", True)
    assert found["prompt_version"] == PROMPT_VERSION
    assert (found["realism"]["score"], found["realism"]["looks_real"]) == (100, True)
    assert found["consistency"]["lines"][0]["mark"] == "supported"
    assert (found["consistency"]["leaks"], found["breaches"]) == (0, [])
    assert "pain_place" in found["talk"][0]["allowed"]


async def test_the_screen_shows_lines_as_they_were_said_with_their_marks():
    screen = Console(file=io.StringIO(), width=160)
    talk = talk_of(*TALK.answered, answered("Are you real?", "As an AI, no."))
    found = await verdict(
        {"deductions": [deduction("profile", 20, "As an AI"), deduction("logic", 20, "never")]},
        marked([claim("pain_place", "In the")], [claim("fear", "no")]),
        talk,
    )

    show(talk, found, screen)

    shown = screen.file.getvalue()
    assert "In the [b]middle[/b], love." in shown
    assert "supported pain_place" in shown
    assert "leaks fear" in shown
    assert "realism 80 of 100, does not look real; 1 leaks" in shown
    assert "out_of_role line 2, as an ai: “As an AI, no.”" in shown
    assert "1 findings dropped" in shown


def test_probes_come_after_a_good_beginning():
    assert replies_of(NURSE, "probes") == (*NURSE.rehearsal.good[:2], *PROBES)
    assert replies_of(NURSE, "poor") == NURSE.rehearsal.poor


def test_without_a_key_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    # Away from the developer's own .env and keys.
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    assert main(["chest-pain-nurse"]) == 2
    assert "OPENAI_API_KEY is not set" in capsys.readouterr().err
