"""Whose text an outlet prints: the agency or the sender of a press release that it names.

Supporting evidence only: many outlets carry a wire under their own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# As it stands in a dateline, and in full. The short form counts in this spelling only.
_AGENCIES = {
    "AP": "Associated Press",
    "Reuters": "Thomson Reuters",
    "AFP": "Agence France-Presse",
    "dpa": "Deutsche Presse-Agentur",
    "UPI": "United Press International",
    "PA": "Press Association",
    "APA": "Austria Presse Agentur",
    "SDA": "Keystone-SDA",
    "EFE": "Agencia EFE",
    "ANSA": "Agenzia ANSA",
    "LUSA": "Agência Lusa",
    "NTB": "Norsk Telegrambyrå",
    "TT": "TT Nyhetsbyrån",
    "Ritzau": "Ritzaus Bureau",
    "Belga": "Agence Belga",
    "ANP": "Algemeen Nederlands Persbureau",
    "PAP": "Polska Agencja Prasowa",
    "Kyodo": "Kyodo News",
    "Xinhua": "Xinhua News Agency",
    "TASS": "Tass News Agency",
    "PTI": "Press Trust of India",
    "AAP": "Australian Associated Press",
    "CP": "Canadian Press",
    "Bloomberg": "Bloomberg News",
    "IDG": "IDG News Service",
    "PRNewswire": "PR Newswire",
    "Business Wire": "BUSINESS WIRE",
    "GlobeNewswire": "Globe Newswire",
    "ots": "news aktuell",
}
_NAMES = {
    short: re.compile(rf"(?<!\w)(?:{re.escape(short)}|(?i:{re.escape(full)}))(?!\w)")
    for short, full in _AGENCIES.items()
}
# "NEW YORK (AP) - ", "BERLIN (dpa/AFP) –", "DALLAS, Aug. 12 /PRNewswire/ --", "LOS GATOS--(BUSINESS WIRE)--"
_DATELINE = re.compile(r"[(/](\w[\w .,/-]{1,30}?)[)/]\s*(?:[-–—:]|$)", re.MULTILINE)
_SOURCE = re.compile(r"^(?:source|quelle|fuente|fonte|bron)s?\s*:\s*(\S.{1,40}?)\.?\s*$", re.IGNORECASE | re.MULTILINE)
_RIGHTS = re.compile(r"(?:copyright|©|\(c\)).{0,60}$", re.IGNORECASE | re.MULTILINE)
_HEAD, _TAIL = 300, 500  # characters in which an agency is named


def credit(authors: Iterable[str], body: str) -> str | None:
    """Name of the agency or sender in small letters; None where nobody is named.

    Looked for in the byline, the dateline, the line that says "Source: ..." (whoever that names) and the notice of
    rights at the end.
    """
    head, tail = body[:_HEAD], body[-_TAIL:]
    source = _SOURCE.search(tail)
    for text in (*authors, *_DATELINE.findall(head), *([source[1]] if source else ()), *_RIGHTS.findall(tail)):
        if name := agency(text):
            return name
    return source[1].casefold() if source else None


def agency(text: str) -> str | None:
    """The agency that a name, byline or outlet speaks of first; None where it speaks of none."""
    found = [(match.start(), name) for name, pattern in _NAMES.items() if (match := pattern.search(text))]
    return min(found)[1].casefold() if found else None
