"""The library says what is wrong with a file, where, and how to mend it."""

from pathlib import Path

import pytest

from personas import Library, ScenarioError, UnknownScenario, read_scenario
from personas.library import BUNDLED
from personas.model import Fact

pytestmark = pytest.mark.unit

BUNDLED_IDS = Library().ids()


def broken(tmp_path: Path, name: str, text: str) -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    return str(caught.value)


def bundled_text(scenario_id: str) -> str:
    return next(
        path.read_text(encoding="utf-8")
        for folder in BUNDLED
        for path in folder.glob(f"{scenario_id}.yaml")
    )


def test_every_bundled_scenario_can_be_read():
    scenarios, problems = Library().check()

    assert problems == []
    assert {"chest-pain-nurse", "hospital-visitor"} <= {scenario.id for scenario in scenarios}


@pytest.mark.parametrize("scenario_id", BUNDLED_IDS)
def test_what_clients_may_see_holds_no_secret(scenario_id: str):
    scenario = Library().get(scenario_id)

    public = scenario.public().model_dump_json()

    secrets = [fact.truth for fact in scenario.facts]
    secrets += [line for fact in scenario.facts for line in (*fact.say, *fact.guarded)]
    secrets += [scenario.person.character, scenario.person.wants]
    assert [secret for secret in secrets if secret in public] == []


def test_an_unknown_id_is_named_beside_the_known_ones():
    with pytest.raises(UnknownScenario, match=r"'chest-pane'; known: .*chest-pain-nurse"):
        Library().get("chest-pane")


def test_a_broken_line_of_yaml_is_named_by_its_number(tmp_path: Path):
    message = broken(tmp_path, "x.yaml", "id: x\nkind: [patient\n")

    assert "x.yaml:3" in message


def test_a_wrong_value_is_named_with_line_and_field(tmp_path: Path):
    text = bundled_text("chest-pain-nurse").replace("arousal: 2.5", "arousal: 7")

    message = broken(tmp_path, "chest-pain-nurse.yaml", text)

    line = next(n for n, row in enumerate(text.splitlines(), 1) if "arousal: 7" in row)
    assert f"chest-pain-nurse.yaml:{line}: mood.arousal: " in message
    assert "less than or equal to 5, not 7" in message


def test_a_misspelt_field_is_not_ignored(tmp_path: Path):
    text = bundled_text("chest-pain-nurse").replace("difficulty:", "dificulty:")

    message = broken(tmp_path, "chest-pain-nurse.yaml", text)

    assert "dificulty: is not a known field" in message


def test_a_missing_part_is_named(tmp_path: Path):
    message = broken(tmp_path, "x.yaml", "id: x\nkind: patient\nrubric: r\n")

    assert "card: is missing" in message


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path):
    text = bundled_text("hospital-visitor").replace("age: 44", "age: 440")

    message = broken(tmp_path, "hospital-visitor.yaml", text.replace("kind: subject", "kind: dog"))

    assert "person.age" in message
    assert "kind" in message


def test_a_file_must_be_named_by_its_id(tmp_path: Path):
    message = broken(tmp_path, "other.yaml", bundled_text("chest-pain-nurse"))

    assert "'chest-pain-nurse' is not the file's name" in message


def test_a_fact_told_when_asked_needs_a_topic_or_a_question():
    with pytest.raises(ValueError, match="needs a topic or at least one example question"):
        Fact(id="x", reveal="when_asked", truth="I am cold.", say=("Cold.",))


def test_a_patient_may_not_open(tmp_path: Path):
    text = bundled_text("chest-pain-nurse").replace(
        "lines:\n  greeting:", "lines:\n  opening: [Nurse!]\n  greeting:"
    )

    message = broken(tmp_path, "chest-pain-nurse.yaml", text)

    assert "a patient does not speak first" in message


def test_a_broken_file_does_not_hide_the_others(tmp_path: Path):
    (tmp_path / "bad.yaml").write_text("id: bad\n", encoding="utf-8")

    scenarios, problems = Library(tmp_path).check()

    assert {scenario.id for scenario in scenarios} == set(BUNDLED_IDS)
    assert problems
    assert all("bad.yaml" in problem for problem in problems)


def test_an_own_folder_may_replace_a_bundled_scenario(tmp_path: Path):
    text = bundled_text("chest-pain-nurse").replace("Maureen Doyle\n", "Mary Flynn\n")
    (tmp_path / "chest-pain-nurse.yaml").write_text(text, encoding="utf-8")

    assert Library(tmp_path).get("chest-pain-nurse").person.name == "Mary Flynn"


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(ScenarioError, match="no folder of scenarios at"):
        Library(tmp_path / "nowhere")
