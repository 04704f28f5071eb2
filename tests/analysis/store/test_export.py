"""The public views as files."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.store.database import reading
from analysis.store.export import FORMATS, VIEWS, export_views
from analysis.store.workbook import CUT, LONGEST, write_workbook
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


def test_a_workbook_holds_text_as_text(store: Path, tmp_path: Path) -> None:
    """Opened by another library: every title as it is, none a formula; times, truth values and numbers are such."""
    export_views(store, tmp_path, ("xlsx",))
    book = openpyxl.load_workbook(tmp_path / "articles.xlsx")
    heading, *found = book["articles"].iter_rows()
    cells = {name.value: [row[n] for row in found] for n, name in enumerate(heading)}

    assert book["articles"].auto_filter.ref == f"A1:{heading[-1].column_letter}{len(found) + 1}"
    titles = {str(cell.value).replace("_x000D_", "\r").replace("_x0000_", "\0") for cell in cells["title"]}
    assert titles == {*FORMULAS, "Ünïcode, comma"}
    assert {cell.data_type for cell in cells["title"]} == {"s"}
    assert {type(cell.value) for cell in cells["fetched_at"]} == {datetime}
    assert {type(cell.value) for cell in cells["complete"]} == {bool}
    assert {cell.value or "" for cell in cells["topics"]} == {"", "outage; launch"}


@given(rows=st.lists(st.tuples(st.text(max_size=9), st.integers(-9, 9)), max_size=9), most=st.integers(2, 5))
@settings(deadline=None)
def test_a_full_sheet_is_followed_by_another(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]], most: int
) -> None:
    """Nothing is lost or doubled, and each sheet has the heading."""
    path = tmp_path_factory.mktemp("book") / "rows.xlsx"
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (word VARCHAR, number INTEGER)")
        for row in rows:
            connection.execute("INSERT INTO t VALUES (?, ?)", row)
        write_workbook(connection.execute("FROM t"), path, "t", most=most)
    sheets = [list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path)]

    assert all(sheet[0] == ("word", "number") for sheet in sheets)
    assert [row[1] for sheet in sheets for row in sheet[1:]] == [number for _, number in rows]


def test_what_a_cell_cannot_hold_is_cut_with_a_mark(tmp_path: Path) -> None:
    """Text that is too long; a date before 1900 is text."""
    path = tmp_path / "rows.xlsx"
    with duckdb.connect() as connection:
        write_workbook(connection.execute("SELECT repeat('x', 40_000) AS a, DATE '1865-04-14' AS b"), path, "t")
    ((_, _), (long, old)) = openpyxl.load_workbook(path)["t"].iter_rows(values_only=True)

    assert len(long) == LONGEST
    assert long.endswith(CUT)
    assert old == "1865-04-14"


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
