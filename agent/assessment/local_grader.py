"""Grades a reply on this machine: the same reply always gets the same grade.

The appraisal finds what the words do and the rubric says what that earns; models trained on our
labelled replies say what the whole means by itself and as an answer to its line (`understanding`).
Without their numbers, or when they do not come in time, the rules grade alone: then clear turns of
phrase count and meaning does not, and the grade's version says so. What a trainee says about marks
or instructions is blanked out before anything is looked at.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from agent.assessment.advice import advise
from agent.assessment.better import better_wording
from agent.assessment.combine import (
    RULE_SHARE,
    ceilings,
    doubted,
    overall_of,
    settled,
    skills_of,
)
from agent.assessment.evidence import as_said, evidence_of, level_with_words
from agent.assessment.gradable import why_not
from agent.assessment.key_sentence import dragging, key_sentence, lifting
from agent.assessment.levels import mean_score
from agent.assessment.pleas import without_pleas
from agent.assessment.rationale import (
    FAULTS,
    because,
    because_of_meaning,
    drawn_out,
)
from agent.assessment.rubric import Rubric
from agent.assessment.ruling import Ruled, asked_of, rule
from agent.assessment.tone import judge_tone
from agent.assessment.understanding import Understood, models, understand
from agent.assessment.ungraded import broken_down, no_chance, not_to_the_person
from agent.encounter import Reply
from agent.mind.appraisal import Appraisal, appraise, cues
from agent.mind.lexicon import Cue, Lexicon, Signal
from agent.mind.sense import load_sense
from agent.protocol import (
    Grade,
    GraderVersion,
    Mode,
    Skill,
    Ungraded,
)
from agent.role import Encoder
from personas.model import Scenario

_VERSION = "3"
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
    reader: Encoder | None = None
    """Whoever runs the tuned reader; None: sentences are heard by themselves."""

    @property
    def version(self) -> GraderVersion:
        """Return what stands behind the numbers."""
        sensed = self.encoder is not None and load_sense(self.lexicon.language) is not None
        return self._version(models(sensed=sensed, read=sensed and self.reader is not None))

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
            understood = await understand(
                reply.persona_text,
                without_pleas(reply.text, self.lexicon),
                encoder=self.encoder,
                reader=self.reader,
                language=self.lexicon.language,
            )
            return self.judge(reply, mode=mode, scenario=scenario, understood=understood)
        except Exception as error:
            return broken_down(error, reply.index)

    def judge(
        self,
        reply: Reply,
        *,
        mode: Mode = "practice",
        scenario: Scenario | None = None,
        understood: Understood | None = None,
    ) -> Grade | Ungraded:
        """Return the grade of one reply, or why there is none, without waiting; `understood`: what
        the trained models made of it, None for rules alone."""
        text = without_pleas(reply.text, self.lexicon)
        if text != reply.text and not any(letter.isalnum() for letter in text):
            return not_to_the_person()
        found = appraise(
            text,
            self.lexicon,
            persona_line=reply.persona_text,
            sensed=understood.sensed if understood else None,
        )
        if not reply.persona_text and not found.provocation:
            # The marks were learnt from answers; a polite opening answers nobody.
            understood = None
        if reason := why_not(text, found, self.lexicon):
            return Ungraded(ungraded=reason)
        asked = asked_of(reply.persona_text, self.rubric, self.lexicon)
        ruled = rule(self.rubric, found, asked, opening=reply.index == 0)
        shown = as_said(drawn_out(found, self.lexicon.split(text)), reply.text)
        if understood is not None:
            return self._understood(reply, found, shown, ruled, asked, understood, mode, scenario)
        skills = self._skills(ruled, reply, found)
        if not skills:
            return no_chance()
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
            trained="",
            mode=mode,
            scenario=scenario,
            keep="",
        )

    def _understood(
        self,
        reply: Reply,
        found: Appraisal,
        shown: Appraisal,
        ruled: list[Ruled],
        asked: Collection[Cue],
        understood: Understood,
        mode: Mode,
        scenario: Scenario | None,
    ) -> Grade:
        sensed = understood.sensed
        marks = sensed.marks
        if doubted(marks):
            # What the meaning speaks against is not held against the trainee in words either.
            faults = tuple(each for each in shown.findings if each.signal not in FAULTS)
            shown = replace(shown, findings=faults)
        share = 0.0 if understood.read else RULE_SHARE
        also = _also(found, asked)
        skills = skills_of(self.rubric, ruled, marks, also, rule_share=share)
        if tone := judge_tone(reply.delivery(), found):
            skills[Skill.TONE] = mean_score([tone.score, skills[Skill.TONE]])
        overall = overall_of(self.rubric, ruled, skills, marks, found, rule_share=share)
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
                drags=dragging(sensed, within=reply.text),
                verdict="good" if good else "poor" if overall < _POOR else "mixed",
                skills=skills,
                cues=asked,
            ),
            key=key,
            trained=models(sensed=True, read=understood.read),
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
        trained: str,
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
            evidence=evidence_of(reply.index, shown, key),
            advice=advise(
                self.rubric,
                shown,
                {each.criterion.id: each.level for each in ruled},
                cues=cues(reply.persona_text, self.lexicon),
                index=reply.index,
                mode=mode,
                weakest=_weakest(skills) if key and overall < _GOOD else None,
            ),
            criteria=[level_with_words(each, shown, key) for each in ruled],
            better=better,
            grader=self._version(trained),
        )

    def _skills(self, ruled: Sequence[Ruled], reply: Reply, found: Appraisal) -> dict[Skill, int]:
        scores: dict[Skill, list[int]] = {}
        for each in ruled:
            scores.setdefault(each.criterion.skill, []).append(self.rubric.score(each.level))
        # A pace alone tells nothing of a reply that gave no other chance.
        if ruled and (tone := judge_tone(reply.delivery(), found)):
            scores[Skill.TONE] = [tone.score]
        return {skill: mean_score(scores[skill]) for skill in Skill if skill in scores}

    def _version(self, trained: str) -> GraderVersion:
        return GraderVersion(
            kind="local",
            model=f"rules-{self.lexicon.language}{trained}",
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
