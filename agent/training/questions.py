"""Trains `agent.mind.relevance`: does this sentence ask for that fact?

Two kinds of examples. Every question of a scenario's facts, and some of the topics it does not
answer, is held out in turn and asked of the rest. And lines as trainees say them, written for
training (`questions/*.jsonl`, one file a scenario), most of them with something around the
question, half of them asking for nothing the persona knows.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.mind.disclosure import Vector, known_texts, questions_of, sentences_of
from agent.mind.lexicon import load_lexicon
from agent.mind.listening import sentence_of
from agent.mind.relevance import FEATURES, FILE, Floats, Forest, Rarity, Relevance
from agent.training.linear import folds
from personas import Library
from personas.bank import load_bank
from personas.model import Scenario

FOLDER = Path(__file__).parent / "questions"
Encode = Callable[[Sequence[str]], list[Vector]]
"""Turns texts into vectors."""
_TOPICS_KEPT = 0.06
"""Share of the questions no fact answers that are asked."""
_BANK_KEPT = 0.35
"""Share of a fact's questions from the bank that are asked; all of its author's are."""
_LINE_WEIGHT = 8.0
"""Weight of a sentence trainees say against a held-out question."""
_DEPTH, _COUNT, _RATE = 3, 120, 0.08
"""Of the trees: how deep, how many, and how much each adds."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence compared with the facts of a scenario."""

    scenario: str
    line: int | None
    """Number of the trainee's line it is part of; None for a held-out question."""
    features: Floats
    asked: tuple[bool, ...]
    """For each fact whether it asks for it."""


def examples(encode: Encode) -> Iterator[Example]:
    """Yield all examples; `encode` turns texts into vectors."""
    chance = random.Random(1)
    for scenario_id in Library().ids():
        scenario = Library().get(scenario_id)
        relevance = relevance_of(scenario, encode)
        yield from _held_out(scenario, relevance, encode, chance)
        yield from _lines(scenario, relevance, encode)


def relevance_of(scenario: Scenario, encode: Encode) -> Relevance:
    """Return what a scenario's sentences are compared with."""
    bank = load_bank(scenario.language)
    questions = questions_of(scenario, bank)
    vectors = encode(known_texts(scenario, bank))
    asked = [question for topic in bank.topics.values() for question in topic]
    count = len(questions)
    return Relevance(scenario, questions, vectors[:count], vectors[count:], Rarity(asked))


def train(found: Sequence[Example]) -> dict[float, dict[str, int]]:
    """Train, store the trees, and return for several thresholds what became of the trainees'
    lines under trees that had not seen their scenario."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    def fit(kept: Sequence[Example]) -> Forest:
        x = np.vstack([each.features for each in kept])
        y = np.concatenate([each.asked for each in kept])
        weight = np.concatenate(
            [np.full(len(each.asked), 1.0 if each.line is None else _LINE_WEIGHT) for each in kept]
        )
        model = HistGradientBoostingClassifier(
            max_depth=_DEPTH, max_iter=_COUNT, learning_rate=_RATE, random_state=0
        )
        return _forest(model.fit(x, y, sample_weight=weight))

    results: dict[float, dict[str, int]] = {}
    for out in folds([each.scenario for each in found]):
        forest = fit([each for each, away in zip(found, out, strict=True) if not away])
        unseen = [each for each, away in zip(found, out, strict=True) if away]
        for needed in (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
            counts = results.setdefault(
                needed, {"right": 0, "wrong": 0, "missed": 0, "false": 0, "quiet": 0}
            )
            for kind in _judged(unseen, forest, needed):
                counts[kind] += 1
    forest = fit(found)
    np.savez_compressed(
        FILE,
        feature=forest.feature.astype(np.int16),
        threshold=forest.threshold,
        left=forest.left.astype(np.int16),
        right=forest.right.astype(np.int16),
        value=forest.value,
        base=np.float32(forest.base),
        depth=np.int16(forest.depth),
    )
    return results


def _held_out(
    scenario: Scenario, relevance: Relevance, encode: Encode, chance: random.Random
) -> Iterator[Example]:
    for question in questions_of(scenario, load_bank(scenario.language)):
        own = question.fact is not None and question.text in question.fact.questions
        share = 1.0 if own else _BANK_KEPT if question.fact else _TOPICS_KEPT
        if chance.random() > share:
            continue
        compared = relevance.compared(
            question.text, encode([question.text])[0], asks=True, without=question.text
        )
        asked = tuple(fact is question.fact for fact in scenario.facts)
        yield Example(scenario.id, None, compared.features, asked)


def _lines(scenario: Scenario, relevance: Relevance, encode: Encode) -> Iterator[Example]:
    path = FOLDER / f"{scenario.id}.jsonl"
    if not path.is_file():
        return
    lexicon = load_lexicon(scenario.language)
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines()):
        line = json.loads(row)
        wanted = line["fact"] if isinstance(line["fact"], list) else [line["fact"]]
        compared = []
        for text in sentences_of(line["said"]):
            sentence = sentence_of(text, lexicon)
            if not sentence.informs:
                compared.append(relevance.compared(text, encode([text])[0], asks=sentence.asks))
        # Which sentence asks is not marked: the one nearest to the fact does.
        known = [index for index, fact in enumerate(scenario.facts) if fact.id in wanted]
        asking = max(
            range(len(compared)),
            key=lambda place: max((compared[place].nearest[i] for i in known), default=0.0),
            default=None,
        )
        for place, each in enumerate(compared):
            asked = tuple(
                place == asking and index in known for index in range(len(scenario.facts))
            )
            yield Example(scenario.id, number, each.features, asked)


def _judged(unseen: Sequence[Example], forest: Forest, needed: float) -> Iterator[str]:
    """Yield what became of each of the trainees' lines."""
    lines: dict[tuple[str, int], list[Example]] = {}
    for each in unseen:
        if each.line is not None:
            lines.setdefault((each.scenario, each.line), []).append(each)
    for parts in lines.values():
        wanted = np.any([each.asked for each in parts], axis=0)
        chances = np.max([forest.chances(each.features) for each in parts], axis=0)
        best = int(np.argmax(chances))
        found = chances[best] >= needed
        if not wanted.any():
            yield "false" if found else "quiet"
        else:
            yield "missed" if not found else "right" if wanted[best] else "wrong"


def _forest(model: Any) -> Forest:
    """Return scikit-learn's trees as plain arrays; a leaf leads to itself."""
    trees = [each[0].nodes for each in model._predictors]
    width = max(len(nodes) for nodes in trees)
    shape = (len(trees), width)
    feature = np.zeros(shape, np.intp)
    threshold, value = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    left = np.tile(np.arange(width), (len(trees), 1))
    right = left.copy()
    for number, nodes in enumerate(trees):
        size = len(nodes)
        inner = nodes["is_leaf"] == 0
        feature[number, :size] = np.where(inner, nodes["feature_idx"], 0)
        threshold[number, :size] = np.where(inner, nodes["num_threshold"], 0)
        left[number, :size] = np.where(inner, nodes["left"], np.arange(size))
        right[number, :size] = np.where(inner, nodes["right"], np.arange(size))
        value[number, :size] = np.where(inner, 0, nodes["value"])
    base = float(np.ravel(model._baseline_prediction)[0])
    assert feature.max() < len(FEATURES)
    return Forest(feature, threshold, left, right, value, base, _DEPTH)
