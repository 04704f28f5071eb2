"""A progress bar on a terminal: what was asked for and done, and how long the rest may take."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response


class Progress:
    """Moves with every answer; on stderr, so that results on stdout stay clean."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        self.bar = Bar(*columns, console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task("crawl", total=0)
        self.asked = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("PRESSWATCH_PROGRESS"):
            raise NotConfigured
        extension = cls()
        for handler, signal in (
            (extension.bar.start, signals.engine_started),
            (extension.scheduled, signals.request_scheduled),
            (extension.answered, signals.response_received),
            (extension.answered, signals.request_dropped),
            (extension.bar.stop, signals.engine_stopped),
        ):
            crawler.signals.connect(handler, signal)
        return extension

    def scheduled(self, request: Request) -> None:
        """One more to do."""
        self.asked += 1
        self.bar.update(self.task, total=self.asked)

    def answered(self, response: Response | None = None) -> None:
        """One done."""
        self.bar.advance(self.task)

    def set(self, done: int, total: int) -> None:
        """For work that is not counted in requests."""
        self.bar.update(self.task, completed=done, total=total)
