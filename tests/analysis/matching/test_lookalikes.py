"""Words that only look like a watched name: told, never counted."""

from __future__ import annotations

import pytest

from analysis.matching.lookalikes import Lookalikes, read_as_latin
from analysis.matching.prefilter import Prefilter
from tests.analysis.matching.test_prefilter import watching

LIST = watching("Netflix", "Blockbuster!", "Total Access")
LOOKALIKES = Lookalikes(LIST)


@pytest.mark.parametrize(
    "written",
    [
        "N\u0435tflix",  # Cyrillic e
        "\u039detflix",  # Greek Nu
        "NETFLI\u0425",  # Cyrillic Ha
        "\u0274\u1d07\u1d1b\ua730\u029f\u026ax",  # small capitals
        "Bl\u043eckbuster",
        "Total \u0410ccess",
        "T\u043etal Access",
    ],
)
def test_a_name_in_letters_of_two_scripts_is_told(written: str) -> None:
    """As it is written; and the search of the raw page lets the page through, however the letter is written there."""
    assert LOOKALIKES.find(f"A letter from {written}, please", "Nothing else.") == [written]
    letters = "".join(f"&#{ord(letter)};" if ord(letter) > 127 else letter for letter in written)
    for page in (f"<p>from {written} at", f"<p>from {letters} at"):
        assert Prefilter(LIST).may_name(page.encode(), "utf-8")


@pytest.mark.parametrize(
    "written",
    [
        "Netflix",
        "Netfl\u00eex",  # an accent is no other script
        "\u043d\u0435\u0442\u0444\u043b\u0438\u043a\u0441",  # Russian for Netflix: a word like any other
        "bl\u043eckbuster",  # an ordinary word, were it Latin
        "N\u0435tflixer",
        "Total Acces",
    ],
)
def test_other_words_are_not(written: str) -> None:
    assert LOOKALIKES.find(f"A letter from {written}, please") == []


def test_russian_and_greek_pages_are_still_refused_unread() -> None:
    """Their words look like no name, also where a line break is escaped before them."""
    page = '<p>Сервис доставки не работает третий день.</p><p>Η υπηρεσία δεν λειτουργεί.</p>{"a": "\\nСервис"}'

    assert not Prefilter(LIST).may_name(page.encode(), "utf-8")
    assert read_as_latin("\u0441\u0435\u0440\u0432\u0438\u0441") is None
