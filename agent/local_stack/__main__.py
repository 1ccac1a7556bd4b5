"""`python -m agent.local_stack [run|demo|doctor|get-livekit]`; `make` calls these."""

import argparse
import asyncio
import sys

from pydantic import ValidationError
from rich.console import Console

from agent.local_stack.environment import environment_name


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m agent.local_stack", description=__doc__)
    parser.add_argument(
        "command", nargs="?", default="run", choices=["run", "demo", "doctor", "get-livekit"]
    )
    command = parser.parse_args(arguments).command
    console = Console(highlight=False)
    try:
        return _call(command, console)
    except ValidationError as error:
        for fault in error.errors():
            field = str(fault["loc"][0]) if fault["loc"] else ""
            # Not the value: it may be a secret.
            console.print(
                f"cannot start: the setting {_name(field)} is not usable: {fault['msg']}",
                style="bold red",
                soft_wrap=True,
                markup=False,
            )
        return 1


def _call(command: str, console: Console) -> int:
    # Each command imports its own: `get-livekit` runs before all packages are needed.
    if command == "run":
        from agent.local_stack.run import run
        from agent.local_stack.screen import Screen

        return asyncio.run(run(Screen(console)))
    if command == "demo":
        from agent.local_stack.demo import demo

        return asyncio.run(demo(console))
    if command == "doctor":
        from agent.local_stack.doctor import doctor

        return asyncio.run(doctor(console))
    from agent.local_stack.get_livekit import get_livekit

    return get_livekit(console)


def _name(field: str) -> str:
    try:
        return environment_name(field)
    except KeyError:
        return field


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
