"""The real models, in this process: what is understood, what is spoken, what means the same."""

import re

import numpy as np
import pytest

from agent.local_models.errors import RequestError
from agent.local_models.hearing import RATE_HZ, Hearing
from agent.local_models.loading import Models, load_models
from agent.local_models.resample import Samples, resample
from agent.local_models.silence import levels
from agent.local_models.speaking import RATE_HZ as VOICE_HZ
from agent.local_models.voice_name import VoiceName
from agent.settings import Settings

pytestmark = pytest.mark.providers

PLAIN = VoiceName("heart", 1.0)

LINES = (
    "Good morning, my name is Sarah and I am one of the nurses on this ward.",
    "Before we begin, can you tell me your full name and your date of birth?",
    "How long have you had the pain, and what were you doing when it began?",
    "Does it spread anywhere, for example to your arm, your back or your jaw?",
    "Have you ever had anything like this before, or has anyone in your family?",
    "I can see that this is frightening, and I am glad that you came in today.",
    "First I will take your blood pressure, and then we will look at your heart.",
    "Are you taking any medicine at home, or is there anything you must not take?",
    "Nobody has told you what is going on for three hours, and that made you angry.",
    "We have two choices, and I would like to hear which of them you would prefer.",
    "The doctor will be here in a while, and I will come back before she does.",
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return load_models(Settings(data_dir=tmp_path_factory.mktemp("data")))


def say(models: Models, text: str, voice: VoiceName = PLAIN, speed: float = 1.0) -> Samples:
    return np.concatenate(list(models.speaking.speak(text, voice, speed=speed)))


def recorded(models: Models, text: str, voice: VoiceName = PLAIN) -> Samples:
    spoken = resample(say(models, text, voice), from_hz=VOICE_HZ, to_hz=RATE_HZ)
    return np.pad(spoken, (RATE_HZ // 2, RATE_HZ // 10))


def words(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9' ]", "", text.lower().replace("-", " ")).split()


def text_of(hearing: Hearing, samples: Samples, **options: str) -> str:
    return " ".join(piece.text for piece in hearing.hear(samples, **options) if piece.text)


@pytest.mark.parametrize(
    "line",
    [
        "Yes.",
        "How long?",
        "Where does it hurt?",
        "How long have you had the chest pain?",
        "Please lower your voice, there are sick people in this room.",
        "I'm not going anywhere. Take your time, and start from the beginning.",
    ],
)
@pytest.mark.parametrize("pitch", [0.85, 1.0])
def test_the_short_way_hears_what_the_long_way_hears(
    models: Models, line: str, pitch: float
) -> None:
    clip = recorded(models, line, VoiceName("heart", pitch))

    heard = words(text_of(models.hearing, clip))

    assert heard == words(models.hearing.decode(clip, padded=True))
    assert heard == words(line)


def test_what_was_really_said_three_times_is_not_cut(models: Models) -> None:
    line = "Please, please, please."

    heard = models.hearing.hear(recorded(models, line))

    assert words(heard[0].text) == words(line)
    assert heard[0].padded


def test_a_minute_of_speech_is_heard_to_its_end(models: Models) -> None:
    clip = recorded(models, " ".join(LINES))

    pieces = models.hearing.hear(clip)

    assert len(clip) / RATE_HZ > 40
    assert len(pieces) >= 2
    assert pieces[-1].end_s == pytest.approx(len(clip) / RATE_HZ)
    heard = words(" ".join(piece.text for piece in pieces))
    said = words(" ".join(LINES))
    assert heard[:5] == said[:5]
    assert heard[-5:] == said[-5:]
    assert len(set(said) - set(heard)) <= 4


def noise(level: float, seconds: float) -> Samples:
    random = np.random.default_rng(3)
    return level * random.standard_normal(round(seconds * RATE_HZ), dtype=np.float32)


def hum(seconds: float) -> Samples:
    beat = np.sin(2 * np.pi * 50 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)
    return (0.05 * beat).astype(np.float32)


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(np.zeros(0, np.float32), id="nothing"),
        pytest.param(np.zeros(2 * RATE_HZ, np.float32), id="digital silence"),
        *(pytest.param(noise(level, 2), id=f"noise {level}") for level in (0.0005, 0.01, 0.1)),
        pytest.param(noise(0.01, 0.4), id="a puff"),
        pytest.param(hum(3), id="mains hum"),
    ],
)
def test_where_nobody_speaks_nothing_is_heard(models: Models, sound: Samples) -> None:
    assert text_of(models.hearing, sound) == ""


def test_a_language_the_model_does_not_know_is_refused(models: Models) -> None:
    with pytest.raises(RequestError, match=r"'fr'.*INTERLOCUTOR_LOCAL_HEARING_MODEL"):
        models.hearing.hear(noise(0.01, 1), language="fr")


def test_a_prompt_does_not_get_into_the_text(models: Models) -> None:
    clip = recorded(models, "How long have you had the chest pain?")

    assert "zebra" not in text_of(models.hearing, clip, prompt="zebra, ward").lower()


def test_speech_begins_and_ends_almost_at_once(models: Models) -> None:
    spoken = say(models, "How long have you had the chest pain?")

    loud = np.flatnonzero(levels(spoken, VOICE_HZ // 200) > 0.003) * 0.005
    assert loud[0] <= 0.025
    assert len(spoken) / VOICE_HZ - loud[-1] <= 0.09


def test_sentences_are_a_breath_apart(models: Models) -> None:
    spoken = say(models, "Where does it hurt? Show me.")
    together = sum(len(say(models, text)) for text in ("Where does it hurt?", "Show me."))

    # The silences of both sides belong to the pause.
    assert (len(spoken) - together) / VOICE_HZ == pytest.approx(0.32 - 0.1, abs=0.01)


@pytest.mark.parametrize("pitch", [0.8, 0.9, 1.1, 1.25])
def test_another_pitch_takes_as_long_and_says_the_same(models: Models, pitch: float) -> None:
    line = "I have been waiting here the whole afternoon."
    shifted = say(models, line, VoiceName("heart", pitch))

    assert len(shifted) == pytest.approx(len(say(models, line)), rel=0.1)
    heard = text_of(models.hearing, recorded(models, line, VoiceName("heart", pitch)))
    assert words(heard)[-4:] == words(line)[-4:]


def test_a_no_is_spoken_as_a_no(models: Models) -> None:
    assert words(text_of(models.hearing, recorded(models, "No, I told you no."))) == [
        *("no", "i", "told", "you", "no")
    ]


def test_the_same_text_sounds_the_same(models: Models) -> None:
    assert np.array_equal(say(models, "It hurts."), say(models, "It hurts."))


def test_speed_shortens_speech(models: Models) -> None:
    line = "I have been waiting here for three hours."

    lengths = [len(say(models, line, speed=speed)) for speed in (0.7, 0.85, 1, 1.15, 1.3, 1.5)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > 1.3 * lengths[2]
    assert lengths[-1] < 0.75 * lengths[2]


@pytest.mark.parametrize("text", ["...", "—", "🙂", "\n"])
def test_what_cannot_be_spoken_is_no_sound(models: Models, text: str) -> None:
    assert list(models.speaking.speak(text, PLAIN)) == []
