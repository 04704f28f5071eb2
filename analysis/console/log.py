"""What goes to stderr: lines for people, or with `--log-json` one JSON object a line for a log collector."""

from __future__ import annotations

import json
import logging
import re
import traceback
from contextlib import suppress
from datetime import UTC, datetime

import click

_as_json = False
_USERINFO = re.compile(r"//[^/\s@'\"<>]+@")


def _use_json(_: click.Context, __: click.Parameter, value: bool) -> None:
    global _as_json  # noqa: PLW0603 (one stderr, one form)
    _as_json = _as_json or value


log_option = click.option("--log-json", is_flag=True, expose_value=False, callback=_use_json,
                          help="Say it on stderr as JSON, one object a line.")  # fmt: skip
"""For the whole process, wherever on the command line it stands."""


def say(message: str, level: str = "info", *, name: str = "presswatch") -> None:
    """One line on stderr. In JSON: `at` (ISO 8601, UTC), `level`, `logger`, `message`."""
    click.echo(_line(datetime.now(UTC), level, name, message) if _as_json else message, err=True)


def take_over(level: str, form: str, dates: str) -> None:
    """Write what `logging` is told from `level` on to stderr: as JSON where that was asked for, else in `form`."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if _as_json else logging.Formatter(form, dates))
    handler.addFilter(without_passwords)
    handler.setLevel(level)  # Scrapy's own loggers tell the root everything, whatever its level
    logging.basicConfig(handlers=[handler], level=level, force=True)


def without_passwords(record: logging.LogRecord) -> bool:
    """A filter of `logging` that lets all pass, without the user and password of an address, wherever that came from: a
    redirect, a link in a feed."""
    with suppress(TypeError, ValueError):  # a message that does not fit its arguments, which logging tells itself
        message = record.getMessage()
        if "@" in message and (hidden := _USERINFO.sub("//…@", message)) != message:
            record.msg, record.args = hidden, ()
    return True


class JsonLines(logging.Formatter):
    """The same objects from records of `logging`, with `error` where one was caught."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message holds."""
        at = datetime.fromtimestamp(record.created, UTC)
        error = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        return _line(
            at, record.levelname.lower(), record.name, record.getMessage(), **({"error": error} if error else {})
        )


def _line(at: datetime, level: str, name: str, message: str, **more: str) -> str:
    return json.dumps({"at": at.isoformat(), "level": level, "logger": name, "message": message, **more})
