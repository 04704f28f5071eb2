"""What goes to stderr: lines for people, or with `--log-json` one JSON object a line for a log collector."""

from __future__ import annotations

import json
import logging
import re
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import click

_as_json = False
_USERINFO = re.compile(r"//[^/\s@'\"<>]+@")


def use_json() -> None:
    """From now on, for the whole process: `--log-json` stands before anything is said."""
    global _as_json  # noqa: PLW0603 (one stderr, one form)
    _as_json = True


def say(message: str, level: str = "info", *, name: str = "presswatch") -> None:
    """One line on stderr. In JSON: `at` (ISO 8601, UTC), `level`, `logger`, `message`."""
    click.echo(_line(datetime.now(UTC), level, name, message) if _as_json else message, err=True)


def takes_over(level: str) -> bool:
    """Write what `logging` is told from `level` on as `say` does; False where lines for people are wanted."""
    if _as_json:
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        handler.setLevel(level)
        logging.basicConfig(handlers=[handler], level=logging.NOTSET, force=True)
    return _as_json


def hide_passwords() -> None:
    """From now on no line of `logging` holds the user and password of an address, wherever it came from: a redirect, a
    link in a feed."""
    make = logging.getLogRecordFactory()

    def masked(*args: Any, **values: Any) -> logging.LogRecord:
        record = make(*args, **values)
        with suppress(TypeError, ValueError):  # a message that does not fit its arguments, which logging tells itself
            message = record.getMessage()
            if "@" in message and (hidden := _USERINFO.sub("//…@", message)) != message:
                record.msg, record.args = hidden, ()
        return record

    logging.setLogRecordFactory(masked)


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
