"""The persona as a LiveKit Agent: who speaks first, what it is told, and how it bears silence."""

import asyncio
from collections.abc import AsyncIterable

from livekit.agents import Agent, FlushSentinel, ModelSettings, llm

from agent.mind.direction import prompt
from agent.role import Role
from agent.scripted_llm import ScriptedLLM, open_reply


class PersonaAgent(Agent):
    """Plays a role. A patient waits to be spoken to; a subject may open."""

    def __init__(self, role: Role) -> None:
        super().__init__(instructions="")
        self._role = role

    async def on_enter(self) -> None:
        """Speak the opening line, if the scenario has one."""
        if self._role.scenario.lines.opening:
            self.session.say(self._role.speak_up("opening"))

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncIterable[llm.ChatChunk | str | FlushSentinel]:
        """Give a language model the instructions for this turn; the scripted persona needs
        none."""
        if not isinstance(self.session.llm, ScriptedLLM):
            answer = await self._role.plan(open_reply(chat_ctx))
            await asyncio.sleep(answer.pause_s)
            chat_ctx = chat_ctx.copy(exclude_instructions=True)
            chat_ctx.items.insert(
                0,
                llm.ChatMessage(
                    role="system",
                    content=[prompt(self._role.scenario, answer, known=self._role.mind.told)],
                ),
            )
        async for chunk in Agent.default.llm_node(self, chat_ctx, tools, model_settings):
            yield chunk

    async def bear_silence(self) -> None:
        """Say a few words in role each time nobody has spoken for the scenario's patience."""
        patience = self._role.scenario.mood.patience_s
        quiet_since: float | None = None
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(0.25)
            session = self.session
            resting = session.agent_state == "listening" and session.user_state != "speaking"
            if not resting or not self._spoken_to():
                quiet_since = None
            elif quiet_since is None:
                quiet_since = clock()
            elif clock() - quiet_since >= patience:
                quiet_since = None
                self.session.say(self._role.speak_up("silence"))

    def _spoken_to(self) -> bool:
        """A patient who has not been spoken to yet keeps waiting: consultations do not open
        themselves."""
        return bool(self._role.scenario.lines.opening) or any(
            message.role == "user" for message in self.chat_ctx.messages()
        )
