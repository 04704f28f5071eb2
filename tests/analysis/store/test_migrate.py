"""The schema: each migration once, views as the contract names them, nothing touched that is newer than we are."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from analysis.errors import NewerDatabase, PresswatchError, StoreError
from analysis.store import migrate as migrate_module
from analysis.store.database import beside, reading, writing
from analysis.store.migrate import applied, known, migrate
from tests.analysis.press import article, in_memory, night, page
from tests.command import ROOT

# contract.md, "The database: views that stay"; types from docs/schema.md.
CONTRACT = {
    "articles": "article_id VARCHAR, url VARCHAR, canonical_url VARCHAR, outlet VARCHAR, tier INTEGER, "
    "source_id VARCHAR, title VARCHAR, authors VARCHAR[], published_at TIMESTAMP WITH TIME ZONE, "
    "published_source VARCHAR, fetched_at TIMESTAMP WITH TIME ZONE, language VARCHAR, words INTEGER, "
    "complete BOOLEAN, story_id VARCHAR, revision INTEGER, topics VARCHAR[], tone DOUBLE",
    "mentions": "mention_id VARCHAR, article_id VARCHAR, story_id VARCHAR, brand_id VARCHAR, "
    "published_at TIMESTAMP WITH TIME ZONE, outlet VARCHAR, tier INTEGER, topics VARCHAR[], placement VARCHAR, "
    "sentence VARCHAR, tone DOUBLE, label VARCHAR, confident BOOLEAN, scorer VARCHAR, vader DOUBLE, speaker VARCHAR, "
    "corrected BOOLEAN, syndicated BOOLEAN",
    "stories": "story_id VARCHAR, title VARCHAR, first_published_at TIMESTAMP WITH TIME ZONE, first_outlet VARCHAR, "
    "articles INTEGER, outlets INTEGER",
    "daily_coverage": "day DATE, brand_id VARCHAR, topic_id VARCHAR, articles INTEGER, stories INTEGER, "
    "mentions INTEGER, positive INTEGER, neutral INTEGER, negative INTEGER, abstained INTEGER, net_tone DOUBLE, "
    "share_of_voice DOUBLE, collected BOOLEAN",
    "runs": "run_id VARCHAR, started_at TIMESTAMP WITH TIME ZONE, ended_at TIMESTAMP WITH TIME ZONE, status VARCHAR, "
    "pages INTEGER, articles INTEGER, mentions INTEGER, errors INTEGER",
    "source_health": "source_id VARCHAR, run_id VARCHAR, discovered INTEGER, fetched INTEGER, extracted INTEGER, "
    "matched INTEGER, stored INTEGER, failed INTEGER, reason VARCHAR, last_success TIMESTAMP WITH TIME ZONE, "
    "last_new_article TIMESTAMP WITH TIME ZONE",
    "corrections": "mention_id VARCHAR, old_label VARCHAR, new_label VARCHAR, who VARCHAR, why VARCHAR, "
    "at TIMESTAMP WITH TIME ZONE",
}
CONTRACT["article_revisions"] = CONTRACT["articles"]


NEXT = max(known()) + 1


@pytest.mark.parametrize("view", CONTRACT)
def test_views_keep_their_columns_and_types(view: str) -> None:
    """As they are, and in that order; a SELECT over each works on an empty store."""
    with in_memory() as connection:
        columns = connection.execute(f"DESCRIBE {view}").fetchall()
        assert connection.execute(f"SELECT count(*) FROM {view}").fetchall() == [(0,)]

    assert ", ".join(f"{name} {kind}" for name, kind, *_ in columns) == CONTRACT[view]


def test_no_view_counts_money() -> None:
    """Advertising value equivalents cannot be switched on (field.md, 3.8.10)."""
    with in_memory() as connection:
        rows = connection.execute("SELECT column_name FROM duckdb_columns() WHERE NOT internal").fetchall()

    assert [name for (name,) in rows if re.search("(^|_)ave($|_)|price|cost|money|currency|usd|equivalent", name)] == []


def test_no_two_migrations_have_one_number() -> None:
    """The second would silently take the place of the first."""
    scripts = list(Path(migrate_module.__file__).with_name("migrations").glob("*.sql"))

    assert len(known()) == len(scripts)
    assert list(known()) == sorted(known())
    assert min(known()) == 1


def test_each_migration_is_applied_once(database: Path) -> None:
    """However often the file is opened."""
    for _ in range(3):
        with writing(database) as connection:
            rows = connection.execute("SELECT number FROM main.migrations ORDER BY number").fetchall()

    assert rows == [(number,) for number in known()]


def test_a_later_migration_is_applied_to_an_old_store(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was in the store is still there."""
    night(database, page(article()))
    later = {**known(), NEXT: "ALTER TABLE private.articles ADD COLUMN mood VARCHAR DEFAULT 'calm'"}
    monkeypatch.setattr(migrate_module, "known", lambda: later)
    with writing(database) as connection:
        assert applied(connection) == {*later}
        assert connection.execute("SELECT title, mood FROM private.articles").fetchall() == [("Title 1", "calm")]


