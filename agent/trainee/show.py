"""An encounter on a terminal as it happens: who said what, how fast, how good.

Plain text without a terminal, which rich sees to. Words of a persona are never read as markup.
"""

from rich.console import Console
from rich.text import Text

from agent.trainee.events import Event

WHO = 8
"""Width of the column that says who speaks."""


class Screen:
    """Prints events."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self._last: tuple[float, float] | None = None
        self._lines = 0
        self._early: list[Event] = []
        """What was made of a line that the reader has not seen yet."""

    def event(self, event: Event) -> None:
        """Print an event, or nothing when it tells the reader nothing new."""
        made_of = event.get("exchange")
        if made_of is not None and made_of >= self._lines:
            self._early.append(event)
            return
        self._show(event)
        if event["type"] in ("trainee_line", "report", "error"):
            early, self._early = self._early, []
            for each in early:
                self._show(each)

    def _show(self, event: Event) -> None:
        show = getattr(self, f"_{event['type']}")
        show(event)

    def note(self, text: str, style: str = "dim") -> None:
        """Print a line of our own."""
        self.console.print(Text(f"{'':{WHO}} {text}", style=style), soft_wrap=True)

    def _joined(self, event: Event) -> None:
        self.note(f"the persona is here after {event['waited_s']:.1f} s · {event['encounter_id']}")

    def _greeting(self, event: Event) -> None:
        self._says("persona", "magenta", event["text"])

    def _persona_line(self, event: Event) -> None:
        latency = event.get("response_latency_ms")
        after = ""
        if latency is not None:
            after = f"after {latency:.0f} ms" if latency >= 0 else f"{-latency:.0f} ms too early"
        self._says("persona", "magenta", event["text"], after)

    def _trainee_line(self, event: Event) -> None:
        self._lines += 1
        self._says("trainee", "cyan", event["text"])
        heard = event.get("heard_as")
        if heard is None:
            self.note("not transcribed", "yellow")
        elif _plain(heard) != _plain(event["text"]):
            self.note(f"heard as: {heard}")
        if "cut_off_s" in event:
            self.note(f"the persona began to speak {event['cut_off_s']:.1f} s into it", "yellow")

    def _grade(self, event: Event) -> None:
        grade = event["grade"]
        if "ungraded" in grade:
            self.note(f"reply {event['exchange'] + 1} ungraded: {grade['ungraded']['message']}")
            return
        score = grade["overall"]
        style = "green" if score >= 70 else "yellow" if score >= 50 else "red"
        self.note(f"reply {event['exchange'] + 1} graded {score}: {grade['advice']}", style)

    def _state(self, event: Event) -> None:
        if event["phase"] != "active" or event["arousal"] is None or event["trust"] is None:
            return
        now = (round(event["arousal"], 1), round(event["trust"], 1))
        if now != self._last:
            self._last = now
            self.note(f"arousal {now[0]} of 5, trust {now[1]} of 5", "blue")

    def _report(self, event: Event) -> None:
        outcome, overall = event["outcome"] or "no outcome", event["overall"] or "none"
        self.note(f"report: {outcome}, overall {overall}", "bold")

    def _error(self, event: Event) -> None:
        self.note(event["message"], "bold red")

    def _says(self, who: str, style: str, words: str, after: str = "") -> None:
        line = Text.assemble((f"{who:>{WHO}}", f"bold {style}"), " ", words)
        self.console.print(line.append(f"  {after}" if after else "", "bold"), soft_wrap=True)


def _plain(text: str) -> str:
    return " ".join("".join(c for c in text.lower() if c.isalnum() or c == " ").split())
