"""What the tagger knows about a word before it sees the context, computed once per word and cached.

A batch holds far fewer different words than tokens, so all context-free work (hashing, characters, vectors) is done per
word. Nothing depends on spaCy's lexical attributes: the features of a model do not change with spaCy's version.
"""

from __future__ import annotations

import re
import unicodedata
import zlib

import numpy as np
from numpy.typing import NDArray

MAX_CHARS = 24
"""Characters kept per word: the first half and the last half of longer ones."""
CHAR_ROWS = 200
SUFFIX_ROWS = 4000
SHAPE_ROWS = 400

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

_DIGITS = re.compile(r"\d")


def norm(word: str) -> str:
    """Lower-cased word with all digits as 0: the key of the word table."""
    return _DIGITS.sub("0", word.lower())


def _hash(text: str, rows: int) -> int:
    return zlib.crc32(text.encode()) % (rows - 1) + 1


def shape(word: str) -> str:
    """`Xxxdd`-like outline, runs cut at three."""
    kinds = "".join("d" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else c for c in word)
    return re.sub(r"(.)\1{3,}", r"\1\1\1", kinds)[:10]


def _char(c: str) -> int:
    code = ord(c)
    if 32 < code < 127:
        return code - 32
    if 0x370 <= code < 0x400:
        return 100 + (code - 0x370) % 80
    base = unicodedata.normalize("NFKD", c)[0]
    return ord(base) - 32 if 32 < ord(base) < 127 else 180 + code % 19


def char_rows(word: str) -> list[int]:
    """Character ids with a start and an end sign, padded with 0 to `MAX_CHARS`."""
    if len(word) > MAX_CHARS - 2:
        half = (MAX_CHARS - 2) // 2
        word = word[:half] + word[-half:]
    ids = [98, *(_char(c) for c in word), 99]
    return ids + [0] * (MAX_CHARS - len(ids))


def word_rows(word: str, known: dict[str, int]) -> tuple[int, int, int]:
    """(row in the word table or 0 if unknown, row of the suffix, row of the shape)."""
    key = norm(word)
    return known.get(key, 0), _hash(key[-3:], SUFFIX_ROWS), _hash(shape(word), SHAPE_ROWS)
