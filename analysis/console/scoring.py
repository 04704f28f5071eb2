"""The command that scores sentences from outside: score."""

from __future__ import annotations

import sys
from typing import get_args

import click

from analysis.console.front import global_options
from analysis.tone import ScorerName, choose
from analysis.tone.lines import score_lines


@click.command()
@click.option("--target", help="Brand for lines that name none.")
@click.option(
    "--scorer",
    type=click.Choice(get_args(ScorerName)),
    help="Which scorer.  [default: the best that is installed]",
)
@global_options
def score(target: str | None, scorer: ScorerName | None) -> None:
    """JSON lines {id, sentence, target[, start, end]} from stdin to tone toward the target."""
    for line in score_lines(sys.stdin, choose(scorer), default=target):
        click.echo(line)
