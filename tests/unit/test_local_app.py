"""Speech, sentence vectors and the rest over HTTP: formats and refusals."""

import base64
import io
import wave
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from local_models_world import World, error_of, open_world

from agent.local_models.speech_stream import speech_stream
from agent.local_models.voice_name import VoiceName
from agent.local_models.waveform import to_pcm16

pytestmark = pytest.mark.unit


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


async def test_health_says_which_models_are_there(world: World) -> None:
    answer = await world.http.get("/health")

    assert answer.json()["models"] == {
        "hearing": "ears",
        "speaking": "mouth",
        "meaning": "sense",
        "reader": "interlocutor-reader-0",
    }


async def test_models_are_listed_as_openai_lists_them(world: World) -> None:
    answer = (await world.http.get("/v1/models")).json()

    assert answer["object"] == "list"
    assert [entry["id"] for entry in answer["data"]] == [
        "ears",
        "mouth",
        "sense",
        "interlocutor-reader-0",
    ]


async def test_speech_leaves_phrase_by_phrase(world: World) -> None:
    world.mouth.gate.clear()
    received = 0

    # The test transport waits for a whole body, so the stream itself is asked.
    with ThreadPoolExecutor(1) as threads:
        spoken = world.mouth.speak("one two three", VoiceName("heart", 1), speed=1)
        async for pcm in speech_stream(spoken, threads):
            received += 1
            assert pcm == to_pcm16(np.full(2400, 0.5, np.float32))
            world.mouth.gate.set()

    assert received == 3


async def test_speech_is_bare_samples_in_the_voice_asked_for(world: World) -> None:
    body = {"input": "one two", "response_format": "pcm", "voice": "heart@0.9", "speed": 2}

    answer = await world.http.post("/v1/audio/speech", json=body)

    assert answer.headers["content-type"] == "audio/pcm"
    assert len(answer.content) == 2 * 4800
    assert world.mouth.asked == [("one two", ("heart", 0.9), 2)]


async def test_a_wav_answer_knows_its_length(world: World) -> None:
    answer = await world.http.post(
        "/v1/audio/speech", json={"input": "one two", "response_format": "wav", "voice": "sage"}
    )

    with wave.open(io.BytesIO(answer.content)) as wav:
        assert (wav.getframerate(), wav.getnframes()) == (24_000, 4800)


async def test_a_voice_may_be_named_by_id(world: World) -> None:
    await world.http.post(
        "/v1/audio/speech",
        json={"input": "one", "response_format": "pcm", "voice": {"id": "heart@1.1"}},
    )

    assert world.mouth.asked[-1][1] == ("heart", 1.1)


async def test_nothing_to_say_is_no_audio_and_no_error(world: World) -> None:
    for response_format, size in (("pcm", 0), ("wav", 44)):
        answer = await world.http.post(
            "/v1/audio/speech", json={"input": "...!", "response_format": response_format}
        )
        assert (answer.status_code, len(answer.content)) == (200, size)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param({"input": " ", "response_format": "pcm"}, "input is empty", id="blank"),
        pytest.param({"input": "", "response_format": "pcm"}, "input is empty", id="empty"),
        pytest.param({"response_format": "pcm"}, "input: field required", id="no input"),
        pytest.param({"input": "hi", "response_format": "mp3"}, "'mp3' is not available", id="mp3"),
        pytest.param({"input": "hi"}, "ask for 'pcm' or 'wav'", id="OpenAI's default is mp3"),
        pytest.param(
            {"input": "hi" * 4096, "response_format": "pcm"}, "at most 4096", id="too long"
        ),
        pytest.param(
            {"input": "hi", "response_format": "pcm", "speed": 9},
            "speed: input should be less",
            id="too fast",
        ),
    ],
)
async def test_what_cannot_be_said_is_refused(
    world: World, body: dict[str, Any], message: str
) -> None:
    answer = await world.http.post("/v1/audio/speech", json=body)

    assert message in error_of(answer)["message"]


async def test_embeddings_come_as_numbers_or_packed(world: World) -> None:
    body = {"model": "any", "input": ["a", "bb"]}
    plain = (await world.http.post("/v1/embeddings", json=body)).json()
    packed = (
        await world.http.post("/v1/embeddings", json={**body, "encoding_format": "base64"})
    ).json()

    assert [entry["index"] for entry in plain["data"]] == [0, 1]
    assert [np.argmax(entry["embedding"]) for entry in plain["data"]] == [1, 2]
    for one, other in zip(plain["data"], packed["data"], strict=True):
        numbers = np.frombuffer(base64.b64decode(other["embedding"]), "<f4")
        assert numbers.tolist() == one["embedding"]
    assert plain["usage"] == {"prompt_tokens": 2, "total_tokens": 2}


async def test_the_reader_is_asked_for_by_its_version(world: World) -> None:
    def body(model: str) -> dict[str, str]:
        return {"model": model, "input": "a"}

    ours = await world.http.post("/v1/embeddings", json=body("interlocutor-reader-0"))
    other = await world.http.post("/v1/embeddings", json=body("interlocutor-reader-1"))

    assert ours.json()["model"] == "interlocutor-reader-0"
    error = error_of(other, 404)
    assert error["code"] == "model_not_found"
    assert "same version" in error["message"]


@pytest.mark.parametrize("given", ["", [], ["a", ""], [1, 2], 7, None, ["a"] * 2049])
async def test_an_input_that_is_no_text_is_refused(world: World, given: object) -> None:
    error = error_of(await world.http.post("/v1/embeddings", json={"input": given}))

    assert error["message"].startswith("input: must be a text or a list of 1 to 2048 texts")


async def test_an_unknown_path_is_told_in_the_same_shape(world: World) -> None:
    error = error_of(await world.http.get("/v1/nope"), 404)

    assert error["message"] == "not found: GET /v1/nope"


async def test_every_answer_has_an_id_of_its_own(world: World) -> None:
    first, second = [await world.http.get("/health") for _ in range(2)]

    assert first.headers["x-request-id"].startswith("req_")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
