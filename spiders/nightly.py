"""`presswatch nightly`: what a scheduler starts: crawl, alerts, report; the exit status is the verdict of the crawl."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from analysis.console.front import Front, global_options, pass_front
from analysis.errors import NothingDone
from analysis.report import write_report
from analysis.trends.watching import raise_alerts
from spiders.process import crawl


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"), show_default=True,
              help="Folder for the report.")  # fmt: skip
@global_options
@pass_front
def nightly(front: Front, /, out: Path) -> int:
    """Lock, crawl, raise alerts, report: what a scheduler starts."""
    nothing: NothingDone | None = None
    status = 0
    try:
        status = crawl(front, "nightly")
    except NothingDone as error:
        nothing = error  # the report is still written, and says which sources are silent
    for alert in raise_alerts(front.database, front.watchlist, datetime.now(UTC)):
        front.warn(f"alert, {alert.first_day}: {alert.words}")
    for path in write_report(front.database, front.watchlist, out, warn=front.warn):
        click.echo(path)
    if nothing is not None:
        raise nothing
    return status
