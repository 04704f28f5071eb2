"""The gate: extraction on real pages does not get worse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.quality import extraction as quality


@pytest.mark.skipif(not quality.SCORER.exists(), reason="no ../shared: the real pages are not part of the repository")
@pytest.mark.parametrize("name", quality.SETS)
def test_quality_floors(name: str, tmp_path: Path) -> None:
    """Each figure reaches its floor; `python -m tests.quality.extraction --raise` raises them."""
    figures = quality.measure(name, tmp_path / "predictions.jsonl")
    floors = json.loads(quality.FLOORS.read_text())[name]

    assert {field: figure for field, figure in figures.items() if figure < floors[field]} == {}
    assert figures.keys() == floors.keys()
