"""The recorder gives back what it was given, holds no more than its bound, and forgets."""

import numpy as np
import pytest

from agent.assessment.delivery.recorder import Recorder

pytestmark = pytest.mark.unit

HZ = 16_000
FRAME = HZ // 50


def ramp(frames: int) -> np.ndarray:
    """Samples that each tell their place."""
    return np.arange(frames * FRAME, dtype="<i2")


def push(recorder: Recorder, samples: np.ndarray, *, at_s: float, late_s: tuple[float, ...] = (0,)):
    for number, frame in enumerate(samples.reshape(-1, FRAME)):
        late = late_s[number % len(late_s)]
        recorder.push(frame.tobytes(), rate_hz=HZ, at_s=at_s + number * 0.02 + late)


def test_what_went_in_comes_out_between_two_times() -> None:
    recorder = Recorder()
    push(recorder, ramp(50), at_s=10)

    clip = recorder.between(10.25, 10.5)

    assert clip.rate_hz == HZ
    assert clip.started_s == pytest.approx(10.25)
    assert clip.pcm.tolist() == list(range(HZ // 4, HZ // 2))


def test_frames_that_come_early_and_late_leave_no_crack() -> None:
    recorder = Recorder()
    push(recorder, ramp(50), at_s=10, late_s=(0, 0.03, -0.01, 0.15))

    assert recorder.between(0, 99).pcm.tolist() == list(range(HZ))


def test_a_muted_second_is_silence() -> None:
    recorder = Recorder()
    push(recorder, ramp(50), at_s=10)
    push(recorder, ramp(50), at_s=12)

    samples = recorder.between(10, 13).pcm

    assert len(samples) == 3 * HZ
    assert not samples[HZ : 2 * HZ].any()
    assert samples[2 * HZ :].tolist() == list(range(HZ))


def test_only_the_last_seconds_are_held() -> None:
    recorder = Recorder(kept_s=0.5)
    for second in range(20):
        push(recorder, ramp(50), at_s=second)

    assert recorder.held_bytes <= (0.5 + 1 + 0.02) * HZ * 2
    assert recorder.between(0, 18.4).pcm.size == 0
    assert recorder.between(0, 20).pcm.tolist()[-1] == HZ - 1


def test_frames_of_a_clock_gone_wrong_are_bounded_too() -> None:
    recorder = Recorder(kept_s=0.5)
    for second in range(20, 0, -1):
        push(recorder, ramp(50), at_s=second)

    assert recorder.held_bytes <= (0.5 + 1 + 0.02) * HZ * 2


def test_what_is_measured_is_forgotten() -> None:
    recorder = Recorder()
    push(recorder, ramp(50), at_s=10)

    recorder.forget(10.5)

    assert recorder.between(0, 10.5).pcm.size == 0
    assert recorder.between(0, 99).started_s == pytest.approx(10.5)
    recorder.clear()
    assert recorder.held_bytes == 0
    assert recorder.between(0, 99).pcm.size == 0


def test_another_rate_starts_over() -> None:
    recorder = Recorder()
    push(recorder, ramp(50), at_s=10)

    recorder.push(bytes(960), rate_hz=48_000, at_s=11)

    clip = recorder.between(0, 99)
    assert (clip.rate_hz, clip.started_s, len(clip.pcm)) == (48_000, 11, 480)


def test_a_clip_is_handed_to_the_measuring_between_minus_one_and_one() -> None:
    recorder = Recorder()

    recorder.push(np.array([-32768, 16384], "<i2").tobytes(), rate_hz=HZ, at_s=0)

    assert recorder.between(0, 1).samples().tolist() == [-1.0, 0.5]


def test_half_a_sample_is_not_taken_for_one() -> None:
    recorder = Recorder()

    recorder.push(b"\1\0\2", rate_hz=HZ, at_s=0)

    assert recorder.between(0, 1).pcm.tolist() == [1]


def test_what_is_pushed_may_be_overwritten_by_its_owner() -> None:
    recorder, buffer = Recorder(), bytearray(b"\1\0")
    recorder.push(memoryview(buffer), rate_hz=HZ, at_s=0)

    buffer[:] = b"\0\0"

    assert recorder.between(0, 1).pcm.tolist() == [1]
