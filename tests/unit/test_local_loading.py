"""What is missing is said in a sentence with the way out."""

from pathlib import Path

import numpy as np
import pytest

from agent.local_models.errors import ModelMissing
from agent.local_models.loading import find_whisper
from agent.local_models.minilm import find_packaged_minilm, prepare
from agent.local_models.safetensors import read_float_tensors

pytestmark = pytest.mark.unit


def test_the_packaged_whisper_is_found_by_name() -> None:
    assert (find_whisper("tiny.en") / "model.bin").is_file()


def test_a_folder_may_be_given_instead(tmp_path: Path) -> None:
    (tmp_path / "model.bin").touch()

    assert find_whisper(str(tmp_path)) == tmp_path


@pytest.mark.parametrize("name", ["base.en", "/nowhere/at/all"])
def test_a_whisper_that_is_not_there_is_named_with_its_setting(name: str) -> None:
    with pytest.raises(ModelMissing, match=rf"{name}.*INTERLOCUTOR_LOCAL_HEARING_MODEL"):
        find_whisper(name)


def test_weights_that_are_not_the_known_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")

    with pytest.raises(ModelMissing, match="not 53aa5117"):
        prepare(tmp_path, tmp_path / "cache")

    assert not (tmp_path / "cache").exists()


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"model\.safetensors cannot be read.*make install"):
        prepare(tmp_path, tmp_path)


def test_a_cache_that_cannot_be_made_names_the_setting(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()

    with pytest.raises(ModelMissing, match="INTERLOCUTOR_DATA_DIR"):
        prepare(find_packaged_minilm(), in_the_way / "models")


def test_the_weights_are_read_without_their_library() -> None:
    tensors = read_float_tensors(find_packaged_minilm() / "model.safetensors")

    assert tensors["embeddings.word_embeddings.weight"].shape == (30522, 384)
    assert all(np.isfinite(tensor[:1]).all() for tensor in tensors.values())
