"""One way to tell somebody: an Apprise URL that stands in the environment and nowhere else."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.errors import NoticeUndelivered
from analysis.notices.notice import Notice

_TALKATIVE = ("apprise", "urllib3", "requests", "requests_oauthlib", "smtplib")
"""Whose log lines hold addresses with tokens."""


def send(url: str, notice: Notice) -> None:
    """Tell `notice` to whoever is behind `url`.

    Raises:
        NoticeUndelivered: the URL is none of Apprise's, or nobody took the message. Never says what the URL is.
    """
    import apprise  # noqa: PLC0415  half a second, only where somebody is to be told

    memory = apprise.PersistentStoreMode.MEMORY
    asset = apprise.AppriseAsset(app_id="presswatch", secure_logging=True, storage_mode=memory)
    mails = url.lower().startswith(("mailto:", "mailtos:"))
    if mails:  # pictures stand where the page names them (RFC 2387)
        url += f"{'&' if '?' in url else '?'}inline=yes"
    with _silent(), TemporaryDirectory() as name:
        try:
            plugin = apprise.Apprise.instantiate(url, asset=asset)
            if plugin is None:
                raise NoticeUndelivered("what it holds is no Apprise URL")
            body, kind = (notice.html, "html") if mails and notice.html else (notice.text, "text")
            told = apprise.Apprise(asset=asset)
            told.add(plugin)
            files = [*(_written(Path(name), notice.pictures) if kind == "html" else []), *notice.files]
            attached = [str(path) for path in files] if plugin.attachment_support else None
            if not told.notify(body=body, title=notice.title, body_format=kind, attach=attached or None):
                raise NoticeUndelivered("nobody took the message")
        except NoticeUndelivered:
            raise
        except Exception as error:  # a plugin of a hundred services may raise anything
            raise NoticeUndelivered(f"the channel failed ({type(error).__name__})") from None


def _written(folder: Path, pictures: dict[str, bytes]) -> list[Path]:
    found = []
    for key, picture in pictures.items():
        path = folder / f"{key}.png"
        path.write_bytes(picture)
        found.append(path)
    return found


@contextmanager
def _silent() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Apprise's own, of Python's old modules
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
