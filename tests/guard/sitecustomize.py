"""Watches a process under test, and its children: tests/command.py puts this folder on PYTHONPATH.

- Notes every address that is connected to or asked for. Blocks nothing: to refuse is the product's task.
- Kills the process, as `kill -9` would, at the n-th time that it opens a file of the database's folder for writing,
  renames, copies or removes one: the moments between which a crawl's memory on disk changes.
- Keeps it on one core, so that it starts one worker process: enough for a handful of pages, and twice as fast.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

_TALKS = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
_WRITES = {"os.rename", "os.remove", "shutil.copyfile"}
_folder = os.environ.get("PRESSWATCH_TEST_FOLDER", "/nowhere")
_log = Path(_folder, "connections")
_lives = int(os.environ.get("PRESSWATCH_TEST_DIES_AT", "0"))


def _watch(event: str, details: tuple[object, ...]) -> None:
    if event in _TALKS:
        _note(event.removeprefix("socket."), details[_TALKS[event]])
    elif _lives and (event in _WRITES or (event == "open" and _for_writing(*details[1:3]))):
        _count(str(details[0]))


def _note(what: str, target: object) -> None:
    if isinstance(target, tuple):  # (host, port, ...)
        target = f"{target[0]} {target[1]}"
    elif what in {"connect", "sendto"}:  # a Unix socket leads nowhere
        return
    with _log.open("a", encoding="utf-8") as log:
        log.write(f"{what} {target}\n")


def _for_writing(mode: object, flags: object) -> bool:
    return mode != "r" and isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def _count(path: str) -> None:
    global _lives  # noqa: PLW0603
    if path.startswith(_folder) and path != str(_log):
        _lives -= 1
        if not _lives:
            os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(_watch)
if os.environ.get("PRESSWATCH_TEST_ONE_CORE"):
    _cores = sorted(os.sched_getaffinity(0))
    _mine = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.sched_setaffinity(0, {_cores[int(_mine) % len(_cores)]})
