"""When the story happens: its days counted from 11 August 2008, laid over any other dates.

Articles say "day 3, 09:12"; a `Replay` knows which date day 3 is. Their text names days only by placeholders,
so that weekdays, months and years are right wherever the story is put.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FAILURE = date(2008, 8, 11)
"""Day 0: the Monday on which the shipping system failed."""
RECOVERY = 4
"""The day on which every shipping centre worked again: Friday 15 August 2008."""
HOME = ZoneInfo("America/Los_Angeles")
"""The zone of `today` and of the demo's report."""

_PLACEHOLDER = re.compile(r"\{(weekday|date|daymonth|month|year):(-?\d+)\}")
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
}
_PRESS_MONTHS = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split()


@dataclass(frozen=True, slots=True)
class Replay:
    """One way to lay the story over the calendar: which date is its day 0."""

    failure: date = FAILURE

    @classmethod
    def parse(cls, spec: str, now: datetime, last: datetime) -> Replay:
        """Read `2008` (as it was), `today-N` or an ISO date (of the recovery), or `latest`.

        `latest` puts the last article, at `last` in 2008, as close before `now` as whole days allow.
        Raises ValueError for anything else.
        """
        if spec == "2008":
            return cls()
        if spec == "latest":
            return cls(FAILURE + timedelta(days=(now - last).days))
        if found := re.fullmatch(r"today(?:-(\d+))?", spec):
            recovery = now.astimezone(HOME).date() - timedelta(days=int(found[1] or 0))
        else:
            try:
                recovery = date.fromisoformat(spec)
            except ValueError:
                raise ValueError(f"replay: 2008, latest, today-N or YYYY-MM-DD, not {spec!r}") from None
        return cls(recovery - timedelta(days=RECOVERY))

    def date(self, day: int) -> date:
        """The date of a day of the story; day 0 is the failure."""
        return self.failure + timedelta(days=day)

    def moment(self, day: int, clock: str, zone: ZoneInfo) -> datetime:
        """The aware moment of a local time such as "09:12" on a day of the story."""
        return datetime.combine(self.date(day), time.fromisoformat(clock), zone)

    def fill(self, text: str, language: str) -> str:
        """Put dates in the place of `{weekday:3}`, `{date:3}`, `{daymonth:3}`, `{month:3}` and `{year:3}`."""
        return _PLACEHOLDER.sub(lambda found: _say(self.date(int(found[2])), found[1], language), text)


def _say(day: date, how: str, language: str) -> str:
    month = MONTHS[language].split()[day.month - 1]
    if how == "weekday":
        return WEEKDAYS[language].split()[day.weekday()]
    if how == "month":
        return month
    if how == "year":
        return str(day.year)
    if how == "date" and language == "en":  # as American papers write it
        return f"{_PRESS_MONTHS[day.month - 1]} {day.day}"
    if language == "fr" and day.day == 1:
        return f"1er {month}"
    return f"{day.day}{'.' if language == 'de' else ''} {month}"
