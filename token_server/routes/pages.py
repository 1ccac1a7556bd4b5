"""The practice page and its files, and the API's description for people."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from token_server.docs_page import render_docs
from token_server.problems import Problem

WEB = Path(__file__).parent.parent / "web"
CLIENT = WEB / "node_modules" / "livekit-client" / "dist" / "livekit-client.esm.mjs"
KINDS = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".wav": "audio/wav",
    ".woff2": "font/woff2",
}
"""What may be served; lock files and packages beside them may not."""
FRESH = {"Cache-Control": "no-cache"}
"""Asked about again each time and answered 304 if unchanged: a new version shows at once."""
READ = ["GET", "HEAD"]
router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=READ)
async def get_page() -> Response:
    """The practice page."""
    return FileResponse(
        WEB / "index.html", media_type="text/html", headers={"Cache-Control": "no-store"}
    )


@router.api_route("/assets/{name:path}", methods=READ)
async def get_asset(name: str) -> Response:
    """A file of the page."""
    path = WEB / name
    known = path.suffix in KINDS and "node_modules" not in path.parts
    inside = path.resolve().is_relative_to(WEB.resolve())
    if not (known and inside and path.is_file()):
        raise Problem(404, "not_found", f"the page has no file {name!r}")
    return FileResponse(path, media_type=KINDS[path.suffix], headers=FRESH)


@router.api_route("/vendor/livekit-client.esm.mjs", methods=READ)
async def get_client() -> Response:
    """LiveKit's client library, as npm installed it."""
    if not CLIENT.is_file():
        return PlainTextResponse(
            "livekit-client is not installed: run `npm ci` in token_server/web, or `make install`",
            503,
        )
    return FileResponse(CLIENT, media_type="text/javascript", headers=FRESH)


@router.api_route("/docs", methods=READ)
async def get_docs(request: Request) -> Response:
    """The API's description, without scripts from elsewhere."""
    return HTMLResponse(_docs(request.app), headers=FRESH)


@cache
def _docs(app: object) -> str:
    return render_docs(app.openapi())  # type: ignore[attr-defined]
