"""Graders by kind of persona, outside an encounter: for files of replies and for calibration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.assessment.grader import Grader
from agent.assessment.local_grader import LocalGrader
from agent.assessment.rubric import load_rubric
from agent.encounter import Reply
from agent.mind.lexicon import load_lexicon
from agent.protocol import Grade, Ungraded
from agent.rehearsal.encoder import PackagedEncoder, PackagedReader
from agent.role import Encoder
from agent.settings import Settings
from personas.library import Library, ScenarioError

Kind = Literal["patient", "subject"]
RUBRICS: Mapping[Kind, str] = {"patient": "clinical-communication", "subject": "de-escalation"}
_LANGUAGE = "en"


class NoGrader(Exception):
    """The grader asked for cannot be had."""


class Spoken(BaseModel):
    """One reply of a file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str | int
    kind: Kind
    scenario_id: str | None = None
    persona_line: str
    reply: str


@dataclass(frozen=True, slots=True)
class Bench:
    """One grader for each kind of persona."""

    graders: Mapping[Kind, Grader]
    library: Library = field(default_factory=Library)

    async def grade(self, spoken: Spoken) -> Grade | Ungraded:
        """Return the grade of a reply as if typed in the middle of a talk; to no line, as the
        first. A scenario nobody knows is done without."""
        try:
            known = self.library.get(spoken.scenario_id) if spoken.scenario_id else None
        except ScenarioError:
            known = None
        reply = Reply(
            index=1 if spoken.persona_line else 0,
            persona_text=spoken.persona_line,
            persona_ended_s=None,
            text=spoken.reply,
            started_s=0.0,
            ended_s=0.0,
            spoken=False,
        )
        return await self.graders[spoken.kind].grade(reply, scenario=known)


def local_bench(encoder: Encoder | None, reader: Encoder | None = None) -> Bench:
    """Return the graders of this machine; without encoder and reader by rules alone."""
    lexicon = load_lexicon(_LANGUAGE)
    return Bench(
        {
            kind: LocalGrader(load_rubric(name), lexicon, encoder, reader)
            for kind, name in RUBRICS.items()
        }
    )


def packaged_bench(data_dir: Path) -> Bench:
    """Return the graders of this machine with the packaged models; raises `ModelMissing`."""
    return local_bench(PackagedEncoder(data_dir), PackagedReader(data_dir))


def llm_bench(settings: Settings) -> Bench:
    """Return graders that ask a language model; raises `NoGrader` without a key."""
    if settings.openai_api_key is None:
        raise NoGrader("no key for a language model: set OPENAI_API_KEY, or use --grader local")
    # Only those who have a key need the client.
    from openai import AsyncOpenAI

    from agent.assessment.llm.grader import LLMGrader

    client = AsyncOpenAI(
        api_key=settings.openai_api_key.get_secret_value(), base_url=settings.openai_base_url
    )
    model = settings.grader_model or settings.mind_model
    lexicon = load_lexicon(_LANGUAGE)
    return Bench(
        {
            kind: LLMGrader(
                client, model, load_rubric(name), lexicon, timeout_s=settings.grader_timeout_s
            )
            for kind, name in RUBRICS.items()
        }
    )
