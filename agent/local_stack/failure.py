"""What keeps the stack from running, as sentences for the person in front of it."""

from collections.abc import Iterable


class StackError(Exception):
    """The stack cannot start or go on; the message says what is wrong and the way out."""


class PartFailed(StackError):
    """A part ended, or did not become ready; carries its last lines."""

    def __init__(self, part: str, what: str, last_lines: Iterable[str]) -> None:
        self.part = part
        self.last_lines = tuple(last_lines)
        super().__init__(f"{part} {what}")
