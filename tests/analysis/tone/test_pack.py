"""The word pack: every entry does what its row says, on the example that the row gives."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import pytest

from analysis.tone import Target
from analysis.tone.lexical import Explanation, VaderScorer
from analysis.tone.pack import VERSION, Entry, Match, Pack, forms, load

RIVAL = "Globex"
PACK = load()
SCORER = VaderScorer([RIVAL])
PARTS = {"outage", "remedy", "campaign", "rivalry", "business", "legal", "sense"}
DIGESTS = {"1": "f7697f8f1cfc61a6"}
"""Of each version's pack.csv. A changed pack is a new version: raise VERSION and add a line."""


def explain(scorer: VaderScorer, example: str) -> Explanation:
    """The example scored for the brand that stands in brackets."""
    start, end = example.index("["), example.index("]") - 1
    sentence = example.replace("[", "").replace("]", "")
    found = scorer.explain(Target(sentence, ((start, end),)))
    assert found is not None
    return found


def without(entry: Entry) -> VaderScorer:
    return VaderScorer([RIVAL], pack=Pack(other for other in PACK.entries if other is not entry))


@pytest.mark.parametrize("entry", PACK.entries, ids=lambda entry: entry.phrase[:40])
def test_entry_moves_its_example(entry: Entry) -> None:
    cases = [(entry.example, entry.valence), (entry.contrast, entry.object)]
    shown = [(sentence, valence) for sentence, valence in cases if sentence and valence is not None]
    assert shown
    for sentence, valence in shown:
        found = explain(SCORER, sentence)
        own = [part.valence for part in found.contributions if part.entry is entry]
        assert found.score.tone != explain(without(entry), sentence).score.tone
        assert own == [] if valence == 0 else own[0] * valence > 0


@pytest.mark.parametrize("entry", PACK.entries, ids=lambda entry: entry.phrase[:40])
def test_entry_is_in_order(entry: Entry) -> None:
    assert -4 <= entry.valence <= 4
    assert entry.object is None or -4 <= entry.object <= 4
    assert entry.part in PARTS
    assert entry.reason
    assert (entry.object is not None) == bool(entry.contrast)
    assert "~~" not in entry.phrase.replace(" ", "")
    assert not entry.phrase.startswith("~")
    assert not entry.phrase.endswith("~")


def test_no_phrase_stands_twice() -> None:
    phrases = [entry.phrase for entry in PACK.entries]
    assert len(set(phrases)) == len(phrases)


def test_a_changed_pack_is_a_new_version() -> None:
    content = files("analysis.tone").joinpath("pack.csv").read_bytes()
    assert DIGESTS[VERSION] == hashlib.sha256(content).hexdigest()[:16]


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("[Acme] is down.", "neg"),
        ("The manager of [Acme] sat down with reporters.", "neu"),
        ("He works at the [Acme] down the road.", "neu"),
        ("Shares of [Acme] were down 3 percent.", "neg"),
        ("The [Acme] site crashed at noon.", "neg"),
        ("[Acme] rents a film about a car crash.", "neu"),
        ("Streaming may be the killer app for [Acme].", "pos"),
        ("[Acme] ordered a second season of the horror series.", "neu"),
        ("A power outage closed the road to the [Acme] depot.", "neu"),
        ("Service at [Acme] was restored on Friday.", "pos"),
        ("[Acme] is back up.", "pos"),
        ("Every member of [Acme] gets a credit on the next bill.", "pos"),
        ("[Acme] keeps your credit card on file.", "neu"),
        ("Members lost patience with [Acme] and left it for Globex.", "neg"),
        ("[Acme] lost 200,000 subscribers.", "neg"),
        ("Globex lures subscribers away from [Acme].", "neg"),
        ("[Acme] lures subscribers away from Globex.", "pos"),
        ("Globex mocks [Acme] in a new spot.", "neg"),
        ("[Acme] is mocked by Globex in a new spot.", "neg"),
        ("[Acme] mocks Globex in a new spot.", "neu"),
        ("Globex pokes fun at [Acme].", "neg"),
        ("Customers sued [Acme] on Friday.", "neg"),
        ("[Acme] sued Globex on Friday.", "neu"),
        ("Members blamed [Acme].", "neg"),
        ("Orders from [Acme] arrived late again.", "neg"),
        ("Members were unable to reach [Acme].", "neg"),
        ("Stores like [Acme] also rent games.", "neu"),
        ("[Acme] owns a third of the shares in Globex.", "neu"),
        ("A backlash met the plan of [Acme].", "neg"),
        ("Globex is cheaper than [Acme].", "neg"),
        ("Globex is slower than [Acme].", "pos"),
        ("Thousands switched from Globex to [Acme].", "pos"),
    ],
)
def test_word_senses(sentence: str, label: str) -> None:
    assert explain(SCORER, sentence).score.label == label


def entry(phrase: str, valence: float = -1.0) -> Entry:
    return Entry(phrase, "outage", valence, None, "a reason", "", "")


def found(phrases: list[str], words: str, clauses: list[int] | None = None) -> list[tuple[str, tuple[int, ...]]]:
    listed = words.split()
    matches: list[Match] = Pack(map(entry, phrases)).find(listed, clauses or [0] * len(listed))
    return [(match.entry.phrase, match.words) for match in matches]


def test_the_phrase_with_the_most_words_wins() -> None:
    assert found(["back", "back up", "back up again"], "is back up") == [("back up", (1, 2))]
    assert found(["lost ~ users", "lost money"], "lost money users") == [("lost ~ users", (0, 2))]


def test_of_equally_long_phrases_the_earlier_row_wins() -> None:
    assert found(["late|slow", "slow"], "slow") == [("late|slow", (0,))]


def test_a_gap_holds_three_words_of_one_clause() -> None:
    assert found(["lost ~ users"], "lost a lot of users") == [("lost ~ users", (0, 4))]
    assert found(["lost ~ users"], "lost a lot of its users") == []
    assert found(["lost ~ users"], "lost it and users", [0, 0, 1, 1]) == []


def test_brand_and_other_names() -> None:
    assert found(["@ is down"], "@ is down") == [("@ is down", (1, 2))]
    assert found(["@ is down"], "# is down") == []


def test_matches_do_not_overlap() -> None:
    assert found(["went down", "down for"], "went down for") == [("went down", (0, 1))]


def test_forms() -> None:
    assert forms("mock+") == {"mock", "mocks", "mocked", "mocking"}
    assert forms("slam++") == {"slam", "slams", "slammed", "slamming"}
    assert forms("blame+") == {"blame", "blames", "blamed", "blaming"}
    assert forms("apply+") == {"apply", "applies", "applied", "applying"}
    assert forms("fix+") == {"fix", "fixes", "fixed", "fixing"}
    assert forms("delay+") == {"delay", "delays", "delayed", "delaying"}
    assert forms("apology") == {"apology"}
