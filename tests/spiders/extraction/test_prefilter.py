"""The cheap search in the raw page loses nothing that is found in the article the extractor makes of it."""

from __future__ import annotations

import html.entities
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.matching import Matcher, Prefilter
from analysis.text import fold, normalise
from spiders.extraction import ExtractionError, Page, extract_whole_and_posts
from tests.analysis.matching.test_prefilter import watching
from tests.spiders.extraction.pages import PARAGRAPHS, URL, article, linked, meta

NAMES = ("Netflix", "Blockbuster!", "Total Access!", "SAP!", "HP", "AT&T", "Nestlé", "Škoda", "Œuvre", "Яндекс",
         "ネット")  # fmt: skip
BY_NAME = {name: (Matcher(watching(name)), Prefilter(watching(name))) for name in NAMES}
CHARSETS = ("utf-8", "iso-8859-1", "windows-1252", "windows-1251", "iso-8859-2", "shift_jis", "euc-jp", "utf-16",
            "koi8-r")  # fmt: skip
LIKE = {
    letter: [char for char in map(chr, range(0x80, 0x1D500)) if fold(normalise(char)[0]) == letter]
    for letter in "abcdefghijklmnopqrstuvwxyz"
}
"""Other characters that are read as a letter: fullwidth, mathematical, the Kelvin sign."""
INSIDE = ("", "", "", "", "\u00ad", "\u200b", "\u2060", "\x00", "\x0b", "\x08")
MARKUP = ("&shy;", "&shy", "&#173", "&#8203;", "&amp;shy;", "<b>", "</b>", "<wbr>", "<!-- x -->",
          "<!-- > a -->", "<!-- <b> -->",
          "<b title='a > b'>", '<i title="a < b">', "<b data-a='{\"a\": \"<p>\"}'>")  # fmt: skip
BLANKS = (" ", "\n", "\t", "\r\n", "\n\n ", "\x0c", "\u00a0", "\u2009")


@st.composite
def said(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A watched name, and the characters that a reader takes for it."""
    name = draw(st.sampled_from(NAMES))
    chars: list[str] = []
    for char in name.rstrip("!"):
        ways = [char] * 8 if name.endswith("!") else [char, char.lower(), char.upper()] * 3
        if char == " ":
            chars.append(draw(st.sampled_from(BLANKS)))
        else:
            chars.append(draw(st.sampled_from(ways + LIKE.get(char, [])[:4])) + draw(st.sampled_from(INSIDE)))
    return name, chars


def in_html(char: str) -> st.SearchStrategy[str]:
    """Ways to write a character in a page's text, with what nobody sees behind it."""
    entity = html.entities.codepoint2name.get(ord(char[0]))
    ways = [char] * 6 + ([f"&#{ord(char[0])};", f"&#x{ord(char[0]):X};"] if char > " " else [])
    ways += [f"&{entity};", f"&{entity}"] if entity and char[0] != "&" else []
    return st.tuples(st.sampled_from(ways), st.sampled_from(["", "", "", *MARKUP])).map("".join)


def in_json(char: str) -> st.SearchStrategy[str]:
    """Ways to write it in a JSON string."""
    plain = json.dumps(char, ensure_ascii=False)[1:-1]
    return st.sampled_from(
        [plain, plain, json.dumps(char)[1:-1], "".join(f"\\u{ord(c):04X}" for c in char if c < "\uffff")]
    )


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, str]:
    """A name, and a page that says it somewhere, in some odd way."""
    name, chars = draw(said())
    place = draw(st.sampled_from(["text", "heading", "meta", "headline", "body"]))
    if place in ("headline", "body"):
        written = "".join(draw(in_json(char)) for char in chars)
        fields = (
            {"headline": "Of NAME now"}
            if place == "headline"
            else {"articleBody": " ".join(PARAGRAPHS) + " Of NAME now."}
        )
        return name, article(
            head=linked(**fields).replace("NAME", written), title="" if place == "headline" else "A day"
        )
    if place == "meta":
        return name, article(head=meta(og__title=f"Of {''.join(chars).replace(chr(34), '')} now"), title="")
    written = "".join(draw(in_html(char)) for char in chars)
    if place == "heading":
        return name, article(title=f"Of {written} now")
    return name, article(
        paragraphs=(
            *PARAGRAPHS[:3],
            f"We asked for {written} in every shop of the town, and found it.",
            *PARAGRAPHS[3:],
        )
    )


@settings(max_examples=300, deadline=None)
@given(pages(), st.sampled_from(CHARSETS), st.sampled_from([None, *CHARSETS]), st.sampled_from([None, *CHARSETS]))
def test_no_name_of_an_article_is_lost(
    page: tuple[str, str], used: str, header: str | None, stated: str | None
) -> None:
    """Whatever encoding the server names, the page states, or its bytes are in."""
    name, markup = page
    matcher, prefilter = BY_NAME[name]
    if stated:
        markup = markup.replace("<head>", f"<head><meta charset='{stated}'>")
    body = markup.encode(used, "xmlcharrefreplace")
    kind = f"text/html; charset={header}" if header else "text/html"
    try:
        whole, posts = extract_whole_and_posts(Page(url=URL, body=body, content_type=kind))
    except ExtractionError:
        return
    if any(matcher.match(each).mentions for each in posts or (whole,)):
        assert prefilter.may_name(body, kind), body
