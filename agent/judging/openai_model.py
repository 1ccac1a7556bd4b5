"""A model behind OpenAI's API, or behind any server that speaks it."""

from collections.abc import Sequence
from typing import Any

import openai
from openai import AsyncOpenAI

from agent.judging.errors import JudgingError
from agent.judging.model import Message, Schema

TIMEOUT_S = 60.0
"""Longest wait for one try."""
RETRIES = 2
"""Further tries after a lost connection, a timeout, a 429 or a server error."""


def connected(api_key: str, base_url: str | None = None, **options: Any) -> AsyncOpenAI:
    """Return a client that waits and tries again as set here; close it when done."""
    return AsyncOpenAI(
        api_key=api_key, base_url=base_url, timeout=TIMEOUT_S, max_retries=RETRIES, **options
    )


class OpenAIModel:
    """One model with one way of answering; call it with messages and a schema."""

    def __init__(
        self,
        client: AsyncOpenAI,
        name: str,
        *,
        temperature: float = 0.0,
        most_tokens: int | None = None,
    ) -> None:
        self.name = name
        self._client = client
        self._options: dict[str, Any] = {"temperature": temperature}
        if most_tokens is not None:
            self._options["max_completion_tokens"] = most_tokens

    async def __call__(self, messages: Sequence[Message], json_schema: Schema | None) -> str:
        """Return the answer's text; raises `JudgingError`."""
        options = dict(self._options)
        if json_schema is not None:
            options["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": dict(json_schema)},
            }
        try:
            made = await self._client.chat.completions.create(
                model=self.name,
                messages=list(messages),  # type: ignore[arg-type]
                **options,
            )
        except openai.APITimeoutError as error:
            raise JudgingError(
                "model_timeout", f"{self.name!r} did not answer within {TIMEOUT_S:g} s"
            ) from error
        except openai.APIConnectionError as error:
            raise JudgingError("model_unreachable", f"{self.name!r} cannot be reached") from error
        except openai.APIStatusError as error:
            about = f"{error.status_code}, {error.code}" if error.code else str(error.status_code)
            raise JudgingError(
                "model_status", f"{self.name!r} was refused by its server: {about}"
            ) from error
        except (openai.APIError, ValueError) as error:
            raise JudgingError("model_failed", f"{self.name!r} failed: {error!r}") from error
        return self._text_of(made, whole=json_schema is not None)

    def _text_of(self, made: Any, *, whole: bool) -> str:
        """Return the text; a spoken line that was cut off is a line, half a JSON is nothing."""
        # A server that only resembles OpenAI's may leave out anything; the client does not check.
        choice = next(iter(getattr(made, "choices", None) or ()), None)
        message = getattr(choice, "message", None)
        if choice is None or message is None:
            raise JudgingError("answer_empty", f"{self.name!r} gave no answer")
        if choice.finish_reason == "content_filter" or message.refusal:
            raise JudgingError("model_declined", f"{self.name!r} declined to answer")
        if whole and choice.finish_reason == "length":
            raise JudgingError("answer_cut_off", f"{self.name!r} was cut off in its answer")
        if not (message.content or "").strip():
            raise JudgingError("answer_empty", f"{self.name!r} gave an empty answer")
        return str(message.content)
