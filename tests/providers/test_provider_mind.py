"""OpenAI as the mind: what goes over the wire, and how it fails."""

from collections.abc import Callable

import pytest
from failures import ATTEMPTS, IMPATIENT, SOON_S, Failure, failure_of
from livekit.agents import APIConnectionError, APIStatusError, APITimeoutError, llm
from openai_server import (
    OPENAI_KEY,
    Answer,
    OpenAIServer,
    breaks_off,
    fails,
    garbles,
    hangs,
    resets,
    says,
)

from agent.speech.pipeline import Parts

pytestmark = pytest.mark.providers

Assembled = Callable[..., Parts]


@pytest.fixture
def mind(assembled: Assembled, openai_server: OpenAIServer) -> llm.LLM:
    return assembled(openai_api_key=OPENAI_KEY, openai_base_url=openai_server.url).mind


async def answer(mind: llm.LLM) -> list[str]:
    """Return the pieces of an answer to a greeting."""
    said = llm.ChatContext.empty()
    said.add_message(role="user", content="Hello.")
    async with mind.chat(chat_ctx=said, conn_options=IMPATIENT) as stream:
        return [
            piece.delta.content async for piece in stream if piece.delta and piece.delta.content
        ]


async def failure(mind: llm.LLM) -> Failure:
    return await failure_of(lambda: answer(mind))


async def test_an_answer_is_streamed_as_it_comes(mind: llm.LLM, openai_server: OpenAIServer):
    openai_server.chat = [says("Two hours", " ago, love.")]

    assert await answer(mind) == ["Two hours", " ago, love."]


async def test_the_model_is_asked_as_set(assembled: Assembled, openai_server: OpenAIServer):
    openai_server.chat = [says("Hello.")]
    mind = assembled(
        openai_api_key=OPENAI_KEY, openai_base_url=openai_server.url, mind_model="gpt-4o"
    ).mind

    await answer(mind)

    (asked,) = openai_server.asked["chat"]
    assert asked.authorization == f"Bearer {OPENAI_KEY}"
    assert asked.body["model"] == "gpt-4o"
    assert asked.body["temperature"] == 0.7
    assert asked.body["max_completion_tokens"] == 120
    assert asked.body["stream"] is True
    assert asked.body["messages"] == [{"role": "user", "content": "Hello."}]


async def test_a_refused_key_is_one_clear_failure(mind: llm.LLM, openai_server: OpenAIServer):
    openai_server.chat = [fails(401, "Incorrect API key provided")]
    told: list[llm.LLMError] = []
    mind.on("error", told.append)

    failed = await failure(mind)

    assert isinstance(failed.error, APIStatusError)
    assert failed.error.status_code == 401
    assert "Incorrect API key" in str(failed.error)
    assert OPENAI_KEY not in repr(failed.error)
    assert len(openai_server.asked["chat"]) == 1
    (error,) = told
    assert (error.label, error.recoverable) == ("livekit.plugins.openai.llm.LLM", False)
    assert mind.provider in openai_server.url


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(fails(429, "slow down"), id="too many requests"),
        pytest.param(fails(500), id="server error"),
        pytest.param(resets(), id="connection reset"),
        pytest.param(breaks_off(), id="reset before the first word"),
        pytest.param(garbles(), id="malformed JSON"),
        pytest.param(hangs(), id="no first token in time"),
    ],
)
async def test_passing_trouble_is_tried_again(
    mind: llm.LLM, openai_server: OpenAIServer, trouble: Answer
):
    openai_server.chat = [trouble, says("I'm here.")]

    assert await answer(mind) == ["I'm here."]
    assert len(openai_server.asked["chat"]) == 2


@pytest.mark.parametrize(
    ("trouble", "cause"),
    [
        pytest.param(fails(500), APIStatusError, id="server error"),
        pytest.param(resets(), APIConnectionError, id="connection reset"),
        pytest.param(garbles(), APIConnectionError, id="malformed JSON"),
        pytest.param(hangs(), APITimeoutError, id="no first token"),
    ],
)
async def test_lasting_trouble_is_given_up(
    mind: llm.LLM, openai_server: OpenAIServer, trouble: Answer, cause: type[Exception]
):
    openai_server.chat = [trouble]

    failed = await failure(mind)

    assert isinstance(failed.error, APIConnectionError)
    assert isinstance(failed.error.__cause__, cause)
    assert len(openai_server.asked["chat"]) == ATTEMPTS
    assert failed.took_s < SOON_S


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(breaks_off("Two hours"), id="connection reset"),
        pytest.param(garbles("Two hours"), id="malformed JSON"),
    ],
)
async def test_an_answer_cut_off_is_not_begun_again(
    mind: llm.LLM, openai_server: OpenAIServer, trouble: Answer
):
    openai_server.chat = [trouble, says("Two hours ago.")]

    failed = await failure(mind)

    assert isinstance(failed.error, APIConnectionError)
    assert len(openai_server.asked["chat"]) == 1
