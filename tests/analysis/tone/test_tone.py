from __future__ import annotations

import pytest

from analysis import tone
from analysis.errors import UserError
from analysis.items import Mention
from analysis.tone import Target, choose, supported
from analysis.tone.lexical import VaderScorer


@pytest.mark.parametrize(
    ("language", "scored"),
    [("en", True), ("EN", True), ("en-GB", True), ("de", False), ("ja", False), (None, False), ("", False)],
)
def test_supported(language: str | None, scored: bool) -> None:
    """V2: other languages stay without a score, which is not a neutral one."""
    assert supported(language) is scored


def test_vader_is_there_on_every_installation() -> None:
    assert isinstance(choose("vader"), VaderScorer)


def test_without_the_model_vader_scores_and_the_model_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tone, "model_installed", lambda: False)
    assert choose(None).version == "vader-3.3.2+pack-1"
    with pytest.raises(UserError, match=r"^--scorer model: .*allowed here: vader$"):
        choose("model")


def test_watched_names_are_masked() -> None:
    sentence = "Acme stands beside Joy Division."
    target = Target(sentence, ((0, 4),))
    assert [s and s.vader for s in choose("vader").score([target])] != [0.0]
    assert [s and s.vader for s in choose("vader", names=["Joy Division"]).score([target])] == [0.0]


def test_target_of_a_mention() -> None:
    def mention(brand: str, sentence: str, *spans: tuple[int, int]) -> Mention:
        return Mention(brand_id=brand, placement="body", sentence=sentence, ordinal=1, spans=spans)

    ours = mention("acme", "Acme sued Globex", (0, 4))
    theirs = mention("globex", "Acme sued Globex", (10, 16))
    elsewhere = mention("globex", "Globex is down", (0, 6))
    assert Target.of(ours, [theirs, elsewhere]) == Target("Acme sued Globex", ((0, 4),), ((10, 16),))
