"""Which messages an article carries, and what brands say in it."""

from __future__ import annotations

import pytest

from analysis.items import Article, Carried
from analysis.matching import Matcher
from analysis.watchlist import loads

WATCHLIST = """
[crawl]
user_agent = "t (+mailto:t@example.org)"
[[brands]]
id = "acme"
name = "Acme"
role = "ours"
spokespeople = ["Ann Lee"]
[[brands]]
id = "bolt"
name = "Bolt"
[[messages]]
id = "apology"
brand = "acme"
phrases = ["apolog*", "sorry"]
[[messages]]
id = "refund"
brand = "acme"
phrases = ["15%", "full refund"]
[[messages]]
id = "cheaper"
brand = "bolt"
phrases = ["half the price"]
[[sources]]
id = "s"
outlet = "S"
kind = "feed"
url = "https://s.example/"
"""


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(loads(WATCHLIST))


def carried(matcher: Matcher, *paragraphs: str, title: str = "News") -> dict[str, Carried]:
    article = Article(url="u", title=title, body="\n".join(paragraphs), language="en")
    return {found.message_id: found for found in matcher.match(article).messages}


CARRIES = {
    "the brand": ("Acme apologized to all.", True),
    "a sentence without a name": ("Acme failed on Monday. Everybody gets an apology in the mail.", True),
    "a spokesman": ("Acme failed. “We are deeply sorry,” Ann Lee said.", True),
    "the rival comes later": ("Acme failed. It was sorry sooner than Bolt.", True),
    "not only": ("Acme not only apologized but paid.", True),
    "a denial in another clause": ("Acme did not wait; it apologized.", True),
    "but": ("Acme never explains but apologized.", True),
    "did not": ("Acme did not apologize.", False),
    "didn't": ("Acme didn’t say sorry.", False),
    "yet to": ("Acme has yet to apologize.", False),
    "without": ("Acme closed without an apology.", False),
    "somebody else": ("Acme failed. Bob Stone, a driver, said he was sorry.", False),
    "the rival": ("Acme failed. Bolt apologized for its ads.", False),
    "no brand": ("The city apologized.", False),
    "no such word": ("Acme sorrys nobody.", False),
}


@pytest.mark.parametrize("name", CARRIES)
def test_a_sentence_carries_a_message(matcher: Matcher, name: str) -> None:
    body, expected = CARRIES[name]

    assert ("apology" in carried(matcher, body)) is expected


def test_presence_and_prominence(matcher: Matcher) -> None:
    """Once in passing; in two sentences; in the brand's own words. The most prominent sentence is the one shown."""
    filler = "Acme is a firm with many words in its first paragraph, all of them on other things."
    once = carried(matcher, filler, "Acme apologized.")["apology"]
    twice = carried(
        matcher, "Acme apologized for what happened to so many of its customers this week.", "Acme is sorry."
    )
    own = carried(matcher, filler, "“We are sorry,” said Ann Lee.", "Acme is sorry.", title="Acme sorry")["apology"]

    assert (once.presence, once.prominence, once.own_words) == (1, 0, False)
    assert (twice["apology"].presence, twice["apology"].prominence) == (2, 1)
    assert (own.presence, own.prominence, own.sentence, own.own_words) == (2, 2, "Acme sorry", False)


def test_each_message_is_its_brands(matcher: Matcher) -> None:
    """In the watchlist's order; a message of a brand that the article does not name is not looked for."""
    found = carried(matcher, "Bolt sells at half the price. Acme gives a full refund and is sorry.")

    assert [(message.message_id, message.brand_id) for message in found.values()] == [
        ("apology", "acme"),
        ("refund", "acme"),
        ("cheaper", "bolt"),
    ]
    assert list(carried(matcher, "Acme sells at half the price.")) == []


def test_quotes(matcher: Matcher) -> None:
    """Of brands and those who speak for them, whether the sentence names a brand or not; of nobody else."""
    body = (
        "Acme failed on Monday, and all of its many customers are waiting for what they have paid.\n"
        "“It was an awful day,” said Ann Lee. Acme says it works. A Bolt spokesman said that Bolt did not.\n"
        "“I waited,” said Bob Stone, a customer."
    )
    found = matcher.match(Article(url="u", title="Acme down", body=body, language="en")).quotes

    assert [(quote.brand_id, quote.speaker, quote.verbatim, quote.ordinal) for quote in found] == [
        ("acme", "Ann Lee", True, 2),
        ("acme", "Acme", False, 3),
        ("bolt", "a Bolt spokesman", False, 4),
    ]


def test_the_reading_says_what_it_was_made_with(matcher: Matcher) -> None:
    """Other phrases or people, another version; other sources, the same."""
    same = Matcher(loads(WATCHLIST.replace("https://s.example/", "https://t.example/")))
    phrases = Matcher(loads(WATCHLIST.replace('"sorry"', '"regret*"')))
    people = Matcher(loads(WATCHLIST.replace("Ann Lee", "Jo Lee")))

    assert same.reading == matcher.reading
    assert len({matcher.reading, phrases.reading, people.reading}) == 3
    assert matcher.match(Article(url="u", body="Acme.")).reading == matcher.reading
