"""Two spellings of one page, and one spelling of two."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.stories.address import address_id, host, normalise, page

TRACKING = st.sampled_from(
    ["utm_source=mail", "utm_campaign=a%20b", "fbclid=Iw", "gclid=", "mc_cid=9", "_ga=1.2", "xtor=RSS-1"]
)
WORD = st.text("abz019-_", min_size=1, max_size=6)
ODD = st.text("ab1%25éÉ&=?;#+ /.:@[]~_\\'\"<>|^`{}\t\u200b\ud83d", max_size=20)


@given(ODD, ODD, ODD)
def test_normalising_twice_is_normalising_once(path: str, query: str, fragment: str) -> None:
    """For anything that is an address at all."""
    try:
        once = normalise(f"http://gazette.example/{path}?{query}#{fragment}")
    except ValueError:
        assume(False)

    assert normalise(once) == once
    assert address_id(once) == address_id(f"http://gazette.example/{path}?{query}#{fragment}")


@given(st.text(max_size=30))
def test_anything_gets_an_identifier_or_a_value_error(text: str) -> None:
    try:
        found = address_id(text)
    except ValueError:
        return
    assert len(found) == 16


@pytest.mark.parametrize(
    ("one", "other"),
    [("id=1", "id=2"), ("p=1", "q=1"), ("id=1", "id=1&page=2"), ("a=b%26c", "a=b&c"), ("id=A", "id=a")],
)
def test_pages_stay_apart(one: str, other: str) -> None:
    """A parameter that is not known to be tracking may be the article (faults.md, D1)."""
    assert address_id(f"http://g.example/read?{one}") != address_id(f"http://g.example/read?{other}")


@given(WORD, WORD, st.lists(TRACKING, max_size=3))
def test_two_ids_are_never_merged(one: str, other: str, tracking: list[str]) -> None:
    """Whatever campaign the reader came by."""
    tail = "".join(f"&{parameter}" for parameter in tracking)

    assert (address_id(f"http://g.example/?id={one}{tail}") == address_id(f"http://g.example/?id={other}")) == (
        one == other
    )


@given(WORD, st.dictionaries(WORD, WORD, max_size=3), st.lists(TRACKING, max_size=3), st.randoms())
def test_what_does_not_name_the_page_does_not_count(
    path: str, query: dict[str, str], tracking: list[str], chance: object
) -> None:
    """Scheme, case of the host, fragment, order of parameters, the scheme's own port, tracking."""
    named = [f"{name}={value}" for name, value in query.items()]
    plain = f"http://g.example/{path}" + ("?" if named else "") + "&".join(named)
    mixed = [*named, *tracking]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    spelled = f"HTTPS://G.Example:443/{path}" + ("?" if mixed else "") + "&".join(mixed) + "#comments"

    assert address_id(spelled) == address_id(plain)


@pytest.mark.parametrize(
    ("spelled", "plain"),
    [
        ("http://g.example", "http://g.example/"),
        ("http://g.example:80/a", "http://g.example/a"),
        ("http://g.example/a/../b/./c", "http://g.example/b/c"),
        ("http://g.example/%7Eana", "http://g.example/~ana"),
        ("http://g.example/%c3%a9", "http://g.example/é"),
        ("http://g.example/?utm%5Fsource=x&id=1", "http://g.example/?id=1"),
        (" http://g.example/a\n", "http://g.example/a"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
    ],
)
def test_one_page(spelled: str, plain: str) -> None:
    assert normalise(spelled) == normalise(plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://g.example:443/a", "http://g.example/a"),
        ("https://g.example:80/a", "https://g.example/a"),
        ("http://g.example:8080/a", "http://g.example/a"),
        ("http://a.example/", "http://b.example/"),
        ("http://g.example/a", "http://g.example/A"),
        ("a.html", "b.html"),
        ("mailto:a@g.example", "mailto:b@g.example"),
        ("http://g.example/?utmost=1", "http://g.example/"),
        ("http://g.example/?ref=10123", "http://g.example/?ref=10124"),
        ("http://g.example/camp", "http://g.example/c"),
        ("http://g.example/print/", "http://g.example/"),
        ("http://g.example/amplifier-review", "http://g.example/lifier-review"),
        ("http://blog.g.example/a", "http://g.example/a"),
        ("http://m.example/a", "http://example/a"),
        ("http://g.example/a?page=2", "http://g.example/a"),
        ("http://g.example/a?view=comments", "http://g.example/a"),
    ],
)
def test_two_pages(one: str, other: str) -> None:
    """Also where something that is no web address strays in."""
    assert address_id(one) != address_id(other)


@pytest.mark.parametrize(
    "version",
    [
        "https://g.example/2026/story", "http://www.g.example/2026/story/", "https://m.g.example/2026/story",
        "https://mobile.g.example/2026/story", "https://amp.g.example/2026/story", "https://g.example/amp/2026/story",
        "https://g.example/2026/story/amp", "https://g.example/2026/story/amp/", "https://g.example/2026/story.amp",
        "https://g.example/2026/story?amp", "https://g.example/2026/story?amp=1", "https://g.example/2026/story/print",
        "https://g.example/2026/story?outputType=amp", "https://g.example/2026/story?print=true&utm_source=mail",
        "https://g.example/2026/story?fbclid=1#comments", "https://www.google.com/amp/s/www.g.example/2026/story/amp",
        "https://g-example.cdn.ampproject.org/c/s/g.example/2026/story?amp=1",
    ],
)  # fmt: skip
def test_versions_of_a_page(version: str) -> None:
    """AMP, mobile and print versions are the page; its address as such stays fit to be fetched."""
    assert address_id(version) == address_id("https://g.example/2026/story")
    assert page(page(version)) == page(version)
    assert normalise(version).startswith("http")


@pytest.mark.parametrize("wrong", ["http://[::1/", "http://[/x"])
def test_no_address_is_a_value_error(wrong: str) -> None:
    with pytest.raises(ValueError, match="IPv6"):
        normalise(wrong)


def test_host() -> None:
    assert [host(url) for url in ("http://WWW.G.example:81/a", "https://u:p@g.example", "/relative", "")] == [
        "www.g.example", "g.example", "", "",
    ]  # fmt: skip
