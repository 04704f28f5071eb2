"""What a night's grouping costs where 10,000 articles are stored, and where 1,000,000 are.

    python benchmarks/stories.py [STORED]      a million where no number is given; needs 3 GB of disk and ten minutes

A night is 5,000 articles of 400 words in 300 outlets on ten brands in ten segments: 1,400 events, three articles in
ten edited copies of another. Two such nights are loaded as the product does it; the large store has them two hundred
nights long, oldest first, with other identifiers and signatures, written in SQL. A larger archive is a longer one: what
lies near in time of the night is then twenty-one nights, 105,000 articles, where the small store has two. Words stay
the same from night to night and brands too, so what is near in time shares them, as it does in life. The night is
loaded at once, as a run does at its end. CPU seconds of `group` and the peak of the process's memory in the whole load;
each store is measured in a process of its own. The ratio is what counts. What else a load costs, `presswatch bench`
measures.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analysis.items import Article, Lead, Mention
from analysis.store import load as loading
from analysis.store.database import writing
from analysis.store.grouping import group
from analysis.store.records import article_record, mention_records, url_record
from analysis.store.spool import Spool

NIGHT, SEGMENT, NIGHTS_STORED, EVENTS, BRANDS, WORDS = 5_000, 500, 2, 1_400, 10, 400
LAST = datetime(2026, 3, 10, tzinfo=UTC)


def vocabulary(chance: random.Random, count: int) -> list[str]:
    """Invented words."""
    parts = ["ba", "ce", "di", "fo", "gu", "ha", "ki", "lo", "mu", "ne", "pi", "ra", "so", "tu", "ve", "wi", "xa", "zo"]
    return ["".join(chance.choices(parts, k=chance.randint(2, 4))) for _ in range(count)]


def sentences(words: list[str], chance: random.Random) -> str:
    """Words with capital letters and full stops."""
    text, start = [], 0
    while start < len(words):
        length = chance.randint(8, 25)
        text.append(" ".join(words[start : start + length]).capitalize() + ".")
        start += length
    return " ".join(text)


def night(number: int, chance: random.Random, common: list[str]) -> Iterator[Article]:
    """The articles of one night, the events' own words in a quarter of each text."""
    weights = [1 / (rank + 5) for rank in range(len(common))]
    general = chance.choices(common, weights, k=2_000_000)
    events = [(f"b{chance.randrange(BRANDS)}", vocabulary(chance, 40)) for _ in range(EVENTS)]
    bodies: list[tuple[str, str]] = []
    for count in range(NIGHT):
        if bodies and chance.random() < 0.3:
            brand, body = chance.choice(bodies[-1000:])
            told = body.split(". ")
            body = "Here at home. " + ". ".join(told[: max(3, round(len(told) * chance.uniform(0.5, 1)))])
        else:
            brand, own = chance.choice(events)
            start = chance.randrange(len(general) - WORDS)
            words = [chance.choice(own) if chance.random() < 0.25 else word for word in general[start : start + WORDS]]
            body = sentences(words, chance)
            bodies.append((brand, body))
        url = f"https://o{count % 300}.example/{number}/{count}"
        mention = Mention(brand_id=brand, placement="body", sentence=body[:80], ordinal=1, spans=((0, 4),))
        yield Article(
            url=url, source_id=f"s{count % 300}", outlet=f"Outlet {count % 300}", title=body[:60], body=body,
            published=LAST - timedelta(days=NIGHTS_STORED - number, seconds=chance.randrange(86_400)),
            fetched_at=LAST - timedelta(days=NIGHTS_STORED - number), language="en", mentions=(mention,),
        )  # fmt: skip


def spool(folder: Path, run_id: str, articles: Iterator[Article]) -> None:
    """Sealed segments, as the crawl leaves them."""
    writer = Spool(folder, run_id, SEGMENT)
    for article in articles:
        record = article_record(article)
        lead = Lead(url=article.url, source_id=article.source_id, outlet=article.outlet)
        url = url_record(lead, "extracted", at=LAST)
        full = writer.append(
            {"url": url, "article": record, "mentions": mention_records(record["article_id"], article.mentions)}
        )
        if full:
            writer.seal()


