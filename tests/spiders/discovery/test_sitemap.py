"""Sitemaps, news sitemaps, their indexes, gzip, and robots.txt that names them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request

from analysis.errors import ExtractionError
from analysis.stories.address import address_id
from analysis.watchlist import Source
from spiders.discovery import Answer, Found, discover
from spiders.discovery.answer import MOST_LEADS
from tests.newsroom import feeds
from tests.newsroom.serve import Newsroom
from tests.newsroom.story import outlets

MAP = Source(id="paper", outlet="The Paper", kind="sitemap", url="http://paper.example/sitemap.xml", tier=1)
ROBOTS = "http://paper.example/robots.txt"
ROOM = Newsroom(port=8808)
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
    'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"'
)


def read(body: str | bytes, url: str = MAP.url, depth: int = 0) -> Found:
    """What a sitemap holds."""
    return discover(MAP, Answer(url=url, body=body.encode() if isinstance(body, str) else body, depth=depth))


def outcome(body: bytes, url: str) -> Found | str:
    """What a sitemap holds, or the reason why it is none."""
    try:
        return read(body, url)
    except ExtractionError as error:
        return error.reason


def urlset(*locations: str, extra: str = "") -> str:
    """A sitemap of these addresses; `extra` stands in each entry."""
    entries = "".join(f"<url><loc>{escape(location)}</loc>{extra}</url>" for location in locations)
    return f"<urlset {SPACES}>{entries}</urlset>"


def index(*children: tuple[str, str]) -> str:
    """An index of (address, lastmod)."""
    rows = "".join(
        f"<sitemap><loc>{escape(url)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>"
        for url, day in children
    )
    return f"<sitemapindex {SPACES}>{rows}</sitemapindex>"


def urls(found: Found) -> list[str]:
    """Addresses in order."""
    return [lead.url for lead in found.leads]


def reason(body: str | bytes, url: str = MAP.url) -> str:
    """Why it is no sitemap."""
    with pytest.raises(ExtractionError) as error:
        read(body, url)
    return error.value.reason


@pytest.mark.parametrize("outlet", [o for o in outlets() if o.kind == "sitemap"], ids=lambda outlet: outlet.id)
def test_the_newsrooms_sitemaps(outlet: object) -> None:
    """Title, publication time and lastmod of every listed article, newest first."""
    listed = [p for p in reversed(ROOM.articles) if p.outlet == outlet and not p.unlisted]
    base = ROOM.base(listed[0].outlet)

    found = read(feeds.news_sitemap(listed[0].outlet, listed, base), base + "/sitemap.xml")

    assert [(lead.url, lead.title, lead.published, lead.modified) for lead in found.leads] == [
        (ROOM.url(p), p.title, p.published.astimezone(UTC), p.modified and p.modified.astimezone(UTC)) for p in listed
    ]


def test_an_image_has_a_title_of_its_own() -> None:
    """image:title, image:loc and video:title are not the article's, before or after news:news."""
    image = (
        "<image:image><image:loc>http://paper.example/1.jpg</image:loc><image:title>Picture</image:title></image:image>"
    )
    video = "<video:video><video:title>Film</video:title><video:publication_date>2001-01-01</video:publication_date>"
    video += "</video:video>"
    news = (
        "<news:news><news:publication><news:name>The Paper</news:name></news:publication>"
        "<news:publication_date>2008-08-12T12:00:00Z</news:publication_date><news:title>Netflix is down</news:title>"
        "</news:news>"
    )
    for extra in (image + news + video, news + image + video, video + image + news):
        (lead,) = read(urlset("/1", extra=extra)).leads
        assert (lead.url, lead.title) == ("http://paper.example/1", "Netflix is down")
        assert lead.published == datetime(2008, 8, 12, 12, tzinfo=UTC)
    (lead,) = read(urlset("/1", extra=image + video)).leads
    assert (lead.title, lead.published) == (None, None)


