"""Why a request brought nothing, as one of the names in docs/how-it-works.md."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import exceptions as scrapy_errors
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet import error as network
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from analysis.errors import ExtractionError
from spiders.middlewares.addresses import GuardedResolver
from spiders.middlewares.refusal import Refused

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


_TOO_MANY = 429
_UNKNOWN_NAME = (scrapy_errors.CannotResolveHostError, network.DNSLookupError)


def reason_of(failure: Failure) -> str:
    """One name for `failure`; `http_<status>` for an answer that is an error, `error` for anything unforeseen."""
    asked = getattr(failure, "request", None)
    return name_of_error(failure.value or RuntimeError(), asked.url if asked is not None else "")


def name_of_error(error: BaseException, url: str = "") -> str:
    """The same for an exception that a request to `url` ended in."""
    if isinstance(error, Refused | ExtractionError):
        return error.reason
    if isinstance(error, HttpError):
        status = error.response.status
        return "rate_limited" if status == _TOO_MANY else f"http_{status}"
    if isinstance(error, scrapy_errors.IgnoreRequest):
        return next((name for name, words in _IGNORED.items() if words in str(error)), "ignored")
    if "certificate" in repr(error).lower():
        return "tls"
    if isinstance(error, _UNKNOWN_NAME) and urlsplit(url).hostname in GuardedResolver.refused:
        return "blocked_address"
    return next((name for kind, name in _NAMES if isinstance(error, kind)), "error")
