"""A page that the prefilter refuses never names a brand."""

from __future__ import annotations

import html.entities
from typing import Any

import lxml.html
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from analysis.items import Article
from analysis.matching import Matcher, Prefilter
from analysis.text import Text
from analysis.watchlist import Watchlist, loads


def watching(*brands: str) -> Watchlist:
    """Brands as `Name`, or `Name!` where case matters."""
    tables = "".join(
        f'[[brands]]\nid = "b{number}"\nname = "{brand.rstrip("!")}"\n'
        f'case_sensitive = {str(brand[-1] == "!").lower()}\nrole = "{"competitor" if number else "ours"}"\n'
        for number, brand in enumerate(brands)
    )
    source = '[[sources]]\nid = "s"\noutlet = "S"\nkind = "feed"\nurl = "https://s.example/"\n'
    return loads('[crawl]\nuser_agent = "t (+mailto:t@e.org)"\n' + tables + source)


NAMES = ["Netflix", "Blockbuster!", "Total Access!", "Warner Bros.", "SAP!", "HP", "AT&T", "Disney+", "Nestlé Suisse",
         "Škoda", "Яндекс", "ネット", "Straße", "20th Century", "O'Reilly Auto", "Coca-Cola"]  # fmt: skip
WATCHLIST = watching(*NAMES)
MATCHER = Matcher(WATCHLIST)
ALONE = {name: (Matcher(watching(name)), Prefilter(watching(name))) for name in NAMES}


def may_name(page: str, *brands: str, charset: str = "utf-8") -> bool:
    return Prefilter(watching(*brands)).may_name(page.encode(charset), charset)


@pytest.mark.parametrize(
    "page",
    [
        "<p>Netflix fell",
        "<p>NETFLIX fell",
        "<p>Net&shy;flix &#8203;",
        "<p>Net\u00adfl\u200bix",
        "<p>Net&#173;flix&#xAD;",
        "<p>Net&amp;shy;flix",
        "<p><span class=drop>N</span>etflix",
        "<p>Net<b>flix</b>",
        "<p>N<b>e</b>t<i>f</i>lix",
        "<p>&#78;etflix",
        "<p>&#x4e;etflix",
        "<p>&amp;#78;etflix",
        "<p>Ｎetflix",
        "<p>Net&fllig;ix",
        "<p>Netﬂix",
        '{"headline": "\\u004eetflix"}',
        '{"headline": "Net\\u00adflix"}',
        '{"headline": "\\ud835\\udc0detflix"}',
        '<meta property="og:title" content="Netflix fell">',
        "<p>X&Netflix;",
        "<p>&notNetflix;",
        "<p>&#8217Netflix",
        "<script>if (a<b) { title = 'Netflix' }</script>",
    ],
)
def test_netflix_is_seen_through_everything(page: str) -> None:
    assert may_name(page, "Netflix")


@pytest.mark.parametrize(
    "between", [" ", "\n\t ", "&nbsp;", "&#160;", "\u00a0", "</b> <i>", "<br>", "-", "\\n", "\\u00a0", "&#8209;"]
)
def test_names_of_several_words(between: str) -> None:
    assert may_name(f"<p><b>in Total{between}Access</b>", "Total Access!")


@pytest.mark.parametrize(
    ("page", "brand"),
    [
        ("<p>no brand here", "Netflix"),
        ("<p>a blockbuster and a BLOCKBUSTER", "Blockbuster!"),
        ("<p>sapling, asap, php, ship", "SAP"),
        ("<p>php ship", "HP"),
        ("<p>accessible, in total", "Total Access"),
        ("<p>&amp; &#39; &#x27; &nbsp; \\u003c emoji \\ud83d\\ude00 \U0001f600 “” … ™ ² é", "Netflix"),
        ("<p>Straße", "Netflix"),
        ("<p>English only, with a café", "Яндекс"),
        ("<p>Mlada Boleslav, žluťoučký", "Nestlé"),
    ],
)
def test_other_pages_are_refused(page: str, brand: str) -> None:
    """Else the prefilter would be worth nothing."""
    assert not may_name(page, brand)


@pytest.mark.parametrize(
    "charset", ["utf-16", "utf-16-le", "utf-32", "utf-7", "shift_jis", "gb18030", "iso2022_jp", "cp037"]
)
def test_in_doubt_yes(charset: str) -> None:
    """Encodings in which letters may hide."""
    assert may_name("<p>nothing", "Netflix", charset=charset)


@pytest.mark.parametrize(
    "content_type", ["text/html", "text/html; charset=utf-8", "text/html;charset=ISO-8859-1", "utf8", "", None]
)
def test_a_whole_content_type_will_do(content_type: str | None) -> None:
    prefilter = Prefilter(watching("Netflix"))

    assert not prefilter.may_name(b"<p>nothing", content_type)
    assert prefilter.may_name(b"<p>Netflix", content_type)


def test_unknown_encodings_are_in_doubt() -> None:
    prefilter = Prefilter(watching("Netflix"))

    assert prefilter.may_name(b"<p>nothing", "x-user-defined")
    assert prefilter.may_name(b"<p>caf\xe9")  # no UTF-8, and nobody says what else
    assert prefilter.may_name(b"<meta charset=gbk><p>nothing", "utf-8")
    assert not prefilter.may_name(b"<meta charset=windows-1252><p>caf\xe9")


