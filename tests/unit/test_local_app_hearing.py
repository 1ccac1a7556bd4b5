"""Transcription over HTTP: formats, refusals, and who is not waited for."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from local_models_world import WAV, World, error_of, open_world, transcribe
from openai.types.audio import TranscriptionVerbose

from agent.local_models.errors import RequestError

pytestmark = pytest.mark.unit


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


async def test_a_transcript_comes_as_json_text_or_verbose(world: World) -> None:
    assert (await transcribe(world)).json() == {"text": "I hear you."}
    assert (await transcribe(world, response_format="text")).text == "I hear you.\n"
    verbose = await transcribe(world, response_format="verbose_json")
    parsed = TranscriptionVerbose.model_validate(verbose.json())
    assert (parsed.text, parsed.language, parsed.duration) == ("I hear you.", "en", 1)


async def test_a_streamed_transcript_is_events(world: World) -> None:
    answer = await transcribe(world, stream="true")

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert '"transcript.text.done", "text": "I hear you."' in answer.text


async def test_language_and_prompt_reach_the_model(world: World) -> None:
    await transcribe(world, language="en-GB", prompt="a ward", model="anything")

    assert world.ears.asked == [(16_000, "en", "a ward")]


async def test_broken_audio_is_refused_with_its_problem(world: World) -> None:
    error = error_of(await transcribe(world, b"RIFF\0\0\0\0WAVE"))

    assert error["code"] == "invalid_audio"
    assert "ends before its 'fmt ' chunk" in error["message"]
    assert world.ears.asked == []


async def test_what_the_model_refuses_is_passed_on(world: World) -> None:
    world.ears.error = RequestError("no French", code="unsupported_language", param="language")

    assert error_of(await transcribe(world))["param"] == "language"


async def test_a_failing_model_is_a_server_error_without_its_inside(world: World) -> None:
    world.ears.error = RuntimeError("secret words")

    error = error_of(await transcribe(world), 500)

    assert error["type"] == "server_error"
    assert "secret" not in error["message"]


@pytest.mark.parametrize("response_format", ["srt", "vtt", ""])
async def test_other_transcript_formats_are_refused(world: World, response_format: str) -> None:
    error = error_of(await transcribe(world, response_format=response_format or "none"))

    assert "'json', 'text' or 'verbose_json'" in error["message"]


async def test_a_request_without_a_file_says_so(world: World) -> None:
    answer = await world.http.post("/v1/audio/transcriptions", data={"model": "x"})

    assert error_of(answer)["message"] == "file: field required"


async def test_a_decode_nobody_waits_for_is_not_begun(world: World) -> None:
    request = world.http.build_request(
        "POST", "/v1/audio/transcriptions", files={"file": ("file.wav", WAV)}
    )
    incoming = [{"type": "http.request", "body": request.read(), "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": request.url.path,
        "query_string": b"",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }
    await world.app(scope, receive, send)

    assert sent[0]["status"] == 499
    assert world.ears.asked == []
