"""Which stories there are, who was first, who carried them and what these changed: `presswatch stories`."""

from __future__ import annotations

import click

from analysis.console.asking import Rows, filters, rows, show
from analysis.console.front import Front, global_options, pass_front
from analysis.trends.question import Filters
from analysis.trends.stories import carriers
from analysis.trends.stories import stories as stories_question

_BRIEF = (
    "story",
    "first",
    "first_outlet",
    "articles",
    "originals",
    "carriers",
    "headlines",
    "hours_half",
    "tone",
    "title",
)
_BRIEF_OF_ONE = ("published", "hours", "role", "outlet", "new_headline", "toned", "kept", "added", "agency", "title")


@click.command()
@click.option(
    "--story", metavar="STORY", help="The articles of one story (its id): originals, carriers, what these changed."
)
@filters()
@rows(50)
@global_options
@pass_front
def stories(front: Front, /, story: str | None, chosen: Filters, rows: Rows) -> None:
    """Each event once: who was first, who carried it, how fast it spread."""
    toward = chosen.brand or (front.watchlist.ours.id if front.has_watchlist else None)
    if story is None:
        first = None if rows.sort else rows.limit
        show(front, stories_question(chosen, front.zone, toward, first), rows, _BRIEF)
    else:
        show(front, carriers(story, front.zone, toward), rows, _BRIEF_OF_ONE)
