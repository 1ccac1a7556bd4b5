"""The question bank: how people really ask for the things scenarios have facts about.

A fact names the topics it answers and is then found by a dozen wordings its author did not have to
write. A topic no fact of a scenario names does its part too: a question about it is recognised as
one the file says nothing about, instead of being taken for the nearest fact. Questions that belong
to no topic go to the scenario. A language is added by a file.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent / "questions"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class QuestionBank(BaseModel):
    """The topics of one language, each with the questions that ask for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    topics: Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]]
    """Questions by id of the topic."""


@cache
def load_bank(language: str = "en") -> QuestionBank:
    """Return the bank of a language such as `en` or `en-GB`; without a file for it, an empty
    one."""
    name = language.split("-", 1)[0]
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        return QuestionBank(language=name, topics={})
    return QuestionBank.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader))
