"""`python -m agent.trainee`: a scripted trainee from the command line.

Exit code 0: every line was answered and the report came. 1: something failed on the way, in one
sentence. 2: it could not begin.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from agent.settings import Settings
from agent.trainee.conversation import run_trainee
from agent.trainee.errors import CannotStart
from agent.trainee.events import Event
from agent.trainee.exchange import ANSWER_S
from agent.trainee.lines import Line, parse_lines, read_lines, read_recordings, some
from agent.trainee.result import save_report, summary
from agent.trainee.show import Screen

INTERRUPTED = 130


def arguments(settings: Settings) -> argparse.ArgumentParser:
    """Return the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m agent.trainee",
        description="Talk to a persona by voice with a script or recordings, like any client.",
        epilog=(
            "example: python -m agent.trainee --scenario chest-pain-nurse"
            " --lines agent/demo_lines/chest-pain-nurse.txt --record talk.wav --report report.json"
            " · exit code 0: every line was answered and the report came; 1: not so; 2: could not"
            " begin"
        ),
    )
    add = parser.add_argument
    add(
        "--server",
        metavar="URL",
        default=settings.token_server_url(),
        help="the token server (default: %(default)s)",
    )
    add("--scenario", metavar="ID", required=True, help="which persona to talk to")
    said = parser.add_mutually_exclusive_group(required=True)
    said.add_argument(
        "--lines",
        metavar="FILE",
        help="text to speak, one thing a line; blank lines and # comments are left out; - is stdin",
    )
    said.add_argument(
        "--audio", metavar="DIR", type=Path, help="WAV files (16-bit PCM) to play, in order of name"
    )
    add(
        "--record",
        metavar="OUT.wav",
        type=Path,
        help="write what was sent (left) and heard (right)",
    )
    add("--events", metavar="OUT.jsonl", type=Path, help="write what happens, one JSON a line")
    add("--report", metavar="OUT.json", type=Path, help="write the report")
    add(
        "--mode",
        choices=("practice", "exam"),
        default="practice",
        help="practice: grades as they come; exam: only in the report (default: %(default)s)",
    )
    add("--name", metavar="NAME", default="", help="the trainee's name in the record")
    add(
        "--timeout",
        metavar="S",
        type=_seconds,
        default=ANSWER_S,
        help="seconds an answer may take (default: %(default)g)",
    )
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    settings = Settings()
    options = arguments(settings).parse_args(argv)
    # LiveKit's own warnings are for developers of clients; what matters comes as our own sentence.
    logging.basicConfig(level=logging.ERROR)
    try:
        return asyncio.run(_run(options, settings))
    except CannotStart as error:
        print(f"cannot start: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; the persona was told", file=sys.stderr)
        return INTERRUPTED


async def _run(options: argparse.Namespace, settings: Settings) -> int:
    lines = _lines(options)
    for path in (options.record, options.report):
        if path is not None:
            _writable(path)
    screen = Screen(Console(highlight=False))
    began = time.monotonic()
    with ExitStack() as files:
        written = None
        if options.events is not None:
            _writable(options.events)
            written = files.enter_context(options.events.open("w", encoding="utf-8"))

        def write(event: Event) -> None:
            if written is not None:
                written.write(json.dumps(event, ensure_ascii=False) + "\n")
                written.flush()

        def happened(event: Event) -> None:
            write(event)
            screen.event(event)

        try:
            result = await run_trainee(
                options.server,
                options.scenario,
                lines,
                models_url=settings.local_models_url(),
                mode=options.mode,
                name=options.name,
                record=options.record,
                on_event=happened,
                answer_s=options.timeout,
            )
        except CannotStart as error:
            seconds = round(time.monotonic() - began, 3)
            write({"t": seconds, "type": "error", "message": str(error)})
            raise
    if options.report is not None and result.report_json:
        save_report(result, options.report)
    screen.note(summary(result), "bold")
    return 0 if result.succeeded else 1


def _lines(options: argparse.Namespace) -> list[Line]:
    if options.audio is not None:
        return read_recordings(options.audio)
    if options.lines == "-":
        return some(parse_lines(sys.stdin.read()), "standard input")
    return read_lines(Path(options.lines))


def _writable(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
    except OSError as error:
        raise CannotStart(f"{str(path)!r} cannot be written: {error.strerror}") from error


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 600:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 600 seconds")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
