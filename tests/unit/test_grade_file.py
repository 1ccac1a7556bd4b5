"""Files of replies: a line in, a line out, whatever stands in between."""

import io
import json
from pathlib import Path

import pytest

from agent.assessment.__main__ import main
from agent.assessment.bench import local_bench
from agent.assessment.calibrate import calibrate, read_marked, show
from agent.assessment.grade_file import grade_file

pytestmark = pytest.mark.unit

GOOD = {
    "id": "a",
    "kind": "subject",
    "persona_line": "I've waited four hours and nobody tells me anything!",
    "reply": "That sounds exhausting. I'll find out for you within ten minutes.",
}


async def run(*lines: str) -> tuple[int, list[dict], str]:
    out, progress = io.StringIO(), io.StringIO()
    status = await grade_file(lines, local_bench(None), out=out, progress=progress)
    return status, [json.loads(line) for line in out.getvalue().splitlines()], progress.getvalue()


async def test_each_reply_gets_one_line_in_order() -> None:
    noise = {**GOOD, "id": 7, "reply": "[noise]"}

    status, (first, second), _ = await run(json.dumps(GOOD), json.dumps(noise))

    assert status == 0
    assert first["id"] == "a"
    assert set(first) == {"id", "overall", "skills", "evidence", "advice", "better"}
    assert first["evidence"][0] in GOOD["reply"]
    assert second == {
        "id": 7,
        "ungraded": {"code": "unintelligible", "message": "no words could be made out"},
    }


@pytest.mark.parametrize(
    ("bad", "reply_id", "why"),
    [
        ("{not json", None, "no JSON"),
        ('{"id": "b", "kind": "robot", "persona_line": "", "reply": "Hi"}', "b", "kind"),
        ('{"id": "c", "kind": "patient", "reply": "Hi"}', "c", "persona_line"),
        ("[1, 2]", None, "the line"),
    ],
)
async def test_a_bad_line_costs_that_line_and_is_named(
    bad: str, reply_id: str | None, why: str
) -> None:
    status, (broken, good), said = await run(bad, json.dumps(GOOD))

    assert status == 1
    assert broken["id"] == reply_id
    assert broken["ungraded"]["code"] == "bad_line"
    assert broken["ungraded"]["message"].startswith("line 1: ")
    assert why in said
    assert good["overall"] > 0


async def test_an_unknown_scenario_is_done_without() -> None:
    status, (made,), _ = await run(json.dumps({**GOOD, "scenario_id": "no-such"}))

    assert (status, made["id"]) == (0, "a")


def test_without_a_key_the_language_model_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text(json.dumps(GOOD))

    assert main(["grade", "in.jsonl", "--grader", "llm"]) == 2
    assert "OPENAI_API_KEY" in capsys.readouterr().err


async def test_calibration_reports_grader_baselines_and_the_second_expert() -> None:
    rows = [
        {**GOOD, "id": "s/1", "overall": [85, 80], "skills": {"listening": [88]}},
        {**GOOD, "id": "s/2", "reply": "Calm down, it's not my problem.", "overall": [12, 30]},
    ]

    result = await calibrate(read_marked(json.dumps(row) for row in rows), local_bench(None))

    overall = result["figures"]["overall"]
    assert result["repeatability"] == 1
    assert overall["grader"]["pairs_25"] == 1
    assert overall["human"] == {**overall["human"], "n": 2, "mae": 11.5, "bias": 6.5}
    assert overall["length"]["n"] == 2
    assert result["figures"]["listening_and_empathy"]["grader"]["n"] == 1
    assert "graded; the same twice: 100%" in show(result)


def test_a_marked_file_names_the_line_that_is_wrong() -> None:
    with pytest.raises(ValueError, match="line 1: "):
        read_marked([json.dumps({**GOOD, "overall": [140]})])
