"""Deepgram as hearing: a stream of audio in, interim and final transcripts out."""

import asyncio
from collections.abc import Callable

import pytest
from deepgram_server import (
    BYTES_PER_S,
    DEEPGRAM_KEY,
    DeepgramServer,
    Heard,
    final,
    interim,
    started,
)
from failures import ATTEMPTS, IMPATIENT, SOON_S, failure_of
from livekit import rtc
from livekit.agents import APIConnectionError, APIStatusError, stt

from agent.speech.pipeline import Parts

pytestmark = pytest.mark.providers

Assembled = Callable[..., Parts]
SECOND = rtc.AudioFrame(bytes(24000 * 2), 24000, 1, 24000)
"""A second as a room gives it: the plugin resamples."""
SPOKEN = (
    Heard(0.1, started()),
    Heard(0.2, interim("Where does")),
    Heard(0.5, final("Where does it hurt?")),
)


@pytest.fixture
def hearing(assembled: Assembled, deepgram_server: DeepgramServer) -> stt.STT:
    return assembled(deepgram_api_key=DEEPGRAM_KEY, deepgram_url=deepgram_server.url).hearing


async def events(hearing: stt.STT) -> list[tuple[str, str]]:
    """Return what comes out of a second of sound up to the end of speech, kind and text."""
    async with asyncio.timeout(10), hearing.stream(conn_options=IMPATIENT) as stream:
        stream.push_frame(SECOND)
        return await _until_end_of_speech(stream)


async def _until_end_of_speech(stream: stt.RecognizeStream) -> list[tuple[str, str]]:
    came: list[tuple[str, str]] = []
    async for event in stream:
        if event.type is not stt.SpeechEventType.RECOGNITION_USAGE:
            text = event.alternatives[0].text if event.alternatives else ""
            came.append((event.type.value, text))
        if event.type is stt.SpeechEventType.END_OF_SPEECH:
            break
    return came


async def test_speech_becomes_text_while_it_is_spoken(
    hearing: stt.STT, deepgram_server: DeepgramServer
):
    deepgram_server.scripts = [SPOKEN]

    assert await events(hearing) == [
        ("start_of_speech", ""),
        ("interim_transcript", "Where does"),
        ("final_transcript", "Where does it hurt?"),
        ("end_of_speech", ""),
    ]


async def test_the_sound_is_sent_as_it_was_announced(
    hearing: stt.STT, deepgram_server: DeepgramServer
):
    deepgram_server.scripts = [SPOKEN]

    async with asyncio.timeout(10), hearing.stream(conn_options=IMPATIENT) as stream:
        stream.push_frame(SECOND)
        stream.flush()
        await deepgram_server.until(lambda: bool(deepgram_server.connections))
        (connection,) = deepgram_server.connections
        # Said at once and every 5 s, so that a trainee who thinks is not hung up on.
        await deepgram_server.until(lambda: "KeepAlive" in connection.control)
        stream.end_input()
        await deepgram_server.until(lambda: "CloseStream" in connection.control)

    assert deepgram_server.attempts == [f"Token {DEEPGRAM_KEY}"]
    wanted = {"model": "nova-3", "encoding": "linear16", "sample_rate": "16000", "channels": "1"}
    assert wanted.items() <= connection.query.items()
    assert connection.query["interim_results"] == connection.query["punctuate"] == "true"
    assert DEEPGRAM_KEY not in str(connection.query)
    assert connection.audio_bytes == pytest.approx(BYTES_PER_S, rel=0.05)
    assert connection.control[-2:] == ["Finalize", "CloseStream"]


async def test_nothing_recognised_is_nothing_said(
    hearing: stt.STT, deepgram_server: DeepgramServer
):
    deepgram_server.scripts = [[Heard(0.1, interim("")), Heard(0.1, final("")), *SPOKEN]]

    assert [text for _, text in await events(hearing) if text] == [
        "Where does",
        "Where does it hurt?",
    ]


async def test_a_message_that_is_no_json_is_passed_over(
    hearing: stt.STT, deepgram_server: DeepgramServer
):
    deepgram_server.scripts = [[Heard(0.1, '{"type": "Resu'), *SPOKEN]]

    assert ("final_transcript", "Where does it hurt?") in await events(hearing)
    assert len(deepgram_server.connections) == 1


async def test_a_refused_key_is_one_clear_failure(
    hearing: stt.STT, deepgram_server: DeepgramServer
):
    deepgram_server.refuse_with = [401] * 9
    told: list[stt.STTError] = []
    hearing.on("error", told.append)

    failed = await failure_of(lambda: events(hearing))

    assert isinstance(failed.error, APIStatusError)
    assert failed.error.status_code == 401
    assert DEEPGRAM_KEY not in repr(failed.error)
    assert len(deepgram_server.attempts) == 1
    (error,) = told
    assert (error.label, error.recoverable) == ("livekit.plugins.deepgram.stt.STT", False)
    assert hearing.provider == "Deepgram"


@pytest.mark.parametrize("status", [429, 500])
async def test_a_connection_refused_for_now_is_tried_again(
    hearing: stt.STT, deepgram_server: DeepgramServer, status: int
):
    deepgram_server.refuse_with = [status]
    deepgram_server.scripts = [SPOKEN]

    # Sound that waited for the connection is not lost.
    assert ("final_transcript", "Where does it hurt?") in await events(hearing)
    assert len(deepgram_server.attempts) == 2


async def test_lasting_trouble_is_given_up(hearing: stt.STT, deepgram_server: DeepgramServer):
    deepgram_server.refuse_with = [500] * 9

    failed = await failure_of(lambda: events(hearing))

    assert isinstance(failed.error, APIConnectionError)
    assert isinstance(failed.error.__cause__, APIStatusError)
    assert len(deepgram_server.attempts) == ATTEMPTS
    assert failed.took_s < SOON_S


async def test_a_connection_cut_while_listening_is_made_again(
    hearing: stt.STT, deepgram_server: DeepgramServer
):
    deepgram_server.scripts = [[Heard(0.1, None)], SPOKEN]

    async with asyncio.timeout(10), hearing.stream(conn_options=IMPATIENT) as stream:
        stream.push_frame(SECOND)
        await deepgram_server.until(lambda: len(deepgram_server.connections) == 2)
        stream.push_frame(SECOND)
        heard = await _until_end_of_speech(stream)

    assert ("final_transcript", "Where does it hurt?") in heard
