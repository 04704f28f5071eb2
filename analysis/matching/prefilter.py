"""Whether a raw page can name a watched brand at all, asked before the costly extraction.

Most pages never do, and extraction is two thirds of all work (docs/choices.md). The answer may be a
false yes, never a false no: `Matcher` finds nothing in a page that is refused here. So the search looks through
whatever may stand inside a name in a raw page: references such as `&shy;`, `\\uXXXX` escapes, tags, comments, soft
hyphens and zero-width characters, line breaks. Where letters themselves may be written in another way (references to
plain letters, fullwidth letters, ligatures), or the encoding is unknown, the answer is yes.
"""

from __future__ import annotations

import codecs
import html
import html.entities
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from resiliparse.parse.encoding import map_encoding_to_html5

from analysis.matching.lookalikes import LETTERS, words_read_as_latin
from analysis.matching.names import Name
from analysis.text import fold, normalise
from analysis.watchlist import Watchlist

SHORT = 4
"""Names of so few letters are searched as whole words; in longer ones the words of a page may run together."""

_ASCII = bytes(range(128))
_NO_LETTER = bytes(code for code in range(256) if not (code < 128 and chr(code).isalnum()))
_UNENDED = "|".join(sorted((name for name in html.entities.html5 if name[-1] != ";"), key=len, reverse=True))
"""References that need no semicolon, as `&shy`."""
_REFERENCE = re.compile(rf"(&(?:amp;)*(?:#[0-9]{{1,7}};?|#[xX][0-9a-fA-F]{{1,6}};?|\w{{1,31}};|{_UNENDED}))".encode())
_ESCAPE = re.compile(rb"(\\u(?:[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|[0-9a-fA-F]{4}))")
_SHORT_ESCAPE = re.compile(rb"\\[bfnrt]")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_VALUE = re.compile(rb"""=(?:"[^"<>]{0,300}+[<>][^"]{0,300}+"|'[^'<>]{0,300}+[<>][^']{0,300}+'|[^\s"'<>=&;]{1,40}+<)""")
"""One in which the tag's `<` or `>` means nothing. Longer ones hardly stand inside a name."""
_MOST_TAGS = 150_000
"""Pages with more are not searched: the extractor refuses them at less cost, and says why."""
_DECLARED = re.compile(r"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_GAPS = ("", "n", "t", "rn")  # what an escaped line break or tab between two words leaves: "Total\\nAccess"
_HEAD = 4096  # bytes, as the extractor does; HTML wants the charset declared in the first 1024
_TRANSPARENT = re.compile(r"utf-8|iso8859-\d+|cp125\d|cp8\d\d|koi8-\w|mac-\w+")
"""Encodings (as Python names them) in which an ASCII byte is always that character and a letter one byte or UTF-8."""


class Prefilter:
    """Searches raw pages for the names of a watchlist. Built once; two or three milliseconds for 100 KB."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._foreign: list[frozenset[str]] = []  # letters beyond ASCII, of names that have little else
        names: dict[bool, list[list[str]]] = {True: [], False: []}  # as words, by case sensitivity
        for brand in watchlist.brands:
            for name in (brand.name, *brand.aliases):
                if words := self._searchable(Name.of(name), brand.case_sensitive):
                    names[brand.case_sensitive].append(words)
        self._exact = _Searched(names[True], case_sensitive=True)
        self._folded = _Searched(names[False], case_sensitive=False)

    def _searchable(self, name: Name, case_sensitive: bool) -> list[str]:
        """The plain letters and digits of each word; nothing for a name filed under `_foreign`."""
        words = name.surface if case_sensitive else name.folded
        if "".join(words).isascii():
            return [letters for word in words if (letters := "".join(filter(str.isalnum, word)))]
        longest = max(re.findall("[A-Za-z0-9]+", " ".join(words)), key=len, default="")
        if len(longest) > SHORT:  # é may be written in several ways: the rest of the name is searched
            return [longest]
        self._foreign.append(_beyond_ascii(" ".join(name.surface)))
        return []

    def may_name(self, body: bytes, charset: str | None = None) -> bool:
        """False only where nothing in `body` can become a watched name.

        `charset`: the one that the server named, or its whole Content-Type. `body`: the page after content
        decoding (no gzip).
        """
        encodings = _encodings(body, charset)
        if not encodings or body.count(b"<") > _MOST_TAGS:
            return True
        page, escapes = _split(_ESCAPE, body) if b"\\u" in body else (body, [])
        parts = _REFERENCE.split(page)
        referred = {reference: _referred(reference) for reference in set(parts[1::2])}
        parts[1::2] = [referred[reference][1] for reference in parts[1::2]]
        unusual = _beyond(body, encodings)
        unusual.update(*map(_escaped, set(escapes)), *(meant for meant, _ in referred.values()))
        if self._exact.may_hold(unusual) or self._folded.may_hold(unusual) or self._foreign_in(unusual):
            return True
        if not LETTERS.isdisjoint(unusual) and any(self._looks_alike(body.decode(e, "replace")) for e in encodings):
            return True
        return any(map(self._stands_in, _views(b"".join(parts))))

    def _stands_in(self, page: bytes) -> bool:
        letters = page.translate(None, _NO_LETTER)
        return self._exact.stands_in(page, letters) or self._folded.stands_in(page, letters.lower())

    def _looks_alike(self, page: str) -> bool:
        """Whether a word mixes scripts so that it may look like a name: somebody should be told."""
        seen = "\0".join(words_read_as_latin(html.unescape(page)))
        return self._exact.first_in(seen) or self._folded.first_in(seen.lower())

    def _foreign_in(self, unusual: set[str]) -> bool:
        letters = frozenset().union(*map(_beyond_ascii, unusual)) if self._foreign else frozenset()
        return any(name <= letters for name in self._foreign)


class _Searched:
    """Names of plain letters that are searched in one way, with or without their case."""

    def __init__(self, names: list[list[str]], *, case_sensitive: bool) -> None:
        self.case_sensitive = case_sensitive
        self.known = " ".join(word for words in names for word in words)
        long = {gap.join(words).encode() for words in names for gap in _GAPS if len("".join(words)) > SHORT}
        self.long = [name for name in long if not any(other in name for other in long if other != name)]
        short = (words for words in names if len("".join(words)) <= SHORT)
        self.short = [("".join(words).encode(), _whole_word(words, case_sensitive)) for words in short]

    def first_in(self, words: str) -> bool:
        """Whether any word of a name stands among words."""
        return any(word in words for word in self.known.split())

    def may_hold(self, unusual: set[str]) -> bool:
        """Whether one of the characters may turn into letters of a name."""
        return any(piece in self.known for char in unusual for piece in _pieces(char, self.case_sensitive))

    def stands_in(self, page: bytes, letters: bytes) -> bool:
        """`letters`: the plain letters and digits of `page`, all run together."""
        if any(name in letters for name in self.long):
            return True
        return any(name in letters and pattern.search(page) for name, pattern in self.short)


def _split(pattern: re.Pattern[bytes], page: bytes) -> tuple[bytes, list[bytes]]:
    """What `pattern` does not match, with NUL where it did, and what it does match."""
    parts = pattern.split(page)
    return b"\0".join(parts[::2]), parts[1::2]


def _whole_word(words: Sequence[str], case_sensitive: bool) -> re.Pattern[bytes]:
    """A short name, not after or before another letter or digit.

    Within a word only what shows nothing may stand (NUL is a tag or reference), between words no letter.
    """
    between = (r"[\0-\x08\x0b\x0c\x0e-\x1f\\\x7f-\xff]*".join(_either_case(word, case_sensitive)) for word in words)
    pattern = "[^A-Za-z0-9]*".join(between)
    first = _either_case(words[0][0], case_sensitive)[0]
    return re.compile(f"{first}(?<![A-Za-z0-9]{first}){pattern.removeprefix(first)}(?![A-Za-z0-9])".encode())


def _either_case(word: str, case_sensitive: bool) -> list[str]:
    return [letter if case_sensitive or letter.isdigit() else f"[{letter}{letter.upper()}]" for letter in word]


def _views(page: bytes) -> Iterator[bytes]:
    """The page as it stands, because a tag may hold a headline; then what is no tag, without the escapes of JSON."""
    yield page
    page = _SHORT_ESCAPE.sub(b"\0", page)
    end = page.rfind(b"-->") + 3  # behind the last one, the end of each comment would be searched in vain
    page = _VALUE.sub(b"=", _COMMENT.sub(b"", page[:end]) + page[end:])
    text, *pieces = page.split(b"<")
    yield b"\0".join((text, *(piece[piece.find(b">") + 1 :] for piece in pieces)))


def _encodings(body: bytes, charset: str | None) -> list[str]:
    """What a page may be read in; empty where letters may hide in ways that are not searched, or nobody knows."""
    head = body[:_HEAD]
    if b"\0" in head or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return []
    named = charset or ""
    declared = _DECLARED.findall(named) if "=" in named else [named] * (named != "" and "/" not in named)
    declared += _DECLARED.findall(head.decode("latin-1"))
    names = {map_encoding_to_html5(label.strip("\"' "), False) or "" for label in declared}
    if not all(map(_TRANSPARENT.fullmatch, names)):
        return []
    if _reads(body, "utf-8"):
        return ["utf-8"]
    return sorted(names | {"utf-8"}) if any(_reads(body, name) for name in names) else []


def _reads(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _beyond(body: bytes, encodings: list[str]) -> set[str]:
    """The characters of a page that are not ASCII; C1 codes also as what browsers take them for."""
    if encodings == ["utf-8"]:
        found = set(body.translate(None, _ASCII).decode())
    else:
        found = {char for encoding in encodings for char in body.decode(encoding, "replace") if char > "\x7f"}
    return found.union(bytes([ord(char)]).decode("cp1252", "ignore") for char in found if char <= "\x9f")


@lru_cache(maxsize=4096)
def _escaped(escape: bytes) -> str:
    """The character that a \\uXXXX escape, or a pair of them, stands for."""
    return escape.decode("unicode_escape").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@lru_cache(maxsize=4096)
def _referred(reference: bytes) -> tuple[str, bytes]:
    """What a reference stands for, also where it was escaped twice (`&amp;shy;`), and what stays in its place: NUL, and
    the letters behind one that needs no semicolon (`&shyP;`); nothing and itself if it is mere text."""
    text = reference.decode("ascii", "replace").replace("amp;", "")
    meant = html.unescape(text)
    if meant == text:
        return "", text.encode().replace(b"&", b"\0")
    return (meant[0], b"\0" + meant[1:].encode()) if meant.endswith(";") else (meant, b"\0")


@lru_cache(maxsize=4096)
def _pieces(char: str, case_sensitive: bool) -> list[str]:
    """Plain letters and digits that `char` turns into: `ﬂ` fl, `ß` ss, a letter written as a reference itself."""
    plain, *_ = normalise(char)
    return re.findall(r"[A-Za-z0-9]+(?![^\W_]|[\u0300-\u036f])", plain if case_sensitive else fold(plain))


@lru_cache(maxsize=4096)
def _beyond_ascii(text: str) -> frozenset[str]:
    """Letters and marks beyond ASCII after folding and decomposition (ž is z and a caron)."""
    plain = unicodedata.normalize("NFKD", fold(normalise(text)[0]))
    return frozenset(char for char in plain if "\x7f" < char < "\U00010000" and not char.isspace())
