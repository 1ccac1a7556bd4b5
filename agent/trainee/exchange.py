"""Taking turns: say a line, catch the answer, let it finish.

Nobody is interrupted: the next line waits until the persona's voice has been quiet for a moment
and LiveKit says that it listens.
"""

import time
from collections.abc import Callable
from typing import Literal

from agent.trainee.client import Client
from agent.trainee.ear import Voice
from agent.trainee.errors import Failed
from agent.trainee.events import EventLog
from agent.trainee.inbox import Inbox
from agent.trainee.lines import Line
from agent.trainee.microphone import Microphone, Spoken
from agent.trainee.result import TraineeResult
from agent.trainee.waiting import until

Unasked = Literal["greeting", "persona_line"]

ANSWER_S = 15.0
QUIET_S = 0.6
"""A persona quiet for so long, and listening, has finished its line."""
STUCK_S = 8.0
"""A persona quiet for so long has finished, whatever it says it does."""
TALK_S = 60.0
"""No line is longer; a persona that talks on has lost its way."""
OVERLAP_QUIET_S = 3.0
"""After a false cutoff a real answer may follow; if none did for so long, that was the answer."""
GONE_S = 6.0
"""A persona whose worker died may be called again and come back."""
SAME_START_S = 1.0
TEXT_S = 2.0
"""How far the text may be behind the voice."""


def false_starts(begun: list[float], spoken: Spoken) -> list[float]:
    """Return when speech began while a line was still being said, in order.

    `begun` holds what was heard and what the persona said of itself: one that is stopped within a
    few hundredths of a second is a false cutoff too, though hardly heard. Both tell of the same
    start when they are less than `SAME_START_S` apart.
    """
    starts: list[float] = []
    for at in sorted(at for at in begun if spoken.started <= at < spoken.ended):
        if not starts or at - starts[-1] > SAME_START_S:
            starts.append(at)
    return starts


class Turns:
    """The turns of one encounter, and what is measured of them."""

    def __init__(
        self,
        client: Client,
        microphone: Microphone,
        log: EventLog,
        result: TraineeResult,
        inbox: Inbox,
        *,
        answer_s: float,
    ) -> None:
        self._client = client
        self._microphone = microphone
        self._log = log
        self._result = result
        self._inbox = inbox
        self._answer_s = answer_s
        self._told = 0
        """Stretches of voice that have been reported."""
        self._seen = time.monotonic()
        """When the persona was last in the room."""
        self._answered: Voice | None = None
        self._latency_ms = 0.0

    async def greeting(self, *, wait_s: float) -> None:
        """Let a persona that opens do so; waits `wait_s` seconds for it to begin."""
        await self._until(lambda: bool(self._client.ear.voices), wait_s)
        await self._finished()
        self._tell_unasked("greeting")

    async def say(self, number: int, line: Line) -> None:
        """Say a line and wait until the answer to it begins; raises `Failed` without one."""
        await self._finished()
        self._tell_unasked("greeting" if number == 1 else "persona_line")
        if line.samples is None:
            raise ValueError(f"line {number} has no sound")
        spoken = await self._microphone.say(line.samples)
        answered = await self._until(lambda: self._answer(spoken) is not None, self._answer_s)
        await self._until(lambda: bool(self._client.transcript.heard()), 1.0 if answered else 0)
        heard_at = [each.started for each in self._unreported()]
        cut_offs = false_starts([*heard_at, *self._client.spoke_at], spoken)
        self._result.false_cutoffs += len(cut_offs)
        self._log.add(
            "trainee_line",
            line=number,
            text=line.text,
            started_s=self._log.second(spoken.started),
            ended_s=self._log.second(spoken.ended),
            **({"heard_as": heard} if (heard := self._client.transcript.heard()) else {}),
            **({"cut_off_s": round(cut_offs[0] - spoken.started, 3)} if cut_offs else {}),
        )
        answer = self._answer(spoken)
        if answer is None:
            raise Failed(f"line {number} was not answered in {self._answer_s:g} s: {line.text!r}")
        self._answered = answer
        self._latency_ms = round((answer.started - spoken.ended) * 1000, 1)
        self._result.answered += 1

    async def hear_out(self, number: int) -> None:
        """Wait until the persona has finished its answer, and report it."""
        await self._finished()
        # A persona that needs a moment before hard words is no slow machine.
        paused_s = self._inbox.paused_s
        if self._latency_ms >= 0 and not paused_s:
            self._result.latencies_ms.append(self._latency_ms)
        self._tell(
            "persona_line",
            began=self._answered,
            line=number,
            response_latency_ms=self._latency_ms,
            **({"paused_s": paused_s} if paused_s else {}),
        )

    def _answer(self, spoken: Spoken) -> Voice | None:
        ear = self._client.ear
        later = [each for each in self._unreported() if each.started >= spoken.ended]
        if later:
            return later[0]
        over = [
            each for each in self._unreported() if each.ended is None or each.ended > spoken.ended
        ]
        return over[-1] if over and ear.quiet_s(time.monotonic()) > OVERLAP_QUIET_S else None

    async def _finished(self) -> None:
        def finished() -> bool:
            quiet = self._client.ear.quiet_s(time.monotonic())
            free = self._client.persona_state in ("", "listening", "idle")
            return (quiet > QUIET_S and free) or STUCK_S < quiet < float("inf")

        if not await self._until(finished, TALK_S):
            raise Failed(f"the persona did not stop talking for {TALK_S:g} s")
        await self._until(self._client.transcript.complete, TEXT_S)

    async def _until(self, condition: Callable[[], bool], seconds: float) -> bool:
        def met() -> bool:
            now = time.monotonic()
            if not self._client.room.isconnected():
                raise Failed("the room was closed before all lines were said")
            if self._client.persona is not None:
                self._seen = now
            elif now - self._seen > GONE_S:
                raise Failed("the persona left the room before all lines were said")
            return condition()

        return await until(met, seconds)

    def _unreported(self) -> list[Voice]:
        return self._client.ear.voices[self._told :]

    def _tell_unasked(self, kind: Unasked) -> None:
        if self._unreported():
            self._tell(kind)

    def _tell(self, kind: Unasked, *, began: Voice | None = None, **fields: float) -> None:
        voices = self._unreported()
        self._told += len(voices)
        ended = voices[-1].ended
        self._log.add(
            kind,
            text=self._client.transcript.read(),
            started_s=self._log.second((began or voices[0]).started),
            ended_s=None if ended is None else self._log.second(ended),
            **fields,
        )
