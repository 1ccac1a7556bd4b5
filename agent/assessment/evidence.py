"""Finds the words a grade rests on: only what was said, exactly as it was said.

`shown` is the appraisal as a reader of the grade sees it, `key` the sentence that weighed most, and
empty where rules graded alone.
"""

from dataclasses import replace

from agent.assessment.rationale import SHOWS, apart, quoted, telling
from agent.assessment.ruling import Ruled
from agent.mind.appraisal import Appraisal
from agent.protocol import CriterionLevel, Evidence

_MOST_EVIDENCE = 4


def as_said(found: Appraisal, reply: str) -> Appraisal:
    """Return the appraisal with its quotes taken from the reply, where nothing is blanked out."""
    return replace(
        found,
        findings=tuple(
            replace(each, quote=reply[each.start : each.start + len(each.quote)])
            for each in found.findings
        ),
    )


def evidence_of(index: int, shown: Appraisal, key: str) -> list[Evidence]:
    """Return the telling words: the sentence that weighed most, then what was found by rule, the
    weightiest first, none of them within another."""
    kept = [each.quote for each in apart(telling(shown.findings))]
    quotes = [key, *(quote for quote in kept if quote not in key)] if key else kept
    return [Evidence(exchange=index, quote=quote) for quote in quotes[:_MOST_EVIDENCE]]


def level_with_words(ruled: Ruled, shown: Appraisal, key: str) -> CriterionLevel:
    """Return a criterion's level with its words: what pulled it down explains a low level,
    what earned it a high one, and the sentence that weighed most where no rule does."""
    criterion, level = ruled.criterion, ruled.level
    low = level <= criterion.start
    wanted = ruled.lost if low else ruled.earned
    if not key and low:
        wanted = (*ruled.lost, *ruled.earned)
    reasons = [signal for signal in dict.fromkeys(wanted) if shown.quotes(signal)]
    quotes = list(dict.fromkeys(shown.quotes(signal)[0] for signal in reasons))
    why = (
        f"{quoted(shown.quotes(reasons[0])[0])} {SHOWS[reasons[0]]}"
        if reasons
        else criterion.levels[level]
    )
    if key and not quotes and level != criterion.start:
        quotes = [key]
    return CriterionLevel(id=criterion.id, level=level, rationale=why, quotes=quotes[:3])
