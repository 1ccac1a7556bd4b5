"""The scripted persona as a LiveKit language model, so that one pipeline serves every actor."""

import asyncio
from typing import Any

from livekit.agents import llm
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions

from agent.role import Role


class ScriptedLLM(llm.LLM[Any]):
    """Answers with the line the role has planned for the trainee's reply."""

    def __init__(self, role: Role) -> None:
        super().__init__()
        self._role = role

    @property
    def model(self) -> str:
        return "scripted-persona"

    @property
    def provider(self) -> str:
        return "interlocutor"

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        **_: Any,
    ) -> llm.LLMStream:
        """Return a stream of the one planned line."""
        return _Line(self, self._role, chat_ctx, tools or [], conn_options)


class _Line(llm.LLMStream):
    def __init__(
        self,
        model: ScriptedLLM,
        role: Role,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool],
        conn_options: APIConnectOptions,
    ) -> None:
        super().__init__(model, chat_ctx=chat_ctx, tools=tools, conn_options=conn_options)
        self._role = role

    async def _run(self) -> None:
        answer = await self._role.plan(open_reply(self._chat_ctx))
        await asyncio.sleep(answer.pause_s)
        self._event_ch.send_nowait(
            llm.ChatChunk(
                id="scripted", delta=llm.ChoiceDelta(role="assistant", content=answer.line)
            )
        )


def open_reply(chat_ctx: llm.ChatContext) -> str:
    """Return what the trainee has said since the persona's last line."""
    said: list[str] = []
    for message in reversed(chat_ctx.messages()):
        if message.role == "assistant":
            break
        if message.role == "user" and message.text_content:
            said.append(message.text_content)
    return " ".join(reversed(said))
