"""Pages made to hurt (faults H14, P1 to P5), and the promise to end quickly with an article or a reason."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.items import Article
from spiders.extraction import ExtractionError, Page, extract
from tests.spiders.extraction.pages import BODY, PARAGRAPHS, TITLE, URL, article, html

TEXT = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
SECONDS = 10  # of CPU time, the budget of the table of faults; these take a tenth


def read(text: str | bytes, content_type: str | None = None) -> Article:
    """The article of a page, inside the budget."""
    body = text if isinstance(text, bytes) else text.encode()
    start = time.process_time()
    try:
        return extract(Page(url=URL, body=body, content_type=content_type))
    finally:
        assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("depth", [200, 300, 5_000, 20_000])
@pytest.mark.parametrize("tag", ["div", "span", "x-wrapper"])
def test_nesting_loses_nothing(depth: int, tag: str) -> None:
    """P1: libxml2 stops at 256 levels without a word; the text is kept all the same."""
    page = html(f"<h1>{TITLE}</h1>" + f"<{tag}>" * depth + TEXT + f"</{tag}>" * depth)

    assert read(page).body == BODY


@pytest.mark.parametrize("tag", ["p", "b", "div", "font", "a", "table"])
def test_unclosed_tags(tag: str) -> None:
    """P1: twenty thousand of them below the article."""
    assert BODY in read(article() + f"<{tag}>" * 20_000).body


@pytest.mark.parametrize("attribute", ['a{}="x"', 'a{}=">"', "a{}"])
def test_many_attributes(attribute: str) -> None:
    """P2: parsers are quadratic in them, so the page is refused before one is asked. (With a < in each value the
    tag's length cannot be seen cheaply; the time budget of the worker process is for that.)"""
    attributes = " ".join(attribute.format(number) for number in range(40_000))
    with pytest.raises(ExtractionError) as caught:
        read(html(f"<p {attributes}>x</p>{TEXT}"))

    assert caught.value.reason == "too_complex"


def test_a_long_script_does_not_hide_the_article() -> None:
    """P3: nine megabytes of it."""
    assert read(article(head=f"<script>x='{'a' * 9_000_000}'</script>")).body == BODY


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (html("<p>" + "a" * 11_000_000 + "</p>"), "too_large"),
        (html("<p>" + "word " * 500_000 + "</p>"), "too_large"),
        (html("<p>A paragraph of some words.</p>" * 100_000), "too_complex"),
        ("", "empty"),
        (" \n ", "empty"),
        ("%PDF-1.7 <p>not a page</p>", "not_html"),
        ("\x00\x00\x00\x1cftypmp42", "not_html"),
        ("Just a line of text.", "not_html"),
        ('{"headline": "x"}', "not_html"),
        ("<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>", "not_html"),
        ("<!-- x --><urlset><url><loc>x</loc></url></urlset>", "not_html"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_what_is_no_page_gets_a_reason(page: str, reason: str) -> None:
    """P3, P5, H14."""
    with pytest.raises(ExtractionError) as caught:
        read(page)

    assert caught.value.reason == reason


@pytest.mark.parametrize("label", ["application/json", "application/octet-stream", "application/pdf", "banana", ""])
def test_a_wrong_content_type_loses_no_page(label: str) -> None:
    """H14: what the bytes are counts."""
    assert read(article(), label).body == BODY


def test_control_characters_are_cleaned_once_at_the_door() -> None:
    """P4."""
    dirty = article().replace("fault", "fa\x00ult\x08").replace("credit", "cre\u00addit")

    assert read(dirty).body == BODY


@pytest.mark.parametrize(
    "script",
    ["[" * 100_000, '{"a":' * 100_000, '{"@type":"NewsArticle","headline":"' + '\\"' * 100_000, '{"x":1} ' * 10_000],
    ids=["lists", "objects", "escapes", "many"],
)
def test_json_made_to_hurt(script: str) -> None:
    """Structured data is read or left, never fatal."""
    assert read(article(head=f'<script type="application/ld+json">{script}</script>')).body == BODY


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*"<>/\"'= ", "p", "a", "div", "<p>", "</", "<!--", "&amp;", "x", "é", "\0"]), max_size=60)
)
def test_no_mark_up_breaks_it(pieces: list[str]) -> None:
    """An article or a named reason, nothing else."""
    with contextlib.suppress(ExtractionError):
        assert read("<html><body>" + "".join(pieces)).url == URL
