"""One running part: its process group, its lines, its end."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from agent.local_stack import undertaker
from agent.local_stack.failure import StackError
from agent.local_stack.lines import LineSplitter
from agent.local_stack.parts import Part

KEPT_LINES = 25
"""Last lines kept for the case that the part fails."""


class Undertaker:
    """The process that ends the groups if this one is killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(undertaker.__file__))],
            stdin=subprocess.PIPE,
            # It may outlive us, and must not keep our output open for whoever reads it.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )

    def watch(self, group: int) -> None:
        """Have `group` ended should this process die."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """Leave `group` alone: it is over, and its number may be given to others."""
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """Let the undertaker go; it ends what it still watches."""
        with suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        self._process.wait(timeout=undertaker.GRACE_S + 5)

    def _tell(self, line: str) -> None:
        with suppress(OSError):  # it was killed: the stack works without it
            if self._process.stdin:
                self._process.stdin.write(line)
                self._process.stdin.flush()


class Child:
    """A part that has been started; calls `on_line(name, line)` for all it prints."""

    def __init__(
        self, part: Part, undertaker: Undertaker, on_line: Callable[[str, str], None]
    ) -> None:
        self.part = part
        self.last_lines: deque[str] = deque(maxlen=KEPT_LINES)
        self.said_ready = part.ready_line is None
        self._undertaker = undertaker
        self._on_line = on_line
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def exit_code(self) -> int | None:
        """Exit code, negative for a signal; None while it runs."""
        return self._process.returncode if self._process else None

    async def start(self) -> None:
        """Start the process in a session of its own; raises `StackError` when it cannot be run."""
        # A pipe of our own: with asyncio's, `wait` returns only when all who inherited it are gone,
        # and a part whose children live on would seem to live too.
        reading, writing = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.part.command,
                env=self.part.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                # Ctrl-C in the terminal must reach the supervisor alone, which has an order.
                start_new_session=True,
            )
        except OSError as error:
            os.close(reading)
            raise StackError(
                f"{self.part.name} cannot be started: {self.part.command[0]!r}: {error.strerror}"
            ) from error
        finally:
            os.close(writing)
        self._undertaker.watch(self._process.pid)
        self._reading = asyncio.create_task(self._read(reading), name=f"lines of {self.part.name}")

    async def ended(self) -> int:
        """Wait for the end of the process and of what it printed; return its exit code."""
        assert self._process is not None
        assert self._reading is not None
        code = await self._process.wait()
        # A grandchild may hold the pipe open for ever.
        await asyncio.wait([self._reading], timeout=0.5)
        return code

    async def stop(self) -> None:
        """Ask the process to end, insist after the grace, and end whatever it started."""
        if self._process is None:
            return
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), self.part.grace_s)
            except TimeoutError:
                self._on_line(
                    self.part.name, f"still running after {self.part.grace_s:g} s: killed"
                )
        self.kill()
        await self._process.wait()
        if self._reading:
            await asyncio.wait([self._reading], timeout=0.5)
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        self._undertaker.forget(self._process.pid)

    def kill(self) -> None:
        """End the process and all of its group at once."""
        if self._process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _read(self, pipe: int) -> None:
        lines, stream = LineSplitter(), asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(pipe, "rb", buffering=0)
        )
        try:
            while chunk := await stream.read(65_536):
                self._take(lines.feed(chunk))
            self._take(lines.close())
        finally:
            transport.close()

    def _take(self, lines: list[str]) -> None:
        for line in lines:
            self.last_lines.append(line)
            if self.part.ready_line and self.part.ready_line.search(line):
                self.said_ready = True
            self._on_line(self.part.name, line)
