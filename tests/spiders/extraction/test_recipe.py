"""The recipe of docs/add-a-publisher.md, followed to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spiders.extraction import publishers

DOCS = Path(__file__).resolve().parents[3] / "docs" / "add-a-publisher.md"
OVERRIDE, PAGE, TESTS = re.findall(r"```(?:python|html)\n(.*?)```", DOCS.read_text("utf8"), re.DOTALL)


def from_recipe(folder: Path) -> Iterator[Any]:
    """The tests of the recipe, of the page beside them."""
    (folder / "beacon_herald.html").write_text(PAGE)
    written: dict[str, Any] = {"__name__": "recipe", "__file__": str(folder / "test_beacon_herald.py")}
    exec(TESTS, written)  # noqa: S102  what a reader would copy
    return (value for name, value in written.items() if name.startswith("test_"))


def test_its_tests_pass_with_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: dict[str, Any] = {"__name__": "recipe"}
    exec(OVERRIDE, written)  # noqa: S102
    publisher = written["PUBLISHER"]
    monkeypatch.setattr(publishers, "_publishers", lambda: dict.fromkeys(publisher.domains, publisher))

    assert [test() for test in from_recipe(tmp_path)] == [None, None]


def test_each_fails_without_it(tmp_path: Path) -> None:
    for test in from_recipe(tmp_path):
        with pytest.raises(AssertionError):
            test()
