"""Reads a judge's answer, strictly: what does not have the right shape is an error, not a guess."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.judging.errors import JudgingError


class Answer(BaseModel):
    """Base of what a judge answers. Every field is required and nothing is converted; the
    docstrings of the fields go into the schema that the model is given."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True
    )


Shape = TypeVar("Shape", bound=Answer)


def read(text: str, shape: type[Shape]) -> Shape:
    """Return the answer in a text; raises `JudgingError` (`answer_malformed`) naming the field."""
    try:
        return shape.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in fault["loc"]) or "the answer"
        raise JudgingError("answer_malformed", f"{place}: {fault['msg'].lower()}") from error
