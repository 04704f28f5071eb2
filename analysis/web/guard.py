"""Who may ask: known hosts, our own pages for what changes something, whoever knows the password where one is set."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST = 4_000
"""Characters of an address: more than any filter needs."""
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; font-src 'self' data:; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Stands before the application; also sets the headers that keep scraped text from doing anything.

    A foreign page in the same browser could send forms here (cross-site request forgery) or give itself our address
    (DNS rebinding); the headers Sec-Fetch-Site, Origin and Host tell both (W3C Fetch Metadata; RFC 6454).
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], password: str | None) -> None:
        """
        hosts: names under which the page is asked for, in lower case, without port
        password: of HTTP Basic (RFC 7617), with any user name, which then stands under corrections; None: none
        """
        self.app = app
        self.hosts = hosts
        self.password = password

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                sent.update({name: value for name, value in _HEADERS.items() if name not in sent})
                sent.setdefault("cache-control", "no-store")
            await send(message)

        await (refusal or self.app)(scope, receive, guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST:
            return PlainTextResponse("the address is too long", 414)
        if _name(headers.get("host", "")) not in self.hosts:
            return PlainTextResponse("this host is not served here", 421)
        if scope["method"] not in {"GET", "HEAD"} and not _is_ours(headers):
            return PlainTextResponse("only pages of presswatch may send this", 403)
        if self.password is not None:
            user = _user(headers.get("authorization", ""), self.password)
            if user is None:
                challenge = {"www-authenticate": 'Basic realm="presswatch", charset="UTF-8"'}
                return PlainTextResponse("a password is needed", 401, challenge)
            scope["user"] = user
        return None


def _name(host: str) -> str:
    """`[::1]:8700` -> `::1`; nothing for what is no host."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_ours(headers: Headers) -> bool:
    """Whether a form was sent by one of our own pages."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin"
    return origin is not None and urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _user(authorization: str, password: str) -> str | None:
    """The user name that came with the right password."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, given = base64.b64decode(value, validate=True).decode("utf8").partition(":")
    except ValueError:
        return None
    return user if secrets.compare_digest(given.encode(), password.encode()) else None
