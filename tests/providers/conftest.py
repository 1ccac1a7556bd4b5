"""Local servers in place of the providers, and parts assembled to use them."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from deepgram_server import DeepgramServer
from livekit.agents.utils import http_context
from openai_server import OpenAIServer
from scripted_detector import ScriptedDetector

from agent.meaning import Meaning
from agent.mind.appraisal import load_lexicon
from agent.role import Role
from agent.settings import Settings
from agent.speech.pipeline import Parts, assemble
from agent.speech.words_first import WordsFirst
from personas import Library

UNREACHABLE = "http://127.0.0.1:9"
"""Nothing listens on the discard port: matching falls back to words."""


SCENARIO = Library().get("chest-pain-nurse")
LEXICON = load_lexicon("en")


@pytest.fixture(autouse=True)
def _nobodys_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Nothing here speaks TLS, and each client would read the whole bundle of authorities.
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "DEEPGRAM_", "INTERLOCUTOR_", "LIVEKIT_")):
            monkeypatch.delenv(name)


@pytest.fixture
async def openai_server() -> AsyncIterator[OpenAIServer]:
    """Have a server that speaks OpenAI's API."""
    server = OpenAIServer()
    runner = web.AppRunner(server.app(), shutdown_timeout=1)
    server.url = f"http://{await _listening(runner)}/v1"
    yield server
    server.closing.set()
    await runner.cleanup()


@pytest.fixture
async def deepgram_server() -> AsyncIterator[DeepgramServer]:
    """Have a server that speaks Deepgram's streaming protocol."""
    server = DeepgramServer()
    runner = web.AppRunner(server.app(), shutdown_timeout=1)
    server.url = f"http://{await _listening(runner)}/v1/listen"
    # A job gives its plugins this session; here the test does.
    async with http_context.open():
        yield server
    await runner.cleanup()


@pytest.fixture
async def played() -> AsyncIterator[Role]:
    """Have the patient's role, as an encounter begins."""
    meaning = Meaning(UNREACHABLE)
    yield Role(SCENARIO, LEXICON, meaning)
    await meaning.aclose()


@pytest.fixture
def detector() -> WordsFirst:
    """Have the voice detector that session and hearing share."""
    return WordsFirst(ScriptedDetector())


@pytest.fixture
async def assembled(played: Role, detector: WordsFirst) -> AsyncIterator[Callable[..., Parts]]:
    """Return a function from settings to the parts `assemble` makes of them."""
    made: list[Parts] = []

    def make(**settings: Any) -> Parts:
        # A developer's own .env stays out of it.
        read = Settings(_env_file=None, **settings)  # type: ignore[call-arg]
        made.append(assemble(read, played.scenario.voice, played, detector))
        return made[-1]

    yield make
    for parts in made:
        await parts.hearing.aclose()
        await parts.mind.aclose()
        await parts.voice.aclose()


async def _listening(runner: web.AppRunner) -> str:
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    return f"{host}:{port}"
