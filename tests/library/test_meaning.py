"""Questions find their fact by meaning: figures that must not fall."""

import json
from pathlib import Path

import pytest

from agent.mind.bank_vectors import load_bank_vectors, questions
from agent.mind.lexicon import load_lexicon
from agent.mind.listening import texts_of
from agent.mind.sense import load_sense
from agent.rehearsal.encoder import PackagedEncoder
from agent.role import learned
from personas import Library
from personas.bank import load_bank

pytestmark = pytest.mark.library

TUNING = Path("benchmarks/paraphrases/tuning.jsonl").read_text(encoding="utf-8").splitlines()


async def test_questions_in_other_words_find_their_fact(encoder: PackagedEncoder):
    """On lines no model was trained on; the blind set is for `python -m benchmarks.paraphrases`."""
    library, listeners = Library(), {}
    right = asking = false = silent = 0
    for row in TUNING:
        line = json.loads(row)
        if line["scenario"] not in listeners:
            listeners[line["scenario"]] = await learned(
                library.get(line["scenario"]), load_lexicon("en"), encoder
            )
        vectors = await encoder.vectors(texts_of(line["said"]), timeout_s=10)
        heard = listeners[line["scenario"]].hear(line["said"], vectors=vectors)
        found = heard.asked.fact.id if heard.asked and heard.asked.fact else None
        if line["fact"] is None:
            silent += 1
            false += found is not None
        else:
            asking += 1
            right += (
                found in line["fact"] if isinstance(line["fact"], list) else found == line["fact"]
            )

    assert right / asking >= 0.8
    assert false / silent <= 0.25


async def test_the_stored_vectors_of_the_bank_are_the_encoders(encoder: PackagedEncoder):
    bank = load_bank("en")
    stored = load_bank_vectors(bank)
    some = questions(bank)[::200]

    made = await encoder.vectors(some, timeout_s=10)

    assert stored, "run: python -m agent.training bank"
    assert min(one @ stored[text] for text, one in zip(some, made, strict=True)) > 0.999


@pytest.mark.parametrize(
    ("kind", "cruel"),
    [
        (
            "You have been left waiting all day and nobody came. I will find out why, now.",
            "Oh, poor you, waiting all day. Shall I get the violins?",
        ),
        (
            "We can stop whenever you like, just lift your hand.",
            "I do not have all day, so stop making such a fuss.",
        ),
    ],
)
async def test_tone_is_heard_without_stock_phrases(kind: str, cruel: str, encoder: PackagedEncoder):
    sense = load_sense()
    assert sense is not None

    async def tone(reply: str) -> float:
        texts = texts_of(reply)
        sensed = sense.of(reply, texts[:-1], await encoder.vectors(texts, timeout_s=10))
        assert sensed is not None
        return sensed.tone()

    assert await tone(kind) > await tone(cruel) + 0.3
