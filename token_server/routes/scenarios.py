"""What can be practised: the public part of every scenario, and never more."""

import structlog
from fastapi import APIRouter

from personas import PublicScenario
from token_server.admission import find_scenario
from token_server.parts import Use
from token_server.problems import RESPONSES

router = APIRouter(prefix="/api/scenarios", tags=["scenarios"])
log = structlog.get_logger(__name__)


@router.get("", summary="List what can be practised")
def list_scenarios(parts: Use) -> list[PublicScenario]:
    """The public card of every scenario that can be played, in order of id."""
    good, problems = parts.library.check()
    for problem in problems:
        log.warning("scenario_broken", problem=problem)
    return [scenario.public() for scenario in good]


@router.get("/{scenario_id}", summary="Read one card", responses={404: RESPONSES[404]})
def get_scenario(scenario_id: str, parts: Use) -> PublicScenario:
    """The public card of one scenario."""
    return find_scenario(parts.library, scenario_id, status=404).public()
