"""What stands behind an actor or a judge: any function from messages to text."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, TypedDict


class Message(TypedDict):
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


Schema = Mapping[str, Any]
"""A JSON Schema that the answer has to follow."""

Model = Callable[[Sequence[Message], Schema | None], Awaitable[str]]
"""Answers messages: in JSON of the schema, or in free text when there is none. Raises
`JudgingError`."""
