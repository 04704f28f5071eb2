"""Which watched brands an article names, sentence by sentence, who says so, and which topics it belongs to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from analysis.items import Article, Mention, Placement, Quote
from analysis.matching.certainty import Context, certainty
from analysis.matching.coreference import Reference
from analysis.matching.messages import Messages
from analysis.matching.names import BrandNames, Name
from analysis.matching.narratives import Narratives, themes
from analysis.matching.sentences import Sentence, Span, TokenRange, bounded, holding, sentence_spans
from analysis.matching.speakers import MOSTLY, Speakers, Voice, is_own, speaks_for
from analysis.text import Text, fold
from analysis.watchlist import Watchlist

RULES = 2
"""Version of the rules for messages, quotes and themes; one more whenever they may find something else."""
SHORT_LEAD = 12
"""Words; where the first paragraph has fewer (a dateline, a kicker), the second belongs to the lead too."""
ENGLISH = frozenset({"en", None})
"""Languages in which speakers and phrases for a brand are read; None is a text too short to tell."""


class _Place(NamedTuple):
    """Where a brand seems to be named."""

    brand: BrandNames
    tokens: TokenRange
    name: Name


COUPLES = frozenset("& / and e et o oder or ou och und v versus vs y".split())
"""Tokens between two names, in the languages that couple with one word."""

Located = tuple[Sentence, _Place]
_Found = dict[tuple[Sentence, str], list[TokenRange]]
"""Sentence and brand id -> where the sentence names or means the brand."""


class _Read(NamedTuple):
    """An article that names a brand, read."""

    text: Text
    sentences: list[Sentence]
    found: _Found
    voices: Mapping[Sentence, Voice]
    company: Reference | None

    def means(self, voice: Voice, brand_id: str) -> bool:
        """Whether a company that is not named where the speaker is must be the brand."""
        company = self.company
        named_at = bisect_left(self.text.starts, voice.at)
        return company is not None and company.brand_id == brand_id and company.means(named_at)


class Matcher:
    """Finds the brands and topics of a watchlist in articles. Built once; keeps nothing between articles."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._brands = {brand.id: brand for brand in watchlist.brands}
        self._names = [BrandNames(brand) for brand in watchlist.brands]
        self._messages = Messages(watchlist.messages)
        self._narratives = Narratives(watchlist.narratives)
        self.reading = reading(watchlist)
        """Version of what it reads, as `Article.reading`."""
        self._topics = [(topic.id, topic.parsed) for topic in watchlist.topics]
        self._speakers = Speakers(name for brand in watchlist.brands for name in (brand.name, *brand.aliases))

    def match(self, article: Article) -> Article:
        """`article` with its topics, in the watchlist's order, and its mentions, unscored, in reading order.

        A mention is a sentence and a brand. The title counts as one sentence; of a title that is cut for its
        length only the first piece that names the brand, and none of a post's title that is the start of its text.
        `ordinal` is the sentence's number in `sentences.split(body)`; where a boundary would cut a name in two, the
        sentence runs on to the next one. In English, sentences have speakers (`analysis.matching.speakers`), and an
        article that names a brand may also mean it where it says "the company" (`analysis.matching.coreference`).
        Headline and introduction of a live blog count for the topics of its posts, not for their mentions.
        Of an article that names a brand also the messages that it carries, and what watched brands say in it.
        """
        text = Text(article.title, article.body)
        about = Text(article.page_head, article.title, article.body) if article.page_head else text
        topics = tuple(topic_id for topic_id, query in self._topics if query.matches(about))
        places = [_Place(names, *found) for names in self._names for found in names.find(text)]
        article = replace(article, topics=topics, mentions=(), messages=(), quotes=(), reading=self.reading)
        if not places:
            return article
        read = self._read(article, text, places)
        speaks = partial(self._speaks, read)
        return replace(
            article,
            mentions=tuple(self._mentions(read)),
            messages=tuple(self._messages.find(text, read.sentences, read.found, speaks)) if read.found else (),
            quotes=tuple(self._quotes(read)),
        )

    def _read(self, article: Article, text: Text, places: list[_Place]) -> _Read:
        inside = {token for place in places for token in range(place.tokens[0] + 1, place.tokens[1])}
        sentences = list(_sentences(article, text, inside))
        located = list(zip(holding(sentences, (place.tokens for place in places)), places, strict=True))
        found: _Found = {}
        for sentence, place in _outermost(_certain(text, located, article.language)):
            if sentence.ordinal or not _is_titled_by_its_text(article):
                found.setdefault((sentence, place.brand.brand_id), []).append(place.tokens)
        voices: Mapping[Sentence, Voice] = {}
        company: Reference | None = None
        if found and article.language in ENGLISH:
            read = self._speakers.read(text, [sentence.span for sentence in sentences])
            voices = {sentence: voice for sentence, voice in zip(sentences, read, strict=True) if voice}
            company = self._company(text, sentences, found, voices.values())
        if company:
            _add(found, company, holding(sentences, company.phrases))
        return _Read(text, sentences, found, voices, company)

    def _mentions(self, read: _Read) -> Iterator[Mention]:
        in_title: set[str] = set()
        about = self._narratives.find(read.text, read.sentences, read.found) if read.found else {}
        for (sentence, brand_id), tokens in sorted(read.found.items(), key=lambda item: item[0][0].span):
            if sentence.ordinal == 0 and brand_id in in_title:
                continue
            if sentence.ordinal == 0:
                in_title.add(brand_id)
            voice = read.voices.get(sentence)
            own = voice is not None and is_own(voice, self._brands[brand_id], the_company=read.means(voice, brand_id))
            yield Mention(
                brand_id=brand_id,
                placement=sentence.placement,
                sentence=read.text.raw[slice(*sentence.span)],
                ordinal=sentence.ordinal,
                spans=tuple(_within(sentence, read.text, span) for span in tokens),
                speaker=voice.speaker if voice else None,
                own_voice=own,
                themes=about.get(sentence, ()),
            )

    def _quotes(self, read: _Read) -> Iterator[Quote]:
        """A sentence has one speaker, who speaks for one brand: the first of the watchlist."""
        brands = {brand_id for _, brand_id in read.found}
        for sentence, voice in read.voices.items():
            brand_id = next((id for id in self._brands if id in brands and self._speaks(read, sentence, id)), None)
            if brand_id is not None:
                yield Quote(
                    brand_id=brand_id,
                    speaker=voice.speaker,
                    placement=sentence.placement,
                    ordinal=sentence.ordinal,
                    sentence=read.text.raw[slice(*sentence.span)],
                    verbatim=voice.quoted >= MOSTLY,
                )

    def _speaks(self, read: _Read, sentence: Sentence, brand_id: str) -> bool | None:
        voice, brand = read.voices.get(sentence), self._brands[brand_id]
        if voice is None:
            return None
        the_company = read.means(voice, brand_id)
        said_by = (voice.speaker, voice.office) if voice.office else (voice.speaker,)
        return any(speaks_for(who, brand, the_company=the_company) for who in said_by)

    def _company(
        self, text: Text, sentences: list[Sentence], found: _Found, voices: Iterable[Voice]
    ) -> Reference | None:
        """What "the company" means, where headline and lead name one watched brand only."""
        about = {brand_id for sentence, brand_id in found if sentence.placement != "body"}
        if len(about) != 1:
            return None
        brand = self._brands[about.pop()]
        named = [span for (_, brand_id), spans in found.items() if brand_id == brand.id for span in spans]
        offices = {voice.speaker: voice.office for voice in voices if voice.office}
        staff = (who for who, office in offices.items() if office[1:].islower() or speaks_for(office, brand))
        people = {fold(word) for name in (*brand.spokespeople, *staff) for word in name.split()}
        return Reference(brand.id, text, named, [sentence.tokens for sentence in sentences], people)


