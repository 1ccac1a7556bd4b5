"""OpenAI as the voice: what is asked for, what sounds, and how it fails."""

from collections.abc import Callable

import pytest
from failures import ATTEMPTS, IMPATIENT, SOON_S, failure_of
from livekit import rtc
from livekit.agents import APIConnectionError, APIError, APIStatusError, tts
from openai_server import (
    OPENAI_KEY,
    Answer,
    OpenAIServer,
    fails,
    resets,
    speaks_bytes,
    speaks_events,
)

from agent.role import Role
from agent.speech.pipeline import Parts

pytestmark = pytest.mark.providers

Assembled = Callable[..., Parts]
HALF_A_SECOND = bytes(range(1, 241)) * 100
"""24,000 bytes: half a second at 24 kHz, 16 bit, mono."""
CHUNKS = (HALF_A_SECOND[:4801], HALF_A_SECOND[4801:])
"""The first ends in the middle of a sample, as chunks on a network do."""


@pytest.fixture
def voice(assembled: Assembled, openai_server: OpenAIServer) -> tts.TTS:
    return assembled(openai_api_key=OPENAI_KEY, openai_base_url=openai_server.url).voice


async def sound(voice: tts.TTS) -> rtc.AudioFrame:
    """Return the sound of one sentence."""
    async with voice.synthesize("It's my chest.", conn_options=IMPATIENT) as stream:
        return await stream.collect()


@pytest.mark.parametrize(
    "spoken",
    [
        pytest.param(speaks_events(*CHUNKS), id="OpenAI's events"),
        pytest.param(speaks_bytes(*CHUNKS), id="a compatible server's bytes"),
    ],
)
async def test_what_the_provider_says_is_heard(
    voice: tts.TTS, openai_server: OpenAIServer, spoken: Answer
):
    openai_server.speech = [spoken]

    heard = await sound(voice)

    assert (heard.sample_rate, heard.num_channels) == (24000, 1)
    # The framework closes a segment with 10 ms of silence.
    assert bytes(heard.data).rstrip(b"\0") == HALF_A_SECOND


async def test_the_scenario_decides_how_it_is_said(
    voice: tts.TTS, openai_server: OpenAIServer, played: Role
):
    openai_server.speech = [speaks_events(HALF_A_SECOND)]

    await sound(voice)

    (asked,) = openai_server.asked["speech"]
    wanted = played.scenario.voice
    assert asked.authorization == f"Bearer {OPENAI_KEY}"
    assert asked.body["input"] == "It's my chest."
    assert asked.body["model"] == "gpt-4o-mini-tts"
    assert asked.body["voice"] == wanted.openai == "shimmer"
    assert asked.body["instructions"] == wanted.manner != ""
    assert asked.body["response_format"] == "pcm"


async def test_a_refused_key_is_one_clear_failure(voice: tts.TTS, openai_server: OpenAIServer):
    openai_server.speech = [fails(401, "Incorrect API key provided")]
    told: list[tts.TTSError] = []
    voice.on("error", told.append)

    failed = await failure_of(lambda: sound(voice))

    assert isinstance(failed.error, APIStatusError)
    assert failed.error.status_code == 401
    assert OPENAI_KEY not in repr(failed.error)
    assert len(openai_server.asked["speech"]) == 1
    (error,) = told
    assert (error.label, error.recoverable) == ("livekit.plugins.openai.tts.TTS", False)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(fails(429), id="too many requests"),
        pytest.param(fails(500), id="server error"),
        pytest.param(resets(), id="connection reset"),
        pytest.param(speaks_events(), id="no audio"),
    ],
)
async def test_passing_trouble_is_tried_again(
    voice: tts.TTS, openai_server: OpenAIServer, trouble: Answer
):
    openai_server.speech = [trouble, speaks_events(HALF_A_SECOND)]

    assert bytes((await sound(voice)).data).rstrip(b"\0") == HALF_A_SECOND
    assert len(openai_server.asked["speech"]) == 2


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        pytest.param(fails(500), APIStatusError, id="server error"),
        pytest.param(resets(), APIConnectionError, id="connection reset"),
        pytest.param(speaks_events(), APIError, id="no audio"),
    ],
)
async def test_lasting_trouble_is_given_up(
    voice: tts.TTS, openai_server: OpenAIServer, trouble: Answer, kind: type[APIError]
):
    openai_server.speech = [trouble]

    failed = await failure_of(lambda: sound(voice))

    assert isinstance(failed.error, kind)
    assert len(openai_server.asked["speech"]) == ATTEMPTS
    assert failed.took_s < SOON_S
