"""What the tap hands on: every frame as it came, and the time at which it was spoken."""

import numpy as np
import pytest
from livekit import rtc

from agent.speech.tap import HOLE_S, Tap

pytestmark = pytest.mark.unit

RATE, FRAME_S = 24_000, 0.02
BEGAN = 1_000.0
"""What the clock shows at second 0 of the encounter."""


class Listener:
    """Takes what the tap hands on, from frames that come when the test says."""

    def __init__(self) -> None:
        self.now = BEGAN
        self.taken: list[tuple[bytes, int, float]] = []
        self.tap = Tap(self.take, started_at=BEGAN, clock=lambda: self.now)

    def take(self, pcm: memoryview, rate_hz: int, at_s: float) -> None:
        self.taken.append((bytes(pcm), rate_hz, at_s))

    def comes(self, at_s: float, frame: rtc.AudioFrame | None = None) -> rtc.AudioFrame:
        self.now = BEGAN + at_s
        return self.tap._process(frame or sound())

    def times(self) -> list[float]:
        return [round(at_s, 3) for _, _, at_s in self.taken]


def sound(*, channels: int = 1) -> rtc.AudioFrame:
    count = round(RATE * FRAME_S)
    samples = np.arange(count * channels, dtype=np.int16)
    return rtc.AudioFrame(samples.tobytes(), RATE, channels, count)


def test_a_frame_goes_on_as_it_came_and_is_handed_on_whole():
    listener, frame = Listener(), sound()

    assert listener.comes(3.0, frame) is frame
    assert listener.taken == [(bytes(frame.data.cast("B")), RATE, pytest.approx(2.98))]


def test_a_frame_was_spoken_before_it_came():
    listener = Listener()

    for number in range(1, 4):
        listener.comes(number * FRAME_S)

    assert listener.times() == [0.0, 0.02, 0.04]


def test_frames_held_up_and_let_go_at_once_keep_their_places():
    listener = Listener()

    listener.comes(0.02)
    for _ in range(20):
        listener.comes(0.42)

    assert listener.times() == [round(number * FRAME_S, 3) for number in range(21)]


def test_a_first_frame_that_was_late_moves_nothing_into_the_future():
    listener = Listener()

    listener.comes(0.60)
    for number in range(1, 4):
        listener.comes(0.60 + number * 0.001)

    assert listener.times() == [0.58, 0.581, 0.582, 0.583]


def test_after_a_hole_in_the_sound_time_goes_on_with_the_clock():
    listener = Listener()

    listener.comes(0.02)
    listener.comes(0.54 + HOLE_S)

    assert listener.times() == [0.0, round(0.52 + HOLE_S, 3)]


def test_sound_in_more_than_one_channel_is_not_taken_for_one_voice():
    listener, frame = Listener(), sound(channels=2)

    assert listener.comes(1.0, frame) is frame
    assert listener.taken == []


def test_a_closed_tap_is_asked_no_more():
    listener = Listener()

    assert listener.tap.enabled
    listener.tap._close()

    assert not listener.tap.enabled
