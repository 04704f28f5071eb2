"""Every format, read back by a parser of its own: the same figures, nothing that computes, runs or loads."""

from __future__ import annotations

import email
import re
import zipfile
from datetime import datetime, timedelta
from email import policy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from analysis.design.figures import mark, signed
from analysis.report import mail, read_report, renderer
from analysis.report.model import Report
from analysis.report.xlsx import CLIPS, cell_text
from analysis.store.workbook import CUT, LONGEST
from tests.analysis.press import NOON, article, mention, night, page, watchlist, wire
from tests.analysis.report.conftest import SINCE, UNTIL, answers
from tests.analysis.report.test_hostile import ADDRESSES, HOSTILE, inert

FORMULAS = ['=HYPERLINK("http://evil.example")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\0=1", "=cmd|' /C calc'!A0"]
LONG = "word " * 8_000
CONTROLS = "a\x00b\x07c\x1bd\u202ee\ufffef\rg"


def _report(folder: Path, *records: dict[str, Any]) -> Report:
    database = folder / "press.duckdb"
    night(database, *records, *answers())
    return read_report(database, watchlist(), since=SINCE, until=UNTIL)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Fourteen stories on Acme, one of them in three outlets, and two on a rival."""
    day = timedelta(days=1)
    stories = [article(n, mention(tone=0.8 if n % 3 else -0.4), published=NOON - n % 9 * day) for n in range(13)]
    copies = [
        article(100, mention(tone=-0.9), title="Wire", body=wire("w"), source=s)
        for s in ("gazette", "herald", "ledger")
    ]
    rivals = [article(200 + n, mention("bolt", 0.1), mention(sentence="Acme too.")) for n in range(2)]
    return _report(tmp_path_factory.mktemp("plain"), *map(page, (*stories, *copies, *rivals)))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Titles, sentences, outlets and addresses that would do something."""
    texts = [*HOSTILE, *FORMULAS, LONG, CONTROLS]
    pages = []
    for number, text in enumerate(texts):
        record = page(article(number, mention(sentence=text, placement="headline"), title=text))
        record["article"]["url"] = ADDRESSES[number % len(ADDRESSES)]
        record["article"]["outlet"] = text[:60]
        pages.append(record)
    return _report(tmp_path_factory.mktemp("hostile"), *pages)


def made(report: Report, form: str) -> bytes:
    """The file."""
    content = renderer(form)(report)
    return content if isinstance(content, bytes) else content.encode()


def slide_texts(content: bytes) -> list[str]:
    """All text on all slides, tables too."""
    found = []
    for slide in Presentation(BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def pdf_text(content: bytes) -> str:
    """What can be read in a PDF, in one line."""
    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(content)).pages).split())


def test_all_formats_show_the_same_figures(plain: Report) -> None:
    """Tiles and bottom line, word for word."""
    book = load_workbook(BytesIO(made(plain, "xlsx")))
    front = {cell.value for row in book["Report"].iter_rows() for cell in row}
    texts = {
        "html": BeautifulSoup(made(plain, "html"), "lxml").get_text(),
        "md": made(plain, "md").decode().replace("\\", ""),
        "pdf": pdf_text(made(plain, "pdf")),
        "pptx": "\n".join(slide_texts(made(plain, "pptx"))),
        "mail": BeautifulSoup(mail.render(plain).html, "lxml").get_text(),
    }
    for tile in plain.tiles:
        assert {tile.label, tile.value} <= front
    assert plain.bottom_line in front
    for form, text in texts.items():
        assert plain.bottom_line in text, form
        for tile in plain.tiles[: 4 if form == "mail" else None]:
            assert tile.value in text, (form, tile.label)


def test_the_workbook(plain: Report) -> None:
    """A clip list with filters and a frozen head, figures as numbers, days as days, native charts."""
    content = made(plain, "xlsx")
    book = load_workbook(BytesIO(content))
    clips = book["Clips"]
    rows = list(clips.iter_rows(min_row=2, values_only=True))
    first = dict(zip(CLIPS, rows[0], strict=True))

    assert tuple(cell.value for cell in clips[1]) == CLIPS
    assert len(rows) == plain.all_clips
    assert clips.auto_filter.ref == f"A1:R{len(rows) + 1}"
    assert clips.freeze_panes == "A2"
    assert isinstance(first["published"], datetime)
    assert isinstance(first["score"], int | float)
    assert first["tone"] in {mark(label) for label in ("pos", "neu", "neg", None)}
    assert sum(row[CLIPS.index("carried")] == "yes" for row in rows) == 2
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert len([name for name in parts.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]) == 3
    days = list(book["Days"].iter_rows(min_row=2, values_only=True))
    assert [sum(row[1:5]) for row in days] == [row[6] for row in days] == [day.stories for day in plain.days]


