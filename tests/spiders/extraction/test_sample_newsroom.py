"""The sample newsroom's pages, in its four layouts: every field of every article comes back as it was written."""

from __future__ import annotations

import pytest

from spiders.extraction import Page, extract
from tests.newsroom.pages import article_page
from tests.newsroom.replay import Replay
from tests.newsroom.story import Piece, pieces

PIECES = pieces(Replay(), edition=2)


@pytest.mark.parametrize("layout", sorted({piece.outlet.layout for piece in PIECES}))
def test_each_article_comes_back(layout: str) -> None:
    """Nothing of the page around it, nothing of it missing."""
    wrong = {piece.slug: found for piece in PIECES if piece.outlet.layout == layout and (found := _wrong(piece))}

    assert wrong == {}


def _wrong(piece: Piece) -> dict[str, object]:
    base = f"http://{piece.outlet.address}"
    listed = [other for other in PIECES if other.outlet is piece.outlet][:12]
    found = extract(Page(url=base + piece.path, body=article_page(piece, listed, base)))
    wanted = {
        "title": piece.title,
        "body": piece.body,
        "published": piece.published,
        "language": piece.language,
        "complete": piece.complete,
        "canonical_url": base + piece.path,
    }
    same_people = set(found.authors) == set(piece.authors) or not piece.authors
    return {
        **{name: getattr(found, name) for name, value in wanted.items() if getattr(found, name) != value},
        **({} if same_people else {"authors": found.authors}),
    }
