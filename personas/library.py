"""Reads scenario files and says what is wrong with one, by file, line and field.

A library is a list of folders. The bundled one comes first; a folder of your own may add scenarios
and, by using the same id, replace them.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from personas.bank import load_bank
from personas.model import Scenario

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C where PyYAML was built with it: ten times as fast, and as safe."""

BUNDLED = (Path(__file__).parent / "healthcare", Path(__file__).parent / "deescalation")


class ScenarioError(Exception):
    """A scenario file is missing, unreadable or wrong. `problems` has one sentence for each."""

    code = "scenario_invalid"

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class UnknownScenario(ScenarioError):
    """No file of the library has the id asked for."""

    code = "scenario_unknown"

    def __init__(self, scenario_id: str, known: Iterable[str]) -> None:
        names = ", ".join(sorted(known)) or "none"
        super().__init__([f"no scenario named {scenario_id!r}; known: {names}"])


class Library:
    """The scenarios found in some folders, read when first asked for."""

    def __init__(self, *own: Path, bundled: Iterable[Path] = BUNDLED) -> None:
        for folder in own:
            if not folder.is_dir():
                raise ScenarioError([f"no folder of scenarios at {str(folder)!r}"])
        self._files = {path.stem: path for folder in (*bundled, *own) for path in _files(folder)}
        self._read: dict[str, Scenario] = {}

    def ids(self) -> list[str]:
        """Return the ids of all scenarios, sorted."""
        return sorted(self._files)

    def get(self, scenario_id: str) -> Scenario:
        """Return one scenario; raises `UnknownScenario`, or `ScenarioError` for a broken file."""
        if scenario_id not in self._files:
            raise UnknownScenario(scenario_id, self._files)
        if scenario_id not in self._read:
            self._read[scenario_id] = read_scenario(self._files[scenario_id])
        return self._read[scenario_id]

    def check(self) -> tuple[list[Scenario], list[str]]:
        """Return every scenario that can be read, in order of id, and every problem of the rest."""
        good: list[Scenario] = []
        problems: list[str] = []
        for scenario_id in self.ids():
            try:
                good.append(self.get(scenario_id))
            except ScenarioError as error:
                problems.extend(error.problems)
        return good, problems


def read_scenario(path: Path) -> Scenario:
    """Read one scenario file; raises `ScenarioError` naming file, line and field."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError([f"{path}: cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise ScenarioError([f"{path}: is not UTF-8 text"]) from error
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or "this is not YAML"
        raise ScenarioError([f"{where}: {problem}"]) from error
    if not isinstance(data, dict):
        raise ScenarioError([f"{path}: holds no scenario (a mapping with 'id', 'kind', 'card' …)"])
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        tree = yaml.compose(text, Loader=_Loader)
        raise ScenarioError(
            f"{path}:{_line_of(tree, fault['loc'])}: {_field(fault['loc'])}: {_say(fault)}"
            for fault in error.errors()
        ) from error
    if scenario.id != path.stem:
        raise ScenarioError([f"{path}: id: {scenario.id!r} is not the file's name"])
    if problems := list(_unknown_topics(scenario)):
        tree = yaml.compose(text, Loader=_Loader)
        raise ScenarioError(
            f"{path}:{_line_of(tree, location)}: {_field(location)}: {problem}"
            for location, problem in problems
        )
    return scenario


def _unknown_topics(scenario: Scenario) -> Iterator[tuple[tuple[int | str, ...], str]]:
    known = load_bank(scenario.language).topics
    named: list[tuple[tuple[int | str, ...], tuple[str, ...]]] = [
        (("facts", number, "topics"), fact.topics) for number, fact in enumerate(scenario.facts)
    ]
    if scenario.safety:
        named += [
            (("safety", "steps", number, "topics"), step.topics)
            for number, step in enumerate(scenario.safety.steps)
        ]
    for location, topics in named:
        for topic in topics:
            if topic not in known:
                near = ", ".join(get_close_matches(topic, known, 3)) or "see personas/questions"
                yield location, f"{topic!r} is no topic of the question bank; known: {near}"


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "scenario"


def _say(fault: Any) -> str:
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "missing":
        return "is missing"
    if fault["type"] == "extra_forbidden":
        return "is not a known field"
    shown = repr(fault.get("input"))
    return message if len(shown) > 60 else f"{message}, not {shown}"


def _line_of(node: Any, location: tuple[int | str, ...]) -> int:
    """Return the 1-based line of the deepest part of `location` that the file has."""
    line = node.start_mark.line
    for part in location:
        child = _child(node, part)
        if child is None:
            break
        node, line = child
    return int(line) + 1


def _child(node: Any, part: int | str) -> tuple[Any, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line
    return None
