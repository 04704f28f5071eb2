"""Which of the watchlist's messages an article carries: what we, or a rival, want the coverage to say.

A message is carried by a sentence that holds one of its phrases, where the article names the message's brand, unless

- the words before the phrase deny it: "Netflix did not apologize", "no refund", "has yet to apologize";
- the sentence does not name the brand, and somebody has the word who does not speak for it ("rivals said they were
  sorry"), or nobody has, and another watched brand is named before the phrase.

Nobody can be told apart here whom the watchlist does not name: "Amazon apologizes for the Netflix outage" is taken
for an apology in an article on Netflix. A longer phrase ("netflix apolog*") is the remedy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from analysis import query
from analysis.items import Carried
from analysis.matching.sentences import Sentence, TokenRange, holding
from analysis.text import Text
from analysis.watchlist import Message

_DENIALS = frozenset(
    "cannot declined declines denied denies failed fails neither never no nor not refused refuses refusing without "
    "ain aren couldn didn doesn don hadn hasn haven isn shouldn wasn weren won wouldn".split()
)
"""Folded words that turn what follows them into its opposite; "didn't" is the words `didn t`."""
_AFFIRMED = frozenset("doubt just longer merely only simply".split())
"""After a word of denial they make it none: "not only apologized"."""
_STOPS = frozenset(".!?;:,—–\n") | {"but"}
_REACH = 5
"""Words before a phrase in which a denial is looked for."""
_PROMINENCE = {"headline": 2, "lead": 1, "body": 0}

Named = Mapping[tuple[Sentence, str], Sequence[TokenRange]]
"""The sentences that name or mean a brand, with its id, and where."""
Speaks = Callable[[Sentence, str], bool | None]
"""Whether a sentence is the word of a brand or of somebody who speaks for it; None where nobody has the word."""


class Messages:
    """Finds messages in articles. Built once; keeps nothing between articles."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages = [(message, [query.phrase(words) for words in message.phrases]) for message in messages]

    def find(self, text: Text, sentences: Sequence[Sentence], named: Named, speaks: Speaks) -> Iterator[Carried]:
        """At most one a message, in the watchlist's order."""
        brands = {brand_id for _, brand_id in named}
        for message, phrases in self._messages:
            if message.brand not in brands:
                continue
            places = sorted(place for words in phrases for place in words.spans(text))
            found = zip(places, holding(sentences, places), strict=True)
            kept = dict.fromkeys(
                sentence
                for place, sentence in found
                if place[1] <= sentence.tokens[1]
                and not _denied(text, sentence.tokens[0], place[0])
                and _meant(message.brand, sentence, place[0], named, speaks)
            )
            if kept:
                own = [sentence for sentence in kept if speaks(sentence, message.brand)]
                yield _carried(message, text, list(kept), own)


def _meant(brand_id: str, sentence: Sentence, start: int, named: Named, speaks: Speaks) -> bool:
    """Whether the phrase at token `start` is about the brand."""
    if (sentence, brand_id) in named or speaks(sentence, brand_id):
        return True
    before = (tokens for (other, _), spans in named.items() if other == sentence for tokens in spans)
    return speaks(sentence, brand_id) is None and all(tokens[0] > start for tokens in before)


def _denied(text: Text, first: int, start: int) -> bool:
    words = text.folded
    for place in range(start - 1, max(first, start - _REACH) - 1, -1):
        if words[place] in _STOPS:
            return False
        if words[place] in _DENIALS and words[place + 1] not in _AFFIRMED:
            return True
        if words[place : place + 2] == ["yet", "to"]:
            return True
    return False


def _carried(message: Message, text: Text, kept: Sequence[Sentence], own: Sequence[Sentence]) -> Carried:
    best = max(kept, key=lambda sentence: _PROMINENCE[sentence.placement])  # the first of equals
    return Carried(
        message_id=message.id,
        brand_id=message.brand,
        presence=2 if own or len(kept) > 1 else 1,
        prominence=_PROMINENCE[best.placement],  # type: ignore[arg-type]
        sentence=text.raw[slice(*best.span)],
        own_words=best in own,
    )
