"""The report as PDF: the HTML page on A4, by WeasyPrint."""

from __future__ import annotations

import logging

from analysis.errors import FormatMissing
from analysis.report import html
from analysis.report.model import Report


def render(report: Report) -> bytes:
    """The printed page; nothing is loaded from anywhere.

    Raises:
        FormatMissing: Pango, which sets the text, is not installed.
    """
    try:
        from weasyprint import HTML, urls  # noqa: PLC0415 (loads Pango, which a machine may lack)
    except OSError as error:
        raise FormatMissing(f"no PDF: {error.args[0].splitlines()[0]}; apt-get install libpango-1.0-0") from None
    # it warns of every rule for screens in our style sheet
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    page = HTML(
        string=html.render(report, paper=True),
        url_fetcher=urls.URLFetcher(allowed_protocols=["data"]),
        media_type="print",
    )
    made: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    return made
