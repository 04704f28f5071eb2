"""A limit for the headers of an answer: Twisted takes a line of 16 KiB at most, but as many lines as are sent.

200,000 of them were 4.4 s and 205 MB, and a server that sends headers without end has 25 seconds for it. There is no
setting and no hook, and Scrapy has the parser made by Twisted, so the check is put before the parser itself.
"""

from __future__ import annotations

from typing import Any

from twisted.web._newclient import BODY, DONE, HTTPClientParser, ParseError

MOST = 256 * 1024
"""Bytes, as Chromium takes (net/http/http_stream_parser.h)."""
_broken: Any = ParseError
_received: Any = HTTPClientParser.dataReceived


def limit() -> None:
    """Every answer of this process from now on ends as a broken one (`connection_lost`) where its headers exceed it."""
    HTTPClientParser.dataReceived = _bounded  # type: ignore[method-assign]


def _bounded(parser: Any, data: bytes) -> None:
    if parser.state not in {BODY, DONE}:
        before = getattr(parser, "presswatch_header_bytes", 0)
        if before > MOST:
            raise _broken(f"headers of more than {MOST} bytes", b"")
        parser.presswatch_header_bytes = before + len(data)
    _received(parser, data)
