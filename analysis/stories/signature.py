"""What a text looks like in a few numbers: two texts that share one of them are worth laying side by side.

MinHash over runs of four words (Broder, "On the resemblance and containment of documents", 1997), by rensa; pairs of
its values are the bands of an LSH (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", section 3.4). Two
texts with a share J of their runs in common share a band with probability 1 - (1 - J^2)^64: 0.48 at a tenth, 0.93 at
a fifth, 0.998 at three tenths.
"""

from __future__ import annotations

from zlib import crc32

from rensa import RMinHash

from analysis.stories.words import Words

BANDS = 64
_ROWS = 2
_RUN = 4
_TELLING_HEADLINE = 5
_SEED = 1  # changing any of these makes what is stored useless for what comes


def bands(text: Words) -> list[int]:
    """64 numbers of 32 bits, the number of the band being part of each; none for a text without words."""
    runs = text.runs(_RUN)
    if not runs:
        return []
    sketch = RMinHash(num_perm=BANDS * _ROWS, seed=_SEED)
    sketch.update(runs)
    values = sketch.digest()
    rows = (values[band * _ROWS : (band + 1) * _ROWS] for band in range(BANDS))
    return [crc32(f"{band} {row}".encode()) for band, row in enumerate(rows)]


def headline_band(title: str) -> list[int]:
    """One more for the headline: outlets that print only the beginning of a wire mostly keep its headline. None where
    it is too short to mean anything ("Business in brief")."""
    words = Words(title).folded
    return [crc32(" ".join(words).encode("utf8", "replace"))] if len(words) >= _TELLING_HEADLINE else []