def test_a_migration_that_fails_leaves_no_trace(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not half of it, and not its number; the error is one of ours."""
    night(database, page(article()))
    wrong = {**known(), NEXT: "CREATE TABLE private.half (x INTEGER); SELECT nonsense FROM nowhere"}
    monkeypatch.setattr(migrate_module, "known", lambda: wrong)
    with pytest.raises(StoreError, match="nowhere"), writing(database):
        pass
    monkeypatch.undo()
    with writing(database) as connection:
        assert applied(connection) == {*known()}
        assert connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'").fetchall() == [(0,)]
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]


def newer(database: Path) -> str:
    """A store that a later release has opened; the digest of its file."""
    with writing(database) as connection:
        connection.execute("INSERT INTO main.migrations VALUES (9999, now())")
    return hashlib.sha256(database.read_bytes()).hexdigest()


def test_a_newer_store_is_refused_and_left_alone(database: Path) -> None:
    """In a sentence that says what to do (faults.md, B7)."""
    before = newer(database)
    files = sorted(path.name for path in database.parent.iterdir())
    with (
        pytest.raises(NewerDatabase, match=r"newer presswatch \(migration 9999\); install") as refusal,
        writing(database),
    ):
        pass

    assert isinstance(refusal.value, PresswatchError)
    assert "\n" not in str(refusal.value)
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
    assert sorted(path.name for path in database.parent.iterdir()) == files


def test_a_newer_store_gets_no_old_views(database: Path) -> None:
    """The refusal comes before the views are made anew."""
    connection = duckdb.connect()
    migrate(connection)
    connection.execute("CREATE OR REPLACE VIEW stories AS SELECT 42 AS of_tomorrow")
    connection.execute("INSERT INTO main.migrations VALUES (9999, now())")
    with pytest.raises(NewerDatabase):
        migrate(connection)

    assert connection.execute("FROM stories").fetchall() == [(42,)]
    connection.close()


@pytest.mark.parametrize("damage", ["garbage", "header", "truncated"])
def test_a_damaged_file_is_named(database: Path, damage: str) -> None:
    """By its path, in one line, for the writer and for a reader that has no snapshot (faults.md, B5)."""
    night(database, page(article()))
    whole = database.read_bytes()
    made = {"garbage": b"not a database" * 1000, "header": b"\0" * 4096 + whole[4096:], "truncated": whole[:5000]}
    database.write_bytes(made[damage])
    beside(database, ".snapshot.duckdb").unlink()
    for use in (writing, reading):
        with pytest.raises(StoreError, match=r"press\.duckdb: cannot be opened: [^\n]+$"), use(database):
            pass


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_file_of_duckdb_1_4(database: Path, tmp_path: Path) -> None:
    """A store that the engine of last year wrote is opened, read and written (faults.md, B7)."""
    engine, venv = tmp_path / "engine", tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    wanted = ["--quiet", "--no-deps", "--only-binary", ":all:", "--target", str(engine), "duckdb==1.4.5"]
    pip = [venv / "bin" / "python", "-m", "pip", "install", *wanted]
    had = subprocess.run(pip, capture_output=True, text=True, check=False)
    if had.returncode:
        pytest.skip(f"DuckDB 1.4.5 cannot be had here: {had.stderr.strip().splitlines()[-1]}")
    database.parent.mkdir(parents=True, exist_ok=True)
    script = """
import sys
sys.path.insert(0, sys.argv[2])
import duckdb
from analysis.store.migrate import migrate
connection = duckdb.connect(sys.argv[1])
migrate(connection)
connection.execute("INSERT INTO private.segments VALUES (?, 1, now())", [duckdb.__version__])
connection.close()
"""
    made = subprocess.run(
        [sys.executable, "-c", script, str(database), str(engine)], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    night(database, page(article()))

    with reading(database) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]
        assert ("1.4.5",) in connection.execute("SELECT name FROM private.segments").fetchall()
