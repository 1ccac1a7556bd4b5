"""Builds livekit-server from its Go module, once, when there is none on PATH.

The build takes minutes and Go prints nothing meanwhile, so what it has compiled is counted on the
screen. It is built aside and moved in at the end: an interrupted build leaves no half a server.
"""

import os
import shutil
import subprocess
import tempfile
import threading
from collections import deque
from pathlib import Path
from time import monotonic

from rich.console import Console

from agent.local_stack.livekit import BUILT, VERSION, WAYS_TO_GET_ONE, find_server

MODULE = f"github.com/livekit/livekit-server/cmd/server@v{VERSION}"
SAY_EVERY_S = 5.0


def get_livekit(console: Console) -> int:
    """Make sure that there is a livekit-server; return 0, or 1 after saying how to get one."""
    there = find_server()
    if there:
        console.print(f"livekit-server: {there}", soft_wrap=True)
        return 0
    go = shutil.which("go")
    if go is None:
        console.print(
            f"there is no livekit-server and no Go to build one: {WAYS_TO_GET_ONE}",
            style="bold red",
            soft_wrap=True,
        )
        return 1
    console.print(f"building livekit-server {VERSION} with Go, once; about 3 minutes")
    BUILT.parents[1].mkdir(mode=0o700, exist_ok=True)
    BUILT.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILT.parent, prefix="build-") as folder:
        code, last = _build(go, Path(folder), console)
        if code == 0:
            (Path(folder) / "server").replace(BUILT)
    if code:
        console.print("\n".join(last), markup=False, soft_wrap=True)
        console.print(
            f"Go could not build livekit-server (exit code {code}, its last lines above): "
            f"{WAYS_TO_GET_ONE}",
            style="bold red",
            soft_wrap=True,
        )
        return 1
    console.print(f"built {BUILT.relative_to(BUILT.parents[2])}", soft_wrap=True)
    return 0


def _build(go: str, folder: Path, console: Console) -> tuple[int, list[str]]:
    began, last = monotonic(), deque[str](maxlen=15)
    downloaded = compiled = 0
    done = threading.Event()

    def say() -> None:
        while not done.wait(SAY_EVERY_S):
            minutes, seconds = divmod(int(monotonic() - began), 60)
            console.print(
                f"  {minutes}:{seconds:02d}  {downloaded} modules fetched, "
                f"{compiled} packages compiled"
            )

    process = subprocess.Popen(
        [go, "install", "-v", MODULE],
        # Away from the checkout, whose files Go has no business with.
        cwd=folder,
        env={**os.environ, "GOBIN": str(folder), "GOFLAGS": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    threading.Thread(target=say, daemon=True).start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            last.append(line.rstrip())
            if line.startswith("go: downloading"):
                downloaded += 1
            elif " " not in line.strip():
                compiled += 1
        return process.wait(), list(last)
    finally:
        done.set()
        if process.poll() is None:
            process.terminate()
            process.wait()
