"""Rows for people and for programs."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.console.output import FORMATS, write
from analysis.trends import Answer
from analysis.trends.forms import safe_cell
from tests.analysis.console.conftest import Run

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1"]
ROOT = Path(__file__).resolve().parents[3]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CELLS = (
    st.none()
    | TEXTS
    | st.integers()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.lists(TEXTS, max_size=3)
)


def printed(answer: Answer, form: str, capsys: pytest.CaptureFixture[str]) -> str:
    write(answer, form)
    return capsys.readouterr().out


def strict(text: str) -> Any:
    """JSON as RFC 8259 knows it: no NaN, no Infinity."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_programs_get_the_rows(rows: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, whatever is in them; JSON and JSON lines say the same; CSV has a row each and a header."""
    answer = Answer(("a", "b"), tuple(rows), "")
    found = strict(printed(answer, "json", capsys))
    lines = printed(answer, "jsonl", capsys).split("\n")

    assert found == [strict(line) for line in lines if line]
    assert [row["a"] for row in found] == [cell.isoformat() if isinstance(cell, date) else cell for cell, _ in rows]
    cells = list(csv.reader(io.StringIO(printed(answer, "csv", capsys), newline="")))
    assert len(cells) == len(rows) + 1
    for (given_, _), (shown, _) in zip(rows, cells[1:], strict=True):
        if isinstance(given_, str):
            marked = f"'{given_}" if given_ and given_[0] in "=+-@\t\r\0" else given_
            assert shown == marked.replace("\r\n", "\n").replace("\r", "\n")
        elif isinstance(given_, int | float):
            assert shown == str(given_)


@pytest.mark.parametrize("text", FORMULAS)
def test_text_is_no_formula(text: str) -> None:
    """OWASP ASVS 5.0, 1.2.10; numbers stay numbers, lists are looked at too."""
    assert safe_cell(text) == f"'{text}".replace("\r", "\n")
    assert safe_cell([text, "x"]) == f"'{text};x".replace("\r", "\n")
    assert [safe_cell(number) for number in (-1, -0.5, Decimal(-2), None)] == ["-1", "-0.5", "-2", ""]
    assert safe_cell("a=1") == "a=1"


ODD = {
    "nan": float("nan"), "infinite": float("-inf"), "decimal": Decimal("1.10"), "uuid": UUID(int=7), "blob": b"\xff\0",
    "interval": timedelta(hours=25), "struct": {"a": [datetime(2026, 3, 10)]}, "map": {date(2026, 3, 10): 1},
    "nested": [[1, None], []], "surrogate-free": "𝕏\u2028", "unicode": "ünïcode",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ODD)
def test_every_type_of_the_database_comes_out(name: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`presswatch sql` may ask for anything; JSON stays JSON."""
    text = printed(Answer((name,), ((ODD[name],),), ""), form, capsys)

    assert text
    if form.startswith("json"):
        assert strict(text) is not None


def test_a_table_cuts_nothing_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """`presswatch mentions | grep` finds every word; no colours, no control codes."""
    long = "word " * 400 + "end"
    text = printed(Answer(("a_b", "n"), ((long, 1), (None, 2.5)), ""), "table", capsys)

    assert long in text
    assert "a b" in text
    assert "–" in text
    assert "\x1b" not in text


def test_scraped_text_does_not_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A headline with escape codes must not clear the screen, set its title or hide a row."""
    text = printed(
        Answer(("title",), (("\x1b[2J\x1b]0;title\x07Acme\x9b31m\x08\x08",), ("[bold]x[/bold]",)), ""), "table", capsys
    )

    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    assert "Acme" in text
    assert "[bold]x[/bold]" in text


@pytest.mark.parametrize(("form", "out"), [("table", ""), ("json", "[]\n"), ("jsonl", ""), ("csv", "a,b\n")])
def test_nothing_found(form: str, out: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Pipes stay clean; people are told."""
    write(Answer(("a", "b"), (), ""), form)

    assert tuple(capsys.readouterr()) == (out, "nothing found\n" if form == "table" else "")


def in_a_terminal(press: Path, **environment: str) -> str:
    """`presswatch mentions` where standard output is a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, ROOT / "presswatch.py", "mentions"]
    kept = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **environment}
    subprocess.run(command, cwd=press.parent, env=kept, stdout=theirs, check=True)
    os.close(theirs)
    text = b""
    try:
        while chunk := os.read(ours, 65536):
            text += chunk
    except OSError:  # Linux's way to say that nobody has the terminal open any more
        pass
    os.close(ours)
    return text.decode()


def test_no_color(press: Path) -> None:
    """no-color.org: weight may stay, colours may not; a table is as wide as the terminal."""
    text = in_a_terminal(press, NO_COLOR="1")
    codes = {int(code) for found in re.findall(r"\x1b\[([\d;]*)m", text) for code in found.split(";") if code}

    assert not codes & {*range(30, 50), *range(90, 108)}
    assert "Acme sentence 0." in text
    assert max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in text.splitlines()) <= 100


@pytest.mark.parametrize(
    "form", ["table", "csv", *(pytest.param(f, marks=pytest.mark.slow) for f in ("json", "jsonl"))]
)
def test_a_reader_that_has_enough(press: Path, form: str) -> None:
    """`presswatch mentions | head -1` ends well, and says nothing."""
    command = [sys.executable, ROOT / "presswatch.py", "mentions", "--format", form]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, cwd=press.parent, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)

    assert (done.returncode, done.stderr) == (0, "")


def test_formats_through_the_front_door(press: Path, run: Run) -> None:
    """The same rows in each."""
    lines = run("mentions", "--format", "jsonl").rows

    assert len(lines) == 6
    assert json.loads(run("mentions", "--format", "json").out) == lines
    table = run("mentions").out
    assert all(row["sentence"] in table for row in lines)
    cells = list(csv.DictReader(io.StringIO(run("mentions", "--format", "csv").out)))
    assert [row["mention"] for row in cells] == [row["mention"] for row in lines]
    assert {row["sentence"] for row in cells} == {"'=Bolt()", *(f"Acme sentence {n}." for n in range(5))}
