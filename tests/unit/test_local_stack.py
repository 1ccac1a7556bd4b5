"""Several programs live and die together: tried with small real ones."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable

import psutil
import pytest

from agent.local_stack.environment import ROOT
from agent.local_stack.failure import PartFailed, StackError
from agent.local_stack.parts import Part
from agent.local_stack.stack import running

pytestmark = pytest.mark.unit

SERVE = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({status}); self.end_headers()
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", {port}), Answer)
print("serving", flush=True)
server.serve_forever()
"""
WAIT_FOR_EVER = "import time; print('here', flush=True); time.sleep(60)"


class Heard:
    """Collects what the parts print."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def __call__(self, name: str, text: str) -> None:
        self.lines.append((name, text))


def part(name: str, script: str, **given: object) -> Part:
    command = (sys.executable, "-c", textwrap.dedent(script))
    return Part(name, command, dict(os.environ), **given)  # type: ignore[arg-type]


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def until(true: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:  # noqa: ASYNC110 (it is other processes)
        await asyncio.sleep(0.02)
    return true()


async def test_a_part_is_ready_when_its_address_answers_200(
    free_ports: Callable[[int], int],
) -> None:
    port = free_ports(1)
    ready = Heard()

    async with running(
        [
            part(
                "web",
                SERVE.format(port=port, status=200),
                ready_url=f"http://127.0.0.1:{port}/",
            )
        ],
        on_ready=ready,
    ):
        assert [name for name, _ in ready.lines] == ["web"]


async def test_a_part_whose_line_does_not_come_is_not_ready() -> None:
    slow = part("worker", WAIT_FOR_EVER, ready_line=re.compile("registered"), ready_within_s=0.6)

    with pytest.raises(PartFailed, match=r"was not ready after 0.6 s.*did not print 'registered'"):
        async with running([slow]):
            pytest.fail("the block must not be entered")


async def test_a_part_that_never_gets_ready_is_named_with_what_it_answered(
    free_ports: Callable[[int], int],
) -> None:
    port = free_ports(1)
    sick = part(
        "models",
        SERVE.format(port=port, status=503),
        ready_url=f"http://127.0.0.1:{port}/health",
        ready_within_s=2,
    )

    with pytest.raises(PartFailed, match=r"models was not ready.*/health answered 503") as caught:
        async with running([sick]):
            pytest.fail("the block must not be entered")

    assert caught.value.last_lines == ("serving",)


async def test_a_part_that_dies_while_starting_is_reported_with_its_last_words() -> None:
    dies = part(
        "token-server",
        "import sys; print('the database cannot be written'); sys.exit(3)",
        ready_url="http://127.0.0.1:9/",
    )

    with pytest.raises(PartFailed, match="token-server ended with exit code 3") as caught:
        async with running([dies, part("other", WAIT_FOR_EVER)]):
            pytest.fail("the block must not be entered")

    assert caught.value.last_lines == ("the database cannot be written",)


async def test_a_crash_later_names_the_part_its_exit_code_and_its_last_lines() -> None:
    script = """
        import sys, time
        print("ready", flush=True); time.sleep(0.3)
        print("out of tea", file=sys.stderr); sys.exit(7)
    """

    async with running([part("worker", script), part("other", WAIT_FOR_EVER)]) as parts:
        failure = await asyncio.wait_for(parts.first_end(), 10)

    assert str(failure) == "worker ended with exit code 7"
    assert failure.last_lines == ("ready", "out of tea")


async def test_a_part_ended_by_a_signal_is_reported_by_the_signals_name() -> None:
    script = "import os; os.kill(os.getpid(), 9)"

    async with running([part("worker", script)]) as parts:
        failure = await asyncio.wait_for(parts.first_end(), 10)

    assert str(failure) == "worker was ended by SIGKILL"


async def test_a_part_that_ignores_sigterm_is_killed_after_its_grace() -> None:
    script = """
        import os, signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print(os.getpid(), flush=True); time.sleep(60)
    """
    heard = Heard()

    async with running([part("deaf", script, grace_s=0.3)], on_line=heard):
        assert await until(lambda: bool(heard.lines))
        began = time.monotonic()

    assert time.monotonic() - began < 5
    assert gone(int(heard.lines[0][1]))
    assert heard.lines[-1] == ("deaf", "still running after 0.3 s: killed")


async def test_what_a_part_started_ends_with_it() -> None:
    script = """
        import subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c",
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"])
        print(child.pid, flush=True); time.sleep(60)
    """
    heard = Heard()

    async with running([part("parent", script)], on_line=heard):
        assert await until(lambda: bool(heard.lines))

    assert await until(lambda: gone(int(heard.lines[0][1])))


async def test_a_crash_is_noticed_at_once_though_what_the_part_started_lives_on() -> None:
    script = """
        import subprocess, sys
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        sys.exit(5)
    """

    async with running([part("worker", script)]) as parts:
        failure = await asyncio.wait_for(parts.first_end(), 8)

    assert str(failure) == "worker ended with exit code 5"


async def test_words_without_a_newline_are_not_lost() -> None:
    script = "import sys; sys.stdout.write('first\\nlast words'); sys.stdout.flush()"
    heard = Heard()

    async with running([part("terse", script)], on_line=heard) as parts:
        failure = await asyncio.wait_for(parts.first_end(), 10)

    assert heard.lines == [("terse", "first"), ("terse", "last words")]
    assert failure.last_lines[-1] == "last words"


async def test_the_worker_is_told_to_stop_before_the_others() -> None:
    script = """
        import signal, sys, time
        def end(*_):
            time.sleep({wait}); print("bye", flush=True); sys.exit(0)
        signal.signal(signal.SIGTERM, end)
        print("here", flush=True); time.sleep(60)
    """
    heard = Heard()

    async with running(
        [
            part("livekit", script.format(wait=0)),
            part("worker", script.format(wait=0.3), stops_first=True),
        ],
        on_line=heard,
    ):
        assert await until(lambda: len(heard.lines) == 2)

    assert [name for name, text in heard.lines if text == "bye"] == ["worker", "livekit"]


async def test_a_program_that_is_not_there_is_a_sentence() -> None:
    missing = Part("livekit", ("/nowhere/livekit-server",), {})

    with pytest.raises(StackError, match="livekit cannot be started: '/nowhere/livekit-server'"):
        async with running([missing]):
            pytest.fail("the block must not be entered")


SUPERVISOR = """
import asyncio, os, sys
from agent.local_stack.parts import Part
from agent.local_stack.signals import Stopped, until_stopped
from agent.local_stack.stack import running
script = (
    "import os, signal, subprocess, sys, time;"
    "{first};"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(os.getpid(), child.pid, flush=True); time.sleep(60)"
)
async def work():
    def show(name, text): print(text, flush=True)
    part = Part("part", (sys.executable, "-c", script), dict(os.environ), grace_s={grace})
    async with running([part], on_line=show):
        await asyncio.sleep(60)
