"""The report as a PDF: where it can be made it is, and where not, the way to it is told."""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from report_samples import rich
from token_server_world import make_record, make_report, running

from token_server.report_pdf import PdfUnavailable, render_pdf

pytestmark = pytest.mark.unit


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
    (tmp_path / "weasyprint.py").write_text(weasyprint)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
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
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)

    with pytest.raises(PdfUnavailable, match="libpango"):
        render_pdf(rich())


if find_spec("weasyprint"):  # the extra is not part of what `make test` installs

    def test_where_the_extra_is_installed_the_report_is_a_pdf() -> None:
        assert render_pdf(rich()).startswith(b"%PDF-")
