"""`python -m personas play ID`: talk to a persona in the terminal and watch what it does to it."""

from collections.abc import Callable

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from agent.protocol import Grade
from agent.rehearsal.talk import Exchanged, Talk

HELP = (
    "Type what you say and press Enter. /card shows the card, /facts what came to light, /end ends."
)


async def play(talk: Talk, screen: Console, read: Callable[[], str]) -> None:
    """Talk until `/end` or the end of the input; `read` returns a line or raises `EOFError`."""
    _show_card(talk, screen)
    screen.print(HELP, style="dim")
    if opening := await talk.begin():
        _speaks(talk, screen, opening)
    while True:
        try:
            said = read().strip()
        except (EOFError, KeyboardInterrupt):
            break
        if said == "/end":
            break
        if said == "/card":
            _show_card(talk, screen)
        elif said == "/facts":
            told = talk.exchanges[-1].answer.mind.told if talk.exchanges else ()
            screen.print(", ".join(told) or "nothing yet", style="dim")
        elif said.startswith("/"):
            screen.print(HELP, style="dim")
        elif said:
            _show(talk, screen, await talk.say(said))
    screen.print(f"\n{len(talk.exchanges)} replies; it ended in {talk.outcome()}", style="bold")


def _show(talk: Talk, screen: Console, exchanged: Exchanged) -> None:
    answer = exchanged.answer
    if answer.pause_s:
        screen.print(f"  (is silent for {answer.pause_s:g} s)", style="dim")
    _speaks(talk, screen, answer.line)
    mood = answer.mind.mood
    notes = [
        f"arousal {_bar(mood.arousal)} {mood.arousal:.2f}",
        f"trust {_bar(mood.trust)} {mood.trust:.2f}",
    ]
    if answer.fact:
        notes.append(f"told: {answer.fact.id}")
    if answer.withheld:
        notes.append(f"kept back: {answer.withheld.id}")
    if answer.mind.danger != "none":
        notes.append(f"danger {answer.mind.danger}")
    screen.print("  " + escape("   ".join(notes)), style="dim")
    found = {f"{each.signal}: {each.quote}" for each in answer.heard.appraisal.findings}
    if found:
        screen.print("  " + escape(" · ".join(sorted(found))), style="dim")
    grade = exchanged.grade
    if isinstance(grade, Grade):
        screen.print(
            f"  [bold]{grade.overall}[/bold] {escape(grade.rationale)} {escape(grade.advice)}"
        )
    else:
        screen.print(f"  not graded: {escape(grade.ungraded.message)}")


def _speaks(talk: Talk, screen: Console, line: str) -> None:
    screen.print(f"[bold cyan]{escape(talk.scenario.person.name)}:[/bold cyan] {escape(line)}")


def _show_card(talk: Talk, screen: Console) -> None:
    card = talk.scenario.card
    tasks = "\n".join(f"- {task}" for task in card.tasks)
    text = f"{card.setting}\n{card.role}\n\n{card.background}\n\n{tasks}"
    screen.print(Panel(escape(text), title=escape(card.title)))


def _bar(value: float) -> str:
    return "█" * round(value) + "·" * (5 - round(value))
