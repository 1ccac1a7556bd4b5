"""Audio files to samples and back.

WAV, which is what voice pipelines send, is read here without loading a codec library; anything else
goes to PyAV, which faster-whisper brings along.
"""

import io
import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from agent.local_models.errors import BrokenAudio
from agent.local_models.resample import Samples, resample

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
NAMES = {
    PCM: "PCM",
    2: "ADPCM",
    FLOAT: "float",
    6: "A-law",
    7: "mu-law",
    17: "IMA ADPCM",
    85: "MP3",
}


def read_audio(data: bytes, *, rate_hz: int) -> Samples:
    """Return the mono samples of an audio file; raises `BrokenAudio` naming what is wrong."""
    if not data:
        raise BrokenAudio("the file is empty")
    if data[:4] in (b"RIFF", b"RF64"):
        samples, own_rate_hz = read_wav(data)
        return resample(samples, from_hz=own_rate_hz, to_hz=rate_hz)
    return _decode(data, rate_hz)


def read_wav(data: bytes) -> tuple[Samples, int]:
    """Return mono samples and sample rate of a WAV file; raises `BrokenAudio`.

    A length of 0 or of more than there is, as streaming writers leave it, means: to the end.
    """
    if data[8:12] != b"WAVE":
        raise BrokenAudio(f"this RIFF file holds {data[8:12]!r}, not WAVE audio")
    layout: bytes | None = None
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        at += 8
        if name == b"fmt ":
            layout = data[at : at + size]
        elif name == b"data":
            if layout is None:
                raise BrokenAudio("the WAV file has its 'data' before its 'fmt ' chunk")
            body = data[at:] if size in (0, 0xFFFFFFFF) else data[at : at + size]
            return _samples(layout, body)
        at += size + size % 2
    missing = "'fmt '" if layout is None else "'data'"
    raise BrokenAudio(f"the WAV file ends before its {missing} chunk")


def to_pcm16(samples: Samples) -> bytes:
    """Return 16-bit little-endian samples, clipped rather than wrapped."""
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def wav_header(pcm_bytes: int, *, rate_hz: int) -> bytes:
    """Return the 44 bytes that make 16-bit mono samples a WAV file."""
    layout = struct.pack("<HHIIHH", PCM, 1, rate_hz, rate_hz * 2, 2, 16)
    head = struct.pack("<4sI4s4sI", b"RIFF", 36 + pcm_bytes, b"WAVE", b"fmt ", len(layout))
    return head + layout + struct.pack("<4sI", b"data", pcm_bytes)


def _samples(layout: bytes, body: bytes) -> tuple[Samples, int]:
    if len(layout) < 16:
        raise BrokenAudio(f"the WAV file's 'fmt ' chunk has {len(layout)} bytes, not 16 or more")
    kind, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", layout)
    if kind == EXTENSIBLE and len(layout) >= 26:
        kind = struct.unpack_from("<H", layout, 24)[0]
    if not 1 <= channels <= 32:
        raise BrokenAudio(f"the WAV file says it has {channels} channels")
    if not 4000 <= rate_hz <= 384_000:
        raise BrokenAudio(f"the WAV file says it has {rate_hz} samples a second")
    body = body[: len(body) - len(body) % (channels * max(1, bits // 8))]
    flat = _to_float(body, kind, bits)
    return (flat.reshape(-1, channels).mean(axis=1) if channels > 1 else flat), rate_hz


def _to_float(body: bytes, kind: int, bits: int) -> Samples:
    values: npt.NDArray[Any]
    match kind, bits:
        case (1, 8):
            values, zero, full = np.frombuffer(body, np.uint8), 128, 2**7
        case (1, 16):
            values, zero, full = np.frombuffer(body, "<i2"), 0, 2**15
        case (1, 24):
            wide = np.zeros((len(body) // 3, 4), np.uint8)
            wide[:, 1:] = np.frombuffer(body, np.uint8).reshape(-1, 3)
            values, zero, full = wide.view("<i4").ravel(), 0, 2**31
        case (1, 32):
            values, zero, full = np.frombuffer(body, "<i4"), 0, 2**31
        case (3, 32 | 64):
            floats = np.frombuffer(body, f"<f{bits // 8}").astype(np.float32)
            return np.nan_to_num(floats, nan=0.0, posinf=1.0, neginf=-1.0)
        case _:
            raise BrokenAudio(
                f"the WAV file holds {bits}-bit {_name(kind)}; send PCM of 8 to 32 bits or float"
            )
    return (values.astype(np.float32) - np.float32(zero)) / np.float32(full)


def _name(kind: int) -> str:
    return NAMES.get(kind, f"format {kind}")


def _decode(data: bytes, rate_hz: int) -> Samples:
    # Imported with faster-whisper at start; here only so that reading WAV needs neither.
    import av
    from faster_whisper.audio import decode_audio

    try:
        decoded = decode_audio(io.BytesIO(data), sampling_rate=rate_hz)
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise BrokenAudio(
            f"the file (it begins {data[:4]!r}) is no audio we can read; send WAV"
        ) from error
    return np.asarray(decoded, np.float32)
