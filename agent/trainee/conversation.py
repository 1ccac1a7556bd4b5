"""One encounter from the trainee's chair: join, take turns, end, take the report home.

Latency is counted as heard: from the last voiced frame of the trainee's line leaving the
microphone to the first voice of the persona arriving. It therefore includes the way there and
back, both codecs and our jitter buffer, as for a person; the microphone itself holds nothing back
(see `microphone`). An answer that began before the line was over is a false cutoff: its latency is
negative in the events, and it stays out of the percentiles.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

from livekit import rtc

from agent.protocol import Mode
from agent.settings import Settings
from agent.trainee.client import Client
from agent.trainee.errors import CannotStart, Failed
from agent.trainee.events import EventLog, OnEvent
from agent.trainee.exchange import ANSWER_S, Turns
from agent.trainee.inbox import Inbox
from agent.trainee.lines import Line, some
from agent.trainee.microphone import open_microphone
from agent.trainee.recording import Recording
from agent.trainee.result import TraineeResult
from agent.trainee.service import Invitation, Service, report_page
from agent.trainee.voice import LocalVoice
from agent.trainee.waiting import until

PERSONA_S = 30.0
"""Longer than the token server needs to call a persona again and to give up."""
OPENING_S = 6.0
"""How long a trainee waits for a subject to open before speaking first."""
POLITE_S = 5.0
STREAM_S = 15.0
REPORT_S = 45.0
"""How long the report may take by stream, and then from the server."""


async def run_trainee(
    server_url: str,
    scenario_id: str,
    lines: Sequence[Line],
    *,
    models_url: str | None = None,
    mode: Mode = "practice",
    name: str = "",
    record: Path | None = None,
    on_event: OnEvent | None = None,
    answer_s: float = ANSWER_S,
    persona_s: float = PERSONA_S,
    stream_s: float = STREAM_S,
) -> TraineeResult:
    """Play one encounter and return what came of it, `failure` set when it went wrong.

    `on_event` is called with each event as it happens. `answer_s`, `persona_s` and `stream_s` are
    how many seconds an answer, the persona's coming and the report by stream may take. Raises
    `CannotStart` when there is no encounter to speak of: unknown scenario, no server, no voice, no
    persona.
    """
    planned = some(list(lines), "lines")
    log = EventLog(on_event)
    recording = Recording() if record is not None else None
    voice = LocalVoice(models_url or Settings().local_models_url())
    service = Service(server_url)
    inbox = Inbox(log)
    client = Client(on_message=inbox.take, recording=recording)
    try:
        kind = await service.kind(scenario_id)
        first = await _sound(planned[0], voice)
        invitation = await service.create(scenario_id, mode=mode, name=name)
        result = TraineeResult(invitation.encounter_id, len(planned), events=log.events)
        await client.connect(invitation.server_url, invitation.participant_token)
        async with open_microphone(client.room, recording) as microphone:
            await _persona_comes(client, service, invitation, log, seconds=persona_s)
            turns = Turns(client, microphone, log, result, inbox, answer_s=answer_s)
            try:
                await turns.greeting(wait_s=OPENING_S if kind == "subject" else 0)
                await _converse(turns, planned, first, voice)
            except Failed as error:
                result.failure = str(error)
            await _take_report(client, service, inbox, result, stream_s=stream_s)
            result.held_up_ms = round(microphone.held_up_s * 1000, 1)
    except asyncio.CancelledError:
        # Leave politely: the persona grades what was said, and the room is not left open.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_end(client), POLITE_S)
        raise
    finally:
        await client.close()
        await service.close()
        await voice.close()
        if recording is not None and record is not None:
            recording.write(record)
    result.grades = inbox.grades()
    if result.failure:
        log.add("error", message=result.failure)
    return result


async def _sound(line: Line, voice: LocalVoice) -> Line:
    return line if line.samples is not None else Line(line.text, await voice.say(line.text))


async def _persona_comes(
    client: Client, service: Service, invitation: Invitation, log: EventLog, *, seconds: float
) -> None:
    """Wait until the persona is in the room and listening, and can be heard."""
    called = time.monotonic()

    def here() -> bool:
        return client.listening and client.persona_state in ("", "listening", "speaking")

    if not await until(here, seconds):
        seen = "came, but never listened" if client.persona else "did not come"
        status = await service.status(invitation.encounter_id)
        raise CannotStart(
            f"the persona {seen} within {seconds:g} s"
            f" (encounter {invitation.encounter_id!r}; the server says: {status or 'nothing'})"
        )
    persona = client.persona
    log.add(
        "joined",
        encounter_id=invitation.encounter_id,
        room=invitation.room_name,
        persona=persona.identity if persona else None,
        waited_s=round(time.monotonic() - called, 3),
    )


async def _converse(turns: Turns, planned: Sequence[Line], first: Line, voice: LocalVoice) -> None:
    """Say every line; raises `Failed` at the first that is not answered."""
    line = first
    for number in range(1, len(planned) + 1):
        await turns.say(number, line)
        following: asyncio.Task[Line] | None = None
        if number < len(planned):
            # Only now, while the persona talks: before its answer it would need the same cores.
            following = asyncio.create_task(_sound(planned[number], voice))
        try:
            await turns.hear_out(number)
            if following is not None:
                line = await following
        except CannotStart as error:
            raise Failed(f"line {number + 1} could not be spoken: {error}") from error
        finally:
            if following is not None:
                following.cancel()


async def _take_report(
    client: Client, service: Service, inbox: Inbox, result: TraineeResult, *, stream_s: float
) -> None:
    """End the encounter and wait for its report, from the room or else from the server."""
    await _end(client)
    await until(lambda: inbox.report is not None or client.persona is None, stream_s)
    await until(lambda: inbox.report is not None, 1.0)
    deadline = time.monotonic() + REPORT_S
    while inbox.report is None and time.monotonic() < deadline:
        text = await service.report(result.encounter_id)
        if text is not None:
            inbox.take_report(text)
        else:
            await asyncio.sleep(0.5)
    result.report, result.report_json = inbox.report, inbox.report_json
    if result.report is None and not result.failure:
        result.failure = (
            f"no report came for encounter {result.encounter_id!r}, neither by the room nor at"
            f" {report_page(service.url, result.encounter_id)}"
        )


async def _end(client: Client) -> None:
    try:
        await client.end()
    except rtc.RpcError:
        # It may have ended by itself a moment ago; the report tells.
        return
