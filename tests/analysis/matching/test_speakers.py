"""Who says a sentence, and whether that is the brand's own voice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.items import Article, Mention
from analysis.matching import Matcher
from analysis.matching.sentences import sentence_spans
from analysis.matching.speakers import Speakers, Voice, is_own, speaks_for
from analysis.text import Text
from analysis.watchlist import loads

WATCHLIST = loads("""
[crawl]
user_agent = "test (+mailto:test@example.org)"
[[brands]]
id = "netflix"
name = "Netflix"
role = "ours"
aliases = ["Netflix Inc."]
spokespeople = ["Steve Swasey", "Reed Hastings"]
[[brands]]
id = "blockbuster"
name = "Blockbuster"
case_sensitive = true
spokespeople = ["Jim Keyes"]
[[sources]]
id = "s"
outlet = "S"
kind = "feed"
url = "https://s.example/"
""")
NETFLIX, BLOCKBUSTER = WATCHLIST.brands
SPEAKERS = Speakers(["Netflix", "Netflix Inc.", "Blockbuster"])


def voices(body: str, title: str = "") -> list[Voice | None]:
    """The voice of each sentence of a body."""
    text = Text(title, body)
    spans = [(0, len(title)), *((a + len(title) + 1, b + len(title) + 1) for a, b in sentence_spans(body, "en"))]
    return SPEAKERS.read(text, spans)[1:]


def speakers(body: str, title: str = "") -> list[str | None]:
    return [voice.speaker if voice else None for voice in voices(body, title)]


def mentions(body: str, title: str = "", language: str | None = "en") -> tuple[Mention, ...]:
    article = Article(url="https://s.example/1", title=title, body=body, language=language)
    return Matcher(WATCHLIST).match(article).mentions


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        # the subject before its verb
        ("Steve Swasey said that it works.", "Steve Swasey"),
        ("Mr. Swasey also told CNBC that it works.", "Swasey"),
        ("Spokesman Steve Swasey said it works.", "Steve Swasey"),
        ("Netflix CEO Reed Hastings said it works.", "Reed Hastings"),
        ("Steve Swasey, a spokesman for the site, said it works.", "Steve Swasey"),
        ("Patty Sullivan of Blockbuster said it works.", "Patty Sullivan"),
        ("A Netflix spokesman said it works.", "a Netflix spokesman"),
        ("A spokeswoman for Netflix has said it works.", "a spokeswoman for Netflix"),
        ("A Netflix spokesman, Joris Evers, said it works.", "Joris Evers"),
        ("The company said in a statement that it works.", "the company"),
        ("Company officials say it works.", "company officials"),
        ("Customers of Netflix said it works.", "customers of Netflix"),
        ("Netflix said that it works.", "Netflix"),
        ("On Monday Netflix said that it works.", "Netflix"),
        ("On Twitter Netflix said that it works.", "Netflix"),
        ("It works again, but the firm’s chief executive said it may fail.", "the firm’s chief executive"),
        ("Orders were late, Swasey said, and nobody cared.", "Swasey"),
        ("In a blog post, Hastings wrote that it works.", "Hastings"),
        ("In a blog post, Hastings wrote: “It works.”", "Hastings"),
        ("Jean de la Tour said it works.", "Jean de la Tour"),
        # after it
        ("“It works,” said Steve Swasey.", "Steve Swasey"),
        ("“It works,” says chief executive Jim Keyes, who runs the shops.", "Jim Keyes"),
        ("“It works,” said Netflix spokesman Joris Evers on Monday.", "Joris Evers"),
        ("“It works,” said Netflix’s Steve Swasey.", "Steve Swasey"),
        ("“It works,” said a Netflix spokesman.", "a Netflix spokesman"),
        ("“It works,” said Mr. Smith of Netflix.", "Smith"),
        ("Only half of them have the box, said Ira Bahr, its marketing chief.", "Ira Bahr"),
        # according to
        ("According to Reed Hastings, it works.", "Reed Hastings"),
        ("It works, according to a company spokesman.", "a company spokesman"),
        # verbs that also mean other things
        ("Netflix added that it works.", "Netflix"),
        ("“It works,” added Swasey.", "Swasey"),
        ("Swasey noted: “It works.”", "Swasey"),
    ],
)
def test_named(sentence: str, speaker: str) -> None:
    assert speakers(sentence) == [speaker]


@pytest.mark.parametrize(
    "sentence",
    [
        "The site works.",
        "When Netflix said so, nobody believed it.",
        "A fault that Netflix said was small hit many.",
        "Swasey and Osier said it works.",
        "Netflix did not say why.",
        "Netflix is said to be ready.",
        "The film tells the story of a rental shop.",
        "Netflix added a tab for games.",
        "Netflix announced a deal.",
        "According to the court documents, it failed.",
        "Things went according to plan.",
        "Netflix wrote “The Long Night” off.",
        "“It works,” told CNBC.",
        "In Ohio, without a word, said to be good for that, it works.",
        "Who said it works?",
        "It says so on the lid.",
    ],
)
def test_nobody_or_unclear(sentence: str) -> None:
    assert speakers(sentence) == [None]


def test_where_two_speak_the_one_beside_the_quotation() -> None:
    assert speakers("Citi said it cost a lot, but “it works,” said Swasey.") == ["Swasey"]
    assert speakers("Citi said it cost a lot, but Swasey said it works.") == [None]


def test_a_surname_stands_for_the_full_name() -> None:
    body = "Steve Swasey, a Netflix spokesman, was calm. “It works,” Swasey said.\n“It does,” said Mr. Swasey."
    found = voices(body)

    assert [voice and voice.speaker for voice in found] == [None, "Steve Swasey", "Steve Swasey"]
    assert [voice and voice.office for voice in found] == [None, "a Netflix spokesman", "a Netflix spokesman"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("“It failed. We are sorry. It works now,” said Swasey. He left.", ["Swasey", None]),
        ("“It failed,” said Swasey. “We are sorry.” He left.", ["Swasey", "Swasey", None]),
        ("Hastings wrote: “It failed.\n“We are sorry.\n“It works.” Nobody minds.", ["Hastings"] * 3 + [None]),
        ("“It failed,” said Swasey.\n“We are sorry.”\nIt works.", ["Swasey", "Swasey", None]),
        ("“Why?” Swasey asked. “It works!” said Jones.", ["Swasey", "Swasey", "Jones"]),
        ("“It failed,” said Swasey.\nJones agreed: “It did fail, and badly so.”", ["Swasey", None]),
        ("“It failed,” said Swasey.\nIt works.\n“We are sorry.”", ["Swasey", None, None]),
        ("“It failed,” one user wrote. “They are sorry.”", ["one user", "one user"]),
        ("“It failed,” said those two. “They are sorry.”", [None, None]),
    ],
)
def test_quotations_that_run_on(body: str, found: list[str | None]) -> None:
    assert speakers(body) == found


def test_a_long_quotation_that_is_cut_has_one_speaker() -> None:
    body = "“" + "They failed, we are sorry. " * 20 + "It works,” said Swasey."

    assert len(speakers(body)) > 1
    assert set(speakers(body)) == {"Swasey"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Steve Swasey said it works. “It failed,” he said.", ["Steve Swasey"] * 2),
        ("Steve Swasey said it works.\nNobody minds.\n“It failed,” he said.", ["Steve Swasey", None, None]),
        ("Steve Swasey said it works. Then Ann Lee came. “It failed,” he said.", ["Steve Swasey", None, None]),
        ("The company said it works. “It failed,” it said.", ["the company"] * 2),
        ("The company said it works. “It failed,” he said.", ["the company", None]),
        ("Steve Swasey said it works. “It failed,” it said.", ["Steve Swasey", None]),
        ("“It failed,” he said.", [None]),
    ],
)
def test_he_she_and_it(body: str, found: list[str | None]) -> None:
    assert speakers(body) == found


def test_a_subject_is_never_cut_out_of_two_paragraphs() -> None:
    assert speakers("The shop of Ann Lee, open all day\nOHIO — They come again, says Jo Poe.") == [None, "Jo Poe"]


def test_headlines() -> None:
    """Any word may have a capital there: only brands and names that the body has too."""
    body = "Steve Swasey was calm. Netflix waits."

    assert mentions(body, "Netflix Says It Works")[0].speaker == "Netflix"
    assert mentions(body, "Swasey Says Netflix Works")[0].speaker == "Steve Swasey"
    assert mentions(body, "Streamer Says Netflix Works")[0].speaker is None


@pytest.mark.parametrize(
    ("speaker", "ours"),
    [
        ("Steve Swasey", True),
        ("Swasey", True),
        ("John Swasey", False),
        ("Netflix", True),
        ("Netflix Inc.", True),
        ("netflix", True),
        ("a Netflix spokesman", True),
        ("a spokeswoman for Netflix", True),
        ("Netflix’s chief executive", True),
        ("a former Netflix executive", False),
        ("a Netflix customer", False),
        ("the chief executive of a Netflix rival", False),
        ("a Blockbuster spokesman", False),
        ("Jim Keyes", False),
        ("the company", False),
        ("a spokesman", False),
        ("", False),
    ],
)
def test_who_speaks_for_a_brand(speaker: str, ours: bool) -> None:
    assert speaks_for(speaker, NETFLIX) is ours


def test_a_case_sensitive_brand() -> None:
    assert speaks_for("a Blockbuster spokesman", BLOCKBUSTER)
    assert not speaks_for("a blockbuster spokesman", BLOCKBUSTER)


@pytest.mark.parametrize(
    "speaker", ["the company", "The company", "a spokesman", "a company spokesman", "the streamer"]
)
def test_the_company_where_it_is_the_brand(speaker: str) -> None:
    assert speaks_for(speaker, NETFLIX, the_company=True)
    assert not speaks_for(speaker, NETFLIX)


@pytest.mark.parametrize("speaker", ["a Citi spokesman", "a union spokesman", "officials", "Ann Lee", "a customer"])
def test_others_where_the_company_is_the_brand(speaker: str) -> None:
    assert not speaks_for(speaker, NETFLIX, the_company=True)


@pytest.mark.parametrize(
    ("body", "own"),
    [
        ("“Netflix is sorry about it,” said Steve Swasey.", True),
        ("“Netflix is sorry about it,” Netflix said.", True),
        ("“Netflix is sorry about it,” the company said.", True),
        ("“Netflix is sorry about it,” said spokesman Joris Evers.", True),
        ("“Netflix is sorry about all of it,” said Netflix spokesman Joris Evers.", True),
        ("Steve Swasey said Netflix is sorry about it.", False),  # the press reports a fact
        ("Netflix said it was “sorry.”", False),  # less than half of it is quoted
        ("“Netflix is sorry about it,” said Jim Keyes.", False),
        ("“Netflix is sorry about all of it,” said Citi analyst Ann Lee.", False),
        ("“Netflix is sorry about it.”", False),
        ("“Netflix and Citi are sorry about it all,” Citi said.", False),
    ],
)
def test_own_voice(body: str, own: bool) -> None:
    assert [m.own_voice for m in mentions(body)] == [own]


def test_own_voice_is_a_brands_own() -> None:
    """What a spokesman says of his rival is not the rival's voice."""
    found = mentions("“Netflix beats Blockbuster every day,” said Steve Swasey.")

    assert [(m.brand_id, m.speaker, m.own_voice) for m in found] == [
        ("netflix", "Steve Swasey", True),
        ("blockbuster", "Steve Swasey", False),
    ]


