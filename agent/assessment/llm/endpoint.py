"""Asks a model behind any endpoint that speaks OpenAI's chat completions, within a time limit.

What passes (busy, down, cut off) is tried again while there is time; what will not (key, model,
quota) ends the asking; a slow answer is not asked for twice, since nobody waits that long.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import openai
from pydantic import BaseModel, ValidationError

from agent.assessment.llm.backoff import wait_s
from agent.assessment.llm.fault import Fault, GradingFailed
from agent.assessment.llm.prompt import Message
from agent.assessment.llm.shape import Shape

_TRIES = 3
"""Of one question, the first included."""
_FILTERED = "content_filter"


@dataclass(frozen=True, slots=True)
class Usage:
    """What grading has used so far."""

    requests: int = 0
    """Answered requests; refused and failed ones cost nothing."""
    tokens_in: int = 0
    tokens_out: int = 0
    uncounted: int = 0
    """Answers that came without a count of tokens, as some servers send them."""


class _Tokens(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice]
    usage: _Tokens | None = None


class Endpoint:
    """One model, and what was learnt of how it wants to be asked."""

    def __init__(
        self,
        client: openai.AsyncOpenAI,
        model: str,
        *,
        timeout_s: float,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.model = model
        self.usage = Usage()
        # Waiting and trying again is decided here, where the time left is known.
        self._client = client.with_options(max_retries=0, timeout=timeout_s)
        self._timeout_s = timeout_s
        self._sleep = sleep
        self._shape = Shape()

    async def ask(
        self,
        messages: Sequence[Message],
        *,
        schema: dict[str, Any],
        seed: int,
        most_tokens: int,
        until: float,
    ) -> str:
        """Return what the model says, before the event loop's clock shows `until`; raises
        `GradingFailed`."""
        tries = 0
        while True:
            tries += 1
            try:
                body = await self._shaped(
                    messages, schema=schema, seed=seed, most_tokens=most_tokens, until=until
                )
                return self._read(body)
            except openai.APITimeoutError as error:
                raise GradingFailed(Fault.TIMEOUT, "the grader took too long") from error
            except openai.APIError as error:
                failed = _failed(error)
                headers = error.response.headers if isinstance(error, openai.APIStatusError) else {}
                wait = wait_s(tries, headers, now=datetime.now(UTC), chance=random.random())
                late = asyncio.get_running_loop().time() + wait >= until
                if failed.for_good or not _passes(error) or tries == _TRIES or late:
                    raise failed from error
            await self._sleep(wait)

    async def _shaped(self, messages: Sequence[Message], *, until: float, **wished: Any) -> bytes:
        """Ask in the shape the endpoint takes; it is kept once it was taken."""
        shape = self._shape
        while True:
            try:
                body = await self._once(messages, shape.request(**wished), until)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if error.code == _FILTERED:
                    raise _refused() from error
                plainer = shape.plainer(str(error))
                if plainer is None:
                    raise
                shape = plainer
                continue
            self._shape = shape
            return body

    async def _once(
        self, messages: Sequence[Message], asked: dict[str, Any], until: float
    ) -> bytes:
        request: dict[str, Any] = {"model": self.model, "messages": list(messages), **asked}
        left = min(self._timeout_s, until - asyncio.get_running_loop().time())
        try:
            # The client's own limit is for each read: a server that drips would never reach it.
            async with asyncio.timeout(left):
                raw = await self._client.chat.completions.with_raw_response.create(**request)
        except TimeoutError as error:
            raise GradingFailed(Fault.TIMEOUT, "the grader took too long") from error
        body: bytes = raw.content
        return body

    def _read(self, body: bytes) -> str:
        """Return what the model said, and count what it took."""
        try:
            completion = _Completion.model_validate_json(body)
        except ValidationError as error:
            raise GradingFailed(Fault.MALFORMED, "the grader's answer could not be read") from error
        self._count(completion.usage)
        return _said(completion)

    def _count(self, used: _Tokens | None) -> None:
        usage = replace(self.usage, requests=self.usage.requests + 1)
        if used is None:
            self.usage = replace(usage, uncounted=usage.uncounted + 1)
        else:
            self.usage = replace(
                usage,
                tokens_in=usage.tokens_in + (used.prompt_tokens or 0),
                tokens_out=usage.tokens_out + (used.completion_tokens or 0),
            )


def _said(completion: _Completion) -> str:
    if not completion.choices:
        raise GradingFailed(Fault.MALFORMED, "the grader's answer was empty")
    choice = completion.choices[0]
    if choice.message.refusal or choice.finish_reason == _FILTERED:
        raise _refused()
    if choice.finish_reason == "length":
        raise GradingFailed(Fault.TRUNCATED, "the grader's answer broke off")
    if not (choice.message.content or "").strip():
        raise GradingFailed(Fault.MALFORMED, "the grader's answer was empty")
    return choice.message.content or ""


def _refused() -> GradingFailed:
    return GradingFailed(Fault.REFUSED, "the grader would not judge this reply")


def _passes(error: openai.APIError) -> bool:
    """Tell whether the same request may succeed a moment later."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code in (408, 409, 429) or error.status_code >= 500
    return isinstance(error, openai.APIConnectionError)


def _failed(error: openai.APIError) -> GradingFailed:
    """Return what a provider's error means for grading."""
    if not isinstance(error, openai.APIStatusError):
        return GradingFailed(Fault.UNREACHABLE, "the grader could not be reached")
    if error.code == "insufficient_quota":
        return GradingFailed(Fault.QUOTA, "the grader's account has no quota left", for_good=True)
    match error.status_code:
        case 401 | 403:
            return GradingFailed(
                Fault.REFUSED_KEY, "the grader's endpoint refused the key", for_good=True
            )
        case 404:
            return GradingFailed(
                Fault.NO_SUCH_MODEL, "the grader's endpoint has no such model", for_good=True
            )
        case 429:
            return GradingFailed(Fault.BUSY, "the grader's endpoint takes no more requests now")
        case status if status >= 500:
            return GradingFailed(Fault.DOWN, f"the grader's endpoint failed with {status}")
        case status:
            return GradingFailed(
                Fault.BAD_REQUEST, f"the grader's endpoint refused the request with {status}"
            )
