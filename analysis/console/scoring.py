"""The command that scores sentences from outside: score."""

from __future__ import annotations

import sys
from typing import get_args

import click

from analysis.console.front import Front, global_options, pass_front
from analysis.tone import ABSTAIN_BELOW, ScorerName, choose
from analysis.tone.articles import brand_names
from analysis.tone.lines import score_lines


@click.command()
@click.option("--target", help="Brand for lines that name none.")
@click.option(
    "--scorer",
    type=click.Choice(get_args(ScorerName)),
    help="Which scorer.  [default: the best that is installed]",
)
@global_options
@pass_front
def score(front: Front, /, target: str | None, scorer: ScorerName | None) -> None:
    """JSON lines {id, sentence, target[, start, end]} from stdin to tone toward the target."""
    names: tuple[str, ...] = ()
    abstain_below = ABSTAIN_BELOW
    if front.where.exists():  # the other brands that it names are told apart from the target
        watchlist = front.watchlist
        names = brand_names((brand.name, brand.aliases) for brand in watchlist.brands)
        abstain_below = watchlist.tone.abstain_below
    chosen = choose(scorer, names=names, abstain_below=abstain_below)
    for line in score_lines(sys.stdin, chosen, default=target):
        click.echo(line)
