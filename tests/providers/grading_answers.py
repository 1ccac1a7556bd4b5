"""What a scripted OpenAI server answers when it is asked to grade: well, badly, or not at all."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import web
from openai_server import Answer, OpenAIServer

REPLY = "I'm so sorry you had to wait. I'll find out for you within ten minutes."
"""What the trainee said, in every test."""
KIND = ("valuing", 4, "so sorry you had to wait")
PROMPT = ("guiding", 5, "I'll find out for you within ten minutes")
PLAIN = ("inquiring", 2, "")

Verdict = tuple[str, Any, str]
"""Criterion, level, quote; an empty quote for none."""


def judgement(*verdicts: Verdict) -> str:
    """Return a model's answer with these verdicts."""
    return json.dumps(
        {
            "criteria": [
                {"id": each, "why": "it says so", "quotes": [quote] * bool(quote), "level": level}
                for each, level, quote in verdicts
            ],
            "why": "You name the wait and say when you will be back.",
            "advice": "Ask what worries them.",
            "better": "I'm sorry about the wait. What worries you most?",
        }
    )


GOOD = judgement(KIND, PROMPT, PLAIN)


def completes(
    content: str | None,
    *,
    finish: str = "stop",
    refusal: str | None = None,
    tokens: tuple[int, int] | None = (1500, 300),
) -> Answer:
    """Return a whole chat completion."""
    document: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, "refusal": refusal},
                "finish_reason": finish,
            }
        ],
    }
    if tokens is not None:
        document["usage"] = {
            "prompt_tokens": tokens[0],
            "completion_tokens": tokens[1],
            "total_tokens": sum(tokens),
        }
    return _answers(document)


def limits(retry_after: str) -> Answer:
    """Return a 429 that says when to come back."""
    return errs(429, "slow down", headers={"Retry-After": retry_after})


def errs(
    status: int, message: str, *, code: str | None = None, headers: dict[str, str] | None = None
) -> Answer:
    """Return an error in OpenAI's shape, with its code and headers."""
    error = {"message": message, "type": "error", "param": None, "code": code}
    return _answers({"error": error}, status=status, headers=headers)


def shows_a_page() -> Answer:
    """Return what a proxy in the way returns: a page, and 200."""

    async def answer(_: OpenAIServer, __: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>Welcome</html>", content_type="text/html")

    return answer


def drips() -> Answer:
    """Return a body that comes a byte at a time and never ends."""

    async def answer(server: OpenAIServer, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        # The client hangs up when it has had enough, which is the point.
        with suppress(ConnectionError):
            while not server.closing.is_set():
                await response.write(b" ")
                await _a_moment(server)
        return response

    return answer


def depends(choose: Callable[[dict[str, Any]], Answer]) -> Answer:
    """Return what `choose` makes of the request."""

    async def answer(server: OpenAIServer, request: web.Request) -> web.StreamResponse:
        return await choose(await request.json())(server, request)

    return answer


def _answers(
    document: dict[str, Any], *, status: int = 200, headers: dict[str, str] | None = None
) -> Answer:
    async def answer(_: OpenAIServer, __: web.Request) -> web.StreamResponse:
        return web.json_response(document, status=status, headers=headers)

    return answer


async def _a_moment(server: OpenAIServer) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(0.02):
            await server.closing.wait()
