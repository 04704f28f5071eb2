"""`presswatch serve`: the page, on this machine unless told otherwise."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import click

from analysis.console.front import Front, global_options, pass_front
from analysis.errors import UserError
from analysis.watchlist import Watchlist

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PASSWORD = "PRESSWATCH_PASSWORD"


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8700, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--name", "names", multiple=True, help="Name under which others reach the page.  [default: --host]")
@global_options
@pass_front
def serve(front: Front, /, port: int, host: str, names: tuple[str, ...]) -> None:
    """The web page: look, search, correct. Ctrl-C stops it.

    On any other address than this machine's own it needs a password in $PRESSWATCH_PASSWORD, and a proxy for HTTPS.
    """
    password = os.environ.get(_PASSWORD) or None
    if host not in _LOOPBACK and password is None:
        raise UserError(f"--host {host}: for others than this machine set a password in ${_PASSWORD}")
    watchlist = Kept(front)
    watchlist()  # a mistake in it is told now, not on each page
    bound = _listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{bound.getsockname()[1]}  (Ctrl-C stops it)")
    _run(
        front.database, watchlist, bound, {name.lower() for name in (*names, host, *_LOOPBACK)}, password, front.verbose
    )


class Kept:
    """The watchlist, read again when its file changes."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self._of: tuple[int, int] | None = None
        self._found: Watchlist | None = None

    def __call__(self) -> Watchlist | None:
        """None where there is none. Raises WatchlistError where it is wrong now."""
        if not self.front.has_watchlist:
            return None
        try:
            state = self.front.where.stat()
        except OSError:
            return self.front.watchlist
        of = (state.st_mtime_ns, state.st_size)
        if self._of != of:
            self._found, self._of = self.front.watchlist, of
        return self._found


def _run(
    database: Path, watchlist: Kept, bound: socket.socket, hosts: set[str], password: str | None, verbose: bool
) -> None:
    import uvicorn  # noqa: PLC0415  only this command needs it

    from analysis.web.app import application  # noqa: PLC0415  nor this

    app = application(database, watchlist, hosts=hosts, password=password)
    level = "info" if verbose else "warning"
    uvicorn.Server(
        uvicorn.Config(app, log_level=level, server_header=False, proxy_headers=False, ws="none", lifespan="off")
    ).run(sockets=[bound])


def _listening(host: str, port: int) -> socket.socket:
    """A bound socket. Raises UserError, in one line, where that cannot be."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(128)  # who asks before the page is ready waits
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise UserError(f"--port {port}: another program listens there; --port 0 takes a free one") from None
        raise UserError(f"--host {host} --port {port}: {error.strerror or error}") from None
    return bound
