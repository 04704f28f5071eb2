"""Identifiers: the same thing, the same name, in every run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from analysis.store.records import article_record, digest, mention_records, url_record
from tests.analysis.press import NOON, article, lead, mention

PARTS = st.lists(st.text(st.characters(exclude_characters="\x1f"), max_size=6), min_size=1, max_size=4)


@given(PARTS, PARTS)
def test_a_digest_tells_things_apart(one: list[str], other: list[str]) -> None:
    """Unless they are the same; 16 hex digits."""
    assert (digest(*one) == digest(*other)) == (one == other)
    assert len(digest(*one)) == 16
    assert int(digest(*one), 16) >= 0


def test_an_article_is_its_canonical_address() -> None:
    """So that the AMP page and the page are one article, and two fetches of a page are."""
    plain = article_record(article())
    amp = article_record(
        replace(article(), url="https://gazette.example/1/amp", canonical_url="http://gazette.example/1#top")
    )

    assert plain["article_id"] == amp["article_id"]
    assert plain["article_id"] != article_record(article(2))["article_id"]


def test_a_text_is_its_title_and_body() -> None:
    """Not its author, time or topics; a word more is another text, and where a title ends matters."""
    record = article_record(article(title="Acme fell", body="Hard."))
    same = replace(article(title="Acme fell", body="Hard."), authors=("A",), published=None, topics=("outage",))

    assert article_record(same)["content_id"] == record["content_id"]
    assert article_record(article(title="Acme rose", body="Hard."))["content_id"] != record["content_id"]
    assert article_record(article(title="Acme", body="fell Hard."))["content_id"] != record["content_id"]


def test_mentions_keep_their_names_where_their_sentences_do() -> None:
    """Also when another sentence comes before them; the same sentence twice is two mentions."""
    first = mention_records("a", (mention(sentence="One."), mention(sentence="Two.", ordinal=2)))
    second = mention_records(
        "a", (mention(sentence="New."), mention(sentence="Two.", ordinal=3), mention(sentence="Two.", ordinal=4))
    )

    assert second[1]["mention_id"] == first[1]["mention_id"]
    assert len({record["mention_id"] for record in (*first, *second)}) == 4
    assert mention_records("b", (mention(sentence="One."),))[0]["mention_id"] != first[0]["mention_id"]
    assert mention_records("a", (mention("bolt", sentence="One."),))[0]["mention_id"] != first[0]["mention_id"]


def test_an_unscored_mention_has_no_score() -> None:
    (record,) = mention_records("a", (mention(tone=None),))

    assert not {"tone", "label", "confident", "scorer", "vader"} & record.keys()


def test_evidence_is_what_the_source_says() -> None:
    """Another title or time is other evidence; the source's name and tier are not."""
    said = lead(title="Acme", published=NOON)
    evidence = url_record(said, "seen", at=NOON)["evidence"]

    assert url_record(replace(said, tier=3, via="sitemap"), "seen", at=NOON)["evidence"] == evidence
    for other in ({"title": "Acme!"}, {"published": NOON + timedelta(seconds=1)}, {"modified": NOON}):
        assert url_record(replace(said, **other), "seen", at=NOON)["evidence"] != evidence
