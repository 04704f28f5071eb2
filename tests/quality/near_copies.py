"""Pairs of texts of which we know whether one is a copy of the other, made from real pages by documented edits.

    python -m tests.quality.near_copies dev [SEED]       to choose by
    python -m tests.quality.near_copies report [SEED]    the figures in docs/choices.md
    python -m tests.quality.near_copies other [SEED]     the same recipe on pages that nothing was chosen by

Prints precision and recall, with what went wrong by kind. `dev` and `report` are the publishers' pages, split by
publisher; `other` those of data/extraction.

The pages lie outside the repository (they belong to their publishers); what is put into them is invented here.

Copies (an article and what an outlet makes of it, and two such results against each other), each with one to five of:
  tail        the last 10 to 50 percent of the sentences cut
  dropped     up to a fifth of the other sentences left out
  local       one to three invented sentences of local interest in front, at most a quarter of what was kept
  byline      a dateline or an agency's credit in front of the first sentence
  boilerplate invented notes of the outlet at the end: newsletter, rights, who wrote and edited
  typing      up to 2 percent of the words with two letters exchanged, none in numbers
  marks       other quotation marks, dashes and spaces; now and then all paragraphs in one
No copies:
  other       two pages of one language, those of one publisher first
  notes       the same, both with the same long boilerplate at the end
  follow_up   a later text of which 60 to 75 percent is new, the rest taken from the earlier one; the new part from a
              page that has no ten words running in common with the earlier one
  contrary    the whole text with one to three words turned into their opposites (English and German pages)
  numbers     the whole text, every number another one (pages with a number in 40 words)
  names       the whole text, every capitalised word that is not at the beginning of a sentence another one, and every
              number another one: a template (not for languages without small letters)
Each pair is decided as the store does it: a shared band of the signature, then `compare`.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from analysis.stories.address import host
from analysis.stories.copies import Verdict, compare
from analysis.stories.signature import bands
from analysis.stories.words import Words, comparable

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
COPIES, OTHERS = 60, 48
"""Pairs of each page that are copies, and that are not; the contrary, numbers and names twice each where they apply."""

_LOCAL = (
    "Readers in {} may feel this close to home. ", "In {}, people followed the news with interest on {}. ",
    "Our newsroom in {} asked around on {}; most had heard of it. ", "The mayor of {} did not wish to comment. ",
    "What it means for {} is not clear yet, a member of the council said. ",
)  # fmt: skip
_TOWNS = ("Ashford", "Brindle Bay", "Castlemoor", "Dunmere", "Eastwick", "Farrow Point", "Gledhill")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_DATELINES = ("{} (AP) - ", "{} (Reuters) — ", "{}, (dpa) – ", "By our correspondent in {}: ", "{} | ")
_NOTES = (
    "Sign up for our morning newsletter and never miss a story that matters to you and your family.",
    "Copyright 2026 The Gazette Group. All rights reserved. This material may not be published or rewritten.",
    "(Reporting by Ana Field and Tom Marsh; editing by Ivo Stone)", "Follow us on all channels.",
    "Do you have a story for us? Write to the newsroom, and we will treat your message in confidence.",
    "This article first appeared in the weekend edition. Subscribers can read all of our archive from 1998 onwards.",
    "Support independent journalism: from only a few pennies a day you keep our reporters on the road.",
)  # fmt: skip
_OPPOSITES = {
    "en": {
        "rose": "fell", "fell": "rose", "up": "down", "down": "up", "higher": "lower", "lower": "higher",
        "more": "less", "less": "more", "increase": "decrease", "increased": "decreased", "grew": "shrank",
        "won": "lost", "lost": "won", "gain": "loss", "gains": "losses", "growth": "decline", "confirmed": "denied",
        "said": "denied", "accepted": "rejected", "opened": "closed", "bought": "sold", "above": "below",
        "before": "after", "after": "before", "with": "without", "best": "worst", "not": "", "never": "always",
    },
    "de": {
        "gestiegen": "gesunken", "stieg": "sank", "mehr": "weniger", "weniger": "mehr", "höher": "niedriger",
        "Gewinn": "Verlust", "bestätigt": "dementiert", "sagte": "dementierte", "nicht": "", "beginnt": "endet",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """Two texts in the order in which they were published."""

    kind: str
    earlier: str
    later: str
    copy: bool


def pages(part: str) -> list[dict[str, str]]:
    """Real pages with a text of at least 120 words: publisher, language, body."""
    folder = "extraction" if part == "other" else "publishers"
    rows = json.loads((DATA / folder / "truth.json").read_text("utf8")).values()
    found = [{"publisher": host(row["url"]), "language": "en", **row} for row in rows]
    return [
        row for row in found if len(Words(row.get("body") or "")) >= 120 and part in ("other", half(row["publisher"]))
    ]


def half(publisher: str) -> str:
    """`dev` or `report`: all pages of a publisher are in one of them."""
    return "report" if sha256(publisher.encode("utf8")).digest()[0] % 2 else "dev"


def sentences(body: str) -> list[str]:
    """Of the text, each with the blank or line break behind it."""
    return [found for found in re.findall(r".+?(?:[.!?。]+[\"”’»)]*\s+|\n+|$)", body, re.DOTALL) if found.strip()]


def _local(text: list[str], chance: random.Random) -> list[str]:
    most = sum(len(s.split()) for s in text) / 4
    told = [chance.choice(_LOCAL).format(chance.choice(_TOWNS), chance.choice(_DAYS)) for _ in range(3)]
    while told and sum(len(s.split()) for s in told) > most:
        told.pop()
    return told[: chance.randint(1, 3)] + text


def _byline(text: list[str], chance: random.Random) -> list[str]:
    return [chance.choice(_DATELINES).format(chance.choice(_TOWNS).upper()) + text[0], *text[1:]]


def _tail(text: list[str], chance: random.Random) -> list[str]:
    return text[: max(3, round(len(text) * chance.uniform(0.5, 0.9)))]


def _dropped(text: list[str], chance: random.Random) -> list[str]:
    return [s for s in text if chance.random() > 0.2] or text


def _boilerplate(text: list[str], chance: random.Random) -> list[str]:
    return [*text, "\n", *(note + " " for note in chance.sample(_NOTES, chance.randint(1, 3)))]


def _typing(text: list[str], chance: random.Random) -> list[str]:
    def slip(match: re.Match[str]) -> str:
        word = match[0]
        if chance.random() > 0.02:
            return word
        place = chance.randrange(1, len(word) - 1)
        return (
            word[:place] + word[place + 1 :: -1][:0] + word[place + 1] + word[place] + word[place + 2 :]
            if place + 1 < len(word)
            else word
        )

    return [re.sub(r"[^\W\d_]{4,}", slip, s) for s in text]


def _marks(text: list[str], chance: random.Random) -> list[str]:
    exchange = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "–": "-", "—": "-", " ": " "})
    flat = chance.random() < 0.3
    return [s.translate(exchange).replace("\n", " " if flat else "\n\n") for s in text]


EDITS: tuple[Callable[[list[str], random.Random], list[str]], ...] = (
    _tail, _dropped, _typing, _marks, _byline, _local, _boilerplate,
)  # fmt: skip
"""In the order in which they are made."""


def edited(body: str, chance: random.Random) -> str:
    """What an outlet makes of a text."""
    chosen = set(chance.sample(range(len(EDITS)), chance.randint(1, 5)))
    text = sentences(body)
    for number, edit in enumerate(EDITS):
        if number in chosen:
            text = edit(text, chance)
    return "".join(text)


def contrary(body: str, language: str, chance: random.Random) -> str | None:
    """One to three words turned into their opposites; None where there are none to turn."""
    opposites = _OPPOSITES.get(language, {})
    places = [m for m in re.finditer(r"[^\W\d_]+", body) if m[0] in opposites]
    if not places:
        return None
    for match in sorted(chance.sample(places, min(len(places), chance.randint(1, 3))), key=lambda m: -m.start()):
        body = body[: match.start()] + opposites[match[0]] + body[match.end() :]
    return body


def numbered(body: str, chance: random.Random) -> str:
    """Every number another one of as many digits."""
    return re.sub(r"\d+", lambda m: "".join(str((int(d) + chance.randint(1, 8)) % 10) for d in m[0]), body)


def renamed(body: str, chance: random.Random) -> str:
    """Every name another one, the same for the same."""
    names: dict[str, str] = {}

    def exchange(match: re.Match[str]) -> str:
        invented = "".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(3)).title()
        return names.setdefault(match[0], invented)

    return re.sub(r"(?<=[a-zà-ž,] )[A-ZÀ-Ž][^\W\d_]{2,}", exchange, numbered(body, chance))


def tens(body: str) -> set[str]:
    """Every ten words running."""
    words = body.split()
    return {" ".join(words[place : place + 10]) for place in range(len(words) - 9)}


def follow_up(body: str, other: str, chance: random.Random) -> str:
    """A text of which 25 to 40 percent is taken from `body`, in one or two pieces, and the rest from `other`."""
    old, new = sentences(body), sentences(other)
    count = max(2, min(len(old), len(new)) // 3)
    start = chance.randrange(max(1, len(old) - count))
    taken = old[start : start + count]
    words, share = sum(len(s.split()) for s in taken), chance.uniform(0.25, 0.4)
    fresh: list[str] = []
    while new and sum(len(s.split()) for s in fresh) < words * (1 - share) / share:
        fresh.append(new.pop(0))
    while taken and words > share / (1 - share) * sum(len(s.split()) for s in fresh):
        words -= len(taken.pop().split())
    return "".join([*fresh[: len(fresh) // 2], *taken, *fresh[len(fresh) // 2 :]])


def pairs(part: str, seed: int) -> Iterator[Pair]:
    """At least 5,000."""
    chance = random.Random(seed)
    found = pages(part)
    for number, page in enumerate(found):
        body, language = page["body"], page["language"]
        for _ in range(COPIES // 2):
            first, second = edited(body, chance), edited(body, chance)
            yield Pair("copy", body, first, True)
            yield Pair("two copies", first, second, True)
        rest = [p for p in found[:number] + found[number + 1 :] if p["language"] == language] or found[:number]
        rest.sort(key=lambda p: (p["publisher"] != page["publisher"], chance.random()))
        for other in rest[: OTHERS // 3]:
            yield Pair("other", body, other["body"], False)
            notes = "\n" + " ".join(chance.sample(_NOTES, 5))
            yield Pair("notes", body[:700] + notes, other["body"][:700] + notes, False)
            if not tens(body) & tens(other["body"]):
                yield Pair("follow_up", body, follow_up(body, other["body"], chance), False)
        for _ in range(2):
            if turned := contrary(body, language, chance):
                yield Pair("contrary", body, turned, False)
            if len(re.findall(r"\d+", body)) * 40 >= len(body.split()):
                yield Pair("numbers", body, numbered(body, chance), False)
            if language in {"en", "fr", "es", "it", "nl", "sv", "no", "pl", "tr"}:
                yield Pair("names", body, renamed(body, chance), False)


def is_copy(earlier: str, later: str) -> bool:
    """As the store decides."""
    one, other = comparable("", earlier), comparable("", later)
    return bool(set(bands(one)) & set(bands(other))) and compare(one, other).verdict is Verdict.COPY


def measure(part: str, seed: int) -> tuple[float, float, int, Counter[str], Counter[str]]:
    """Precision, recall, pairs, pairs of each kind and mistakes of each kind."""
    kinds: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    hits = claimed = copies = 0
    for pair in pairs(part, seed):
        said = is_copy(pair.earlier, pair.later)
        kinds[pair.kind] += 1
        wrong[pair.kind] += said != pair.copy
        hits += said and pair.copy
        claimed += said
        copies += pair.copy
    return hits / claimed, hits / copies, kinds.total(), kinds, wrong


def main() -> None:
    """Measures and prints."""
    part = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    precision, recall, count, kinds, wrong = measure(part, seed)
    print(f"{part}, {count} pairs: precision {precision:.4f}, recall {recall:.4f}")
    for kind in kinds:
        print(f"  {kind:>10}: {wrong[kind]} of {kinds[kind]} wrong")


if __name__ == "__main__":
    main()
