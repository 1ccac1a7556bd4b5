"""Grades a reply by a language model, and takes from it only what can be held against the reply.

The model says which level each criterion reached and by which words. Whether those words were
said, what the levels are worth and what cannot be judged at all are decided here, by the same
rules as for the local grader.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from openai import AsyncOpenAI

from agent.assessment.gradable import why_not
from agent.assessment.llm.answer import Answer, read_answer, schema_of
from agent.assessment.llm.endpoint import Endpoint, Usage
from agent.assessment.llm.evidence import Checked, check, evidence_of
from agent.assessment.llm.fault import Fault, GradingFailed
from agent.assessment.llm.marks import overall_of, skills_of
from agent.assessment.llm.prompt import load_prompt, messages, plain
from agent.assessment.pleas import without_pleas
from agent.assessment.rubric import Rubric
from agent.assessment.ungraded import broken_down, no_chance, not_to_the_person
from agent.encounter import Reply
from agent.mind.appraisal import Appraisal, appraise
from agent.mind.lexicon import Lexicon
from agent.protocol import Grade, GraderVersion, Mode, Reason, Ungraded
from personas.model import Scenario

log = structlog.get_logger(__name__)

TIMEOUT_S = 8.0
"""Longest wait for one answer, unless set otherwise."""
_BUDGET = 2
"""Time limits that all tries for one reply may take together."""
_SEED = 7
_MOST_TOKENS = 3000
_AGAIN = (Fault.MALFORMED.value, Fault.TRUNCATED.value)
"""Faults after which the model is asked once more, with the next seed and more room."""


class LLMGrader:
    """Grades the replies of one encounter by one rubric."""

    def __init__(
        self,
        client: AsyncOpenAI,
        model: str,
        rubric: Rubric,
        lexicon: Lexicon,
        *,
        timeout_s: float = TIMEOUT_S,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.rubric = rubric
        self.lexicon = lexicon
        self._prompt = load_prompt()
        self._schema = schema_of(rubric)
        self._budget_s = timeout_s * _BUDGET
        self._endpoint = Endpoint(client, model, timeout_s=timeout_s, sleep=sleep)
        self._stopped: Reason | None = None
        """Why nothing more is asked in this encounter."""

    @property
    def version(self) -> GraderVersion:
        """Return what stands behind the numbers."""
        parts = (
            f"prompt.{self._prompt.version}",
            f"rubric.{self.rubric.version}",
            f"lexicon.{self.lexicon.version}",
        )
        return GraderVersion(kind="llm", model=self._endpoint.model, version="+".join(parts))

    @property
    def usage(self) -> Usage:
        """Return the requests and tokens used so far in this encounter."""
        return self._endpoint.usage

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
            return await self._grade(reply, previous, scenario, mode)
        except GradingFailed as failed:
            if failed.for_good and self._stopped is None:
                self._stopped = failed.reason
                log.error("grading_stopped", code=failed.reason.code, reason=failed.reason.message)
            log.warning("grading_failed", exchange=reply.index, code=failed.reason.code)
            return Ungraded(ungraded=failed.reason)
        except Exception as error:
            return broken_down(error, reply.index)

    async def _grade(
        self, reply: Reply, previous: Sequence[Reply], scenario: Scenario | None, mode: Mode
    ) -> Grade | Ungraded:
        normal = plain(reply.text)
        seen = without_pleas(normal, self.lexicon)
        if seen != normal and not any(letter.isalnum() for letter in seen):
            return not_to_the_person()
        found = appraise(seen, self.lexicon, persona_line=reply.persona_text)
        if reason := why_not(seen, found, self.lexicon):
            return Ungraded(ungraded=reason)
        answer = await self._ask(reply, previous, scenario)
        checked = check(answer, self.rubric, reply=reply.text, seen=seen)
        if checked.left_out:
            log.warning("verdicts_left_out", exchange=reply.index, criteria=dict(checked.left_out))
        if len(checked.left_out) > len(checked.levels):
            raise GradingFailed(Fault.EVIDENCE, "the grader's evidence was not in the reply")
        if not checked.levels:
            return no_chance()
        return self._made(reply, answer, checked, found, mode)

    async def _ask(
        self, reply: Reply, previous: Sequence[Reply], scenario: Scenario | None
    ) -> Answer:
        if self._stopped is not None:
            raise GradingFailed(Fault(self._stopped.code), self._stopped.message, for_good=True)
        # Reading through six exchanges takes longer than speech should wait.
        asked = await asyncio.to_thread(
            messages, reply, self.rubric, self.lexicon, previous=previous, scenario=scenario
        )
        until = asyncio.get_running_loop().time() + self._budget_s
        for again in (0, 1):
            try:
                said = await self._endpoint.ask(
                    asked,
                    schema=self._schema,
                    seed=_SEED + again,
                    most_tokens=_MOST_TOKENS * (1 + again),
                    until=until,
                )
                return read_answer(said)
            except GradingFailed as failed:
                if again or failed.reason.code not in _AGAIN:
                    raise
        raise AssertionError("unreachable: the second try returns or raises")

    def _made(
        self, reply: Reply, answer: Answer, checked: Checked, found: Appraisal, mode: Mode
    ) -> Grade:
        skills = skills_of(self.rubric, checked.levels, reply.delivery(), found)
        return Grade(
            overall=overall_of(self.rubric, skills, found),
            skills=skills,
            rationale=answer.why,
            evidence=evidence_of(reply.index, checked.levels),
            advice=answer.advice,
            better="" if mode == "exam" else answer.better,
            criteria=checked.levels,
            grader=self.version,
        )
