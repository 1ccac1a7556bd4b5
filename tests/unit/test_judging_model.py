"""OpenAI's API as a model: what is sent, and that no failure becomes an answer."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from agent.judging.errors import JudgingError
from agent.judging.openai_model import RETRIES, TIMEOUT_S, OpenAIModel, connected

pytestmark = pytest.mark.unit

SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
KEY = "sk-judging-0123456789"
Handler = Callable[[httpx2.Request], httpx2.Response]


class Wire:
    """Takes each request with the next of its handlers, the last one again and again."""

    def __init__(self, *handlers: Handler) -> None:
        self._handlers = list(handlers)
        self.sent: list[dict[str, Any]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(json.loads(request.content))
        handler = self._handlers.pop(0) if len(self._handlers) > 1 else self._handlers[0]
        return handler(request)


def completes(content: str | None, *, finish: str = "stop", refusal: str | None = None) -> Handler:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    choice = {"index": 0, "finish_reason": finish, "message": message, "logprobs": None}
    return gives(
        {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    )


def gives(document: Any, status: int = 200) -> Handler:
    return lambda _: httpx2.Response(status, json=document, headers={"retry-after-ms": "1"})


def raises(error: type[httpx2.TransportError]) -> Handler:
    def handle(request: httpx2.Request) -> httpx2.Response:
        raise error("no", request=request)

    return handle


async def ask(wire: Wire, *, schema: Any = SCHEMA, patient: bool = False, **options: Any) -> str:
    transport = httpx2.MockTransport(wire)
    async with connected(KEY, http_client=httpx2.AsyncClient(transport=transport)) as client:
        # Waiting for another try is tested where the server says how long.
        asked = client if patient else client.with_options(max_retries=0)
        return await OpenAIModel(asked, "m", **options)([{"role": "user", "content": "Hi"}], schema)


async def failure(handler: Handler, **options: Any) -> JudgingError:
    with pytest.raises(JudgingError) as failed:
        await ask(Wire(handler), **options)
    return failed.value


async def test_a_judge_is_asked_coldly_and_for_the_shape():
    wire = Wire(completes("{}"))

    assert await ask(wire) == "{}"

    (sent,) = wire.sent
    assert (sent["model"], sent["temperature"]) == ("m", 0.0)
    assert sent["messages"] == [{"role": "user", "content": "Hi"}]
    assert sent["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
    }


async def test_an_actor_is_asked_for_a_short_line_in_no_shape():
    wire = Wire(completes("Hello, love"))

    await ask(wire, schema=None, temperature=0.7, most_tokens=120)

    (sent,) = wire.sent
    assert (sent["temperature"], sent["max_completion_tokens"]) == (0.7, 120)
    assert "response_format" not in sent


async def test_a_server_error_is_tried_again():
    wire = Wire(gives({"error": {"message": "busy"}}, 500), completes("{}"))

    assert await ask(wire, patient=True) == "{}"
    assert len(wire.sent) == 2


async def test_trying_again_ends():
    wire = Wire(gives({"error": {"message": "busy"}}, 429))

    with pytest.raises(JudgingError):
        await ask(wire, patient=True)

    assert len(wire.sent) == 1 + RETRIES


async def test_a_client_does_not_wait_for_ever():
    async with connected(KEY) as client:
        assert (client.timeout, client.max_retries) == (TIMEOUT_S, RETRIES)


@pytest.mark.parametrize(
    ("handler", "code"),
    [
        pytest.param(raises(httpx2.ReadTimeout), "model_timeout", id="too late"),
        pytest.param(raises(httpx2.ConnectError), "model_unreachable", id="nobody there"),
        pytest.param(gives({"error": {"message": "no"}}, 401), "model_status", id="wrong key"),
        pytest.param(completes("{", finish="length"), "answer_cut_off", id="cut off"),
        pytest.param(completes(None, refusal="I won't"), "model_declined", id="refusal"),
        pytest.param(completes("", finish="content_filter"), "model_declined", id="filtered"),
        pytest.param(completes(None), "answer_empty", id="no content"),
        pytest.param(completes("  "), "answer_empty", id="blank"),
        pytest.param(gives({"choices": []}), "answer_empty", id="no choices"),
        pytest.param(gives({}), "answer_empty", id="an empty document"),
        pytest.param(
            lambda _: httpx2.Response(
                200, text='{"choices": ', headers={"content-type": "application/json"}
            ),
            "model_failed",
            id="half a document",
        ),
        pytest.param(lambda _: httpx2.Response(200, text="hello"), "answer_empty", id="a page"),
    ],
)
async def test_a_failure_has_its_code(handler: Handler, code: str):
    assert (await failure(handler)).code == code


async def test_a_line_that_was_cut_off_is_still_a_line():
    assert await ask(Wire(completes("Well, I", finish="length")), schema=None) == "Well, I"


async def test_a_refused_request_names_the_reason_and_not_the_key():
    error = await failure(
        gives({"error": {"message": f"Bad key {KEY}", "code": "invalid_api_key"}}, 401)
    )

    assert "401, invalid_api_key" in str(error)
    assert KEY not in str(error)
