"""What the tests of the library need: the real sentence encoder, once."""

from pathlib import Path

import pytest

from agent.mind.lexicon import load_lexicon
from agent.mind.listening import Listener
from agent.rehearsal.encoder import PackagedEncoder
from agent.rehearsal.talk import Talk
from agent.role import learned
from personas import Library
from personas.model import Scenario

LIBRARY = Library()


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> PackagedEncoder:
    """Have the packaged sentence encoder in memory."""
    kept = Path(".local")
    return PackagedEncoder(kept if kept.is_dir() else tmp_path_factory.mktemp("models"))


@pytest.fixture(params=LIBRARY.ids())
def scenario(request: pytest.FixtureRequest) -> Scenario:
    """Have every scenario of the library in turn."""
    return LIBRARY.get(request.param)


_LISTENERS: dict[str, Listener] = {}


@pytest.fixture
async def listener(scenario: Scenario, encoder: PackagedEncoder) -> Listener:
    """Have the scenario learnt, once for all tests: it never changes."""
    if scenario.id not in _LISTENERS:
        lexicon = load_lexicon(scenario.language)
        _LISTENERS[scenario.id] = await learned(scenario, lexicon, encoder)
    return _LISTENERS[scenario.id]


@pytest.fixture
async def talk(scenario: Scenario, encoder: PackagedEncoder, listener: Listener) -> Talk:
    """Have a talk with the scenario's persona, begun."""
    begun = Talk(scenario, encoder, listener)
    await begun.begin()
    return begun
