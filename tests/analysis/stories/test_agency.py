"""Whose text it is."""

from __future__ import annotations

import pytest

from analysis.stories.agency import agency, credit

BODY = "Acme stopped shipping on Tuesday. It will take days."


@pytest.mark.parametrize(
    ("authors", "body", "name"),
    [
        ((), f"NEW YORK (AP) - {BODY}", "ap"),
        ((), f"BERLIN (dpa/AFP) – {BODY}", "dpa"),
        ((), f"LOS GATOS, Calif.--(BUSINESS WIRE)--{BODY}", "business wire"),
        ((), f"DALLAS, Aug. 12 /PRNewswire/ -- {BODY}", "prnewswire"),
        (("The Associated Press",), BODY, "ap"),
        (("Ana Field, Thomson Reuters",), BODY, "reuters"),
        ((), f"{BODY}\nCopyright 2008 Agence France-Presse. All rights reserved.", "afp"),
        ((), f"{BODY}\nSource: Acme Inc.", "acme inc"),
        (("Ana Field",), BODY, None),
        ((), "Everybody raps; the tap drips. " + BODY, None),
        ((), "(AP photo) " + BODY, None),
    ],
)  # fmt: skip
def test_credit(authors: tuple[str, ...], body: str, name: str | None) -> None:
    assert credit(authors, body) == name


def test_an_outlet_can_be_an_agency() -> None:
    assert [agency(name) for name in ("AP News", "Reuters", "The Gazette", "Apple Daily")] == [
        "ap",
        "reuters",
        None,
        None,
    ]
