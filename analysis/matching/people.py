"""Names of people and companies in running text: without what stands around them, and in full.

A run of capitalised words may begin with words that are no name: "On Monday Netflix CEO Reed Hastings".
"""

from __future__ import annotations

import re

from analysis.matching.speech import OFFICE, PERSON, RUN
from analysis.text import Text, fold

DATES = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday".split()
)
OPENERS = frozenset(
    "a according additionally after afterwards also although an and another anybody anyone as asked at because "
    "before but by despite during each earlier either even every everybody everyone finally for from he her his "
    "how however i if in instead it its last later like many meanwhile moreover most nevertheless next no nobody "
    "nor not now of on once one only or other our over people police she since so some somebody someone still "
    "such that the their then there these they this those though through thus to today tonight under unless until "
    "we what when where whether which while who why with yesterday yet you your".split()
)
"""Words that are capitalised only because a sentence begins with them, folded."""
TITLES = frozenset(
    "administrator analyst attorney author captain ceo cfo chairman chairwoman chief cio col commissioner coo cto "
    "director dr executive founder gov governor insider judge justice leader lt manager mayor minister miss mr "
    "mrs ms mx officer president prof professor rep secretary sen senator sir spokesman spokesperson spokeswoman "
    "state vp".split()
)
"""Words before a name that are no part of it, folded."""
_RUN_BEFORE = re.compile(rf"(?<![\w’'-]){RUN}$")
_OFFICE_BEFORE = re.compile(rf"(?<![\w’'-])({OFFICE}),? $")
_OFFICE_AFTER = re.compile(rf", ((?:[\w’'-]+ ){{0,6}}?{PERSON}\b[^,.;\"“]{{0,60}})")
_WIDE = 60
"""Characters before a surname or name in which a first name or an office is looked for."""


def bare(run: str) -> str:
    """The name in a run of capitalised words; empty where there is none.

    >>> bare("On Monday Netflix CEO Reed Hastings"), bare("Mr. Hastings Friday"), bare("Yesterday")
    ('Reed Hastings', 'Hastings', '')
    """
    words = run.split()
    while words and fold(words[0]).rstrip(".") in OPENERS | DATES:
        words.pop(0)
    while words and fold(words[-1]).rstrip(".") in DATES:
        words.pop()
    titles = [number for number, word in enumerate(words) if fold(word).rstrip(".") in TITLES]
    return " ".join(words[titles[-1] + 1 :] if titles else words)


def in_full(name: str, text: Text, start: int = 0) -> str:
    """`name`, or for a single word what ends in it where it first stands from `start` on: Steve Swasey for Swasey."""
    for token in text.index.get(fold(name), ()) if " " not in name else ():
        if text.starts[token] >= start:
            run = _RUN_BEFORE.search(text.raw, max(text.starts[token] - _WIDE, 0), text.ends[token])
            found = bare(run[0]) if run else name
            return found if found.endswith(f" {name}") else name
    return name


def office(name: str, text: Text) -> str:
    """What `text` says that somebody is, where it first names him: "Netflix spokesman"; empty where it does not."""
    start = text.raw.find(name)
    if start < 0:
        return ""
    before = _OFFICE_BEFORE.search(text.raw, max(start - _WIDE, 0), start)
    after = _OFFICE_AFTER.match(text.raw, start + len(name))
    return before[1] if before else after[1] if after else ""
