"""A decode begun at the first short silence is used if the trainee stopped there, and only then."""

import asyncio

import pytest
from listening_world import ScriptedDetector
from livekit import rtc
from livekit.agents import stt, vad

from agent.speech.speculative import SpeculativeSTT
from agent.speech.words_first import WordsFirst

pytestmark = pytest.mark.unit

FRAME = rtc.AudioFrame(bytes(320 * 2), 16000, 1, 320)


def start() -> vad.VADEvent:
    return event(vad.VADEventType.START_OF_SPEECH)


def speech() -> vad.VADEvent:
    return event(vad.VADEventType.INFERENCE_DONE, raw_accumulated_speech=0.1)


def silence(seconds: float) -> vad.VADEvent:
    return event(vad.VADEventType.INFERENCE_DONE, raw_accumulated_silence=seconds)


def end() -> vad.VADEvent:
    return event(vad.VADEventType.END_OF_SPEECH, silence_duration=0.25)


def event(kind: vad.VADEventType, **facts) -> vad.VADEvent:
    return vad.VADEvent(
        type=kind,
        samples_index=0,
        timestamp=0,
        speech_duration=1,
        silence_duration=facts.pop("silence_duration", 0),
        frames=[FRAME],
        speaking=True,
        **facts,
    )


class ScriptedRecogniser(stt.STT):
    """Answers each decode with the next text of its script; an exception is raised."""

    def __init__(self, *script: str | Exception) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=False, interim_results=False))
        self.script = list(script)
        self.decoded: list[int] = []

    async def _recognize_impl(self, buffer, *, language, conn_options) -> stt.SpeechEvent:
        self.decoded.append(buffer.samples_per_channel)
        text = self.script.pop(0)
        if isinstance(text, Exception):
            raise text
        return stt.SpeechEvent(
            stt.SpeechEventType.FINAL_TRANSCRIPT,
            alternatives=[stt.SpeechData(language="en", text=text)],
        )


async def transcripts(recogniser: stt.STT, *script: vad.VADEvent) -> list[tuple[str, str]]:
    detector = WordsFirst(ScriptedDetector(*script))
    async with SpeculativeSTT(recogniser, detector).stream() as stream:
        # Its task must listen before anything is detected.
        for _ in range(3):
            await asyncio.sleep(0)
        async for _ in (detected := detector.stream()):
            pass
        await detected.aclose()
        stream.end_input()
        return [
            (each.type.value, each.alternatives[0].text)
            async for each in stream
            if each.alternatives
        ]


async def test_the_guess_becomes_the_final_text_without_another_decode():
    recogniser = ScriptedRecogniser("Where is it?")

    said = await transcripts(recogniser, start(), speech(), silence(0.1), silence(0.2), end())

    assert said == [
        ("preflight_transcript", "Where is it?"),
        ("final_transcript", "Where is it?"),
    ]
    assert len(recogniser.decoded) == 1


async def test_a_guess_is_dropped_when_the_trainee_goes_on():
    recogniser = ScriptedRecogniser("Where", "Where is it?")

    said = await transcripts(
        recogniser, start(), silence(0.1), speech(), speech(), silence(0.1), end()
    )

    assert said == [
        ("preflight_transcript", "Where"),
        ("preflight_transcript", "Where is it?"),
        ("final_transcript", "Where is it?"),
    ]
    assert recogniser.decoded[0] < recogniser.decoded[1]


async def test_a_breath_is_not_worth_a_guess():
    recogniser = ScriptedRecogniser("Where is it?")

    said = await transcripts(recogniser, start(), silence(0.03), speech(), end())

    assert said == [("final_transcript", "Where is it?")]


async def test_a_failed_guess_is_made_good_by_the_whole_utterance():
    recogniser = ScriptedRecogniser(ValueError("broken"), "Where is it?")

    said = await transcripts(recogniser, start(), silence(0.1), silence(0.2), end())

    assert said == [("final_transcript", "Where is it?")]


async def test_nothing_heard_is_nothing_said():
    assert await transcripts(ScriptedRecogniser("  "), start(), silence(0.1), end()) == []
