"""The commands of `python -m personas` that need the persona's mind."""

import argparse
import sys

from rich.console import Console

from agent.assessment.rubric import RubricError
from agent.local_models.errors import ModelMissing
from agent.logs import configure_logs
from agent.rehearsal.ask import ask
from agent.rehearsal.encoder import PackagedEncoder, PackagedReader
from agent.rehearsal.play import play
from agent.rehearsal.talk import Talk
from agent.rehearsal.trial import in_order, show_endings, show_talks, tried
from agent.settings import Settings
from personas.library import Library


async def run(asked: argparse.Namespace, library: Library) -> int:
    """Run `play`, `ask` or `try`; return 1 when a model or a rubric is missing, or a trial ended
    wrongly."""
    configure_logs("WARNING")
    scenarios = (
        [library.get(each) for each in asked.ids or library.ids()]
        if asked.command == "try"
        else [library.get(asked.id)]
    )
    try:
        data_dir = Settings().data_dir
        encoder, reader = PackagedEncoder(data_dir), PackagedReader(data_dir)
        talk = Talk(scenarios[0], encoder, reader=reader)
    except (ModelMissing, RubricError) as error:
        print(error, file=sys.stderr)
        return 1
    screen = Console(highlight=False)
    if asked.command == "ask":
        await ask(talk, sys.stdin, sys.stdout, as_json=asked.json)
        return 0
    if asked.command == "play":
        await play(talk, screen, lambda: input("you: "))
        return 0
    found = [(scenario, await tried(scenario, encoder, reader)) for scenario in scenarios]
    if asked.ids:
        for _, trials in found:
            show_talks(trials, screen)
    show_endings(found, screen)
    return 0 if all(in_order(trials) for _, trials in found) else 1
