"""Checks of single values. Each returns the value or raises ValueError with what is allowed."""

from __future__ import annotations

import difflib
import ipaddress
import re
import zoneinfo
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from analysis import query, text
from analysis.errors import QueryError

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HOST_PORT = re.compile(r"(?:\[(?P<ipv6>[0-9A-Fa-f:]+)\]|(?P<host>[A-Za-z0-9._-]+)):(?P<port>[0-9]{1,5})")
_KEY = re.compile(
    r"(?:(?:api|access|auth|secret|private|subscription)[_-]?key|(?:[a-z]+[_-])?(?:token|secret|password|passwd|pwd))",
    re.IGNORECASE,
)
"""Names of parameters whose value lets somebody in."""
_CONTACT = re.compile(r"[\w.+-]+@[\w-]|https?://\w")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is most likely a slip of, or None."""
    by_folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def identifier(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError(f"{shown(value)} is no id; up to 64 of a-z, A-Z, 0-9, and . _ - after the first")
    return value


def line(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError(f"{shown(value)} is not allowed; one line of text")
    return value


def name(value: str) -> str:
    if not any(char.isalnum() for token in text.tokens(line(value)) for char in token):
        raise ValueError(f"{shown(value)} holds no word")
    return value


def phrase(value: str) -> str:
    try:
        query.phrase(value)
    except QueryError as error:
        raise ValueError(str(error)) from None
    return value


def pack_phrase(value: str) -> str:
    if not re.fullmatch(r"[\w'-]+(?:[ |][\w'-]+)*", value):
        raise ValueError('words with single spaces, or | between forms of a word, as in "sold|sells out"')
    return value


def topic_query(value: str) -> str:
    try:
        query.parse(value)
    except QueryError as error:
        raise ValueError(str(error)) from None
    return value


def user_agent(value: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise ValueError("one line of plain ASCII, as it goes into an HTTP header")
    if not _CONTACT.search(value):
        raise ValueError('names no contact; a mail address or URL is wanted, as in "presswatch (+mailto:pr@a.org)"')
    return value


def private_address(value: str) -> str:
    """A network such as 127.1.0.0/16 or one host:port. Only private networks: a public one needs no permission."""
    pair = _HOST_PORT.fullmatch(value)
    if pair and 0 < int(pair["port"]) < 65536:
        return value
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise ValueError(f"{shown(value)} is no network (10.0.0.0/8) and no host:port (10.0.0.5:8080)") from None
    if str(network) != value and network.num_addresses > 1:
        raise ValueError(f"{shown(value)} is no network; did you mean {network}?")
    if network.prefixlen < 7 or network.network_address.is_global:
        raise ValueError(f"{shown(value)} is not a private network")
    return value


def zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        near = nearest(value, zoneinfo.available_timezones())
        hint = f"did you mean {near}?" if near else "a name such as Europe/Berlin or UTC"
        raise ValueError(f"{shown(value)} is no time zone; {hint}") from None
    return value


def address(value: str) -> str:
    """An http or https address; `{query}` may stand in it once or more, outside the host."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    is_web = parts.scheme in {"http", "https"} and host and not re.search(r"[\s{}]", host)
    if not is_web or not value.isprintable():
        raise ValueError(f"{shown(value)} is no address; http://host/... or https://host/...")
    if parts.username is not None:
        raise ValueError("names a user or password; a secret is never written into a watchlist")
    if named := next((name for name, _ in parse_qsl(parts.query, True) if _KEY.fullmatch(name)), None):
        raise ValueError(f"holds a key ({named}); a secret is never written into a watchlist")
    if re.search(r"\s|[{}]", value.replace("{query}", "")):
        raise ValueError(f"{shown(value)} holds a blank or a brace; the only placeholder is {{query}}")
    return value


def secret(value: str) -> str:
    # The value is not repeated: what stands here by mistake is the secret itself.
    if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError("must be env:NAME; a secret is named, never written")
    return value


def language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", value):
        raise ValueError(f"{shown(value)} is no language; two letters (ISO 639-1), e.g. en")
    return value


def country(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise ValueError(f"{shown(value)} is no country; two capitals (ISO 3166), e.g. US")
    return value


def shown(value: object) -> str:
    """A value in an error message: on one line, short, strings in double quotes."""
    said = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    said = "".join(char if char.isprintable() else "?" for char in said)
    said = f"{said[:60]}…" if len(said) > 60 else said
    return f'"{said}"' if isinstance(value, str) else said
