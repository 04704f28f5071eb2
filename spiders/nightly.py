"""`presswatch nightly`: what a scheduler starts: crawl, alerts, report, notices, backup, retention, metrics.

The crawl's verdict is the status.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from analysis.console.front import Front, global_options, pass_front
from analysis.errors import NothingDone, PresswatchError, RunLocked, UserError
from analysis.notices import Notice, deliver, of_failure, of_report
from analysis.report import read_report, write_files
from analysis.report.model import Report
from analysis.store.backup import back_up
from analysis.store.metrics import write_metrics
from analysis.store.night import Night, newest_night
from analysis.store.retention import expire
from analysis.trends.watching import raise_alerts
from spiders.process import SOME_FAILED, crawl


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"), show_default=True,
              help="Folder for the report.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="How the summary on stdout is written.")  # fmt: skip
@global_options
@pass_front
def nightly(front: Front, /, out: Path, form: str) -> int:
    """Lock, crawl, raise alerts, report, tell whom [[notify]] names, back up: what a scheduler starts."""
    nothing: NothingDone | None = None
    status = 0
    try:
        try:
            status = crawl(front, "nightly", tell=form == "text")
        except NothingDone as error:
            nothing = error  # the report is still written, and says which sources are silent
            status = error.exit_status
        alerts = raise_alerts(front.database, front.watchlist, datetime.now(UTC))
        for alert in alerts:
            front.warn(f"alert, {alert.first_day}: {alert.words}")
        report = read_report(front.database, front.watchlist)
        written = write_files(report, out, warn=front.warn)
    except (RunLocked, UserError):
        raise  # the other run tells; a watchlist that is wrong names nobody
    except (PresswatchError, OSError) as error:
        _tell(front, [of_failure(f"the night failed: {error}")])
        raise
    _tell(front, [of_report(report, written), *_failures(report, status, nothing)])
    night = replace(newest_night(front.database), exit_status=status, report=tuple(map(str, written)),
                    alerts=tuple(f"{alert.first_day}: {alert.words}" for alert in alerts))  # fmt: skip
    night = _kept(front, night)
    _write(front, night, form)
    if nothing is not None:
        raise nothing
    return night.exit_status


def _kept(front: Front, night: Night) -> Night:
    """Backed up, and without what is older than the watchlist keeps; where that failed, told, and status 1."""
    store, now = front.watchlist.store, datetime.now(UTC)
    try:
        if store.backups:
            night = replace(night, backup=str(back_up(front.database, store.backups, now)))
        expired = expire(front.database, store, now)
    except (PresswatchError, OSError) as error:
        front.warn(f"backup and retention: {error}")
        _tell(front, [of_failure(f"the night is done, but its backup or retention failed: {error}")])
        return replace(night, exit_status=night.exit_status or SOME_FAILED)
    if expired.doubt:
        front.warn(f"nothing was erased: {expired.doubt}")
    return replace(night, erased_articles=expired.articles, erased_files=expired.files)


def _write(front: Front, night: Night, form: str) -> None:
    """The summary, and the metrics where the watchlist names a file for them."""
    if form == "json":
        click.echo(json.dumps(night.as_object(), ensure_ascii=False))
    else:
        for line in (*night.report, *night.lines):
            click.echo(line)
    if (to := front.watchlist.store.metrics) is not None:
        try:
            write_metrics(front.database, night, to)
        except (PresswatchError, OSError) as error:
            front.warn(f"metrics: {error}")


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
