"""The report as a workbook: figures with native charts, and the clip list with filters.

Scraped text is written as text, never as a formula, a link or a number, and cut with a mark where a cell cannot
hold it (faults.md, O3).
"""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis.design.figures import mark, safe_url, visible
from analysis.report import xlsx_charts
from analysis.report.method import method
from analysis.report.model import CLASSES, Report
from analysis.store.workbook import CUT, LONGEST

_LONGEST_LINK, _MOST_LINKS = 2_000, 60_000  # Excel refuses more
CLIPS = ("published", "outlet", "tier", "brand", "tone", "score", "counted", "corrected", "placement", "carried",
         "whole text", "live blog", "topics", "sentence", "title", "address", "scorer", "mention")  # fmt: skip
_WIDTHS = (16, 22, 6, 14, 12, 8, 9, 10, 11, 9, 11, 10, 18, 70, 44, 40, 22, 18)


def render(report: Report) -> bytes:
    """The workbook; it opens on the figures."""
    memory = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(memory, options)
    book.set_properties({"title": f"{visible(report.brand)} in the press", "comments": "Made by presswatch"})
    sheets = _Sheets(book)
    front = book.add_worksheet("Report")
    sheets.days(report)
    sheets.brands(report)
    sheets.crisis(report)
    sheets.messages(report)
    sheets.clips(report)
    sheets.corrections(report)
    sheets.method(report)
    sheets.front(front, report)
    xlsx_charts.place(book, front, report)
    book.close()
    return memory.getvalue()


def cell_text(value: object) -> str:
    """Text that a cell can hold: line breaks kept, other control characters not, cut with a mark."""
    text = "\n".join(visible(line) for line in str(value).splitlines())
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


