"""No packet goes to a private address that the watchlist does not allow, however the address is spelled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.middlewares.addresses import Allowed, _unwrapped
from tests.command import connections, presswatch, rows
from tests.site import Canary, Page, Site, article, canary, rss, site, watchlist

SECRET = "sesame-Netflix-outage"

# {} stands for the canary's port. All of them lead to this machine or its neighbours.
LITERALS = (
    "http://127.0.0.2:{}/",
    "http://127.0.0.1:{}/",  # the allowed host, another port
    "http://[::1]:{}/",
    "http://[0:0:0:0:0:0:0:1]:{}/long",
    "http://[::ffff:127.0.0.1]:{}/",
    "http://[::ffff:7f00:2]:{}/",
    "http://[::127.0.0.1]:{}/",
    "http://[::ffff:0:127.0.0.1]:{}/",
    "http://[64:ff9b::7f00:1]:{}/",
    "http://[64:ff9b:1::7f00:1]:{}/",
    "http://[2002:7f00:1::]:{}/",
    "http://[fe80::1]:{}/",
    "http://[fec0::1]:{}/",
    "http://[fd00::1]:{}/",
    "http://[::]:{}/",
    "http://0.0.0.0:{}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1:{}/",
    "http://172.16.0.1:{}/",
    "http://192.168.0.1:{}/",
    "http://100.64.0.1:{}/",
    "http://224.0.0.1:{}/",
    "http://255.255.255.255:{}/",
    "http://user:pw@127.0.0.2:{}/",
    "http://paper.example@127.0.0.2:{}/",
    "https://127.0.0.2:{}/tls",
)
NAMES = (  # no address to ipaddress, but one to the system's resolver
    "http://localhost:{}/",
    "http://LOCALHOST:{}/upper",
    "http://127.1:{}/",
    "http://127.0.2:{}/",
    "http://2130706433:{}/",
    "http://0x7f000001:{}/",
    "http://0x7f.0.0.1:{}/",
    "http://0177.0.0.1:{}/",
    "http://0177.0.0.02:{}/",
    "http://0:{}/",
)
SCHEMES = ("/to-file", "/to-data", "/to-ftp")


@dataclass
class Crawled:
    """What a crawl of hostile links did."""

    folder: Path
    canary_visits: list[str]
    paths: list[str]
    reasons: dict[str, tuple[str, str]]
    """State and reason by address."""
    asked: list[str]
    status: int
    by_name: Site
    """The publisher that is allowed as localhost:port only."""
    connected: set[str]
    """What a connection may have been made to."""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """One crawl of a feed that names every spelling, pages that redirect to them, and local files."""
    folder = tmp_path_factory.mktemp("guard")
    (folder / "secret.html").write_text(article(SECRET, SECRET))
    with site() as paper, site() as named, canary() as bird:
        links = [spelling.format(bird.port) for spelling in (*LITERALS, *NAMES)]
        _redirects(paper, bird, folder)
        stories = [path for path in paper.pages if path != "/robots.txt"]
        entries = [*links, *stories, (folder / "secret.html").as_uri(), f"data:text/html,{SECRET}"]
        paper.pages["/feed"] = Page(
            body=rss(*((link, "Netflix outage") for link in entries)), kind="application/rss+xml"
        )
        paper.pages["/robots.txt"] = Page(
            kind="text/plain", body=f"Sitemap: {(folder / 'secret.html').as_uri()}\nSitemap: {bird_url(bird)}map.xml\n"
        )
        named.pages["/feed"] = Page(body=rss(("/named", "Netflix"), (named.url("/literal"), "Netflix")))
        named.pages["/named"] = Page(body=article("Netflix is well", "Netflix is well again."))
        sources = {"paper": paper.url("/feed"), "named": f"http://localhost:{named.port}/feed"}
        path = watchlist(
            folder, *((name, "feed", url) for name, url in sources.items()),
            ("robots", "sitemap", paper.url("/robots.txt")),
            allow_private=f'["127.0.0.1:{paper.port}", "localhost:{named.port}"]',
        )  # fmt: skip
        done = presswatch(path, "crawl")
        known = rows(path, "SELECT url, state, reason FROM private.urls")
        yield Crawled(
            folder=folder, canary_visits=bird.visits(), paths=paper.paths(), asked=links, status=done.returncode,
            reasons={url: (state, reason) for url, state, reason in known}, by_name=named,
            connected={f"127.0.0.1 {paper.port}", f"127.0.0.1 {named.port}"},
        )  # fmt: skip


def bird_url(bird: Canary) -> str:
    """Where nobody may go."""
    return f"http://127.0.0.2:{bird.port}/"


def _redirects(paper: Site, bird: Canary, folder: Path) -> None:
    targets = {
        "/to-canary": bird_url(bird),
        "/to-localhost": f"http://localhost:{bird.port}/",
        "/to-number": f"http://2130706433:{bird.port}/",
        "/to-file": (folder / "secret.html").as_uri(),
        "/to-data": f"data:text/html,{SECRET}",
        "/to-ftp": "ftp://127.0.0.2/secret.html",
        "/twice": paper.url("/to-canary"),
    }
    for path, target in targets.items():
        paper.pages[path] = Page(status=302, headers={"Location": target})
    meta = f'<html><head><meta http-equiv="refresh" content="0; url={bird_url(bird)}"></head><body></body></html>'
    paper.pages["/refresh"] = Page(body=meta)
    paper.pages["/good"] = Page(body=article("Netflix outage goes on", "Netflix has an outage for the third day."))


def test_nobody_knocked_at_the_canary(crawled: Crawled) -> None:
    """Not one connection, on any of its addresses."""
    assert crawled.canary_visits == []


def test_the_process_connected_to_the_allowed_pair_only(crawled: Crawled) -> None:
    """No packet to a link-local, mapped or translated address either; robots.txt of those hosts included."""
    connected = {line.removeprefix("connect ") for line in connections(crawled.folder) if line.startswith("connect ")}

    assert connected == crawled.connected


def test_the_allowed_page_was_fetched_and_stored(crawled: Crawled) -> None:
    """The guard did not win by refusing everything."""
    assert "/good" in crawled.paths
    assert ("Netflix outage goes on",) in rows(crawled.folder / "watchlist.toml", "SELECT title FROM articles")


def test_every_spelling_is_kept_with_its_reason(crawled: Crawled) -> None:
    """Names that lead to none but private addresses, too."""
    found = {link: crawled.reasons[link] for link in crawled.asked}

    assert {link: known for link, known in found.items() if known[0] != "failed"} == {}
    assert {known[1] for known in found.values()} == {"blocked_address"}


def test_redirects_are_followed_to_allowed_addresses_only(crawled: Crawled) -> None:
    """Every hop is looked at; other schemes are not followed at all."""
    by_path = {url.rpartition("/")[2]: known for url, known in crawled.reasons.items()}

    assert by_path["to-canary"] == by_path["twice"] == ("failed", "blocked_address")
    assert by_path["to-localhost"] == by_path["to-number"] == ("failed", "blocked_address")
    assert {by_path[path.strip("/")] for path in SCHEMES} == {("failed", "http_302")}
    assert by_path["refresh"] == ("failed", "blocked_address")


def test_no_local_file_was_read(crawled: Crawled) -> None:
    """Its text stands nowhere in what the crawl left behind."""
    left = [path for path in crawled.folder.rglob("*") if path.is_file() and path.name != "secret.html"]

    assert any(path.suffix == ".duckdb" for path in left)
    assert [path.name for path in left if SECRET.encode() in path.read_bytes()] == []


def test_a_sitemap_that_robots_txt_names_is_guarded_too(crawled: Crawled) -> None:
    """The source fails by the guard's word, and the run says so."""
    path = crawled.folder / "watchlist.toml"

    assert rows(path, "SELECT source_id, reason FROM source_health WHERE source_id = 'robots'") == [
        ("robots", "blocked_address")
    ]
    assert crawled.status == 1


