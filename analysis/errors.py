"""Everything that presswatch raises on purpose.

PresswatchError
├── UserError              something the user gave is wrong; exit status 2
│   ├── WatchlistError     a key of watchlist.toml
│   └── QueryError         a topic query that does not parse
├── StoreError             the database cannot be used; exit status 3
│   ├── NewerDatabase      written by a newer presswatch
│   └── DatabaseBusy       another process writes and did not finish in time
├── FormatMissing          a format of the report that this machine cannot make; exit status 3
├── NoticeUndelivered      a channel of [[notify]] that took no message; a line on stderr, never an exit status
├── ScheduleError          the system's scheduler refused; exit status 3
├── NothingDone            a run that could do nothing at all; exit status 3
├── OutOfSpace             the disk has too little room for a run; exit status 3
├── RunLocked              another run holds the lock; exit status 75
└── ExtractionError        a page that is no article, with the reason that is counted

The front door turns the first branches into one line on stderr and an exit status; `ExtractionError` never
leaves a crawl: its `reason` is counted for the source.
"""

from __future__ import annotations


class PresswatchError(Exception):
    """Base of the tree. Raised nowhere itself."""

    exit_status = 3


class UserError(PresswatchError):
    """Raised where a command line, a file or a value given by the user is wrong. The message is one line."""

    exit_status = 2


class WatchlistError(UserError):
    """Raised by `analysis.watchlist.load`: `file:line: key: what is allowed`."""


class QueryError(UserError):
    """Raised by `analysis.query.parse` for a query that does not parse; says what and at which character."""


class StoreError(PresswatchError):
    """Raised by `analysis.store` when the database is damaged, missing or not ours."""


class NewerDatabase(StoreError):
    """Raised by `analysis.store.migrate` when the database knows migrations that this release does not."""


class DatabaseBusy(StoreError):
    """Raised by `analysis.store` when another process held the database longer than we wait."""


class FormatMissing(PresswatchError):
    """Raised by a renderer of `analysis.report` where a library of the system is missing; says how to install it."""


class ScheduleError(PresswatchError):
    """Raised by `analysis.schedule` where the system's scheduler is missing or refuses, with its own last words."""


class NoticeUndelivered(PresswatchError):
    """Raised by `analysis.notices` where a channel did not take a message; the message never holds the address."""


class NothingDone(PresswatchError):
    """Raised at the end of a run in which no source answered."""


class OutOfSpace(PresswatchError):
    """Raised before a run, and at the end of one that was cut short, where the disk has too little room."""


class RunLocked(PresswatchError):
    """Raised by `analysis.store.lock` when another run is at work; the message names its PID."""

    exit_status = 75


class ExtractionError(PresswatchError):
    """Raised by `spiders.extraction` for a page without an article.

    `reason` is one of the names in docs/how-it-works.md and is counted per source.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