class _Sheets:
    def __init__(self, book: Workbook) -> None:
        self.book = book
        grey = {"font_color": "#55626e"}
        self.bold = book.add_format({"bold": True})
        self.title = book.add_format({"bold": True, "font_size": 20})
        self.lead = book.add_format({"font_size": 13, "text_wrap": True, "valign": "top"})
        self.soft = book.add_format(grey)
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", **grey})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self.tone = book.add_format({"num_format": "+0.00;-0.00;0.00", "valign": "top"})
        self.share = book.add_format({"num_format": "0%", "valign": "top"})

    def put(self, sheet: Worksheet, row: int, column: int, value: Any, form: Any = None) -> None:
        """A value as what it is; text as text."""
        if value is None:
            sheet.write_blank(row, column, None, form)
        elif isinstance(value, bool):
            sheet.write_string(row, column, "yes" if value else "no", form)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value.replace(tzinfo=None), form or self.moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), form or self.day)  # noqa: DTZ001
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, form)
        else:
            sheet.write_string(row, column, cell_text(value), form or self.wrap)

    def table(self, name: str, heads: tuple[str, ...], rows: list[list[Any]], widths: tuple[int, ...],
              forms: dict[int, Any] | None = None) -> Worksheet:  # fmt: skip
        """A sheet with a frozen head and filters."""
        sheet: Worksheet = self.book.add_worksheet(name)
        for place, head in enumerate(heads):
            sheet.write_string(0, place, head, self.head)
            sheet.set_column(place, place, widths[place])
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                self.put(sheet, number, place, value, (forms or {}).get(place))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
        return sheet

    def days(self, report: Report) -> None:
        """What the volume chart shows."""
        highest = max((d.stories for d in report.days), default=0) or 1
        rows = [[d.day, *d.classes.values(), 0 if d.collected else highest - d.stories, d.stories, d.mentions,
                 *(d.usual or (None,) * 3), d.collected] for d in report.days]  # fmt: skip
        heads = ("day", *CLASSES.values(), "not collected (for the chart)", "stories", "sentences", "usual from",
                 "usual", "usual to", "fully collected")  # fmt: skip
        self.table("Days", heads, rows, (12, *(11,) * (len(heads) - 1)))

    def brands(self, report: Report) -> None:
        """Brands, then tone by tier: what the other two charts show."""
        rows = [[b.name, b.stories, b.articles, b.share, b.tone, *(b.between or (None, None)), b.scored, b.beside_us,
                 b.headline] for b in report.brands]  # fmt: skip
        heads = ("brand", "stories", "articles", "share of voice", "net tone", "from (95%)", "to (95%)",
                 "stories scored", "also name us", "most carried headline")  # fmt: skip
        forms = {3: self.share, 4: self.tone, 5: self.tone, 6: self.tone}
        self.table("Brands", heads, rows, (22, 9, 9, 9, 9, 9, 9, 9, 9, 70), forms)
        tiers = [[t.label, *t.classes.values(), t.stories, t.tone] for t in report.tiers]
        self.table("Tiers", ("tier", *CLASSES.values(), "stories", "net tone"), tiers, (10,) * 7, {6: self.tone})

    def crisis(self, report: Report) -> None:
        """What weighs on us in an event, with room for who takes it on; no sheet without an event."""
        if report.crisis is not None:
            rows = [[s.weight, s.tone, s.title, s.outlet, s.tier, s.published, s.articles, s.action, "", "", s.url]
                    for s in report.crisis.severe]  # fmt: skip
            heads = ("weight", "net tone", "story", "first outlet", "tier", "published", "articles", "next step",
                     "owner", "status", "address")  # fmt: skip
            self.table("Severity", heads, rows, (8, 9, 60, 22, 6, 16, 9, 44, 16, 16, 40), {0: self.tone, 1: self.tone})

    def messages(self, report: Report) -> None:
        """How far each of our messages got; no sheet where the watchlist has none."""
        if report.messages:
            rows = [[m.message, m.carried, m.stories, m.share, m.headline, m.first, m.sentence, m.outlet, m.url]
                    for m in report.messages]  # fmt: skip
            heads = ("message", "carried", "stories", "pull-through", "in headlines", "first", "as it stands", "outlet",
                     "address")  # fmt: skip
            self.table("Messages", heads, rows, (18, 9, 9, 9, 9, 16, 70, 22, 40), {3: self.share})

    def clips(self, report: Report) -> None:
        """Every sentence that names a watched brand, with its address as a link where it leads to the web."""
        rows = [
            [c["published"], c["outlet"], c["tier"], report.brand_names.get(c["brand_id"], c["brand_id"]),
             mark(c["label"]), c["tone"], c["confident"], c["corrected"], c["placement"], c["syndicated"],
             c["complete"], c["live"], ", ".join(c["topics"]), c["sentence"], c["title"], None, c["scorer"] or "",
             c["mention_id"]]
            for c in report.clips.dicts()
        ]  # fmt: skip
        sheet = self.table("Clips", CLIPS, rows, _WIDTHS, {0: self.moment, 5: self.tone})
        column = CLIPS.index("address")
        for number, url in enumerate(report.clips.only(("url",)).rows, 1):
            address = cell_text(url[0])
            if number <= _MOST_LINKS and len(address) <= _LONGEST_LINK and safe_url(address) == address:
                sheet.write_url(number, column, address, string=address)
            else:
                sheet.write_string(number, column, address, self.wrap)

    def corrections(self, report: Report) -> None:
        """What staff changed."""
        names = report.brand_names
        rows = [[c.at, c.who, mark(c.old_label), mark(c.new_label), c.why, names.get(c.brand_id, c.brand_id), c.outlet,
                 c.sentence] for c in report.corrections]  # fmt: skip
        heads = ("when", "who", "from", "to", "why", "brand", "outlet", "sentence")
        self.table("Corrections", heads, rows, (16, 16, 12, 12, 40, 14, 22, 70))

    def method(self, report: Report) -> None:
        """How the figures came about, the state of the sources, and every query."""
        rows = [["method", line] for line in method(report)]
        rows += [["source with a fault", line] for line in report.confidence.silent]
        rows += [[f"query: {proof.title}", proof.sql] for proof in report.proofs.values()]
        rows += [[f"query: {name}", sql] for name, sql in report.queries]
        self.table("Method", ("what", "text"), rows, (28, 130))

    def front(self, sheet: Worksheet, report: Report) -> None:
        """Title, bottom line and the strip of figures; the charts stand below."""
        sheet.hide_gridlines(2)
        for column, width in enumerate((22, 10, 46, 36, 62)):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        self.put(sheet, 0, 0, f"{report.brand} in the press", self.title)
        trust = report.confidence
        window = f"{report.since} to {report.until}, days in {report.zone}. Run {report.run_id}."
        self.put(sheet, 1, 0, f"{window} Data confidence: {trust.light}; {trust.answered} of {trust.expected} sources "
                 "answered.", self.soft)  # fmt: skip
        sheet.merge_range(2, 0, 2, 4, "", self.lead)
        sheet.write_string(2, 0, cell_text(report.bottom_line), self.lead)
        sheet.set_row(2, 54)
        for place, head in enumerate(("figure", "value", "what it counts", "last full day", "compared")):
            sheet.write_string(4, place, head, self.head)
        for row, tile in enumerate(report.tiles, 5):
            compared = "; ".join(delta.words for delta in tile.deltas)
            for place, text in enumerate((tile.label, tile.value, tile.note, tile.day, compared)):
                self.put(sheet, row, place, text, self.bold if place < 2 else self.wrap)
