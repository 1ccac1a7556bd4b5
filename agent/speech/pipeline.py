"""Puts hearing, mind and voice together: the only module that names vendors.

With provider keys the production plugins are used; without, the same plugins speak to the local
models server by `base_url`, so that what runs on a laptop is what runs in production.
"""

from dataclasses import dataclass
from typing import Any

from livekit.agents import AgentSession, inference, llm, stt, tts, vad
from livekit.agents.types import NOT_GIVEN, APIConnectOptions
from livekit.agents.voice.agent_session import SessionConnectOptions
from livekit.plugins import deepgram, openai

from agent.role import Role
from agent.scripted_llm import ScriptedLLM
from agent.settings import Settings
from agent.speech.speculative import SpeculativeSTT
from agent.speech.words_first import WordsFirst
from personas.model import Voice

LOCAL_KEY = "local"
"""The local models server asks for no key; the client library insists on one."""

END_DELAY_S = 0.5
"""Silence that ends a turn which sounds finished. A shorter one answers sooner and cuts in on
people who breathe between sentences: with 0.4 s, in 6 of 16 lines of our scripted trainee; with
this, in 1. A recogniser that sends text in pieces needs it too, for the last of them."""
MOST_DELAY_S = 1.8
"""Silence that ends a turn although it did not sound finished."""
PERSISTENCE = SessionConnectOptions(
    # A Deepgram that is away for ten seconds is waited for; then LiveKit closes the session.
    stt_conn_options=APIConnectOptions(max_retry=3, retry_interval=1.0, timeout=4.0),
    # Ten seconds without a first word would be ten seconds of unexplained silence.
    llm_conn_options=APIConnectOptions(max_retry=1, retry_interval=0.3, timeout=4.0),
    tts_conn_options=APIConnectOptions(max_retry=2, retry_interval=0.3, timeout=3.0),
)
"""How long each part is tried: `timeout` is the wait in seconds for a connection, and for the next
word of the language model."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts of a cascaded conversation."""

    hearing: stt.STT[Any]
    mind: llm.LLM[Any]
    voice: tts.TTS[Any]


class WholeSTT(openai.STT):
    """The plugin's recogniser of whole utterances; closed, it closes its connections too, which
    the plugin leaves open."""

    async def aclose(self) -> None:
        await super().aclose()
        await self._client.close()


def assemble(settings: Settings, voice: Voice, role: Role, detector: WordsFirst) -> Parts:
    """Return the parts the settings ask for."""
    return Parts(
        hearing=_hearing(settings, detector),
        mind=_mind(settings, role),
        voice=_voice(settings, voice),
    )


def open_session(parts: Parts, detector: vad.VAD) -> AgentSession[None]:
    """Return a session that is quick to answer, quick to stop, and asks nobody in the cloud."""
    return AgentSession(
        vad=detector,
        stt=parts.hearing,
        llm=parts.mind,
        tts=parts.voice,
        turn_handling={
            "turn_detection": inference.TurnDetector(version="v1-mini"),
            "endpointing": {
                "mode": "fixed",
                "min_delay": END_DELAY_S,
                "max_delay": MOST_DELAY_S,
            },
            "interruption": {"mode": "vad", "min_duration": 0.3},
            "preemptive_generation": {"enabled": True, "preemptive_tts": True, "max_retries": 8},
        },
        conn_options=PERSISTENCE,
        # LiveKit's default is deaf to interruption for the first 3 s of speech; an angry person
        # must be interruptible from the first word.
        aec_warmup_duration=None,
        # Silence is borne in role (PersonaAgent.bear_silence).
        user_away_timeout=None,
    )


def _hearing(settings: Settings, detector: WordsFirst) -> stt.STT[Any]:
    provided = settings.speech == "provider"
    if provided and settings.deepgram_api_key:
        return deepgram.STT(
            model=settings.hearing_model,
            api_key=settings.deepgram_api_key.get_secret_value(),
            base_url=settings.deepgram_url,
        )
    if provided and settings.openai_api_key:
        whole = WholeSTT(
            model=settings.openai_hearing_model,
            api_key=settings.openai_api_key.get_secret_value(),
            use_realtime=False,
            base_url=settings.openai_base_url or NOT_GIVEN,
        )
    else:
        whole = WholeSTT(
            model=settings.local_hearing_model,
            api_key=LOCAL_KEY,
            base_url=settings.local_models_url(),
            use_realtime=False,
        )
    return SpeculativeSTT(whole, detector)


def _mind(settings: Settings, role: Role) -> llm.LLM[Any]:
    if settings.openai_api_key is None:
        return ScriptedLLM(role)
    return openai.LLM(
        model=settings.mind_model,
        api_key=settings.openai_api_key.get_secret_value(),
        temperature=0.7,
        max_completion_tokens=120,
        base_url=settings.openai_base_url or NOT_GIVEN,
    )


def _voice(settings: Settings, voice: Voice) -> tts.TTS[Any]:
    if settings.speech == "provider" and settings.openai_api_key is not None:
        return openai.TTS(
            model=settings.voice_model,
            voice=voice.openai,
            instructions=voice.manner,
            api_key=settings.openai_api_key.get_secret_value(),
            response_format="pcm",
            base_url=settings.openai_base_url or NOT_GIVEN,
        )
    return openai.TTS(
        model="hibari",
        voice=f"heart@{voice.local.pitch}",
        speed=voice.local.speed,
        api_key=LOCAL_KEY,
        base_url=settings.local_models_url(),
        response_format="pcm",
    )
