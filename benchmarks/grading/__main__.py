"""`python -m benchmarks.grading`: how well the local grader orders replies it was never tuned on.

`blind.jsonl`: 120 replies in 12 situations that are in no training data, written and marked by one
writer who saw neither the grader nor its training set. Not expert marks.
"""

import argparse
import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from agent.assessment.bench import Spoken, packaged_bench
from agent.protocol import Grade
from agent.settings import Settings

HERE = Path(__file__).parent
EMPATHY_WORDS = ("sorry", "understand", "feel", "hear", "difficult", "hard", "worried", "thank")


def in_order(rows: Sequence[tuple[str, float, float]], low: float, high: float) -> tuple[int, int]:
    """Return how many pairs of one situation, `low` to `high` marks apart, are in the right order,
    and how many there are; a tie is not in order."""
    right = count = 0
    for situation, judged, said in rows:
        for other, judged_other, said_other in rows:
            if situation == other and low <= judged - judged_other < high:
                count += 1
                right += said > said_other
    return right, count


async def main() -> None:
    """Grade every reply and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading", description=__doc__)
    parser.add_argument("--tags", action="store_true", help="mean error by kind of reply")
    asked = parser.parse_args()
    bench = packaged_bench(Settings().data_dir)
    said: dict[str, list[tuple[str, float, float]]] = {"grader": [], "length": [], "empathy": []}
    errors: dict[str, list[float]] = {}
    ungraded = 0
    for row in (HERE / "blind.jsonl").read_text(encoding="utf-8").splitlines():
        line = json.loads(row)
        grade = await bench.grade(
            Spoken(
                id=line["id"],
                kind=line["kind"],
                persona_line=line["persona_line"],
                reply=line["reply"],
            )
        )
        if not isinstance(grade, Grade):
            ungraded += 1
            continue
        words = line["reply"].lower().split()
        place, judged = line["situation"], line["judged"]
        said["grader"].append((place, judged, grade.overall))
        said["length"].append((place, judged, len(words)))
        kind_words = sum(any(kind in word for kind in EMPATHY_WORDS) for word in words)
        said["empathy"].append((place, judged, kind_words))
        for tag in line["tags"]:
            errors.setdefault(tag, []).append(grade.overall - judged)
    print(f"{len(said['grader'])} graded, {ungraded} ungraded")
    for name, rows in said.items():
        clear, clear_of = in_order(rows, 25, 101)
        subtle, subtle_of = in_order(rows, 5, 25)
        print(
            f"{name:<8} pairs 25 marks apart or more {clear / clear_of:.3f} of {clear_of};"
            f" 5 to 25 apart {subtle / subtle_of:.3f} of {subtle_of}"
        )
    differences = [said_ - judged for _, judged, said_ in said["grader"]]
    print(
        f"mean error {sum(map(abs, differences)) / len(differences):.1f} marks,"
        f" bias {sum(differences) / len(differences):+.1f}"
    )
    if asked.tags:
        for tag, values in sorted(errors.items()):
            print(f"  {tag:<22}{len(values):>4} replies, bias {sum(values) / len(values):+.1f}")


if __name__ == "__main__":
    asyncio.run(main())
