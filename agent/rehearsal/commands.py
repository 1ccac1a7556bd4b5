"""The commands of `python -m personas` that need the persona's mind."""

import argparse
import sys

from rich.console import Console

from agent.local_models.errors import ModelMissing
from agent.logs import configure_logs
from agent.rehearsal.ask import ask
from agent.rehearsal.encoder import PackagedEncoder
from agent.rehearsal.play import play
from agent.rehearsal.talk import Talk
from agent.rehearsal.trial import in_order, show_endings, show_talks, tried
from agent.settings import Settings
from personas.library import Library


async def run(asked: argparse.Namespace, library: Library) -> int:
    """Run `play`, `ask` or `try`; return 1 when a model is missing or a trial ended wrongly."""
    configure_logs("WARNING")
    scenarios = (
        [library.get(each) for each in asked.ids or library.ids()]
        if asked.command == "try"
        else [library.get(asked.id)]
    )
    try:
        encoder = PackagedEncoder(Settings().data_dir)
    except ModelMissing as error:
        print(error, file=sys.stderr)
        return 1
    screen = Console(highlight=False)
    if asked.command == "ask":
        await ask(Talk(scenarios[0], encoder), sys.stdin, sys.stdout, as_json=asked.json)
        return 0
    if asked.command == "play":
        await play(Talk(scenarios[0], encoder), screen, lambda: input("you: "))
        return 0
    found = [(scenario, await tried(scenario, encoder)) for scenario in scenarios]
    if asked.ids:
        for _, trials in found:
            show_talks(trials, screen)
    show_endings(found, screen)
    return 0 if all(in_order(trials) for _, trials in found) else 1
