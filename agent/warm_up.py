"""Has the process that jobs are forked from import what they need, early and in parallel.

On Linux every job is forked from one process that has already imported everything. Importing takes
as long there as in the worker itself; begun here, before the worker's own imports, both cores work
and the worker is ready in about half the time.
"""

import multiprocessing
import sys
from multiprocessing import forkserver

OURS = ("agent.main", "httpcore", "anyio._backends._asyncio")
"""Modules of ours, or loaded late by ours, that a first encounter should not have to import."""
_LIVEKITS = (
    "livekit.plugins.silero",
    "livekit.plugins.deepgram",
    "livekit.plugins.openai",
)
_LAST = ("livekit.agents.ipc._preload", "livekit.agents.ipc._preload_freeze")
"""What livekit-agents itself preloads, in its order: the last one freezes what came before."""


def warm_up() -> None:
    """Start the process jobs are forked from, importing; does nothing where there is none."""
    if sys.platform.startswith("linux"):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*_LIVEKITS, *OURS, *_LAST])
        forkserver.ensure_running()
