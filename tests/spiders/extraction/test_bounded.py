"""Hostile pages end to end: extraction in worker processes with the budget of a crawl (docs/faults.md).

Each page ends in its named reason, within its budget of time and memory, and the pages after it and beside it come out
whole.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pebble import ProcessPool

from analysis.errors import ExtractionError
from analysis.items import Article, Lead
from analysis.matching import Matcher
from analysis.watchlist import loads
from analysis.workers import Workers
from spiders.extraction import Page, extract
from tests.spiders.extraction.pages import BODY, PARAGRAPHS, TITLE, URL, article, html, linked

TEXT = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
GERMAN = tuple(f"Größe, Übermut und „Anführung“: für {number} € im Café, sagte René." for number in range(9))
JAPANESE = tuple(f"韓国の映画配給会社は{number}日、倉庫のシステムが停止したと発表した。" for number in range(9))
PLAIN = Page(url=URL, body=article().encode())
WHOLE = "whole"


@dataclass(frozen=True)
class Case:
    """A page, and where it must end: whole, with the reason why it is not, or with the reason why it is none."""

    ends: str
    page: str | bytes
    kind: str = "text/html; charset=utf-8"
    url: str = URL
    lead: str = ""
    text: tuple[str, ...] = PARAGRAPHS

    def asked(self) -> Page:
        """As the spider asks for it."""
        body = self.page if isinstance(self.page, bytes) else self.page.encode()
        lead = Lead(url=self.lead, source_id="beacon", outlet="Beacon") if self.lead else None
        return Page(url=self.url, body=body, content_type=self.kind, lead=lead)


def bomb(attributes: int, value: str = "") -> str:
    """A tag with so many attributes."""
    return html(f"<p {' '.join(f'a{number}{value}' for number in range(attributes))}>x</p>{TEXT}")


HIDDEN = bomb(59_000, "=<")
"""The `<` hides the tag's length from a cheap look, and without quotation marks also from the second one."""


def nested(tag: str, depth: int) -> str:
    """An article inside so many elements."""
    return html(f"<h1>{TITLE}</h1>" + f"<{tag}>" * depth + TEXT + f"</{tag}>" * depth)


def wall(title: str, text: str) -> str:
    """A page that shows this instead of an article."""
    return html(f"<h1>{title}</h1><p>{text}</p>", f"<title>{title}</title>")


CASES = {
    "P1 5,000 nested tags": Case(WHOLE, nested("div", 5_000)),
    "P1 100,000 nested tags": Case("too_complex", nested("div", 100_000)),
    "P1 20,000 unclosed tags": Case("truncated", article().replace("</body></html>", "") + "<b>" * 20_000),
    "P2 40,000 attributes": Case("too_complex", bomb(40_000)),
    "P2 300,000 attributes": Case("too_complex", bomb(300_000)),
    "P2 40,000 attributes with values": Case("too_complex", bomb(40_000, '="<"')),
    "P2 40,000 attributes with other values": Case("too_complex", bomb(40_000, "='<p>'")),
    "P2 data for scripts": Case(WHOLE, article(head="<script>x=['<p'," + "'a'," * 9_000 + "'<b>']</script>")),
    "P3 script of 9 MB": Case(WHOLE, article(head=f"<script>x='{'a' * 9_000_000}'</script>")),
    "P3 script of 20 MB": Case("too_large", article(head=f"<script>x='{'a' * 20_000_000}'</script>")),
    "P3 text of 20 MB": Case("too_large", html("<p>" + "word " * 4_000_000 + "</p>")),
    "P3 text of 9 MB": Case("too_large", html("<p>" + "word " * 1_800_000 + "</p>")),
    "P4 control characters": Case(WHOLE, article().replace("fault", "fa\x00ult\x08").replace("credit", "cre\u00addit")),
    "P4 broken UTF-8": Case(WHOLE, article(paragraphs=GERMAN).encode() + b"\xc3", text=GERMAN),
    "P5 200,000 paragraphs": Case("too_complex", html("<p>A paragraph of some words.</p>" * 200_000)),
    "H13 cp1252 as utf-8": Case(WHOLE, article(paragraphs=GERMAN).encode("cp1252"), text=GERMAN),
    "H13 Shift-JIS as utf-8": Case(WHOLE, article(paragraphs=JAPANESE).encode("shift_jis"), text=JAPANESE),
    "H13 no charset at all": Case(
        "bad_encoding", article().encode().replace(b"e", b"\xff\xfe\xfd"), kind="text/html; charset=utf-8"
    ),
    "H14 PDF as HTML": Case("not_html", b"%PDF-1.7\n1 0 obj <html><p>x</p>" + b"\xe2" * 5_000),
    "H14 HTML as JSON": Case(WHOLE, article(), kind="application/json"),
    "H14 HTML as octet-stream": Case(WHOLE, article(), kind="application/octet-stream"),
    "H17 consent": Case(
        "consent_wall", wall("Before you continue", "We and our 842 partners store cookies. Accept all cookies.")
    ),
    "H17 captcha": Case(
        "consent_wall", wall("Just a moment", "Checking your browser. Verify you are a human, please.")
    ),
    "H17 login": Case("consent_wall", wall("Welcome back", "Please log in. Log in to continue.")),
    "H17 wall before a known article": Case(
        "consent_wall",
        html("<p>We value your privacy. Accept all cookies.</p>", linked(headline=TITLE, description=PARAGRAPHS[0])),
        text=PARAGRAPHS[:1],
    ),
    "H18 soft 404": Case("soft_404", wall("Page not found", "Try the search, or go back to the start page, please.")),
    "H18 led to the home page": Case(
        "soft_404", html(f"<h1>Beacon</h1>{TEXT}"), url="https://www.beacon-herald.com/", lead=URL
    ),
    "H19 teaser": Case(
        "teaser", article(head=linked(isAccessibleForFree=False), paragraphs=PARAGRAPHS[:2]), text=PARAGRAPHS[:2]
    ),
}
NO_ARTICLE = {"too_complex", "too_large", "not_html", "soft_404", "consent_wall"}


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """With the budget of a crawl: nine seconds, 1,500 MiB."""
    pool = Workers(processes=2)
    yield pool
    pool.close()


