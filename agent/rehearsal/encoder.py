"""The sentence encoder and the reader in this process, for when there is no models server."""

from collections.abc import Sequence
from pathlib import Path

from agent.local_models.loading import load_meaning, load_reader
from agent.mind.disclosure import Vector


class PackagedEncoder:
    """Sentence vectors of the packaged MiniLM."""

    def __init__(self, data_dir: Path) -> None:
        """Load the model, kept converted under `data_dir`; raises `ModelMissing`."""
        self._meaning = load_meaning(data_dir / "models")

    async def vectors(self, texts: Sequence[str], *, timeout_s: float) -> list[Vector] | None:
        """Return one unit vector for each text; it never takes long enough to time out."""
        return self._meaning.vectors(texts) if texts else []


class PackagedReader:
    """What the tuned reader makes of a line and a reply."""

    def __init__(self, data_dir: Path) -> None:
        """Load the model, kept converted under `data_dir`; raises `ModelMissing`."""
        self._reader = load_reader(data_dir / "models")

    async def vectors(self, texts: Sequence[str], *, timeout_s: float) -> list[Vector] | None:
        """Return the numbers for each text; it never takes long enough to time out."""
        return self._reader.vectors(texts)
