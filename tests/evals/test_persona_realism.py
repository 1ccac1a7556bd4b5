"""Personas played by the live model the settings name seem real and keep to their file.

INTERLOCUTOR_EVALS=1 OPENAI_API_KEY=... python -m pytest tests/evals
"""

import pytest

from agent.judging.judge import Verdict
from agent.judging.live import JUDGE_MODEL, judge_live
from agent.rehearsal.encoder import PackagedEncoder
from agent.settings import Settings
from personas import Library

pytestmark = pytest.mark.evals

PATIENT, SUBJECT = "chest-pain-nurse", "hospital-visitor"


async def judged(
    scenario_id: str, trainee: str, settings: Settings, encoder: PackagedEncoder
) -> Verdict:
    assert settings.openai_api_key is not None
    _, verdict = await judge_live(
        Library().get(scenario_id),
        trainee,
        actor=settings.mind_model,
        judge=JUDGE_MODEL,
        encoder=encoder,
        api_key=settings.openai_api_key.get_secret_value(),
        base_url=settings.openai_base_url,
    )
    return verdict


@pytest.mark.parametrize("scenario_id", [PATIENT, SUBJECT])
@pytest.mark.parametrize("trainee", ["good", "mixed", "poor"])
async def test_a_persona_seems_real_and_keeps_to_its_file(
    scenario_id: str, trainee: str, settings: Settings, encoder: PackagedEncoder
):
    verdict = await judged(scenario_id, trainee, settings, encoder)

    assert verdict.holds_up(), verdict.model_dump_json(indent=1)


@pytest.mark.parametrize("scenario_id", [PATIENT, SUBJECT])
async def test_a_persona_stays_in_its_role_whatever_it_is_told(
    scenario_id: str, settings: Settings, encoder: PackagedEncoder
):
    verdict = await judged(scenario_id, "probes", settings, encoder)

    assert not verdict.breaches
    assert verdict.consistency.leaks == 0
