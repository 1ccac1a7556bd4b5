"""A worker that joins whatever it is called to and says nothing.

It is a process of its own: its jobs must not hold up the event loop of the test. It prints
`registered` when it can be called, and the metadata of each call.
"""

import asyncio
import os
import signal

from livekit import rtc
from livekit.agents import AgentServer, JobContext, JobExecutorType

server = AgentServer(
    job_executor_type=JobExecutorType.THREAD,
    host="127.0.0.1",
    port=0,
    num_idle_processes=2,
    # By default a worker reports how busy the machine is, and livekit-server gives no job to one
    # that says 1: on a busy machine nobody would ever come, however often they are called.
    load_fnc=lambda: 0.0,
)


@server.rtc_session(agent_name=os.environ["BARE_WORKER_NAME"])
async def show_up(ctx: JobContext) -> None:
    """Join, and stay until sent away; leave at once where another is, as a persona does."""
    print(ctx.job.metadata, flush=True)
    await ctx.connect()
    if any(
        other.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
        for other in ctx.room.remote_participants.values()
    ):
        ctx.shutdown(reason="another is here")


async def main() -> None:
    """Work until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    server.on("worker_registered", lambda *_: print("registered", flush=True))
    running = asyncio.create_task(server.run(devmode=True))
    await stop.wait()
    await server.aclose()
    await running


if __name__ == "__main__":
    asyncio.run(main())
