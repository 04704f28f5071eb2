"""`presswatch nightly`: what a scheduler starts. The crawl, then the report; the crawl's verdict is the exit status."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.console.front import Front, global_options, pass_front
from analysis.errors import NothingDone
from analysis.report import write_report
from spiders.process import crawl


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"), show_default=True,
              help="Folder for the report.")  # fmt: skip
@global_options
@pass_front
def nightly(front: Front, /, out: Path) -> int:
    """Lock, crawl, report: what a scheduler starts."""
    nothing: NothingDone | None = None
    status = 0
    try:
        status = crawl(front, "nightly")
    except NothingDone as error:
        nothing = error  # the report is still written, and says which sources are silent
    for path in write_report(front.database, front.watchlist, out, warn=front.warn):
        click.echo(path)
    if nothing is not None:
        raise nothing
    return status
