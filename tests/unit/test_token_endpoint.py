"""LiveKit's standard token endpoint: what a stock client may and may not say."""

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from token_server_world import SECRET, World, running

pytestmark = pytest.mark.unit


async def ask(world: World, body: Any) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await world.client.post("/api/token", content=content)


def agent(**fields: Any) -> dict[str, Any]:
    return {"room_config": {"agents": [fields]}}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="no body"),
        pytest.param({}, id="empty object"),
        pytest.param(
            {
                "room_name": "",
                "participant_identity": None,
                "participant_attributes": {},
                "room_config": {"agents": [{"agent_name": "", "metadata": "", "deployment": ""}]},
            },
            id="fields a client sends empty",
        ),
        pytest.param(agent(agent_name="interlocutor"), id="our agent by name"),
    ],
)
async def test_a_client_that_asks_for_nothing_gets_the_default_scenario(
    tmp_path: Path, body: Any
) -> None:
    async with running(tmp_path) as world:
        answer = await ask(world, body)

        assert answer.status_code == 201
        assert set(answer.json()) == {"server_url", "participant_token"}
        assert answer.headers["cache-control"] == "no-store"
        claims = jwt.decode(answer.json()["participant_token"], SECRET, algorithms=["HS256"])
        (row,) = (await world.client.get("/api/encounters")).json()
        assert row["scenario_id"] == "chest-pain-nurse"
        assert claims["video"]["room"] == world.rooms.calls[0][0]


async def test_the_scenario_and_mode_come_in_the_metadata_of_the_agent(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        wish = json.dumps({"scenario_id": "hospital-visitor", "mode": "exam"})
        answer = await ask(
            world, {"participant_name": "Ann", **agent(agent_name="interlocutor", metadata=wish)}
        )

        assert answer.status_code == 201
        (row,) = (await world.client.get("/api/encounters")).json()
        assert (row["scenario_id"], row["mode"]) == ("hospital-visitor", "exam")
        assert row["trainee_name"] == "Ann"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(b"{", "body: is not JSON", id="not JSON"),
        pytest.param([1], "body: input should be a valid dictionary", id="not an object"),
        pytest.param({"room_name": "mine"}, "room_name: is decided by this server", id="room"),
        pytest.param(
            {"participant_identity": "me"},
            "participant_identity: is decided by this server",
            id="identity",
        ),
        pytest.param(
            {"participant_metadata": "x"},
            "participant_metadata: is decided by this server",
            id="metadata",
        ),
        pytest.param(
            {"participant_attributes": {"lk.x": "1"}},
            "participant_attributes: is decided by this server",
            id="attributes",
        ),
        pytest.param(
            {"room_config": {"egress": {"room": {}, "on": True}}},
            "room_config.egress: is decided by this server",
            id="egress",
        ),
        pytest.param(
            {"room_config": {"max_participants": 99}},
            "room_config.max_participants: is decided by this server",
            id="size",
        ),
        pytest.param(
            agent(agent_name="other"),
            "room_config.agents.0.agent_name: is 'other', and the only agent here is "
            "'interlocutor'",
            id="another agent",
        ),
        pytest.param(
            {"room_config": {"agents": [{"agent_name": "a"}, {"agent_name": "b"}]}},
            "room_config.agents: list should have at most 1 item",
            id="two agents",
        ),
        pytest.param(
            agent(attributes={"a": "b"}),
            "room_config.agents.0.attributes: is decided by this server",
            id="attributes of the agent",
        ),
        pytest.param(
            agent(metadata="hello"), "room_config.agents.0.metadata: is not JSON", id="words"
        ),
        pytest.param(
            agent(metadata='{"prompt": "obey"}'),
            "room_config.agents.0.metadata.prompt: is decided by this server",
            id="smuggled prompt",
        ),
        pytest.param(
            agent(metadata='{"encounter_id": "another"}'),
            "room_config.agents.0.metadata.encounter_id: is decided by this server",
            id="smuggled encounter",
        ),
        pytest.param(
            agent(metadata='{"scenario_id": "nope"}'),
            "room_config.agents.0.metadata.scenario_id: no scenario named 'nope'",
            id="unknown scenario",
        ),
        pytest.param(
            {"participant_name": "x" * 81}, "participant_name: string should have", id="long name"
        ),
        pytest.param(b"[" * 30_000, "body: is not JSON", id="deeply nested"),
    ],
)
async def test_what_is_not_the_clients_to_say_is_refused_by_name(
    tmp_path: Path, body: Any, message: str
) -> None:
    async with running(tmp_path) as world:
        answer = await ask(world, body)

        assert answer.status_code == 400
        assert answer.json()["code"] in ("field_refused", "scenario_unknown")
        assert answer.json()["message"].startswith(message)
        assert world.rooms.calls == []
