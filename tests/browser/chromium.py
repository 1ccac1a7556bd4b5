"""Starts the system's Chromium with or without a microphone."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, async_playwright

QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ALLOWED = "--use-fake-ui-for-media-stream"
"""Every page gets the microphone it asks for."""
BEEPING = "--use-fake-device-for-media-stream"
"""There is a microphone; it beeps once a second."""


def executable() -> str:
    """Return where Chromium is: CHROMIUM in the environment, else the one on the PATH."""
    found = (
        os.environ.get("CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    assert found, "no Chromium on the PATH; install one or set CHROMIUM to its path"
    return found


def playing(recording: Path) -> str:
    """Return the flag that makes the microphone hear a WAV file once."""
    return f"--use-file-for-fake-audio-capture={recording}%noloop"


@contextlib.asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """Give a browser started with these flags besides the quiet ones."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable(), args=[*QUIET, *flags]
        )
        try:
            yield browser
        finally:
            await browser.close()
