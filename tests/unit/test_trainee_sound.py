"""What the trainee calls voice, and where it begins and ends."""

import numpy as np
import pytest

from agent.trainee.detector import Detector, Edge
from agent.trainee.ear import Ear
from agent.trainee.sound import FRAME, RATE, frames, mono, rms, room_noise, voiced_frames

pytestmark = pytest.mark.unit


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), dtype=np.int16)


def tone(seconds: float, amplitude: float = 6000) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return (amplitude * np.sin(2 * np.pi * 300 * time)).astype(np.int16)


def noise(seconds: float, loudness: float) -> np.ndarray:
    random = np.random.default_rng(3)
    return random.normal(0, loudness, round(seconds * RATE)).astype(np.int16)


def edges(sound: np.ndarray, piece: int = FRAME) -> list[Edge]:
    detector = Detector()
    pieces = [sound[at : at + piece] for at in range(0, len(sound), piece)]
    return [edge for each in pieces for edge in detector.push(each)]


def seconds(found: list[Edge], kind: str) -> list[float]:
    return [edge.sample / RATE for edge in found if edge.kind == kind]


@pytest.mark.parametrize("start", [0.5, 0.507, 0.513, 0.519])
def test_an_onset_is_dated_within_five_milliseconds_wherever_it_falls(start: float) -> None:
    found = edges(np.concatenate([silence(start), tone(0.6), silence(1)]))

    assert seconds(found, "onset") == [pytest.approx(start, abs=0.0051)]


@pytest.mark.parametrize("length", [0.4, 0.611, 1.003])
def test_an_offset_is_dated_within_five_milliseconds_of_the_last_voice(length: float) -> None:
    found = edges(np.concatenate([silence(0.5), tone(length), silence(1)]))

    assert seconds(found, "offset") == [pytest.approx(0.5 + length, abs=0.0051)]


def test_a_click_is_no_voice() -> None:
    assert edges(np.concatenate([silence(0.5), tone(0.03), silence(1)])) == []


def test_a_pause_inside_a_sentence_does_not_end_it() -> None:
    found = edges(np.concatenate([silence(0.3), tone(0.5), silence(0.25), tone(0.5), silence(1)]))

    assert [edge.kind for edge in found] == ["onset", "offset"]
    assert seconds(found, "offset") == [pytest.approx(1.55, abs=0.0051)]


def test_a_longer_pause_makes_two_stretches() -> None:
    found = edges(np.concatenate([silence(0.3), tone(0.5), silence(0.5), tone(0.5), silence(1)]))

    assert [edge.kind for edge in found] == ["onset", "offset", "onset", "offset"]


def test_voice_is_found_above_a_noisy_line_and_not_in_the_noise() -> None:
    sound = noise(4, 120).astype(np.int32)
    sound[2 * RATE : 3 * RATE] += tone(1)

    found = edges(sound.astype(np.int16))

    assert seconds(found, "onset") == [pytest.approx(2, abs=0.02)]
    assert seconds(found, "offset") == [pytest.approx(3, abs=0.02)]


def test_what_the_codec_leaves_behind_is_no_voice() -> None:
    assert edges(noise(2, 80)) == []


def test_long_voice_without_a_pause_does_not_drown_itself() -> None:
    found = edges(np.concatenate([silence(0.5), tone(8), silence(1)]))

    assert seconds(found, "offset") == [pytest.approx(8.5, abs=0.0051)]


def test_how_the_stream_is_cut_up_changes_nothing() -> None:
    sound = np.concatenate([silence(0.5), tone(0.6), silence(0.7), tone(0.4), silence(1)])

    assert edges(sound, 240) == edges(sound, 1000) == edges(sound, len(sound))


def test_the_ear_dates_voice_by_when_its_frames_arrived() -> None:
    ear = Ear()
    sound = frames(np.concatenate([silence(0.5), tone(0.6), silence(0.5)]))

    for index, frame in enumerate(sound):
        # From the 80th frame on everything comes 70 ms late.
        ear.take(frame, at=100 + index / 100 + (0.07 if index >= 80 else 0))

    [voice] = ear.voices
    assert voice.started == pytest.approx(100.5, abs=0.0051)
    assert voice.ended == pytest.approx(101.17, abs=0.0051)
    assert ear.quiet_s(102.17) == pytest.approx(1, abs=0.01)


def test_while_voice_lasts_it_is_not_quiet_and_before_the_first_it_always_was() -> None:
    ear = Ear()

    assert ear.quiet_s(5) == float("inf")
    for index, frame in enumerate(frames(tone(0.5))):
        ear.take(frame, at=index / 100)
    assert ear.quiet_s(99) == 0


def test_voice_that_is_cut_off_with_its_track_has_ended() -> None:
    ear = Ear()
    for index, frame in enumerate(frames(tone(0.5))):
        ear.take(frame, at=index / 100)

    ear.lost(at=0.6)

    assert ear.quiet_s(1.0) == pytest.approx(0.4)


def test_frames_hold_all_samples_and_the_last_is_filled_up() -> None:
    cut = frames(tone(0.0251))

    assert [len(frame) for frame in cut] == [FRAME] * 3
    assert np.array_equal(np.concatenate(cut)[: round(0.0251 * RATE)], tone(0.0251))


def test_no_sound_is_no_frames() -> None:
    assert frames(silence(0)) == []
    assert rms(silence(0)) == 0


def test_the_first_and_last_voiced_frames_leave_out_silence_around_a_line() -> None:
    line = frames(np.concatenate([silence(0.3), tone(0.5), silence(0.45)]))

    assert voiced_frames(line) == (30, 79)


def test_a_very_quiet_recording_still_has_voice() -> None:
    line = frames(np.concatenate([silence(0.1), tone(0.2, amplitude=100), silence(0.1)]))

    assert voiced_frames(line) == (10, 29)


def test_silence_and_the_noise_of_a_microphone_hold_no_voice() -> None:
    assert voiced_frames(frames(silence(1))) is None
    assert voiced_frames(room_noise(100)) is None
    assert all(0 < rms(frame) < 10 for frame in room_noise(100))


def test_stereo_becomes_the_mean_of_both_channels() -> None:
    both = np.array([100, 300, -30000, -30000, 7, 9, 5], dtype=np.int16)

    assert mono(both, channels=2).tolist() == [200, -30000, 8]
