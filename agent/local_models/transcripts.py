"""Transcripts in the formats OpenAI's endpoint has: pure."""

import json
from collections.abc import Sequence

from fastapi import Response
from fastapi.responses import JSONResponse, PlainTextResponse

from agent.local_models.hearing import Heard


def whole_text(pieces: Sequence[Heard]) -> str:
    """Return what was said in all pieces."""
    return " ".join(piece.text for piece in pieces if piece.text)


def answer(pieces: Sequence[Heard], *, response_format: str, language: str) -> Response:
    """Return the transcript as `json`, `text` or `verbose_json`."""
    text = whole_text(pieces)
    if response_format == "text":
        return PlainTextResponse(text + "\n")
    if response_format == "json":
        return JSONResponse({"text": text})
    return JSONResponse(
        {
            "task": "transcribe",
            "language": language,
            "duration": pieces[-1].end_s if pieces else 0.0,
            "text": text,
            "segments": [_segment(index, piece) for index, piece in enumerate(pieces)],
        }
    )


def event_stream(pieces: Sequence[Heard]) -> Response:
    """Return the transcript as the events a client gets that asked for `stream`."""
    text = whole_text(pieces)
    events = [
        {"type": "transcript.text.delta", "delta": text},
        {"type": "transcript.text.done", "text": text},
    ]
    lines = [f"data: {json.dumps(event)}\n\n" for event in events]
    return Response("".join(lines), media_type="text/event-stream")


def _segment(index: int, piece: Heard) -> dict[str, object]:
    return {
        "id": index,
        "seek": 0,
        "start": round(piece.start_s, 2),
        "end": round(piece.end_s, 2),
        "text": piece.text,
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": 0.0,
        "compression_ratio": 1.0,
        "no_speech_prob": round(piece.no_speech, 3),
    }
