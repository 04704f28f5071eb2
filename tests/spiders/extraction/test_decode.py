"""Bytes of pages in every charset that servers lie about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.extraction.decode import clean, decode

GERMAN = "<p>Größe, Übermut und „Anführung“ – für 20 € im Café.</p>" * 5
JAPANESE = "<p>韓国が戒厳令、尹大統領「野党が反国家行為」と発表した。</p>" * 5


@pytest.mark.parametrize(
    ("text", "actual", "header"),
    [
        (GERMAN, "utf-8", None),
        (GERMAN, "utf-8", "text/html; charset=iso-8859-1"),
        (GERMAN, "cp1252", "text/html; charset=utf-8"),
        (GERMAN, "cp1252", "text/html; charset=windows-1252"),
        (GERMAN, "cp1252", 'text/html; charset="ISO-8859-1"'),
        (GERMAN, "utf-16", None),
        (GERMAN, "utf-8-sig", "text/html; charset=latin1"),
        (GERMAN, "utf-8", "text/html; charset=no-such-charset"),
        (JAPANESE, "shift_jis", "text/html; charset=utf-8"),
        (JAPANESE, "euc_jp", "text/html; charset=EUC-JP"),
        (JAPANESE, "iso2022_jp", "text/html; charset=iso-2022-jp"),
    ],
)
def test_the_bytes_win_over_the_header(text: str, actual: str, header: str | None) -> None:
    """Fault H13: a wrong charset in the header does not spoil the text."""
    assert decode(text.encode(actual), header) == text


def test_meta_charset_is_read_where_the_header_is_silent() -> None:
    """As in HTML, also behind a long comment."""
    page = f"<html><!-- {'x' * 2000} --><meta charset='windows-1251'>" + "<p>Сервис снова работает</p>"

    assert decode(page.encode("cp1251"), "text/html") == page


def test_one_broken_byte_does_not_change_the_charset() -> None:
    """A page of umlauts cut inside a letter stays UTF-8."""
    assert decode(GERMAN.encode() + b"\xc3", "text/html; charset=windows-1252") == GERMAN + "\ufffd"


def test_what_nobody_sees_goes() -> None:
    """Fault P4: NUL, controls, zero-width characters, soft hyphens, direction overrides; C1 codes are cp1252."""
    assert clean("Net\u00adflix\u200b \x00is\x07 \u202eback\ufeff \x93now\x94") == "Netflix is back “now”"


@given(st.binary(max_size=500), st.sampled_from([None, "text/html", "text/html; charset=utf-16", "charset=\x00"]))
def test_no_bytes_break_it(body: bytes, header: str | None) -> None:
    """Whatever comes, text without NUL comes out."""
    assert "\0" not in decode(body, header)
