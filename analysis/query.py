"""Topic queries: `netflix AND (outage OR crash* OR "shipping delay") NOT movie`.

The language: AND, OR, NOT in upper case, parentheses, "phrases", prefix*. Words side by side are AND; NOT binds
tighter than AND, AND tighter than OR. Words match whole words in any case. The grammar is `query.lark`.
What a word is, and that a phrase runs over hyphens but not over commas, is said in `analysis.text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, chain
from pathlib import Path
from typing import Protocol, cast

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args

from analysis.errors import QueryError
from analysis.text import ORNAMENTS, Text

MAX_LENGTH = 10_000
MAX_DEPTH = 50
"""Parentheses in parentheses; keeps every walk over a query far from Python's recursion limit."""
MAX_WORDS = 100
"""Words of one phrase; each place of its first word in a text is compared with so many at most."""


class Query(Protocol):
    """A parsed query. `str(query)` parses to an equal query."""

    def matches(self, text: Text) -> bool:
        """Whether `text` satisfies the query. Linear in the text, whatever the query says."""

    def words(self) -> str:
        """The query for a search engine, to stand in a URL's `{query}` (not yet URL-encoded).

        Words side by side, OR, quotes and `-` are what news search engines share. They know no prefixes, so
        `crash*` is `crash`; what they cannot say is left out, and nothing may be left. So a search feed may bring
        more than the query wants, seldom less (their own word forms make up for prefixes); `matches` decides what
        is kept.
        """


@dataclass(frozen=True)
class Word:
    """One token, or every token that begins with it."""

    text: str
    prefix: bool = False

    def tokens(self, text: Text) -> Iterator[str]:
        """The tokens of `text` that this word stands for."""
        if self.prefix:
            yield from text.with_prefix(self.text)
        elif self.text in text.index:
            yield self.text

    def fits(self, token: str) -> bool:
        return token.startswith(self.text) if self.prefix else token == self.text

    def __str__(self) -> str:
        return self.text + "*" * self.prefix


@dataclass(frozen=True)
class Phrase:
    """Words that follow each other; a single word is a phrase of one."""

    parts: tuple[Word, ...]
    typed: str = field(default="", compare=False)
    """As the user wrote it, without quotes: `Wi-Fi`."""

    def matches(self, text: Text) -> bool:
        return next(self.spans(text), None) is not None

    def spans(self, text: Text) -> Iterator[tuple[int, int]]:
        """Where the phrase stands: number of its first token, and of the first one after it."""
        first, *rest = self.parts
        for token in first.tokens(text):
            for start in text.index[token]:
                end = start + len(self.parts)
                if all(map(Word.fits, rest, text.folded[start + 1 : end])) and end <= len(text.folded):
                    yield start, end

    def words(self) -> str:
        said = self.typed.replace("*", "") or " ".join(word.text for word in self.parts)
        return f'"{said}"' if " " in said else said

    def __str__(self) -> str:
        said = " ".join(map(str, self.parts))
        return f'"{said}"' if len(self.parts) > 1 else said


@dataclass(frozen=True)
class Not:
    """What must not hold."""

    query: Query

    def matches(self, text: Text) -> bool:
        return not self.query.matches(text)

    def words(self) -> str:
        excluded = self.query.queries if isinstance(self.query, Or) else (self.query,)
        return " ".join(f"-{query.words()}" for query in excluded if isinstance(query, Phrase))

    def __str__(self) -> str:
        return f"NOT {_inner(self.query)}"


@dataclass(frozen=True)
class And:
    """All of these."""

    queries: tuple[Query, ...]

    def matches(self, text: Text) -> bool:
        return all(query.matches(text) for query in self.queries)

    def words(self) -> str:
        said = ((query, query.words()) for query in self.queries)
        return " ".join(f"({words})" if isinstance(query, Or) else words for query, words in said if words)

    def __str__(self) -> str:
        return " AND ".join(map(_inner, self.queries))


@dataclass(frozen=True)
class Or:
    """One of these at least."""

    queries: tuple[Query, ...]

    def matches(self, text: Text) -> bool:
        return any(query.matches(text) for query in self.queries)

    def words(self) -> str:
        said = [(query, "" if isinstance(query, Not) else query.words()) for query in self.queries]
        if not all(words for _, words in said):  # one way of matching cannot be said, so neither can "one of these"
            return ""
        return " OR ".join(f"({words})" if isinstance(query, And) else words for query, words in said)

    def __str__(self) -> str:
        return " OR ".join(map(_inner, self.queries))


