"""Which places are a brand, in which sentence, with which offsets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.items import Article, Mention
from analysis.matching import Matcher
from analysis.matching.certainty import is_ordinary
from analysis.matching.sentences import split
from analysis.watchlist import Watchlist, loads

WATCHLIST = """
[crawl]
user_agent = "test (+mailto:test@example.org)"
[[brands]]
id = "netflix"
name = "Netflix"
role = "ours"
aliases = ["Netflix Inc.", "NFLX", "Yahoo! Inc. Video"]
[[brands]]
id = "blockbuster"
name = "Blockbuster"
case_sensitive = true
aliases = ["Blockbuster Inc.", "Total Access"]
exclude = ["Blockbuster drug*", "Summer Blockbuster"]
[[brands]]
id = "apple"
name = "Apple"
[[brands]]
id = "records"
name = "Apple Records"
[[brands]]
id = "ebay"
name = "eBay"
case_sensitive = true
aliases = ["SAP"]
[[brands]]
id = "acme"
name = "Acme"
[[brands]]
id = "redbox"
name = "Redbox"
case_sensitive = true
[[topics]]
id = "outage"
query = 'netflix AND (outage OR "shipping delay")'
[[topics]]
id = "other"
query = "strike OR strikes"
[[sources]]
id = "s"
outlet = "S"
kind = "feed"
url = "https://s.example/"
"""


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return loads(WATCHLIST)


@pytest.fixture(scope="module")
def matcher(watchlist: Watchlist) -> Matcher:
    return Matcher(watchlist)


def mentions(matcher: Matcher, title: str, body: str = "", language: str | None = "en") -> tuple[Mention, ...]:
    return matcher.match(Article(url="https://s.example/1", title=title, body=body, language=language)).mentions


def named(matcher: Matcher, body: str, language: str | None = "en") -> list[str]:
    """`brand: text` of each place in a body."""
    return [
        f"{m.brand_id}: {m.sentence[start:end]}"
        for m in mentions(matcher, "", body, language)
        for start, end in m.spans
    ]


def test_an_article(matcher: Matcher) -> None:
    body = (
        "Netflix mailed nothing on Tuesday, for the third day in a row, it said.\n"
        "Nobody knows why. “Netflix’s silence helps Blockbuster Inc.,” said Mr. Smith of Netflix.\n"
        "The end."
    )
    found = mentions(matcher, "An outage at Netflix", body)

    assert [(m.brand_id, m.placement, m.ordinal, m.spans) for m in found] == [
        ("netflix", "headline", 0, ((13, 20),)),
        ("netflix", "lead", 1, ((0, 7),)),
        ("netflix", "body", 3, ((1, 8), (62, 69))),
        ("blockbuster", "body", 3, ((25, 40),)),
    ]
    assert [m.speaker for m in found] == [None, None, "Smith", "Smith"]
    assert not any(m.own_voice or m.score for m in found)


def test_topics_in_the_watchlists_order(matcher: Matcher) -> None:
    article = Article(url="u", title="Strike", body="A Netflix shipping-delay")

    assert matcher.match(article).topics == ("outage", "other")
    assert matcher.match(Article(url="u", title="Netflix shipping", body="delay")).topics == ()


def test_a_post_named_by_its_first_words_says_them_once(matcher: Matcher) -> None:
    """In the lead; a headline that the outlet wrote counts as one, also where the text begins like it."""
    body = "Netflix is sorry. Nobody knows why Netflix is silent."
    post = Article(url="https://s.example/1#a", post="a", title="Netflix is sorry.", body=body, language="en")
    cut = replace(post, title="Netflix is …")
    own = replace(post, title="Netflix falls silent")
    page = replace(post, post=None)

    assert [m.placement for m in matcher.match(post).mentions] == ["lead", "lead"]
    assert matcher.match(cut).mentions == matcher.match(post).mentions
    for other in (own, page):
        assert [m.placement for m in matcher.match(other).mentions] == ["headline", "lead", "lead"]


def test_a_live_blogs_headline_is_what_its_posts_are_about(matcher: Matcher) -> None:
    """For topics; a post that names nobody has no mention by it."""
    post = Article(url="https://s.example/1#a", post="a", title="Closing bell", body="It is over.", language="en")
    found = matcher.match(replace(post, page_head="Live: the outage at Netflix"))

    assert (matcher.match(post).topics, found.topics, found.mentions) == ((), ("outage",), ())


def test_nothing_found(matcher: Matcher) -> None:
    article = Article(url="u", title="Power outage in town", body="No brand.")

    assert matcher.match(article) == replace(article, reading=matcher.reading)


def test_a_short_first_paragraph_is_not_the_whole_lead(matcher: Matcher) -> None:
    body = "DALLAS, Monday.\nThe long second paragraph names Netflix.\nThe third names Netflix too."

    assert [m.placement for m in mentions(matcher, "", body)] == ["lead", "body"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Netflix’s and Netflix's", ["netflix: Netflix", "netflix: Netflix"]),
        ("an anti-Netflix, Netflix-like NETFLIX", ["netflix: Netflix"] * 2 + ["netflix: NETFLIX"]),
        ("see @netflix, #Netflix or netflix.com", ["netflix: netflix", "netflix: Netflix", "netflix: netflix"]),
        ("Netf\u00adlix, N\u200betflix, Ｎｅｔｆｌｉｘ, Netﬂix", ["netflix: Netf\u00adlix", "netflix: N\u200betflix",
                                                          "netflix: Ｎｅｔｆｌｉｘ", "netflix: Netﬂix"]),
        ("Netflix™ and Netflix² and “Netflix”", ["netflix: Netflix"] * 3),
        ("Pacmeworld AcmeCorp acmes", []),
        ("an acme", ["acme: acme"]),
        ("netflixed Netflix5 5Netflix", []),
        ("Netflixは", ["netflix: Netflix"]),
        ("Netflix Inc. fell.", ["netflix: Netflix Inc"]),
        ("Netflix, Inc. fell.", ["netflix: Netflix"]),
        ("the Apple Records shop", ["records: Apple Records"]),
        ("an Apple, Records", ["apple: Apple"]),
        ("Apple Apple Records", ["apple: Apple", "records: Apple Records"]),
        ("Аcme with a Cyrillic letter", []),
    ],
)  # fmt: skip
def test_places(matcher: Matcher, body: str, found: list[str]) -> None:
    assert named(matcher, body) == found


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("We rented it from Blockbuster.", True),
        ("He said Blockbuster’s shops close.", True),
        ("It is a blockbuster hit.", False),
        ("It is a BLOCKBUSTER hit.", False),
        ("Blockbuster drug sales soar.", False),
        ("The new Blockbuster drugs sell.", False),
        ("A Summer Blockbuster, in a summer blockbuster season.", False),
        ("Blockbuster season begins.", False),
        ("Blockbuster said that it closes shops.", True),
        ("Blockbuster's shops close.", True),
        ("“Blockbuster season is here,” he said.", False),
        ("He wrote: Blockbuster season is here.", False),
        ("We like Total Access.", True),
        ("We have total access.", False),
        ("Blockbuster Inc. closes shops.", True),
        ("The next Blockbuster Movie comes.", False),
        ("Biggest Summer Comedy Becomes Huge Blockbuster Around World", False),
        ("BIGGEST SUMMER COMEDY BECOMES BLOCKBUSTER", False),
        ("They sold it on eBay.", True),
        ("They ebay, Ebay and EBAY it.", False),
        ("Maple sap and SAP software.", True),
        ("MAPLE TREES BLEED SAP ALL WINTER", False),
        ("Blockbuster, which has shops, closes some.", True),
        ("OAKBROOK, Ill. — Blockbuster, whose stores rent films, closes.", True),
        ("Blockbuster, Netflix and others rent films.", True),
        ("Blockbuster, sequel and remake alike bore us.", False),
        ("Blockbuster and the kiosks report a busy week.", True),
        ("Blockbuster and sequel fatigue sets in.", False),
        ("Blockbuster runs a postal club.", True),
        ("Blockbuster drugs sell well.", False),
        ("Blockbuster announced that it closes shops.", True),
        ("Blockbuster animated films sell well.", False),
        ("Blockbuster CEO John Antioco left.", True),
        ("They asked Blockbuster CEO John Antioco.", True),
        ("Blockbuster-sized films sell well.", False),
        ("Redbox counts on kiosks.", True),
        ("Many Red Kiosks Become One Redbox Around World", True),
        ("MANY KIOSKS BECOME ONE REDBOX", True),
        ("A redbox and a RedBox.", False),
    ],
)
def test_names_that_are_ordinary_words(matcher: Matcher, body: str, counts: bool) -> None:
    assert bool(named(matcher, body)) is counts


@pytest.mark.parametrize(
    ("title", "counts"),
    [
        ("Blockbuster Season Begins", False),
        ("Summer Blockbuster Wows Crowds", False),
        ("Blockbuster Is Found", False),  # headlines leave articles out
        ("Blockbuster, Which Nobody Expected", False),
        ("Blockbuster Sues Kiosk Owner", True),
        ("Blockbuster's Next Plan", True),
        ("Why Blockbuster Shares Rise", True),
        ("Movie Chain Blockbuster to Close Shops", True),
        ("How Netflix and Blockbuster Fight Over Movies", True),
        ("Blockbuster vs. Netflix", True),
        ("Blockbuster vs Netflix", True),
        ("Netflix vs. Blockbuster", True),
        ("How Films and Blockbuster Fight Over Movies", False),
        ("Redbox Counts Down to Its 10,000th Kiosk", True),
    ],
)
def test_headlines(matcher: Matcher, title: str, counts: bool) -> None:
    found = {mention.brand_id for mention in mentions(matcher, title)}
    assert bool(found & {"blockbuster", "redbox"}) is counts


def test_a_sure_place_makes_the_possible_ones_count(matcher: Matcher) -> None:
    title = "BLOCKBUSTER CLOSES SHOPS"
    body = (
        "Blockbuster shops close. We rented from Blockbuster. A blockbuster. A Summer Blockbuster. Blockbuster Movie."
    )

    assert mentions(matcher, title, body.replace(" We rented from Blockbuster.", "")) == ()
    assert [(m.ordinal, m.spans) for m in mentions(matcher, title, body)] == [
        (0, ((0, 11),)),
        (1, ((0, 11),)),
        (2, ((15, 26),)),
        (5, ((0, 11),)),
    ]


def test_german_capitalises_every_noun(matcher: Matcher) -> None:
    assert named(matcher, "Das ist ein neuer Blockbuster.", "de") == []
    assert named(matcher, "Das sagt die Blockbuster Inc. zum Blockbuster.", "de") == [
        "blockbuster: Blockbuster Inc",
        "blockbuster: Blockbuster",
    ]


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("Für die große Ladenkette Blockbuster ist das eine Bedrohung.", True),
        ("Netflix und Blockbuster streiten.", True),
        ("Filme und Blockbuster streiten.", False),
        ("Das ist ein Redbox.", True),
    ],
)
def test_german_names(matcher: Matcher, body: str, counts: bool) -> None:
    """By what they explain and whom they are coupled with; by no dictionary that has them."""
    assert bool({m.brand_id for m in mentions(matcher, "", body, "de")} & {"blockbuster", "redbox"}) is counts


def test_an_ordinary_word_is_one_of_the_texts_language(matcher: Matcher) -> None:
    """Or of English, which others borrow from; a language without a dictionary has English only."""
    assert [is_ordinary("Bild", language) for language in ("de", "en", "fr")] == [True, False, False]
    assert [is_ordinary("Blockbuster", language) for language in ("fr", "xx", None)] == [True] * 3


def test_a_name_is_never_cut_in_two(matcher: Matcher) -> None:
    """Neither at a full stop that is part of the name nor where a sentence is too long."""
    found = mentions(matcher, "", f"We saw Yahoo! Inc. Video fail. {'x' * 395} Netflix Inc. ends.")

    assert [m.sentence[slice(*m.spans[0])] for m in found] == ["Yahoo! Inc. Video", "Netflix Inc"]


def test_a_huge_title_is_cut_and_counts_once(matcher: Matcher) -> None:
    found = mentions(matcher, "Netflix and more, " * 100)

    assert len(found) == 1
    assert len(found[0].sentence) <= 400


WORDS = (
    "Netflix netflix Blockbuster blockbuster Summer drugs Inc. Apple Records SAP said the Yahoo! Video Total Access "
    ". , “ ” \u00ad … ﬂix"
).split()
PAIRS = st.tuples(st.sampled_from([*WORDS, "\n", "x" * 60]), st.sampled_from([" ", "", "-", "’"])).map("".join)
TEXTS = st.lists(PAIRS, max_size=60).map("".join)


@given(TEXTS, TEXTS, st.sampled_from(["en", "de", None]))
def test_what_holds_of_every_mention(title: str, body: str, language: str | None) -> None:
    matcher = Matcher(loads(WATCHLIST))
    found = mentions(matcher, title, body, language)
    sentences = split(body, language)

    assert len({(m.ordinal, m.brand_id) for m in found}) == len(found)
    assert [m.ordinal for m in found] == sorted(m.ordinal for m in found)
    for mention in found:
        assert mention.sentence in (title if mention.ordinal == 0 else body)
        assert (mention.placement == "headline") == (mention.ordinal == 0)
        if mention.ordinal:
            assert mention.sentence.startswith(sentences[mention.ordinal - 1])
        assert list(mention.spans) == sorted(mention.spans)
        for start, end in mention.spans:
            assert 0 <= start < end <= len(mention.sentence)
            assert named(matcher, mention.sentence[start:end], None) or mention.brand_id in {"blockbuster", "ebay"}
