"""Records reach the token server, or wait on disk until they do.

A job only writes its record to a file, whole and atomically; the worker's main process carries the
files over. So a record survives the death of the job, of the worker, and of the token server.
"""

import asyncio
import os
import time
from pathlib import Path

import httpx
import structlog

from agent.protocol import SIGNATURE_HEADER, Record, sign

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.25
LONGEST_WAIT_S = 30.0
"""Pause after repeated failures."""


class Outbox:
    """A folder of records on their way, one file for each encounter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._refused = folder / "refused"
        self._refused.mkdir(parents=True, exist_ok=True)

    def put(self, record: Record) -> None:
        """Write a record, replacing an earlier one of the same encounter; blocks on the disk."""
        path = self._folder / f"{record.encounter_id}.json"
        draft = path.with_suffix(f".{os.getpid()}.draft")
        with draft.open("wb") as file:
            file.write(record.model_dump_json().encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    async def deliver(self, http: httpx.AsyncClient, secret: str) -> bool:
        """Send every waiting record once; return False if one could not be handed over."""
        return all(
            [
                self._settle(path, await _send(path.stem, body, http, secret))
                for path, body in self._claim()
            ]
        )

    def _claim(self) -> list[tuple[Path, bytes]]:
        """Set the waiting records aside, so that a job may write newer ones meanwhile."""
        for path in sorted(self._folder.glob("*.json")):
            path.replace(path.with_suffix(".sending"))
        return [(path, path.read_bytes()) for path in sorted(self._folder.glob("*.sending"))]

    def _settle(self, path: Path, status: int | None) -> bool:
        """Delete a record that arrived (or whose encounter was deleted), set one aside that will
        never be taken, put any other back; return whether the token server could be reached."""
        if status in (200, 201, 204, 410):
            path.unlink()
            return True
        if status in (400, 413, 422):
            log.error("record_refused", encounter_id=path.stem, status=status)
            path.replace(self._refused / f"{path.stem}.json")
            return True
        log.warning("record_waits", encounter_id=path.stem, status=status)
        try:
            os.link(path, path.with_suffix(".json"))
        except FileExistsError:
            log.debug("record_superseded", encounter_id=path.stem)
        path.unlink()
        return False


async def _send(encounter_id: str, body: bytes, http: httpx.AsyncClient, secret: str) -> int | None:
    """Return the token server's status, or None when it did not answer."""
    url = f"/api/records/{encounter_id}"
    header = sign(body, path=url, secret=secret, at=int(time.time()))
    try:
        answer = await http.put(
            url,
            content=body,
            headers={SIGNATURE_HEADER: header, "Content-Type": "application/json"},
        )
    except httpx.HTTPError as error:
        log.warning("token_server_unreachable", error=repr(error))
        return None
    return answer.status_code


async def deliver_forever(outbox: Outbox, server_url: str, secret: str) -> None:
    """Carry records to the token server until cancelled, slower while it cannot be reached."""
    wait = LOOK_EVERY_S
    async with httpx.AsyncClient(base_url=server_url, timeout=10) as http:
        while True:
            reached = await outbox.deliver(http, secret)
            wait = LOOK_EVERY_S if reached else min(wait * 2, LONGEST_WAIT_S)
            await asyncio.sleep(wait)
