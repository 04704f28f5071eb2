"""`presswatch nightly`: what a scheduler starts: crawl, alerts, report, notices, backup, retention.

The crawl's verdict is the status."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from analysis.console.front import Front, global_options, pass_front
from analysis.errors import NothingDone, PresswatchError, RunLocked, UserError
from analysis.notices import Notice, deliver, of_failure, of_report
from analysis.report import read_report, write_files
from analysis.report.model import Report
from analysis.store.backup import back_up
from analysis.store.retention import expire
from analysis.trends.watching import raise_alerts
from spiders.process import SOME_FAILED, crawl


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"), show_default=True,
              help="Folder for the report.")  # fmt: skip
@global_options
@pass_front
def nightly(front: Front, /, out: Path) -> int:
    """Lock, crawl, raise alerts, report, tell whom [[notify]] names, back up: what a scheduler starts."""
    nothing: NothingDone | None = None
    status = 0
    try:
        try:
            status = crawl(front, "nightly")
        except NothingDone as error:
            nothing = error  # the report is still written, and says which sources are silent
        for alert in raise_alerts(front.database, front.watchlist, datetime.now(UTC)):
            front.warn(f"alert, {alert.first_day}: {alert.words}")
        report = read_report(front.database, front.watchlist)
        written = write_files(report, out, warn=front.warn)
    except (RunLocked, UserError):
        raise  # the other run tells; a watchlist that is wrong names nobody
    except (PresswatchError, OSError) as error:
        _tell(front, [of_failure(f"the night failed: {error}")])
        raise
    for path in written:
        click.echo(path)
    _tell(front, [of_report(report, written), *_failures(report, status, nothing)])
    kept = _keep(front)
    if nothing is not None:
        raise nothing
    return status or (0 if kept else SOME_FAILED)


def _keep(front: Front) -> bool:
    """Back up, and erase what is older than the watchlist keeps. False where that failed, which is told."""
    store, now = front.watchlist.store, datetime.now(UTC)
    try:
        if store.backups:
            back_up(front.database, store.backups, now)
        expired = expire(front.database, store, now)
    except (PresswatchError, OSError) as error:
        front.warn(f"backup and retention: {error}")
        _tell(front, [of_failure(f"the night is done, but its backup or retention failed: {error}")])
        return False
    if expired.doubt:
        front.warn(f"nothing was erased: {expired.doubt}")
    if expired.articles or expired.files:
        click.echo(f"{expired.articles} articles and {expired.files} files of pages were old enough to be erased")
    return True


def _failures(report: Report, status: int, nothing: NothingDone | None) -> list[Notice]:
    """None after a good night, and none where somebody stopped it."""
    if nothing is None and status != SOME_FAILED:
        return []
    trouble = [(row["source_id"], row["reason"]) for row in report.sources.dicts() if row["reason"]]
    return [of_failure(str(nothing) if nothing else "some sources failed", trouble)]


def _tell(front: Front, notices: list[Notice]) -> None:
    """A notice that cannot be delivered never fails a night."""
    try:
        deliver(front.database, front.watchlist, notices, datetime.now(UTC), front.warn)
    except PresswatchError as error:
        front.warn(f"notify: {error}")
