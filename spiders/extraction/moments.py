"""Reads one written date: ISO 8601, RFC 822, epoch seconds, and the words of a dozen languages.

Nothing is guessed: a date that cannot be, an offset beyond +-14 hours or an ambiguous 04/05/2024 is no date.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

UNSTATED = timezone(timedelta(0), "unstated")
"""Zone of a time whose page names none: counts as UTC, but says that nobody stated it."""

_MAX_OFFSET = timedelta(hours=14)
_EARLIEST = 1990
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2,
    "EEST": 3, "SAST": 2, "CAT": 2, "EAT": 3, "WAT": 1, "MSK": 3, "IST": 5.5, "PKT": 5, "HKT": 8, "SGT": 8, "JST": 9,
    "KST": 9, "AWST": 8, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6,
    "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "AST": -4, "ADT": -3,
}  # fmt: skip
_REGIONS = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
}  # fmt: skip
"""What American outlets write the year round, whatever the law does to the clock."""
_MONTHS = """
    january januar janvier enero gennaio janeiro januari jaenner jänner ocak styczeń stycznia sausio tammikuuta
    february februar février fevrier febrero febbraio fevereiro februari feber şubat subat luty lutego vasario
    march märz maerz mars marzo março marco maart mart marzec marca kovo maaliskuuta
    april avril abril aprile nisan kwiecień kwietnia balandžio huhtikuuta
    may mai mayo maggio maio mei maj mayıs mayis maja gegužės toukokuuta
    june juni juin junio giugno junho haziran czerwiec czerwca birželio kesäkuuta
    july juli juillet julio luglio julho temmuz lipiec lipca liepos heinäkuuta
    august août aout agosto augustus augusti ağustos agustos sierpień sierpnia rugpjūčio elokuuta
    september septembre septiembre setiembre settembre setembro eylül eylul wrzesień września rugsėjo syyskuuta
    october oktober octobre octubre ottobre outubro ekim październik października spalio lokakuuta
    november novembre noviembre novembro kasım kasim listopad listopada lapkričio marraskuuta
    december dezember décembre decembre diciembre dicembre dezembro desember aralık aralik grudzień grudnia gruodžio
    """.strip().splitlines()
_SHORT = """
    jan ene gen janv | feb févr fév | mar mär mrz mars | apr abr avr | may mag | jun giu | jul lug juil | aug ago aoû |
    sep sept set | oct okt ott | nov | dec dez dic des déc
    """.split("|")
_MONTH = {name: number for names in (_MONTHS, _SHORT) for number, line in enumerate(names, 1) for name in line.split()}
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:(?:T|\s+|\s*,\s*)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*([A-Za-z]{1,4}\b|[+-]\d{2}:?\d{2}\b|[+-]\d{2}\b)?)?"
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?Z?)?$")
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,14})\.?,?\s+(?:de\s+|del\s+)?(\d{4})\b"
)
_MONTH_DAY = re.compile(r"\b([^\W\d_]{3,14})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
_SLASHED = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")
_CLOCK = re.compile(
    r"\b(\d{1,2})[:.h](\d{2})(?::(\d{2}))?\s*([ap]\.?m\b\.?)?(?:\s*(?:Uhr)?\s*\(?([A-Z]{1,4}\b|[+-]\d{2}:?\d{2}))?",
    re.I,
)


def read_moment(raw: str) -> datetime | None:
    """The moment that a machine or a person wrote; zone `UNSTATED` where none is given, midnight where no
    time is. None for what is no date, impossible or ambiguous."""
    raw = raw.strip()[:120]
    if not re.search(r"\d", raw):
        return None
    for reader in (_epoch, _iso, _rfc822, _words):
        try:
            if (when := reader(raw)) is not None:
                return when if when.year >= _EARLIEST else None
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def states_time(when: datetime) -> bool:
    """False for a bare day."""
    return bool(when.hour or when.minute or when.second) or when.tzname() != "unstated"


def _epoch(raw: str) -> datetime | None:
    if not _EPOCH.match(raw):
        return None
    return datetime.fromtimestamp(int(raw) / (1000 if len(raw) == 13 else 1), UTC)


def _iso(raw: str) -> datetime | None:
    if match := _COMPACT.match(raw):
        parts = [int(part or 0) for part in match.groups()]
        return datetime(*parts, tzinfo=UTC if raw.endswith("Z") else UNSTATED)  # type: ignore[arg-type,misc]
    if not (match := _ISO.search(raw)):
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    rest = raw[match.end() :]
    if zone and zone.lower() in ("am", "pm"):
        rest, zone = f"{zone}{rest}", None
    hour = _half_day(int(hour or 0), rest)
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    tz = _zone(zone) if zone else _zone_after(rest)
    return datetime(int(year), int(month), int(day), hour, int(minute or 0), int(second or 0), micro, tzinfo=tz)


def _rfc822(raw: str) -> datetime | None:
    if not re.match(r"^(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3}[a-z]*\s+\d{4}\s+\d{1,2}:\d{2}", raw):
        return None
    zone = raw.rsplit(None, 1)[-1]
    when = parsedate_to_datetime(raw).replace(tzinfo=None)
    return when.replace(tzinfo=_zone(zone) if not re.match(r"^\d{1,2}:", zone) else UNSTATED)


def _words(raw: str) -> datetime | None:
    day = _day(raw)
    if day is None:
        return None
    rest = re.sub(r"\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{4}", " ", raw)
    clock = _CLOCK.search(rest)
    if not clock:
        return datetime(*day, tzinfo=UNSTATED)
    hour, minute, second, half, zone = clock.groups()
    local = datetime(*day, _half_day(int(hour), half or ""), int(minute), int(second or 0), tzinfo=UNSTATED)
    tz = _zone(zone) if zone and zone[0] in "+-" else zone_at((zone or "").upper(), local)
    return local.replace(tzinfo=tz or UNSTATED)


def _day(raw: str) -> tuple[int, int, int] | None:
    if match := _CJK.search(raw):
        return int(match[1]), int(match[2]), int(match[3])
    for match in _DAY_MONTH.finditer(raw):
        if month := _MONTH.get(match[2].lower()):
            return int(match[3]), month, int(match[1])
    for match in _MONTH_DAY.finditer(raw):
        if month := _MONTH.get(match[1].lower()):
            return int(match[3]), month, int(match[2])
    if match := _DOTTED.search(raw):
        return int(match[3]), int(match[2]), int(match[1])
    if match := _SLASHED.search(raw):
        first, second = int(match[1]), int(match[2])
        if first > 12 or first == second:
            return int(match[3]), second, first
        if second > 12:
            return int(match[3]), first, second
    return None


def _half_day(hour: int, mark: str) -> int:
    letter = mark.strip().lower()[:1] if re.match(r"^\s*[ap]\.?m", mark, re.I) else ""
    if letter == "p" and hour < 12:
        return hour + 12
    return 0 if letter == "a" and hour == 12 else hour


def _zone_after(rest: str) -> timezone:
    match = re.match(r"\s*\(?(?:[ap]\.?m\.?\s*)?([A-Z]{2,4})\b", rest)
    return _zone(match[1]) if match and match[1] in _ZONES else UNSTATED


def zone_at(name: str, local: datetime) -> timezone | None:
    """The zone that an abbreviation means at a local time; None for an unknown one.

    >>> print(zone_at("ET", datetime(2008, 8, 12)), zone_at("EST", datetime(2008, 8, 12)))
    UTC-04:00 UTC-05:00
    """
    if name in _REGIONS:
        offset = local.replace(tzinfo=ZoneInfo(_REGIONS[name])).utcoffset()
    else:
        offset = timedelta(hours=_ZONES[name]) if name in _ZONES else None
    return None if offset is None else timezone(offset)


def _zone(name: str) -> timezone:
    """+02:00, +0200, +02, Z or a common abbreviation; UNSTATED for an unknown one.

    Raises:
        ValueError: an offset that no place on earth has.
    """
    if name[0] in "+-":
        digits = name[1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        if offset > _MAX_OFFSET or int(digits[2:]) >= 60:
            raise ValueError(name)
        return timezone(-offset if name[0] == "-" else offset)
    hours = _ZONES.get(name.upper())
    return UNSTATED if hours is None else timezone(timedelta(hours=hours))
