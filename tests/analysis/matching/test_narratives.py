"""The themes of a crisis, sentence by sentence."""

from __future__ import annotations

import pytest

from analysis.items import Article
from analysis.matching import Matcher
from analysis.matching.narratives import built_in, themes
from analysis.watchlist import loads
from tests.analysis.matching.test_messages import WATCHLIST

OWN = """
[[narratives]]
id = "remedy"
phrases = ["bonus disc*"]
[[narratives]]
id = "weather"
phrases = ["storm"]
"""


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(loads(WATCHLIST + OWN))


THEMES = {
    "Acme blamed faulty hardware.": ("cause",),
    "Millions of Acme customers are affected.": ("scale",),
    "Acme will refund 15 percent.": ("remedy",),
    "Acme sends bonus discs.": ("remedy",),
    "Furious customers left Acme.": ("anger",),
    "Acme beats Bolt.": ("rivals",),
    "Acme fell on Nasdaq after an analyst spoke.": ("shares",),
    "A storm hit Acme, its worst outage.": ("scale", "weather"),
    "Acme is a firm.": (),
}


@pytest.mark.parametrize("sentence", THEMES)
def test_a_sentence_has_its_themes(matcher: Matcher, sentence: str) -> None:
    """In the order of the terms; those of the watchlist add to the built-in ones."""
    found = matcher.match(Article(url="u", title="News", body=sentence, language="en")).mentions

    assert {mention.themes for mention in found} == {THEMES[sentence]}


def test_a_phrase_counts_where_it_stands(matcher: Matcher) -> None:
    """Not in the sentence beside it, and not where no brand is named."""
    body = "Acme fell. Nobody was sorry. Acme is well."
    found = matcher.match(Article(url="u", title="News", body=body, language="en")).mentions

    assert [mention.themes for mention in found] == [(), ()]


def test_the_terms_are_in_order() -> None:
    """Each theme once; the watchlist's come last or add to theirs."""
    ids = [narrative.id for narrative in built_in()]

    assert ids == ["cause", "scale", "remedy", "anger", "rivals", "shares"]
    assert list(themes(loads(WATCHLIST + OWN).narratives)) == [*ids, "weather"]
    assert Matcher(loads(WATCHLIST)).reading != Matcher(loads(WATCHLIST + OWN)).reading
