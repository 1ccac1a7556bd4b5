"""Speech on its way out: each phrase leaves while the next is still being spoken."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor

import numpy as np

from agent.local_models.resample import Samples
from agent.local_models.speaking import RATE_HZ
from agent.local_models.waveform import to_pcm16, wav_header


async def speech_stream(spoken: Iterator[Samples], threads: Executor) -> AsyncIterator[bytes]:
    """Yield 16-bit samples as they get ready, made in one of the threads."""
    loop = asyncio.get_running_loop()

    def step() -> bytes | None:
        piece = next(spoken, None)
        return None if piece is None else to_pcm16(piece)

    while (pcm := await loop.run_in_executor(threads, step)) is not None:
        yield pcm


def whole_wav(spoken: Iterator[Samples]) -> bytes:
    """Return all the speech as one WAV file, whose header has to know its length."""
    pcm = to_pcm16(np.concatenate([np.zeros(0, np.float32), *spoken]))
    return wav_header(len(pcm), rate_hz=RATE_HZ) + pcm