INVISIBLE = ["", "\u00ad", "\u200b", "&shy;", "&#173;", "&#xAD;", "&zwnj;", "&#8203;", "\u2060", "&amp;shy;"]
INLINE = ["<b>", "</b>", '<a href="https://e.example/?a=1&b=2">', "</a>", "<!-- x -->", "<wbr>", "<!-- a > b -->",
          "<!-- <i> -->", "<i title='a > b'>", '<i title="a < b">', "<i title=a<b>"]  # fmt: skip
BLANKS = [" ", "\n", "&nbsp;", "&#160;", "\u00a0", " <em>", "</em> ", "\u2009", "  \t"]


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, str, str]:
    """A name of the watchlist, the text that names it, and a page that says this text in some odd way."""
    name = draw(st.sampled_from(NAMES))
    said = name.rstrip("!")
    if not name.endswith("!"):
        said = draw(st.sampled_from([said, said.lower(), said.upper()]))
    before, after = (
        draw(st.sampled_from(["We saw ", "from “", "", "(", "anti-", "\n"])),
        draw(st.sampled_from([" now.", "’s", "”", ""])),
    )
    return name, before + said + after, "".join(draw(written(char)) for char in before + said + after)


def written(char: str) -> st.SearchStrategy[str]:
    """Ways to write one character in HTML, with what may stand behind it inside a word."""
    if char == " ":
        return st.sampled_from(BLANKS)
    entity = html.entities.codepoint2name.get(ord(char))
    ways = [char] * 6 + [f"&#{ord(char)};", f"&#x{ord(char):x};"] + ([f"&{entity};"] if entity else [])
    behind = st.sampled_from([*[""] * 20, *INVISIBLE, *INLINE])
    return st.tuples(st.sampled_from(ways), behind).map("".join)


@settings(deadline=None)  # the first example loads the dictionaries
@given(
    pages(), st.sampled_from(["utf-8", "utf-16", "iso-8859-1", "windows-1251", "iso-8859-2", "gb18030"]), st.booleans()
)
def test_no_name_is_lost_however_it_is_written(page: tuple[str, str, str], charset: str, declared: bool) -> None:
    name, text, markup = page
    matcher, prefilter = ALONE[name]
    assert matcher.match(Article(url="u", title=f"We like {name.rstrip('!')} now", body=text)).mentions
    body = f"<html><p>{markup}</p>".encode(charset, "xmlcharrefreplace")

    assert prefilter.may_name(body, charset if declared else None), body


SCRAPS = (
    "net flix Net block Block buster Total Access warner bros SA P h P AT &amp; & T Disney + "
    "Nestl é e\u0301 &eacute; Suisse S\u030ckoda škoda Янд екс ネ ット stra ß ss e ﬂ i x Ｓ "
    "&#80; &shy; \u00ad <b> </b> <p> <br> &nbsp; &nbsp &#83 ’s . , - < > &fllig; ™ <!-- --> "
    "20 th Century &copy coca cola"
).split()
FRAGMENTS = st.lists(st.sampled_from([*SCRAPS, " ", " ", "\n"]), max_size=12).map("".join)


@given(st.lists(FRAGMENTS, min_size=1, max_size=3).map(" ".join))
@example("<p>Net<b title='x'>flix")
def test_what_the_matcher_finds_in_the_text_of_a_page_passes(page: str) -> None:
    """The same, the other way round: pages of random scraps, read by a real parser."""
    tree: Any = lxml.html.document_fromstring(f"<html><body><div>{page}</div></body></html>")
    text = tree.text_content()
    for name, (matcher, prefilter) in ALONE.items():
        if matcher.match(Article(url="u", title="", body=text)).mentions:
            assert prefilter.may_name(page.encode()), (name, text)


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=12)))
def test_any_bytes_have_an_answer(body: bytes, charset: str | None) -> None:
    assert Prefilter(WATCHLIST).may_name(body, charset) in {True, False}


@given(st.text(max_size=40))
def test_text_without_escapes_is_judged_like_the_matcher(text: str) -> None:
    assume(set(text).isdisjoint("<>&\\"))
    if MATCHER.match(Article(url="u", title="", body=text)).mentions:
        assert Prefilter(WATCHLIST).may_name(text.encode())
    assert Text(text).raw == text


@pytest.mark.parametrize(
    "page",
    [
        b"<" * 140_000,
        b"&amp;" * 60_000,
        b"\\" * 300_000,
        b"&#" * 150_000,
        b"S" * 300_000,
        b"<!--" * 75_000,
        b'="' * 150_000,
        b'="<' * 99_999,
        b"='>" * 99_999,
        b"=a" * 150_000,
    ],
)
def test_hostile_pages_are_read_once(page: bytes) -> None:
    """Quadratic search would take minutes here, past the time limit of a test."""
    prefilter = Prefilter(watching("Netflix", "SAP", "AT&T"))

    assert not any(prefilter.may_name(page) for _ in range(3))
    assert prefilter.may_name(b"<" * 10_000_000)  # not searched at all
