"""How long to wait, how to ask, and who grades when the model cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from assessment_world import GRADERS, make_reply

from agent.assessment.grader import Grader
from agent.assessment.llm.backoff import wait_s
from agent.assessment.llm.fallback import with_fallback
from agent.assessment.llm.fault import Fault
from agent.assessment.llm.shape import Shape
from agent.encounter import Reply
from agent.protocol import Grade, GraderVersion, Mode, Reason, Ungraded
from personas.model import Scenario

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KIND = make_reply("I'm so sorry you had to wait. I'll find out for you within ten minutes.")
LOCAL = GRADERS["subject"]
MODEL = GraderVersion(kind="llm", model="scripted", version="prompt.1")


@dataclass
class ScriptedGrader:
    """Gives each reply the next of its answers; the last one stays."""

    answers: list[Grade | Ungraded]
    version = MODEL

    async def grade(
        self,
        reply: Reply,
        *,
        previous: Sequence[Reply] = (),
        scenario: Scenario | None = None,
        mode: Mode = "practice",
    ) -> Grade | Ungraded:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def ungraded(code: str) -> Ungraded:
    return Ungraded(ungraded=Reason(code=code, message="no"))


def excellent() -> Grade:
    grade = LOCAL.judge(KIND)
    assert isinstance(grade, Grade)
    return grade.model_copy(update={"overall": 99})


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "3"}, 3),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "60"}, 60),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"retry-after": format_datetime(NOW.replace(second=7), usegmt=True)}, 7),
        ({"retry-after": format_datetime(NOW.replace(year=2025), usegmt=True)}, 0),
    ],
)
def test_server_that_says_when_is_kept_to(headers: dict[str, str], wait: float) -> None:
    assert wait_s(1, headers, now=NOW, chance=0.5) == pytest.approx(wait)


@pytest.mark.parametrize("said", ["soon", "-1", "nan", "inf", ""])
def test_server_that_says_nonsense_is_waited_for_as_one_that_says_nothing(said: str) -> None:
    assert wait_s(1, {"retry-after": said}, now=NOW, chance=1) == 0.5


def test_waits_grow_to_a_limit_and_are_spread() -> None:
    longest = [wait_s(tries, {}, now=NOW, chance=1) for tries in range(1, 8)]

    assert longest == [0.5, 1, 2, 4, 8, 8, 8]
    assert wait_s(1, {}, now=NOW, chance=0) == 0.25


def test_all_is_asked_for_at_first() -> None:
    asked = Shape().request(schema={"type": "object"}, seed=7, most_tokens=100)

    assert asked["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert asked["response_format"]["json_schema"]["strict"] is True
    assert (asked["temperature"], asked["seed"], asked["max_completion_tokens"]) == (0, 7, 100)


@pytest.mark.parametrize(
    ("refusal", "form", "given_up"),
    [
        ("response_format of type json_schema is not supported", "json_object", set()),
        ("Unsupported value: 'temperature' does not support 0", "json_schema", {"temperature"}),
        ("Unrecognized request argument: seed", "json_schema", {"seed"}),
        ("unknown field max_completion_tokens", "json_schema", {"max_completion_tokens"}),
        ("bad request", "json_object", set()),
    ],
)
def test_what_is_refused_is_given_up_and_nothing_else(
    refusal: str, form: str, given_up: set[str]
) -> None:
    plainer = Shape().plainer(refusal)

    assert plainer is not None
    assert plainer.form == form
    assert set(Shape().options) - set(plainer.options) == given_up


def test_giving_up_comes_to_an_end() -> None:
    shape: Shape | None = Shape()
    steps = 0
    while shape is not None:
        shape = shape.plainer("response_format temperature seed max_completion_tokens")
        steps += 1

    assert steps == 6
    assert Shape(form="text", options=()).request(schema={}, seed=1, most_tokens=1) == {}


@pytest.mark.parametrize("fault", list(Fault))
async def test_fallback_grades_where_the_first_grader_is_at_fault(fault: Fault) -> None:
    grader: Grader = with_fallback(ScriptedGrader([ungraded(fault)]), LOCAL)

    grade = await grader.grade(KIND)

    assert isinstance(grade, Grade)
    assert grade.criteria == graded_locally().criteria
    assert grader.version == LOCAL.version


@pytest.mark.parametrize("code", ["empty", "nothing_to_grade", "other_language"])
async def test_reply_that_cannot_be_judged_is_not_given_to_another(code: str) -> None:
    grader = with_fallback(ScriptedGrader([ungraded(code)]), LOCAL)

    assert await grader.grade(KIND) == ungraded(code)


async def test_grade_of_the_first_grader_stands() -> None:
    grader = with_fallback(ScriptedGrader([excellent()]), LOCAL)

    grade = await grader.grade(KIND)

    assert isinstance(grade, Grade)
    assert grade.overall == 99
    assert grader.version == MODEL


async def test_version_says_how_many_the_fallback_graded() -> None:
    down = ungraded(Fault.DOWN)
    script = [excellent(), down, down, excellent(), excellent(), ungraded("empty")]
    grader = with_fallback(ScriptedGrader(script), LOCAL)

    for index in (0, 1, 2, 2, 3, 3):
        await grader.grade(make_reply(KIND.text, index=index))

    assert grader.version.kind == "llm"
    assert grader.version.version.startswith("prompt.1; 1 of 3 by rules-en 3+rubric.")


def graded_locally() -> Grade:
    grade = LOCAL.judge(KIND)
    assert isinstance(grade, Grade)
    return grade
