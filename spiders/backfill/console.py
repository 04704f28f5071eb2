"""`presswatch backfill`: history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.console.asking import Day
from analysis.console.front import Front, global_options, pass_front
from analysis.errors import UserError
from spiders.backfill.base import Backfill
from spiders.backfill.gdelt import GdeltBackfill
from spiders.backfill.warc import WarcBackfill
from spiders.backfill.wayback import WaybackBackfill
from spiders.discovery.gdelt import FIRST_FILE
from spiders.process import crawl

_KINDS: dict[str, type[Backfill]] = {"warc": WarcBackfill, "wayback": WaybackBackfill, "gdelt": GdeltBackfill}


@click.command()
@click.argument("kind", type=click.Choice(list(_KINDS)))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--from", "begin", type=Day(), help="First day, included.")
@click.option("--to", "end", type=Day(), help="Last day, included; today where not given.")
@click.option("--source", "sources", multiple=True, help="Only pages of this source's outlet (id); may be repeated.")
@click.option("--again", is_flag=True, help="Read WARC files again that were read before.")
@click.option("--dry-run", is_flag=True, help="Say how much there is, and stop.")
@click.option("--endpoint", help="Address of the service, for another than web.archive.org or data.gdeltproject.org.")
@global_options
@pass_front
def backfill(front: Front, /, kind: str, files: tuple[Path, ...], **chosen: Any) -> int:
    """History: from WARC files, the Wayback Machine or GDELT. Started again, it goes on where it stopped."""
    _check(front, kind, files, chosen)
    again = chosen.pop("again")
    if kind == "warc":
        chosen |= {"files": files, "again": again}
    chosen["endpoint"] = chosen["endpoint"] or ""
    return crawl(front, f"backfill {kind}", spider=_KINDS[kind], **chosen)


def _check(front: Front, kind: str, files: tuple[Path, ...], chosen: dict[str, Any]) -> None:
    """Raises UserError for what does not go together."""
    begin, end, sources = chosen["begin"], chosen["end"], chosen["sources"]
    if (kind == "warc") != bool(files):
        raise UserError(f"backfill {kind}: " + ("names no files" if kind == "warc" else "takes no files"))
    if kind != "warc" and begin is None:
        raise UserError(f"backfill {kind}: --from is needed, a date like 2008-08-01")
    if begin and end and begin > end:
        raise UserError(f"--from {begin} is after --to {end}")
    if kind == "gdelt" and end and end < FIRST_FILE.date():
        raise UserError(f"backfill gdelt: its files begin on {FIRST_FILE:%Y-%m-%d}")
    if kind == "wayback" and not sources and not any(s.kind == kind for s in front.watchlist.sources):
        raise UserError("backfill wayback: the watchlist has no source of kind wayback; name others with --source")
