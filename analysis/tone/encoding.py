"""What the target model reads: the masked sentence as WordPiece ids, the target always under the same token.

The target becomes one spare token of BERT's vocabulary and every other known brand another, so the answer cannot
depend on what the brand is called: renaming invariance by construction instead of by training alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from analysis.tone.mask import OTHER, TARGET

LIMIT = 96
"""Tokens of a sentence that are read, around the target where it is longer."""
PAD_ID, TARGET_ID, OTHER_ID, CLS_ID, SEP_ID = 0, 1, 2, 101, 102
SPARE = {TARGET: "[unused0]", OTHER: "[unused1]"}
"""BERT's unused tokens; we train them to stand for the target and for any other brand."""

_WORDS = re.compile(rf"{TARGET}|{OTHER}", re.IGNORECASE)
_SPECIAL = re.compile(r"\[(?=(?:unused\d+|cls|sep|pad|unk|mask)\])", re.IGNORECASE)


class Encoder:
    """WordPiece (Wu et al., 2016) as BERT uncased does it, from a plain `vocab.txt`."""

    def __init__(self, vocabulary: Path) -> None:
        words = vocabulary.read_text(encoding="utf8").splitlines()
        self._tokenizer = Tokenizer(WordPiece({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
        self._tokenizer.normalizer = BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = BertPreTokenizer()
        self._tokenizer.add_special_tokens(list(SPARE.values()))

    def ids(self, masked: Sequence[str]) -> list[list[int]]:
        """Ids of sentences masked by `mask.Masker`, between [CLS] and [SEP]: at most LIMIT, the target inside.

        A sentence without the target is read as one about it.
        """
        encoded = self._tokenizer.encode_batch([_spare(text) for text in masked], add_special_tokens=False)
        return [[CLS_ID, *_window(each.ids), SEP_ID] for each in encoded]


def _spare(masked: str) -> str:
    text = _WORDS.sub(lambda word: SPARE[word[0].capitalize()], _SPECIAL.sub("(", masked))
    return text if SPARE[TARGET] in text else f"{SPARE[TARGET]}: {text}"


def _window(ids: list[int]) -> list[int]:
    room = LIMIT - 2
    if len(ids) <= room:
        return ids
    start = min(max(0, ids.index(TARGET_ID) - room // 2), len(ids) - room)
    return ids[start : start + room]
