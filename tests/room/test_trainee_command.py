"""The scripted trainee at the command line."""

import asyncio
import json
import os
import signal
import sys
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tone_persona import RATE
from trainee_counterpart import Meeting, small_token_server

from agent.trainee.waiting import until

if TYPE_CHECKING:
    from conftest import LiveKit

pytestmark = pytest.mark.room


async def command(url: str, *arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "agent.trainee", "--server", url, *arguments,
        env=os.environ | {"INTERLOCUTOR_MODELS_URL": f"{url}/v1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, error = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, out.decode(), error.decode()


async def test_ctrl_c_at_the_command_tells_the_persona(livekit: "LiveKit", tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("Hello there.\n" * 20)
    async with Meeting(livekit) as meeting:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "agent.trainee", "--server", meeting.url, "--scenario", "tones",
            "--lines", str(tmp_path / "talk.txt"),
            env=os.environ | {"INTERLOCUTOR_MODELS_URL": f"{meeting.url}/v1"},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert await until(lambda: meeting.persona.utterances > 0, 30)
        process.send_signal(signal.SIGINT)
        _, error = await asyncio.wait_for(process.communicate(), 20)

        assert meeting.persona.ended
    assert process.returncode == 130
    assert error.decode() == "stopped; the persona was told\n"


async def test_the_command_speaks_a_file_and_leaves_events_report_and_recording(
    livekit: "LiveKit", tmp_path: Path
) -> None:
    (tmp_path / "talk.txt").write_text("# a script\nHello there.\n\nHow are you?\n")
    async with Meeting(livekit) as meeting:
        code, out, error = await command(
            meeting.url, "--scenario", "tones", "--lines", str(tmp_path / "talk.txt"),
            "--events", str(tmp_path / "e.jsonl"), "--report", str(tmp_path / "r.json"),
            "--record", str(tmp_path / "talk.wav"),
        )  # fmt: skip

    assert code == 0, error + out
    events = [json.loads(line) for line in (tmp_path / "e.jsonl").read_text().splitlines()]
    said = [event["text"] for event in events if event["type"] == "trainee_line"]
    assert said == ["Hello there.", "How are you?"]
    assert json.loads((tmp_path / "r.json").read_text())["overall"] == 61
    with wave.open(str(tmp_path / "talk.wav")) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, RATE)
    assert "answer 2" in out
    assert "2 of 2 lines answered" in out
    assert "\x1b" not in out


async def test_the_command_says_what_it_cannot_start_with(
    livekit: "LiveKit", tmp_path: Path
) -> None:
    talk = tmp_path / "talk.txt"
    talk.write_text("Hello.")
    async with small_token_server(livekit, room_name="none") as url:
        unknown = await command(
            url, "--scenario", "tunes", "--lines", str(talk), "--events", str(tmp_path / "e.jsonl")
        )
        missing = await command(url, "--scenario", "tones", "--lines", str(tmp_path / "no.txt"))
        silent = await command(url, "--scenario", "tones", "--lines", "-")
    nobody = await command(url, "--scenario", "tones", "--lines", str(talk))

    assert [each[0] for each in (unknown, missing, silent, nobody)] == [2, 2, 2, 2]
    assert "no scenario named 'tunes'; known: tones" in unknown[2]
    [event] = [json.loads(line) for line in (tmp_path / "e.jsonl").read_text().splitlines()]
    assert (event["type"], event["message"]) == ("error", "no scenario named 'tunes'; known: tones")
    assert "no file of lines" in missing[2]
    assert "'standard input' holds nothing to say" in silent[2]
    assert url in nobody[2]
    assert "make run" in nobody[2]
