"""Bytes of a page -> clean text.

A declared charset is evidence, not truth: servers announce utf-8 for pages in windows-1252 or Shift-JIS, and
the reverse. What the bytes themselves prove goes first.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_:.-]{2,40})""", re.I)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([a-z0-9_:.-]{2,40})""", re.I)
_META_WINDOW = 4096
"""HTML looks at 1,024 bytes only; real pages put long comments before the declaration."""

_BAD_SHARE = 0.1
"""Replacement characters among all non-ASCII ones above which a charset counts as wrong. One broken byte in
a page of umlauts stays below it, a page read in the wrong charset is far above."""
_SOME_BROKEN = 0.02
"""What a page that never declared UTF-8 may have broken and still be taken for it."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def decode(body: bytes, content_type: str | None = None) -> str:
    """The page as text without control or invisible characters.

    Order of trust: byte order mark, then bytes that read as UTF-8 (chance cannot do that), then the charset
    of the header, of the page and of a detector, the first that fits.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return clean(body[len(bom) :].decode(name, "replace"))
    declared = _declared(body, content_type)
    best, least = "", 2.0
    for name, allowed in _attempts(body, declared):
        text = _read(body, name)
        bad = _bad_share(text)
        if bad <= allowed:
            return clean(text)
        if bad < least:
            best, least = text, bad
    return clean(best)


def clean(text: str) -> str:
    """Drops what no reader sees and no store should keep: NUL and other control characters, zero-width
    spaces, soft hyphens, direction overrides. C1 codes are read as windows-1252, as browsers do."""
    return _UNSEEN.sub(_seen, text)


def _seen(match: re.Match[str]) -> str:
    char = match[0]
    return bytes([ord(char)]).decode("cp1252", "ignore") if "\x80" <= char <= "\x9f" else ""


def _attempts(body: bytes, declared: list[str]) -> Iterator[tuple[str, float]]:
    if not any(name.startswith(("iso-2022", "utf-16", "utf-32")) for name in declared):
        yield "utf-8", _SOME_BROKEN
    for name in (*declared, "utf-8"):
        yield name, _BAD_SHARE
    yield detect_encoding(body) or "utf-8", _BAD_SHARE


def _declared(body: bytes, content_type: str | None) -> list[str]:
    labels = []
    if content_type and (match := _HEADER.search(content_type)):
        labels.append(match[1])
    if meta := _META.search(body[:_META_WINDOW]):
        labels.append(meta[1].decode("ascii"))
    return [label.lower() for label in dict.fromkeys(labels)]


def _read(body: bytes, label: str) -> str:
    # unknown labels map to utf-8, as the WHATWG standard's table has no entry for them
    return body.decode(map_encoding_to_html5(label) or "utf-8", "replace")


def _bad_share(text: str) -> float:
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") / foreign if foreign else 0.0
