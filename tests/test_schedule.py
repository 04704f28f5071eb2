"""`presswatch schedule`: units that systemd takes, and a line of cron that does what it says, from any folder."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import environment, presswatch, rows
from tests.site import Page, Site, article, rss, site, watchlist

# cron itself is no part of a bare machine, and its tables are the machine's: this keeps one in a file.
CRONTAB = """#!/bin/sh
case "$1" in
  -l) if [ -e "$0.table" ]; then cat "$0.table"; else echo "no crontab for you" >&2; exit 1; fi ;;
  -) cat > "$0.table" ;;
esac
"""
OTHER = "17 4 * * * echo 100\\% mine\n"


@pytest.fixture
def paper() -> Iterator[Site]:
    with site() as paper:
        paper.pages["/feed"] = Page(body=rss(("/1", "Netflix outage")), kind="application/rss+xml")
        paper.pages["/1"] = Page(body=article("Netflix outage", "Netflix has an outage."))
        yield paper


@pytest.fixture
def path(tmp_path: Path, paper: Site) -> Path:
    """A watchlist in a folder whose name says something to shells, cron and systemd."""
    folder = tmp_path / "it's 100% a $HOME; really"
    folder.mkdir()
    path = watchlist(folder, ("paper", "feed", paper.url("/feed")), allow_private=f'["127.0.0.1:{paper.port}"]')
    path.write_text(path.read_text() + '[report]\ntimezone = "America/Los_Angeles"\n', "utf-8")
    return path


@pytest.fixture
def cron(tmp_path: Path) -> Path:
    """A folder for the PATH; the table lies beside the program."""
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(CRONTAB)
    program.chmod(0o755)
    (program.parent / "crontab.table").write_text(OTHER)
    return program.parent


def planned(path: Path, *options: str) -> dict[str, str]:
    """The files that would be written, by name."""
    done = presswatch(path, "schedule", "install", "--dry-run", *options)
    assert done.returncode == 0, done.stderr
    parts = done.stdout.split("# /")[1:]
    return {part.partition("\n")[0].rpartition("/")[2]: part.partition("\n")[2] for part in parts}


@pytest.mark.parametrize("whose", ["--system", "--user"])
def test_systemd_takes_the_units(path: Path, whose: str, tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say, whatever the folder is called."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    units = planned(path, whose, "--name", "brand-night", "--at", "4:05")
    assert sorted(units) == ["brand-night-failed.service", "brand-night.service", "brand-night.timer"]
    for name, text in units.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in units)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "brand-night" in line]

    assert ours == []
    assert "OnCalendar=*-*-* 04:05:00 America/Los_Angeles\n" in units["brand-night.timer"]
    assert "Persistent=true\n" in units["brand-night.timer"]


def test_the_line_of_cron_runs_a_night(path: Path, cron: Path) -> None:
    """Installed beside other lines; what cron would hand to the shell crawls and writes the report."""
    asked = {"PATH": f"{cron}:/usr/bin:/bin"}
    (path.parent / "presswatch.env").write_text("PRESSWATCH_NOTE='a b'\n")
    first = presswatch(path, "schedule", "install", "--cron", "--at", "03:10", **asked)
    presswatch(path, "schedule", "install", "--cron", "--at", "03:20", **asked)
    table = (cron / "crontab.table").read_text()

    assert first.returncode == 0, first.stderr
    assert table.startswith(OTHER)
    assert len(table.splitlines()) == 2
    command = table.splitlines()[1].split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(["/bin/sh", "-c", command], cwd="/", env=environment(path.parent), check=False, timeout=300)
    assert done.returncode == 0, (path.parent / "presswatch.log").read_text()
    assert rows(path, "SELECT title FROM articles") == [("Netflix outage",)]
    assert list((path.parent / "reports").glob("*.html"))

    shown = presswatch(path, "schedule", "show", **asked)
    assert shown.returncode == 0
    assert "presswatch schedule: presswatch" in shown.stdout
    assert "last night: finished, " in shown.stdout
    assert presswatch(path, "schedule", "remove", **asked).returncode == 0
    assert (cron / "crontab.table").read_text() == OTHER
    assert presswatch(path, "schedule", "show", **asked).returncode == 1
    assert presswatch(path, "schedule", "remove", **asked).returncode == 1


def test_mistakes_are_one_line(path: Path, tmp_path: Path) -> None:
    """A time that is none, a name that is a path, a machine without any scheduler."""
    for options in (("--at", "25:00"), ("--at", "noon"), ("--name", "../x")):
        done = presswatch(path, "schedule", "install", "--dry-run", *options)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    alone = presswatch(path, "schedule", "install", "--cron", PATH=str(tmp_path))
    assert (alone.returncode, len(alone.stderr.splitlines())) == (3, 1)
    assert alone.stderr.endswith("there is no crontab on this machine; sudo apt-get install cron\n")


def test_a_night_that_was_killed_is_told(path: Path) -> None:
    """By whom systemd starts then; after an end of presswatch's own there is nothing left to tell."""
    path.write_text(path.read_text() + '[[notify]]\nurl = "env:NOWHERE"\nwhen = ["failure"]\n')
    killed = presswatch(path, "schedule", "failed", MONITOR_SERVICE_RESULT="oom-kill", NOWHERE="json://127.0.0.1:9/")
    ended = presswatch(path, "schedule", "failed", MONITOR_SERVICE_RESULT="exit-code", NOWHERE="json://127.0.0.1:9/")

    assert "NOWHERE" in killed.stderr
    assert ended.stderr == ""
