"""The real tuned reader, against the same computed by the book."""

import numpy as np
import pytest
from minilm_by_the_book import states

from agent.local_models.errors import ModelMissing
from agent.local_models.loading import load_reader
from agent.local_models.minilm import find_packaged_minilm
from agent.local_models.pairs import MOST_OF_LINE, MOST_TOKENS, load_tokenizer, pair_of
from agent.local_models.reader import Reader
from agent.local_models.tuning import SEPARATOR, load_tuning

pytestmark = pytest.mark.providers


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return load_reader(tmp_path_factory.mktemp("models"))


def test_it_computes_what_the_tuned_weights_say(reader: Reader) -> None:
    source, tuning = find_packaged_minilm(), load_tuning()
    assert tuning is not None
    pair = pair_of(load_tokenizer(source), "I can't breathe!", "Sit up for me, help is coming.")
    made = states(source, pair.ids, pair.kinds, tuning)
    expected = np.concatenate([made[np.array(pair.kinds) == 1].mean(axis=0), made.mean(axis=0)])

    (vector,) = reader.vectors([f"I can't breathe!{SEPARATOR}Sit up for me, help is coming."])

    np.testing.assert_allclose(vector, expected, atol=5e-5)
    assert len(vector) == len(tuning.weights)


def test_pairs_read_together_are_read_as_alone(reader: Reader) -> None:
    texts = [
        f"No.{SEPARATOR}All right.",
        f"I have been waiting for four hours and nobody says a word.{SEPARATOR}Who did you ask?",
        f"Why?{SEPARATOR}Because the doctor wants to see the scan before we decide anything.",
    ]

    together = reader.vectors(texts)

    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_allclose(vector, reader.vectors([text])[0], atol=5e-5)


def test_the_line_is_heard(reader: Reader) -> None:
    one, other = reader.vectors(
        [f"{line}{SEPARATOR}What happened?" for line in ("I fell.", "I can't breathe!")]
    )

    assert not np.allclose(one[:384], other[:384], atol=1e-2)


def test_of_long_texts_the_end_of_the_line_and_the_beginning_of_the_reply_are_kept() -> None:
    tokenizer = load_tokenizer(find_packaged_minilm())

    pair = pair_of(tokenizer, "no " * 200 + "help", "yes " * 400)

    assert len(pair.ids) == len(pair.kinds) == MOST_TOKENS
    assert pair.kinds.count(0) == MOST_OF_LINE + 2
    assert tokenizer.decode(pair.ids[: MOST_OF_LINE + 2]).endswith("help")


def test_a_tree_without_a_reader_says_what_is_missing(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("agent.local_models.tuning.FILE", tmp_path / "reader.npz")

    with pytest.raises(ModelMissing, match=r"reader\.npz is missing"):
        load_reader(tmp_path)