def _inner(query: Query) -> str:
    return f"({query})" if isinstance(query, (And, Or)) else str(query)


def parse(text: str) -> Query:
    """The query that `text` says.

    Raises QueryError, which says what is wrong and at which character, counted from 1.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query is longer than {MAX_LENGTH} characters")
    _check_nesting(text)
    try:
        query = cast(Query, _grammar().parse(text))  # the transformer leaves no tree
    except UnexpectedInput as error:
        raise QueryError(_explain(error, text)) from None
    return query


def phrase(text: str, at: int = 1) -> Phrase:
    """The words of `text` as one phrase; each may end in `*`. For `messages.phrases` and `brands.exclude`.

    Raises QueryError where it holds no word, or a `*` that does not end one; `at` is where `text` begins.
    """
    typed = " ".join(text.split())
    read = Text(typed)
    words: list[Word] = []
    for place, token in enumerate(read.folded):
        if token != "*":
            words.append(Word(token))
            continue
        after_word = place > 0 and read.ends[place - 1] == read.starts[place] and not words[-1].prefix
        before_word = read.starts[place + 1 : place + 2] == [read.ends[place]]
        if not after_word or before_word:
            raise QueryError(f"* may only stand at the end of a word, in {typed} at character {at}")
        words[-1] = Word(words[-1].text, prefix=True)
    while words and words[-1] in _ORNAMENTS:
        words.pop()
    while words and words[0] in _ORNAMENTS:
        words.pop(0)
    if not words:
        raise QueryError(f"there is no word in {typed or 'the quotation marks'} at character {at}")
    if len(words) > MAX_WORDS:
        raise QueryError(f"the phrase at character {at} has more than {MAX_WORDS} words")
    return Phrase(tuple(words), typed)


_ORNAMENTS = frozenset(map(Word, ORNAMENTS))
_QUOTED = re.compile('["“”„][^"“”„]*["“”„]')


def _check_nesting(text: str) -> None:
    bare = _QUOTED.sub("", text)
    if max(accumulate((char == "(") - (char == ")") for char in bare), default=0) > MAX_DEPTH:
        raise QueryError(f"more than {MAX_DEPTH} parentheses stand in each other")


def _explain(error: UnexpectedInput, text: str) -> str:
    """What is wrong, in the user's terms."""
    place = cast(int, error.pos_in_stream)
    if not isinstance(error, UnexpectedToken):
        return f"the quotation mark at character {place + 1} is never closed"
    if error.token.type != "$END":
        if error.token.type == "RPAR" and "$END" in error.expected:
            return f"the ) at character {place + 1} closes nothing"
        return f"a word or phrase is wanted before {error.token} at character {place + 1}"
    if not text.strip():
        return "the query is empty"
    if "RPAR" in error.expected:
        return f"the ( at character {_open_parenthesis(text) + 1} is never closed"
    return f"the query ends at character {len(text.rstrip())} where a word or phrase is still wanted"


def _open_parenthesis(text: str) -> int:
    """Offset of the last parenthesis that is never closed."""
    opened: list[int] = []
    for place, char in enumerate(_QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)):
        if char == "(":
            opened.append(place)
        elif char == ")" and opened:
            opened.pop()
    return opened[-1]


@v_args(inline=True)
class _Builder(Transformer[Token, Query]):
    """Makes the nodes while the parser runs, so there is never a deep tree to walk."""

    def word(self, token: Token) -> Query:
        at = (token.start_pos or 0) + 1
        if token.startswith("-") and token.strip("-"):
            raise QueryError(f"write NOT {token.lstrip('-')} instead of {token} at character {at}")
        return phrase(token, at)

    def phrase(self, token: Token) -> Query:
        return phrase(token[1:-1], (token.start_pos or 0) + 1)

    def negation(self, query: Query) -> Query:
        return query.query if isinstance(query, Not) else Not(query)

    def both(self, *queries: Query) -> Query:
        return And(_flat(And, queries))

    def either(self, *queries: Query) -> Query:
        return Or(_flat(Or, queries))


def _flat(kind: type[And] | type[Or], queries: tuple[Query, ...]) -> tuple[Query, ...]:
    nested = (query.queries if isinstance(query, kind) else (query,) for query in queries)
    return tuple(chain.from_iterable(nested))


@cache
def _grammar() -> Lark:
    grammar = Path(__file__).with_name("query.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", transformer=_Builder())
