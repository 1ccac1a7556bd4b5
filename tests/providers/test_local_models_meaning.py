"""The real sentence encoder, against the same computed by the book."""

import json
from math import erf, sqrt
from pathlib import Path

import numpy as np
import pytest

from agent.local_models.meaning import Meaning, Vector
from agent.local_models.minilm import find_packaged_minilm, prepare
from agent.local_models.safetensors import Tensors, read_float_tensors

pytestmark = pytest.mark.providers


@pytest.fixture(scope="module")
def meaning(tmp_path_factory: pytest.TempPathFactory) -> Meaning:
    source = find_packaged_minilm()
    return Meaning(prepare(source, tmp_path_factory.mktemp("models")), source)


def test_paraphrases_are_closer_than_other_sentences(meaning: Meaning) -> None:
    asked, same, other = meaning.vectors(
        ["How long have you had the pain?", "When did it start to hurt?", "Step back, please."]
    )

    assert asked @ same > 0.5 > asked @ other
    assert np.linalg.norm(asked) == pytest.approx(1, abs=1e-5)


def test_a_batch_gives_what_each_text_gives_alone(meaning: Meaning) -> None:
    texts = ["A.", "A somewhat longer one, to be padded against.", "Yes, of course."]
    fresh = [f"{text} Indeed." for text in texts]
    together = meaning.vectors(fresh)
    # Made anew: what is remembered would prove nothing.
    alone = [meaning._compute([text])[0] for text in fresh]

    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_the_converted_model_computes_what_the_weights_say(meaning: Meaning) -> None:
    source = find_packaged_minilm()
    texts = ["How long have you had the chest pain?", "I am so sorry for your loss."]

    for text, vector in zip(texts, meaning.vectors(texts), strict=True):
        expected = bert(source, meaning._tokenizer.encode(text).ids)
        np.testing.assert_allclose(vector, expected, atol=2e-5)


def test_a_second_start_finds_the_converted_model(tmp_path: Path) -> None:
    first = prepare(find_packaged_minilm(), tmp_path)
    made = (first / "model.bin").stat().st_mtime_ns

    assert prepare(find_packaged_minilm(), tmp_path) == first
    assert (first / "model.bin").stat().st_mtime_ns == made
    assert list(tmp_path.iterdir()) == [first]


def bert(source: Path, ids: list[int]) -> Vector:
    """Compute a sentence vector by the book, with numpy alone."""
    weights = read_float_tensors(source / "model.safetensors")
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    state = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    state = norm(state, weights, "embeddings.LayerNorm")
    for index in range(config["num_hidden_layers"]):
        state = layer(state, weights, f"encoder.layer.{index}", config["num_attention_heads"])
    mean = state.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


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
