"""Chooses who grades an encounter: this machine, or a language model with this machine behind."""

from openai import AsyncOpenAI

from agent.assessment.grader import Grader
from agent.assessment.llm.fallback import with_fallback
from agent.assessment.llm.grader import LLMGrader
from agent.assessment.local_grader import LocalGrader
from agent.assessment.rubric import Rubric
from agent.mind.lexicon import Lexicon
from agent.role import Encoder
from agent.settings import Settings


def choose_grader(
    settings: Settings,
    rubric: Rubric,
    lexicon: Lexicon,
    encoder: Encoder | None = None,
    reader: Encoder | None = None,
) -> Grader:
    """Return the grader the settings ask for. A language model that fails is stood in for by the
    local grader, reply by reply, and the report says so. `encoder`, `reader`: for the local one."""
    local = LocalGrader(rubric, lexicon, encoder, reader)
    model = settings.grading_model()
    if model is None or settings.openai_api_key is None:
        return local
    client = AsyncOpenAI(
        api_key=settings.openai_api_key.get_secret_value(), base_url=settings.openai_base_url
    )
    return with_fallback(
        LLMGrader(client, model, rubric, lexicon, timeout_s=settings.grader_timeout_s), local
    )
