"""The report of an encounter: as data, exactly as the worker wrote it, as a page, or as a PDF."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from agent.protocol import Report
from token_server.parts import Parts, Use
from token_server.problems import RESPONSES, ErrorBody, Problem
from token_server.report_page import render
from token_server.report_pdf import PdfUnavailable, check, render_pdf
from token_server.routes.encounters import known_encounter

router = APIRouter(prefix="/api/encounters/{encounter_id}", tags=["reports"])

# The page is one file with its own style in it, so that it can be saved and sent on.
PAGE_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_NOT_YET: dict[int | str, dict[str, Any]] = {
    404: {**RESPONSES[404], "description": "No such encounter, or no report of it yet"}
}


@router.get(
    "/report",
    summary="Read the report, as JSON or, for a browser, as a page",
    response_model=Report,
    responses=_NOT_YET,
)
async def get_report(encounter_id: str, request: Request, parts: Use) -> Response:
    """JSON, unless the client asks for HTML and not for JSON."""
    accept = request.headers.get("accept", "")
    wants_page = "text/html" in accept and "application/json" not in accept
    make = _page if wants_page else _json
    answer = make(await _stored(parts, encounter_id))
    answer.headers["Vary"] = "Accept"
    return answer


@router.get(
    "/report.json", summary="Read the report as JSON", response_model=Report, responses=_NOT_YET
)
async def get_report_json(encounter_id: str, parts: Use) -> Response:
    """Exactly as stored."""
    return _json(await _stored(parts, encounter_id))


@router.get(
    "/report.html",
    summary="Read the report as a page",
    response_class=HTMLResponse,
    responses=_NOT_YET,
)
async def get_report_html(encounter_id: str, parts: Use) -> Response:
    """One page without scripts, good for printing."""
    return _page(await _stored(parts, encounter_id))


@router.get(
    "/report.pdf",
    summary="Read the report as a PDF",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}},
        501: {"model": ErrorBody, "description": "This server makes no PDFs; the way to get them"},
        **_NOT_YET,
    },
)
async def get_report_pdf(encounter_id: str, parts: Use) -> Response:
    """The page on A4, where the optional `pdf` extra is installed."""
    report = Report.model_validate_json(await _stored(parts, encounter_id))
    with _refused_without_pdf():
        # Laying out pages takes seconds, and others are waiting.
        return _pdf(await asyncio.to_thread(render_pdf, report))


@router.head("/report.pdf", include_in_schema=False)
async def head_report_pdf(encounter_id: str, parts: Use) -> Response:
    """As GET would answer, but no PDF is made: so a page knows whether to offer it."""
    await _stored(parts, encounter_id)
    with _refused_without_pdf():
        await asyncio.to_thread(check)
    answer = _pdf(b"")
    # How long the PDF is nobody knows before it is made.
    del answer.headers["Content-Length"]
    return answer


@contextmanager
def _refused_without_pdf() -> Iterator[None]:
    try:
        yield
    except PdfUnavailable as error:
        raise Problem(501, "pdf_unavailable", str(error)) from error


async def _stored(parts: Parts, encounter_id: str) -> str:
    row = await known_encounter(parts, encounter_id)
    report = await parts.store.report(encounter_id)
    if report is None:
        raise Problem(
            404,
            "report_not_ready",
            "there is no report yet: it is made when the conversation has ended",
            status=row.status.value,
        )
    return report


def _json(report: str) -> Response:
    return Response(report, media_type="application/json", headers={"Cache-Control": "no-store"})


def _pdf(pdf: bytes) -> Response:
    name = 'inline; filename="report.pdf"'
    headers = {"Cache-Control": "no-store", "Content-Disposition": name}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _page(report: str) -> Response:
    page = render(Report.model_validate_json(report))
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": PAGE_CSP}
    return HTMLResponse(page, headers=headers)
