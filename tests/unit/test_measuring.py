"""Replies are measured one after the other, each against the voice of those before it."""

import asyncio

import numpy as np
import pytest
from delivery_world import HZ, voice

from agent.encounter import Reply
from agent.local_models.resample import Samples
from agent.measuring import Measuring
from agent.protocol import Delivery, Turn

pytestmark = pytest.mark.unit

LOUDER_DB = 8.0


def reply(
    index: int, started_s: float, seconds: float, *, words: int | None = None, persona: bool = True
) -> Reply:
    """A reply that began half a second after the persona's line."""
    line = Turn(
        id=f"p{index}",
        speaker="persona",
        text="Well?",
        started_s=started_s - 2,
        ended_s=started_s - 0.5,
    )
    return Reply(
        index=index,
        persona_text="Well?" if persona else "",
        persona_ended_s=line.ended_s if persona else None,
        text="word " * round(seconds * 2),
        started_s=started_s,
        ended_s=started_s + seconds,
        spoken=words != 0,
        spoken_words=round(seconds * 2) if words is None else words,
        lines=(line,) if persona else (),
    )


def hears(measuring: Measuring, sound: Samples, *, at_s: float) -> None:
    """Have the sound heard in frames of 20 ms."""
    pcm = np.clip(sound * 32767, -32768, 32767).astype(np.int16)
    for first in range(0, len(pcm), HZ // 50):
        frame = memoryview(pcm[first : first + HZ // 50].tobytes())
        measuring.hear(frame, HZ, at_s + first / HZ)


async def told(
    measuring: Measuring, said: Reply, *, escalated: bool = False, gain_control: bool = False
) -> Delivery:
    return await measuring.measure(
        said, measuring.cut(said), arousal=0, escalated=escalated, gain_control=gain_control
    )


async def spoken(
    measuring: Measuring, said: Reply, *, dbfs: float = -30.0, **how: bool
) -> Delivery:
    hears(measuring, voice(180, said.ended_s - said.started_s, dbfs=dbfs), at_s=said.started_s)
    return await told(measuring, said, **how)


async def test_a_spoken_reply_has_its_rate_pitch_and_pauses():
    delivery = await spoken(Measuring(), reply(0, 5, 6))

    assert delivery.spoken
    assert delivery.pitch_hz == pytest.approx(180, rel=0.02)
    assert delivery.speech_s == pytest.approx(6, abs=0.1)
    assert delivery.words_per_minute == pytest.approx(120, rel=0.05)
    assert delivery.response_latency_s == pytest.approx(0.5, abs=0.05)
    assert (delivery.pause_count, delivery.long_pauses, delivery.interruptions) == (0, 0, 0)
    assert delivery.tone_score is not None
    assert delivery.advice
    assert set(delivery.not_measured) == {"pitch_rise_semitones", "level_rise_db"}


async def test_a_voice_is_held_against_that_of_the_replies_before():
    measuring = Measuring()
    first = await spoken(measuring, reply(0, 5, 12))
    await spoken(measuring, reply(1, 20, 12))
    louder = await spoken(measuring, reply(2, 35, 6), dbfs=-30 + LOUDER_DB)

    assert first.not_measured["level_rise_db"].code == "no_baseline"
    assert louder.level_rise_db == pytest.approx(LOUDER_DB, abs=0.3)
    assert louder.pitch_rise_semitones == pytest.approx(0, abs=0.2)


async def test_replies_that_come_together_are_measured_in_their_order():
    measuring, replies = Measuring(), [reply(0, 5, 12), reply(1, 20, 12), reply(2, 35, 6)]
    for each in replies:
        hears(measuring, voice(180, each.ended_s - each.started_s, dbfs=-30), at_s=each.started_s)

    deliveries = await asyncio.gather(*(told(measuring, each) for each in replies))

    assert [each.level_rise_db is None for each in deliveries] == [True, True, False]


async def test_a_reply_that_went_on_is_not_held_against_its_own_beginning():
    measuring = Measuring()
    for said in (reply(0, 5, 22), reply(0, 5, 25)):
        delivery = await spoken(measuring, said)

    assert delivery.not_measured["level_rise_db"].code == "no_baseline"


async def test_a_voice_right_after_an_escalation_is_nobodys_usual_one():
    measuring = Measuring()
    await spoken(measuring, reply(0, 5, 12))
    await spoken(measuring, reply(1, 20, 12), escalated=True)
    delivery = await spoken(measuring, reply(2, 35, 6))

    assert delivery.not_measured["level_rise_db"].code == "no_baseline"


async def test_with_gain_control_only_loudness_is_left_out():
    measuring = Measuring()
    for number in range(3):
        delivery = await spoken(measuring, reply(number, 5 + 15 * number, 12), gain_control=True)

    assert delivery.not_measured["level_rise_db"].code == "gain_control"
    assert delivery.pitch_rise_semitones is not None


async def test_a_typed_reply_says_so_of_every_measure():
    delivery = await told(Measuring(), reply(0, 5, 6, words=0))

    assert not delivery.spoken
    assert {reason.code for reason in delivery.not_measured.values()} == {"typed"}
    figures = delivery.model_dump(exclude={"spoken", "advice", "not_measured"})
    assert set(delivery.not_measured) == set(figures)
    assert set(figures.values()) == {None}


async def test_where_nothing_was_heard_the_times_still_tell_the_latency():
    delivery = await told(Measuring(), reply(0, 5, 6))

    assert delivery.response_latency_s == 0.5
    assert "response_latency_s" not in delivery.not_measured
    assert delivery.not_measured["pitch_hz"].code == "silence"


async def test_sound_is_held_until_it_is_forgotten_and_none_after_the_end():
    measuring = Measuring()
    hears(measuring, voice(180, 6), at_s=5)
    assert measuring.held_bytes == 6 * HZ * 2

    measuring.forget(10)
    assert measuring.held_bytes == 1 * HZ * 2

    measuring.close()
    hears(measuring, voice(180, 6), at_s=12)
    assert measuring.held_bytes == 0