def test_extract_is_guarded(tmp_path: Path) -> None:
    """`presswatch extract URL` is a fetch like any other: refused or allowed, and it says who asks."""
    with site() as paper, canary() as bird:
        paper.pages["/1"] = Page(body=article("Netflix is well", "Netflix is well again."))
        allowed = f'["127.0.0.1:{paper.port}"]'
        path = watchlist(tmp_path, ("paper", "feed", paper.url("/feed")), allow_private=allowed)
        refused = presswatch(path, "extract", f"http://localhost:{bird.port}/")
        extracted = presswatch(path, "extract", paper.url("/1"))

        assert json.loads(refused.stdout)["reason"] == "blocked_address"
        assert json.loads(extracted.stdout)["title"] == "Netflix is well"
        assert {asked.headers["user-agent"] for asked in paper.asked} == {"presswatch-test (+mailto:tests@example.com)"}
        assert bird.visits() == []
        assert {line for line in connections(tmp_path) if line.startswith("connect")} == {
            f"connect 127.0.0.1 {paper.port}"
        }


@pytest.mark.parametrize(
    ("entries", "address", "port", "permitted"),
    [
        ((), "93.184.216.34", 80, True),
        ((), "2606:2800:220:1:248:1893:25c8:1946", 443, True),
        ((), "64:ff9b::5db8:d822", 443, True),  # a public IPv4 address behind NAT64
        ((), "127.0.0.1", 80, False),
        ((), "::1", 80, False),
        ((), "fe80::1%eth0", 80, False),
        (("127.1.0.0/16",), "127.1.2.3", 80, True),
        (("127.1.0.0/16",), "127.2.2.3", 80, False),
        (("127.1.0.0/16",), "::ffff:127.1.2.3", 80, True),
        (("10.0.0.5",), "10.0.0.5", 1, True),
        (("10.0.0.5:8080",), "10.0.0.5", 8080, True),
        (("10.0.0.5:8080",), "10.0.0.5", 80, False),
        (("10.0.0.5:8080",), "10.0.0.6", 8080, False),
        (("10.0.0.5:8080",), "::ffff:10.0.0.5", 8080, True),
        (("[::1]:8080",), "::1", 8080, True),
        (("[0:0::1]:8080",), "::1", 8080, True),
        (("[::1]:8080",), "::1", 8081, False),
        (("fd00::/8",), "fd12::1", 80, True),
        (("fd00::/8",), "127.0.0.1", 80, False),
        (("intranet.example:8080",), "10.0.0.5", 8080, False),  # by its name only
    ],
)
def test_what_the_watchlist_allows(entries: tuple[str, ...], address: str, port: int, permitted: bool) -> None:
    """Networks, and host:port; the web without being named."""
    assert Allowed(entries).permits(address, port) is permitted


