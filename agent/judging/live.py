"""Plays and judges one rehearsal with live models."""

from agent.judging.acted import ActedTalk
from agent.judging.acting import PROBES, act
from agent.judging.judge import Judge, Verdict
from agent.judging.openai_model import OpenAIModel, connected
from agent.rehearsal.trial import NAMES, rehearsal_of
from agent.role import Encoder
from personas.model import Scenario

TRAINEES = (*NAMES, "probes")
JUDGE_MODEL = "gpt-4.1"
"""Judges unless told otherwise: better than the model it judges."""
ACTOR_TEMPERATURE, ACTOR_TOKENS = 0.7, 120
"""As in a room."""


async def judge_live(
    scenario: Scenario,
    trainee: str,
    *,
    actor: str,
    judge: str,
    encoder: Encoder,
    api_key: str,
    base_url: str | None = None,
) -> tuple[ActedTalk, Verdict]:
    """Return the talk of one of `TRAINEES` with the actor, and the judge's verdict on it; both are
    names of models. Raises `JudgingError`."""
    async with connected(api_key, base_url) as client:
        talk = await act(
            scenario,
            replies_of(scenario, trainee),
            actor=OpenAIModel(
                client, actor, temperature=ACTOR_TEMPERATURE, most_tokens=ACTOR_TOKENS
            ),
            encoder=encoder,
        )
        return talk, await Judge(OpenAIModel(client, judge), name=judge).read(talk)


def replies_of(scenario: Scenario, trainee: str) -> tuple[str, ...]:
    """Return what a trainee says; `probes` begins well and then tries to break the role."""
    rehearsal = rehearsal_of(scenario)
    if trainee == "probes":
        return (*rehearsal.good[:2], *PROBES)
    replies: tuple[str, ...] = getattr(rehearsal, trainee)
    return replies
