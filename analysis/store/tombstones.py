"""What was asked to be forgotten, known by digests only: asked of every link and every article before it is kept.

A digest keeps a name out of sight, not secret: who knows a name can find out whether it stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Literal

import duckdb

from analysis.errors import StoreError
from analysis.store.database import reading
from analysis.stories.address import address_id

Kind = Literal["url", "outlet", "person"]
KINDS: tuple[Kind, ...] = ("url", "outlet", "person")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BETWEEN = re.compile(r"[\s.\u00a0]{1,3}")
MASK = "█"
"""For each character of a name that was taken out: what else stands in a text keeps its place."""


def words_of(name: str) -> list[str]:
    """The words of a name, as they are compared: "Ana  María O'Neil" -> ana, maría, o'neil."""
    return [word.casefold().replace("’", "'") for word in _WORD.findall(name)]


def digest_of(kind: Kind, what: str) -> str:
    """What is kept of an address, an outlet's name or a person's."""
    said = address_id(what) if kind == "url" else " ".join(words_of(what))
    return sha256(f"{kind}\x1f{said}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Tombstones:
    """All of them. False where there are none."""

    digests: frozenset[tuple[str, str]] = frozenset()
    """(kind, digest)."""
    people: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Digests of people by the number of words of their names."""

    @classmethod
    def of(cls, database: Path) -> Tombstones:
        """As of the newest snapshot; none before the first crawl."""
        if not database.exists():
            return cls()
        with reading(database) as connection:
            try:
                rows = connection.execute("SELECT kind, digest, words FROM private.tombstones").fetchall()
            except duckdb.CatalogException:  # the database of an older release, before it is first written to
                return cls()
            except duckdb.Error as error:
                raise StoreError(f"{database}: {error}") from error
        return cls.among(rows)

    @classmethod
    def among(cls, rows: Iterable[tuple[str, str, int]]) -> Tombstones:
        """Of (kind, digest, words)."""
        people: dict[int, set[str]] = {}
        digests = set()
        for kind, digest, words in rows:
            digests.add((kind, digest))
            if kind == "person":
                people.setdefault(words, set()).add(digest)
        return cls(frozenset(digests), {words: frozenset(found) for words, found in people.items()})

    def __bool__(self) -> bool:
        return bool(self.digests)

    def forbid(self, *, urls: Iterable[str | None] = (), outlets: Iterable[str] = ()) -> bool:
        """Whether any of the addresses or outlets is to be forgotten."""
        wanted = [("url", digest_of("url", url)) for url in urls if url]
        wanted += [("outlet", digest_of("outlet", outlet)) for outlet in outlets]
        return not self.digests.isdisjoint(wanted)

    def is_forgotten(self, person: str) -> bool:
        """Whether this is the name of a person who is to be forgotten, or holds it ("By Ana Diaz, correspondent")."""
        return self.masked(person) != person

    def masked(self, text: str) -> str:
        """`text` with each name of a forgotten person hidden, in the same length."""
        if not self.people or not text:
            return text
        found = [(word.start(), word.end()) for word in _WORD.finditer(text)]
        hidden = list(text)
        for count, digests in self.people.items():
            for first in range(len(found) - count + 1):
                run = found[first : first + count]
                joined = all(_BETWEEN.fullmatch(text, a[1], b[0]) for a, b in pairwise(run))
                begin, end = run[0][0], run[-1][1]
                if joined and digest_of("person", text[begin:end]) in digests:
                    hidden[begin:end] = [MASK if not char.isspace() else char for char in text[begin:end]]
        return "".join(hidden)