def test_namespaces_may_be_missing_or_have_other_prefixes() -> None:
    """Publishers get them wrong, or forget to declare them."""
    plain = "<urlset><url><loc>http://paper.example/1</loc></url></urlset>"
    other = (
        '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
        "<s:url><s:loc>http://paper.example/1</s:loc><n:news><n:title>One</n:title></n:news></s:url></s:urlset>"
    )
    undeclared = (
        "<urlset><url><loc>http://paper.example/1</loc><image:image><image:title>Picture</image:title></image:image>"
        "<news:news><news:title>One</news:title></news:news></url></urlset>"
    )

    assert urls(read(plain)) == ["http://paper.example/1"]
    assert [lead.title for lead in read(other).leads] == ["One"]
    assert [lead.title for lead in read(undeclared).leads] == ["One"]


@pytest.mark.parametrize(
    ("location", "meant"),
    [
        ("http://paper.example/1", True),
        ("https://paper.example/1", True),
        ("http://www.paper.example/1", True),
        ("http://news.paper.example/1", True),
        ("/1", True),
        ("http://other.example/1", False),
        ("http://evilpaper.example/1", False),
        ("http://paper.example.evil.example/1", False),
        ("http://paper.example@evil.example/1", False),
        ("file:///etc/hostname", False),
        ("javascript:alert(1)", False),
        ("http://[::1", False),
        ("http://paper.example:99999/1", False),
        ("", False),
        ("http://paper.example/sitemap.xml", False),
    ],
)
def test_a_sitemap_lists_pages_of_its_own_site(location: str, meant: bool) -> None:
    """Others are dropped and counted, and spoil nothing."""
    found = read(urlset("/first", location, "/last"))

    assert {"http://paper.example/first", "http://paper.example/last"} <= set(urls(found))
    assert (len(found.leads), found.dropped) == ((3, 0) if meant else (2, 1))


def test_of_a_long_sitemap_the_newest_are_taken() -> None:
    """sitemaps.org allows 50,000; ours are cut to the newest, by publication or change."""
    count = MOST_LEADS + 300
    rows = "".join(
        f"<url><loc>/{n}</loc><lastmod>{datetime.fromtimestamp(1_218_000_000 + n, UTC).isoformat()}</lastmod></url>"
        for n in range(count)
    )

    found = read(f"<urlset>{rows}</urlset>")

    assert urls(found) == [f"http://paper.example/{n}" for n in range(count - 1, 299, -1)]
    assert found.dropped == 300


def test_gzip_is_told_by_its_bytes() -> None:
    """Whatever the name and the type; damaged, it keeps what could be read or says what it is."""
    body = gzip.compress(urlset("/1", "/2").encode())

    assert urls(read(body)) == ["http://paper.example/1", "http://paper.example/2"]
    assert urls(read(body, "http://paper.example/sitemap.xml.gz")) == urls(read(body))
    assert reason(body[:12]) == "not_a_sitemap"
    assert reason(b"\x1f\x8b\x08" + b"garbage" * 9) == "not_a_sitemap"


