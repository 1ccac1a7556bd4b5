"""A spoken reply through the real session: Deepgram hears, OpenAI answers, nothing else differs."""

import asyncio
from collections.abc import Callable

import pytest
from deepgram_server import DEEPGRAM_KEY, DeepgramServer, Heard, final, interim, started
from livekit import rtc
from livekit.agents import APIConnectOptions, ConversationItemAddedEvent, llm
from livekit.agents.voice.io import AudioInput
from openai_server import OPENAI_KEY, OpenAIServer, says
from scripted_detector import ScriptedDetector

from agent.persona_agent import PersonaAgent
from agent.role import Role
from agent.speech.pipeline import END_DELAY_S, PERSISTENCE, Parts, open_session

pytestmark = pytest.mark.providers

SECOND = rtc.AudioFrame(bytes(24000 * 2), 24000, 1, 24000)


class Microphone(AudioInput):
    """Gives a second of sound and then none."""

    def __init__(self) -> None:
        super().__init__(label="microphone")
        self.sound = [SECOND]

    async def __anext__(self) -> rtc.AudioFrame:
        if self.sound:
            return self.sound.pop()
        return await asyncio.Future()


async def test_a_reply_heard_in_pieces_is_one_turn_and_is_answered(
    assembled: Callable[..., Parts],
    played: Role,
    deepgram_server: DeepgramServer,
    openai_server: OpenAIServer,
):
    deepgram_server.scripts = [
        [
            Heard(0.1, started()),
            Heard(0.3, final("When did", endpoint=False)),
            Heard(0.5, interim("the pain")),
            Heard(0.9, final("the pain start?")),
        ]
    ]
    openai_server.chat = [says("Two hours ago.")]
    parts = assembled(
        openai_api_key=OPENAI_KEY,
        openai_base_url=openai_server.url,
        deepgram_api_key=DEEPGRAM_KEY,
        deepgram_url=deepgram_server.url,
    )
    said: list[tuple[str, str | None]] = []
    answered = asyncio.Event()

    async with asyncio.timeout(20), open_session(parts, ScriptedDetector()) as session:

        @session.on("conversation_item_added")
        def take(event: ConversationItemAddedEvent) -> None:
            if isinstance(event.item, llm.ChatMessage):
                said.append((event.item.role, event.item.text_content))
                if event.item.role == "assistant":
                    answered.set()

        session.input.audio = Microphone()
        await session.start(PersonaAgent(played))
        await answered.wait()

    assert said == [("user", "When did the pain start?"), ("assistant", "Two hours ago.")]
    # The answer was begun before the turn was over, and the whole reply was asked for last.
    messages = openai_server.asked["chat"][-1].body["messages"]
    assert messages[-1] == {"role": "user", "content": "When did the pain start?"}


def test_no_part_is_waited_for_longer_than_a_silence_may_be():
    def longest_s(options: APIConnectOptions) -> float:
        pauses = [0.1] + [options.retry_interval] * (options.max_retry - 1)
        return options.timeout * (options.max_retry + 1) + sum(pauses)

    assert longest_s(PERSISTENCE.llm_conn_options) < 10
    assert longest_s(PERSISTENCE.tts_conn_options) < 10


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"openai_api_key": OPENAI_KEY}, id="whole utterances"),
        pytest.param({"deepgram_api_key": DEEPGRAM_KEY}, id="pieces"),
    ],
)
async def test_whoever_hears_the_session_is_patient_in_the_same_way(
    assembled: Callable[..., Parts], keys: dict[str, str]
):
    async with open_session(assembled(**keys), ScriptedDetector()) as session:
        assert session.options.endpointing["min_delay"] == END_DELAY_S
        assert session.conn_options is PERSISTENCE
