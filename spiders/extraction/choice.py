"""Which blocks around an article are the article.

Figures beside a rule are what body F1 loses without it (public benchmark / publishers' pages).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import dropwhile

from spiders.extraction.blocks import Block, Layout, key_of
from spiders.extraction.junk import FINE, NEVER, is_digest_heading, is_service_line, purpose
from spiders.extraction.moments import read_moment
from spiders.extraction.place import HEADINGS, LONG, Place

_LISTS = frozenset({"ul", "ol", "dl", "table"})
_EMBEDDED = re.compile(
    r"\b(?:twitter-tweet|instagram-media|tiktok-embed|bluesky-embed|mastodon-embed|reddit-(?:embed|card))"
)
_POINTER = re.compile(r"^[^\w]{0,3}[^.!?]{2,40}?\s*[:|›»>–—-]\s")
"""The start of "MORE NEWS | headline"."""


class Choice:
    """One page's blocks, judged."""

    def __init__(
        self, layout: Layout, found: str, titles: Iterable[str], authors: Iterable[str], summaries: Iterable[str]
    ) -> None:
        self.layout = layout
        self.blocks = layout.blocks
        self.found = found
        self.found_key = key_of(found)
        self.place = Place(layout, found, titles)
        self.authors = [name for name in authors if name]
        self.summaries = [key_of(summary.rstrip(" .…")).casefold() for summary in summaries]
        self.why: dict[int, str] = {}
        """Reason why a block near the article was left out, by its number."""
        self.kept: set[int] = set()
        if self.place.known:
            self._judge_lists()
            self._judge()
            self._drop_tail()
            self._drop_headings()
            self._add_standfirst()

    def text(self) -> str:
        """The chosen blocks, one a line; the library's text where it cannot be found in the layout, or where the
        rules would leave nothing of three paragraphs or more: then they misread the page."""
        if self.place.known and (self.kept or sum(len(line) > LONG for line in self.found.split("\n")) < 3):
            return "\n".join(self.blocks[i].text for i in sorted(self.kept))
        lines = self.found.split("\n")
        return "\n".join(dropwhile(lambda line: key_of(line).casefold() in self.place.titles, lines))

    def _judge_lists(self) -> None:
        """A list of links is left as a whole (0.001 / 0.000)."""
        lists: dict[int, list[int]] = {}
        for i in self.place.inside:
            for box in self.layout.around(self.blocks[i]):
                if box == self.place.home:
                    break
                if self.layout.boxes[box].tag in _LISTS:
                    lists.setdefault(box, []).append(i)
        for box, members in lists.items():
            size = self.place.size(members)
            links = sum(self.blocks[i].linked for i in members) > 0.6 * size and size < 0.4 * self.place.total
            if links and len(members) > 1 and self.layout.boxes[box].tag in ("ul", "ol"):
                self.why.update(dict.fromkeys(members, "links"))

    def _judge(self) -> None:
        core = [
            i
            for i in self.place.long(self.place.inside)
            if self.place.taken[i] and self.place.styles_of[i] in self.place.styles
        ]
        self.core: Counter[int] = Counter()
        for i in core:
            if self.blocks[i].tag == "p":
                self.core.update(self.layout.around(self.blocks[i]))
        self.labelled: dict[int, bool] = {}
        linked = self.place.size(
            i
            for i in self.place.inside
            if self.place.taken[i] and self.blocks[i].tag == "p" and self.blocks[i].density >= 0.9
        )
        self.of_links = linked >= 0.3 * self.place.total
        """An article that consists of links would be lost whole."""
        said: set[str] = set()
        digest = False
        for i in self.place.inside:
            block = self.blocks[i]
            digest = is_digest_heading(block.text) or (digest and block.tag == "li")
            reason = self.why.get(i) or ("digest" if digest else self._reason(i, block, said))
            if reason:
                self.why[i] = reason
            else:
                self.kept.add(i)
                said.add(block.key)

    def _reason(self, i: int, block: Block, said: set[str]) -> str:
        """Why a block is left out, "" where it stays."""
        if self._embedded(block) and i > self.place.first:
            return ""  # a post that the article shows is read as part of it (0.002 / 0.000)
        if not self.place.taken[i] and not self._fits_in(i, block):
            return "out"
        if self._in_junk(block.box):
            return "label"
        if self._is_link(block):
            return "link"
        if is_service_line(block.text):
            return "service"
        if self._is_title(i, block):
            return "title"
        if len(block.key) > 40 and block.key in said:
            return "again"
        return "byline" if self._is_byline(i, block) else ""

    def _fits_in(self, i: int, block: Block) -> bool:
        """Paragraphs that the library left out although their style is the article's."""
        if i < self.place.first or block.density >= 0.5 or block.tag in HEADINGS:
            return False
        return self.place.styles_of[i] in self.place.styles and len(block.text) > 30 and block.key not in self.found_key

    def _in_junk(self, box: int) -> bool:
        """Whether a box, or one around it inside the article's, says that it is something else; a label on a box
        with several of the article's own paragraphs is no such thing, unless it is plain (0.000 / 0.002)."""
        if box in (self.place.home, -1):
            return False
        if box not in self.labelled:
            cell = self.layout.boxes[box]
            few = self.core[box] == 0 or (self.core[box] == 1 and cell.tag != "p")
            here = purpose(cell.label)
            plain = here == NEVER and self.core[box] < 0.7 * self.core[self.place.home]
            self.labelled[box] = (here != FINE if few else plain) or self._in_junk(cell.parent)
        return self.labelled[box]

    def _embedded(self, block: Block) -> bool:
        boxes = (self.layout.boxes[box] for box in self.layout.around(block))
        return any(box.tag == "blockquote" and _EMBEDDED.search(box.classes) for box in boxes)

    def _is_link(self, block: Block) -> bool:
        if block.density >= 0.8 and len(block.text) >= 15:
            return block.tag != "p" or not self.of_links
        pointer = block.link_last and block.density > 0.4 and block.linked >= 25 and len(block.text) < 250
        return pointer and _POINTER.match(block.text) is not None

    def _is_title(self, i: int, block: Block) -> bool:
        return block.key.casefold() in self.place.titles or (block.tag == "h1" and i < self.place.first)

    def _is_byline(self, i: int, block: Block) -> bool:
        """Names and nothing else; above the text also names in what is no sentence, and dates (0.001 / 0.000)."""
        if len(block.text) >= 150:
            return False
        rest = block.text
        for name in self.authors:
            rest = re.sub(re.escape(name), " ", rest, flags=re.I)
        named, above = rest != block.text, i < self.place.first
        if named and (len(key_of(rest)) <= 12 or (above and block.text[-1] not in ".!?”")):
            return True
        return above and len(block.text) < 60 and read_moment(block.text) is not None

    def _drop_tail(self) -> None:
        """After its last paragraph an article ends, whatever stands in a wider box (0.001 / 0.001)."""
        core = [i for i in self.place.long(sorted(self.kept)) if self.place.styles_of[i] in self.place.styles]
        if not core:
            return
        box = self.place.box_of(core)
        last = max((i for i in core if box in self.layout.around(self.blocks[i])), default=core[-1])
        for i in sorted(self.kept):
            if i > last and box not in self.layout.around(self.blocks[i]):
                self.kept.discard(i)
                self.why[i] = "tail"

    def _drop_headings(self) -> None:
        """A heading goes with what it stands over."""
        after = "end"
        for i in reversed(self.place.inside):
            if self.why.get(i) == "out":
                continue
            if i in self.kept and self.blocks[i].tag in HEADINGS and after not in ("", "title", "byline"):
                self.kept.discard(i)
                self.why[i] = "heading"
            after = self.why.get(i, "")

    def _add_standfirst(self) -> None:
        """The description that the page gives of itself, where a reader sees it above the text (-0.003 / 0.006)."""
        if not self.kept:
            return
        first = min(self.place.long(self.kept), default=min(self.kept))
        start = key_of("".join(self.blocks[i].text for i in sorted(self.kept))[:3000]).casefold()
        for summary in self.summaries:
            if len(summary) < 30:
                continue
            if summary in start:
                return
            for i in range(first):
                if i not in self.kept and self._says(self.blocks[i], summary, start):
                    self.kept.add(i)
                    return

    def _says(self, block: Block, summary: str, start: str) -> bool:
        key = block.key.casefold()
        if len(key) < 30 or block.density >= 0.5 or key in self.place.titles or key in start:
            return False
        return (summary in key and len(key) < 3 * len(summary)) or (key in summary and len(key) > 0.6 * len(summary))