def reading(watchlist: Watchlist) -> str:
    """What decides which messages, quotes and themes are found: a number and a digest of names, people and phrases."""
    brands = (brand.model_dump_json(exclude={"role"}) for brand in watchlist.brands)
    messages = (message.model_dump_json() for message in watchlist.messages)
    said = "\n".join((*brands, *messages, str(themes(watchlist.narratives))))
    return f"{RULES}-{sha256(said.encode()).hexdigest()[:10]}"


def _add(found: _Found, company: Reference, holding: Iterable[Sentence]) -> None:
    """Adds the phrases that mean a brand, in sentences of the body that do not name it."""
    naming = {sentence for sentence, brand_id in found if brand_id == company.brand_id}
    for sentence, phrase in zip(holding, company.phrases, strict=True):
        if sentence.ordinal and sentence not in naming:
            found.setdefault((sentence, company.brand_id), []).append(phrase)


def _within(sentence: Sentence, text: Text, tokens: TokenRange) -> Span:
    """Characters of the sentence."""
    return text.starts[tokens[0]] - sentence.span[0], text.ends[tokens[1] - 1] - sentence.span[0]


def _sentences(article: Article, text: Text, inside: set[int]) -> Iterator[Sentence]:
    """All sentences that hold a token, in order. None begins at a token of `inside`, the middle of a name."""
    body_at = len(article.title) + 1
    lead_end = body_at + _lead_length(article.body)
    pieces = [(span, 0) for span in bounded(article.title, 0, len(article.title))]
    for ordinal, (start, end) in enumerate(sentence_spans(article.body, article.language), 1):
        pieces.append(((body_at + start, body_at + end), ordinal))
    joined: list[Sentence] = []
    for (start, end), ordinal in pieces:
        first, last = bisect_left(text.starts, start), bisect_left(text.starts, end)
        if first in inside and joined and joined[-1].tokens[1] == first:
            head = joined.pop()
            joined.append(head._replace(span=(head.span[0], end), tokens=(head.tokens[0], last)))
        elif first < last:
            placement: Placement = "headline" if ordinal == 0 else "lead" if start < lead_end else "body"
            joined.append(Sentence((start, end), (first, last), ordinal, placement))
    yield from joined


