"""`python -m benchmarks.paraphrases`: how many questions find their fact.

The questions of `blind.jsonl` were written from the facts alone, without sight of any sample
wording, and nothing was tuned on them; `tuning.jsonl`, made the same way by another writer, is what
the thresholds were set on. A line of a file is what a trainee says and the fact it asks for (or one
of several), or null where it asks for none.
"""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from agent.mind.lexicon import load_lexicon
from agent.mind.listening import texts_of
from agent.rehearsal.encoder import PackagedEncoder
from agent.role import learned
from agent.settings import Settings
from personas import Library

HERE = Path(__file__).parent


async def main() -> None:
    """Match every line and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paraphrases", description=__doc__)
    parser.add_argument("set", nargs="?", choices=("blind", "tuning"), default="blind")
    parser.add_argument("--show", action="store_true", help="print every line that went wrong")
    asked = parser.parse_args()
    encoder = PackagedEncoder(Settings().data_dir)
    library = Library()
    listeners: dict[str, Any] = {}
    counts = {"right": 0, "wrong": 0, "missed": 0, "false": 0, "quiet": 0}
    for row in (HERE / f"{asked.set}.jsonl").read_text(encoding="utf-8").splitlines():
        line = json.loads(row)
        name, said = line["scenario"], line["said"]
        if name not in listeners:
            scenario = library.get(name)
            listeners[name] = await learned(scenario, load_lexicon(scenario.language), encoder)
        vectors = await encoder.vectors(texts_of(said), timeout_s=10)
        heard = listeners[name].hear(said, vectors=vectors)
        found = heard.asked.fact.id if heard.asked and heard.asked.fact else None
        wanted = line["fact"] if isinstance(line["fact"], list) else [line["fact"]]
        if wanted == [None]:
            kind = "quiet" if found is None else "false"
        else:
            kind = "missed" if found is None else "right" if found in wanted else "wrong"
        counts[kind] += 1
        if asked.show and kind not in ("right", "quiet"):
            score = heard.asked.score if heard.asked else 0.0
            topics = sorted(heard.asked.topics) if heard.asked else []
            print(f"{kind:7}{name:24}{said[:90]!r} -> {found} {score} {topics}; wanted {wanted}")
    asking = counts["right"] + counts["wrong"] + counts["missed"]
    silent = counts["false"] + counts["quiet"]
    print(
        f"{asked.set}: {counts['right']} of {asking} questions find their fact"
        f" ({counts['right'] / asking:.0%}); {counts['wrong']} another one,"
        f" {counts['missed']} none"
    )
    print(
        f"{counts['false']} of {silent} lines that ask for no fact find one"
        f" ({counts['false'] / silent:.0%})"
    )


if __name__ == "__main__":
    asyncio.run(main())
