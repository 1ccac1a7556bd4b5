"""Starting, seeing and deleting encounters over HTTP."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import jwt
import pytest
from token_server_world import SECRET, make_record, make_report, running

from token_server.rooms import LiveKitRefused, LiveKitUnreachable

pytestmark = pytest.mark.unit


def claims_of(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, SECRET, algorithms=["HS256"])
    return claims


def files_with(words: bytes, folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if words in path.read_bytes()]


async def test_an_encounter_has_its_room_and_its_persona_called_before_the_answer(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as world:
        made = await world.start(trainee_name=" Ann ", mode="exam")

        assert made["room_name"] == f"enc_{made['encounter_id']}"
        assert made["server_url"] == "ws://127.0.0.1:18299"
        assert made["card"]["title"]
        request = {"scenario_id": "chest-pain-nurse", "mode": "exam"}
        assert world.rooms.calls == [
            (made["room_name"], {"encounter_id": made["encounter_id"], **request})
        ]
        view = (await world.client.get(f"/api/encounters/{made['encounter_id']}")).json()
        assert view["trainee_name"] == "Ann"
        assert (view["status"], view["message"], view["attempts"]) == ("created", "", 1)
        assert view["created_at"].endswith("Z")


async def test_the_token_opens_one_room_for_ten_minutes_with_a_microphone_only(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as world:
        made = await world.start(trainee_name="Ann")

        claims = claims_of(made["participant_token"])
        assert claims["video"] == {
            "roomJoin": True,
            "room": made["room_name"],
            "canPublish": True,
            "canSubscribe": True,
            "canPublishData": True,
            "canPublishSources": ["microphone"],
            "canUpdateOwnMetadata": False,
        }
        assert str(claims["sub"]).startswith("trainee-")
        assert claims["name"] == "Ann"
        assert claims["exp"] - claims["nbf"] == 600  # type: ignore[operator]
        expires_at = datetime.fromisoformat(made["expires_at"])
        assert abs(expires_at.timestamp() - float(claims["exp"])) <= 1  # type: ignore[arg-type]
        (agent,) = claims["roomConfig"]["agents"]  # type: ignore[index]
        assert agent["agentName"] == "interlocutor"
        assert set(claims["roomConfig"]) == {"agents"}  # type: ignore[call-overload]


async def test_clients_are_sent_to_the_public_address_of_livekit(tmp_path: Path) -> None:
    async with running(tmp_path, livekit_public_url="https://talk.example") as world:
        assert (await world.start())["server_url"] == "wss://talk.example"


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        pytest.param(
            {"scenario_id": "nope"},
            "scenario_unknown",
            "scenario_id: no scenario named 'nope'; known: anxious-parent-fever",
            id="unknown scenario",
        ),
        pytest.param({}, "invalid_request", "scenario_id: is missing", id="no scenario"),
        pytest.param(
            {"scenario_id": "chest-pain-nurse", "room_name": "mine"},
            "invalid_request",
            "room_name: is not a known field",
            id="unknown field",
        ),
        pytest.param(
            {"scenario_id": "chest-pain-nurse", "mode": "fun"},
            "invalid_request",
            "mode: input should be 'practice' or 'exam'",
            id="unknown mode",
        ),
        pytest.param(
            {"scenario_id": "chest-pain-nurse", "trainee_name": "x" * 81},
            "invalid_request",
            "trainee_name: string should have at most 80 characters",
            id="long name",
        ),
        pytest.param([], "invalid_request", "body: ", id="not an object"),
    ],
)
async def test_an_impossible_wish_is_refused_naming_the_field(
    tmp_path: Path, body: object, code: str, message: str
) -> None:
    async with running(tmp_path) as world:
        answer = await world.client.post("/api/encounters", json=body)

        assert answer.status_code == 422
        assert answer.json()["code"] == code
        assert answer.json()["message"].startswith(message)
        assert world.rooms.calls == []


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        pytest.param(
            LiveKitUnreachable("ws://x:1", "no connection"),
            "livekit_unreachable",
            "the LiveKit server at 'ws://x:1' cannot be reached",
            id="unreachable",
        ),
        pytest.param(
            LiveKitRefused("ws://x:1"),
            "livekit_refused",
            "check that LIVEKIT_API_KEY and LIVEKIT_API_SECRET",
            id="wrong keys",
        ),
    ],
)
@pytest.mark.parametrize("when", ["fails", "fails_to_call"])
async def test_without_livekit_nothing_is_created_and_the_answer_says_why(
    tmp_path: Path, error: LiveKitUnreachable, code: str, words: str, when: str
) -> None:
    async with running(tmp_path) as world:
        setattr(world.rooms, when, error)
        answer = await world.client.post(
            "/api/encounters", json={"scenario_id": "chest-pain-nurse"}
        )

        assert answer.status_code == 503
        assert answer.json()["code"] == code
        assert words in answer.json()["message"]
        assert answer.headers["retry-after"] == "5"
        assert (await world.client.get("/api/encounters")).json() == []
        setattr(world.rooms, when, None)
        assert world.rooms.views == {} or when == "fails"
        assert (await world.client.get("/readyz")).status_code == 200


async def test_a_database_that_cannot_be_written_is_said_and_no_room_is_made(
    tmp_path: Path,
) -> None:
    address = f"sqlite+aiosqlite:///{tmp_path / 'db.sqlite'}"
    async with running(tmp_path, database_url=address) as world:
        await world.start()
        before = dict(world.rooms.views)
        blocker = sqlite3.connect(tmp_path / "db.sqlite")
        blocker.execute(
            "CREATE TRIGGER full BEFORE INSERT ON encounters "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        blocker.execute(
            "CREATE TRIGGER full2 BEFORE INSERT ON erased "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        blocker.close()

        answer = await world.client.post(
            "/api/encounters", json={"scenario_id": "chest-pain-nurse"}
        )

        assert answer.status_code == 503
        assert answer.json()["code"] == "store_unwritable"
        assert "DATABASE_URL" in answer.json()["message"]
        assert "Maria" not in answer.text
        assert world.rooms.views == before
        ready = await world.client.get("/readyz")
        assert (ready.status_code, ready.json()["code"]) == (503, "store_unwritable")


async def test_a_database_that_cannot_be_read_is_said_too(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        blocker = sqlite3.connect(tmp_path / "interlocutor.db")
        blocker.execute("ALTER TABLE encounters RENAME TO lost")
        blocker.close()

        answer = await world.client.get("/api/encounters")
        assert (answer.status_code, answer.json()["code"]) == (503, "store_unwritable")
        assert "no such table" in answer.json()["message"]


async def test_the_history_is_newest_first_and_comes_in_pages(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        made = [(await world.start())["encounter_id"] for _ in range(3)]

        everything = (await world.client.get("/api/encounters")).json()
        assert [each["encounter_id"] for each in everything] == made[::-1]
        page = (await world.client.get("/api/encounters?limit=1&offset=1")).json()
        assert [each["encounter_id"] for each in page] == [made[1]]
        wrong = await world.client.get("/api/encounters?limit=0")
        assert wrong.status_code == 422
        assert wrong.json()["message"].startswith("limit: ")


async def test_deleting_ends_the_room_and_erases_every_word(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        made = await world.start(trainee_name="Zebedee")
        one = made["encounter_id"]
        words = [
            {"id": "1", "speaker": "trainee", "text": "quixotic", "started_s": 0, "ended_s": 1}
        ]
        record = make_record(one, turns=words, phase="ended", report=make_report(one))
        await world.put(record, of=one)
        assert files_with(b"quixotic", tmp_path)

        assert (await world.client.delete(f"/api/encounters/{one}")).status_code == 204

        assert world.rooms.ended == [made["room_name"]]
        for path in (f"/api/encounters/{one}", f"/api/encounters/{one}/report.json"):
            gone = await world.client.get(path)
            assert (gone.status_code, gone.json()["code"]) == (404, "encounter_unknown")
        assert (await world.client.delete(f"/api/encounters/{one}")).status_code == 404
        assert (await world.client.get("/api/encounters")).json() == []
        assert files_with(b"quixotic", tmp_path) == []
        assert files_with(b"Zebedee", tmp_path) == []


async def test_an_open_encounter_is_not_erased_while_its_room_cannot_be_ended(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as world:
        one = (await world.start())["encounter_id"]
        over = (await world.start())["encounter_id"]
        await world.put(make_record(over, phase="ended"), of=over)
        world.rooms.fails = LiveKitUnreachable("ws://x:1", "no connection")

        refused = await world.client.delete(f"/api/encounters/{one}")
        assert (refused.status_code, refused.json()["code"]) == (503, "livekit_unreachable")
        assert (await world.client.get(f"/api/encounters/{one}")).status_code == 200
        assert (await world.client.delete(f"/api/encounters/{over}")).status_code == 204


async def test_scenarios_show_their_card_and_nothing_secret(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        listed = (await world.client.get("/api/scenarios")).json()
        one = (await world.client.get("/api/scenarios/chest-pain-nurse")).json()

        assert one in listed
        for each in listed:
            assert set(each) == {"id", "kind", "difficulty", "language", "card"}
        unknown = await world.client.get("/api/scenarios/nope")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "scenario_unknown")


async def test_a_broken_scenario_file_is_named_but_not_quoted(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "broken.yaml").write_text("id: broken\nkind: patient\nsecret: the butler\n")
    async with running(tmp_path, scenarios_dir=own) as world:
        answer = await world.client.post("/api/encounters", json={"scenario_id": "broken"})

        assert answer.status_code == 500
        assert answer.json()["code"] == "scenario_invalid"
        assert "'broken'" in answer.json()["message"]
        assert "butler" not in answer.text
        listed = (await world.client.get("/api/scenarios")).json()
        assert "broken" not in [each["id"] for each in listed]


async def test_a_token_of_one_encounter_is_valid_from_now(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        first, second = await world.start(), await world.start()

        assert first["encounter_id"] != second["encounter_id"]
        subjects = {claims_of(each["participant_token"])["sub"] for each in (first, second)}
        assert len(subjects) == 2
        lasts = datetime.fromisoformat(first["expires_at"]) - datetime.now().astimezone()
        assert timedelta(minutes=9) < lasts <= timedelta(minutes=10)
