"""The HTTP shape: OpenAI's routes over the loaded models.

Nothing here computes on the event loop; each part has threads of its own, so that recognition never
queues behind speech.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Annotated

import structlog
from fastapi import FastAPI, File, Form, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from agent.local_models import transcripts
from agent.local_models.errors import RequestError, answer_errors
from agent.local_models.hearing import RATE_HZ, WORKERS, Heard
from agent.local_models.loading import Models
from agent.local_models.meaning import Meaning, Vector
from agent.local_models.reader import Reader
from agent.local_models.request_ids import RequestIds
from agent.local_models.requests import (
    MOST_BYTES,
    SPEECH_FORMATS,
    TRANSCRIPT_FORMATS,
    EmbeddingsRequest,
    SpeechRequest,
    VoiceId,
)
from agent.local_models.speech_stream import speech_stream, whole_wav
from agent.local_models.tuning import FAMILY
from agent.local_models.voice_name import read_voice
from agent.local_models.waveform import read_audio

log = structlog.get_logger(__name__)

CLIENT_GONE = 499


def create_app(models: Models) -> FastAPI:
    """Return the server of these models."""
    hearing_threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="hearing")
    speaking_threads = ThreadPoolExecutor(2, thread_name_prefix="speaking")
    meaning_threads = ThreadPoolExecutor(1, thread_name_prefix="meaning")
    free_ears = asyncio.Semaphore(WORKERS)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        for threads in (hearing_threads, speaking_threads, meaning_threads):
            threads.shutdown(wait=False, cancel_futures=True)

    app = FastAPI(title="Interlocutor local models", lifespan=lifespan)
    app.add_middleware(RequestIds)
    answer_errors(app)

    @app.get("/health")
    async def health() -> dict[str, object]:
        return {"status": "ok", "models": models.names()}

    @app.get("/v1/models")
    async def list_models() -> dict[str, object]:
        entries = [
            {"id": name, "object": "model", "created": 0, "owned_by": "this machine"}
            for name in models.names().values()
        ]
        return {"object": "list", "data": entries}

    @app.post("/v1/audio/transcriptions")
    async def transcribe(
        request: Request,
        file: Annotated[UploadFile, File()],
        language: Annotated[str | None, Form()] = None,
        prompt: Annotated[str, Form()] = "",
        response_format: Annotated[str, Form()] = "json",
        stream: Annotated[bool, Form()] = False,
    ) -> Response:
        _require(response_format, TRANSCRIPT_FORMATS)
        if (file.size or 0) > MOST_BYTES:
            raise RequestError(
                f"the file has {file.size} bytes; {MOST_BYTES} are the most",
                code="file_too_large",
                param="file",
                status=413,
            )
        data = await file.read()

        def work() -> list[Heard]:
            samples = read_audio(data, rate_hz=RATE_HZ)
            return models.hearing.hear(samples, language=_primary(language), prompt=prompt)

        async with free_ears:
            # A speculative decode is dropped when the trainee goes on; do not make the next wait.
            if await request.is_disconnected():
                return Response(status_code=CLIENT_GONE)
            pieces = await asyncio.get_running_loop().run_in_executor(hearing_threads, work)
        log.debug("heard", pieces=len(pieces), padded=any(piece.padded for piece in pieces))
        if stream:
            return transcripts.event_stream(pieces)
        return transcripts.answer(
            pieces, response_format=response_format, language=_primary(language) or "en"
        )

    @app.post("/v1/audio/speech")
    async def speak(wanted: SpeechRequest) -> Response:
        _require(wanted.response_format, SPEECH_FORMATS)
        if not wanted.input.strip():
            raise RequestError("input is empty", code="empty_input", param="input")
        name = wanted.voice.id if isinstance(wanted.voice, VoiceId) else wanted.voice
        spoken = models.speaking.speak(wanted.input, read_voice(name), speed=wanted.speed)
        if wanted.response_format == "wav":
            wav = await asyncio.get_running_loop().run_in_executor(
                speaking_threads, whole_wav, spoken
            )
            return Response(wav, media_type="audio/wav")
        return StreamingResponse(speech_stream(spoken, speaking_threads), media_type="audio/pcm")

    @app.post("/v1/embeddings")
    async def embed(wanted: EmbeddingsRequest) -> Response:
        encoder = _encoder(models, wanted)
        body = await asyncio.get_running_loop().run_in_executor(
            meaning_threads, _embeddings, encoder, wanted
        )
        return Response(body, media_type="application/json")

    return app


def _require(response_format: str, known: tuple[str, ...]) -> None:
    if response_format not in known:
        raise RequestError(
            f"response_format {response_format!r} is not available here; ask for "
            f"{', '.join(map(repr, known[:-1]))} or {known[-1]!r}",
            code="unsupported_format",
            param="response_format",
        )


def _primary(language: str | None) -> str | None:
    return language.split("-")[0].lower() if language else None


def _encoder(models: Models, wanted: EmbeddingsRequest) -> Meaning | Reader:
    """Return the model asked for; any name but a reader's means the one of meaning."""
    if not wanted.model.startswith(FAMILY):
        return models.meaning
    if wanted.model != models.reader.name:
        raise RequestError(
            f"the reader here is {models.reader.name!r}, not {wanted.model!r}: start the models "
            "server and the worker from the same version",
            code="model_not_found",
            param="model",
            status=404,
        )
    return models.reader


def _embeddings(encoder: Meaning | Reader, wanted: EmbeddingsRequest) -> bytes:
    # One entry at a time: json holds on to the interpreter for as long as a call takes, and the
    # event loop with it.
    entries = [
        json.dumps(
            {
                "object": "embedding",
                "index": index,
                "embedding": _pack(vector)
                if wanted.encoding_format == "base64"
                else vector.tolist(),
            }
        )
        for index, vector in enumerate(encoder.vectors(wanted.input))
    ]
    tokens = encoder.count_tokens(wanted.input)
    rest = {"model": encoder.name, "usage": {"prompt_tokens": tokens, "total_tokens": tokens}}
    return f'{{"object": "list", "data": [{",".join(entries)}], {json.dumps(rest)[1:]}'.encode()


def _pack(vector: Vector) -> str:
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()
