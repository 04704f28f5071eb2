"""Notices reach real servers, each once, and a channel that fails costs a line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis.notices import Notice, deliver, of_failure, of_report
from analysis.report import read_report, write_files
from analysis.store.database import reading, writing
from analysis.watchlist import Watchlist, loads
from tests.analysis.notices.conftest import hook, post
from tests.analysis.press import DOCUMENT, NOON, article, mention, night, page

SECRET = "s3cr3t"


def watchlist(folder: Path, *variables: str, when: str = '["report", "alert", "failure"]') -> Watchlist:
    """The invented press, with these channels."""
    entries = "".join(f'[[notify]]\nurl = "env:{name}"\nwhen = {when}\n' for name in variables)
    return loads(DOCUMENT.format(zone="UTC", database=folder / "press.duckdb") + entries)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Some coverage."""
    found = tmp_path / "press.duckdb"
    night(found, *(page(article(n, mention(tone=-0.7), published=NOON - timedelta(hours=n))) for n in range(6)))
    return found


def report_of(database: Path, chosen: Watchlist) -> Notice:
    """That of a report whose files lie beside the database."""
    report = read_report(database, chosen, since=NOON.date() - timedelta(days=9), until=NOON.date())
    return of_report(report, write_files(report, database.parent / "out", formats=("html", "pdf")))


def alert(database: Path, alert_id: str, raised_at: datetime) -> None:
    """An alert as a night keeps it."""
    with writing(database) as connection:
        connection.execute(
            "INSERT INTO private.alerts VALUES (?, 'coverage', 'acme', ?, ?, ?, ['spike'],"
            " ['spike: 9 stories, usual 1'], ['m'], ['Acme was down\x1b[2J for days.'], true)",
            [alert_id, NOON.date(), NOON.date(), raised_at],
        )  # fmt: skip


def test_the_report_by_mail(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Subject, text beside page, the chart where the page names it, the PDF attached."""
    chosen, said = watchlist(tmp_path, "PRESS_MAIL"), list[str]()
    with post() as box:
        monkeypatch.setenv("PRESS_MAIL", box.url)
        assert deliver(database, chosen, [report_of(database, chosen)], NOON, said.append) == 1
    (mail,) = box.mails
    parts = {part.get_content_type(): part for part in mail.walk()}
    page = BeautifulSoup(parts["text/html"].get_content(), "lxml")

    assert said == []
    assert str(mail["Subject"]).startswith("Acme in the press, 10 Mar: ")
    assert mail["To"] == "chief@example.org"
    assert [image["src"] for image in page.select("img")] == ["cid:volume.png"]
    assert parts["image/png"]["Content-ID"] == "<volume.png>"
    assert parts["image/png"].get_content().startswith(b"\x89PNG")
    assert parts["application/pdf"].get_filename() == "presswatch-2026-03-10.pdf"
    assert "Data confidence" in parts["text/plain"].get_content()


def test_three_lines_for_a_hook(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = watchlist(tmp_path, "PRESS_HOOK")
    with hook() as found:
        monkeypatch.setenv("PRESS_HOOK", found.url)
        deliver(database, chosen, [report_of(database, chosen)], NOON, pytest.fail)
    (told,) = found.told

    assert len(told["message"].splitlines()) == 3
    assert "Net tone" in told["message"]
    assert [one["filename"] for one in told["attachments"]] == ["presswatch-2026-03-10.pdf"]


def test_each_is_told_once_to_each_channel(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by a later night; an episode is one message, and a failure comes again after a week."""
    alert(database, "a1", NOON)
    alert(database, "old", NOON - timedelta(days=5))
    failed = of_failure("some sources failed", [("herald", "timeout"), ("gazette", "http_500")])
    with hook() as one, hook() as other:
        monkeypatch.setenv("ONE", one.url)
        monkeypatch.setenv("OTHER", other.url)
        for hours in (0, 1, 24):
            now = NOON + timedelta(hours=hours)
            deliver(database, watchlist(tmp_path, "ONE", "OTHER"), [failed], now, pytest.fail)
        deliver(database, watchlist(tmp_path, "ONE"), [failed], NOON + timedelta(days=8), pytest.fail)

    titles = [told["title"] for told in other.told]
    assert titles == ["presswatch alert: coverage, acme, 10 March 2026", "presswatch: some sources failed"]
    assert [told["title"] for told in one.told] == [*titles, titles[1]]
    assert other.told[0]["message"] == "spike: 9 stories, usual 1\n“Acme was down [2J for days.”"
    assert other.told[1]["message"] == "some sources failed\ngazette: http_500\nherald: timeout"


def test_what_was_not_taken_is_told_the_next_night(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An alert; yesterday's report is not news any more. The other channel is told at once, and no line is a secret."""
    alert(database, "a1", NOON)
    chosen, said = watchlist(tmp_path, "ONE", "OTHER", when='["alert"]'), list[str]()
    with hook() as one, hook() as other:
        monkeypatch.setenv("ONE", one.url)
        monkeypatch.setenv("OTHER", other.url)
        one.status = 500
        assert deliver(database, chosen, [], NOON, said.append) == 1
        one.status = 200
        assert deliver(database, chosen, [], NOON + timedelta(days=1), pytest.fail) == 1

    assert said == ["notify: $ONE: alert not delivered: nobody took the message"]
    assert [len(found.told) for found in (one, other)] == [1, 1]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "is not set"),
        (f"no-such-service://{SECRET}", "no Apprise URL"),
        (f"json://127.0.0.1:1/{SECRET}", "nobody took"),
        (f"mailto://user:{SECRET}@127.0.0.1:1?from=a@example.org&to=b@example.org", "nobody took"),
        (f"://{SECRET}", "no Apprise URL"),
    ],
)
def test_a_channel_that_fails_costs_a_line(
    database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    url: str,
    said: str,
) -> None:
    """One line, which names the variable; the secret stands in no log, also at DEBUG."""
    caplog.set_level("DEBUG")
    monkeypatch.setenv("PRESS_HOOK", url)
    lines: list[str] = []
    failure = of_failure("the night failed: disk full")

    assert deliver(database, watchlist(tmp_path, "PRESS_HOOK"), [failure], NOON, lines.append) == 0
    assert len(lines) == 1
    assert "$PRESS_HOOK" in lines[0]
    assert said in lines[0]
    assert SECRET not in caplog.text + lines[0]
    with reading(database) as connection:
        assert connection.execute("SELECT count(*) FROM private.notices").fetchone() == (0,)


