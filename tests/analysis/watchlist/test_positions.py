"""The line of every key, against tomllib."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analysis.watchlist.positions import KeyPath, key_lines

DOCUMENT = '''\
title = "a # b"            # 1
[crawl]
user.agent = 'x = [y]'
"quoted key" = """two
lines, even with [[brackets]] and \\""" quotes"""
list = [
    1, 2.5,                # a comment, with ] in it
    "three",
]
[[brands]]
id = "a"
aliases = ["x", ["y"]]
[[brands]]
id = "b"
inline = { a = 1, b.c = [ { d = 2 } ] }
[brands.deep]
when = 2008-08-11 00:00:00-07:00
[[brands.events]]
id = 'literal "quotes"'
'''


def test_a_document_with_everything() -> None:
    lines = key_lines(DOCUMENT)

    assert lines["title",] == 1
    assert lines["crawl", "user", "agent"] == 3
    assert lines["crawl", "quoted key"] == 4
    assert lines["crawl", "list"] == 6
    assert lines["crawl", "list", 1] == 7
    assert lines["crawl", "list", 2] == 8
    assert lines["brands", 0] == 10
    assert lines["brands", 0, "aliases", 1, 0] == 12
    assert lines["brands", 1, "id"] == 14
    assert lines["brands", 1, "inline", "b", "c", 0, "d"] == 15
    assert lines["brands", 1, "deep", "when"] == 17
    assert lines["brands", 1, "events", 0, "id"] == 19


def paths(value: Any, path: KeyPath = ()) -> set[KeyPath]:
    """Every table, key and list element that tomllib read."""
    found = {path}
    if isinstance(value, dict):
        found.update(*(paths(inner, (*path, key)) for key, inner in value.items()))
    elif isinstance(value, list):
        found.update(*(paths(inner, (*path, index)) for index, inner in enumerate(value)))
    return found


# Documents are written by hand here, because a library would write them in one tidy way only.
BLANKS = st.sampled_from(["", " ", "\t "])
NEWLINES = st.sampled_from(["\n", "\n\n", " # a = [1] '\"\n"])
KEYS = st.sampled_from(["a", "b-1", "3", '"a b"', "'c.d'", '"e\\n#"', "f.g", "h . 'i'"])
STRINGS = st.sampled_from(
    ['"x"', "'y # ='", '"q\\"]"', '"""m\n[n]\n\\"""" """', "'''o\n' ''p''''", '""', "''", '"""\\\\"""', '"""a"""""']
)
SCALARS = st.one_of(STRINGS, st.sampled_from(["1", "-2.5", "+inf", "true", "07:32:00", "2008-08-11T00:00:00-07:00"]))


def lists(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    separators = st.tuples(BLANKS, st.sampled_from([",", ",\n", "\n, # ]\n"])).map("".join)
    elements = st.lists(st.tuples(inner, separators).map("".join), max_size=3).map("".join)
    return st.tuples(st.just("["), NEWLINES, elements, st.just("]")).map("".join)


def inline(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(KEYS, BLANKS, st.just("="), BLANKS, inner).map("".join), max_size=3)
    return pairs.map(lambda found: "{ " + ", ".join(found) + " }")


VALUES = st.recursive(SCALARS, lambda inner: st.one_of(lists(inner), inline(inner)), max_leaves=5)
PAIRS = st.tuples(BLANKS, KEYS, BLANKS, st.just("="), BLANKS, VALUES, NEWLINES).map("".join)
HEADERS = st.tuples(
    st.sampled_from(["[{}]", "[[{}]]", "[ {} ]"]), st.sampled_from(["t", "u", "t.v", "u.'w x'", '"y"'])
).map(lambda header: header[0].format(header[1]) + "\n")
DOCUMENTS = st.lists(st.one_of(PAIRS, HEADERS), max_size=8).map("".join)


@given(DOCUMENTS)
def test_finds_the_same_keys_as_tomllib(document: str) -> None:
    try:
        data = tomllib.loads(document)
    except tomllib.TOMLDecodeError:  # a key or table twice
        return
    lines = key_lines(document)

    assert set(lines) == paths(data) - {()}


@given(st.lists(DOCUMENTS, min_size=1, max_size=4))
def test_lines_count_from_the_top(documents: list[str]) -> None:
    """A key that we put there ourselves is found on the line where we put it."""
    before = "".join(documents)
    document = f"{before}\n[unmistakable]\nkey = 1\n"
    try:
        tomllib.loads(document)
    except tomllib.TOMLDecodeError:
        return

    assert key_lines(document)["unmistakable", "key"] == document.count("\n")
