"""Where "the company" means a brand, and above all where it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.items import Article, Mention
from analysis.matching import Matcher
from analysis.watchlist import loads

MATCHER = Matcher(
    loads("""
[crawl]
user_agent = "test (+mailto:test@example.org)"
[[brands]]
id = "netflix"
name = "Netflix"
role = "ours"
spokespeople = ["Steve Swasey"]
[[brands]]
id = "redbox"
name = "Redbox"
[[sources]]
id = "s"
outlet = "S"
kind = "feed"
url = "https://s.example/"
""")
)


def mentions(body: str, title: str = "", language: str | None = "en") -> list[Mention]:
    article = Article(url="https://s.example/1", title=title, body=body, language=language)
    return list(MATCHER.match(article).mentions)


def meant(body: str, title: str = "") -> list[str]:
    """The phrases that mean a brand."""
    found = [m.sentence[start:end] for m in mentions(body, title) for start, end in m.spans]
    return [phrase for phrase in found if phrase.lower().startswith("the ")]


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("The company is sorry.", "The company"),
        ("Nobody knows when the company will mail discs again.", "the company"),
        ("Many like the company’s red envelopes.", "the company"),
        ("It will cost the firm dearly.", "the firm"),
        ("The service is down.", "The service"),
        ("Many left the service, for good.", "the service"),
        ("The service crashed again.", "The service"),
        ("The DVD renter is sorry.", "The DVD renter"),
        ("The DVD-rental service is sorry.", "The DVD-rental service"),
        ("The DVD-by-mail company is sorry.", "The DVD-by-mail company"),
        ("The online movie rental pioneer is sorry.", "The online movie rental pioneer"),
        ("The streaming giant is sorry.", "The streaming giant"),
        ("The retailer is sorry.", "The retailer"),
        ("The bankrupt chain is sorry.", "The bankrupt chain"),
        ("The Los Gatos-based company is sorry.", "The Los Gatos-based company"),
        ("In August, the company mailed more.", "the company"),
        ("Swasey said the company is sorry.", "the company"),
        ("People in Ohio say the company is sorry.", "the company"),
    ],
)
def test_phrases(sentence: str, phrase: str) -> None:
    assert meant(f"Netflix is down. {sentence}") == [phrase]


@pytest.mark.parametrize(
    "sentence",
    [
        "He sold the company he founded.",
        "He likes the company of friends.",
        "He left the company that made discs.",
        "It was the company to beat.",
        "He works for the phone company.",
        "It hurt the parent company.",
        "It hurt the company Qwikster.",
        "It was the company-wide picnic.",
        "He is in the service industry.",
        "He paid the service charge.",
        "He called the customer service.",
        "The giant sleeps.",
        "The chain of events is long.",
        "The renter pays.",
        "A company is sorry.",
        "Their company is sorry.",
        "It is down.",
        "The agency hired “The Company” for it.",
    ],
)
def test_false_friends(sentence: str) -> None:
    assert meant(f"Netflix is down. {sentence}") == []


@pytest.mark.parametrize(
    "body",
    [
        "Netflix is down. Amazon owns the data center. The company is sorry.",
        "Netflix rents from Amazon. The company is sorry.",
        "Amazon hurt Netflix. The company is sorry.",
        "Netflix is down, and at Amazon the company is sorry.",
        "Netflix is down, which Citi’s Ann Lee says will cost the company.",
        "Netflix is down, in Amazon’s data center the company found.",
        "Netflix is down. AMZN fell. The company is sorry.",
        "Netflix is down. eBay is not. The company is sorry.",
        "Netflix is down. Amazon has rooms. The company is sorry.",  # nothing says that Amazon is a name
        "Netflix is down.\nNobody cares.\nThe company is sorry.",  # too far
        "The company is sorry. Netflix is down.",  # not named yet
        "Netflix beats Redbox, both of them up.\nNetflix is down. The company is sorry.",  # about two brands
        "It rained all day and all night over the whole of this land.\nNetflix is down.\nThe company is sorry.",
    ],
)
def test_where_it_may_be_another(body: str) -> None:
    assert meant(body) == []


def test_a_rival_further_down_does_not_matter() -> None:
    lead = "Netflix is down, and nobody has said why it should be so.\n"
    body = f"{lead}Redbox is up.\nNetflix is sorry. The company pays."

    assert meant(body) == ["The company"]
    assert meant(f"{lead}Redbox is up. The company pays.") == []


def test_one_phrase_leads_to_the_next() -> None:
    body = "Netflix is down.\nThe company is sorry.\nOnly the service is up, and the company knows."

    assert meant(body) == ["The company", "the service", "the company"]
    assert [(m.ordinal, len(m.spans)) for m in mentions(body)] == [(1, 1), (2, 1), (3, 2)]


def test_people_are_no_companies() -> None:
    """A spokesman, and whoever the article says is a person."""
    body = "Netflix is down, said Steve Swasey. Swasey hopes the company mends it."
    assert meant(body) == ["the company"]

    body = "Netflix is down, said chief executive Ann Lee. For Lee the company comes first."
    assert meant(body) == ["the company"]

    body = "Netflix is down, said Citi chief Ann Lee. For Lee the company comes first."
    assert meant(body) == []


def test_a_sentence_that_names_the_brand_gets_no_more() -> None:
    found = mentions("Netflix is down. The company says that Netflix is sorry.")

    assert [(m.ordinal, m.spans) for m in found] == [(1, ((0, 7),)), (2, ((22, 29),))]


def test_such_a_mention() -> None:
    found = mentions("Netflix is down.\n“We at the company know it,” said Steve Swasey.", "An outage")[-1]

    assert (found.brand_id, found.placement, found.ordinal) == ("netflix", "lead", 2)
    assert (found.speaker, found.own_voice) == ("Steve Swasey", True)


def test_the_headline_names_but_is_never_searched() -> None:
    assert meant("The company is sorry.", "Netflix is down") == ["The company"]
    assert meant("It is down.", "Netflix is down, the company says") == []


@pytest.mark.parametrize("body", ["The company is sorry. The DVD renter pays.", "the company", "based company"])
def test_only_in_articles_that_name_a_brand(body: str) -> None:
    assert mentions(body) == []


def test_other_languages_are_not_read() -> None:
    assert len(mentions("Netflix is down. The company is sorry.", language="nl")) == 1
    assert len(mentions("Netflix is down. The company is sorry.", language=None)) == 2


WORDS = (
    "Netflix Redbox the The company service DVD rental renter giant based said Steve Swasey Amazon in of that A BASED "
    ". , - ’s “ ” \n"
).split(" ")


@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join), st.sampled_from(["", "Netflix", "the company"]))
def test_what_holds_of_all_texts(body: str, title: str) -> None:
    found = mentions(body, title)
    brands = ("netflix", "redbox")
    named = [m for m in found if any(m.sentence[start:end].lower() in brands for start, end in m.spans)]

    assert bool(found) is bool(named)
    assert len({(m.ordinal, m.brand_id) for m in found}) == len(found)
    for mention in found:
        phrases = [mention.sentence[start:end].lower() for start, end in mention.spans]
        if mention not in named:
            assert mention.brand_id not in mention.sentence.lower()
            assert mention.ordinal > 0
            assert {m.brand_id for m in named if m.placement != "body"} == {mention.brand_id}
            assert all(phrase.startswith("the ") for phrase in phrases)
        else:
            assert set(phrases) == {mention.brand_id}
        assert mention.speaker or not mention.own_voice
