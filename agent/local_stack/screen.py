"""What `make run` shows: one stream of lines, each under the name of the part that said it.

Colours only on a terminal and without NO_COLOR, which `rich` sees to.
"""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.local_stack.failure import PartFailed
from agent.local_stack.livekit import find_server
from agent.local_stack.stack import Stack

COLOURS = {"livekit": "blue", "models": "magenta", "worker": "green", "token-server": "yellow"}
OWN = "stack"
WIDTH = max(map(len, COLOURS))


class Screen:
    """Prints lines and the few things the stack itself has to say."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)

    def line(self, name: str, text: str) -> None:
        """Print one line of a part under its name."""
        self._console.print(
            Text.assemble(
                (f"{name:>{WIDTH}}", COLOURS.get(name, "bold cyan")), (" │ ", "dim")
            ).append_text(Text.from_ansi(text)),
            soft_wrap=True,
        )

    def ready(self, name: str, after: str) -> None:
        """Say that a part is ready."""
        self.line(OWN, f"{name} ready after {after}")

    def summary(self, stack: Stack, *, seconds: float) -> None:
        """Say where the page is and which part runs where."""
        table = Table.grid(padding=(0, 2))
        carrier = stack.livekit_url
        if not stack.settings.livekit_url:
            carrier += f" (started here: {find_server()})"
        for what, where in {
            "LiveKit": carrier,
            **stack.settings.providers(),
            "data": str(stack.settings.data_dir.absolute()),
        }.items():
            table.add_row(Text(what, style="dim"), Text(where, overflow="fold"))
        self._console.print()
        self._console.print(
            Text(f"Ready in {seconds:.1f} s. Open ").append(
                f"{stack.server_url}/", "bold underline"
            ),
            soft_wrap=True,
        )
        self._console.print(table)
        self._console.print("Ctrl-C stops everything.\n", style="dim", soft_wrap=True)

    def failure(self, error: Exception) -> None:
        """Say what went wrong; for a part, its last lines come last."""
        lines: Iterable[str] = error.last_lines if isinstance(error, PartFailed) else ()
        self._console.print()
        for number, sentence in enumerate(str(error).splitlines() or [repr(error)]):
            lead = "cannot go on: " if number == 0 else "              "
            self._console.print(Text(lead + sentence, style="bold red"), soft_wrap=True)
        if lines:
            self._console.print("its last lines:", style="dim")
            for line in lines:
                self._console.print(Text("  ").append_text(Text.from_ansi(line)), soft_wrap=True)
