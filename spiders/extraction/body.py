"""The text of the article and nothing else.

A well-kept library (trafilatura) says where the article is; the page's own layout then says which blocks
around and inside belong to it. The library alone loses text that templates put into several boxes, and keeps
link lists, teasers and calls for subscription that stand inside; both show in the layout: paragraphs of one
article share their parents' class, and what is not of it is linked, labelled, repeated or a known phrase.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from lxml.html import HtmlElement

from spiders.extraction.blocks import read_layout
from spiders.extraction.choice import Choice
from spiders.extraction.tree import count_words, squeeze

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of every page without text

_SCRAP = 60
"""Words below which a text counts as none where JSON-LD has twice as many."""


def body_of(
    tree: HtmlElement, titles: Iterable[str], authors: Iterable[str], summaries: Iterable[str], stated: str = ""
) -> str:
    """Paragraphs, one a line; "" where no article text is found.

    Args:
        tree: the parsed page; not changed.
        titles: the headline in all its forms, left out where it stands above the text.
        authors: names, whose line is left out.
        summaries: what the page gives as its description; taken as the first paragraph where the page shows
            it above the text.
        stated: JSON-LD's articleBody, for pages that show their text by script only.
    """
    text = Choice(read_layout(tree), library_text(tree), titles, authors, summaries).text()
    words = count_words(text)
    if words < _SCRAP and count_words(stated) > 2 * words:
        return "\n".join(line for raw in stated.splitlines() if (line := squeeze(raw)))
    return text


def library_text(tree: HtmlElement) -> str:
    """The article as trafilatura sees it, in its fast mode."""
    from trafilatura import bare_extraction  # noqa: PLC0415  half a second to import: where pages are read, not before

    document = bare_extraction(tree, fast=True, include_comments=False)
    text = document.text if document is not None and not isinstance(document, dict) else ""
    return "\n".join(line for raw in (text or "").splitlines() if (line := squeeze(raw)))
