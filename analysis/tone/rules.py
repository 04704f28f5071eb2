"""What a word says about this brand: how near it stands, and who does it to whom.

There is no parser behind this. Each rule is one sentence that a PR analyst can check on the sentence itself, and
each was kept because it brought the labels of data/tone/brandnews.jsonl nearer.
"""

from __future__ import annotations

from analysis.tone.pack import Entry
from analysis.tone.reading import Reading

CLAUSE_LEAVES = 0.85
"""Share of a word's weight that is left after each border between clauses on the way to the brand."""
NAME_LEAVES = 0.85
"""The same after each other name on the way, of which two count."""
OWNED_BY_BRAND, OWNED_BY_NAME = 0.2, 0.6
"""Share left where a word stands nearer to another watched brand, or to another name, than to the brand."""
PRAISE_LEAVES = 0.6
"""Share of a good word that only VADER's lexicon knows. It was made for posts about films and meals: 46% of its
good words stand in a sentence that is good for the brand, 51% of its bad ones in one that is bad for it."""
BORDER = 4
"""Words that a border between clauses counts for when we ask what stands nearer."""
FAR_LEAVES = 0.5
"""Share of a role's valence where another name stands nearer to the verb than the brand."""
REMEDY_LEAVES = 0.4
"""Share left of the words for a failure in a sentence that names its remedy; the remedy is the news."""
REMEDY = 0.8
"""Valence times weight from which a remedy counts as named."""
BE = frozenset("is are was were be been being gets get got".split())
PASSIVE = frozenset("beaten sued hit hurt overtaken taken shown undercut outsold outdone".split())


def weight(reading: Reading, i: int, entry: Entry | None = None) -> float:
    """How much of word i counts for the brand, 0 to 1: less from afar, and less where it is said of another.

    An entry of the pack that names the brand counts in full; one that tells doer from done-to has found out
    already whom it is said of.
    """
    if not reading.brand or (entry and entry.names_brand):
        return 1.0
    clauses = reading.clauses
    brand = reading.brand
    nearest = brand[0] if len(brand) == 1 else min(brand, key=lambda k: abs(k - i))
    low, high = min(i, nearest), max(i, nearest)
    share = CLAUSE_LEAVES ** (clauses[high] - clauses[low])
    if not reading.names:
        return share
    share *= NAME_LEAVES ** min(sum(low < k < high for k in reading.names), 2)

    def distance(k: int) -> int:
        return abs(k - i) + (BORDER if clauses[k] != clauses[i] else 0)

    owner = min(reading.names, key=distance)
    if (entry is None or entry.object is None) and distance(owner) < distance(nearest):
        share *= OWNED_BY_BRAND if owner in reading.watched else OWNED_BY_NAME
    return share


def toward(entry: Entry, reading: Reading, i: int) -> tuple[float, str]:
    """Valence of an entry found at word i toward the brand, and the rule in words.

    An entry that tells doer from done-to asks on which side of the verb the nearest name stands; "is mocked by"
    turns the sides round.
    """
    if entry.object is None:
        return entry.valence, ""
    names = reading.names
    before = max((k for k in (*reading.brand, *names) if k < i), default=None)
    after = min((k for k in (*reading.brand, *names) if k > i), default=None)
    near = True
    if before in reading.brand:
        left = True
    elif after in reading.brand:
        left = False
    else:
        near = not reading.brand
        left = near or reading.brand[0] < i
    if left != is_passive(reading, i):
        valence, rule = entry.valence, "the brand does it"
    else:
        valence, rule = entry.object, "it is done to the brand"
    return (valence, rule) if near else (valence * FAR_LEAVES, f"{rule}, another name is nearer")


def is_passive(reading: Reading, i: int) -> bool:
    """Whether word i is a participle after a form of "be"."""
    word = reading.words[i]
    return (word.endswith("ed") or word in PASSIVE) and not BE.isdisjoint(reading.words[max(0, i - 2) : i])
