"""Prints a verdict for a person to read."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agent.judging.acted import ActedTalk
from agent.judging.consistency import LineVerdict
from agent.judging.judge import Verdict


def show(talk: ActedTalk, verdict: Verdict, screen: Console) -> None:
    """Print the talk with the mark of each line, then what was found and the sums."""
    table = Table(expand=True)
    table.add_column("", no_wrap=True)
    table.add_column("trainee", ratio=5)
    table.add_column(escape(talk.scenario.person.name), ratio=5)
    table.add_column("mark", ratio=2)
    for each, line in zip(talk.answered, verdict.consistency.lines, strict=True):
        table.add_row(str(line.number), escape(each.reply), escape(each.line), escape(_mark(line)))
    screen.print(table)
    realism, consistency = verdict.realism, verdict.consistency
    for found in realism.deductions:
        why = escape(f"“{found.quote}” {found.rationale}")
        screen.print(f"  -{found.points} {found.kind}: {why}")
    for breach in verdict.breaches:
        about = escape(f"line {breach.number}, {breach.about}: “{breach.words}”")
        screen.print(f"  [bold]{breach.kind}[/bold] {about}")
    real = "looks real" if realism.looks_real else "does not look real"
    screen.print(
        f"[bold]realism {realism.score}[/bold] of 100, {real}; {consistency.leaks} leaks, "
        f"{consistency.contradictions} contradictions, {len(verdict.breaches)} breaches by rule"
    )
    if dropped := realism.dropped + consistency.dropped:
        screen.print(f"{dropped} findings dropped: their quotes are not in the talk", style="dim")


def _mark(line: LineVerdict) -> str:
    claims = line.leaked or line.contradicted or line.supported
    return " ".join([line.mark, *dict.fromkeys(claim.fact for claim in claims)])