def test_the_slides(plain: Report) -> None:
    """One statement a slide as its title, charts that can be edited, with alternative texts, and notes."""
    deck = Presentation(BytesIO(made(plain, "pptx")))
    titles = [slide.shapes.title.text for slide in deck.slides if slide.shapes.title is not None]
    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]

    assert titles[0] == "Acme in the press"
    assert titles[1] == "Bottom line"
    assert len(titles) == len(deck.slides) == 7
    assert len(charts) == 3
    assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in charts)
    volume = charts[0].chart
    assert [series.name for series in volume.plots[0].series] == ["negative", "balanced", "unsure", "positive"]
    assert [sum(values) for values in zip(*(s.values for s in volume.plots[0].series), strict=True)] == [
        day.stories for day in plain.days
    ]
    assert all(slide.has_notes_slide for slide in deck.slides)


def test_the_pdf(plain: Report) -> None:
    """Tagged for screen readers, in our own font, with a title; sections 0 to 5 on two pages (field.md, 3.8.11)."""
    reader = PdfReader(BytesIO(made(plain, "pdf")))
    pages = [sheet.extract_text() for sheet in reader.pages]
    fonts = {
        str(font.get_object()["/BaseFont"]) for sheet in reader.pages for font in sheet["/Resources"]["/Font"].values()
    }

    assert reader.metadata is not None
    assert reader.metadata.title == "Acme in the press, 10 March 2026"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert any("Inter" in name for name in fonts)
    assert any("Brands" in text for text in pages[:2])
    assert not any("The rows behind the figures" in text for text in pages)


def test_the_mail(plain: Report) -> None:
    """Text beside HTML, the chart inside with an alternative text, nothing remote; files after them."""
    made_mail = mail.render(plain)
    message = email.message_from_bytes(bytes(mail.message(made_mail)), policy=policy.default)
    html = BeautifulSoup(made_mail.html, "lxml")
    pictures = {
        part["Content-ID"]: part.get_content() for part in message.walk() if part.get_content_maintype() == "image"
    }

    assert message["Subject"] == made_mail.subject
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain", "text/html", "image/png",
    ]  # fmt: skip
    assert [img["src"] for img in html.select("img")] == ["cid:volume"]
    assert all(img["alt"] for img in html.select("img"))
    assert pictures["<volume>"].startswith(b"\x89PNG")
    assert html.select("script, link, style") == []


def test_the_mail_takes_files_along(plain: Report, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7")
    message = mail.message(mail.render(plain), [tmp_path / "report.pdf"])

    assert [part.get_filename() for part in message.iter_attachments()] == ["report.pdf"]


def test_hostile_workbook(hostile: Report) -> None:
    """No cell computes; links lead to the web only; long and control characters are cut with a mark (faults.md, O3)."""
    book = load_workbook(BytesIO(made(hostile, "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert all(cell.hyperlink.target.lower().startswith("http") for cell in cells if cell.hyperlink)
    texts = [str(cell.value) for cell in cells if cell.data_type == "s"]
    assert any(text.endswith(CUT) and len(text) == LONGEST for text in texts)
    assert not any(re.search(r"[\x00-\x08\x0b-\x1f\u202e]", text) for text in texts)
    sentences = {row[CLIPS.index("sentence")] for row in book["Clips"].iter_rows(min_row=2, values_only=True)}
    assert '=HYPERLINK("http://evil.example")' in sentences


def test_hostile_slides_and_pdf(hostile: Report) -> None:
    """Text stays text: no link, no script, nothing outside of the file (faults.md, O1)."""
    deck = made(hostile, "pptx")
    with zipfile.ZipFile(BytesIO(deck)) as parts:
        links = b"".join(parts.read(name) for name in parts.namelist() if name.endswith(".rels"))
    assert b"evil.example" not in links
    assert not re.search(rb'TargetMode="External"', links)
    assert slide_texts(deck)

    reader = PdfReader(BytesIO(made(hostile, "pdf")))
    assert "/JavaScript" not in reader.trailer["/Root"]
    for sheet in reader.pages:
        for note in sheet.get("/Annots") or ():
            uri = str(note.get_object().get("/A", {}).get("/URI", "http:"))
            assert uri.lower().startswith("http:") or uri.lower().startswith("https:")


def test_hostile_mail(hostile: Report) -> None:
    """One header line whatever a headline holds (faults.md, O6), and inert HTML."""
    made_mail = mail.render(hostile)
    without_picture = re.sub(r'<img src="cid:volume"[^>]*>', "", made_mail.html)

    inert(without_picture)
    assert "\n" not in made_mail.subject
    assert b"Subject: " in bytes(mail.message(made_mail))


@pytest.mark.parametrize("text", ["", "x" * LONGEST, "y" * (LONGEST + 1)])
def test_a_cell_holds_what_it_can(text: str) -> None:
    assert len(cell_text(text)) <= LONGEST
    assert cell_text(text).endswith(CUT) == (len(text) > LONGEST)


def test_signs_of_tone_are_words_too() -> None:
    """Never colour alone."""
    assert [mark(label) for label in ("pos", "neg", "neu", "mixed", None)] == [
        "▲ positive", "▼ negative", "■ neutral", "◆ mixed", "not scored",
    ]  # fmt: skip
    assert signed(None) == "–"
