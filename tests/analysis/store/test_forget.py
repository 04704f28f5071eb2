"""`presswatch forget`: gone from tables, figures, files and archive, and kept out; the rest stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.items import Article
from analysis.store.corrections import correct
from analysis.store.database import reading, writing
from analysis.store.figures import rebuild
from analysis.store.forget import forget, kind_of, lift
from analysis.store.tombstones import MASK, Tombstones, digest_of, words_of
from tests.analysis.press import NOON, article, mention, night, page, wire
from tests.command import presswatch, rows
from tests.site import Page, rss, site, watchlist
from tests.site import article as page_of


def told(number: int, source: str = "gazette", **more: Any) -> Article:
    """Article `number`, whose title, body and sentence hold a word that no other has."""
    secret = f"canary{number}"
    said = mention(sentence=f"Acme and {secret}.")
    return article(number, said, title=f"On {secret}", body=f"{wire(secret)} Acme and {secret}.", source=source, **more)


def files_with(folder: Path, word: str) -> list[str]:
    """Names of the files below `folder` that hold `word`, packed pages of an archive aside."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes())


def figures(database: Path, *, anew: bool = False) -> list[Any]:
    """What the public views count; as kept, or made anew from the tables."""
    with writing(database) as connection:
        if anew:
            rebuild(connection)
        return [
            connection.execute(f"FROM {view} ORDER BY ALL").fetchall()
            for view in ("stories", "mentions", "brand_articles", "coverage", "co_mentions", "daily_coverage")
        ]


def test_an_address_in_any_spelling(database: Path) -> None:
    """All revisions and what hangs on them; not a byte in any file; the store as if it had never come."""
    night(database, page(told(2)))
    gone = told(1, url="https://gazette.example/story-1")
    night(database, page(gone), page(replace(gone, title="On canary1, again")))
    with reading(database) as connection:
        ((wanted,),) = connection.execute("SELECT mention_id FROM mentions WHERE sentence LIKE '%canary1.'").fetchall()
    correct(database, wanted, "neg", why="test", who="canary1")
    assert files_with(database.parent, "canary1") == ["press.duckdb", "press.snapshot.duckdb"]

    found = forget(database, "http://www.gazette.example/story-1/?utm_source=x", "url", "asked by mail")

    assert (found.articles, found.mentions) == (1, 1)
    assert files_with(database.parent, "canary1") == []
    assert files_with(database.parent, "canary2") == ["press.duckdb", "press.snapshot.duckdb"]
    with reading(database) as connection:
        assert connection.execute("SELECT count(*) FROM private.urls").fetchall() == [(1,)]
        assert connection.execute("FROM corrections").fetchall() == []
    assert figures(database) == figures(database, anew=True)
    stones = Tombstones.of(database)
    assert stones.forbid(urls=["https://m.gazette.example/story-1"])
    assert not stones.forbid(urls=["https://gazette.example/story-2"])
    again = forget(database, "https://gazette.example/story-1", "url", "")
    assert (again.articles, again.mentions, again.pages) == (0, 0, 0)
    assert lift(database, "https://gazette.example/story-1", "url")
    assert not Tombstones.of(database)


def test_an_outlet_whose_text_others_copied(database: Path) -> None:
    """Where the original goes, the first of its copies takes its place, in a story that stays."""
    text = wire("shared") + " Acme did well."
    first = article(1, title="Shared", body=text, source="gazette", published=NOON)
    copies = [
        article(1, title="Shared", body=text, source=source, published=NOON + timedelta(hours=hours))
        for source, hours in (("herald", 2), ("ledger", 1))
    ]
    night(database, *map(page, [first, *copies]))
    with reading(database) as connection:
        story = connection.execute("SELECT DISTINCT story_id FROM articles").fetchall()
        assert connection.execute("SELECT outlet FROM mentions WHERE NOT syndicated").fetchall() == [("Gazette",)]

    assert kind_of(database, "gazette", []) == "outlet"
    assert kind_of(database, "Elsewhere", ["elsewhere"]) == "outlet"
    assert kind_of(database, "Ana Diaz", ["elsewhere"]) == "person"
    assert forget(database, "GAZETTE", "outlet", "").articles == 1

    with reading(database) as connection:
        assert connection.execute("SELECT DISTINCT story_id FROM articles").fetchall() == story
        assert connection.execute("SELECT outlet FROM mentions WHERE NOT syndicated").fetchall() == [("Ledger",)]
        assert connection.execute("SELECT articles, first_outlet FROM stories").fetchall() == [(2, "Ledger")]
    assert figures(database) == figures(database, anew=True)
    assert Tombstones.of(database).forbid(outlets=["  gazette"])