def _is_titled_by_its_text(article: Article) -> bool:
    """Whether a post without a headline has the start of its text for one: what that says, it says once."""
    return article.post is not None and article.body.startswith(article.title.removesuffix("…").rstrip())


def _lead_length(body: str) -> int:
    """Characters up to the end of the first paragraph or, where that is short, of the second."""
    end = body.find("\n")
    if end >= 0 and len(body[:end].split()) < SHORT_LEAD:
        end = body.find("\n", end + 1)
    return len(body) if end < 0 else end


def _certain(text: Text, located: list[Located], language: str | None) -> list[Located]:
    """The places that count: all of a brand that is sure at one of them."""

    def is_sure(sentence: Sentence, place: _Place) -> bool:
        if not place.brand.case_sensitive:
            return True
        headline = sentence.placement == "headline"
        context = Context(text, sentence.tokens, headline=headline, language=language)
        return certainty(context, place.tokens, place.name) == "sure"

    sure = [place for sentence, place in located if is_sure(sentence, place)]
    ids = {place.brand.brand_id for place in sure}
    sides = {(place.tokens[side], side) for place in sure for side in (0, 1)}
    ids |= {place.brand.brand_id for _, place in located if _beside(text, place, sides)}
    return [(sentence, place) for sentence, place in located if place.brand.brand_id in ids]


def _beside(text: Text, place: _Place, sides: set[tuple[int, int]]) -> bool:
    """Whether a place is coupled with a sure one: "How Netflix and Blockbuster Fight".

    `sides`: where sure places begin (0) and end (1)
    """
    first, last = place.tokens
    before = first - (2 if text.folded[first - 1 : first] == ["."] else 1)  # vs.
    after = last + (2 if text.folded[last + 1 : last + 2] == ["."] else 1)
    if (before, 1) in sides and text.folded[before] in COUPLES:
        return True
    return (after, 0) in sides and text.folded[last] in COUPLES


def _outermost(located: list[Located]) -> list[Located]:
    """Without the places that lie within a longer name of another brand ("Apple" in "Apple Records")."""
    covering: dict[int, list[TokenRange]] = {}
    for _, place in located:
        for token in range(*place.tokens):
            covering.setdefault(token, []).append(place.tokens)

    def hidden(place: _Place) -> bool:
        start, end = place.tokens
        return any(s <= start and end <= e and (s, e) != (start, end) for s, e in covering[start])

    return [(sentence, place) for sentence, place in located if not hidden(place)]
