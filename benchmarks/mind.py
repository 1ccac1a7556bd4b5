"""`python -m benchmarks.mind`: what hearing one reply costs, part by part.

Every good, mixed and poor reply of the library's rehearsals is heard once by its persona. The whole
is what the voice path waits for, with the sentence encoder as it runs in the models server.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from agent.mind.appraisal import appraise
from agent.mind.lexicon import load_lexicon
from agent.mind.listening import texts_of
from agent.mind.script import awake, respond
from agent.rehearsal.encoder import PackagedEncoder
from agent.rehearsal.trial import NAMES, rehearsal_of
from agent.role import learned
from agent.settings import Settings
from personas import Library


@contextmanager
def timed(spans: dict[str, list[float]], name: str) -> Iterator[None]:
    """Add the milliseconds of a block to the spans of that name."""
    began = time.perf_counter()
    yield
    spans.setdefault(name, []).append((time.perf_counter() - began) * 1000)


async def main() -> None:
    """Hear every reply and print the figures."""
    argparse.ArgumentParser(prog="python -m benchmarks.mind", description=__doc__).parse_args()
    encoder = PackagedEncoder(Settings().data_dir)
    library = Library()
    spans: dict[str, list[float]] = {}
    for scenario_id in library.ids():
        scenario = library.get(scenario_id)
        lexicon = load_lexicon(scenario.language)
        with timed(spans, "learning a scenario"):
            listener = await learned(scenario, lexicon, encoder)
        words = rehearsal_of(scenario)
        for reply in (line for name in NAMES for line in getattr(words, name)):
            with timed(spans, "appraisal by rules"):
                appraise(reply, lexicon)
            with timed(spans, "whole"):
                with timed(spans, "  sentence vectors"):
                    vectors = await encoder.vectors(texts_of(reply), timeout_s=10)
                with timed(spans, "  tone, signals, facts"):
                    heard = listener.hear(reply, vectors=vectors)
                with timed(spans, "  state and answer"):
                    respond(scenario, awake(scenario), heard, lexicon)
    print(f"{'ms':<24}{'times':>8}{'p50':>8}{'p95':>8}{'most':>8}")
    for name, values in spans.items():
        ranked = sorted(values)
        p50, p95 = (ranked[int(share * (len(ranked) - 1))] for share in (0.5, 0.95))
        print(f"{name:<24}{len(ranked):>8}{p50:>8.1f}{p95:>8.1f}{ranked[-1]:>8.1f}")


if __name__ == "__main__":
    asyncio.run(main())
