"""The worker's composition root: everything is put together here and nothing is decided.

Run it with `python -m agent`; `lk agent` and `python -m livekit.agents start agent/main.py` find
the same `server`. One job plays one encounter, in a process of its own.
"""

import asyncio
import hashlib
import re
from datetime import UTC, datetime

import structlog
from livekit import rtc
from livekit.agents import AgentServer, JobContext, JobProcess, JobRequest, room_io
from livekit.plugins import silero
from pydantic import ValidationError

from agent.assessment.rubric import RubricError, load_rubric
from agent.conduct import Conductor
from agent.encounter import Encounter
from agent.grading import choose_grader
from agent.local_models.tuning import load_tuning
from agent.logs import configure_logs
from agent.meaning import Meaning
from agent.measuring import Measuring
from agent.mind.appraisal import load_lexicon
from agent.mind.sense import load_sense
from agent.outbox import Outbox, deliver_forever
from agent.persona_agent import PersonaAgent
from agent.protocol import RPC_END, EncounterRequest
from agent.role import Role
from agent.settings import Settings
from agent.speech.pipeline import assemble, open_session
from agent.speech.tap import Tap
from agent.speech.words_first import WordsFirst
from agent.warm_up import OURS
from personas.library import Library, ScenarioError
from personas.model import Scenario

log = structlog.get_logger(__name__)

PERSONA_ATTRIBUTE = "interlocutor.encounter"
"""Participant attribute by which one persona knows another."""
LONGEST_ENCOUNTER_S = 30 * 60
LEAVE_AFTER_S = 1.0
"""From sending the report to closing the room, so that it arrives."""
NEARLY_FULL = 0.6
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")

settings = Settings()
configure_logs(settings.log_level)
library = Library(*([settings.scenarios_dir] if settings.scenarios_dir else []))
for problem in library.check()[1]:
    log.error("scenario_broken", problem=problem)


def load(server: AgentServer) -> float:
    """Return how full this worker is: encounters, not CPU, are what it has room for.

    livekit-server gives no job to a worker from a load of 0.7 (`agents.target_load`) on, so the
    scale ends below that while there is room.
    """
    full = len(server.active_jobs) / settings.max_encounters
    return NEARLY_FULL * full if full < 1 else 1.0


server = AgentServer(
    ws_url=settings.livekit_url or f"ws://{settings.host}:{settings.livekit_port}",
    api_key=settings.livekit_api_key,
    api_secret=(
        settings.livekit_api_secret.get_secret_value() if settings.livekit_api_secret else None
    ),
    host=settings.host,
    port=settings.worker_port,
    load_fnc=load,
    # Just below, so that jobs accepted but not yet started count as well.
    load_threshold=NEARLY_FULL - 0.001,
    num_idle_processes=2,
    # Two busy cores can take a while to bring up a process.
    initialize_process_timeout=60,
    job_memory_warn_mb=900,
    job_memory_limit_mb=1500,
    drain_timeout=LONGEST_ENCOUNTER_S + 60,
    preload_modules=list(OURS),
)


def prewarm(process: JobProcess) -> None:
    """Load what an encounter needs before there is one."""
    configure_logs(settings.log_level)
    # The turn detector needs 0.25 s of silence from the voice detector before it is asked.
    process.userdata["detector"] = silero.VAD.load(min_silence_duration=0.25)
    process.userdata["lexicon"] = load_lexicon("en")
    # Both are kept once read; reading takes longer than the loop that carries the audio may wait.
    load_sense()
    load_tuning()


server.setup_fnc = prewarm


async def accept(request: JobRequest) -> None:
    """Take a dispatch, or refuse one that cannot be played before anyone waits for it."""
    try:
        scenario = scenario_of(wish_of(request.job.metadata))
        load_rubric(scenario.rubric)
    except (RubricError, ScenarioError, ValidationError) as error:
        log.error("dispatch_refused", room=request.room.name, reason=str(error))
        await request.reject()
        return
    await request.accept(
        name="Patient" if scenario.kind == "patient" else "Visitor",
        attributes={PERSONA_ATTRIBUTE: "persona"},
    )


async def close_encounter(ctx: JobContext) -> None:
    """Finish what an encounter left open; the room is still connected here."""
    conductor: Conductor | None = ctx.proc.userdata.get("conductor")
    if conductor is not None:
        await conductor.finish(partial=True)
        await ctx.delete_room()


