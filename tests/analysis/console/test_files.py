"""Commands that write files."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.watchlist import load
from tests.analysis.console.conftest import Run


def test_init_writes_a_watchlist_that_is_right(here: Path, run: Run) -> None:
    said = run("init", "new/folder")

    assert said.status == 0
    assert "new/folder/watchlist.toml written" in said.out
    assert load(here / "new" / "folder" / "watchlist.toml").ours.id == "netflix"


def test_init_never_overwrites(here: Path, run: Run) -> None:
    """Not even an empty file."""
    (here / "watchlist.toml").write_text("")
    said = run("init")

    assert said.status == 2
    assert said.complaint == "presswatch: watchlist.toml: exists already and was left as it is"
    assert (here / "watchlist.toml").read_text() == ""


def test_init_where_no_folder_can_be(here: Path, run: Run) -> None:
    (here / "file").write_text("")

    assert run("init", "file").status == 2
    said = run("init", "file/deeper")
    assert said.status == 2
    assert said.complaint.startswith("presswatch: file/deeper")


def test_report(press: Path, run: Run) -> None:
    """Prints where the files lie, and they do."""
    said = run("report", "--since", "2026-03-01", "--until", "2026-03-10", "--out", "out", "--format", "md,html,md")

    assert said.status == 0
    assert said.out.splitlines() == ["out/presswatch-2026-03-10.md", "out/presswatch-2026-03-10.html"]
    assert all(Path(line).read_text("utf8") for line in said.out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("report", "--format", "docx"), "'docx' is not allowed; one or more of html, pdf, xlsx, pptx, md"),
        (("report", "--format", ""), "'' is not allowed"),
        (
            ("report", "--since", "2026-03-10", "--until", "2026-03-01"),
            "--since 2026-03-10 is after --until 2026-03-01",
        ),
        (("report", "--since", "nine"), "'nine' is no date"),
        (("report", "--out", "watchlist.toml"), "is a file"),
        (("report", "--out", "watchlist.toml/deeper"), "watchlist.toml/deeper"),
        (("export",), "Missing option '--out'"),
        (("export", "--out", "out", "--format", "xls"), "'xls' is not allowed"),
        (("export", "--out", "watchlist.toml/deeper"), "watchlist.toml/deeper"),
    ],
)
def test_mistakes(press: Path, run: Run, arguments: tuple[str, ...], complaint: str) -> None:
    said = run(*arguments)

    assert said.status == 2
    assert complaint in said.complaint


def test_export(press: Path, run: Run) -> None:
    said = run("export", "--out", "out/today", "--format", "csv,parquet")

    assert said.status == 0
    assert "out/today/daily_coverage.parquet" in said.out.splitlines()
    assert all(Path(line).stat().st_size for line in said.out.splitlines())
    assert "'=Bolt()" in Path("out/today/mentions.csv").read_text("utf8")


@pytest.mark.parametrize("command", ["report", "export"])
def test_without_a_store_nothing_is_written(here: Path, run: Run, command: str) -> None:
    run("init")
    said = run(command, "--out", "out")

    assert said.status == 3
    assert "no database yet" in said.complaint
    assert [path.name for path in here.iterdir()] == ["watchlist.toml"]
