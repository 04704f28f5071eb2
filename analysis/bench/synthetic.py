"""A made-up store: stories with their copies, 120 outlets, six brands, three topics, ten thousand mentions a day.

A store of another size is longer, not denser, as a real one: 10,000,000 mentions are a thousand days. Everything
follows from hashes of running numbers, so the same size gives the same store.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from analysis.store.database import writing
from analysis.store.figures import rebuild
from analysis.store.ledger import describe
from analysis.watchlist import Watchlist, loads

END = datetime(2026, 1, 5, 8, tzinfo=UTC)
"""Midnight in Los Angeles after the last day of every made-up store."""
MENTIONS_A_DAY = 10_000
OUTLETS = 120
BRANDS = ("Acme", "Bolt", "Cog", "Dyno", "Echo", "Fizz")
TOPICS = ("outage", "campaign", "prices")
_MENTIONS_A_STORY = 9.587  # what the shares below come to
WORDS = (
    "shipping customers service streaming delay company analysts subscribers apology credit outage price stores rental "
    "market shares quarter online plan rivals campaign advert kiosk studio launch deal users report executive statement"
).split()


def watchlist(database: Path) -> Watchlist:
    """The watchlist that the made-up store follows."""
    return loads(toml(database))


def toml(database: Path) -> str:
    """The same as a file holds it."""
    brands = [
        f'[[brands]]\nid = "{name.lower()}"\nname = "{name}"\nrole = "{"competitor" if n else "ours"}"'
        for n, name in enumerate(BRANDS)
    ]
    topics = [f'[[topics]]\nid = "{topic}"\nquery = "{topic}"' for topic in TOPICS]
    sources = [
        f'[[sources]]\nid = "outlet{n}"\noutlet = "Outlet {n}"\nkind = "feed"\ntier = {1 + n % 3}\n'
        f'url = "https://outlet{n}.example/feed"'
        for n in range(OUTLETS)
    ]
    head = (
        '[crawl]\nuser_agent = "presswatch (+mailto:bench@example.org)"\n[report]\ntimezone = "America/Los_Angeles"\n'
        f'[store]\ndatabase = "{database}"'
    )
    return "\n".join((head, *brands, *topics, *sources))


def make(database: Path, mentions: int) -> Watchlist:
    """A new store of about so many mentions; returns its watchlist."""
    found = watchlist(database)
    stories = max(1, round(mentions / _MENTIONS_A_STORY))
    days = max(1, round(mentions / MENTIONS_A_DAY))
    values = {"stories": stories, "seconds": days * 86400, "start": END - timedelta(days=days), "words": WORDS}
    with writing(database) as connection:
        describe(connection, found)
        for step in (_PARAGRAPHS, _STORIES, _ARTICLES, _KEEP_ARTICLES, _KEEP_MENTIONS, _KEEP_URLS, _RUNS):
            for statement in connection.extract_statements(step):
                connection.execute(statement, {name: values[name] for name in statement.named_parameters})
        connection.execute("DROP TABLE story; DROP TABLE told; DROP TABLE paragraph")
        rebuild(connection)
    return found


def _chance(*keys: str | int) -> str:
    """SQL for a number from 0 to 1 that these keys settle."""
    return f"(hash({', '.join(map(str, keys))}) % 1000003 / 1000003.0)"


def _pick(*keys: str | int) -> str:
    return f"$words[1 + (hash({', '.join(map(str, keys))}) % {len(WORDS)})::INTEGER]"


_PARAGRAPHS = f"""
CREATE TEMP TABLE paragraph AS
SELECT p, string_agg({_pick("p", "i", 90)}, ' ') || '.' AS words FROM range(4096) a(p), range(150) b(i) GROUP BY p"""
# Six in ten stories run once, one in a hundred in 10 to 40 outlets; one in three names two brands.
_STORIES = f"""
CREATE TEMP TABLE story AS
SELECT s, $start + to_seconds(((s + {_chance("s", 1)}) / $stories * $seconds)::BIGINT) AS began,
       CASE WHEN {_chance("s", 2)} < .6 THEN 1 WHEN {_chance("s", 2)} < .8 THEN 2 WHEN {_chance("s", 2)} < .92 THEN 3
            WHEN {_chance("s", 2)} < .99 THEN 4 + (6 * {_chance("s", 3)})::INTEGER
            ELSE 10 + (30 * {_chance("s", 3)})::INTEGER END AS copies,
       least(5, (6 * {_chance("s", 4)} ** 2)::INTEGER) AS brand,
       CASE WHEN {_chance("s", 5)} < .35 THEN least(5, (6 * {_chance("s", 6)})::INTEGER) END AS other,
       1 + (3 * {_chance("s", 7)})::INTEGER AS sentences,
       CASE WHEN {_chance("s", 8)} < .3 THEN ['outage'] WHEN {_chance("s", 8)} < .4 THEN ['campaign']
            WHEN {_chance("s", 8)} < .45 THEN ['outage', 'prices'] ELSE []::VARCHAR[] END AS topics
