"""The local models' HTTP shape over models that do as told."""

import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import numpy as np
from fastapi import FastAPI

from agent.local_models.app import create_app
from agent.local_models.hearing import Heard
from agent.local_models.loading import Models
from agent.local_models.resample import Samples
from agent.local_models.voice_name import VoiceName
from agent.local_models.waveform import wav_header

WAV = wav_header(32_000, rate_hz=16_000) + bytes(32_000)


@dataclass
class Ears:
    """Hears what the script says."""

    name: str = "ears"
    heard: list[Heard] = field(default_factory=list)
    asked: list[tuple[int, str | None, str]] = field(default_factory=list)
    error: Exception | None = None

    def hear(self, samples: Samples, *, language: str | None, prompt: str) -> list[Heard]:
        self.asked.append((len(samples), language, prompt))
        if self.error:
            raise self.error
        return self.heard


@dataclass
class Mouth:
    """Says each word as a tenth of a second; waits at `gate` before the second."""

    name: str = "mouth"
    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, VoiceName, float]] = field(default_factory=list)

    def speak(self, text: str, voice: VoiceName, *, speed: float) -> Iterator[Samples]:
        self.asked.append((text, voice, speed))
        for index, _ in enumerate(word for word in text.split() if word.isalpha()):
            if index == 1:
                assert self.gate.wait(5)
            yield np.full(2400, 0.5, np.float32)


@dataclass
class Sense:
    """Gives a text a vector that points along the text's length."""

    name: str = "sense"

    def vectors(self, texts: Sequence[str]) -> list[Samples]:
        return [np.eye(384, dtype=np.float32)[len(text)] for text in texts]

    def count_tokens(self, texts: Sequence[str]) -> int:
        return sum(len(text.split()) for text in texts)


@dataclass
class World:
    ears: Ears
    mouth: Mouth
    http: httpx.AsyncClient
    app: FastAPI


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    ears, mouth = Ears(heard=[Heard("I hear you.", 0, 1, 0.01, padded=False)]), Mouth()
    mouth.gate.set()
    reader = Sense("interlocutor-reader-0")
    app = create_app(Models(*(cast(Any, each) for each in (ears, mouth, Sense(), reader))))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://models") as http,
    ):
        yield World(ears, mouth, http, app)


async def transcribe(world: World, data: bytes = WAV, **form: str) -> httpx.Response:
    return await world.http.post(
        "/v1/audio/transcriptions", files={"file": ("file.wav", data)}, data=form
    )


def error_of(answer: httpx.Response, status: int = 400) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    return dict(error)
