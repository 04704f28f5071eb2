"""Pages that nobody wrote: drawn words, the same for the same seeds, which tell stories apart."""

from __future__ import annotations

import random

_COMMON = """
    the company said on monday that its plans for the coming year would not change although analysts had expected more
    from a market which has been slow since spring and may remain so until new rules are in force
""".split()
_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bran clim dorf gren".split()


def page(story: str, article: str, *, named: bool, correction: str = "") -> bytes:
    """A page of some 5 KB in the words of a story; about Netflix and Blockbuster if so wished.

    correction: words at the end of its first sentence about Netflix
    """
    chance = random.Random(story)
    words = ["".join(chance.choices(_SYLLABLES, k=3)) for _ in range(40)]
    chance = random.Random(article)
    drawn = [" ".join(w for _ in range(7) for w in (chance.choice(_COMMON), chance.choice(words))) for _ in range(30)]
    sentences = [sentence.capitalize() + "." for sentence in drawn]
    title = f"Report from {words[0].title()}: {words[1]} {article}"
    if named:
        title = f"Netflix outage in {words[0].title()}, part {article}"
        sentences[2] = f"Netflix had a terrible outage in {words[0].title()}{correction}."
        sentences[7] = "Blockbuster said that it was happy to help customers."
    body = "".join(f"<p>{' '.join(sentences[n : n + 3])}</p>" for n in range(0, 30, 3))
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body><article><h1>{title}</h1>{body}</article></body></html>".encode()
