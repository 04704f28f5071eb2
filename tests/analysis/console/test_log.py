"""What may not stand in a log, and what a log of JSON lines holds."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from analysis.console.log import JsonLines, without_passwords


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger with a handler as the front door's, and what that wrote."""
    stream, logger = io.StringIO(), logging.getLogger(__name__)
    handler = logging.StreamHandler(stream)
    handler.addFilter(without_passwords)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


def test_no_line_holds_a_password(written: tuple[logging.Logger, io.StringIO]) -> None:
    """In the message or its arguments; what is no address stays."""
    logger, stream = written
    logger.warning("Redirecting to <GET %s> from %s", "https://ana:canary@paper.example/a@b", "http://paper.example/@x")
    logger.warning("https://canary@paper.example/ or mail to pr@paper.example")
    logger.warning("100 %% of %d", 3)
    lines = [json.loads(line)["message"] for line in stream.getvalue().splitlines()]
    assert lines == [
        "Redirecting to <GET https://…@paper.example/a@b> from http://paper.example/@x",
        "https://…@paper.example/ or mail to pr@paper.example",
        "100 % of 3",
    ]


def test_an_error_stands_in_its_own_field(written: tuple[logging.Logger, io.StringIO]) -> None:
    """One line, however long the traceback."""
    logger, stream = written
    try:
        raise ValueError("line\nbreak")
    except ValueError:
        logger.exception("went wrong")
    (line,) = stream.getvalue().splitlines()
    found = json.loads(line)
    assert (found["level"], found["message"]) == ("error", "went wrong")
    assert "ValueError: line\nbreak" in found["error"]