async def ending(pool: Workers, page: Page) -> tuple[str, str]:
    """Where a page ends, and the text that is kept of it."""
    try:
        found = await pool.run(extract, page)
    except ExtractionError as error:
        return error.reason, ""
    return found.incomplete_reason or WHOLE, found.body


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_page_ends_in_its_reason(workers: Workers, name: str) -> None:
    """What is kept of it is its text and nothing else."""
    case = CASES[name]
    ends, body = asyncio.run(ending(workers, case.asked()))

    assert ends == case.ends
    if ends == "bad_encoding":
        assert "\ufffd" in body
    elif body or ends not in NO_ARTICLE:
        assert body == "\n".join(case.text)


def test_other_pages_come_out_whole_beside_all_of_them(workers: Workers) -> None:
    """Two workers, every hostile page at once, an ordinary one after each."""

    async def all_at_once() -> list[tuple[str, str]]:
        pages = (page for case in CASES.values() for page in (case.asked(), PLAIN))
        return await asyncio.gather(*(ending(workers, page) for page in pages))

    found = asyncio.run(all_at_once())

    assert [ends for ends, _ in found[::2]] == [case.ends for case in CASES.values()]
    assert found[1::2] == [(WHOLE, BODY)] * len(CASES)


def timed(pool: Workers, page: Page) -> tuple[str, float]:
    """Where a page ends and after how many seconds, while ordinary pages keep the other worker at work."""

    async def both() -> tuple[str, float]:
        await asyncio.gather(ending(pool, PLAIN), ending(pool, PLAIN))  # both workers have started
        start = time.monotonic()
        hostile = asyncio.ensure_future(ending(pool, page))
        others = [await ending(pool, PLAIN) for _ in range(3)]
        in_time = not hostile.done()
        ends, _ = await hostile
        took = time.monotonic() - start
        assert others == [(WHOLE, BODY)] * 3
        assert in_time, "the hostile page was no harder than three others"
        assert await ending(pool, PLAIN) == (WHOLE, BODY)
        return ends, took

    return asyncio.run(both())


def test_a_page_that_stalls_the_parser_costs_its_time_and_no_other_page() -> None:
    """P2: what gets past the guard meets the clock, here of five seconds."""
    pool = Workers(processes=2, seconds=5)
    ends, _ = timed(pool, Page(url=URL, body=HIDDEN.encode()))
    pool.close()

    assert ends == "parse_timeout"


