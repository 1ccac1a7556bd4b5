"""MiniLM computed by the book, with numpy alone."""

import json
from collections.abc import Sequence
from math import erf, sqrt
from pathlib import Path

import numpy as np

from agent.local_models.meaning import Vector
from agent.local_models.safetensors import Tensors, read_float_tensors
from agent.local_models.tuning import Tuning


def states(
    source: Path, ids: Sequence[int], kinds: Sequence[int], tuning: Tuning | None = None
) -> Vector:
    """Return what the encoder gives for each token, with the packaged weights or tuned ones."""
    weights = read_float_tensors(source / "model.safetensors")
    if tuning is not None:
        weights = {name: tuning.changed(name, weight) for name, weight in weights.items()}
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    state = (
        weights["embeddings.word_embeddings.weight"][list(ids)]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][list(kinds)]
    )
    state = norm(state, weights, "embeddings.LayerNorm")
    for index in range(config["num_hidden_layers"]):
        state = layer(state, weights, f"encoder.layer.{index}", config["num_attention_heads"])
    return state


def layer(state: Vector, weights: Tensors, at: str, heads: int) -> Vector:
    size = state.shape[1] // heads
    query, key, value = (
        linear(state, weights, f"{at}.attention.self.{part}").reshape(-1, heads, size)
        for part in ("query", "key", "value")
    )
    scores = np.einsum("qhd,khd->hqk", query, key) / np.sqrt(size)
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    seen = np.einsum("hqk,khd->qhd", shares, value).reshape(state.shape)
    attended = linear(seen, weights, f"{at}.attention.output.dense")
    state = norm(state + attended, weights, f"{at}.attention.output.LayerNorm")
    wide = linear(state, weights, f"{at}.intermediate.dense")
    narrow = linear(gelu(wide), weights, f"{at}.output.dense")
    return norm(state + narrow, weights, f"{at}.output.LayerNorm")


def linear(state: Vector, weights: Tensors, at: str) -> Vector:
    return np.asarray(state @ weights[f"{at}.weight"].T + weights[f"{at}.bias"], np.float32)


def norm(state: Vector, weights: Tensors, at: str) -> Vector:
    centred = state - state.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
    return np.asarray(scaled * weights[f"{at}.weight"] + weights[f"{at}.bias"], np.float32)


def gelu(x: Vector) -> Vector:
    return np.asarray(x * (1 + np.vectorize(erf)(x / sqrt(2))) / 2, np.float32)
