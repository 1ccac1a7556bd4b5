"""`python -m personas` answers an author in sentences and exit codes."""

from pathlib import Path

import pytest

from personas import Library
from personas.__main__ import SCHEMA, main, schema

pytestmark = pytest.mark.unit


def test_the_bundled_library_is_good(capsys: pytest.CaptureFixture[str]):
    assert main(["check"]) == 0
    assert "0 problems" in capsys.readouterr().out


def test_list_names_every_scenario(capsys: pytest.CaptureFixture[str]):
    assert main(["list"]) == 0

    listed = capsys.readouterr().out
    assert "chest-pain-nurse" in listed
    assert "hospital-visitor" in listed


def test_a_broken_file_fails_the_check_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "odd.yaml").write_text("id: odd\nkind: cat\n", encoding="utf-8")

    assert main(["check", str(tmp_path / "odd.yaml")]) == 1

    assert "odd.yaml:2: kind: Input should be 'patient' or 'subject', not 'cat'" in (
        capsys.readouterr().err
    )


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture[str]):
    assert main(["check", "nowhere.yaml"]) == 1
    assert "nowhere.yaml: cannot be read: No such file" in capsys.readouterr().err


def test_a_missing_folder_is_named(capsys: pytest.CaptureFixture[str]):
    assert main(["--folder", "nowhere", "list"]) == 1
    assert "no folder of scenarios at 'nowhere'" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["patient", "subject"])
def test_a_new_file_is_good_as_it_is_written(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["--folder", str(tmp_path), "new", "lost-keys", "--kind", kind]) == 0
    assert main(["check", str(tmp_path / "lost-keys.yaml")]) == 0

    assert Library(tmp_path).get("lost-keys").kind == kind
    assert "1 good, 0 problems" in capsys.readouterr().out


def test_a_new_file_makes_its_folder(tmp_path: Path):
    assert main(["--folder", str(tmp_path / "my" / "own"), "new", "lost-keys"]) == 0
    assert (tmp_path / "my" / "own" / "lost-keys.yaml").is_file()


def test_a_rubric_and_a_checklist_nobody_has_are_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    main(["--folder", str(tmp_path), "new", "lost-keys", "--kind", "subject"])
    file = tmp_path / "lost-keys.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("rubric: de-escalation", "rubric: kindness\nchecklists: [leaps, luck]")
    file.write_text(text, encoding="utf-8")

    assert main(["check", str(file)]) == 1

    said = capsys.readouterr()
    assert "lost-keys: rubric: no rubric named 'kindness'; known: clinical-communication, " in (
        said.err
    )
    assert "lost-keys: checklists: no checklist named 'luck'; known: " in said.err
    assert "2 problems" in said.out


def test_a_new_file_never_overwrites_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    there = tmp_path / "mine.yaml"
    there.write_text("mine", encoding="utf-8")

    assert main(["--folder", str(tmp_path), "new", "mine"]) == 1

    assert there.read_text(encoding="utf-8") == "mine"
    assert "is there already; nothing was changed" in capsys.readouterr().err


def test_an_id_that_is_none_leaves_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["--folder", str(tmp_path), "new", "Lost_Keys"]) == 1

    assert list(tmp_path.iterdir()) == []
    assert "id: String should match pattern" in capsys.readouterr().err


def test_the_committed_schema_is_the_models():
    assert SCHEMA.read_text(encoding="utf-8") == schema(), (
        "run: python -m personas schema > personas/schema.json"
    )


def test_an_unknown_topic_is_named_with_those_it_may_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    main(["--folder", str(tmp_path), "new", "mine"])
    path = tmp_path / "mine.yaml"
    text = path.read_text(encoding="utf-8").replace("topics: [onset]", "topics: [onsett]")
    path.write_text(text, encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "onsett" in row)

    assert main(["check", str(path)]) == 1

    err = capsys.readouterr().err
    assert f"mine.yaml:{line}: facts.1.topics: 'onsett' is no topic" in err
    assert "known: onset" in err


def test_a_weak_file_passes_with_warnings_that_name_the_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    main(["--folder", str(tmp_path), "new", "mine"])
    path = tmp_path / "mine.yaml"
    text = path.read_text(encoding="utf-8").replace('    guarded: ["Nothing. It\'s fine."]\n', "")
    path.write_text(text, encoding="utf-8")

    assert main(["check", str(path)]) == 0

    out = capsys.readouterr().out
    assert "mine: warning: facts.fear.guarded: is empty" in out
    assert "mine: warning: facts: none answers the topic 'age'" in out
    assert "mine: warning: lines.provoked: 2 of the 5 lines" in out
