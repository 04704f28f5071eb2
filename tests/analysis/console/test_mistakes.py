"""A mistake on the command line is one line, as any other mistake of a user."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nosuch", "presswatch: No such command 'nosuch'; see presswatch --help"),
        ("trends --by year", "presswatch trends: Invalid value for '--by': 'year' is not one of"),
        (
            "export --format pdf --out x",
            "presswatch export: Invalid value for '--format': 'pdf' is not allowed; one or",
        ),
        ("correct", "presswatch correct: Missing argument 'MENTION'; see presswatch correct --help"),
        (
            "backfill",
            "presswatch backfill: Missing argument '{warc|wayback|gdelt}'. Choose from: warc, wayback, gdelt;",
        ),
    ],
)
def test_one_line_names_command_and_what_is_wrong(typed: str, said: str) -> None:
    ended = subprocess.run(
        [sys.executable, "presswatch.py", *typed.split()], capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(said)
    assert ended.stderr.count("\n") == 1
