"""The sample newsroom's text: outlets.toml, and articles/<outlet>.md with TOML front matter between `+++`.

All of it is written for presswatch: outlets and bylines are invented, the events are those of August 2008.
"""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.newsroom.replay import Replay

HERE = Path(__file__).resolve().parent
EDITIONS = (1, 2)
"""The newsroom of the first crawl, and that of the second: corrected and grown."""


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """An invented outlet, as outlets.toml describes it."""

    id: str
    number: int
    """Its place in outlets.toml, from 1, and the last byte of its address."""
    name: str
    tagline: str
    tier: int
    timezone: str
    language: str
    kind: str
    """How the demo's watchlist reads it: feed, sitemap or section."""
    source: str
    """Path of that feed, sitemap or section page."""
    feed: str = ""
    """Format of /feed where it has one: rss, atom, rdf or json."""
    layout: str
    """Name of the page template."""
    path: str
    """Path of an article, with {slug}, {id}, {year}, {month}, {day}."""
    colour: str
    nav: tuple[str, ...]
    popular: tuple[str, ...] = ()
    """Headlines in the side bar that lead nowhere in particular."""
    dead_link: str = ""
    """Text of a link on the front page that answers 404."""

    @property
    def address(self) -> str:
        """Loopback address of its own."""
        return f"127.3.0.{self.number}"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its articles are dated."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """An article as one edition of one replay prints it, with the labels that a perfect monitor gives it."""

    outlet: Outlet
    slug: str
    path: str
    title: str
    paragraphs: tuple[str, ...]
    """Text; a paragraph that begins with `## ` is a subheading (the time of an entry in a live blog)."""
    authors: tuple[str, ...]
    section: str
    form: str
    """article, brief, live, teaser or release."""
    language: str
    published: datetime
    modified: datetime | None
    brands: frozenset[str]
    """Label: ids of the watched brands that title or body name."""
    topics: frozenset[str]
    """Label: ids of the topics of watchlist.toml that it belongs to."""
    messages: frozenset[str]
    """Label: ids of our messages that it carries."""
    original: str
    """Slug of the wire story of which it is a copy; its own where it is none."""
    comments: tuple[str, ...]
    """Readers' comments under the article: no part of it."""
    entities: bool
    """Brand names are written as character references in the page."""
    unlisted: bool
    """Linked on the front page only, under a path that robots.txt closes."""
    revised: bool
    """This is the corrected text."""

    @property
    def complete(self) -> bool:
        """Label: False where the page holds only the beginning."""
        return self.form != "teaser"

    @cached_property
    def body(self) -> str:
        """Text of the article, paragraphs separated by one newline."""
        return "\n".join(line.removeprefix("## ") for line in self.paragraphs)

    @property
    def changed(self) -> datetime:
        """When it last changed."""
        return self.modified or self.published


@cache
def outlets() -> tuple[Outlet, ...]:
    """Every outlet, in the order of outlets.toml."""
    rows = tomllib.loads((HERE / "outlets.toml").read_text("utf-8"))["outlets"]
    for number, row in enumerate(rows, 1):
        row |= {"number": number, "nav": tuple(row["nav"]), "popular": tuple(row.get("popular", ()))}
    return tuple(Outlet(**row) for row in rows)


def pieces(replay: Replay, edition: int = 1) -> tuple[Piece, ...]:
    """Every article of an edition, oldest first, those of the future included.

    Edition 2 holds everything of edition 1, with corrections made and a few articles added.
    """
    texts = _texts()
    bodies = {row["slug"]: body for rows in texts.values() for row, body in rows}
    found = (
        _piece(outlet, row, _syndicated(row, body, bodies), replay, edition)
        for outlet, rows in texts.items()
        for row, body in rows
        if row.get("edition", 1) <= edition
    )
    return tuple(sorted(found, key=lambda piece: (piece.published, piece.path)))


def lay_out(spec: str, now: datetime) -> Replay:
    """The replay of a spec, as `Replay.parse` reads it. `latest` knows the last text of the last edition.

    It gives way by a day where a clock change would push that text past `now`.
    """
    replay = Replay.parse(spec, now, _end(Replay()))
    if spec == "latest" and _end(replay) > now:
        return Replay(replay.failure - timedelta(days=1))
    return replay


def _end(replay: Replay) -> datetime:
    return max(piece.changed for piece in pieces(replay, EDITIONS[-1]))


@cache
def _texts() -> dict[Outlet, list[tuple[dict[str, Any], list[str]]]]:
    return {outlet: list(_read(HERE / "articles" / f"{outlet.id}.md")) for outlet in outlets()}


def _read(file: Path) -> Iterable[tuple[dict[str, Any], list[str]]]:
    """Front matter and paragraphs of each article in a file."""
    blocks = re.split(r"^\+\+\+\n", file.read_text("utf-8"), flags=re.MULTILINE)[1:]
    for head, body in zip(blocks[::2], blocks[1::2], strict=True):
        paragraphs = re.split(r"\n\s*\n", body.strip())
        yield tomllib.loads(head), [" ".join(lines.split()) for lines in paragraphs if lines]


def _syndicated(row: dict[str, Any], body: list[str], bodies: dict[str, list[str]]) -> list[str]:
    """A carrier's text: its own beginning, then the wire's paragraphs `from` to `keep`, with small edits."""
    if "copy_of" not in row:
        return body
    original = bodies[row["copy_of"]][row.get("from", 0) : row.get("keep")]
    return _edited([*body, *original], row.get("edits", []))


def _edited(paragraphs: list[str], edits: list[list[str]]) -> list[str]:
    """Each edit must apply, so that a change of the original is not lost on its copies."""
    for old, new in edits:
        if not any(old in line for line in paragraphs):
            raise ValueError(f"nothing to edit: {old!r}")
        paragraphs = [line.replace(old, new) for line in paragraphs]
    return paragraphs


def _piece(outlet: Outlet, row: dict[str, Any], body: list[str], replay: Replay, edition: int) -> Piece:
    language = row.get("language", outlet.language)
    published = replay.moment(row["day"], row["time"], outlet.zone)
    updated = row.get("updated")
    title = row["title"]
    correction = row.get("correction") if edition > 1 else None
    if correction:
        title, updated = correction.get("title", title), correction
        body = [*_edited(body, correction["edits"]), correction["note"]]
    day = published.strftime("%Y %m %d").split()
    number = str(zlib.crc32(row["slug"].encode()) % 10_000_000)
    path = outlet.path.format(slug=row["slug"], id=number, year=day[0], month=day[1], day=day[2])
    return Piece(
        outlet=outlet,
        slug=row["slug"],
        path="/drafts" + path if row.get("unlisted") else path,
        title=replay.fill(title, language),
        paragraphs=tuple(replay.fill(line, language) for line in body),
        authors=tuple(row.get("authors", ())),
        section=row.get("section", "News"),
        form=row.get("form", "article"),
        language=language,
        published=published,
        modified=replay.moment(updated["day"], updated["time"], outlet.zone) if updated else None,
        brands=frozenset(row["brands"]),
        topics=frozenset(row.get("topics", ())),
        messages=frozenset(row.get("messages", ())),
        original=row.get("copy_of", row["slug"]),
        comments=tuple(row.get("comments", ())),
        entities=row.get("entities", False),
        unlisted=row.get("unlisted", False),
        revised=correction is not None,
    )
