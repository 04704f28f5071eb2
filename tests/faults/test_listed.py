"""docs/faults.md is true: each test that it names is there."""

from __future__ import annotations

import re

from tests.command import ROOT


def test_each_test_that_a_fault_names_exists() -> None:
    """A line names a function, its beginning with `...`, or a file."""
    page = (ROOT / "docs" / "faults.md").read_text("utf-8")
    files = list((ROOT / "tests").rglob("test_*.py"))
    known = {name for path in files for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)}
    known |= {path.name for path in files}
    named = re.findall(r"`(?:[\w/]*/)?(test_[\w.]+)`", page)

    assert len(named) > 50
    assert [
        name for name in named
        if not (name in known or (name.endswith("...") and any(found.startswith(name[:-3]) for found in known)))
    ] == []  # fmt: skip
