"""Sentence vectors over OpenAI's embeddings API, from the local models server by default.

Matching by meaning is worth waiting for only as long as nobody notices: a vector that does not
come at once is done without, and the words alone decide.
"""

import base64
from collections.abc import Sequence

import httpx
import numpy as np
import structlog

from agent.mind.disclosure import Vector

log = structlog.get_logger(__name__)


class Meaning:
    """A client of `/v1/embeddings` that answers None instead of failing."""

    def __init__(self, base_url: str, model: str = "all-minilm-l6-v2") -> None:
        self._http = httpx.AsyncClient(base_url=base_url)
        self._model = model

    async def vectors(self, texts: Sequence[str], *, timeout_s: float) -> list[Vector] | None:
        """Return one unit vector for each text, or None if they cannot be had in time."""
        if not texts:
            return []
        try:
            answer = await self._http.post(
                "embeddings",
                json={"model": self._model, "input": list(texts), "encoding_format": "base64"},
                timeout=timeout_s,
            )
            answer.raise_for_status()
            rows = sorted(answer.json()["data"], key=lambda row: row["index"])
            return [_vector(row["embedding"]) for row in rows]
        except (httpx.HTTPError, KeyError, ValueError) as error:
            log.warning("meaning_unavailable", error=repr(error))
            return None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _vector(embedding: str | list[float]) -> Vector:
    """Return a vector as a server sent it: packed, or as numbers from one that cannot pack."""
    if isinstance(embedding, str):
        return np.frombuffer(base64.b64decode(embedding), dtype="<f4").astype(np.float32)
    return np.asarray(embedding, dtype=np.float32)
