"""`make demo`: the demo against the stack that is running, else against one started for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TextIO

import httpx
from rich.console import Console

from agent.local_stack.environment import user_settings
from agent.local_stack.failure import StackError
from agent.local_stack.screen import Screen
from agent.local_stack.signals import Stopped, until_stopped
from agent.local_stack.stack import Stack, local_stack
from agent.settings import Settings


async def demo(console: Console) -> int:
    """Run the demo; return its exit code, 1 when there is no stack to show, 130 after Ctrl-C."""
    try:
        return await until_stopped(_demo(console))
    except Stopped:
        return 130
    except StackError as error:
        Screen(console).failure(error)
        return 1


async def _demo(console: Console) -> int:
    # Not at the top: the demo brings the trainee's audio with it, which `make run` has no use for.
    from agent.demo import main

    settings = user_settings()
    if await is_up(settings.token_server_url()):
        console.print(f"using the stack that runs at {settings.token_server_url()}", style="dim")
        return await main(settings.token_server_url())
    async with quiet_stack(settings, console) as stack:
        shown = asyncio.create_task(main(stack.server_url))
        ended = asyncio.create_task(stack.parts.first_end())
        try:
            await asyncio.wait([shown, ended], return_when=asyncio.FIRST_COMPLETED)
            if shown.done():
                return shown.result()
            raise ended.result()
        finally:
            for task in (shown, ended):
                task.cancel()
            await asyncio.gather(shown, ended, return_exceptions=True)


@asynccontextmanager
async def quiet_stack(settings: Settings, console: Console) -> AsyncIterator[Stack]:
    """Have a stack up whose logs go to files, with a line on the screen while it starts."""
    folder = settings.data_dir / "logs"
    async with AsyncExitStack() as after:
        waiting = console.status("starting the stack …")
        log = after.enter_context(LogFiles(folder))
        with waiting:
            ready: list[str] = []

            def on_ready(name: str, seconds: str) -> None:
                ready.append(name)
                waiting.update(f"starting the stack … {', '.join(ready)} ready")

            stack = await after.enter_async_context(
                local_stack(settings, on_line=log.line, on_ready=on_ready)
            )
        console.print(f"the stack is up; its logs are in {folder}/", style="dim")
        yield stack


async def is_up(url: str) -> bool:
    """Tell whether a token server answers that it is ready."""
    async with httpx.AsyncClient(timeout=3, trust_env=False) as http:
        try:
            return (await http.get(f"{url}/readyz")).status_code == 200
        except httpx.HTTPError:
            return False


class LogFiles:
    """One file for each part's lines, written anew at each start; only the owner may read them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, TextIO] = {}

    def __enter__(self) -> "LogFiles":
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StackError(
                f"no logs can be written to {str(self._folder)!r}: {error.strerror}; make the "
                "folder writable or set INTERLOCUTOR_DATA_DIR to one that is"
            ) from error
        return self

    def __exit__(self, *exc: object) -> None:
        for file in self._files.values():
            file.close()

    def line(self, name: str, text: str) -> None:
        """Write one line of a part."""
        if name not in self._files:
            self._files[name] = open(self._folder / f"{name}.log", "w", encoding="utf-8")  # noqa: SIM115
        self._files[name].write(text + "\n")
        self._files[name].flush()
