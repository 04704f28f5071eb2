"""One name for one cause, from the exceptions that Scrapy and Twisted really raise."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet import error as network
from twisted.python.failure import Failure

from analysis.errors import ExtractionError
from spiders.failures import reason_of
from spiders.middlewares.addresses import BlockedAddress
from tests.command import connections, presswatch, rows
from tests.site import Page, Site, article, rss, site, watchlist


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (HttpError(HtmlResponse("http://paper.example/", status=503)), "http_503"),
        (BlockedAddress("blocked_address", "http://10.0.0.1/"), "blocked_address"),
        (IgnoreRequest("Forbidden by robots.txt"), "robots"),
        (network.TimeoutError(), "timeout"),
        (network.ConnectionRefusedError(), "refused"),
        (network.DNSLookupError(), "dns"),
        (network.NoRouteError(), "unreachable"),
        (ExtractionError("too_large"), "too_large"),
        (RuntimeError("never seen before"), "error"),
    ],
)
def test_exceptions(error: Exception, reason: str) -> None:
    """The name that docs/how-it-works.md gives."""
    assert reason_of(Failure(error)) == reason


def self_signed(folder: Path) -> Path:
    """A key and a certificate that nobody has signed but itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "paper.example")])
    begin = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), begin, begin + timedelta(9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    plain = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "self-signed.pem"
    path.write_bytes(plain + certificate.public_bytes(encoding))
    return path


def misbehave(paper: Site) -> dict[str, str]:
    """Pages that bring nothing, each in its own way -> the reason that we expect."""
    large = b"<html>" + b"x" * (13 * 1024 * 1024)
    paper.pages |= {
        "/gone": Page(status=410), "/forbidden": Page(status=403), "/broken": Page(status=500),
        "/loop": Page(status=302, headers={"Location": "/loop?again"}),
        "/itself": Page(status=302, headers={"Location": "/itself"}),
        "/loop?again": Page(status=302, headers={"Location": "/loop"}),
        "/closed": Page(body="Netflix"), "/large": Page(body=large), "/empty": Page(body=b""),
        "/pdf": Page(body=b"%PDF-1.4 Netflix", kind="application/pdf"),
        "/cut": Page(body=b"Netflix", headers={"Content-Length": "1000", "Connection": "close"}),
    }  # fmt: skip
    paper.pages["/robots.txt"] = Page(body="User-agent: *\nDisallow: /closed\n", kind="text/plain")
    return {
        "/gone": "http_410", "/forbidden": "http_403", "/broken": "http_500", "/missing": "http_404", "/empty": "empty",
        "/loop": "redirect_loop", "/closed": "robots", "/large": "too_large", "/cut": "connection_lost",
        "/pdf": "not_html",
    }  # fmt: skip


def test_what_real_answers_are_called(tmp_path: Path) -> None:
    """Over real HTTP: each page's reason stands in its URL's state, and the funnel knows how many failed."""
    with site() as paper, site(tls=self_signed(tmp_path)) as secret, socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
        closed.close()
        expected = {paper.url(path): reason for path, reason in misbehave(paper).items()}
        expected |= {f"http://127.0.0.1:{port}/": "refused", f"https://127.0.0.1:{secret.port}/": "tls"}
        paper.pages["/feed"] = Page(body=rss(*((url, "Netflix") for url in expected)))
        path = watchlist(
            tmp_path, ("paper", "feed", paper.url("/feed")), ("loop", "feed", paper.url("/loop")),
            ("itself", "feed", paper.url("/itself")), allow_private='["127.0.0.0/8"]',
        )  # fmt: skip
        done = presswatch(path, "crawl")
        known = dict(rows(path, "SELECT url, reason FROM private.urls WHERE state = 'failed'"))
        sources = {name: why for name, *why in rows(path, "SELECT source_id, failed, reason FROM source_health")}

        assert {url: known.get(url) for url in expected} == expected
        assert sources["paper"][0] == len(expected) - 1  # robots.txt is nobody's failure
        assert sources["loop"] == sources["itself"] == [0, "redirect_loop"]
        assert "/closed" not in paper.paths()
        assert secret.paths() == []
        assert done.returncode == 1  # most of the source's pages fail: it is in trouble, and named
        assert "Traceback" not in done.stderr
    assert {line.split()[1] for line in connections(tmp_path)} == {"127.0.0.1"}


def test_a_source_may_say_that_any_certificate_will_do(tmp_path: Path) -> None:
    """Only at its own host and port; a page of its feed that lies on another is refused (faults.md, H15)."""
    certificate = self_signed(tmp_path)
    with site(tls=certificate) as blind, site(tls=certificate) as other:
        base, elsewhere = f"https://127.0.0.1:{blind.port}", f"https://127.0.0.1:{other.port}"
        for paper in (blind, other):
            paper.pages["/1"] = Page(body=article("Netflix outage", "Netflix has an outage."))
            links = ((f"{base}/1", "Netflix"), (f"{elsewhere}/1", "Netflix"))
            paper.pages["/feed"] = Page(body=rss(*links), kind="application/rss+xml")
        path = watchlist(
            tmp_path, ("blind", "feed", f"{base}/feed"), ("checked", "feed", f"{elsewhere}/feed"),
            allow_private='["127.0.0.0/8"]',
        )  # fmt: skip
        path.write_text(path.read_text().replace(
            f'url = "{base}/feed"\n', f'url = "{base}/feed"\ntls = "any"\n'))  # fmt: skip
        presswatch(path, "crawl")
        doctor = presswatch(path, "doctor", "--format", "csv")
        known = dict(rows(path, "SELECT url, reason FROM private.urls"))

    assert known == {f"{base}/1": "stored", f"{elsewhere}/1": "tls"}
    assert dict(rows(path, "SELECT source_id, reason FROM source_health"))["checked"] == "tls"
    assert other.paths() == []
    assert 'watchlist,note,"blind: tls = ""any"":' in doctor.stdout
