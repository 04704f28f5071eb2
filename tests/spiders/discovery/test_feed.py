"""Feeds of every format and in every state of disrepair."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scrapy import Request

from analysis.errors import ExtractionError
from analysis.items import Lead
from analysis.stories.address import address_id
from analysis.watchlist import Source
from spiders.discovery import Answer, Found, discover
from spiders.discovery.answer import MOST_LEADS
from tests.newsroom.serve import Newsroom
from tests.newsroom.story import Outlet, outlets
from tests.site import rss

FEED = Source(id="paper", outlet="The Paper", kind="feed", url="http://paper.example/feed", tier=1)

ROOM = Newsroom(port=8808)


def read(body: str | bytes, kind: str = "", url: str = FEED.url) -> Found:
    """What a feed holds."""
    return discover(FEED, Answer(url=url, body=body.encode() if isinstance(body, str) else body, content_type=kind))


def outcome(body: bytes) -> Found | str:
    """What a feed holds, or the reason why it is none."""
    try:
        return read(body)
    except ExtractionError as error:
        return error.reason


def urls(found: Found) -> list[str]:
    """Addresses in order."""
    return [lead.url for lead in found.leads]


@pytest.mark.parametrize("outlet", [outlet for outlet in outlets() if outlet.feed], ids=lambda outlet: outlet.feed)
def test_every_format_gives_title_time_and_source(outlet: Outlet) -> None:
    """RSS, Atom, RDF and JSON Feed of the sample newsroom: all articles, newest first, as evidence of this source."""
    listed = [p for p in reversed(ROOM.articles) if p.outlet == outlet and not p.unlisted]
    kind, body = ROOM.answer(outlet, outlet.source) or ("", b"")

    found = read(body, kind, ROOM.base(outlet) + outlet.source)

    assert found.dropped == 0
    assert [(lead.url, lead.title, lead.published or lead.modified) for lead in found.leads] == [
        (ROOM.url(piece), piece.title, piece.published.astimezone(UTC)) for piece in listed
    ]
    assert {(lead.source_id, lead.outlet, lead.tier, lead.via) for lead in found.leads} == {
        ("paper", "The Paper", 1, "feed")
    }


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<!doctype html><html><head><title>News</title></head><body><a href='/1'>One</a></body></html>", "text/html"),
        ("<!doctype html><html><body>We have moved</body></html>", "application/rss+xml"),
        ("", "application/rss+xml"),
        (b"\x00\x01\x02\xff", "application/octet-stream"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        ("not a feed at all", "text/plain"),
        ("{}", "application/json"),
        ("[1, 2]", "application/json"),
        ('"text"', "application/json"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "application/feed+json"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": {}}', "application/feed+json"),
        ('{"version": "1.0", "items": [{"url": "http://paper.example/1"}]}', "application/json"),
        ('{"items": ' + "[" * 50_000 + "]" * 50_000 + "}", "application/json"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [', "application/feed+json"),
    ],
)
def test_anything_else_is_not_a_feed(body: str | bytes, kind: str) -> None:
    """A source that answers with a web page must not pass for one that has no news."""
    with pytest.raises(ExtractionError) as error:
        read(body, kind)
    assert error.value.reason == "not_a_feed"


def test_an_empty_feed_is_a_feed() -> None:
    """No news today."""
    assert read(rss()) == Found()


def test_a_truncated_feed_keeps_what_came_before_the_break() -> None:
    """The connection broke in the third entry."""
    whole = rss(("/1", "One"), ("/2", "Two"), ("/3", "Three"))

    found = read(whole[: whole.index("Three")])

    assert urls(found)[:2] == ["http://paper.example/1", "http://paper.example/2"]
    assert not found.complete


@pytest.mark.parametrize(
    "body",
    [
        rss(("/1", "One")) + "<!-- made by a machine -->\n",
        rss(("/1", "One")) + "<script>an advertisement</script>",
        rss(("/1", "One")).replace("?>", ' encoding="utf-16"?>').encode("utf-16"),
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/1"/></entry></feed >',
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:link href="/1"/></a:entry></a:feed>',
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" />',
    ],
)
def test_a_feed_is_whole_where_its_root_ends(body: str | bytes) -> None:
    """Whatever stands behind it, and however it is spelled."""
    assert read(body).complete


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "file:///etc/hostname",
        "data:text/html,x",
        "ftp://paper.example/1",
        "mailto:a@paper.example",
        "about:blank",
        "http://",
        "https://:80/",
        "http://[::1",
        "http://paper.example:99999/1",
        "http://paper.example:http/1",
        "",
        " ",
        "#top",
        "http://paper.example/feed",
    ],
)
def test_a_link_that_leads_nowhere_is_dropped_and_counted(link: str) -> None:
    """And nothing else with it."""
    found = read(rss(("/1", "One"), (link, "Bad"), ("/2", "Two")))

    assert urls(found) == ["http://paper.example/1", "http://paper.example/2"]
    assert found.dropped == 1


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/hostname", "http://[::1", "http://paper.example:99999/1", "", 5, None]
)
def test_a_json_feed_drops_them_too(link: object) -> None:
    """Its links come without a feed parser in between."""
    items = [{"url": "/1", "title": "One"}, {"url": link, "title": "Bad"}, {"title": "None"}, "no entry", None]
    found = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}), "application/feed+json")

    assert urls(found)[0] == "http://paper.example/1"
    assert {urlsplit(url).hostname for url in urls(found)} == {"paper.example"}


@pytest.mark.parametrize(
    ("link", "meant"),
    [
        ("/rel/2", "http://paper.example/rel/2"),
        ("rel/2", "http://paper.example/news/rel/2"),
        ("../2", "http://paper.example/2"),
        ("//www.paper.example/2", "http://www.paper.example/2"),
        ("?p=2", "http://paper.example/news/feed?p=2"),
        ("  http://paper.example/2\n", "http://paper.example/2"),
        ("HTTP://PAPER.example/2", "http://PAPER.example/2"),
        ("http://paper.example/2?a=1&b=2#comments", "http://paper.example/2?a=1&b=2"),
    ],
)
def test_relative_links_are_relative_to_the_answer(link: str, meant: str) -> None:
    """To the address after redirects."""
    assert urls(read(rss((link, "Two")), url="http://paper.example/news/feed")) == [meant]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Netflix <b>down</b> again", "Netflix down again"),
        ("Netflix &lt;b&gt;down&lt;/b&gt; again", "Netflix down again"),
        ("<script>alert(1)</script>Netflix down", "Netflix down"),
        ('<img src=x onerror="alert(1)">Netflix', "Netflix"),
        ("AT&T and Netflix", "AT&T and Netflix"),
        ("AT&amp;T", "AT&T"),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
        ("I <3 Netflix", "I <3 Netflix"),
        (" Netflix \n\t down ", "Netflix down"),
        ("Netflix&nbsp;down &ndash; again", "Netflix down – again"),
        ("<p></p>", None),
        ("", None),
    ],
)
def test_titles_are_plain_text(written: str, meant: str | None) -> None:
    """Whatever mark-up the feed puts into them, once or twice escaped."""
    (lead,) = read(rss(("/1", written))).leads

    assert lead.title == meant


def test_an_entry_without_a_link_may_have_an_id_that_is_one() -> None:
    """guid isPermaLink, and Atom ids that are addresses."""
    body = rss(("/1", "One")).replace("<link>/1</link>", "<guid>http://paper.example/guid</guid>")
    body = body.replace("</channel>", "<item><title>Two</title><guid>tag:paper,2008:2</guid></item></channel>")

    found = read(body)

    assert urls(found) == ["http://paper.example/guid"]
    assert found.dropped == 1


def test_newest_first_and_the_undated_behind_in_their_order() -> None:
    """A feed may be in any order."""
    days = ("Mon, 11 Aug 2008 09:00:00 GMT", "Wed, 13 Aug 2008 09:00:00 GMT", "Tue, 12 Aug 2008 09:00:00 GMT")
    found = read(rss(("/mon", "a"), ("/wed", "b"), ("/tue", "c"), ("/x", "d"), ("/y", "e"), dates=days))

    assert [url.rpartition("/")[2] for url in urls(found)] == ["wed", "tue", "mon", "x", "y"]


def long_feed(count: int, *, newest_first: bool = True, form: str = "rss") -> str:
    """A feed with so many entries, one a minute; numbered from the oldest."""
    numbers = range(count - 1, -1, -1) if newest_first else range(count)
    whens = {n: datetime.fromtimestamp(1_218_000_000 + 60 * n, UTC) for n in numbers}
    if form == "atom":
        entries = "".join(
            f'<entry><title>Number {n}</title><link href="/{n}"/><updated>{whens[n].isoformat()}</updated></entry>'
            for n in numbers
        )
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Long</title>{entries}</feed>'
    if form == "json":
        items = [{"url": f"/{n}", "title": f"Number {n}", "date_published": whens[n].isoformat()} for n in numbers]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    dates = tuple(whens[n].strftime("%a, %d %b %Y %H:%M:%S GMT") for n in numbers)
    return rss(*((f"/{n}", f"Number {n}") for n in numbers), dates=dates)


@pytest.mark.parametrize(("form", "newest_first"), [("rss", True), ("rss", False), ("atom", False), ("json", True)])
def test_of_a_long_feed_the_newest_are_taken(form: str, newest_first: bool) -> None:
    """The rest is counted, whichever end is the new one."""
    count = MOST_LEADS + 500

    found = read(long_feed(count, newest_first=newest_first, form=form))

    assert [lead.title for lead in found.leads] == [f"Number {n}" for n in range(count - 1, 499, -1)]
    assert found.dropped == 500


def test_a_feed_with_100_000_entries_costs_little_more_than_what_is_taken_of_it() -> None:
    """A feed parser alone needs a minute, fifty times as long as for 2,000; a worker process has ten seconds."""
    usual = long_feed(MOST_LEADS).encode()
    start, end = usual.index(b"<item>"), usual.rindex(b"</channel>")
    longest = usual[:end] + usual[start:end] * (100_000 // MOST_LEADS - 1) + usual[end:]
    clock = [time.process_time()]
    read(usual)
    clock.append(time.process_time())
    found = read(longest)
    clock.append(time.process_time())

    assert (len(found.leads), found.dropped) == (MOST_LEADS, 100_000 - MOST_LEADS)
    assert found.leads[0].title == f"Number {MOST_LEADS - 1}"
    assert clock[2] - clock[1] < 15 * (clock[1] - clock[0])


def test_no_entity_opens_a_local_file(tmp_path: Path) -> None:
    """XXE: the canary's text is nowhere in what was read."""
    secret = tmp_path / "canary"
    secret.write_text("sesame")
    entity = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    body = rss(("/1?&x;", "Title &x;")).replace("&amp;x;", "&x;").replace("?>", f"?>{entity}", 1)

    found = read(body)

    assert "&x;" in body
    assert "sesame" not in repr(found)


