"""What the trainee is given to say, and what is wrong with it."""

import wave
from pathlib import Path

import numpy as np
import pytest

from agent.demo import LINES, SCENARIOS
from agent.trainee.errors import CannotStart
from agent.trainee.lines import parse_lines, read_lines, read_recordings, read_wav
from agent.trainee.sound import RATE

pytestmark = pytest.mark.unit


def write_wav(path: Path, *, rate: int, channels: int = 1, seconds: float = 0.5) -> Path:
    time = np.arange(round(seconds * rate)) / rate
    samples = (8000 * np.sin(2 * np.pi * 440 * time)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(samples, channels).tobytes())
    return path


def test_blank_lines_and_comments_are_not_spoken() -> None:
    lines = parse_lines("# who I am\nHello.\n\n   \n  How are you?  \n#end")

    assert [line.text for line in lines] == ["Hello.", "How are you?"]
    assert all(line.samples is None for line in lines)


def test_a_hash_inside_a_line_is_spoken() -> None:
    assert [line.text for line in parse_lines("You are in bed #4.")] == ["You are in bed #4."]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(None, "no file of lines", id="missing"),
        pytest.param(b"", "holds nothing to say", id="empty"),
        pytest.param(b"# only\n\n# comments\n", "holds nothing to say", id="only comments"),
        pytest.param(b"\xff\xfe\x00h", "is not UTF-8", id="not text"),
    ],
)
def test_a_useless_file_of_lines_is_named(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "talk.txt"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CannotStart, match=says) as caught:
        read_lines(path)
    assert "talk.txt" in str(caught.value)


@pytest.mark.parametrize("rate", [8000, 16000, 24000, 44100, 48000])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_recording_of_any_rate_keeps_its_length_and_pitch(
    tmp_path: Path, rate: int, channels: int
) -> None:
    samples = read_wav(write_wav(tmp_path / "a.wav", rate=rate, channels=channels))

    assert len(samples) / RATE == pytest.approx(0.5, abs=0.02)
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) * RATE / len(samples) == pytest.approx(440, abs=5)
    assert np.abs(samples[2400:-2400]).max() == pytest.approx(8000, rel=0.05)


def test_recordings_are_played_in_order_of_name(tmp_path: Path) -> None:
    for name in ("10.wav", "02.wav", "01.WAV"):
        write_wav(tmp_path / name, rate=16000)
    (tmp_path / "notes.txt").write_text("not sound")

    assert [line.text for line in read_recordings(tmp_path)] == ["01.WAV", "02.wav", "10.wav"]


def test_a_broken_recording_is_named(tmp_path: Path) -> None:
    write_wav(tmp_path / "01.wav", rate=16000)
    (tmp_path / "02.wav").write_bytes(b"RIFF____not a wave")

    with pytest.raises(CannotStart, match=r"02\.wav"):
        read_recordings(tmp_path)


def test_a_recording_cut_off_in_its_header_is_named(tmp_path: Path) -> None:
    whole = write_wav(tmp_path / "cut.wav", rate=16000).read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[:20])

    with pytest.raises(CannotStart, match=r"cut\.wav"):
        read_wav(tmp_path / "cut.wav")


def test_a_recording_of_eight_bits_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "old.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 800)

    with pytest.raises(CannotStart, match=r"old\.wav.*8-bit.*16-bit PCM"):
        read_wav(tmp_path / "old.wav")


def test_a_silent_recording_is_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "mute.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0" * 8000)

    with pytest.raises(CannotStart, match=r"mute\.wav.*no sound"):
        read_wav(tmp_path / "mute.wav")


def test_a_folder_without_recordings_or_no_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="no WAV files"):
        read_recordings(tmp_path)
    with pytest.raises(CannotStart, match=r"no folder.*nowhere"):
        read_recordings(tmp_path / "nowhere")


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_the_demo_has_six_to_eight_lines_for_each_scenario(scenario_id: str) -> None:
    assert 6 <= len(read_lines(LINES / f"{scenario_id}.txt")) <= 8
