"""`presswatch forget`: the command; what it does is in analysis.store.forget."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from analysis.console.front import Front, global_options, pass_front
from analysis.errors import UserError
from analysis.store.backup import back_up
from analysis.store.forget import Forgotten, kind_of, lift
from analysis.store.forget import forget as take_out
from analysis.store.ledger import run_lock
from analysis.store.tombstones import KINDS, Kind, words_of


@click.command()
@click.argument("what")
@click.option("--kind", type=click.Choice(KINDS), help="What it is.  [default: by its looks and the outlets known]")
@click.option("--why", default="", help="Kept with the tombstone: who asked, when.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask on a terminal.")
@click.option("--lift", "lifted", is_flag=True, help="Take the tombstone away; what is gone stays gone.")
@global_options
@pass_front
def forget(front: Front, /, what: str, kind: Kind | None, why: str, dry_run: bool, yes: bool, lifted: bool) -> None:
    """Take an address, an outlet or a person out of everything stored, and keep it out.

    WHAT: the article's address, the outlet's name, or a person's full name. Of a person, bylines and quotes go, and the
    name is hidden in all texts.
    """
    outlets = [source.outlet for source in front.watchlist.sources] if front.has_watchlist else []
    chosen = kind or kind_of(front.database, what, outlets)
    if chosen == "person" and len(words_of(what)) < 2 and kind is None:
        raise UserError(f"{what}: neither an address nor a known outlet; a person's name has two words, or say --kind")
    if not front.database.exists():
        raise UserError(f"{front.database}: there is no database to forget anything from")
    with run_lock(front.database):
        if lifted:
            if not lift(front.database, what, chosen):
                raise UserError(f"{what}: no {chosen} of this name is being kept out")
            click.echo(f"{chosen}: what comes again is kept again")
            return
        if sys.stdin.isatty() and not (yes or dry_run):
            planned = take_out(front.database, what, chosen, why, dry_run=True)
            click.confirm(f"{_words(planned)} would go for good; go on?", abort=True)
        found = take_out(front.database, what, chosen, why, dry_run=dry_run)
        if front.has_watchlist and front.watchlist.store.backups and not dry_run:
            back_up(front.database, front.watchlist.store.backups, datetime.now(UTC))
    click.echo(f"{_words(found)} {'would go' if dry_run else 'gone, and kept out from now on'}")
    for path in found.copies:
        click.echo(f"{path}: an older copy, deleted")
    for source in front.watchlist.sources if front.has_watchlist and chosen == "outlet" else ():
        if words_of(source.outlet) == words_of(what):
            front.warn(f"source {source.id} of the watchlist is of this outlet: nothing of it is kept; take it off")
    if not dry_run:
        front.warn("reports and exports written before are files of yours and stay as they are")


def _words(found: Forgotten) -> str:
    did = "with the name hidden" if found.kind == "person" else "erased"
    return f"{found.kind}: {found.articles} articles {did}, {found.mentions} mentions, {found.pages} archived pages"
