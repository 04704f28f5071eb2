"""Why a request brought nothing, as one of the names in docs/how-it-works.md."""

from __future__ import annotations

from scrapy import exceptions as scrapy_errors
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet import error as network
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from analysis.errors import ExtractionError
from spiders.middlewares.addresses import BlockedAddress

_NAMES: tuple[tuple[type[BaseException], str], ...] = (
    (scrapy_errors.DownloadTimeoutError, "timeout"),
    (scrapy_errors.CannotResolveHostError, "dns"),
    (scrapy_errors.DownloadConnectionRefusedError, "refused"),
    (scrapy_errors.DownloadCancelledError, "too_large"),
    (scrapy_errors.ResponseDataLossError, "truncated"),
    (scrapy_errors.UnsupportedURLSchemeError, "blocked_scheme"),
    (network.DNSLookupError, "dns"),
    (network.TimeoutError, "timeout"),
    (network.ConnectionRefusedError, "refused"),
    (ResponseFailed, "connection_lost"),
    (network.ConnectError, "unreachable"),
    (scrapy_errors.DownloadFailedError, "connection_lost"),
)


# Scrapy says these with one exception and a sentence.
_IGNORED: dict[str, str] = {
    "robots": "robots",
    "redirect_loop": "max redirections",
    "too_large": "exceed",
}


def reason_of(failure: Failure) -> str:
    """One name for `failure`; `http_<status>` for an answer that is an error, `error` for anything unforeseen."""
    error = failure.value
    if isinstance(error, BlockedAddress | ExtractionError):
        return error.reason
    if isinstance(error, HttpError):
        return f"http_{error.response.status}"
    if isinstance(error, scrapy_errors.IgnoreRequest):
        return next((name for name, words in _IGNORED.items() if words in str(error)), "ignored")
    if "certificate" in repr(error).lower():
        return "tls"
    return next((name for kind, name in _NAMES if isinstance(error, kind)), "error")
