"""What clients may ask, as OpenAI documents it; what we have no use for is accepted and ignored."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, field_validator

MOST_CHARACTERS = 4096
MOST_TEXTS = 2048
MOST_BYTES = 25 * 1024 * 1024
"""Largest upload; OpenAI's limit too."""

TRANSCRIPT_FORMATS = ("json", "text", "verbose_json")
SPEECH_FORMATS = ("pcm", "wav")


class VoiceId(BaseModel):
    """A voice by id, as newer clients name theirs."""

    id: str


class SpeechRequest(BaseModel):
    """Body of /v1/audio/speech."""

    model: str = "hibari"
    input: Annotated[str, Field(max_length=MOST_CHARACTERS)]
    voice: str | VoiceId = "heart"
    response_format: str = "mp3"
    """OpenAI's default, which we do not speak: leaving it out is answered with what to ask for."""
    speed: Annotated[float, Field(ge=0.25, le=4.0)] = 1.0


class EmbeddingsRequest(BaseModel):
    """Body of /v1/embeddings."""

    model: str = "all-minilm-l6-v2"
    input: tuple[str, ...]
    """One text or several."""
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Literal[384] | None = None

    @field_validator("input", mode="before")
    @classmethod
    def _texts(cls, given: object) -> object:
        texts = [given] if isinstance(given, str) else given
        if (
            not isinstance(texts, list)
            or not 1 <= len(texts) <= MOST_TEXTS
            or not all(isinstance(text, str) and text for text in texts)
        ):
            raise ValueError(
                f"must be a text or a list of 1 to {MOST_TEXTS} texts, none of them empty; "
                "tokens are not taken"
            )
        return texts