@server.rtc_session(
    agent_name=settings.agent_name, on_request=accept, on_session_end=close_encounter
)
async def run_encounter(ctx: JobContext) -> None:
    """Play one encounter from the persona's arrival until somebody ends it."""
    wish = wish_of(ctx.job.metadata)
    scenario = scenario_of(wish)
    await ctx.connect()
    if other := _another_persona(ctx.room):
        log.warning("second_persona_leaves", room=ctx.room.name, first=other)
        ctx.shutdown(reason="another persona is already here")
        return
    encounter_id = wish.encounter_id or identifier(ctx.room.name)
    ctx.log_context_fields = {"room": ctx.room.name, "encounter_id": encounter_id}
    meaning = Meaning(settings.local_models_url())
    role = Role(scenario, ctx.proc.userdata["lexicon"], meaning)
    await role.learn()
    try:
        # A persona who opens must not speak to an empty room.
        await ctx.wait_for_participant()
    except RuntimeError:
        log.info("nobody_came")
        return
    encounter = Encounter(
        encounter_id=encounter_id,
        room_name=ctx.room.name,
        scenario=scenario,
        mode=wish.mode,
        started_at=datetime.now(UTC),
    )
    rubric = load_rubric(scenario.rubric)
    detector = WordsFirst(ctx.proc.userdata["detector"])
    parts = assemble(settings, scenario.voice, role, detector)
    # A client that may speak TLS reads all authorities first, which takes a third of a second.
    grader = await asyncio.to_thread(
        choose_grader, settings, rubric, ctx.proc.userdata["lexicon"], meaning, _reader()
    )
    measuring = Measuring()
    conductor = Conductor(
        encounter,
        role,
        room=ctx.room,
        rubric=rubric,
        grader=grader,
        measuring=measuring,
        outbox=Outbox(settings.data_dir / "outbox"),
        providers=settings.providers(),
    )
    ctx.proc.userdata["conductor"] = conductor

    session = open_session(parts, detector)
    persona = PersonaAgent(role)
    conductor.attend(session)
    session.on("close", lambda event: ctx.shutdown(reason=event.reason.value))
    await session.start(
        persona,
        room=ctx.room,
        room_options=room_io.RoomOptions(
            audio_input=room_io.AudioInputOptions(
                # Of 50 ms, the default, they are 30 ms later in the ear than need be.
                frame_size_ms=20,
                noise_cancellation=Tap(measuring.hear, started_at=encounter.started_at.timestamp()),
                # On by default, but not with a frame processor.
                auto_gain_control=True,
            )
        ),
        # Otherwise any participant may read the persona's prompt from LiveKit's debug session.
        session_host=False,
        record=False,
    )

    ended = asyncio.Event()

    async def end(_: rtc.RpcInvocationData) -> str:
        ended.set()
        return "{}"

    ctx.room.local_participant.register_rpc_method(RPC_END, end)

    silence = asyncio.create_task(persona.bear_silence())
    limit = asyncio.create_task(asyncio.sleep(LONGEST_ENCOUNTER_S))
    asked = asyncio.create_task(ended.wait())

    async def until_the_end() -> None:
        await asyncio.wait([limit, asked], return_when=asyncio.FIRST_COMPLETED)
        silence.cancel()
        session.interrupt()
        try:
            await conductor.finish(partial=False)
            await asyncio.sleep(LEAVE_AFTER_S)
        finally:
            ctx.shutdown(reason="the encounter is over")

    ctx.proc.userdata["until_the_end"] = asyncio.create_task(until_the_end())


def wish_of(metadata: str) -> EncounterRequest:
    """Return what a dispatch asks for; empty metadata asks for the default."""
    return EncounterRequest.model_validate_json(metadata or "{}")


def scenario_of(wish: EncounterRequest) -> Scenario:
    """Return the scenario to play; raises `ScenarioError`."""
    return library.get(wish.scenario_id or settings.default_scenario)


def identifier(room_name: str) -> str:
    """Return an encounter id for a room that a stock client made."""
    if _IDENTIFIER.fullmatch(room_name):
        return room_name
    return "enc_" + hashlib.sha256(room_name.encode()).hexdigest()[:24]


def _reader() -> Meaning | None:
    """Return a client of the tuned reader on the models server, if the tree has one."""
    tuning = load_tuning()
    return Meaning(settings.local_models_url(), model=tuning.name) if tuning else None


def _another_persona(room: rtc.Room) -> str | None:
    """Return a persona that was in the room before us. The server orders joins, so of two that
    arrive together only the second finds another."""
    for participant in room.remote_participants.values():
        if PERSONA_ATTRIBUTE in participant.attributes:
            return participant.identity
    return None


def _carry_records() -> None:
    """Start handing over records when the worker's own process starts."""
    if settings.livekit_api_secret is None:
        return
    log.info("parts", **settings.providers())
    carrier = asyncio.create_task(
        deliver_forever(
            Outbox(settings.data_dir / "outbox"),
            settings.token_server_url(),
            settings.livekit_api_secret.get_secret_value(),
        )
    )
    _carriers.add(carrier)


_carriers: set[asyncio.Task[None]] = set()
server.on("worker_started", _carry_records)
