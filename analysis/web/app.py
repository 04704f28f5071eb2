"""Routes, and what becomes of mistakes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from urllib.parse import parse_qsl

import duckdb
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from analysis.errors import DatabaseBusy, PresswatchError, UserError
from analysis.watchlist import Watchlist
from analysis.web.answers import Store
from analysis.web.guard import Guard
from analysis.web.pages import Pages, style
from analysis.web.views import TABLES, Views

_LARGEST_FORM = 10_000


def application(
    database: Path, watchlist: Callable[[], Watchlist | None], *, hosts: Collection[str], password: str | None = None
) -> Starlette:
    """The page as an ASGI application.

    watchlist: read anew at each request; None where there is none
    hosts, password: see `Guard`
    """
    store, pages = Store(database, watchlist), Pages(watchlist)
    views = Views(store, pages)
    sheet = style()

    def styled(_: Request) -> Response:
        return Response(sheet, media_type="text/css", headers={"cache-control": "max-age=300"})

    async def corrected(request: Request) -> Response:
        form = await _form(request)
        return await run_in_threadpool(views.correct, request, form)

    def mistaken(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return pages.mistake(request, error.detail, error.status_code)
        if isinstance(error, duckdb.Error):
            return pages.mistake(request, str(error).splitlines()[0], 500)
        busy = isinstance(error, DatabaseBusy)
        status = 503 if busy else 404 if "no such" in str(error) else 400 if isinstance(error, UserError) else 500
        return pages.mistake(request, str(error), status)

    routes = [
        Route("/", views.overview),
        Route("/style.css", styled),
        *(Route(f"/{name}", views.table) for name in TABLES),
        Route("/export/{name}.{form}", views.export),
        Route("/stories/{story}", views.story),
        Route("/mentions/{mention}", views.mention),
        Route("/mentions/{mention}", corrected, methods=["POST"]),
        Route("/mentions/{mention}/archived", views.archived),
        Route("/watchlist", views.watchlist),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, hosts=hosts, password=password)],
        exception_handlers={PresswatchError: mistaken, HTTPException: mistaken, duckdb.Error: mistaken},
    )


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, sent as browsers send it.

    Raises:
        HTTPException: 413 where it is larger than any of ours, 400 where it is none.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_FORM:
            raise HTTPException(413, "the form is too large")
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=10, errors="strict"))
    except ValueError:
        raise HTTPException(400, "this is no form of ours") from None
