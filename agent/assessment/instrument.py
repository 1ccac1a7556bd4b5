"""Reads one instrument, a rubric or a checklist: a YAML file named by the id that stands in it."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError


class Strict(BaseModel):
    """Data of an instrument: nothing unknown in it, and nothing changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Instrument(Strict):
    """What a file holds."""

    id: str


Read = TypeVar("Read", bound=Instrument)


def read_instrument(path: Path, model: type[Read], *, what: str, broken: type[Exception]) -> Read:
    """Return what a file holds; raises `broken` naming the file and the field. `what`: how such a
    file is called."""
    try:
        made = model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or what}: {fault['msg']}"
            for fault in error.errors()
        )
        raise broken(f"{what} {path.name!r} cannot be read: {faults}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise broken(f"{what} {path.name!r} cannot be read: {error}") from error
    if made.id != path.stem:
        raise broken(f"{what} {path.name!r}: its id {made.id!r} is not the file's name")
    return made
