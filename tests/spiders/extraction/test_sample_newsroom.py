"""The sample newsroom's pages, in its four layouts: every field of every article comes back as it was written, and the
search for names in the raw page loses none."""

from __future__ import annotations

from string import Template

import pytest

from analysis.matching import Matcher
from analysis.matching.prefilter import Prefilter
from analysis.watchlist import Watchlist, loads
from spiders.extraction import Page, extract
from tests.newsroom.pages import article_page
from tests.newsroom.replay import Replay
from tests.newsroom.story import HERE, Piece, pieces

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


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    """The demo's; where its sources lie and when its events were does not matter here."""
    text = (HERE / "watchlist.toml").read_text("utf-8")
    gaps = dict.fromkeys(Template(text).get_identifiers(), "http://127.3.0.1:8808")
    return loads(
        Template(text).substitute({**gaps, "failure": "2008-08-11T00:00:00Z", "recovery": "2008-08-15T00:00:00Z"})
    )


def test_the_raw_page_of_every_labelled_article_passes_the_search(watchlist: Watchlist) -> None:
    """Without its neighbours' headlines, which name brands too."""
    prefilter = Prefilter(watchlist)
    lost = {piece.slug for piece in PIECES if piece.brands and not prefilter.may_name(article_page(piece, [piece], ""))}

    assert lost == set()


def test_a_name_in_character_references_comes_through_all_stages(watchlist: Watchlist) -> None:
    """Searched for in a page that does not hold its letters, extracted, matched."""
    (piece,) = (piece for piece in PIECES if piece.entities)
    body = article_page(piece, [piece], f"http://{piece.outlet.address}")
    found = Matcher(watchlist).match(extract(Page(url=f"http://{piece.outlet.address}{piece.path}", body=body)))
    names = {"netflix": b"Netflix", "blockbuster": b"Blockbuster", "redbox": b"Redbox"}

    assert not any(names[brand] in body for brand in piece.brands)
    assert Prefilter(watchlist).may_name(body)
    assert {mention.brand_id for mention in found.mentions} == piece.brands
