"""Where on a page its article stands.

The library's text is looked up in the page's layout; what it found gives the article's box and the styles of its
paragraphs. Figures beside a rule are what body F1 loses without it on 92 pages of the public benchmark and on 121
pages of publishers, so that nobody keeps a rule for old times' sake.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from spiders.extraction.blocks import Block, Layout, key_of
from spiders.extraction.junk import NEVER, purpose

Style = tuple[str, str, str]
"""Tag of a block, tag of the box around it, first two classes of that box: paragraphs of one text share it."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LONG = 60
"""Characters from which a block is a paragraph and not a label."""
_SURE_KEY = 25
"""Letters from which finding a block in the library's text is no chance."""


class Place:
    """The blocks among which the article is chosen."""

    def __init__(self, layout: Layout, found: str, titles: Iterable[str]) -> None:
        self.layout = layout
        self.blocks = layout.blocks
        self.titles = {key_of(title).casefold() for title in titles if title}
        self.styles_of = [self._style(block) for block in self.blocks]
        self.taken = matches(self.blocks, found)
        """Which blocks the library took, then which are taken for other reasons."""
        matched = sum(len(block.key) for block, taken in zip(self.blocks, self.taken, strict=True) if taken)
        self._take_runs()
        seeds = self.long(i for i, taken in enumerate(self.taken) if taken)
        self.total = self.size(seeds)
        """Characters of the taken paragraphs."""
        self.known = bool(seeds) and (matched >= 0.4 * len(key_of(found)) or self.total >= 2 * len(found))
        """Whether the article could be located at all."""
        if self.known:
            self._settle(seeds)

    def _settle(self, seeds: list[int]) -> None:
        self.home = self.box_of(seeds)
        """The article's box."""
        self.styles = self._main_styles(seeds)
        """Of the article's paragraphs."""
        within = [i for i, block in enumerate(self.blocks) if self.home in self.layout.around(block)]
        numbers = set(within)
        self.first = next(i for i in seeds if i in numbers)
        """The article's first paragraph."""
        self.inside = self._until_next_article(within)
        """Numbers of the blocks to choose from."""

    def _style(self, block: Block) -> Style:
        box = self.layout.boxes[block.box]
        parent = self.layout.boxes[box.parent] if box.parent >= 0 else box
        return block.tag, parent.tag, " ".join(parent.classes.split()[:2])

    def size(self, numbers: Iterable[int]) -> int:
        """Characters of these blocks."""
        return sum(len(self.blocks[i].text) for i in numbers)

    def long(self, numbers: Iterable[int]) -> list[int]:
        """Those that are paragraphs by their length."""
        return [i for i in numbers if len(self.blocks[i].text) > LONG]

    def _holder(self, i: int) -> int:
        return self.layout.boxes[self.blocks[i].box].parent

    def mass(self, numbers: Iterable[int]) -> Counter[int]:
        """Characters of these blocks in each box."""
        mass: Counter[int] = Counter()
        for i in numbers:
            for box in self.layout.around(self.blocks[i]):
                mass[box] += len(self.blocks[i].text)
        return mass

    def box_of(self, numbers: list[int]) -> int:
        """The smallest box with nine tenths of these blocks."""
        mass, enough = self.mass(numbers), 0.9 * self.size(numbers)
        for i in (numbers[0], numbers[len(numbers) // 2]):
            for box in self.layout.around(self.blocks[i]):
                if mass[box] >= enough:
                    return box
        return 0

    def _main_styles(self, seeds: list[int]) -> set[Style]:
        share: Counter[Style] = Counter()
        for i in seeds:
            if self.blocks[i].density < 0.5:
                share[self.styles_of[i]] += len(self.blocks[i].text)
        return {style for style, size in share.items() if size > 0.2 * self.total}

    def _take_runs(self) -> None:
        """Templates put one article into several boxes of one class, and the library takes the first; or it takes
        a side show while the page's main run of paragraphs is far longer (0.003 / 0.004)."""
        main = self._main_run()
        own = [i for i in main if self.taken[i]]
        total = self.size(self.long(i for i, taken in enumerate(self.taken) if taken))
        holders = Counter(self._holder(i) for i in main)
        if own and self.size(own) > 0.5 * total:
            for i in self._same_article(main, own, holders):
                self.taken[i] = True
        elif main and not own and self.size(main) > 2 * total and max(holders.values()) >= 0.5 * len(main):
            for i in main:
                self.taken[i] = True

    def _main_run(self) -> list[int]:
        """The long, hardly linked paragraphs of one style that hold most text."""
        mass = self.mass(i for i in self.long(range(len(self.blocks))) if self.blocks[i].tag == "p")
        most = 0.5 * mass[0]
        runs: dict[Style, list[int]] = {}
        for i in self.long(range(len(self.blocks))):
            block = self.blocks[i]
            if block.tag != "p" or block.density >= 0.5 or not self.styles_of[i][2]:
                continue
            boxes = self.layout.boxes
            if not any(purpose(boxes[box].label) == NEVER and mass[box] < most for box in self.layout.around(block)):
                runs.setdefault(self.styles_of[i], []).append(i)
        return max(runs.values(), key=self.size, default=[])

    def _same_article(self, run: list[int], own: list[int], holders: Counter[int]) -> list[int]:
        """Of a run, what belongs to the article that the library found: not of another article element, and no
        teasers, which stand one in a box."""
        alone = sum(holders[self._holder(i)] for i in own) / len(own) < 2
        articles = {self._article(i) for i in own} | {-1}
        return [
            i for i in run if i > min(own) and (alone or holders[self._holder(i)] > 1) and self._article(i) in articles
        ]

    def _article(self, i: int) -> int:
        boxes = self.layout.boxes
        return next((box for box in self.layout.around(self.blocks[i]) if boxes[box].tag == "article"), -1)

    def _until_next_article(self, inside: list[int]) -> list[int]:
        """Endless pages append whole articles: another article element with a headline of its own ends this one."""
        own = self._article(self.first)
        for place, i in enumerate(inside):
            block = self.blocks[i]
            if i > self.first and block.tag in ("h1", "h2") and self._article(i) not in (own, -1):
                beside = own >= 0 and own not in self.layout.around(block)
                if beside and block.tag == self._headline() and self.size(inside[:place]) > 5 * LONG:
                    return inside[:place]
        return inside

    def _headline(self) -> str:
        """The tag in which the page writes its headline."""
        tags = (block.tag for block in self.blocks if block.key.casefold() in self.titles)
        return next((tag for tag in tags if tag in HEADINGS), "h1")


def matches(blocks: list[Block], found: str) -> list[bool]:
    """Which blocks stand in a text; short ones only beside one that does."""
    lines = {key_of(line) for line in found.split("\n")}
    whole = key_of(found)
    taken = [len(block.key) > _SURE_KEY and (block.key in whole or _mostly(block.key, whole)) for block in blocks]
    for i, block in enumerate(blocks):
        if taken[i] or not block.key:
            continue
        before = blocks[i - 1].key[-20:] if i and taken[i - 1] else None
        after = blocks[i + 1].key[:20] if i + 1 < len(blocks) and taken[i + 1] else None
        taken[i] = (
            block.key in lines
            or (before is not None and before + block.key in whole)
            or (after is not None and block.key + after in whole)
        )
    return taken


def _mostly(key: str, whole: str) -> bool:
    """Two of three samples of a long key: the library leaves out readings, notes and pop-ups inside a paragraph."""
    middle = len(key) // 2
    samples = (key[:30], key[middle - 15 : middle + 15], key[-30:])
    return len(key) > 100 and sum(sample in whole for sample in samples) >= 2
