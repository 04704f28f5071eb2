"""What corrections say about words, and words of the watchlist's own."""

from __future__ import annotations

import pytest

from analysis.items import Label
from analysis.tone import Target, Words
from analysis.tone.lexical import VaderScorer
from analysis.tone.lines import find
from analysis.tone.suggestions import Judged, suggest


def judged(*said: tuple[str, Label]) -> list[Judged]:
    return [
        Judged(f"m{number}", Target(sentence, find("Acme", sentence)), label)
        for number, (sentence, label) in enumerate(said)
    ]


UNKNOWN = judged(
    ("Acme flummoxed its members on Monday.", "neg"),
    ("On Tuesday Acme flummoxed the whole trade.", "neg"),
    ("A clerk whom Acme flummoxed wrote to the paper.", "neg"),
    ("Acme opened a shop on Monday.", "neu"),
)


def test_a_word_that_the_pack_lacks() -> None:
    """The mildest valence that puts the sentences right, and which they are."""
    (found,) = suggest(UNKNOWN, ["Acme"])
    assert (found.phrase, found.valence, found.breaks) == ("flummoxed", -1.0, ())
    assert found.fixes == ("m0", "m1", "m2")


def test_a_word_that_the_pack_misreads() -> None:
    """A kind of bond: 0 takes the word's meaning away."""
    said = judged(("Acme sells catastrophe bonds.", "neu"), ("The catastrophe fund at Acme opened in May.", "neu"))
    assert [(each.phrase, each.valence) for each in suggest(said, ["Acme"])] == [("catastrophe", 0.0)]


def test_what_breaks_counts_against_a_word() -> None:
    """As many sentences that are right today would go wrong: no suggestion."""
    against = judged(*((f"Acme flummoxed {who} and nobody minded.", "neu") for who in ("Ann", "Bob", "Cy", "Dee")))
    assert suggest([*UNKNOWN, *against], ["Acme"]) == []


@pytest.mark.parametrize("said", [UNKNOWN[:1], UNKNOWN[3:], []], ids=["one sentence", "all right", "nothing"])
def test_no_suggestion_without_evidence(said: list[Judged]) -> None:
    """One sentence proves nothing about its words."""
    assert suggest(said, ["Acme"]) == []


def test_what_is_accepted_is_not_suggested_again() -> None:
    words: Words = (("flummoxed", -1.0),)
    assert suggest(UNKNOWN, ["Acme"], words) == []


@pytest.mark.parametrize(
    ("words", "label"),
    [((), "neg"), ((("outage", 0.0),), "neu"), ((("Outage|outages", 2.0),), "pos"), ((("an outage", 1.5),), "pos")],
)
def test_own_words_win_over_the_pack(words: Words, label: Label) -> None:
    """In any case, with forms, and a longer phrase over a shorter one."""
    sentence = "Acme had an outage."
    (score,) = VaderScorer(words=words).score([Target(sentence, find("Acme", sentence))])
    assert score is not None
    assert score.label == label


def test_own_words_are_in_the_version() -> None:
    """Scores under other words are other scores, so a rescore finds what is stale."""
    versions = {VaderScorer(words=words).version for words in ((), (("a", 1.0),), (("a", 2.0),), (("b", 1.0),))}
    assert len(versions) == 4
    assert VaderScorer(words=(("a", 1.0), ("b", 2.0))).version == VaderScorer(words=(("b", 2.0), ("a", 1.0))).version
