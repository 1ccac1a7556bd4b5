"""What is said about where each part runs: the right place for every set of keys, never a key."""

import pytest
from deepgram_server import DEEPGRAM_KEY
from openai_server import OPENAI_KEY

from agent.settings import Settings

pytestmark = pytest.mark.providers

OWN = "http://192.0.2.1:9000/v1"
"""An address set aside for documentation: somebody's own server."""
OPENAI = {"openai_api_key": OPENAI_KEY}
DEEPGRAM = {"deepgram_api_key": DEEPGRAM_KEY}
HERE = {
    "hearing": "this machine, Whisper tiny.en",
    "mind": "this machine, scripted persona",
    "voice": "this machine, Hibari",
    "meaning": "this machine, MiniLM",
    "grading": "this machine, rules and models",
}


@pytest.mark.parametrize(
    ("keys", "places"),
    [
        pytest.param({}, HERE, id="no keys"),
        pytest.param(DEEPGRAM, {**HERE, "hearing": "Deepgram, nova-3"}, id="Deepgram"),
        pytest.param(
            OPENAI,
            {
                "hearing": "OpenAI, gpt-4o-mini-transcribe",
                "mind": "OpenAI, gpt-4.1-mini",
                "voice": "OpenAI, gpt-4o-mini-tts",
                "meaning": "this machine, MiniLM",
                "grading": "OpenAI, gpt-4.1-mini",
            },
            id="OpenAI",
        ),
        pytest.param(
            {**OPENAI, **DEEPGRAM},
            {
                "hearing": "Deepgram, nova-3",
                "mind": "OpenAI, gpt-4.1-mini",
                "voice": "OpenAI, gpt-4o-mini-tts",
                "meaning": "this machine, MiniLM",
                "grading": "OpenAI, gpt-4.1-mini",
            },
            id="both",
        ),
        pytest.param(
            {**OPENAI, "openai_base_url": OWN, "mind_model": "llama-3.3"},
            {
                "hearing": f"OpenAI-compatible at {OWN}, gpt-4o-mini-transcribe",
                "mind": f"OpenAI-compatible at {OWN}, llama-3.3",
                "voice": f"OpenAI-compatible at {OWN}, gpt-4o-mini-tts",
                "meaning": "this machine, MiniLM",
                "grading": f"OpenAI-compatible at {OWN}, llama-3.3",
            },
            id="a compatible server",
        ),
        pytest.param(
            {**OPENAI, **DEEPGRAM, "openai_base_url": OWN, "speech": "local"},
            {
                **HERE,
                "mind": f"OpenAI-compatible at {OWN}, gpt-4.1-mini",
                "grading": f"OpenAI-compatible at {OWN}, gpt-4.1-mini",
            },
            id="a server of language models only",
        ),
        pytest.param(
            {"models_url": OWN},
            {
                "hearing": f"{OWN}, Whisper tiny.en",
                "mind": "this machine, scripted persona",
                "voice": f"{OWN}, Hibari",
                "meaning": f"{OWN}, MiniLM",
                "grading": "this machine, rules and models",
            },
            id="local models elsewhere",
        ),
    ],
)
async def test_each_part_is_named_with_its_place(keys: dict[str, str], places: dict[str, str]):
    said = Settings(_env_file=None, **keys).providers()  # type: ignore[call-arg]

    assert said == places
    assert OPENAI_KEY not in str(said)
    assert DEEPGRAM_KEY not in str(said)


@pytest.mark.parametrize(
    ("keys", "kinds"),
    [
        pytest.param({}, ("SpeculativeSTT", "ScriptedLLM", "TTS"), id="no keys"),
        pytest.param(DEEPGRAM, ("STT", "ScriptedLLM", "TTS"), id="Deepgram"),
        pytest.param(OPENAI, ("SpeculativeSTT", "LLM", "TTS"), id="OpenAI"),
        pytest.param({**OPENAI, **DEEPGRAM}, ("STT", "LLM", "TTS"), id="both"),
        pytest.param(
            {**OPENAI, **DEEPGRAM, "speech": "local"},
            ("SpeculativeSTT", "LLM", "TTS"),
            id="speech here",
        ),
    ],
)
async def test_the_parts_are_where_they_are_said_to_be(
    keys: dict[str, str], kinds: tuple[str, ...], assembled
):
    parts = assembled(**keys)
    said = Settings(_env_file=None, **keys).providers()  # type: ignore[call-arg]

    made = (parts.hearing, parts.mind, parts.voice)
    assert tuple(type(part).__name__ for part in made) == kinds
    for part, name in zip(made, ("hearing", "mind", "voice"), strict=True):
        local = said[name].startswith("this machine")
        assert local == (part.provider in ("127.0.0.1:8010", "interlocutor"))