@pytest.mark.parametrize("packed", [True, False])
def test_half_a_sitemap_says_so(packed: bool) -> None:
    """What came is used; the source is in trouble all the same."""
    whole = urlset(*(f"http://paper.example/{n * 7919:x}" for n in range(500))).encode()
    body = gzip.compress(whole) if packed else whole
    found = read(body[: len(body) // 2])

    assert 0 < len(found.leads) < 500
    assert not found.complete
    assert read(body).complete
    index = f"<sitemapindex {SPACES}><sitemap><loc>http://paper.example/a.xml</loc></sitemap>"
    assert [read(f"{index}{end}").complete for end in ("", "</sitemapindex>")] == [False, True]


def test_a_gzip_bomb_is_too_large() -> None:
    """60 MB out of 60 KB: refused at the limit of 50 MB, not unpacked."""
    bomb = gzip.compress(b"<urlset>" + b" " * (60 * 1024 * 1024), compresslevel=1)

    assert len(bomb) < 300_000
    assert reason(bomb) == "too_large"


@pytest.mark.parametrize(
    "body", ["", " ", "{}", "<!doctype html><html><body>404</body></html>", "<rss/>", b"\x00\xff", "<"]
)
def test_anything_else_is_not_a_sitemap(body: str | bytes) -> None:
    """An error page with status 200 among them."""
    assert reason(body) == "not_a_sitemap"


def test_a_cut_sitemap_keeps_what_came_before_the_break() -> None:
    """The connection broke in the third address."""
    whole = urlset("/1", "/2", "/3")

    assert urls(read(whole[: whole.index("/3")])) == ["http://paper.example/1", "http://paper.example/2"]


def test_an_index_is_followed_newest_first() -> None:
    """Not more than twenty, and no other site's; undated ones last, in their order."""
    days = [(f"/map-{n}.xml", f"2008-08-{n:02}") for n in range(1, 26)]
    found = read(index(("/undated.xml", ""), *days, ("http://other.example/map.xml", "2009-01-01"), ("", "2009-01-01")))

    assert found.leads == ()
    assert found.follow == tuple(f"http://paper.example/map-{n}.xml" for n in range(25, 5, -1))
    assert found.dropped == 8
    assert read(index(("/b.xml", ""), ("/a.xml", ""))).follow == (
        "http://paper.example/b.xml",
        "http://paper.example/a.xml",
    )


def test_an_index_never_leads_deeper_than_three() -> None:
    """One that names itself under a new address each time comes to an end."""
    body = index(("/sitemap.xml?again=1", ""))

    assert [len(read(body, depth=depth).follow) for depth in range(5)] == [1, 1, 1, 0, 0]
    assert read(index((MAP.url, ""))).follow == ()


def test_robots_txt_leads_to_sitemaps() -> None:
    """Also to one on another host: sitemaps.org, "Sitemaps & Cross Submits"."""
    found = read(
        "User-agent: *\nDisallow: /drafts/\nSitemap: http://paper.example/a.xml\nsitemap:/b.xml\n"
        "Sitemap: http://maps.example/c.xml\nSitemap: http://paper.example/a.xml\n"
        "Sitemap: file:///etc/hostname\nSitemap: http://[::1\n",
        ROBOTS,
    )

    assert found.follow == ("http://paper.example/a.xml", "http://paper.example/b.xml", "http://maps.example/c.xml")
    assert found.leads == ()


@pytest.mark.parametrize(
    "body", ["", "User-agent: *\nDisallow: /\n", "<html><body>404</body></html>", "Sitemap:\n", b"\xff\xfe"]
)
def test_robots_txt_without_a_sitemap_is_no_source(body: str | bytes) -> None:
    """Else such a source would be silent for ever, and look well."""
    assert reason(body, ROBOTS) == "not_a_sitemap"


def test_no_entity_opens_a_local_file(tmp_path: Path) -> None:
    """XXE in an address, a title and as a whole document type."""
    secret = tmp_path / "canary"
    secret.write_text("sesame")
    body = urlset("/1?X", extra="<news:news><news:title>X</news:title></news:news>").replace("X", "&x;")

    for declared in (f'SYSTEM "{secret.as_uri()}"', f'PUBLIC "any" "{secret.as_uri()}"'):
        found = read(f"<!DOCTYPE urlset [<!ENTITY x {declared}>]>{body}")
        assert len(found.leads) == 1
        assert "sesame" not in repr(found)
    assert "sesame" not in repr(read(f'<!DOCTYPE urlset SYSTEM "{secret.as_uri()}">{urlset("/1")}'))


def test_an_entity_bomb_is_bounded() -> None:
    """Billion laughs in a title."""
    bomb = '<!ENTITY a0 "haha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = urlset("/1", extra="<news:news><news:title>&a9;</news:title></news:news>")

    found = read(f"<!DOCTYPE urlset [{bomb}]>{body}")

    assert urls(found) == ["http://paper.example/1"]
    assert len(found.leads[0].title or "") < 1000


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from([MAP.url, ROBOTS]),
    st.binary(max_size=200) | st.text(alphabet="<>/&;urlsetocimapndx :.hp'\"\n\x00é", max_size=200).map(str.encode),
)
def test_any_bytes_are_a_sitemap_or_say_that_they_are_none(url: str, body: bytes) -> None:
    """Nothing else is raised, and whatever is found can be asked for."""
    wrapped = b"<urlset><url><loc>" + body + b"</loc></url></urlset>"
    for answer in (body, wrapped, wrapped.replace(b"url", b"sitemap"), b"Sitemap: " + body, b"\x1f\x8b\x08" + body):
        found = outcome(answer, url)
        if isinstance(found, str):
            assert found in {"not_a_sitemap", "too_large"}
            continue
        for address in (*urls(found), *found.follow):
            assert address_id(address)
            assert Request(address).url.startswith("http")
