"""The rubrics against the instruments they follow: areas, scales, what counts against a reply."""

import pytest

from agent.assessment.rubric import load_rubric, rubrics
from agent.mind.lexicon import Signal

pytestmark = pytest.mark.unit

UNKIND = (Signal.SARCASM, Signal.DISMISSAL)


def test_de_escalation_has_the_seven_areas_from_1_to_5() -> None:
    rubric = load_rubric("de-escalation")

    assert [criterion.id for criterion in rubric.criteria] == [
        "valuing",
        "reducing_fear",
        "inquiring",
        "guiding",
        "agreeing",
        "remaining_calm",
        "risk",
    ]
    assert (rubric.lowest, rubric.highest) == (1, 5)


def test_clinical_communication_begins_with_the_five_areas_from_0_to_3() -> None:
    rubric = load_rubric("clinical-communication")

    assert [criterion.id for criterion in rubric.criteria[:5]] == [
        "relationship",
        "perspective",
        "structure",
        "gathering",
        "giving",
    ]
    assert (rubric.lowest, rubric.highest) == (0, 3)


@pytest.mark.parametrize("rubric_id", rubrics())
@pytest.mark.parametrize("signal", UNKIND)
def test_unkind_words_hold_every_criterion_between_people_down(
    rubric_id: str, signal: Signal
) -> None:
    rubric = load_rubric(rubric_id)

    for criterion in rubric.criteria:
        if criterion.id != "structure":
            assert criterion.caps[signal] < rubric.highest


@pytest.mark.parametrize("rubric_id", rubrics())
@pytest.mark.parametrize("signal", [*UNKIND, Signal.INTERRUPTION])
def test_unkind_words_and_cutting_in_limit_a_grade_and_bring_advice(
    rubric_id: str, signal: Signal
) -> None:
    rubric = load_rubric(rubric_id)

    assert rubric.ceilings[signal] < 75
    assert all("“{quote}”" in advice.say for advice in rubric.faults[signal])


@pytest.mark.parametrize("rubric_id", rubrics())
def test_graver_faults_leave_less_of_a_grade(rubric_id: str) -> None:
    tops = load_rubric(rubric_id).ceilings

    assert tops[Signal.INSULT] < tops[Signal.SARCASM] < tops[Signal.DISMISSAL]
    assert tops[Signal.DISMISSAL] < tops[Signal.COMMAND] < tops[Signal.INTERRUPTION]
