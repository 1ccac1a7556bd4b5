"""The persona library: who can be played, as data.

A scenario is one YAML file, named by its id, under `healthcare/` or `deescalation/` (or a folder
of your own, named by a setting). Adding one is adding a file; no code changes. `model` says what a
file may hold, `library` reads files and says what is wrong with them.

This package imports pydantic and PyYAML only, so the token server can use it without the worker's
weight.
"""

from personas.library import Library, ScenarioError, UnknownScenario, read_scenario
from personas.model import Card, Fact, PublicScenario, Scenario

__all__ = [
    "Card",
    "Fact",
    "Library",
    "PublicScenario",
    "Scenario",
    "ScenarioError",
    "UnknownScenario",
    "read_scenario",
]
