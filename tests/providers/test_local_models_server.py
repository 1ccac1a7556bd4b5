"""The server as it is started, and LiveKit's own OpenAI plugins talking to it."""

import asyncio
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import openai as openai_client
import pytest
from livekit import rtc
from livekit.plugins import openai
from local_models_process import start, wait_until_healthy

from agent.local_models.tuning import load_tuning

pytestmark = pytest.mark.providers

LINE = "How long have you had the chest pain?"


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    """Base address, ending in /v1."""
    process: "subprocess.Popen[bytes]"
    log: Path


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory,
    clean_environment: dict[str, str],
    free_ports: Callable[[int], int],
) -> Iterator[Server]:
    port = free_ports(1)
    folder = tmp_path_factory.mktemp("server")
    process, log = start(folder, clean_environment, "--port", str(port))
    try:
        wait_until_healthy(port, process, log)
        yield Server(f"http://127.0.0.1:{port}/v1", process, log)
    finally:
        process.terminate()
        process.wait(10)


async def speak(server: Server, text: str, voice: str = "sage") -> list[rtc.AudioFrame]:
    voice_of_livekit = openai.TTS(
        model="hibari",
        voice=voice,
        api_key="none",
        base_url=server.url,
        response_format="pcm",
    )
    try:
        async with voice_of_livekit.synthesize(text) as stream:
            return [audio.frame async for audio in stream]
    finally:
        await voice_of_livekit.aclose()


async def hear(server: Server, frames: list[rtc.AudioFrame], model: str = "tiny.en") -> str:
    recogniser = openai.STT(model=model, api_key="none", base_url=server.url, use_realtime=False)
    try:
        event = await recogniser.recognize(frames)
        return event.alternatives[0].text
    finally:
        await recogniser.aclose()
        await recogniser._client.close()


def samples_of(frames: list[rtc.AudioFrame]) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    return np.concatenate([np.frombuffer(frame.data, np.int16) for frame in frames])


async def test_livekits_voice_plugin_gets_trimmed_speech_at_24_khz(server: Server) -> None:
    frames = await speak(server, LINE, "heart@0.9")

    assert {(frame.sample_rate, frame.num_channels) for frame in frames} == {(24_000, 1)}
    samples = samples_of(frames)
    assert 1.2 < len(samples) / 24_000 < 2.5
    loud = np.flatnonzero(np.abs(samples.astype(int)) > 300)
    assert loud[0] / 24_000 < 0.06
    assert (len(samples) - loud[-1]) / 24_000 < 0.15


@pytest.mark.parametrize("model", ["tiny.en", "whisper-1"])
async def test_livekits_recognition_plugin_gets_the_words(server: Server, model: str) -> None:
    assert await hear(server, await speak(server, LINE), model) == LINE


async def test_livekits_recognition_plugin_gets_nothing_from_silence(server: Server) -> None:
    silence = rtc.AudioFrame(bytes(96_000), 48_000, 1, 48_000)

    assert await hear(server, [silence]) == ""


async def test_openais_own_client_is_content(server: Server) -> None:
    async with openai_client.AsyncOpenAI(api_key="none", base_url=server.url) as client:
        listed = await client.models.list()
        # The client asks for base64 by itself and unpacks it.
        vectors = await client.embeddings.create(model="all-minilm-l6-v2", input=["Hello.", "Bye."])
        with pytest.raises(openai_client.BadRequestError, match="'mp3' is not available here"):
            await client.audio.speech.create(model="hibari", voice="heart", input="Hello.")
        wav = await client.audio.speech.create(
            model="hibari", voice="heart", input=LINE, response_format="wav"
        )
        streamed = await client.audio.transcriptions.create(
            model="tiny.en", file=("speech.wav", wav.content), stream=True
        )
        events = [event async for event in streamed]

    assert {"tiny.en", "hibari", "all-minilm-l6-v2"} <= {model.id for model in listed.data}
    assert [len(entry.embedding) for entry in vectors.data] == [384, 384]
    assert events[-1].type == "transcript.text.done"
    assert events[-1].text == LINE


async def test_recognition_does_not_wait_for_a_long_speech(server: Server) -> None:
    frames = await speak(server, LINE)
    long = "I have told you this before, and I will tell you again. " * 60
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        body = {"input": long, "voice": "heart", "response_format": "wav"}
        speech = asyncio.create_task(http.post("/audio/speech", json=body))
        await asyncio.sleep(0)
        text = await hear(server, frames)
        assert not speech.done()
        assert len((await speech).content) > 100 * 48_000

    assert text == LINE


async def test_speech_starts_before_all_of_it_is_made(server: Server) -> None:
    body = {"input": f"{LINE} " * 40, "voice": "heart", "response_format": "pcm"}
    began = time.perf_counter()
    async with (
        httpx.AsyncClient(base_url=server.url, timeout=60) as http,
        http.stream("POST", "/audio/speech", json=body) as answer,
    ):
        times = [time.perf_counter() - began async for _ in answer.aiter_raw()]

    assert times[0] < times[-1] / 5


async def test_answers_over_a_kept_connection_are_not_held_back(server: Server) -> None:
    times = []
    async with httpx.AsyncClient(base_url=server.url) as http:
        for _ in range(12):
            began = time.perf_counter()
            await http.get("/models")
            times.append(time.perf_counter() - began)

    # Nagle's algorithm would add 40 ms to every one of them but the first.
    assert min(times[2:]) < 0.03


async def test_words_stay_out_of_the_log(server: Server) -> None:
    await hear(server, await speak(server, "My name is Sarah."))

    assert "sarah" not in server.log.read_text().lower()


def test_each_model_is_logged_with_its_load_time(server: Server) -> None:
    loaded = re.findall(r"model_loaded +model=(\S+) seconds=([\d.]+)", server.log.read_text())

    tuning = load_tuning()
    assert tuning is not None
    assert {name for name, _ in loaded} == {
        "tiny.en",
        "hibari",
        "all-minilm-l6-v2",
        tuning.name,
    }