def test_a_name_is_allowed_with_its_port() -> None:
    """`localhost:8080` as a user would write it, in any case."""
    allowed = Allowed(["Intranet.example:8080", "10.0.0.0/8"])

    assert allowed.names("intranet.EXAMPLE", 8080)
    assert not allowed.names("intranet.example", 80)
    assert not allowed.names("other.example", 8080)


def test_a_name_that_is_allowed_is_fetched(crawled: Crawled) -> None:
    """By the same name and port, and by no other name for the same machine."""
    assert sorted(crawled.by_name.paths()) == ["/feed", "/named"]
    assert crawled.reasons[crawled.by_name.url("/literal")] == ("failed", "blocked_address")


PRIVATE = st.one_of(
    st.ip_addresses(v=4, network="127.0.0.0/8"),
    st.ip_addresses(v=4, network="10.0.0.0/8"),
    st.ip_addresses(v=4, network="192.168.0.0/16"),
    st.ip_addresses(v=4, network="169.254.0.0/16"),
)


@given(PRIVATE, st.integers(1, 65535))
def test_a_private_ipv4_address_stays_private_inside_any_ipv6_one(inner: IPv4Address, port: int) -> None:
    """Mapped (RFC 4291), compatible, translated (RFC 2765, 6052), 6to4 (RFC 3056), Teredo (RFC 4380)."""
    low = int(inner)
    wrapped = [
        IPv6Address(prefix | low)
        for prefix in (0, 0xFFFF << 32, 0xFFFF << 48, int(IPv6Address("64:ff9b::")), int(IPv6Address("64:ff9b:1::")))
    ]
    wrapped += [IPv6Address((0x2002 << 112) | low << 80), IPv6Address((0x20010000 << 96) | low)]

    assert [str(ip) for ip in (inner, *wrapped) if Allowed().permits(str(ip), port)] == []


@given(st.ip_addresses(), st.integers(1, 65535))
def test_whatever_is_permitted_is_global(ip: IPv4Address | IPv6Address, port: int) -> None:
    """Never an address that IANA keeps for something else."""
    if Allowed().permits(str(ip), port):
        found = _unwrapped(ip_address(ip))  # Python 3.11.2 and 3.11.7 differ on whether 2002::/16 itself is global
        assert found.is_global
        assert not any((found.is_loopback, found.is_private, found.is_link_local, found.is_multicast))
        assert not found.is_unspecified