@pytest.mark.slow
def test_a_page_that_stalls_the_parser_ends_within_ten_seconds(workers: Workers) -> None:
    """P2 with the budget of a crawl; in the worker's own process the same page takes longer than that. The worker is
    stuck in C, where no signal handler of Python runs."""
    ends, took = timed(workers, Page(url=URL, body=HIDDEN.encode()))

    assert ends == "parse_timeout"
    assert took < 10


def test_a_page_that_eats_memory_is_capped() -> None:
    """The guard leaves no page that we know of more than a third of the 1,500 MiB, so here a worker has less: enough
    for any ordinary page, too little for millions of class names on one tag."""
    pool = Workers(processes=1, mebibytes=350)
    hog = Page(url=URL, body=html(f"<p class='{'ab ' * 3_200_000}'>x</p>{TEXT}").encode())
    found = [asyncio.run(ending(pool, page)) for page in (PLAIN, hog, PLAIN)]
    pool.close()

    assert found == [(WHOLE, BODY), ("capped", ""), (WHOLE, BODY)]


def held(mebibytes: int) -> int:
    """What a piece of work could hold at once, nothing of it written to."""
    return len(bytearray(mebibytes * 1024 * 1024)) // (1024 * 1024)


def test_a_crawls_own_limit_of_memory_holds(workers: Workers) -> None:
    """1,500 MiB: what asks for more is capped, what asks for less is not."""

    async def asked(mebibytes: int) -> int | str:
        try:
            return await workers.run(held, mebibytes)
        except ExtractionError as error:
            return error.reason

    assert [asyncio.run(asked(size)) for size in (900, 1_500, 900)] == [900, "capped", 900]


@pytest.mark.slow
def test_workers_that_are_killed_are_replaced(workers: Workers) -> None:
    """As the kernel does when memory runs out: while they have nothing to do, and while pages wait for them."""

    def kill() -> ProcessPool:
        assert workers._pool is not None
        for pid in list(workers._pool._pool_manager.worker_manager.workers):
            os.kill(pid, signal.SIGKILL)
        return workers._pool

    async def pages() -> list[tuple[str, str]]:
        assert await ending(workers, PLAIN) == (WHOLE, BODY)
        kill()._pool_manager_loop.join(10)  # it gives up when it notices
        first = await ending(workers, PLAIN)
        kill()
        return [first, *await asyncio.gather(*(ending(workers, PLAIN) for _ in range(30)))]

    found = asyncio.run(pages())

    assert found[0] == (WHOLE, BODY)
    assert set(found[1:]) <= {(WHOLE, BODY), ("capped", "")}  # one that a worker had begun goes with it
    assert found.count(("capped", "")) <= 2


NAMES = {
    "zero-width space": ("Net\u200bflix", True),
    "soft hyphen": ("Net\u00adflix", True),
    "fullwidth": ("\uff2e\uff45\uff54\uff46\uff4c\uff49\uff58", True),
    "character references": ("".join(f"&#{ord(letter)};" for letter in "Netflix"), True),
    "mathematical bold": ("\U0001d40d\U0001d41e\U0001d42d\U0001d41f\U0001d425\U0001d422\U0001d431", True),
    "Cyrillic letter": ("N\u0435tflix", False),
    "RTL override": ("Net\u202eflix\u202c", True),
    "turned round by an RTL override": ("\u202exilfteN\u202c", False),
    "inside a word": ("Supernetflixer", False),
    "beginning of a word": ("Netflixable", False),
    "name of a domain": ("inetflix.example", False),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_written_oddly_a_name_is_found_and_inside_a_word_it_is_not(workers: Workers, name: str) -> None:
    """P6, from the bytes of the page to the mention. (Letters of other scripts that only look alike are
    no hit; they are told: `tests/analysis/matching/test_lookalikes.py`.)"""
    written, found = NAMES[name]
    page = Page(url=URL, body=article(f"<p>Many of the customers of {written} waited for a disc.</p>").encode())
    read = asyncio.run(workers.run(extract, page))

    assert bool(matched(read)) is found


def matched(found: Article) -> list[str]:
    """The brands that an article names."""
    document = (
        '[crawl]\nuser_agent = "presswatch (+mailto:pr@example.org)"\n'
        '[[brands]]\nid = "netflix"\nname = "Netflix"\nrole = "ours"\n'
        '[[sources]]\nid = "beacon"\noutlet = "Beacon"\nkind = "feed"\nurl = "https://www.beacon-herald.com/feed"\n'
    )
    return [mention.brand_id for mention in Matcher(loads(document)).match(found).mentions]
