"""What every browser test stands on: a LiveKit server, a scripted persona and the page."""

from collections.abc import AsyncIterator, Iterator

import pytest
from chromium import ALLOWED, BEEPING, chromium
from livekit_process import LiveKit, livekit_server
from page_server import PageServer, serving
from playwright.async_api import Page, expect
from scripted_persona import ScriptedPersona, persona_at

# A browser, a LiveKit server and a persona start on two busy cores; 5 s, the default, is too short.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def own_livekit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveKit]:
    """A LiveKit server of these tests' own."""
    with livekit_server(tmp_path_factory.mktemp("livekit")) as server:
        yield server


@pytest.fixture
async def persona(own_livekit: LiveKit) -> AsyncIterator[ScriptedPersona]:
    """A persona that does what the test says."""
    async with persona_at(own_livekit.url, own_livekit.key, own_livekit.secret) as made:
        yield made


@pytest.fixture
async def pages(persona: ScriptedPersona) -> AsyncIterator[PageServer]:
    """The page's server, scripted."""
    async with serving(PageServer(persona)) as server:
        yield server


@pytest.fixture
async def page(pages: PageServer) -> AsyncIterator[Page]:
    """A window with an allowed, beeping microphone; errors of the page fail the test."""
    async with chromium(ALLOWED, BEEPING) as browser:
        window = await browser.new_page(viewport={"width": 1280, "height": 860})
        faults: list[str] = []
        window.on("pageerror", lambda error: faults.append(str(error)))
        window.on(
            "console",
            lambda message: (
                faults.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        yield window
        assert faults == []
