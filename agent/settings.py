"""The worker's settings, read once.

One `Settings` a process, built at the edge (`main`, `local_stack`, `local_models`) and passed on;
nothing else reads the environment. Order: environment, then `.env`, then the keys that
`make run` made for itself in `.local/keys.env`.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.protocol import AGENT_NAME


class Settings(BaseSettings):
    """Everything that can be set. Names in the environment are the fields' in capitals; those
    without an alias are under `INTERLOCUTOR_`."""

    model_config = SettingsConfigDict(
        env_file=(".local/keys.env", ".env"),
        env_prefix="INTERLOCUTOR_",
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
    )

    livekit_url: str | None = Field(default=None, validation_alias="LIVEKIT_URL")
    """WebSocket address of the LiveKit server. None: `make run` starts one on this machine."""
    livekit_api_key: str | None = Field(default=None, validation_alias="LIVEKIT_API_KEY")
    livekit_api_secret: SecretStr | None = Field(
        default=None, validation_alias="LIVEKIT_API_SECRET"
    )
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    """Any server that speaks OpenAI's API; used for the LLM and, with it, speech."""
    deepgram_api_key: SecretStr | None = Field(default=None, validation_alias="DEEPGRAM_API_KEY")

    agent_name: str = AGENT_NAME
    """Name the worker registers for explicit dispatch."""
    data_dir: Path = Path(".local")
    """Where this machine keeps its keys, database and outbox."""
    scenarios_dir: Path | None = None
    """A folder of your own scenarios, beside the bundled ones."""
    default_scenario: str = "chest-pain-nurse"
    """Played when a dispatch names none."""
    max_encounters: int = Field(default=8, ge=1)
    """Encounters this worker plays at once; more are refused."""

    host: str = "127.0.0.1"
    """Address the local parts bind to."""
    port: int = Field(default=8000, ge=1, le=65535)
    """Port of the token server and the page."""
    livekit_port: int = Field(default=7880, ge=1, le=65535)
    """Port of the livekit-server that `make run` starts; the next two carry its media."""
    models_port: int = Field(default=8010, ge=1, le=65535)
    """Port of the local models server."""
    worker_port: int = Field(default=8081, ge=0, le=65535)
    """Port of the worker's own health page."""
    server_url: str | None = None
    """Where the worker finds the token server. None: http://<host>:<port>."""
    models_url: str | None = None
    """Where the worker finds speech and embeddings when no provider key is set; any server with
    OpenAI's audio and embeddings API. None: http://<host>:<models_port>/v1."""

    speech: Literal["provider", "local"] = "provider"
    """local: hearing and voice stay with the local models whatever keys are set, as they must
    when OPENAI_BASE_URL is a server of language models only."""
    deepgram_url: str = "https://api.deepgram.com/v1/listen"
    """Where Deepgram listens; another address for one hosted by yourself."""
    hearing_model: str = "nova-3"
    """Deepgram's model, used when DEEPGRAM_API_KEY is set."""
    openai_hearing_model: str = "gpt-4o-mini-transcribe"
    mind_model: str = "gpt-4.1-mini"
    """OpenAI's model for the persona, used when OPENAI_API_KEY is set."""
    voice_model: str = "gpt-4o-mini-tts"
    local_hearing_model: str = "tiny.en"
    """faster-whisper model of the local models server: the packaged `tiny.en`, or a folder."""

    grader: Literal["auto", "local", "llm"] = "auto"
    """Who grades the replies: rules on this machine, or a language model with those rules to fall
    back on. auto: llm when OPENAI_API_KEY is set."""
    grader_model: str | None = None
    """OpenAI's model for grading. None: the persona's, INTERLOCUTOR_MIND_MODEL."""
    grader_timeout_s: float = Field(default=8.0, gt=0, le=60)
    """Longest wait for one answer of the grading model; a second try may take as long again."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("grader")
    @classmethod
    def _has_a_key(cls, grader: str, info: ValidationInfo) -> str:
        if grader == "llm" and info.data.get("openai_api_key") is None:
            raise ValueError("llm needs OPENAI_API_KEY; set that, or local")
        return grader

    def grading_model(self) -> str | None:
        """Return the language model that grades, or None when the rules on this machine do."""
        if self.grader == "local" or self.openai_api_key is None:
            return None
        return self.grader_model or self.mind_model

    def token_server_url(self) -> str:
        """Return the address of the token server, without a slash at the end."""
        return (self.server_url or f"http://{self.host}:{self.port}").rstrip("/")

    def local_models_url(self) -> str:
        """Return the base address of the local models, ending in /v1."""
        return (self.models_url or f"http://{self.host}:{self.models_port}/v1").rstrip("/")

    def providers(self) -> dict[str, str]:
        """Return which part runs where, in words for a report and a start-up line."""
        base = self.openai_base_url
        cloud = f"OpenAI-compatible at {base}" if base else "OpenAI"
        here = "this machine" if self.models_url is None else self.local_models_url()
        thinks = self.openai_api_key is not None
        grades = self.grading_model()
        speaks = thinks and self.speech == "provider"
        if self.deepgram_api_key and self.speech == "provider":
            hearing = f"Deepgram, {self.hearing_model}"
        elif speaks:
            hearing = f"{cloud}, {self.openai_hearing_model}"
        else:
            hearing = f"{here}, Whisper {self.local_hearing_model}"
        return {
            "hearing": hearing,
            "mind": f"{cloud}, {self.mind_model}" if thinks else "this machine, scripted persona",
            "voice": f"{cloud}, {self.voice_model}" if speaks else f"{here}, Hibari",
            "meaning": f"{here}, MiniLM",
            "grading": f"{cloud}, {grades}" if grades else "this machine, rules and models",
        }