def test_an_entity_bomb_is_bounded() -> None:
    """Billion laughs: ten to the ninth words in a title."""
    bomb = '<!ENTITY a0 "haha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = rss(("/1", "Bomb"), ("/2", "After")).replace("?>", f"?><!DOCTYPE r [{bomb}]>", 1).replace("Bomb", "&a9;")

    found = read(body)

    assert "http://paper.example/2" in urls(found)
    assert max(len(lead.title or "") for lead in found.leads) < 1000


LINKS = st.lists(
    st.sampled_from(
        [
            "http://",
            "https://",
            "//",
            "/",
            "?",
            "#",
            "@",
            ":",
            "80",
            "99999",
            "[",
            "]",
            "::1",
            "..",
            ".",
            "a",
            "xn--",
            "%zz",
            "☃",
            "。",
            "\u200b",
            "\\",
            " ",
            "\n",
            "\t",
            "file:",
            "javascript:",
            "user:secret",
            "paper.example",
        ]
    ),
    max_size=8,
).map("".join)


def can_be_asked(lead: Lead) -> bool:
    """What the spider does with each lead; any of it would raise, and end the source's whole list."""
    return len(address_id(lead.url)) == 16 and Request(lead.url).url.startswith(("http://", "https://"))


@settings(deadline=None, max_examples=200)
@example(["http://[::1"])
@example(["http://a:99999/"])
@given(st.lists(LINKS, max_size=6))
def test_every_lead_can_be_asked_for(links: list[str]) -> None:
    """Whatever stands in <link>: a lead is an address that a request can be made of."""
    found = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"url": u} for u in links]}))

    assert all(map(can_be_asked, found.leads))
    assert len(found.leads) + found.dropped == len(links)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300) | st.text(alphabet="<>/&;itemrsl chan='\"!?xé\x00", max_size=300).map(str.encode))
def test_any_bytes_are_a_feed_or_say_that_they_are_none(body: bytes) -> None:
    """Nothing else is raised: that would be counted as our bug."""
    for answer in (body, b"<rss><channel>" + body, b'{"version": "jsonfeed.org", "items": ' + body):
        found = outcome(answer)
        assert found == "not_a_feed" if isinstance(found, str) else all(map(can_be_asked, found.leads))
