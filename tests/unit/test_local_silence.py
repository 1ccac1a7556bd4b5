"""Silence around sound, silence alone, and where a long recording may be cut."""

import numpy as np
import pytest

from agent.local_models.resample import Samples
from agent.local_models.silence import is_silent, trim, windows

pytestmark = pytest.mark.unit

HZ = 24_000


def tone(seconds: float, level: float = 0.2, *, hz: int = HZ) -> Samples:
    return (level * np.sin(np.arange(round(seconds * hz)) * 0.2)).astype(np.float32)


def quiet(seconds: float, *, hz: int = HZ) -> Samples:
    return np.zeros(round(seconds * hz), np.float32)


def test_silence_before_and_after_is_cut_to_what_was_asked_for() -> None:
    spoken = np.concatenate([quiet(0.3), tone(1.0), quiet(0.45)])

    trimmed = trim(spoken, rate_hz=HZ, lead_s=0.02, tail_s=0.08)

    assert len(trimmed) / HZ == pytest.approx(0.02 + 1.0 + 0.08, abs=0.006)
    assert np.abs(trimmed[: round(0.014 * HZ)]).max() == 0
    assert np.abs(trimmed[round(0.026 * HZ) :]).max() > 0.1


def test_a_pause_inside_is_kept() -> None:
    spoken = np.concatenate([tone(0.3), quiet(0.7), tone(0.3)])

    assert len(trim(spoken, rate_hz=HZ, lead_s=0, tail_s=0)) / HZ == pytest.approx(1.3, abs=0.01)


def test_sound_that_begins_at_once_is_not_padded() -> None:
    spoken = tone(0.5)

    assert len(trim(spoken, rate_hz=HZ, lead_s=0.02, tail_s=0.08)) == len(spoken)


def test_silence_alone_trims_to_nothing() -> None:
    assert len(trim(quiet(1), rate_hz=HZ, lead_s=0.02, tail_s=0.08)) == 0


@pytest.mark.parametrize(
    ("samples", "silent"),
    [
        pytest.param(quiet(2), True, id="digital silence"),
        pytest.param(tone(2, 0.0002), True, id="the hiss of a good microphone"),
        pytest.param(tone(0.05), True, id="too short for a word"),
        pytest.param(quiet(0), True, id="nothing at all"),
        pytest.param(tone(2, 0.01), False, id="soft speech"),
        pytest.param(np.concatenate([quiet(5), tone(0.2), quiet(5)]), False, id="one short word"),
    ],
)
def test_only_a_recording_with_nobody_in_it_is_silent(samples: Samples, silent: bool) -> None:
    assert is_silent(samples, rate_hz=HZ) is silent


def test_a_short_recording_is_one_window() -> None:
    assert windows(tone(3), rate_hz=HZ, longest_s=10) == [(0, 3 * HZ)]


def test_a_long_recording_is_cut_in_its_pauses_without_losing_a_sample() -> None:
    spoken = np.concatenate([tone(8), quiet(0.5), tone(8), quiet(0.5), tone(3)])

    cuts = windows(spoken, rate_hz=HZ, longest_s=10)

    assert [start for start, _ in cuts[1:]] == [end for _, end in cuts[:-1]]
    assert cuts[0][0] == 0
    assert cuts[-1][1] == len(spoken)
    assert all(end - start <= 10 * HZ for start, end in cuts)
    assert 8 < cuts[0][1] / HZ < 8.5
    assert 16.5 < cuts[1][1] / HZ < 17
