"""Records and reports: only from workers of ours, the newest wins, the deleted stay deleted."""

import json
import time
from pathlib import Path

import pytest
from token_server_world import make_record, make_report, running

pytestmark = pytest.mark.unit


async def test_a_report_is_served_exactly_as_the_worker_wrote_it(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        one = (await world.start())["encounter_id"]
        report = {**make_report(one), "from_a_newer_worker": {"kept": 0.1}}
        kept = await world.put(make_record(one, revision=7, phase="ended", report=report), of=one)

        assert kept.status_code == 200
        assert kept.json() == {"encounter_id": one, "revision": 7, "status": "reported"}
        path = f"/api/encounters/{one}"
        assert (await world.client.get(f"{path}/report.json")).json() == report
        view = (await world.client.get(path)).json()
        assert (view["status"], view["overall"]) == ("reported", 71)
        assert view["ended_at"] is not None


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        pytest.param("*/*", "application/json", id="anything"),
        pytest.param("application/json, text/html", "application/json", id="either"),
        pytest.param("text/html,application/xhtml+xml,*/*;q=0.8", "text/html", id="browser"),
    ],
)
async def test_a_browser_gets_the_report_as_a_page_and_a_program_as_json(
    tmp_path: Path, accept: str, kind: str
) -> None:
    async with running(tmp_path) as world:
        one = (await world.start())["encounter_id"]
        await world.put(make_record(one, phase="ended", report=make_report(one)), of=one)

        answer = await world.client.get(f"/api/encounters/{one}/report", headers={"accept": accept})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        page = await world.client.get(f"/api/encounters/{one}/report.html")
        assert "Chest pain" in page.text
        assert "script-src" not in page.headers["content-security-policy"]
        assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_a_report_that_is_not_there_yet_is_404_with_the_state(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        one = (await world.start())["encounter_id"]
        for suffix in ("", ".json", ".html"):
            answer = await world.client.get(f"/api/encounters/{one}/report{suffix}")
            assert answer.status_code == 404
            assert answer.json()["code"] == "report_not_ready"
            assert answer.json()["status"] == "created"


async def test_only_the_highest_revision_is_kept(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        one = (await world.start())["encounter_id"]
        report = make_report(one)
        await world.put(make_record(one, revision=3, phase="ended", report=report), of=one)
        for revision in (3, 2):
            late = await world.put(make_record(one, revision=revision), of=one)
            assert late.status_code == 200
            assert late.json() == {"encounter_id": one, "revision": 3, "status": "reported"}

        assert (await world.client.get(f"/api/encounters/{one}/report.json")).json() == report


async def test_what_has_ended_stays_ended(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        one = (await world.start())["encounter_id"]
        ended = await world.put(make_record(one, phase="ended"), of=one)
        assert ended.json()["status"] == "ended"

        again = await world.put(make_record(one, revision=2, phase="active"), of=one)
        assert again.json() == {"encounter_id": one, "revision": 2, "status": "ended"}


async def test_an_encounter_of_a_stock_client_gets_its_row_from_the_record(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as world:
        kept = await world.put(make_record("my room"), of="my%20room")

        assert kept.status_code == 200
        (row,) = (await world.client.get("/api/encounters")).json()
        assert (row["encounter_id"], row["status"]) == ("my room", "active")
        assert row["title"] == "Chest pain in the emergency department"


async def test_a_deleted_encounter_stays_deleted(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        one = (await world.start())["encounter_id"]
        await world.client.delete(f"/api/encounters/{one}")

        answer = await world.put(make_record(one), of=one)

        assert (answer.status_code, answer.json()["code"]) == (410, "encounter_erased")
        assert (await world.client.get("/api/encounters")).json() == []


@pytest.mark.parametrize(
    ("how", "code"),
    [
        pytest.param({"secret": "another secret"}, "signature_wrong", id="another secret"),
        pytest.param({"at": time.time() - 400}, "signature_wrong", id="too old"),
        pytest.param({"signature": ""}, "signature_wrong", id="empty"),
        pytest.param({"signature": "t=1,v1=x"}, "signature_wrong", id="nonsense"),
    ],
)
async def test_a_record_nobody_of_ours_signed_is_refused_before_it_is_read(
    tmp_path: Path, how: dict[str, object], code: str
) -> None:
    async with running(tmp_path) as world:
        answer = await world.put(b"not even JSON", of="x", **how)
        assert (answer.status_code, answer.json()["code"]) == (401, code)

        bare = await world.client.put("/api/records/x", content=b"{}")
        assert (bare.status_code, bare.json()["code"]) == (401, "signature_missing")
        assert "X-Interlocutor-Signature" in bare.json()["message"]


async def test_a_signature_holds_for_one_path_only(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        body = json.dumps(make_record("a")).encode()
        signed = await world.put(body, of="a")
        header = signed.request.headers["X-Interlocutor-Signature"]

        moved = await world.put(body, of="b", signature=header)
        assert moved.status_code == 401


async def test_a_record_that_makes_no_sense_is_refused_naming_the_field(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        wrong = await world.put(make_record("a", revision=0), of="a")
        assert (wrong.status_code, wrong.json()["code"]) == (422, "record_invalid")
        assert wrong.json()["message"].startswith("revision: ")

        other = await world.put(make_record("a"), of="b")
        assert (other.status_code, other.json()["code"]) == (422, "record_misaddressed")


async def test_a_record_over_4_mb_is_refused_and_one_below_is_kept(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        large = make_record("a")
        large["turns"][0]["text"] = "x" * (4 * 1024 * 1024)
        refused = await world.put(large, of="a")
        assert (refused.status_code, refused.json()["code"]) == (413, "too_large")

        large["turns"][0]["text"] = "x" * (3 * 1024 * 1024)
        assert (await world.put(large, of="a")).status_code == 200
