"""What a slide is made of: text, rules, tables, notes, in our colours; python-pptx below."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.slide import Slide as Raw
from pptx.util import Inches, Pt

from analysis.design.colours import DARK, LIGHT, Ink
from analysis.design.figures import visible

FONT = "Calibri"
"""Of every Office; Inter is on few machines, and a deck cannot rely on what it brings."""

Box = tuple[float, float, float, float]
"""Left, top, width, height, in inches."""


def rgb(colour: str) -> RGBColor:
    """`#0b5c6b` as Office knows it."""
    return RGBColor(*bytes.fromhex(colour.removeprefix("#")))


class Slide:
    """One slide; places and sizes in inches."""

    def __init__(self, raw: Raw, ink: Ink) -> None:
        self.raw, self.ink = raw, ink

    def title(self, words: str, box: Box, *, size: int) -> None:
        """The slide's own title: outlines and screen readers find it."""
        shape = self.raw.shapes.title
        assert shape is not None
        shape.left, shape.top, shape.width, shape.height = (Inches(value) for value in box)
        self._write(shape, words, size, "ink", bold=True)
        shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP

    def text(self, words: str, box: Box, *, size: int, colour: str = "ink", bold: bool = False, space: int = 0) -> None:
        """A box; a line break begins a paragraph."""
        shape = self.raw.shapes.add_textbox(*(Inches(value) for value in box))
        self._write(shape, words, size, colour, bold=bold, space=space)

    def _write(self, shape: object, words: str, size: int, colour: str, *, bold: bool, space: int = 0) -> None:
        frame = shape.text_frame  # type: ignore[attr-defined]
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for place, words_of_line in enumerate(words.split("\n")):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_after, paragraph.alignment = Pt(space), PP_ALIGN.LEFT
            run = paragraph.add_run()
            run.text = visible(words_of_line)
            run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
            run.font.color.rgb = rgb(getattr(self.ink, colour))

    def rule(self, x: float, y: float, wide: float, *, thick: float = 0.02, colour: str = "line") -> None:
        """A line, drawn as a thin bar."""
        shape = self.raw.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(x), Inches(y), Inches(wide), Inches(thick))
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(getattr(self.ink, colour))
        shape.line.fill.background()
        shape.shadow.inherit = False

    def table(self, rows: Sequence[tuple[str, ...]], x: float, y: float, widths: tuple[float, ...]) -> None:
        """The first row is the head; the first column is text, the others are figures."""
        frame = self.raw.shapes.add_table(
            len(rows), len(widths), Inches(x), Inches(y), Inches(sum(widths)), Inches(0.4 * len(rows))
        )
        frame.table.horz_banding = False
        for place, wide in enumerate(widths):
            frame.table.columns[place].width = Inches(wide)
        for number, row in enumerate(rows):
            for place, words in enumerate(row):
                cell = frame.table.cell(number, place)
                cell.fill.solid()
                cell.fill.fore_color.rgb = rgb(self.ink.wash if number == 0 else self.ink.paper)
                self._write(cell, words, 12, "soft" if number == 0 else "ink", bold=number == 0 or place == 0)
                cell.margin_left = cell.margin_right = Inches(0.08)
                cell.margin_top = cell.margin_bottom = Inches(0.05)

    def foot(self, words: str) -> None:
        """What the chart counts, small, at the bottom."""
        self.text(words, (0.6, 6.75, 12.1, 0.4), size=11, colour="soft")

    def notes(self, words: str) -> None:
        """What the speaker may be asked for."""
        frame = self.raw.notes_slide.notes_text_frame
        assert frame is not None
        frame.text = "\n".join(visible(line) for line in words.split("\n"))


class Deck:
    """A 16:9 presentation."""

    def __init__(self, title: str) -> None:
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = Inches(13.333), Inches(7.5)
        self._deck.core_properties.title = title
        self._deck.core_properties.author = "presswatch"

    def dark(self) -> Slide:
        """For the title."""
        return self._slide(DARK)

    def light(self, title: str) -> Slide:
        """With its statement at the top."""
        slide = self._slide(LIGHT)
        slide.title(title, (0.6, 0.45, 12.1, 0.8), size=28 if len(title) < 70 else 24)
        slide.rule(0.6, 0.32, 0.9, thick=0.05, colour="accent")
        return slide

    def _slide(self, ink: Ink) -> Slide:
        layout = next(found for found in self._deck.slide_layouts if found.name == "Title Only")
        raw = self._deck.slides.add_slide(layout)
        raw.background.fill.solid()
        raw.background.fill.fore_color.rgb = rgb(ink.paper)
        return Slide(raw, ink)

    def save(self, file: BytesIO) -> None:
        """Write it."""
        self._deck.save(file)
