"""What the local models' shortcuts save and cost: `python -m benchmarks.local_models`.

Speaks lines of a ward with the packaged voice at several pitches and noise levels, decodes each the
short way and with Whisper's full 30 s, and says how often the two agree. In one process, without
HTTP, on whatever else the machine is doing; the load average is printed for that reason.
"""

import argparse
import os
import re
import statistics
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

import numpy as np
import psutil

from agent.local_models.hearing import RATE_HZ, Hearing
from agent.local_models.loading import Models, load_models
from agent.local_models.meaning import Vector
from agent.local_models.resample import Samples, resample
from agent.local_models.speaking import RATE_HZ as VOICE_HZ
from agent.local_models.speaking import Speaking
from agent.local_models.tuning import SEPARATOR
from agent.local_models.voice_name import VOICE, VoiceName
from agent.settings import Settings

Result = TypeVar("Result")

LINES = (
    "Yes.",
    "No.",
    "Okay.",
    "Go on.",
    "I'm sorry.",
    "Tell me more.",
    "How long?",
    "What happened?",
    "Where does it hurt?",
    "Hello, I'm Sarah, one of the nurses here.",
    "How long have you had the chest pain?",
    "Does the pain spread anywhere, like your arm or your jaw?",
    "Can you tell me your full name and date of birth, please?",
    "I can see you're upset. Tell me what happened.",
    "Calm down, sir, or I will call security.",
    "I understand this must be very frightening for you.",
    "Have you taken any medicine today, such as aspirin?",
    "On a scale from zero to ten, how bad is the pain right now?",
    "I'm not going anywhere. Take your time, and start from the beginning.",
    "We have two choices. You can wait here with me, or I can find you a quiet room.",
    "Is there anyone at home who can look after you tonight?",
    "Do you smoke, or have you ever smoked?",
    "So, just to check that I understood, the pain began yesterday morning on the stairs.",
    "I need you to step back from the desk so that we can talk about this safely.",
    "Nobody told you what was going on for three hours, and that made you angry.",
    "The doctor will see you in about twenty minutes, and I'll come back before then.",
    "What is the most important thing I can do for you right now?",
    "Please lower your voice, there are sick people in this room.",
    "I'll take your blood pressure first, then we'll do a tracing of your heart, and after that "
    "the doctor will explain what it shows.",
    "Could you explain to me, in your own words, what you are going to do when you get home?",
)


class Condition(NamedTuple):
    """How a line is spoken and recorded."""

    pitch: float
    lead_s: float
    tail_s: float
    noise: float
    """Root mean square of white noise; speech here is about 0.05."""


CONDITIONS = (
    Condition(1.0, 0.2, 0.1, 0.0),
    Condition(0.85, 0.5, 0.1, 0.001),
    Condition(1.15, 0.5, 0.3, 0.005),
)


def record(speaking: Speaking, line: str, condition: Condition) -> Samples:
    """Return a line as a recogniser would get it, at its sample rate."""
    spoken = np.concatenate(list(speaking.speak(line, VoiceName(VOICE, condition.pitch))))
    heard = resample(spoken, from_hz=VOICE_HZ, to_hz=RATE_HZ)
    lead, tail = (round(s * RATE_HZ) for s in (condition.lead_s, condition.tail_s))
    framed = np.pad(heard, (lead, tail))
    noise = np.random.default_rng(len(line)).standard_normal(len(framed), dtype=np.float32)
    return framed + condition.noise * noise


def words(text: str) -> list[str]:
    """Return the words alone, to compare texts that differ in punctuation."""
    return re.sub(r"[^a-z0-9' ]", "", text.lower().replace("-", " ")).split()


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.local_models", description=__doc__)
    parser.add_argument("--lines", type=int, default=len(LINES), help="how many lines to decode")
    lines = LINES[: parser.parse_args().lines]
    before_s = time.perf_counter()
    models = load_models(Settings())
    print(f"load     {time.perf_counter() - before_s:.1f} s, {_memory_mb():.0f} MB resident")
    print(f"machine  {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}")
    for row in (*_voice(models), *_meaning(models), *_reader(models), *_hearing(models, lines)):
        print(row)


def _voice(models: Models) -> Iterator[str]:
    def first(line: str) -> Callable[[], Samples]:
        return lambda: next(models.speaking.speak(line, VoiceName(VOICE, 0.9)))

    times = [_ms(first(line))[0] for line in LINES if len(line) > 20]
    yield f"voice    {statistics.median(times):.0f} ms to the first phrase (median)"


def _meaning(models: Models) -> Iterator[str]:
    times = [_ms(lambda line=line: models.meaning.vectors([line]))[0] for line in LINES]  # type: ignore[misc]
    batch, _ = _ms(lambda: models.meaning.vectors([f"{line} Again." for line in LINES]))
    again, _ = _ms(lambda: models.meaning.vectors(LINES))
    yield (
        f"meaning  {statistics.median(times):.1f} ms a sentence, {batch / len(LINES):.1f} ms in a "
        f"batch of {len(LINES)}, {again / len(LINES):.3f} ms when known"
    )


def _reader(models: Models) -> Iterator[str]:
    def read(line: str) -> Callable[[], list[Vector]]:
        return lambda: models.reader.vectors([f"{LINES[0]}{SEPARATOR}{line}"])

    times = [_ms(read(line))[0] for line in LINES]
    yield f"reader   {statistics.median(times):.1f} ms a reply with its line"


def _hearing(models: Models, lines: tuple[str, ...]) -> Iterator[str]:
    by_length: dict[int, list[tuple[float, float]]] = {}
    exact = alike = looped = total = 0
    for condition in CONDITIONS:
        for line in lines:
            clip = record(models.speaking, line, condition)
            short_ms, heard = _ms(lambda clip=clip: models.hearing.hear(clip))  # type: ignore[misc]
            long_ms, padded = _ms(lambda clip=clip: _padded(models.hearing, clip))  # type: ignore[misc]
            text = " ".join(piece.text for piece in heard)
            total += 1
            exact += text == padded
            looped += any(piece.padded for piece in heard)
            alike += words(text) == words(padded)
            if words(text) != words(padded):
                yield f"differs  {padded!r} padded, {text!r} here"
            seconds = len(clip) / RATE_HZ
            nearest = min((1, 3, 5, 8), key=lambda length: abs(length - seconds))
            by_length.setdefault(nearest, []).append((short_ms, long_ms))
    for seconds, pairs in sorted(by_length.items()):
        short, long = (statistics.median(column) for column in zip(*pairs, strict=True))
        yield (
            f"hearing  about {seconds} s: {short:.0f} ms, padded {long:.0f} ms, "
            f"{long / short:.1f} times as long ({len(pairs)} clips)"
        )
    yield (
        f"texts    of {total}: {exact} equal to the letter, {alike} in their words; "
        f"{looped} decoded again for a loop"
    )


def _padded(hearing: Hearing, clip: Samples) -> str:
    return hearing.decode(clip, padded=True)


def _ms(work: Callable[[], Result]) -> tuple[float, Result]:
    before_s = time.perf_counter()
    result = work()
    return (time.perf_counter() - before_s) * 1000, result


def _memory_mb() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


if __name__ == "__main__":
    main()