def test_a_person(database: Path) -> None:
    """No byline, no speaker, no name in any text; every other word where it was."""
    said = mention(sentence='"Acme is sorry", said Ana Diaz.', own_voice=True, ordinal=2)
    text = '"Acme is sorry", said Ana  Diaz. Ana Diazo left.'
    written = replace(
        article(1, said, title="Ana Diaz is sorry", body=f"{wire('one')} {text}"),
        authors=("ANA DIAZ", "Bo Ek"),
    )  # fmt: skip
    night(database, page(written), page(told(2)))
    with reading(database) as connection:
        ((wanted,),) = connection.execute(
            "SELECT mention_id FROM private.mentions WHERE sentence LIKE '%Diaz%'"
        ).fetchall()
    correct(database, wanted, "neg", why="Ana Diaz called", who="Ana Diaz")

    assert forget(database, "Ana Diaz", "person", "").articles == 1

    hidden = f"{MASK * 3} {MASK * 4}"
    with reading(database) as connection:
        (title, body, authors), _ = connection.execute(
            "SELECT title, body, authors FROM private.articles ORDER BY url"
        ).fetchall()
        sentences = connection.execute(
            "SELECT sentence, speaker FROM private.mentions ORDER BY ordinal DESC"
        ).fetchall()
    assert title == f"{hidden} is sorry"
    assert body.endswith(f'"Acme is sorry", said {MASK * 3}  {MASK * 4}. Ana Diazo left.')
    assert authors == ["Bo Ek"]
    assert sentences[0] == (f'"Acme is sorry", said {hidden}.', None)
    assert files_with(database.parent, "Ana Diaz") == files_with(database.parent, "Ana Diazo")
    with reading(database) as connection:
        assert connection.execute("SELECT who, why FROM corrections").fetchall() == [(hidden, f"{hidden} called")]
    assert figures(database) == figures(database, anew=True)


def test_what_would_go(database: Path) -> None:
    """A dry run counts the same and changes nothing."""
    night(database, page(told(1)))
    before = figures(database)
    assert forget(database, "https://gazette.example/1", "url", "", dry_run=True).articles == 1
    assert figures(database) == before
    assert not Tombstones.of(database)


@given(
    st.text(max_size=60), st.sampled_from(["Ana Diaz", "O'Neil", "María José Núñez-Ruiz", "Li"]), st.text(max_size=60)
)
def test_a_mask_hides_the_name_and_moves_nothing(before: str, name: str, after: str) -> None:
    """Whatever stands around it; twice is as once."""
    stones = Tombstones.among([("person", digest_of("person", name), len(words_of(name)))])
    text = f"{before} {name.upper()} {after}"
    masked = stones.masked(text)
    assert len(masked) == len(text)
    at = len(before) + 1
    assert masked[at : at + len(name)].replace(" ", "") == MASK * len(name.replace(" ", ""))
    assert stones.masked(masked) == masked


@pytest.mark.parametrize(
    ("text", "hidden"),
    [("ana diaz", True), ("Ana\nDiaz’s", False), ("By Ana Diaz, Rome", True), ("Diaz Ana", False), ("Ana Diazo", False),
     ("Ana, Diaz", False), ("Ana. Diaz", True)],
)  # fmt: skip
def test_what_counts_as_the_name(text: str, hidden: bool) -> None:
    """The same words side by side, in any case."""
    stones = Tombstones.among([("person", digest_of("person", "Ana Diaz"), 2)])
    assert stones.is_forgotten(text) is hidden


@pytest.mark.timeout(600)
def test_it_does_not_come_back(tmp_path: Path) -> None:
    """By the command: a link, an outlet and a person; then the same night again, and the archive read again."""
    with site("127.8.0.1") as paper, site("127.8.0.2") as other:
        for host, names in ((paper, ("/1", "/2")), (other, ("/3",))):
            host.pages["/feed"] = Page(
                body=rss(*((name, f"Netflix canary{name[1:]} of Ana Diaz") for name in names)),
                kind="application/rss+xml",
            )
            for name in names:
                text = f"The canary{name[1:]} of Netflix was seen by Ana Diaz."
                host.pages[name] = Page(body=page_of(f"Netflix canary{name[1:]}", text))
        path = watchlist(tmp_path, ("paper", "feed", paper.url("/feed")), ("other", "feed", other.url("/feed")),
                         allow_private='["127.8.0.0/16"]')  # fmt: skip
        assert presswatch(path, "crawl").returncode == 0
        done = [
            presswatch(path, "forget", paper.url("/1"), "--why", "asked"),
            presswatch(path, "forget", "the other"),
            presswatch(path, "forget", "Ana Diaz"),
        ]
        asked = len(paper.asked), len(other.asked)
        again = presswatch(path, "crawl")
        archive = presswatch(path, "backfill", "warc", "--again", *map(str, tmp_path.glob("*.archive/*.gz")))

    assert [process.returncode for process in done] == [0, 0, 0], [process.stderr for process in done]
    assert done[0].stdout.startswith("url: 1 articles erased, 2 mentions, 1 archived pages gone")
    assert done[1].stdout.startswith("outlet: 1 articles erased")
    assert "source other of the watchlist is of this outlet" in done[1].stderr
    assert done[2].stdout.startswith("person: 1 articles with the name hidden")
    assert (again.returncode, archive.returncode) == (0, 0), archive.stderr
    assert rows(path, "SELECT title FROM articles") == [("Netflix canary2",)]
    assert "/1" not in [request.path for request in paper.asked[asked[0] :]]
    left = [name for word in ("canary1", "canary3", "Ana Diaz") for name in files_with(tmp_path, word)]
    assert left == []
    assert presswatch(path, "forget", "Nobody").returncode == 2
