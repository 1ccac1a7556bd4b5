"""The upper layers of MiniLM in JAX, with the thin matrices that are tuned.

The lower layers stay as they are, so what they give for a pair is computed once and not in every
pass over the replies.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from agent.local_models.safetensors import read_float_tensors

Array = Any
"""A JAX array, or a tree of them: the library has no narrower name for both."""
LAYERS, HEADS, WIDTH = 6, 12, 384
KEPT = 3
"""Layers, from the lowest, that are not tuned."""
RANK = 16
SCALE = 2.0
"""Weight of the product of the thin matrices."""
_EPSILON = 1e-12
MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "o": "attention.output.dense",
    "f": "intermediate.dense",
    "d": "output.dense",
}
"""Weight matrices of a layer, by the letter they have here."""
_NORMS = {"a": "attention.output.LayerNorm", "n": "output.LayerNorm"}


def load_weights(source: Path) -> Array:
    """Return the packaged model's weights as a tree."""
    stored = read_float_tensors(source / "model.safetensors")

    def get(name: str) -> Array:
        return jnp.asarray(np.array(stored[name]))

    tree: dict[str, Any] = {
        "word": get("embeddings.word_embeddings.weight"),
        "place": get("embeddings.position_embeddings.weight"),
        "kind": get("embeddings.token_type_embeddings.weight"),
        "norm": (get("embeddings.LayerNorm.weight"), get("embeddings.LayerNorm.bias")),
        "layers": [],
    }
    for number in range(LAYERS):
        layer = {
            short: (
                get(matrix_name(number, short)).T,
                get(matrix_name(number, short).removesuffix("weight") + "bias"),
            )
            for short in MATRICES
        }
        for short, name in _NORMS.items():
            at = f"encoder.layer.{number}.{name}"
            layer[short] = (get(f"{at}.weight"), get(f"{at}.bias"))
        tree["layers"].append(layer)
    return tree


def matrix_name(layer: int, short: str) -> str:
    """Return what a weight matrix is called in the packaged model."""
    return f"encoder.layer.{layer}.{MATRICES[short]}.weight"


def thin_matrices(key: Array) -> list[dict[str, tuple[Array, Array]]]:
    """Return untrained thin matrices for each tuned layer, whose products are zero."""
    made = []
    sizes = dict.fromkeys("qkvo", (WIDTH, WIDTH)) | {
        "f": (WIDTH, 4 * WIDTH),
        "d": (4 * WIDTH, WIDTH),
    }
    for _ in range(KEPT, LAYERS):
        layer = {}
        for short, (width_in, width_out) in sizes.items():
            key, own = jax.random.split(key)
            down = jax.random.normal(own, (width_in, RANK)) / np.sqrt(width_in)
            layer[short] = (down, jnp.zeros((RANK, width_out)))
        made.append(layer)
    return made


def lower(weights: Array, ids: Array, kinds: Array, there: Array) -> Array:
    """Return what the layers that are not tuned give for a batch of pairs."""
    state = weights["word"][ids] + weights["place"][: ids.shape[1]][None] + weights["kind"][kinds]
    state = _norm(state, weights["norm"])
    for layer in weights["layers"][:KEPT]:
        state = _layer(layer, None, state, there, None, 0.0)
    return state


def upper(
    weights: Array, thin: Array, state: Array, there: Array, key: Array | None, rate: float
) -> Array:
    """Return what the tuned layers make of that; `key`: for dropout at `rate`, none in use."""
    for number, layer in enumerate(weights["layers"][KEPT:]):
        own = None if key is None else jax.random.fold_in(key, number)
        state = _layer(layer, thin[number], state, there, own, rate)
    return state


def pooled(state: Array, kinds: Array, there: Array) -> Array:
    """Return the mean over the reply's tokens beside the mean over all, as `Reader` does."""
    reply = (there & (kinds == 1))[..., None]
    every = there[..., None]
    of_reply = (state * reply).sum(1) / jnp.maximum(reply.sum(1), 1)
    return jnp.concatenate([of_reply, (state * every).sum(1) / every.sum(1)], -1)


def products(thin: Array) -> Mapping[str, tuple[NDArray[Any], NDArray[Any]]]:
    """Return the thin matrices by the name of the weight matrix they change."""
    return {
        matrix_name(KEPT + number, short): (SCALE * np.asarray(down), np.asarray(up))
        for number, layer in enumerate(thin)
        for short, (down, up) in layer.items()
    }


def _layer(
    layer: Array, thin: Array | None, state: Array, there: Array, key: Array | None, rate: float
) -> Array:
    count, length, _ = state.shape

    def linear(given: Array, short: str) -> Array:
        weight, bias = layer[short]
        made = given @ weight + bias
        if thin is None:
            return made
        down, up = thin[short]
        return made + SCALE * ((given @ down) @ up)

    def by_head(given: Array) -> Array:
        return given.reshape(count, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

    def dropped(given: Array, number: int) -> Array:
        if key is None:
            return given
        kept = jax.random.bernoulli(jax.random.fold_in(key, number), 1 - rate, given.shape)
        return given * kept / (1 - rate)

    query, other, value = (by_head(linear(state, short)) for short in "qkv")
    scores = query @ other.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS)
    shares = jax.nn.softmax(scores + jnp.where(there[:, None, None, :], 0.0, -1e9), -1)
    seen = (shares @ value).transpose(0, 2, 1, 3).reshape(count, length, WIDTH)
    state = _norm(state + dropped(linear(seen, "o"), 0), layer["a"])
    wide = jax.nn.gelu(linear(state, "f"), approximate=False)
    return _norm(state + dropped(linear(wide, "d"), 1), layer["n"])


def _norm(state: Array, norm: Array) -> Array:
    weight, bias = norm
    mean = state.mean(-1, keepdims=True)
    spread = ((state - mean) ** 2).mean(-1, keepdims=True)
    return (state - mean) / jnp.sqrt(spread + _EPSILON) * weight + bias
