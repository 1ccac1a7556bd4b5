"""OpenAI as hearing: whole utterances over plain HTTP, behind the speculative recogniser."""

import io
import wave
from collections.abc import Awaitable, Callable

import pytest
from failures import ATTEMPTS, IMPATIENT, SOON_S, failure_of
from livekit.agents import APIConnectionError, APIStatusError, stt
from openai_server import (
    OPENAI_KEY,
    Answer,
    OpenAIServer,
    fails,
    resets,
    talks_nonsense,
    transcribes,
)
from scripted_detector import FRAME, transcripts_of

from agent.speech.pipeline import Parts
from agent.speech.speculative import SpeculativeSTT
from agent.speech.words_first import WordsFirst

pytestmark = pytest.mark.providers

Assembled = Callable[..., Parts]


@pytest.fixture
def hearing(assembled: Assembled, openai_server: OpenAIServer) -> stt.STT:
    return assembled(openai_api_key=OPENAI_KEY, openai_base_url=openai_server.url).hearing


@pytest.fixture
def transcripts(
    hearing: stt.STT, detector: WordsFirst
) -> Callable[[], Awaitable[list[tuple[str, str]]]]:
    """Return a function that returns what is heard in one utterance, kind and text."""
    return lambda: transcripts_of(hearing.stream(conn_options=IMPATIENT), detector)


async def test_an_utterance_is_uploaded_and_its_text_comes_out(
    hearing: stt.STT, transcripts, openai_server: OpenAIServer
):
    openai_server.transcriptions = [transcribes("Where does it hurt?")]

    assert isinstance(hearing, SpeculativeSTT)
    assert await transcripts() == [
        ("preflight_transcript", "Where does it hurt?"),
        ("final_transcript", "Where does it hurt?"),
    ]
    (asked,) = openai_server.asked["transcriptions"]
    assert asked.authorization == f"Bearer {OPENAI_KEY}"
    assert asked.body["model"] == "gpt-4o-mini-transcribe"
    assert asked.body["language"] == "en"
    with wave.open(io.BytesIO(asked.body["file"])) as uploaded:
        assert (uploaded.getframerate(), uploaded.getnchannels()) == (16000, 1)
        assert uploaded.getnframes() >= FRAME.samples_per_channel


async def test_nothing_recognised_is_nothing_said(
    hearing: stt.STT, transcripts, openai_server: OpenAIServer
):
    openai_server.transcriptions = [transcribes("")]

    assert await transcripts() == []


async def test_a_refused_key_is_not_asked_with_again_and_again(
    hearing: stt.STT, transcripts, openai_server: OpenAIServer
):
    openai_server.transcriptions = [fails(401, "Incorrect API key provided")]
    told: list[stt.STTError] = []
    hearing.on("error", told.append)

    failed = await failure_of(lambda: transcripts())

    assert isinstance(failed.error, APIStatusError)
    assert failed.error.status_code == 401
    assert OPENAI_KEY not in repr(failed.error)
    assert hearing.provider in openai_server.url
    # Once for the guess at the first silence, once for the whole utterance.
    assert len(openai_server.asked["transcriptions"]) == 2
    assert [error.recoverable for error in told] == [False]


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(fails(429), id="too many requests"),
        pytest.param(fails(500), id="server error"),
        pytest.param(resets(), id="connection reset"),
        pytest.param(talks_nonsense(), id="malformed JSON"),
    ],
)
async def test_passing_trouble_is_tried_again(
    hearing: stt.STT, transcripts, openai_server: OpenAIServer, trouble: Answer
):
    openai_server.transcriptions = [trouble, transcribes("Where does it hurt?")]

    assert ("final_transcript", "Where does it hurt?") in await transcripts()
    assert len(openai_server.asked["transcriptions"]) == 2


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(fails(500), id="server error"),
        pytest.param(resets(), id="connection reset"),
        pytest.param(talks_nonsense(), id="malformed JSON"),
    ],
)
async def test_lasting_trouble_is_given_up(
    hearing: stt.STT, transcripts, openai_server: OpenAIServer, trouble: Answer
):
    openai_server.transcriptions = [trouble]

    failed = await failure_of(lambda: transcripts())

    assert isinstance(failed.error, APIConnectionError)
    # A guess is made once; only the whole utterance is tried again.
    assert len(openai_server.asked["transcriptions"]) == 1 + ATTEMPTS
    assert failed.took_s < SOON_S
