"""The token server as the trainee uses it: three routes, and what to do when they fail."""

from dataclasses import dataclass
from typing import Any

import httpx

from agent.protocol import Mode
from agent.trainee.errors import CannotStart
from agent.trainee.http import http_client


@dataclass(frozen=True, slots=True)
class Invitation:
    """What it takes to join an encounter."""

    encounter_id: str
    room_name: str
    server_url: str
    participant_token: str


def report_page(server_url: str, encounter_id: str) -> str:
    """Return the address of an encounter's report for people."""
    return f"{server_url.rstrip('/')}/api/encounters/{encounter_id}/report.html"


class Service:
    """The token server at an address."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._http = http_client(self.url, timeout_s=15)

    async def kind(self, scenario_id: str) -> str:
        """Return what the scenario's persona is, `patient` or `subject`."""
        found = await self._ask("GET", f"/api/scenarios/{scenario_id}")
        return str(found["kind"])

    async def create(self, scenario_id: str, *, mode: Mode, name: str) -> Invitation:
        """Create an encounter; raises `CannotStart` with the server's own words when refused."""
        body: dict[str, Any] = {"scenario_id": scenario_id, "mode": mode}
        if name:
            body["trainee_name"] = name
        made = await self._ask("POST", "/api/encounters", body)
        return Invitation(
            encounter_id=made["encounter_id"],
            room_name=made["room_name"],
            server_url=made["server_url"],
            participant_token=made["participant_token"],
        )

    async def status(self, encounter_id: str) -> str:
        """Return in words how the server sees an encounter; empty when it does not say."""
        try:
            found = await self._ask("GET", f"/api/encounters/{encounter_id}")
        except CannotStart as error:
            return str(error)
        words = [str(found[key]) for key in ("status", "message") if found.get(key)]
        return ": ".join(words)

    async def report(self, encounter_id: str) -> str | None:
        """Return the report as JSON text, or None while there is none."""
        try:
            answer = await self._http.get(f"{self.url}/api/encounters/{encounter_id}/report.json")
        except httpx.HTTPError:
            return None
        return answer.text if answer.status_code == 200 else None

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        try:
            answer = await self._http.request(method, self.url + path, json=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CannotStart(
                f"no token server at {self.url!r} ({type(error).__name__}):"
                " start everything with `make run`, or name another with --server"
            ) from error
        try:
            data = answer.json()
        except ValueError:
            data = None
        if answer.is_success and isinstance(data, dict):
            return data
        said = data.get("message") if isinstance(data, dict) else None
        if said is None:
            raise CannotStart(
                f"{self.url!r} is no token server of ours:"
                f" it answered {answer.status_code} to {method} {path}"
            )
        wait = answer.headers.get("Retry-After")
        raise CannotStart(f"{said} (try again in {wait} s)" if wait else str(said))
