"""A record leaves the disk only when the token server has it."""

from pathlib import Path

import httpx
import pytest

from agent.outbox import Outbox
from agent.protocol import SIGNATURE_HEADER, Record, verify

pytestmark = pytest.mark.unit

SECRET = "s" * 32


def record(revision: int = 1, encounter_id: str = "enc_1") -> Record:
    return Record(
        encounter_id=encounter_id,
        scenario_id="chest-pain-nurse",
        room_name=encounter_id,
        revision=revision,
        phase="active",
        turns=[],
    )


class Server:
    """A token server that answers with a script of statuses; the last one repeats."""

    def __init__(self, *statuses: int, meanwhile=lambda: None) -> None:
        self.statuses = list(statuses)
        self.meanwhile = meanwhile
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.meanwhile()
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status == 0:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(status)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url="http://test", transport=httpx.MockTransport(self))

    def revisions(self) -> list[int]:
        return [Record.model_validate_json(request.content).revision for request in self.requests]


def waiting(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


async def test_a_delivered_record_leaves_the_disk(tmp_path: Path):
    outbox, server = Outbox(tmp_path), Server(200)
    outbox.put(record())

    assert await outbox.deliver(server.client(), SECRET)

    assert waiting(tmp_path) == []


async def test_a_record_is_signed_as_it_is_sent(tmp_path: Path):
    outbox, server = Outbox(tmp_path), Server(200)
    outbox.put(record())

    await outbox.deliver(server.client(), SECRET)

    [request] = server.requests
    stamp = float(request.headers[SIGNATURE_HEADER].split(",")[0].removeprefix("t="))
    assert verify(
        request.headers[SIGNATURE_HEADER],
        request.content,
        path="/api/records/enc_1",
        secret=SECRET,
        now=stamp,
    )


@pytest.mark.parametrize("status", [0, 401, 500, 503])
async def test_a_record_that_was_not_taken_waits(tmp_path: Path, status: int):
    outbox, server = Outbox(tmp_path), Server(status, 200)
    outbox.put(record())

    assert not await outbox.deliver(server.client(), SECRET)
    assert waiting(tmp_path) == ["enc_1.json"]
    assert await outbox.deliver(server.client(), SECRET)

    assert waiting(tmp_path) == []


async def test_only_the_newest_revision_is_sent(tmp_path: Path):
    outbox, server = Outbox(tmp_path), Server(200)
    outbox.put(record(1))
    outbox.put(record(2))

    await outbox.deliver(server.client(), SECRET)

    assert server.revisions() == [2]


async def test_a_newer_record_written_during_a_failed_send_is_kept(tmp_path: Path):
    outbox = Outbox(tmp_path)
    server = Server(503, 200, meanwhile=lambda: outbox.put(record(2)))
    outbox.put(record(1))

    await outbox.deliver(server.client(), SECRET)
    server.meanwhile = lambda: None
    await outbox.deliver(server.client(), SECRET)

    assert server.revisions() == [1, 2]
    assert waiting(tmp_path) == []


async def test_a_record_left_by_a_killed_worker_is_sent_by_the_next(tmp_path: Path):
    Outbox(tmp_path).put(record())
    (tmp_path / "enc_1.json").rename(tmp_path / "enc_1.sending")
    server = Server(200)

    assert await Outbox(tmp_path).deliver(server.client(), SECRET)

    assert server.revisions() == [1]


async def test_a_record_of_a_deleted_encounter_is_dropped(tmp_path: Path):
    outbox, server = Outbox(tmp_path), Server(410)
    outbox.put(record())

    assert await outbox.deliver(server.client(), SECRET)

    assert waiting(tmp_path) == []


async def test_a_record_that_is_refused_is_set_aside_and_does_not_block_others(tmp_path: Path):
    outbox, server = Outbox(tmp_path), Server(422, 200)
    outbox.put(record(encounter_id="enc_1"))
    outbox.put(record(encounter_id="enc_2"))

    assert await outbox.deliver(server.client(), SECRET)

    assert waiting(tmp_path) == []
    assert waiting(tmp_path / "refused") == ["enc_1.json"]
