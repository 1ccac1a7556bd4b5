"""The report as a PDF: where it can be made it is, and where not, the way to it is told."""

import sys
from pathlib import Path

import pytest
from report_samples import rich
from token_server_world import make_record, make_report, running

from token_server.report_pdf import PdfUnavailable, render_pdf

pytestmark = pytest.mark.unit


def stand_in(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this code imported as `weasyprint`, in this test only."""
    (folder / "weasyprint.py").write_text(code)
    monkeypatch.syspath_prepend(folder)
    # Set before it is taken out, so that what the test imports is taken out again too.
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    monkeypatch.delitem(sys.modules, "weasyprint")


async def test_without_the_extra_the_answer_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    async with running(tmp_path) as world:
        one = (await world.start())["encounter_id"]
        await world.put(make_record(one, phase="ended", report=make_report(one)), of=one)

        answer = await world.client.get(f"/api/encounters/{one}/report.pdf")

    assert answer.status_code == 501
    assert answer.json()["code"] == "pdf_unavailable"
    assert "weasyprint>=70" in answer.json()["message"]


async def test_there_is_no_pdf_before_there_is_a_report(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        one = (await world.start())["encounter_id"]

        answer = await world.client.get(f"/api/encounters/{one}/report.pdf")

    assert (answer.status_code, answer.json()["code"]) == (404, "report_not_ready")


@pytest.mark.parametrize(
    ("weasyprint", "has_report", "status"),
    [
        pytest.param("", True, 200, id="offered"),
        pytest.param("", False, 404, id="no report yet"),
        pytest.param("raise OSError('cannot load library libpango')", True, 501, id="no library"),
    ],
)
async def test_whether_there_is_a_pdf_is_told_without_making_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    weasyprint: str,
    has_report: bool,
    status: int,
) -> None:
    # This module lays out nothing: whoever makes a PDF with it fails.
    stand_in(weasyprint, tmp_path, monkeypatch)
    async with running(tmp_path) as world:
        one = (await world.start())["encounter_id"]
        if has_report:
            await world.put(make_record(one, phase="ended", report=make_report(one)), of=one)

        answer = await world.client.head(f"/api/encounters/{one}/report.pdf")

    assert answer.status_code == status
    assert (answer.headers["Content-Type"] == "application/pdf") == (status == 200)


def test_missing_system_library_is_as_good_as_no_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("raise OSError('cannot load library libpango')", tmp_path, monkeypatch)

    with pytest.raises(PdfUnavailable, match="libpango"):
        render_pdf(rich())


async def test_where_the_extra_is_installed_the_report_is_a_pdf(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        one = (await world.start())["encounter_id"]
        await world.put(
            make_record(one, phase="ended", report=rich(encounter_id=one).model_dump(mode="json")),
            of=one,
        )

        offered = await world.client.head(f"/api/encounters/{one}/report.pdf")
        answer = await world.client.get(f"/api/encounters/{one}/report.pdf")

    assert (offered.status_code, answer.status_code) == (200, 200)
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.rstrip().endswith(b"%%EOF")
