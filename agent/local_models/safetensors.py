"""Reads a safetensors file with numpy alone: the package of that name is not needed for one file.

Eight bytes of length, a JSON table of names, then the numbers.
"""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

Tensors = dict[str, npt.NDArray[np.float32]]


def read_float_tensors(path: Path) -> Tensors:
    """Return the float32 tensors of a file by name; they are views of the file on disk."""
    data = np.memmap(path, mode="r")
    table_bytes = int.from_bytes(data[:8].tobytes(), "little")
    table = json.loads(data[8 : 8 + table_bytes].tobytes())
    body = data[8 + table_bytes :]
    tensors: Tensors = {}
    for name, entry in table.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            tensors[name] = body[start:end].view(np.float32).reshape(entry["shape"])
    return tensors