def multiply(database: Path, times: int) -> None:
    """Repeat what is stored over earlier nights, oldest first: other identifiers, other texts' signatures."""
    new = "substr(md5({0} || '{1}'), 1, 16)"
    with writing(database) as store:
        for table in ("articles", "sketches"):
            store.execute(f"CREATE TEMP TABLE first_{table} AS FROM private.{table}")
            store.execute(f"DELETE FROM private.{table}")
        for number in reversed(range(1, times)):
            renamed = ", ".join(f"{new.format(c, number)} AS {c}" for c in ("article_id", "family_id", "story_id"))
            shift = f"INTERVAL {number * NIGHTS_STORED} DAY"
            store.execute(
                f"""INSERT INTO private.articles SELECT * REPLACE ({renamed}, published_at - {shift} AS published_at,
                    fetched_at - {shift} AS fetched_at) FROM first_articles"""
            )
            store.execute(
                f"""INSERT INTO private.sketches SELECT * REPLACE ({renamed}, "at" - {shift} AS "at",
                    fetched_at - {shift} AS fetched_at,
                    list_transform(bands, lambda b: (hash(b, {number}) % 4294967296)::UINTEGER) AS bands)
                    FROM first_sketches"""
            )
        for table in ("articles", "sketches"):
            store.execute(f"INSERT INTO private.{table} FROM first_{table}")
        store.execute(
            """INSERT INTO private.stories SELECT DISTINCT story_id, article_id, "at" FROM private.sketches
                WHERE is_original AND story_id NOT IN (SELECT story_id FROM private.stories)"""
        )
        store.execute(f"UPDATE private.terms SET stories = stories * {times}")
        store.execute(
            "INSERT INTO private.terms SELECT (hash(i) % 4294967296)::UINTEGER, 1 + i % 3 FROM range(1000000) r(i)"
        )


def measure(database: Path, segments: list[str]) -> dict[str, float]:
    """CPU seconds and megabytes of one night; runs in a process of its own."""
    spent = 0.0

    def timed(connection: object) -> None:
        nonlocal spent
        start = time.process_time()
        group(connection)  # type: ignore[arg-type]
        spent += time.process_time() - start

    loading.group = timed
    with writing(database, publish=False) as store:
        stored = store.execute("SELECT count(*) FROM private.articles").fetchall()[0][0]
        loading.load(store, *map(Path, segments))
        families, stories = store.execute(
            "SELECT count(DISTINCT family_id), count(DISTINCT story_id) FROM private.sketches WHERE fetched_at = ?",
            [LAST],
        ).fetchall()[0]
    # not ru_maxrss: that starts with what the parent had
    memory = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return {"stored": stored, "group": spent, "memory": memory, "families": families, "stories": stories}


def main() -> None:
    """Builds both stores, measures and prints."""
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(Path(sys.argv[2]), sys.argv[3:])))
        return
    stored = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    chance = random.Random(1)
    common = vocabulary(chance, 30_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = folder / "small.duckdb", folder / "large.duckdb"
        for number in range(NIGHTS_STORED + 1):
            spool(folder / f"night{number}", f"night{number}", night(number, chance, common))
        with writing(small, publish=False) as store:
            for number in range(NIGHTS_STORED):
                for segment in sorted((folder / f"night{number}").glob("*.jsonl")):
                    loading.load(store, segment)
        shutil.copyfile(small, large)
        multiply(large, stored // (NIGHT * NIGHTS_STORED))
        found = []
        for database in (small, large):
            segments = folder / database.stem
            shutil.copytree(folder / f"night{NIGHTS_STORED}", segments)
            command = [sys.executable, __file__, "--measure", database, *sorted(segments.glob("*.jsonl"))]
            told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            found.append(told)
            print(
                f"{told['stored']:>9,} stored: grouping {told['group']:6.2f} CPU s, peak {told['memory']:.0f} MB; "
                f"{told['families']} families, {told['stories']} stories, "
                f"file {database.stat().st_size / 2**20:,.0f} MB",
                flush=True,
            )
        print(f"ratio: {found[1]['group'] / found[0]['group']:.2f}")


if __name__ == "__main__":
    main()
