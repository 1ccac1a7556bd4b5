"""What stands in place of a grade, whichever grader could not give one: never a number."""

from traceback import extract_tb

import structlog

from agent.protocol import Reason, Ungraded

log = structlog.get_logger(__name__)

FAILED = "grader_failed"
"""Code of a reply on which the grader broke down."""


def ungraded(code: str, message: str) -> Ungraded:
    """Return the answer for a reply that has no grade."""
    return Ungraded(ungraded=Reason(code=code, message=message))


def not_to_the_person() -> Ungraded:
    """Return the answer for a reply that was all about marks and instructions."""
    return ungraded("nothing_to_grade", "it was not said to the person in the scene")


def no_chance() -> Ungraded:
    """Return the answer for a reply that puts nothing to the test."""
    return ungraded("nothing_to_grade", "it gave no chance to show any of the skills")


def broken_down(error: Exception, exchange: int) -> Ungraded:
    """Log that a grader failed on a reply and return the answer: an encounter must not end for it.

    The place is logged and not the traceback, which could hold the trainee's words.
    """
    place = extract_tb(error.__traceback__)[-1]
    log.error(
        "grading_failed",
        exchange=exchange,
        error=type(error).__name__,
        place=f"{place.filename}:{place.lineno}",
    )
    return ungraded(FAILED, "the grader failed on this reply")
