"""What is told first at the end: no advice twice, no praise for words in a poor reply."""

import pytest
from report_samples import exchange, grade

from agent.assessment.highlights import Matter, improvements, strengths
from agent.assessment.rubric import load_rubric
from agent.protocol import CriterionLevel, Evidence, Moment, TaskResult

pytestmark = pytest.mark.unit

RUBRIC = load_rubric("de-escalation")
VALUING = CriterionLevel(id="valuing", level=5, rationale="“please” asks", quotes=["please"])


def test_like_advice_on_other_words_is_told_once() -> None:
    weak = [
        exchange(n, grade=grade(20, advice=f"Leave “{words}” out."))
        for n, words in enumerate(("calm down", "relax"))
    ]

    told = improvements(Matter(RUBRIC, weak))

    assert [each.split(": ", 1)[1] for each in told] == ["Leave “calm down” out."]


def test_good_words_in_a_poor_reply_are_no_strength() -> None:
    poor = exchange(grade=grade(30, criteria=[VALUING]))
    good = exchange(grade=grade(80, criteria=[VALUING]))

    assert strengths(Matter(RUBRIC, [poor])) == []
    assert strengths(Matter(RUBRIC, [good]))[0].startswith("Valuing the person: “please” asks")


def test_what_helped_most_and_a_task_done_fill_up_to_three() -> None:
    best = Moment(exchange=0, quote="I am Kim", why="")
    done = TaskResult(
        task="Let him speak.", status="done", evidence=[Evidence(exchange=0, quote="tell me")]
    )

    told = strengths(
        Matter(RUBRIC, [exchange(grade=grade(80, criteria=[VALUING]))], tasks=[done], best=best)
    )

    assert len(told) == 3
    assert told[1].startswith("Reply 1, “I am Kim”, helped most.")
    assert told[2].startswith("Task done: “Let him speak.”, with “tell me” (reply 1).")
