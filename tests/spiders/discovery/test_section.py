"""Section and front pages: which links are articles."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scrapy import Request

from analysis.errors import ExtractionError
from analysis.stories.address import address_id
from analysis.watchlist import Source
from spiders.discovery import Answer, Found, discover
from tests.newsroom.serve import Newsroom
from tests.newsroom.story import Outlet, outlets

SECTION = Source(id="paper", outlet="The Paper", kind="section", url="http://www.paper.example/business/", tier=3)
ROOM = Newsroom(port=8808)


def read(body: str | bytes, kind: str = "text/html; charset=utf-8", url: str = SECTION.url) -> Found:
    """What a section page names."""
    return discover(SECTION, Answer(url=url, body=body.encode() if isinstance(body, str) else body, content_type=kind))


def urls(found: Found) -> list[str]:
    """Addresses in order."""
    return [lead.url for lead in found.leads]


@pytest.mark.parametrize("outlet", outlets(), ids=lambda outlet: outlet.id)
def test_the_newsrooms_front_pages(outlet: Outlet) -> None:
    """Every article in the order of the page, the closed draft too (robots.txt decides); no navigation."""
    _, body = ROOM.answer(outlet, "/") or ("", b"")
    base = ROOM.base(outlet)
    pieces = {ROOM.url(p): p for p in ROOM.articles if p.outlet == outlet}
    listed = [ROOM.url(p) for p in reversed(ROOM.articles) if p.outlet == outlet and not p.unlisted]

    found = read(body, url=base + "/")
    others = [url for url in urls(found) if url not in pieces]

    assert [url for url in urls(found) if url in listed] == listed
    assert set(pieces) <= set(urls(found))
    assert others == [url for url in others if "/archive/" in url][: bool(outlet.dead_link)]
    assert {lead.url: lead.title for lead in found.leads if lead.url in pieces} == {
        url: piece.title for url, piece in pieces.items()
    }


def test_navigation_is_not_taken() -> None:
    """Sections, sign-up, imprint, social networks, files, the page itself."""
    found = read(
        """<nav><a href="/">Home</a> <a href="/politics/">Politics</a> <a href="/business/">Business</a>
        <a href="/business/#top">To the top</a> <a href="/tag/netflix">Netflix</a>
        <a href="/subscribe">Subscribe now</a></nav>
        <main><h2><a href="/1">Netflix down</a></h2></main>
        <footer><a href="/imprint">Imprint</a> <a href="/privacy-policy">Privacy</a> <a href="mailto:a@b.c">Mail us</a>
        <a href="https://social.example/paper/status/123456789">Follow us on this social network</a>
        <a href="/2008/08/11/report.pdf">The whole report of the day</a> <a href="/feed.xml">All news as a feed</a>
        <a href="javascript:void(0)">Show me more of these headlines</a> <a>No address in this one here</a></footer>"""
    )

    assert urls(found) == ["http://www.paper.example/1"]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/x">Netflix cannot mail its discs</a>',
        '<h3><a href="/x">Netflix down</a></h3>',
        '<a href="/x"><h4>Netflix down</h4></a>',
        '<a href="/2008/08/11/x">More</a>',
        '<a href="/20080811/x">More</a>',
        '<a href="/news/netflix-outage-day-three">More</a>',
        '<a href="/article/1234567">More</a>',
        '<a href="/x">奈飞公司称邮寄系统已经恢复正常运转</a>',
        '<a href="/x">ネットフリックス、配送を再開すると発表</a>',
        '<a href="/x">Нетфликс восстановил доставку дисков</a>',
        '<a href="/x">เน็ตฟลิกซ์กลับมาให้บริการแล้ววันนี้</a>',
        '<a href="/x">نتفليكس تستأنف شحن الأقراص اليوم</a>',
    ],
)
def test_what_looks_like_an_article(link: str) -> None:
    """By its text, its heading or its address; in languages that put no blanks between words too."""
    assert len(read(f"<html><body><main>{link}</main></body></html>").leads) == 1


def test_one_article_linked_thrice_is_one_lead_with_its_longest_text() -> None:
    """Picture, headline, "read more"; tracking parameters and fragments are the same page."""
    found = read(
        """<a href="/2008/08/11/one?utm_source=front"><img src="x.jpg"></a>
        <a href="/2008/08/11/two">Second</a>
        <a href="/2008/08/11/one"><b>Netflix</b> cannot
           mail its discs</a> <a href="/2008/08/11/one#comments">12 comments</a>"""
    )

    assert [(lead.url.partition("?")[0], lead.title) for lead in found.leads] == [
        ("http://www.paper.example/2008/08/11/one", "Netflix cannot mail its discs"),
        ("http://www.paper.example/2008/08/11/two", "Second"),
    ]
    assert {(lead.via, lead.published, lead.tier, lead.source_id) for lead in found.leads} == {
        ("section", None, 3, "paper")
    }


def test_base_href_is_where_links_start() -> None:
    """The first one counts; one that leads to another host takes its links with it."""
    link = '<a href="2008/08/11/x">Netflix cannot mail its discs</a>'

    assert urls(read(f'<base href="/news/"><base href="/other/">{link}')) == [
        "http://www.paper.example/news/2008/08/11/x"
    ]
    assert urls(read(f'<base href="http://other.example/">{link}')) == []
    assert urls(read(f'<base target="_top">{link}')) == ["http://www.paper.example/business/2008/08/11/x"]
    assert urls(read(link)) == ["http://www.paper.example/business/2008/08/11/x"]


def test_only_the_papers_own_host_with_or_without_www() -> None:
    """Other hosts, and hosts that only end alike, are other papers."""
    hosts = (
        "www.paper.example",
        "paper.example",
        "WWW.Paper.example",
        "sport.paper.example",
        "evilpaper.example",
        "other.example",
    )
    links = "".join(f'<a href="http://{name}/2008/08/11/{n}">x</a>' for n, name in enumerate(hosts))

    assert [url.rpartition("/")[2] for url in urls(read(links))] == ["0", "1", "2"]


def test_bytes_in_another_charset_are_read_by_what_they_say() -> None:
    """A header that is wrong about windows-1251."""
    headline = "Нетфликс восстановил доставку дисков"
    body = f'<meta charset="windows-1251"><a href="/x">{headline}</a>'.encode("cp1251")

    assert [lead.title for lead in read(body, "text/html; charset=utf-8").leads] == [headline]


def test_broken_addresses_spoil_nothing() -> None:
    """One bad link in a footer must not cost the page."""
    bad = "".join(
        f'<a href="{url}">four words of text</a>'
        for url in ("http://[::1", "http://www.paper.example:99999/", "//", "%")
    )
    found = read(f'{bad}<a href="/2008/08/11/x">One</a>{bad}')

    assert "http://www.paper.example/2008/08/11/x" in urls(found)


def test_nothing_to_parse_is_not_html() -> None:
    """An empty answer; what a page without links means is for the source's health to say."""
    with pytest.raises(ExtractionError) as error:
        read("")
    assert error.value.reason == "not_html"
    assert read("<html><body><p>No links</p></body></html>") == Found()


PIECES = (
    '<a href="', '">', "</a>", '<base href="', "/2008/08/11/", "http://", "www.paper.example", ":80", ":x", "[", "]",
    "..", "//", "?", "#", "&", "four words of text", "<h2>", "</h2>", "\x00", "é", "☃", "<!--", "-->", "<script>",
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@example('<base href="http://[">')
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_page_is_read_or_says_why_not(body: str) -> None:
    """Nothing else is raised, and whatever is found can be asked for."""
    found = Found()
    with suppress(ExtractionError):
        found = read(body)
    for lead in found.leads:
        assert address_id(lead.url)
        assert Request(lead.url).url.startswith("http")
