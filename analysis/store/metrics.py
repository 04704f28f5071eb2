"""The newest night as metrics in Prometheus' text format, for node_exporter's textfile collector.

Names end in their unit and times are seconds since 1970, as Prometheus asks (prometheus.io/docs/practices/naming).
"""

from __future__ import annotations

from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from analysis.store.database import reading
from analysis.store.night import Night
from analysis.store.space import free_bytes, size

_SOURCES = """SELECT source_id, r.answered, r.stored, r.failed, h.last_success FROM private.source_runs r
              JOIN newest_health h USING (source_id) WHERE r.run_id = ?"""


def write_metrics(database: Path, night: Night, to: Path) -> None:
    """Write them whole or not at all.

    Raises:
        OSError: the file cannot be written.
        StoreError: the database cannot be read.
    """
    registry = CollectorRegistry()

    def gauge(name: str, meaning: str, value: float) -> None:
        Gauge(f"presswatch_{name}", meaning, registry=registry).set(value)

    ended = night.ended_at or night.started_at
    gauge("last_run_end_timestamp_seconds", "When the newest run ended.", ended.timestamp())
    gauge("last_run_duration_seconds", "How long it took.", (ended - night.started_at).total_seconds())
    gauge("last_run_exit_status", "Exit status of the night; 0 is well.", night.exit_status)
    gauge("last_run_pages", "Article pages that came.", night.pages)
    gauge("last_run_articles", "New revisions of articles.", night.articles)
    gauge("last_run_mentions", "Mentions in them.", night.mentions)
    gauge("last_run_errors", "Pages that failed and sources that did not answer.", night.errors)
    gauge("last_run_alerts", "New episodes of alerts.", len(night.alerts))
    gauge("database_bytes", "Size of the database file.", size(database))
    gauge("free_bytes", "Room on its disk.", free_bytes(database))
    _sources(registry, database, night)
    to.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(to), registry)


def _sources(registry: CollectorRegistry, database: Path, night: Night) -> None:
    up = Gauge("presswatch_source_up", "Whether the source answered.", ["source"], registry=registry)
    stored = Gauge("presswatch_source_stored", "Articles stored of it.", ["source"], registry=registry)
    failed = Gauge("presswatch_source_failed", "Article pages of it that failed.", ["source"], registry=registry)
    last = Gauge(
        "presswatch_source_last_success_timestamp_seconds", "When it last answered.", ["source"], registry=registry
    )
    with reading(database) as connection:
        rows = connection.execute(_SOURCES, [night.run_id]).fetchall()
    for source, answered, articles, failures, success in rows:
        up.labels(source).set(bool(answered))
        stored.labels(source).set(articles)
        failed.labels(source).set(failures)
        if success is not None:
            last.labels(source).set(success.timestamp())
