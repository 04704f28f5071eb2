"""Commands that change scores: correct (a person's word) and rescore (today's scorer on stored text)."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, time
from typing import Any, get_args
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import Progress

from analysis.console.asking import Day
from analysis.console.front import Front, global_options, pass_front
from analysis.items import Label
from analysis.matching.matcher import reading as version_of
from analysis.store.corrections import correct as put_right
from analysis.store.reread import reread, unread
from analysis.store.rescore import rescore as score_again
from analysis.store.rescore import stale
from analysis.tone import ScorerName, choose
from analysis.tone.articles import brand_names


@click.command()
@click.argument("mention")
@click.option("--tone", "label", type=click.Choice(get_args(Label)), required=True, help="What the sentence really is.")
@click.option("--why", required=True, help="The reason, for whoever asks later.")
@click.option("--by", "who", help="Who says so.  [default: the user logged in]")
@global_options
@pass_front
def correct(front: Front, /, mention: str, label: Label, why: str, who: str | None) -> None:
    """Put an analyst's word in the place of a score; it reaches the copies of the sentence in the same story."""
    done = put_right(front.database, mention, label, why=why, who=who or getpass.getuser())
    click.echo(f"{mention}: {done.old_label or 'not scored'} -> {done.new_label}; {done.reached} mentions show it")


@click.command()
@click.option("--since", type=Day(), help="Only what was published from this day on.")
@click.option("--scorer", type=click.Choice(get_args(ScorerName)), help="Which.  [default: the best that is installed]")
@global_options
@pass_front
def rescore(front: Front, /, since: Any, scorer: ScorerName | None) -> None:
    """Score stored text again with today's scorer, and read it again for today's messages; keeps corrections."""
    watchlist = front.watchlist
    names = brand_names((brand.name, brand.aliases) for brand in watchlist.brands)
    tone = watchlist.tone
    chosen = choose(scorer, names=names, abstain_below=tone.abstain_below, words=tone.own_words)
    start = datetime.combine(since, time(), ZoneInfo(front.zone)).astimezone(UTC) if since else None
    with Progress(console=Console(stderr=True), transient=True, disable=front.quiet) as bar:
        task = bar.add_task("rescore", total=stale(front.database, chosen.version, start))
        done = score_again(front.database, chosen, start, lambda count: bar.advance(task, count))
        task = bar.add_task("read again", total=unread(front.database, version_of(watchlist), start))
        read = reread(front.database, watchlist, start, lambda count: bar.advance(task, count))
    click.echo(f"{done} mentions scored by {chosen.version}")
    click.echo(f"{read} articles read again for messages and quotes")
