"""Speech has ended for the session only when its words are there, and never much later."""

import asyncio

import pytest
from listening_world import ScriptedDetector
from livekit.agents import vad

from agent.speech import words_first
from agent.speech.words_first import WordsFirst

pytestmark = pytest.mark.unit


def event(kind: vad.VADEventType) -> vad.VADEvent:
    return vad.VADEvent(
        type=kind, samples_index=0, timestamp=0, speech_duration=1, silence_duration=0.25
    )


START = event(vad.VADEventType.START_OF_SPEECH)
END = event(vad.VADEventType.END_OF_SPEECH)


async def collect(detector: WordsFirst, into: list[object]) -> None:
    stream = detector.stream()
    async for event in stream:
        into.append(event)
    await stream.aclose()


async def test_the_listener_hears_of_everything_before_the_session():
    order: list[str] = []
    detector = WordsFirst(ScriptedDetector(START, END))

    async def listen(event: vad.VADEvent) -> None:
        order.append(f"listener {event.type.value}")

    detector.listener = listen
    async for event in (stream := detector.stream()):
        order.append(f"session {event.type.value}")
    await stream.aclose()

    assert order == [
        "listener start_of_speech",
        "session start_of_speech",
        "listener end_of_speech",
        "session end_of_speech",
    ]


async def test_the_end_is_held_until_the_words_are_there_and_dated_back():
    words = asyncio.Event()
    detector = WordsFirst(ScriptedDetector(END))
    detector.listener = lambda event: words.wait()
    seen: list[vad.VADEvent] = []

    listening = asyncio.create_task(collect(detector, seen))
    for _ in range(50):
        await asyncio.sleep(0)
    held = list(seen)
    words.set()
    await listening

    assert held == []
    assert [each.type for each in seen] == [END.type]
    assert seen[0].silence_duration > 0.25


async def test_words_that_do_not_come_hold_nobody_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(words_first, "LONGEST_HOLD_S", 0.01)
    detector = WordsFirst(ScriptedDetector(END))
    detector.listener = lambda event: asyncio.Future()
    seen: list[vad.VADEvent] = []

    await asyncio.wait_for(collect(detector, seen), 5)

    assert [each.type for each in seen] == [END.type]


async def test_without_a_listener_it_is_the_detector():
    seen: list[vad.VADEvent] = []

    await collect(WordsFirst(ScriptedDetector(START, END)), seen)

    assert [each.type for each in seen] == [START.type, END.type]
