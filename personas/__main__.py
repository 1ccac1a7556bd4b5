"""`python -m personas`: look after scenarios, and try them out without a room.

python -m personas list                   every scenario that can be played
python -m personas check [FILE...]        what is wrong with files, by line and field, and what weak
python -m personas new ID                 a file to begin with
python -m personas schema                 the JSON Schema of a file, for editors
python -m personas play ID                talk to it here, by text
python -m personas ask ID [--json]        one trainee line in, one answer out
python -m personas try [ID...]            a poor, a mixed and a good trainee, and how they end
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from personas.bank import load_bank
from personas.check import warnings_of
from personas.library import BUNDLED, Library, ScenarioError, read_scenario
from personas.model import Scenario

TEMPLATE = Path(__file__).parent / "template.yaml"
SCHEMA = Path(__file__).parent / "schema.json"


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return 1 if a file is wrong or a trial did not end as it should."""
    asked = _parser().parse_args(arguments)
    try:
        own = asked.folder if asked.command != "new" else None
        library = Library(*([own] if own else []))
        match asked.command:
            case "list":
                return _list(library)
            case "check":
                return _check(library, asked.files)
            case "new":
                return _new(asked.id, asked.kind, asked.folder or Path.cwd())
            case "schema":
                print(schema(), end="")
                return 0
            case _:
                # These need the persona's mind; everything above does without its weight.
                from agent.rehearsal.commands import run

                return asyncio.run(run(asked, library))
    except ScenarioError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def schema() -> str:
    """Return the JSON Schema of a scenario file."""
    document = Scenario.model_json_schema()
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m personas", description="Scenario files.")
    parser.add_argument("--folder", type=Path, help="a folder of your own scenarios, read too")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("list", help="name every scenario that can be played")
    check = commands.add_parser("check", help="say what is wrong with files, by line and field")
    check.add_argument("files", nargs="*", type=Path, help="default: the whole library")
    new = commands.add_parser("new", help="write a file to begin with, here or in --folder")
    new.add_argument("id", help="its id and file name: small letters, digits and hyphens")
    new.add_argument("--kind", choices=("patient", "subject"), default="patient")
    commands.add_parser("schema", help="print the JSON Schema of a file")
    play = commands.add_parser("play", help="talk to a persona here, by text, state beside it")
    ask = commands.add_parser("ask", help="read a trainee line per input line, print each answer")
    ask.add_argument("--json", action="store_true", help="one JSON object a line")
    attempt = commands.add_parser("try", help="play a poor, a mixed and a good trainee")
    for command in (play, ask):
        command.add_argument("id", help="id of the scenario")
    attempt.add_argument(
        "ids", nargs="*", metavar="ID", help="default: the whole library, endings only"
    )
    return parser


def _list(library: Library) -> int:
    scenarios, problems = library.check()
    for scenario in scenarios:
        print(
            f"{scenario.id:<24} {scenario.kind:<8} {scenario.difficulty:<7} "
            f"{scenario.card.profession:<24} {scenario.card.title}"
        )
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _check(library: Library, files: list[Path]) -> int:
    good: list[Scenario] = []
    problems: list[str] = []
    if files:
        for file in files:
            try:
                good.append(read_scenario(file))
            except ScenarioError as error:
                problems.extend(error.problems)
    else:
        good, problems = library.check()
    problems.extend(_unknown_instruments(good))
    for problem in problems:
        print(problem, file=sys.stderr)
    warned = 0
    for scenario in good:
        for warning in warnings_of(scenario, load_bank(scenario.language)):
            warned += 1
            print(f"{scenario.id}: warning: {warning}")
    counts = (
        f"{len(good)} good",
        f"{len(problems)} problem{'' if len(problems) == 1 else 's'}",
        f"{warned} warning{'' if warned == 1 else 's'}",
    )
    print(", ".join(counts))
    return 1 if problems else 0


def _unknown_instruments(scenarios: list[Scenario]) -> list[str]:
    """Return a problem for each rubric and checklist that is asked for and that nobody has."""
    # They are the graders' and not the library's; only who checks files looks there.
    from agent.assessment.checklist import checklists
    from agent.assessment.rubric import rubrics

    return [
        f"{each.id}: {field}: no {what} named {name!r}; known: {', '.join(known)}"
        for each in scenarios
        for field, what, known, asked in (
            ("rubric", "rubric", rubrics(), [each.rubric]),
            ("checklists", "checklist", checklists(), each.checklists),
        )
        for name in asked
        if name not in known
    ]


def _new(scenario_id: str, kind: str, folder: Path) -> int:
    path = folder / f"{scenario_id}.yaml"
    subject = kind == "subject"
    text = (
        TEMPLATE.read_text(encoding="utf-8")
        .replace("{schema}", "../schema.json" if folder.resolve() in BUNDLED else str(SCHEMA))
        .replace("{id}", scenario_id)
        .replace("{kind}", kind)
        .replace("{rubric}", "de-escalation" if subject else "clinical-communication")
        .replace("{arousal}", "3.5" if subject else "2")
        .replace("{trust}", "1" if subject else "2")
        .replace("{opening}", "  opening: [Are you in charge here?]\n" if subject else "")
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        read_scenario(path)
    except FileExistsError:
        raise ScenarioError([f"{path} is there already; nothing was changed"]) from None
    except OSError as error:
        raise ScenarioError([f"{path} cannot be written: {error.strerror}"]) from error
    except ScenarioError:
        path.unlink()
        raise
    print(f"{path} written. Change it, then: python -m personas check {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
