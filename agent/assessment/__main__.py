"""`python -m agent.assessment`: grades replies from a file, and measures a grader against experts.

python -m agent.assessment grade FILE.jsonl [--grader local|llm] [-o OUT]
python -m agent.assessment calibrate FILE.jsonl [--grader local|llm] [--json]

`grade` reads one JSON object a line ("-" is standard input):

    {"id", "kind": "patient" | "subject", "scenario_id"?, "persona_line", "reply"}

and writes one for each, in order: {"id", "overall", "skills", "evidence", "advice", "better"}, or
{"id", "ungraded": {"code", "message"}}. A line that cannot be read is ungraded with code `bad_line`
and named by its number; the others are graded all the same, and the exit status is 1.

`calibrate` reads the same with the marks of one or more experts, 1 to 100, beside each reply:

    {"id", "kind", "persona_line", "reply", "overall": [71, 64], "skills": {"safety": [80]}}

`id` may begin with a situation and a slash ("bus/3"); pairs are then compared within situations.
Skills by their full names or the short ones: tone, listening, calm, clarity, safety, resolution.
"""

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from agent.assessment.bench import NoGrader, llm_bench, packaged_bench
from agent.assessment.calibrate import calibrate, read_marked, show
from agent.assessment.grade_file import grade_file
from agent.local_models.errors import ModelMissing
from agent.logs import configure_logs
from agent.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 1 when a line was bad, 2 when nothing could be done at all."""
    parser = argparse.ArgumentParser(
        prog="python -m agent.assessment",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (("grade", "grade replies"), ("calibrate", "compare with experts' marks")):
        command = commands.add_parser(
            name,
            help=what,
            description=__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_argument("file", help='JSON lines; "-": standard input')
        command.add_argument("--grader", choices=("local", "llm"), default="local")
        if name == "grade":
            command.add_argument("-o", "--out", help="where to write; standard output if not given")
        else:
            command.add_argument("--json", action="store_true", help="print the figures as JSON")
    asked = parser.parse_args(arguments)
    configure_logs("WARNING")
    try:
        settings = Settings()
        bench = llm_bench(settings) if asked.grader == "llm" else packaged_bench(settings.data_dir)
        with contextlib.ExitStack() as stack:
            lines = _opened(asked.file, stack)
            if asked.command == "grade":
                out = _written(asked.out, stack)
                return asyncio.run(grade_file(lines, bench, out=out, progress=sys.stderr))
            marked = read_marked(lines)
        figures = asyncio.run(calibrate(marked, bench))
        print(json.dumps(figures, indent=1) if asked.json else show(figures))
        return 0
    except (NoGrader, ModelMissing, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


def _opened(name: str, stack: contextlib.ExitStack) -> TextIO:
    return sys.stdin if name == "-" else stack.enter_context(Path(name).open(encoding="utf-8"))


def _written(name: str | None, stack: contextlib.ExitStack) -> TextIO:
    if name is None:
        return sys.stdout
    return stack.enter_context(Path(name).open("w", encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
