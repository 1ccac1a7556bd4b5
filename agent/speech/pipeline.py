"""Puts hearing, mind and voice together: the only module that names vendors.

With provider keys the production plugins are used; without, the same plugins speak to the local
models server by `base_url`, so that what runs on a laptop is what runs in production.
"""

from dataclasses import dataclass
from typing import Any

from livekit.agents import AgentSession, inference, llm, stt, tts, vad
from livekit.agents.types import NOT_GIVEN
from livekit.plugins import deepgram, openai

from agent.role import Role
from agent.scripted_llm import ScriptedLLM
from agent.settings import Settings
from agent.speech.speculative import SpeculativeSTT
from personas.model import Voice

LOCAL_KEY = "local"
"""The local models server asks for no key; the client library insists on one."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts of a cascaded conversation and where each of them runs."""

    hearing: stt.STT[Any]
    mind: llm.LLM[Any]
    voice: tts.TTS[Any]
    providers: dict[str, str]


def assemble(settings: Settings, voice: Voice, role: Role, detector: vad.VAD) -> Parts:
    """Return the parts the settings ask for."""
    return Parts(
        hearing=_hearing(settings, detector),
        mind=_mind(settings, role),
        voice=_voice(settings, voice),
        providers=describe(settings),
    )


def describe(settings: Settings) -> dict[str, str]:
    """Return which part runs where, in words for a report and a start-up line."""
    base = settings.openai_base_url
    cloud = f"OpenAI-compatible at {base}" if base else "OpenAI"
    here = "this machine" if settings.models_url is None else settings.local_models_url()
    if settings.deepgram_api_key:
        hearing = f"Deepgram, {settings.hearing_model}"
    elif settings.openai_api_key:
        hearing = f"{cloud}, {settings.openai_hearing_model}"
    else:
        hearing = f"{here}, Whisper {settings.local_hearing_model}"
    spoken = settings.openai_api_key is not None
    return {
        "hearing": hearing,
        "mind": f"{cloud}, {settings.mind_model}" if spoken else "this machine, scripted persona",
        "voice": f"{cloud}, {settings.voice_model}" if spoken else f"{here}, Hibari",
        "meaning": f"{here}, MiniLM",
    }


def open_session(parts: Parts, detector: vad.VAD) -> AgentSession[None]:
    """Return a session that is quick to answer, quick to stop, and asks nobody in the cloud."""
    return AgentSession(
        vad=detector,
        stt=parts.hearing,
        llm=parts.mind,
        tts=parts.voice,
        turn_handling={
            "turn_detection": inference.TurnDetector(version="v1-mini"),
            "endpointing": {"mode": "fixed", "min_delay": 0.3, "max_delay": 2.5},
            "interruption": {"mode": "vad", "min_duration": 0.3},
            "preemptive_generation": {"enabled": True, "preemptive_tts": True, "max_retries": 8},
        },
        # LiveKit's default is deaf to interruption for the first 3 s of speech; an angry person
        # must be interruptible from the first word.
        aec_warmup_duration=None,
        # Silence is borne in role (PersonaAgent.bear_silence).
        user_away_timeout=None,
    )


def _hearing(settings: Settings, detector: vad.VAD) -> stt.STT[Any]:
    if settings.deepgram_api_key:
        return deepgram.STT(
            model=settings.hearing_model,
            api_key=settings.deepgram_api_key.get_secret_value(),
        )
    if settings.openai_api_key:
        whole = openai.STT(
            model=settings.openai_hearing_model,
            api_key=settings.openai_api_key.get_secret_value(),
            use_realtime=False,
            base_url=settings.openai_base_url or NOT_GIVEN,
        )
    else:
        whole = openai.STT(
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
    if settings.openai_api_key is not None:
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
