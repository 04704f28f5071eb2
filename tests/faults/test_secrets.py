"""Secrets and what others may read: canaries in every place that a run leaves something (faults.md, K1 and K2)."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.analysis.notices.conftest import hook
from tests.command import presswatch
from tests.site import Page, article, rss, site, watchlist

CANARY = "c4n4ry"
"""Part of every secret of this test."""


@pytest.mark.timeout(600)
def test_no_secret_is_left_anywhere(tmp_path: Path) -> None:
    """At --verbose, in a night that tells one channel and fails to tell another: database, logs, reports, archive."""
    secrets = {"PRESSWATCH_PASSWORD": f"page-{CANARY}", "AWS_SECRET_ACCESS_KEY": f"aws-{CANARY}",
               "DEAF": f"json://user:{CANARY}@127.0.0.1:9/{CANARY}/", "NONE": f"nothing://{CANARY}"}  # fmt: skip
    with site("127.8.0.5") as paper, hook() as told:
        paper.pages["/feed"] = Page(body=rss(("/1", "Netflix outage")), kind="application/rss+xml")
        paper.pages["/1"] = Page(body=article("Netflix outage", "Netflix has an outage."))
        path = watchlist(tmp_path, ("paper", "feed", paper.url("/feed")), allow_private='["127.8.0.0/16"]')
        path.write_text(path.read_text() + "".join(f'[[notify]]\nurl = "env:{n}"\n' for n in ("HOOK", "DEAF", "NONE")))
        night = presswatch(path, "nightly", "--verbose", **secrets, HOOK=f"{told.url}?token={CANARY}")
        logged = presswatch(path, "crawl", "--verbose", "--log-json", **secrets)
        doctor = presswatch(path, "doctor", **secrets)
    left = {
        str(file.relative_to(tmp_path)): file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file()
    }

    assert told.told
    assert (night.returncode, logged.returncode) == (0, 0)
    assert CANARY not in "".join(done.stdout + done.stderr for done in (night, logged, doctor))
    assert "$DEAF: " in night.stderr
    assert [name for name, content in left.items() if CANARY.encode() in content] == []
    open_to_others = [name for name in left if may_read(tmp_path, tmp_path / name) and not name.startswith("reports/")]
    assert open_to_others == ["connections", "watchlist.toml"]  # the tests' own, and what the user wrote


def may_read(folder: Path, file: Path) -> bool:
    """Whether others can: neither the file nor a folder on the way to it below `folder` keeps them out."""
    way = [file, *(parent for parent in file.parents if folder in parent.parents)]
    return all(stat.S_IMODE(path.stat().st_mode) & 0o077 for path in way)


@pytest.mark.parametrize("address", [f"http://reader:{CANARY}@127.8.0.5/feed", f"http://127.8.0.5/feed?api_key={CANARY}",
                                     f"http://127.8.0.5/feed?a=1&access-token={CANARY}"])  # fmt: skip
def test_a_secret_in_a_watchlist_is_refused_unsaid(tmp_path: Path, address: str) -> None:
    """The key's name is told, the value is not; nothing is asked or written."""
    path = watchlist(tmp_path, ("paper", "feed", address))
    for command in ("check", "crawl", "doctor") if "@" in address else ("check",):
        done = presswatch(path, command, "--verbose")

        assert done.returncode == (1 if command == "doctor" else 2)
        assert CANARY not in done.stdout + done.stderr
        assert "a secret is never written into a watchlist" in done.stdout + done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["watchlist.toml"]
