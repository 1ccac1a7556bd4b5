"""What the trainee will say: a text file to be spoken, or recordings to be played.

Everything is read and checked before the persona is called, so that a bad file costs nobody a
wait.
"""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from livekit import rtc

from agent.trainee.errors import CannotStart
from agent.trainee.sound import RATE, Samples, frames, mono, voiced_frames


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One thing the trainee says."""

    text: str
    """The words, or the name of the recording."""
    samples: Samples | None = None
    """The sound at 24 kHz; None: to be spoken by the local voice."""


def parse_lines(text: str) -> list[Line]:
    """Return one line for each line of text; blank ones and those starting with # are left out."""
    stripped = (each.strip() for each in text.splitlines())
    return [Line(each) for each in stripped if each and not each.startswith("#")]


def read_lines(path: Path) -> list[Line]:
    """Read a file of lines; raises `CannotStart` when it is missing, unreadable or empty."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CannotStart(f"no file of lines at {str(path)!r}") from None
    except OSError as error:
        raise CannotStart(f"{str(path)!r} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise CannotStart(f"{str(path)!r} is not UTF-8 text") from None
    return some(parse_lines(text), str(path))


def some(lines: list[Line], source: str) -> list[Line]:
    """Return the lines as they are; raises `CannotStart` when there are none."""
    if not lines:
        raise CannotStart(
            f"{source!r} holds nothing to say: write one line for each thing the trainee says"
        )
    return lines


def read_recordings(folder: Path) -> list[Line]:
    """Read the WAV files of a folder in order of name; raises `CannotStart` naming a bad one."""
    if not folder.is_dir():
        raise CannotStart(f"no folder of recordings at {str(folder)!r}")
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".wav")
    if not found:
        raise CannotStart(f"no WAV files in {str(folder)!r}")
    return [Line(path.name, read_wav(path)) for path in found]


def read_wav(path: Path) -> Samples:
    """Read a WAV file of 16-bit PCM, any rate, any channels, as mono at 24 kHz."""
    try:
        with wave.open(str(path), "rb") as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError, OSError) as error:
        raise CannotStart(
            f"{str(path)!r} is not a WAV file that can be read ({error or 'it ends too early'}):"
            " save it as 16-bit PCM"
        ) from error
    if width != 2:
        raise CannotStart(f"{str(path)!r} has {width * 8}-bit samples: save it as 16-bit PCM")
    if not rate:
        raise CannotStart(f"{str(path)!r} says it has 0 samples a second: save it again")
    whole = len(data) // (2 * channels) * 2 * channels
    samples = resample(mono(np.frombuffer(data[:whole], dtype="<i2"), channels=channels), rate=rate)
    if voiced_frames(frames(samples)) is None:
        raise CannotStart(f"{str(path)!r} holds no sound")
    return samples


def resample(samples: Samples, *, rate: int) -> Samples:
    """Return the same sound at 24 kHz; `rate` is its rate in samples per second."""
    if rate == RATE or len(samples) == 0:
        return samples
    resampler = rtc.AudioResampler(rate, RATE, quality=rtc.AudioResamplerQuality.HIGH)
    made = resampler.push(bytearray(samples.tobytes())) + resampler.flush()
    return np.concatenate(
        [np.zeros(0, dtype=np.int16), *(np.frombuffer(each.data, dtype=np.int16) for each in made)]
    )
