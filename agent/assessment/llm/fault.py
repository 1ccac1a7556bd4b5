"""Names what can go wrong with the grader itself, as against the reply.

A reply that cannot be judged stays ungraded whoever grades it. A fault of the grader is no reason
to leave the trainee without a grade: it is what another grader steps in for.
"""

from enum import StrEnum

from agent.assessment import ungraded
from agent.protocol import Grade, Reason, Ungraded


class Fault(StrEnum):
    """Code of a fault, as it stands in `Ungraded`."""

    TIMEOUT = "grader_timeout"
    UNREACHABLE = "grader_unreachable"
    BUSY = "grader_busy"
    """Too many requests, for longer than we can wait."""
    DOWN = "grader_down"
    """The endpoint failed, again and again."""
    REFUSED_KEY = "grader_refused_key"
    NO_SUCH_MODEL = "grader_no_such_model"
    QUOTA = "grader_quota"
    BAD_REQUEST = "grader_bad_request"
    REFUSED = "grader_refused"
    """The model would not judge this reply."""
    MALFORMED = "grader_malformed"
    TRUNCATED = "grader_truncated"
    EVIDENCE = "grader_evidence"
    """Most of what it judged did not hold: quotes nobody said, levels that do not exist."""
    FAILED = ungraded.FAILED
    """A fault in our own code."""


class GradingFailed(Exception):
    """The grader could not judge a reply."""

    def __init__(self, fault: Fault, message: str, *, for_good: bool = False) -> None:
        super().__init__(message)
        self.reason = Reason(code=fault.value, message=message)
        self.for_good = for_good
        """True: it will not be otherwise for the next reply."""


def at_fault(grade: Grade | Ungraded) -> bool:
    """Tell whether there is no grade because of the grader, and not because of the reply."""
    return isinstance(grade, Ungraded) and grade.ungraded.code in set(Fault)
