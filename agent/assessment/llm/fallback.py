"""Lets a second grader step in where the first one is at fault, and says which one graded.

Only for faults of the grader: a reply that cannot be judged stays ungraded whoever looks at it.
"""

from collections.abc import Sequence

import structlog

from agent.assessment.grader import Grader
from agent.assessment.llm.fault import at_fault
from agent.encounter import Reply
from agent.protocol import Grade, GraderVersion, Mode, Ungraded
from personas.model import Scenario

log = structlog.get_logger(__name__)


def with_fallback(primary: Grader, fallback: Grader) -> Grader:
    """Return a grader that asks `fallback` where `primary` is at fault."""
    return _WithFallback(primary, fallback)


class _WithFallback:
    def __init__(self, primary: Grader, fallback: Grader) -> None:
        self._primary = primary
        self._fallback = fallback
        self._graded_by: dict[int, Grader] = {}
        """By index of the exchange."""

    @property
    def version(self) -> GraderVersion:
        """Return what stands behind the numbers so far, and how many the fallback gave."""
        graders = list(self._graded_by.values())
        stood_in = sum(grader is self._fallback for grader in graders)
        if graders and stood_in == len(graders):
            return self._fallback.version
        first = self._primary.version
        if not stood_in:
            return first
        other = self._fallback.version
        mixed = f"{first.version}; {stood_in} of {len(graders)} by {other.model} {other.version}"
        return first.model_copy(update={"version": mixed})

    async def grade(
        self,
        reply: Reply,
        *,
        previous: Sequence[Reply] = (),
        scenario: Scenario | None = None,
        mode: Mode = "practice",
    ) -> Grade | Ungraded:
        """Return the grade of one reply, or why there is none; see `Grader`."""
        grader = self._primary
        grade = await grader.grade(reply, previous=previous, scenario=scenario, mode=mode)
        if at_fault(grade):
            assert isinstance(grade, Ungraded)
            log.warning("fallback_grades", exchange=reply.index, code=grade.ungraded.code)
            grader = self._fallback
            grade = await grader.grade(reply, previous=previous, scenario=scenario, mode=mode)
        self._graded_by.pop(reply.index, None)
        if isinstance(grade, Grade):
            self._graded_by[reply.index] = grader
            return _signed(grade, grader.version)
        return grade


def _signed(grade: Grade, version: GraderVersion) -> Grade:
    """Return the grade with its grader's name. A protocol without that field drops it."""
    return Grade.model_validate({**dict(grade), "grader": version})
