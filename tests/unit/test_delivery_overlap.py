"""Taking the floor is told from a mm-hm, and from an answer that comes a little early."""

import pytest

from agent.assessment.delivery.overlap import Line, Overlap, Utterance, measure_overlap, utterances
from agent.assessment.delivery.voice import Stretch

pytestmark = pytest.mark.unit

LINE = Line(0, 10)


def overlap(*said: tuple[float, float, float], lines: tuple[Line, ...] = (LINE,)) -> Overlap:
    return measure_overlap([Utterance(*each) for each in said], lines)


@pytest.mark.parametrize(
    ("said", "interruptions", "backchannels", "early_starts"),
    [
        pytest.param((3, 5, 6), 1, 0, 0, id="a sentence in the middle"),
        pytest.param((3, 3.4, 1), 0, 1, 0, id="mm-hm"),
        pytest.param((3, 4.2, 2), 0, 1, 0, id="two slow words"),
        pytest.param((9.5, 12, 6), 1, 0, 0, id="half a second over the end"),
        pytest.param((9.6, 12, 6), 0, 0, 1, id="less than that over the end"),
        pytest.param((10, 12, 6), 0, 0, 0, id="after the end"),
        pytest.param((-1, 4, 9), 0, 0, 0, id="the persona began over the trainee"),
    ],
)
def test_speaking_over_the_persona_is_told_apart(
    said: tuple[float, float, float], interruptions: int, backchannels: int, early_starts: int
) -> None:
    found = overlap(said)

    assert found.interruptions == interruptions
    assert found.backchannels == backchannels
    assert found.early_starts == early_starts


def test_a_persona_that_stops_at_once_was_interrupted_all_the_same() -> None:
    # Ours falls silent within half a second, so the overlap never gets longer.
    assert overlap((3, 6, 8), lines=(Line(0, 3.3, cut_off=True),)).interruptions == 1


def test_a_mm_hm_that_stopped_the_persona_is_still_one() -> None:
    assert overlap((3, 3.4, 1), lines=(Line(0, 3.3, cut_off=True),)).backchannels == 1


def test_time_is_shared_by_seconds_spoken() -> None:
    found = overlap((8, 13, 12), (14, 19, 12), lines=(Line(0, 10), Line(20, 30)))

    assert found.seconds == 2
    assert found.talk_share == pytest.approx(10 / 30)


def test_where_nobody_spoke_there_is_no_share() -> None:
    assert overlap(lines=()).talk_share is None


def test_stretches_near_each_other_are_one_utterance_with_its_share_of_the_words() -> None:
    said = utterances([Stretch(1, 2), Stretch(2.5, 4), Stretch(9, 10)], 8, starts_s=100, gap_s=1)

    assert said == [Utterance(101, 104, 6), Utterance(109, 110, 2)]