async def main():
    try:
        await until_stopped(work())
    except Stopped:
        print("stopped", flush=True)
asyncio.run(main())
"""


async def supervise(
    environment: dict[str, str], *, first: str = "pass", grace: float = 5
) -> tuple[asyncio.subprocess.Process, list[int]]:
    """Start a supervisor of one part that has a child, and return it with their two pids."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        SUPERVISOR.format(first=first, grace=grace),
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    pids = [int(word) for word in (await asyncio.wait_for(process.stdout.readline(), 20)).split()]
    assert len(pids) == 2
    return process, pids


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_ctrl_c_and_sigterm_end_everything_in_order(
    clean_environment: dict[str, str], number: signal.Signals
) -> None:
    process, pids = await supervise(clean_environment)

    process.send_signal(number)
    rest, _ = await asyncio.wait_for(process.communicate(), 10)

    assert rest.endswith(b"stopped\n")
    assert process.returncode == 0
    assert await until(lambda: all(map(gone, pids)))


async def test_a_second_ctrl_c_does_not_wait_for_a_part_that_will_not_end(
    clean_environment: dict[str, str],
) -> None:
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    process, pids = await supervise(clean_environment, first=deaf, grace=60)

    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)

    assert await asyncio.wait_for(process.wait(), 5) == 130
    assert await until(lambda: all(map(gone, pids)), 15)


async def test_no_part_outlives_a_supervisor_killed_by_kill_9(
    clean_environment: dict[str, str],
) -> None:
    process, pids = await supervise(clean_environment)

    process.send_signal(signal.SIGKILL)
    await process.wait()

    assert await until(lambda: all(map(gone, pids))), "a process was left behind"
