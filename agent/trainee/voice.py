"""The trainee's own voice for scripted lines, from the local models server.

It speaks OpenAI's API, as everything here does, and sounds unlike the personas so that a listener
of the recording can tell who is who.
"""

import httpx
import numpy as np

from agent.trainee.errors import CannotStart
from agent.trainee.http import http_client
from agent.trainee.sound import Samples, frames, voiced_frames

VOICE = "heart@1.08"
"""The packaged voice, a little higher than any persona's."""
SPEED = 0.78
"""The packaged voice speaks some 215 words a minute; this is near the 150 to 170 of a person who
means to be understood."""
LONGEST_S = 30.0
"""A slower voice is a broken one: a line is 30-50 ms of work."""


class LocalVoice:
    """Turns text into sound, one request a line."""

    def __init__(self, models_url: str, *, voice: str = VOICE) -> None:
        self._url = models_url.rstrip("/")
        self._voice = voice
        self._http = http_client(self._url, timeout_s=LONGEST_S)

    async def say(self, text: str) -> Samples:
        """Return the sound of a line at 24 kHz; raises `CannotStart` when there is none."""
        body = {
            "model": "tts-1",
            "voice": self._voice,
            "input": text,
            "speed": SPEED,
            "response_format": "pcm",
        }
        try:
            answer = await self._http.post(f"{self._url}/audio/speech", json=body)
        except httpx.HTTPError as error:
            raise CannotStart(
                f"no voice at {self._url!r} ({type(error).__name__}): start it with `make run`,"
                " or alone with `python -m agent.local_models`"
            ) from error
        if answer.status_code != 200:
            raise CannotStart(
                f"the voice at {self._url!r} answered {answer.status_code} to {text[:60]!r}:"
                f" {answer.text[:200]}"
            )
        data = answer.content
        samples = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2").astype(np.int16)
        if voiced_frames(frames(samples)) is None:
            raise CannotStart(f"the voice at {self._url!r} made no sound of {text[:60]!r}")
        return samples

    async def close(self) -> None:
        """Close the connection."""
        await self._http.aclose()
