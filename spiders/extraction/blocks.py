"""A page as the boxes and the blocks of text that a reader sees, in page order.

A block is a run of text between two block-level borders (a paragraph, a heading, a list item); a box is a
block-level element around blocks. Both are plain numbers and strings, so that choosing the article's blocks
needs no tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from spiders.extraction.tree import squeeze

_SKIPPED = frozenset(
    "script style noscript template svg head iframe object embed video audio canvas map math button select "
    "textarea input option nav footer aside figure figcaption picture time dialog menu label title link meta".split()
)
"""Never article text. Captions and asides are text, but not the article's: they would be scored twice or for it."""
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark nobr q rb rp rt ruby s samp "
    "small span strike strong sub sup tt u var wbr".split()
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN_ROLE = frozenset("dialog alertdialog navigation search menu menubar toolbar tooltip contentinfo".split())
_SCREEN_READER = re.compile(r"\b(?:rollover|tooltip|popover|sr-only|visually-?hidden|screen-reader(?:-text)?)\b", re.I)
_STREAMED = re.compile(r"[SB]:[0-9a-f]+$")
"""React streams parts of a page into hidden boxes of such ids, for a script to put in place."""
_LABELS = ("class", "data-testid", "data-component", "data-module", "data-type")
_MACHINE_ID = re.compile(r"\d{2}|.{40}")


@dataclass(slots=True)
class Box:
    """A block-level element."""

    tag: str
    parent: int
    """Index among the boxes; -1 for the outermost."""
    classes: str
    """The class attribute as it stands."""
    label: str
    """Class, id and the data attributes that name components, for telling what the box is for."""


@dataclass(slots=True)
class Block:
    """A run of text."""

    text: str
    box: int
    """Index of the nearest box around it."""
    tag: str
    linked: int
    """Characters of it that are links."""
    link_last: bool
    """True where the text ends in a link."""
    key: str = field(init=False)
    """Letters and digits only, to compare with."""

    def __post_init__(self) -> None:
        self.key = key_of(self.text)

    @property
    def density(self) -> float:
        """Share of the text that is links, 0 to 1."""
        return self.linked / len(self.text)


@dataclass(slots=True)
class Layout:
    """Boxes and blocks of one page."""

    boxes: list[Box] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def around(self, block: Block) -> Iterator[int]:
        """Indexes of the boxes around a block, from the inside out."""
        index = block.box
        while index >= 0:
            yield index
            index = self.boxes[index].parent


def key_of(text: str) -> str:
    """Letters and digits of a text, nothing else."""
    return re.sub(r"[\W_]+", "", text)


def read_layout(tree: HtmlElement) -> Layout:
    """The visible text of a page; navigation, figures, forms' controls and hidden parts left out."""
    body = tree.find(".//body")
    return _Reader().read(tree if body is None else body)


class _Reader:
    def __init__(self) -> None:
        self.layout = Layout()
        self.open: list[int] = []
        self.text: list[str] = []
        self.linked = 0
        self.links = 0  # open a elements
        self.link_last = False

    def read(self, root: HtmlElement) -> Layout:
        self._visit(root)
        return self.layout

    def _visit(self, element: HtmlElement) -> None:
        """Recursive: `tree.parse` lets no page through that nests deeper than 256."""
        tag = element.tag
        link = tag == "a"
        box = not (tag in _INLINE or "-" in tag or ":" in tag)
        if box:
            self._flush()
            parent = self.open[-1] if self.open else -1
            self.open.append(len(self.layout.boxes))
            self.layout.boxes.append(Box(tag, parent, element.get("class") or "", _label(element)))
        self.links += link
        if element.text:
            self._add(element.text)
        for child in element:
            if child.tag == "br":
                self._break(child)
            elif not _unseen(child):
                self._visit(child)
            if child.tail:
                self._add(child.tail)
        self.links -= link
        if box:
            self._flush()
            self.open.pop()

    def _break(self, br: HtmlElement) -> None:
        """One br is a space, two are a paragraph."""
        self.text.append("\n")
        after = br.getnext()
        if after is not None and after.tag == "br" and not (br.tail or "").strip():
            self._flush()

    def _add(self, text: str) -> None:
        self.text.append(text)
        if stripped := text.strip():
            self.link_last = self.links > 0
            if self.links:
                self.linked += len(stripped)

    def _flush(self) -> None:
        if not self.text:
            return
        text = squeeze("".join(self.text))
        if text and self.open:
            box = self.open[-1]
            tag = self.layout.boxes[box].tag
            self.layout.blocks.append(Block(text, box, tag, min(self.linked, len(text)), self.link_last))
        self.text.clear()
        self.linked = 0


def _unseen(element: HtmlElement) -> bool:
    if element.tag in _SKIPPED or not isinstance(element.tag, str):
        return True
    if not element.attrib:
        return False
    style = element.get("style")
    classes = element.get("class")
    return (
        (element.get("hidden") is not None and not _STREAMED.match(element.get("id") or ""))
        or (style is not None and _HIDDEN_STYLE.search(style) is not None)
        or element.get("role") in _HIDDEN_ROLE
        or (classes is not None and _SCREEN_READER.search(classes) is not None)
    )


def _label(element: HtmlElement) -> str:
    if not element.attrib:
        return ""
    parts = [value for name in _LABELS if (value := element.get(name))]
    name = element.get("id")
    if name and not _MACHINE_ID.search(name):
        parts.append(name)
    return " ".join(parts)