def test_the_share_that_makes_a_quotation() -> None:
    assert is_own(Voice("Netflix", 0, quoted=0.5), NETFLIX)
    assert not is_own(Voice("Netflix", 0, quoted=0.49), NETFLIX)
    assert is_own(Voice("Joris Evers", 0, "Netflix spokesman", 0.5), NETFLIX)


def test_other_languages_are_not_read() -> None:
    body = "“Netflix is sorry,” said Steve Swasey."

    assert [(m.speaker, m.own_voice) for m in mentions(body, language="nl")] == [(None, False)]
    assert [m.speaker for m in mentions(body, language=None)] == ["Steve Swasey"]


WORDS = (
    "Netflix Swasey Steve said says told wrote added according to the a company spokesman for officials he it Mr. of "
    'and when that “ ” " , . ? : ’s \n'
).split(" ")


@given(
    st.lists(st.sampled_from(WORDS), max_size=50).map(" ".join), st.sampled_from(["", "Netflix says", "“No,” he said"])
)
def test_what_holds_of_all_texts(body: str, title: str) -> None:
    text = Text(title, body)
    spans = [(0, len(title))] * bool(title) + [
        (a + len(title) + 1, b + len(title) + 1) for a, b in sentence_spans(body, "en")
    ]
    found = SPEAKERS.read(text, spans)

    assert len(found) == len(spans)
    for voice in filter(None, found):
        assert voice.speaker == voice.speaker.strip() != ""
        assert "\n" not in voice.speaker
        assert '"' not in voice.speaker
        assert 0 <= voice.at < len(text.raw)
        assert 0 <= voice.quoted <= 1