def test_a_title_is_one_line_whatever_it_holds(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over SMTP and HTTP: no header of its own, no recipient more, no JSON but a string (faults.md, O6)."""
    evil = 'Down\r\nBcc: thief@example.org\r\n\r\n{"a": "' + "x" * 100_000
    failure = of_failure(evil, [("gazette", evil)])
    with post() as box, hook() as found:
        monkeypatch.setenv("PRESS_MAIL", box.url)
        monkeypatch.setenv("PRESS_HOOK", found.url)
        for name in ("PRESS_MAIL", "PRESS_HOOK"):
            assert deliver(database, watchlist(tmp_path, name), [failure], NOON, pytest.fail) == 1
    (mail,) = box.mails
    (told,) = found.told

    assert "Bcc" not in mail
    assert "thief" not in str(mail["To"])
    for title in (str(mail["Subject"]), told["title"]):
        assert "\n" not in title
        assert "\r" not in title
        assert len(title) < 400
    assert len(told["message"]) < 1000


def test_occasions_are_the_watchlists(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alert(database, "a1", NOON)
    chosen = watchlist(tmp_path, "PRESS_HOOK", when='["failure"]')
    with hook() as found:
        monkeypatch.setenv("PRESS_HOOK", found.url)
        deliver(database, chosen, [report_of(database, chosen), of_failure("it broke")], NOON, pytest.fail)

    assert [told["title"] for told in found.told] == ["presswatch: it broke"]


def test_a_store_that_cannot_be_used_is_no_reason_for_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure is told, and that it will be told again."""
    said: list[str] = []
    (tmp_path / "press.duckdb").write_bytes(b"no database" * 1000)
    with hook() as found:
        monkeypatch.setenv("PRESS_HOOK", found.url)
        now = datetime.now(UTC)
        chosen = watchlist(tmp_path, "PRESS_HOOK")
        assert deliver(tmp_path / "press.duckdb", chosen, [of_failure("the night failed")], now, said.append) == 1

    assert [told["title"] for told in found.told] == ["presswatch: the night failed"]
    assert len(said) == 2
