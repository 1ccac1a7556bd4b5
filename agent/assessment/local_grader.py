"""Grades a reply on this machine: the same reply always gets the same grade.

The appraisal finds what the words do and the rubric says what that earns; models trained on our
labelled replies say what the whole means (`combine`). Without an encoder, or when its vectors do
not come in time, the rules grade alone: then clear turns of phrase count and meaning does not, and
the grade's version says so. What a trainee says about marks or instructions is blanked out before
anything is looked at.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from traceback import extract_tb

import structlog

from agent.assessment.advice import advise
from agent.assessment.better import better_wording
from agent.assessment.combine import (
    ceilings,
    doubted,
    overall_of,
    settled,
    skills_of,
    stretched,
)
from agent.assessment.gradable import why_not
from agent.assessment.key_sentence import key_sentence, lifting
from agent.assessment.levels import mean_score
from agent.assessment.pleas import without_pleas
from agent.assessment.rationale import (
    FAULTS,
    SHOWS,
    apart,
    because,
    because_of_meaning,
    drawn_out,
    quoted,
    telling,
)
from agent.assessment.rubric import Rubric
from agent.assessment.ruling import Ruled, asked_of, rule
from agent.assessment.sensing import sense_reply
from agent.assessment.tone import judge_tone
from agent.encounter import Reply
from agent.mind.appraisal import Appraisal, appraise, cues
from agent.mind.lexicon import Cue, Lexicon, Signal
from agent.mind.sense import Sensed, load_sense
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
from agent.role import Encoder
from personas.model import Scenario

log = structlog.get_logger(__name__)

_VERSION = "2"
_MOST_EVIDENCE = 4
_FINE = 85
"""Overall number from which no better wording is shown."""
_GOOD, _POOR = 62, 45
"""Overall numbers from which a reply is explained by what helps, and under which by what hurts."""
_SETTLED = frozenset({Cue.AGREEMENT, Cue.CLOSING})


@dataclass(frozen=True, slots=True)
class LocalGrader:
    """Grades by one rubric with the words of one language."""

    rubric: Rubric
    lexicon: Lexicon
    encoder: Encoder | None = None
    """Whoever turns sentences into vectors; None: rules alone."""

    @property
    def version(self) -> GraderVersion:
        """Return what stands behind the numbers."""
        return self._version(
            sensing=self.encoder is not None and load_sense(self.lexicon.language) is not None
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
            sensed = None
            if (
                self.encoder is not None
                and (sense := load_sense(self.lexicon.language)) is not None
            ):
                said = without_pleas(reply.text, self.lexicon)
                sensed = await sense_reply(said, self.encoder, sense)
            return self.judge(reply, mode=mode, scenario=scenario, sensed=sensed)
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

    def judge(
        self,
        reply: Reply,
        *,
        mode: Mode = "practice",
        scenario: Scenario | None = None,
        sensed: Sensed | None = None,
    ) -> Grade | Ungraded:
        """Return the grade of one reply, or why there is none, without waiting; `sensed`: what
        the trained models made of it, None for rules alone."""
        text = without_pleas(reply.text, self.lexicon)
        if text != reply.text and not any(letter.isalnum() for letter in text):
            return _ungraded("nothing_to_grade", "it was not said to the person in the scene")
        found = appraise(text, self.lexicon, persona_line=reply.persona_text, sensed=sensed)
        if not reply.persona_text and not found.provocation:
            # The marks were learnt from answers; a polite opening answers nobody.
            sensed = None
        if reason := why_not(text, found, self.lexicon):
            return Ungraded(ungraded=reason)
        asked = asked_of(reply.persona_text, self.rubric, self.lexicon)
        ruled = rule(self.rubric, found, asked, opening=reply.index == 0)
        shown = _as_said(drawn_out(found, self.lexicon.split(text)), reply.text)
        if sensed is not None:
            return self._sensed(reply, found, shown, ruled, asked, sensed, mode, scenario)
        skills = self._skills(ruled, reply, found)
        if not skills:
            return _ungraded("nothing_to_grade", "it gave no chance to show any of the skills")
        overall = min([mean_score(skills.values()), *ceilings(self.rubric, found, None)])
        return self._made(
            reply,
            shown,
            ruled,
            asked,
            skills=skills,
            overall=overall,
            rationale=because(shown.findings, asked),
            key="",
            mode=mode,
            scenario=scenario,
            keep="",
        )

    def _sensed(
        self,
        reply: Reply,
        found: Appraisal,
        shown: Appraisal,
        ruled: list[Ruled],
        asked: Collection[Cue],
        sensed: Sensed,
        mode: Mode,
        scenario: Scenario | None,
    ) -> Grade:
        marks = stretched(sensed.marks)
        if doubted(marks):
            # What the meaning speaks against is not held against the trainee in words either.
            faults = tuple(each for each in shown.findings if each.signal not in FAULTS)
            shown = replace(shown, findings=faults)
        skills = skills_of(self.rubric, ruled, marks, _also(found, asked))
        if tone := judge_tone(reply.delivery(), found):
            skills[Skill.TONE] = mean_score([tone.score, skills[Skill.TONE]])
        overall = overall_of(self.rubric, ruled, skills, marks, found)
        key = key_sentence(sensed, helps=overall >= (_GOOD + _POOR) / 2, within=reply.text)
        good = overall >= _GOOD
        return self._made(
            reply,
            shown,
            settled(self.rubric, ruled, skills),
            asked,
            skills=skills,
            overall=overall,
            rationale=because_of_meaning(
                shown.findings,
                key,
                verdict="good" if good else "poor" if overall < _POOR else "mixed",
                skills=skills,
                cues=asked,
            ),
            key=key,
            mode=mode,
            scenario=scenario,
            keep=lifting(sensed, within=reply.text) if overall >= _POOR else "",
        )

    def _made(
        self,
        reply: Reply,
        shown: Appraisal,
        ruled: Sequence[Ruled],
        asked: Collection[Cue],
        *,
        skills: dict[Skill, int],
        overall: int,
        rationale: str,
        key: str,
        mode: Mode,
        scenario: Scenario | None,
        keep: str,
    ) -> Grade:
        better = ""
        if mode == "practice" and overall < _FINE:
            better = better_wording(
                reply.persona_text,
                cues(reply.persona_text, self.lexicon),
                weakest=_weakest(skills),
                keep=keep,
                kind=self.rubric.kind,
                index=reply.index,
                scenario=scenario,
                common=self.lexicon.common,
            )
        return Grade(
            overall=overall,
            skills=skills,
            rationale=rationale,
            evidence=_evidence(reply.index, shown, key),
            advice=advise(
                self.rubric,
                shown,
                {each.criterion.id: each.level for each in ruled},
                cues=cues(reply.persona_text, self.lexicon),
                index=reply.index,
                mode=mode,
                weakest=_weakest(skills) if key and overall < _GOOD else None,
            ),
            criteria=[self._level(each, shown, key) for each in ruled],
            better=better,
            grader=self._version(sensing=bool(key)),
        )

    def _level(self, ruled: Ruled, shown: Appraisal, key: str) -> CriterionLevel:
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

    def _skills(self, ruled: Sequence[Ruled], reply: Reply, found: Appraisal) -> dict[Skill, int]:
        scores: dict[Skill, list[int]] = {}
        for each in ruled:
            scores.setdefault(each.criterion.skill, []).append(self.rubric.score(each.level))
        # A pace alone tells nothing of a reply that gave no other chance.
        if ruled and (tone := judge_tone(reply.delivery(), found)):
            scores[Skill.TONE] = [tone.score]
        return {skill: mean_score(scores[skill]) for skill in Skill if skill in scores}

    def _version(self, *, sensing: bool) -> GraderVersion:
        with_sense = "+sense" if sensing else ""
        return GraderVersion(
            kind="local",
            model=f"rules-{self.lexicon.language}{with_sense}",
            version=f"{_VERSION}+rubric.{self.rubric.version}+lexicon.{self.lexicon.version}",
        )


def _also(found: Appraisal, asked: Collection[Cue]) -> list[Skill]:
    """Return the skills a reply gave a chance for by what was in it or asked of it."""
    also = []
    if Cue.DANGER in asked or found.has(Signal.SAFETY, Signal.THREAT):
        also.append(Skill.SAFETY)
    if set(asked) - _SETTLED:
        also.append(Skill.RESOLUTION)
    return also


def _weakest(skills: dict[Skill, int]) -> Skill:
    """Return the skill to work on: the lowest, listening first among equals; a wording cannot
    mend a voice."""
    order = [Skill.LISTENING, Skill.SAFETY, Skill.RESOLUTION, Skill.CALM, Skill.CLARITY]
    shown = [skill for skill in order if skill in skills]
    return min(shown, key=lambda skill: skills[skill], default=Skill.LISTENING)


def _as_said(found: Appraisal, reply: str) -> Appraisal:
    """Return the appraisal with its quotes taken from the reply, where nothing is blanked out."""
    return replace(
        found,
        findings=tuple(
            replace(each, quote=reply[each.start : each.start + len(each.quote)])
            for each in found.findings
        ),
    )


def _evidence(index: int, shown: Appraisal, key: str) -> list[Evidence]:
    """Return the telling words: the sentence that weighed most, then what was found by rule, the
    weightiest first, none of them within another."""
    kept = [each.quote for each in apart(telling(shown.findings))]
    quotes = [key, *(quote for quote in kept if quote not in key)] if key else kept
    return [Evidence(exchange=index, quote=quote) for quote in quotes[:_MOST_EVIDENCE]]


def _ungraded(code: str, message: str) -> Ungraded:
    return Ungraded(ungraded=Reason(code=code, message=message))
