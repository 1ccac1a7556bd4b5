"""The real sentence encoder, against the same computed by the book."""

from pathlib import Path

import numpy as np
import pytest
from minilm_by_the_book import states

from agent.local_models.meaning import Meaning
from agent.local_models.minilm import find_packaged_minilm, prepare

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
        ids = meaning._tokenizer.encode(text).ids
        mean = states(source, ids, [0] * len(ids)).mean(axis=0)
        expected = mean / np.linalg.norm(mean)
        np.testing.assert_allclose(vector, expected, atol=2e-5)


def test_a_second_start_finds_the_converted_model(tmp_path: Path) -> None:
    first = prepare(find_packaged_minilm(), tmp_path)
    made = (first / "model.bin").stat().st_mtime_ns

    assert prepare(find_packaged_minilm(), tmp_path) == first
    assert (first / "model.bin").stat().st_mtime_ns == made
    assert list(tmp_path.iterdir()) == [first]
