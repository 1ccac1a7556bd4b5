"""The real thing: the whole stack, and a browser whose microphone plays a spoken voice.

Nothing here is scripted but the trainee's words.
"""

import re
import wave
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from chromium import ALLOWED, BEEPING, chromium, playing
from playwright.async_api import expect
from steps import end, open_card

from agent.local_models.speaking import RATE_HZ, Speaking
from agent.local_models.voice_name import read_voice

pytestmark = pytest.mark.browser

LINES = (
    "Hello, my name is Anna and I am the nurse looking after you. What brought you in today?",
    "That sounds frightening. You did the right thing coming in. What does the pain feel like?",
)
BEFORE_S, BETWEEN_S = 6.0, 10.0
"""Silence for joining, and for the persona's answers."""


class Stack(Protocol):
    """What this test needs of the running stack."""

    url: str


@pytest.fixture(scope="session")
def spoken_lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of a trainee who says two lines with time to answer."""
    speaking, voice = Speaking(), read_voice("heart@1.08")
    parts = [np.zeros(int(BEFORE_S * RATE_HZ), np.float32)]
    for line in LINES:
        parts += [*speaking.speak(line, voice), np.zeros(int(BETWEEN_S * RATE_HZ), np.float32)]
    samples = (np.concatenate(parts) * 32_000).clip(-32_000, 32_000).astype("<i2")
    path = tmp_path_factory.mktemp("spoken") / "lines.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return path


async def test_a_spoken_encounter_is_heard_graded_and_reported(
    stack: Stack, spoken_lines: Path
) -> None:
    async with chromium(ALLOWED, BEEPING, playing(spoken_lines)) as browser:
        page = await browser.new_page(viewport={"width": 1280, "height": 860})
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        await open_card(page, stack.url, "Chest pain in the emergency department")
        await page.get_by_role("button", name="Check the microphone").click()
        await page.get_by_role("button", name="Start talking").click()

        await expect(page.locator(".talk .state")).to_have_text(
            "The patient is listening. Speak now.", timeout=30_000
        )
        await expect(page.locator(".line.trainee .said").first).to_contain_text(
            re.compile("nurse", re.IGNORECASE), timeout=30_000
        )
        await expect(page.locator(".line.persona .said").first).to_have_text(
            re.compile(r"\w\w"), timeout=20_000
        )
        await expect(page.locator(".talk")).to_have_attribute(
            "data-output-peak", re.compile(r"0\.0[2-9]|0\.[1-9]"), timeout=20_000
        )
        await expect(page.locator(".grade summary").first).to_contain_text(
            re.compile(r"Reply \d"), timeout=20_000
        )
        await expect(page.locator(".gauge.trust")).to_contain_text("of 5")

        await end(page)

        await expect(page.get_by_role("heading", level=1)).to_have_text(
            "How it went", timeout=60_000
        )
        await expect(page.locator(".exchange").first).to_contain_text(
            re.compile("nurse", re.IGNORECASE)
        )
        async with page.expect_popup() as opened:
            await page.get_by_role("link", name="Open the full report").click(timeout=60_000)
        await expect((await opened.value).get_by_role("heading", level=1)).to_have_text(
            "Chest pain in the emergency department"
        )
        assert faults == []
