"""`python -m personas`: look after scenario files without the rest of the product.

python -m personas list            every scenario that can be played
python -m personas check           every file of the library
python -m personas check FILE...   these files
"""

import argparse
import sys
from pathlib import Path

from personas.library import Library, ScenarioError, read_scenario


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return 1 if a file is wrong."""
    parser = argparse.ArgumentParser(prog="python -m personas", description="Scenario files.")
    parser.add_argument("--folder", type=Path, help="a folder of your own scenarios, read too")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name every scenario that can be played")
    check = commands.add_parser("check", help="say what is wrong with files, by line and field")
    check.add_argument("files", nargs="*", type=Path, help="default: the whole library")
    asked = parser.parse_args(arguments)
    try:
        library = Library(*([asked.folder] if asked.folder else []))
    except ScenarioError as error:
        print(error, file=sys.stderr)
        return 1
    return _list(library) if asked.command == "list" else _check(library, asked.files)


def _list(library: Library) -> int:
    scenarios, problems = library.check()
    for scenario in scenarios:
        print(f"{scenario.id:<24} {scenario.kind:<8} {scenario.card.title}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _check(library: Library, files: list[Path]) -> int:
    if not files:
        scenarios, problems = library.check()
        good = len(scenarios)
    else:
        good, problems = 0, []
        for file in files:
            try:
                read_scenario(file)
                good += 1
            except ScenarioError as error:
                problems.extend(error.problems)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{good} good, {len(problems)} problem{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