FROM range($stories) r(s)"""
_ARTICLES = f"""
CREATE TEMP TABLE told AS
SELECT md5(s || '-' || c)[:16] AS article_id, md5(s || '-1')[:16] AS story_id, s, c, brand, other, sentences, topics,
       (began + to_seconds((CASE WHEN c = 1 THEN 0 ELSE 86400 * {_chance("s", "c", 1)} ** 2 END)::BIGINT))
           AS published_at,
       least({OUTLETS - 1}, ({OUTLETS} * {_chance("s", "c", 3)} ** 2)::INTEGER) AS o
FROM story, unnest(range(1, copies + 1)) x(c)"""
_KEEP_ARTICLES = f"""
INSERT INTO private.articles BY NAME
SELECT article_id, 0 AS revision, true AS newest, md5('text' || s)[:16] AS content_id, md5('copy' || s)[:16] AS copy_id,
       story_id, story_id AS family_id, c = 1 AS is_original,
       'https://outlet' || o || '.example/news/' || article_id AS url, 'outlet' || o AS source_id,
       'Outlet ' || o AS outlet, 1 + o % 3 AS tier, upper(brand::VARCHAR) || ' ' || {_pick("s", 1)} || ' and '
           || {_pick("s", 2)} || ' ' || s AS title,
       first.words || chr(10) || second.words AS body,
       ['Jane ' || (o * 20 + s % 20)] AS authors, published_at, 'jsonld' AS published_source,
       published_at + INTERVAL 1 HOUR AS fetched_at, 'en' AS language, 300 AS words, true AS complete,
       'bench' AS extractor, topics, 'bench' AS run_id
FROM told JOIN paragraph first ON first.p = s % 4096 JOIN paragraph second ON second.p = s * 7 % 4093
ORDER BY published_at"""
_KEEP_MENTIONS = f"""
INSERT INTO private.mentions BY NAME
SELECT md5(article_id || b || n)[:16] AS mention_id, article_id, 0 AS revision,
       {list(map(str.lower, BRANDS))}[b + 1] AS brand_id,
       CASE n WHEN 0 THEN 'headline' WHEN 1 THEN 'lead' ELSE 'body' END AS placement, n AS ordinal,
       {list(BRANDS)}[b + 1] || ' '
           || array_to_string([$words[1 + (hash(s, n, i) % {len(WORDS)})::INTEGER] FOR i IN range(16)], ' ')
           || ' ' || s || '.' AS sentence,
       [[0, 4]] AS spans, false AS own_voice, 2 * {_chance("s", "b", "n", 1)} - 1 AS tone,
       CASE WHEN tone < -.3 THEN 'neg' WHEN tone > .3 THEN 'pos' ELSE 'neu' END AS label,
       {_chance("s", "b", "n", 2)} < .8 AS confident, 'bench-1' AS scorer, tone AS vader, published_at AS "at"
FROM (SELECT *, unnest(CASE WHEN other IS NULL OR other = brand THEN [brand] ELSE [brand, other] END) AS b FROM told),
     unnest(range(sentences + 1)) x(n)
ORDER BY published_at"""
# As many pages without a watched brand as with one.
_KEEP_URLS = """
INSERT INTO private.urls BY NAME
SELECT md5(url || n)[:16] AS url_id, url || CASE n WHEN 0 THEN '' ELSE '-other' END AS url, source_id,
       'extracted' AS state, CASE n WHEN 0 THEN 'stored' ELSE 'no_brand' END AS reason, 0 AS tries,
       md5(title)[:16] AS evidence, title, published_at, fetched_at AS first_seen, fetched_at AS updated_at
FROM private.articles, range(2) x(n) ORDER BY fetched_at"""
# Every outlet is asked each night; one answer in two hundred does not come.
_RUNS = f"""
INSERT INTO private.source_runs BY NAME
SELECT 'outlet' || o AS source_id, 'night' || lpad(d::VARCHAR, 5, '0') AS run_id,
       $start + INTERVAL 12 HOUR + to_days(d::INTEGER) AS ended_at, {_chance("o", "d")} < .995 AS answered,
       ended_at - INTERVAL 26 HOUR AS reach_from, 20 AS discovered, 10 AS fetched, 10 AS extracted, 10 AS matched,
       10 AS stored, 0 AS failed, CASE WHEN answered THEN NULL ELSE 'timeout' END AS reason
FROM range({OUTLETS}) a(o), range(($seconds // 86400)::INTEGER) b(d);
INSERT INTO private.runs BY NAME
SELECT run_id, 'nightly' AS command, 1 AS pid, max(ended_at) AS started_at, max(ended_at) AS ended_at,
       'finished' AS status, 1200 AS pages, 1200 AS articles, 10000 AS mentions, 0 AS errors
FROM private.source_runs GROUP BY run_id"""
