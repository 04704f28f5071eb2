"""The query language, against a naive evaluator."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import QueryError
from analysis.query import And, Not, Or, Phrase, Query, Word, parse, phrase
from analysis.text import Text

CONTRACT = 'blockbuster AND (campaign OR advert* OR "total access") NOT movie'

WORDS = st.sampled_from(["a", "ab", "abc", "b", "ba", "c", "and", "or", "not"])
PHRASES = st.lists(st.builds(Word, WORDS, st.booleans()), min_size=1, max_size=3).map(
    lambda parts: Phrase(tuple(parts))
)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)


def nested(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    """Queries as `parse` builds them: no And directly in an And, no Or in an Or, no double negation."""
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda queries: And(tuple(q for query in queries for q in flat(And, query)))),
        several.map(lambda queries: Or(tuple(q for query in queries for q in flat(Or, query)))),
        inner.map(lambda query: query.query if isinstance(query, Not) else Not(query)),
    )


def flat(kind: type, query: Query) -> tuple[Query, ...]:
    return query.queries if isinstance(query, kind) else (query,)


QUERIES: st.SearchStrategy[Query] = st.recursive(PHRASES, nested, max_leaves=8)


def naive(query: Query, words: list[str]) -> bool:
    """What the documentation says, word by word and without an index."""
    match query:
        case Not(inner):
            return not naive(inner, words)
        case And(queries):
            return all(naive(inner, words) for inner in queries)
        case Or(queries):
            return any(naive(inner, words) for inner in queries)
        case Phrase(parts):
            pattern = " ".join(part.text + (r"\w*" if part.prefix else "") for part in parts)
            return re.search(rf"(?<!\w){pattern}(?!\w)", " ".join(words)) is not None
    raise AssertionError(query)


@given(QUERIES, TEXTS)
def test_same_answer_as_the_naive_evaluator(query: Query, text: str) -> None:
    assert query.matches(Text(text)) == naive(query, text.split())


@given(QUERIES)
def test_round_trip(query: Query) -> None:
    assert parse(str(query)) == query


@given(QUERIES, TEXTS)
def test_a_query_as_words_keeps_everything_that_matches(query: Query, text: str) -> None:
    """What a search engine is asked never excludes what the query wants (prefixes aside, see `Query.words`)."""
    said = query.words()
    if said and "*" not in str(query) and query.matches(Text(text)):
        asked = re.sub(r"-(?=[\"\w])", "NOT ", said)
        assert parse(asked).matches(Text(text)), said


PIECES = st.lists(
    st.sampled_from(["AND", "OR", "NOT", "(", ")", '"', "a", "b*", "*", "-", " ", ",", "”", "\n"]), max_size=12
)


@given(st.one_of(st.text(max_size=40), PIECES.map("".join), PIECES.map(" ".join)))
def test_any_string_parses_or_says_what_is_wrong(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        said = str(error)
    else:
        assert parse(str(query)) == query
        said = str(query)

    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("query", "same"),
    [
        (CONTRACT, 'blockbuster AND (campaign OR advert* OR "total access") AND NOT movie'),
        ("a b", "a AND b"),
        ("a NOT b", "a AND (NOT b)"),
        ("a b OR c d", "(a AND b) OR (c AND d)"),
        ("a OR b c", "a OR (b AND c)"),
        ("NOT a b", "(NOT a) AND b"),
        ("NOT NOT a", "a"),
        ("(a (b (c)))", "a AND b AND c"),
        ("Wi-Fi", '"wi fi"'),
        ("“total access”", '"total access"'),
        ("a\nOR\nb", "a OR b"),
        ("ORACLE", "oracle"),
    ],
)
def test_means_the_same(query: str, same: str) -> None:
    assert parse(query) == parse(same)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("netflix", "Netflix’s anti-Netflix", True),
        ("netflix", "Pacnetflix netflixed", False),
        ("Wi-Fi", "the wifi, the Wi‑Fi", True),
        ("15%", "15 per cent, but 15% off", True),
        ("15%", "15 per cent", False),
        ('"shipping delay"', "shipping-delay", True),
        ('"shipping delay"', "the shipping. Delay", False),
        ('"shipping delay*"', "shipping delays", True),
        ("crash*", "It CRASHED", True),
        ("crash*", "a car-crash", True),
        ("crash", "crashed", False),
        ("don't", "I don’t", True),
        ("AT&T", "AT&T said", True),
        ('"u.s. steel"', "U.S. Steel", True),
        ("naïve", "nai\u0308ve", True),
        ("down", "break\u00addown", False),
        ("NOT movie", "", True),
        (CONTRACT, "Blockbuster advertises Total Access", True),
        (CONTRACT, "Blockbuster advertises a movie", False),
    ],
)
def test_matches(query: str, text: str, expected: bool) -> None:
    assert parse(query).matches(Text(text)) is expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "the query is empty"),
        ("a AND", "the query ends at character 5 where a word or phrase is still wanted"),
        ("a OR OR b", "a word or phrase is wanted before OR at character 6"),
        ("AND a", "a word or phrase is wanted before AND at character 1"),
        ("()", "a word or phrase is wanted before ) at character 2"),
        ("a (b", "the ( at character 3 is never closed"),
        ("(a) (b (c)", "the ( at character 5 is never closed"),
        ("a)", "the ) at character 2 closes nothing"),
        ('a "b', "the quotation mark at character 3 is never closed"),
        ('""', "there is no word in the quotation marks at character 1"),
        ("a , b", "there is no word in , at character 3"),
        ("a *", "* may only stand at the end of a word, in * at character 3"),
        ("f*o", "* may only stand at the end of a word, in f*o at character 1"),
        ("a -movie", "write NOT movie instead of -movie at character 3"),
        ("(" * 60 + "a" + ")" * 60, "more than 50 parentheses stand in each other"),
        (f'"{"a " * 101}"', "the phrase at character 1 has more than 100 words"),
        ("a " * 6000, "the query is longer than 10000 characters"),
    ],
)
def test_errors_say_what_and_where(query: str, message: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(query)

    assert str(error.value) == message


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (CONTRACT, 'blockbuster (campaign OR advert OR "total access") -movie'),
        ("a NOT (b OR c)", "a -b -c"),
        ("a NOT (b c)", "a"),
        ("a OR b c", "a OR (b c)"),
        ("a OR NOT b", ""),
        ("Wi-Fi OR 日本", "Wi-Fi OR 日本"),
    ],
)
def test_words_for_a_search_engine(query: str, words: str) -> None:
    assert parse(query).words() == words


def test_messages_are_phrases_with_prefixes() -> None:
    assert phrase("apolog*").matches(Text("They apologized"))
    assert not phrase("credit note").matches(Text("note the credit"))


def test_deep_and_hostile_queries_stay_cheap() -> None:
    """Neither Python's stack nor backtracking: the longest query that is allowed, on a text of one repeated word."""
    text = Text("a " * 20_000)
    alternating = "(a OR (a AND " * 25 + "a" + "))" * 25

    assert parse(alternating).matches(text)
    assert not parse(f'"{"a " * 99}b"').matches(text)
