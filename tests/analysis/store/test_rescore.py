"""Scoring stored sentences again: all of them, wherever the batches end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from analysis.items import Score
from analysis.store import rescore as rescore_module
from analysis.store.database import reading
from analysis.store.rescore import BATCH, rescore, stale
from analysis.tone import Target
from tests.analysis.press import article, mention, night, page


class Calm:
    """Finds everything neutral."""

    version = "calm-1"

    def score(self, targets: Sequence[Target]) -> list[Score | None]:
        return [Score(tone=0.0, label="neu", confident=True, scorer=self.version, vader=0.0) for _ in targets]


@pytest.mark.parametrize("batch", [1, 2, 3, BATCH])
def test_every_revision_is_scored(database: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    """Also where a batch ends between two revisions of a sentence, which share an id."""
    monkeypatch.setattr(rescore_module, "_NEXT", rescore_module._NEXT.replace(f"LIMIT {BATCH}", f"LIMIT {batch}"))
    for title in ("A", "B", "C"):
        stays = mention(sentence="Acme stays."), mention("bolt", sentence="Bolt too.", ordinal=2)
        night(database, page(article(1, *stays, title=title)))

    assert stale(database, "calm-1") == 6
    assert rescore(database, Calm()) == 6
    assert (stale(database, "calm-1"), rescore(database, Calm())) == (0, 0)
    with reading(database) as connection:
        assert connection.execute("SELECT DISTINCT scorer, tone FROM private.mentions").fetchall() == [("calm-1", 0.0)]
        assert connection.execute("SELECT count(*) FROM private.earlier_scores").fetchall() == [(6,)]
