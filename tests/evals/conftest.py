"""Live evals cost money and are never the same twice: they are collected only when asked for, with
OPENAI_API_KEY and INTERLOCUTOR_EVALS=1 in the environment."""

import os

import pytest

from agent.rehearsal.encoder import PackagedEncoder
from agent.settings import Settings

wanted = os.environ.get("INTERLOCUTOR_EVALS") == "1" and bool(os.environ.get("OPENAI_API_KEY"))
# Not collected rather than skipped: a skipped test is a promise nobody keeps.
collect_ignore_glob = [] if wanted else ["test_*.py"]


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Have the settings of this machine, key included."""
    return Settings()


@pytest.fixture(scope="session")
def encoder(settings: Settings) -> PackagedEncoder:
    """Have the sentence encoder in this process."""
    return PackagedEncoder(settings.data_dir)
