"""`python -m personas` answers an author in sentences and exit codes."""

from pathlib import Path

import pytest

from personas.__main__ import main

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
