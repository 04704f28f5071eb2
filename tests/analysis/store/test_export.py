"""The public views as files."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from analysis.store.database import reading
from analysis.store.export import FORMATS, VIEWS, export_views
from tests.analysis.press import article, mention, night, page

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("data") / "press.duckdb"
    hostile = [article(n, mention(sentence=text), title=text) for n, text in enumerate(FORMULAS)]
    plain = article(
        99, mention(sentence='He said "no", twice.\nThen left.'), title="Ünïcode, comma", topics=("outage", "launch")
    )
    night(database, *map(page, (*hostile, plain)))
    return database


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("folder", ["with 'quote", "a/deeper/[one]*?", "ünïcode"])
def test_every_view_in_every_format(store: Path, tmp_path: Path, folder: str) -> None:
    """Wherever the folder is; nothing half-written stays behind."""
    out = tmp_path / folder
    written = export_views(store, out)

    assert sorted(written) == sorted(out / f"{view}.{form}" for view in VIEWS for form in FORMATS)
    assert sorted(out.iterdir()) == sorted(written)


def test_into_a_folder_named_from_here(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert export_views(store, Path("exports"), ("csv",))[0] == Path("exports/articles.csv")


def test_parquet_keeps_rows_and_types(store: Path, tmp_path: Path) -> None:
    export_views(store, tmp_path / "out", ("parquet",))
    with duckdb.connect() as files, reading(store) as connection:
        files.execute("SET TimeZone = 'UTC'")
        for view in VIEWS:
            assert files.execute(f"DESCRIBE FROM '{tmp_path}/out/{view}.parquet'").fetchall() == [
                (name, kind, *rest) for name, kind, *rest in connection.execute(f"DESCRIBE {view}").fetchall()
            ]
            ours = sorted(map(str, connection.execute(f"FROM {view}").fetchall()))
            assert sorted(map(str, files.execute(f"FROM '{tmp_path}/out/{view}.parquet'").fetchall())) == ours


def test_csv_holds_no_formula(store: Path, tmp_path: Path) -> None:
    """Text that a spreadsheet would compute is preceded by an apostrophe (OWASP ASVS 5.0, 1.2.10), and only that."""
    export_views(store, tmp_path, ("csv",))
    titles = [row["title"] for row in rows(tmp_path / "articles.csv")]
    sentences = [row["sentence"] for row in rows(tmp_path / "mentions.csv")]

    for found in (titles, sentences):
        assert sorted(text for text in found if text.startswith("'")) == sorted(f"'{text}" for text in FORMULAS)
    assert "Ünïcode, comma" in titles
    assert 'He said "no", twice.\nThen left.' in sentences
    assert {row["topics"] for row in rows(tmp_path / "articles.csv")} == {"", "outage;launch"}


def test_a_list_is_a_cell_too(database: Path, tmp_path: Path) -> None:
    """Authors come from the page, as titles do."""
    record = page(article())
    record["article"]["authors"] = ["=HYPERLINK(1)", "Ana"]
    night(database, record)
    export_views(database, tmp_path / "out", ("csv",))

    assert rows(tmp_path / "out" / "articles.csv")[0]["authors"] == "'=HYPERLINK(1);Ana"


def test_the_old_files_stay_where_an_export_fails(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    export_views(store, out, ("csv",))
    before = (out / "articles.csv").read_bytes()
    monkeypatch.setattr("analysis.store.export.VIEWS", ("nowhere",))
    with pytest.raises(duckdb.CatalogException):
        export_views(store, out, ("csv",))

    assert (out / "articles.csv").read_bytes() == before
