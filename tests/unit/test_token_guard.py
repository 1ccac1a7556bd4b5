"""What holds for every request: headers, caps, hosts, origins, and errors nobody foresaw."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from token_server_world import running

from token_server.routes import pages

pytestmark = pytest.mark.unit


async def test_pages_come_with_a_policy_that_allows_our_scripts_and_the_microphone(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as world:
        page = await world.client.get("/")

        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert page.headers["cache-control"] == "no-store"
        policy = page.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "connect-src 'self' ws: wss: http: https:;" in policy
        assert "microphone=(self)" in page.headers["permissions-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"


async def test_the_files_of_the_page_are_served_and_those_beside_them_are_not(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as world:
        script = await world.client.get("/assets/main.js")
        assert script.status_code == 200
        assert script.headers["content-type"].startswith("text/javascript")
        for name in (
            "package.json",
            "node_modules/livekit-client/dist/livekit-client.esm.mjs",
            "%2e%2e/app.py",
            "..%2froutes%2fpages.py",
            "nothing.js",
        ):
            assert (await world.client.get(f"/assets/{name}")).status_code == 404, name


async def test_a_client_library_that_is_not_installed_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CLIENT", tmp_path / "missing.mjs")
    async with running(tmp_path) as world:
        answer = await world.client.get("/vendor/livekit-client.esm.mjs")

        assert answer.status_code == 503
        assert "npm ci" in answer.text


async def test_a_foreign_page_cannot_act_for_the_trainee(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        foreign = await world.client.post(
            "/api/token", content=b"", headers={"origin": "https://evil.example"}
        )
        assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign_origin")
        rebound = await world.client.get("/api/encounters", headers={"host": "evil.example:8000"})
        assert (rebound.status_code, rebound.json()["code"]) == (421, "unknown_host")
        own = await world.client.post(
            "/api/token", content=b"", headers={"origin": "http://127.0.0.1:8000"}
        )
        assert own.status_code == 201


async def test_a_listed_origin_may_call_us_and_is_told_so(tmp_path: Path) -> None:
    async with running(tmp_path, allowed_origins="https://course.example") as world:
        origin = {"origin": "https://course.example"}
        asked = await world.client.options(
            "/api/token",
            headers={
                **origin,
                "access-control-request-method": "POST",
                "access-control-request-headers": "content-type,x-sandbox-id",
            },
        )
        assert asked.status_code == 200
        assert asked.headers["access-control-allow-origin"] == "https://course.example"
        answer = await world.client.post("/api/token", headers=origin)
        assert answer.status_code == 201
        assert answer.headers["access-control-allow-origin"] == "https://course.example"


async def test_a_large_body_is_refused_even_when_its_size_is_not_announced(
    tmp_path: Path,
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    async with running(tmp_path) as world:
        announced = await world.client.post("/api/token", content=b" " * 70_000)
        streamed = await world.client.post("/api/token", content=pieces())
        for answer in (announced, streamed):
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_an_error_nobody_foresaw_tells_a_request_id_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(tmp_path) as world:
        world.rooms.fails = RuntimeError("the secret is swordfish")  # type: ignore[assignment]
        answer = await world.client.post("/api/token")

        assert answer.status_code == 500
        assert answer.json()["code"] == "internal"
        assert answer.headers["x-request-id"] in answer.json()["message"]
        assert "swordfish" not in answer.text


async def test_unknown_routes_and_methods_answer_in_the_same_shape(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        for method, path, status, code in (
            ("GET", "/nothing", 404, "not_found"),
            ("PATCH", "/api/encounters", 405, "method_not_allowed"),
            ("GET", "/api/nothing", 404, "not_found"),
        ):
            answer = await world.client.request(method, path)
            assert answer.status_code == status
            assert set(answer.json()) == {"code", "message"}
            assert answer.json()["code"] == code


async def test_every_route_is_described_with_a_tag_and_a_summary(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        description = (await world.client.get("/openapi.json")).json()
        page = (await world.client.get("/docs")).text

        schemas = description["components"]["schemas"]
        assert {"Record", "TokenRequest", "ErrorBody", "Wish"} <= set(schemas)
        assert "HTTPValidationError" not in str(description)
        known_tags = {tag["name"] for tag in description["tags"]}
        for path, methods in description["paths"].items():
            for method, route in methods.items():
                assert set(route["tags"]) <= known_tags
                assert route["summary"]
                assert f"{method.upper()} {path}" in page
        assert "<script" not in page


async def test_health_is_about_the_process_and_readiness_about_the_rest(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        assert (await world.client.get("/healthz")).json() == {"status": "ok"}
        assert (await world.client.get("/readyz")).json() == {"status": "ok"}
