"""The seam between those who need a grade and those who give one."""

from collections.abc import Sequence
from typing import Protocol

from agent.encounter import Reply
from agent.protocol import Grade, GraderVersion, Mode, Ungraded
from personas.model import Scenario


class Grader(Protocol):
    """Grades replies. `grade` never raises: what fails becomes `Ungraded` with a code."""

    @property
    def version(self) -> GraderVersion:
        """Return what stands behind the numbers, for the report."""
        ...

    async def grade(
        self,
        reply: Reply,
        *,
        previous: Sequence[Reply] = (),
        scenario: Scenario | None = None,
        mode: Mode = "practice",
    ) -> Grade | Ungraded:
        """Return the grade of one reply, or why there is none."""
        ...
