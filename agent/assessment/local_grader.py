"""Grades a reply by rules: the same reply always gets the same grade, offline, in milliseconds.

The appraisal finds what the words do; the rubric says what that earns. It sees known turns of
phrase, not meaning: clear cases come out in order, sarcasm and kind words in a dismissal may not.
What a trainee says about marks or instructions is blanked out before anything is looked at.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from traceback import extract_tb

import structlog

from agent.assessment.advice import advise
from agent.assessment.gradable import why_not
from agent.assessment.levels import mean_score
from agent.assessment.pleas import without_pleas
from agent.assessment.rationale import SHOWS, apart, because, drawn_out, quoted, telling
from agent.assessment.rubric import Criterion, Rubric
from agent.assessment.tone import judge_tone
from agent.encounter import Reply
from agent.mind.appraisal import Appraisal, Finding, appraise, cues
from agent.mind.lexicon import Cue, Lexicon, Signal
from agent.protocol import (
    CriterionLevel,
    Evidence,
    Grade,
    GraderVersion,
    Mode,
    Reason,
    Skill,
    Ungraded,
)
from personas.model import Scenario

log = structlog.get_logger(__name__)

_VERSION = "1"
_MOST_EVIDENCE = 4


@dataclass(frozen=True, slots=True)
class LocalGrader:
    """Grades by one rubric with the words of one language."""

    rubric: Rubric
    lexicon: Lexicon

    @property
    def version(self) -> GraderVersion:
        """Return what stands behind the numbers."""
        return GraderVersion(
            kind="local",
            model=f"rules-{self.lexicon.language}",
            version=f"{_VERSION}+rubric.{self.rubric.version}+lexicon.{self.lexicon.version}",
        )

    async def grade(
        self,
        reply: Reply,
        *,
        previous: Sequence[Reply] = (),
        scenario: Scenario | None = None,
        mode: Mode = "practice",
    ) -> Grade | Ungraded:
        """Return the grade of one reply, or why there is none; see `Grader`."""
        try:
            return self.judge(reply, mode=mode)
        except Exception as error:
            # An encounter must not end because one reply could not be graded. The place is logged
            # and not the traceback, which could hold the trainee's words.
            place = extract_tb(error.__traceback__)[-1]
            log.error(
                "grading_failed",
                exchange=reply.index,
                error=type(error).__name__,
                place=f"{place.filename}:{place.lineno}",
            )
            return _ungraded("grader_failed", "the grader failed on this reply")

    def judge(self, reply: Reply, *, mode: Mode = "practice") -> Grade | Ungraded:
        """Return the grade of one reply, or why there is none, without waiting."""
        text = without_pleas(reply.text, self.lexicon)
        if text != reply.text and not any(letter.isalnum() for letter in text):
            return _ungraded("nothing_to_grade", "it was not said to the person in the scene")
        found = appraise(text, self.lexicon, persona_line=reply.persona_text)
        if reason := why_not(text, found, self.lexicon):
            return Ungraded(ungraded=reason)
        shown = _as_said(drawn_out(found, self.lexicon.split(text)), reply.text)
        asked = _asked(reply.persona_text, self.rubric, self.lexicon)
        levels = [
            self._level(criterion, found, shown)
            for criterion in self.rubric.criteria
            if _due(criterion, found, asked, opening=reply.index == 0)
        ]
        skills = self._skills(levels, reply, found)
        if not skills:
            return _ungraded("nothing_to_grade", "it gave no chance to show any of the skills")
        by_id = {level.id: level.level for level in levels}
        return Grade(
            overall=self._overall(skills, found),
            skills=skills,
            rationale=because(shown.findings, asked),
            evidence=_evidence(reply.index, shown),
            advice=advise(
                self.rubric,
                shown,
                by_id,
                cues=cues(reply.persona_text, self.lexicon),
                index=reply.index,
                mode=mode,
            ),
            criteria=levels,
        )

    def _level(self, criterion: Criterion, found: Appraisal, shown: Appraisal) -> CriterionLevel:
        """Return the level of one criterion; `shown` has the words to quote, drawn out."""
        present = found.signals
        earned = _earned(criterion, found)
        lost = [s for s in (*criterion.loses, *criterion.caps) if s in present]
        level = criterion.start
        level += sum(criterion.earns[signal] for signal in earned)
        level -= sum(points for signal, points in criterion.loses.items() if signal in present)
        level = min([level, *(cap for signal, cap in criterion.caps.items() if signal in present)])
        level = max(self.rubric.lowest, min(self.rubric.highest, level))
        # What pulled it down explains a low level, what earned it a high one.
        reasons = list(dict.fromkeys([*lost, *earned] if level <= criterion.start else earned))
        quotes = list(dict.fromkeys(quote for s in reasons for quote in shown.quotes(s)[:1]))
        why = (
            f"{quoted(shown.quotes(reasons[0])[0])} {SHOWS[reasons[0]]}"
            if reasons
            else criterion.levels[level]
        )
        return CriterionLevel(id=criterion.id, level=level, rationale=why, quotes=quotes[:3])

    def _skills(
        self, levels: Sequence[CriterionLevel], reply: Reply, found: Appraisal
    ) -> dict[Skill, int]:
        skill_of = {criterion.id: criterion.skill for criterion in self.rubric.criteria}
        scores: dict[Skill, list[int]] = {}
        for level in levels:
            scores.setdefault(skill_of[level.id], []).append(self.rubric.score(level.level))
        # A pace alone tells nothing of a reply that gave no other chance.
        if levels and (tone := judge_tone(reply.delivery(), found)):
            scores[Skill.TONE] = [tone.score]
        return {skill: mean_score(scores[skill]) for skill in Skill if skill in scores}

    def _overall(self, skills: dict[Skill, int], found: Appraisal) -> int:
        ceilings = [top for signal, top in self.rubric.ceilings.items() if found.has(signal)]
        return min([mean_score(skills.values()), *ceilings])


def _earned(criterion: Criterion, found: Appraisal) -> list[Signal]:
    """Return the signals that count for a criterion, the same words only once: an open question
    that invites the story is one deed."""
    counted: list[Finding] = []
    for signal in sorted(criterion.earns, key=lambda signal: -criterion.earns[signal]):
        for finding in found.findings:
            if finding.signal is signal and not any(_overlap(finding, each) for each in counted):
                counted.append(finding)
                break
    return [finding.signal for finding in counted]


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.start + len(other.quote) and other.start < one.start + len(one.quote)


def _due(criterion: Criterion, found: Appraisal, asked: Collection[Cue], *, opening: bool) -> bool:
    """Tell whether a reply had the chance to show this: by itself, or because it was asked for."""
    if criterion.tests() & found.signals or (criterion.opening and opening):
        return True
    if criterion.from_words is not None and found.words >= criterion.from_words:
        return True
    return bool(set(criterion.asked_by) & set(asked)) and not found.has(*criterion.unless)


def _asked(line: str, rubric: Rubric, lexicon: Lexicon) -> frozenset[Cue]:
    """Return what the persona's line asks for. A subject is upset until they say otherwise."""
    found = cues(line, lexicon)
    if rubric.kind == "subject" and line and not found & {Cue.AGREEMENT, Cue.CLOSING}:
        return found | {Cue.COMPLAINT}
    return found


def _as_said(found: Appraisal, reply: str) -> Appraisal:
    """Return the appraisal with its quotes taken from the reply, where nothing is blanked out."""
    return replace(
        found,
        findings=tuple(
            replace(each, quote=reply[each.start : each.start + len(each.quote)])
            for each in found.findings
        ),
    )


def _evidence(index: int, shown: Appraisal) -> list[Evidence]:
    """Return the telling words, the weightiest first, none of them within another."""
    kept = apart(telling(shown.findings))[:_MOST_EVIDENCE]
    return [Evidence(exchange=index, quote=finding.quote) for finding in kept]


def _ungraded(code: str, message: str) -> Ungraded:
    return Ungraded(ungraded=Reason(code=code, message=message))
