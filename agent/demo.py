"""Two bundled scenarios played through the room by voice, without a microphone.

What a visitor sees first, so it shows the real thing: real audio both ways, latency as heard,
grades as they come, and where the reports are.
"""

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from agent.protocol import Skill
from agent.settings import Settings
from agent.trainee.conversation import run_trainee
from agent.trainee.errors import CannotStart
from agent.trainee.http import http_client
from agent.trainee.lines import read_lines
from agent.trainee.result import DISTURBED_MS, TraineeResult, percentile, save_report
from agent.trainee.service import report_page
from agent.trainee.show import Screen

LINES = Path(__file__).parent / "demo_lines"
SCENARIOS = ("chest-pain-nurse", "hospital-visitor")
PAGE_TRIES = 20
"""Times the report's page is asked for, a quarter of a second apart."""


async def main(server_url: str) -> int:
    """Play both scenarios and show what came of them; returns 0 only if both went well."""
    settings = Settings()
    console = Console(highlight=False)
    results: dict[str, TraineeResult] = {}
    for scenario_id in SCENARIOS:
        console.rule(scenario_id)
        try:
            results[scenario_id] = await run_trainee(
                server_url,
                scenario_id,
                read_lines(LINES / f"{scenario_id}.txt"),
                models_url=settings.local_models_url(),
                name="Demo",
                on_event=Screen(console).event,
            )
        except CannotStart as error:
            console.print(f"cannot start: {error}", style="bold red", markup=False)
            return 2
    for scenario_id, result in results.items():
        console.print()
        console.print(table_of(scenario_id, result))
        if result.report_json:
            saved = await _save_reports(result, settings.data_dir / "reports", server_url)
            console.print("report: " + "\n        ".join(saved), markup=False, soft_wrap=True)
    return 0 if all(result.succeeded for result in results.values()) else 1


def table_of(scenario_id: str, result: TraineeResult) -> Table:
    """Return what came of an encounter as a table."""
    table = Table(title=scenario_id, show_header=False, title_justify="left")
    table.add_row("lines answered", f"{result.answered} of {result.lines}")
    if result.latencies_ms:
        p50, p95 = (percentile(result.latencies_ms, share) for share in (0.5, 0.95))
        table.add_row("latency as heard", f"p50 {p50:.0f} ms · p95 {p95:.0f} ms")
    if result.held_up_ms >= DISTURBED_MS:
        table.add_row("too busy to measure well", f"by up to {result.held_up_ms:.0f} ms")
    table.add_row("false cutoffs", str(result.false_cutoffs))
    if result.report is not None:
        table.add_row("outcome", result.report.outcome or "none")
        table.add_row("overall", _score(result.report.overall))
        for skill in Skill:
            table.add_row(f"  {skill.replace('_', ' ')}", _score(result.report.skills.get(skill)))
    if result.failure:
        table.add_row("failed", result.failure, style="red")
    return table


async def _save_reports(result: TraineeResult, folder: Path, server_url: str) -> list[str]:
    """Save the report for programs and for people; return where they are. The page is fetched,
    because the server may be gone when somebody wants to read it."""
    data, page = (folder / f"{result.encounter_id}.{kind}" for kind in ("json", "html"))
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(save_report, result, data)
    async with http_client(server_url, timeout_s=10) as http:
        # The record reaches the server a moment after the report reached us.
        for _ in range(PAGE_TRIES):
            answer = await http.get(report_page(server_url, result.encounter_id))
            if answer.is_success:
                await asyncio.to_thread(page.write_text, answer.text, encoding="utf-8")
                return [str(page), str(data)]
            await asyncio.sleep(0.25)
    return [str(data)]


def _score(score: int | None) -> str:
    return "no chance to show it" if score is None else f"{score} of 100"


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    parser = argparse.ArgumentParser(
        prog="python -m agent.demo", description="A spoken encounter with each bundled persona."
    )
    parser.add_argument(
        "--server",
        metavar="URL",
        default=Settings().token_server_url(),
        help="the token server (default: %(default)s)",
    )
    try:
        sys.exit(asyncio.run(main(parser.parse_args().server)))
    except KeyboardInterrupt:
        sys.exit(130)
