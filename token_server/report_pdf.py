"""Makes the report a PDF, where the optional `pdf` extra is installed.

WeasyPrint needs system libraries for text (Pango), so the service runs without it and says how to
get it. The page loads nothing, and nothing is fetched for it either.
"""

from typing import Any, NoReturn

from agent.protocol import Report
from token_server.report_page import render

HOW_TO = (
    "this server makes no PDFs: install WeasyPrint (pip install 'weasyprint>=70') and the "
    "Pango library (Debian: libpangoft2-1.0-0), or print the page /report.html to a file"
)


class PdfUnavailable(Exception):
    """WeasyPrint or the libraries it needs are not installed."""


def check() -> None:
    """Do nothing where PDFs can be made; raises `PdfUnavailable` elsewhere. Takes a second once."""
    _weasyprint()


def render_pdf(report: Report) -> bytes:
    """Return the report as a PDF on A4; raises `PdfUnavailable`. Takes seconds: use a thread."""
    weasyprint = _weasyprint()
    pdf: bytes = weasyprint.HTML(string=render(report), url_fetcher=_refuse).write_pdf()
    return pdf


def _weasyprint() -> Any:
    try:
        # Imported when first needed: it takes a second and may not be there.
        import weasyprint
    except (ImportError, OSError) as error:  # OSError: a system library is missing
        raise PdfUnavailable(HOW_TO) from error
    return weasyprint


def _refuse(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"a report loads nothing, not {url!r}")
