"""The tokenizer of the trained pipeline: the first step of `tag`, and of training and evaluation.

scispaCy's rule tokenizer keeps `lithium-induced` and `(FANFT)-induced` whole, which makes 9.4 % of the gold spans of
BC5CDR unreachable; splitting at every hyphen, slash and bracket leaves 0.1 %. One regular expression is also faster
and does not change with the version of another package.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

# Abbreviations whose full stop belongs to the word (else a sentence would seem to end there).
_DOTTED = (
    r"(?:e\.g|i\.e|et al|vs|approx|no|fig|figs|ref|refs|cf|dr|prof|resp|inc|ltd|i\.v|i\.p|p\.o|s\.c|i\.m|b\.i\.d"
    r"|t\.i\.d|q\.i\.d|q\.d|a\.m|p\.m|u\.s|u\.k|ph\.d|m\.d|st)\."
)
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?<![^\W_])(?i:" + _DOTTED + r")(?!\w)"
    r"|\d+(?:[.,·]\d+)*"
    # A word may end in digits and two more letters (HbA1c, FK506), not in a decimal number.
    r"|[^\W\d_]+(?:\d+(?![.,·]?\d)(?:[^\W\d_]{1,2}(?![^\W_]))?)?"
    r"|±|[<>≤≥=]=?|--+|\.\.+|\S"
)


def split_words(text: str) -> tuple[list[str], list[int]]:
    """Words of a text without blanks, and where each begins (code points)."""
    found = [(m.group(), m.start()) for m in _TOKEN.finditer(text) if m.lastgroup != "space" or "\n" in m.group()]
    return [word for word, _ in found], [start for _, start in found]


def joined_starts(words: Sequence[str]) -> list[int]:
    """Where each word begins when they are joined by single blanks."""
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return starts


class SplitTokenizer:
    """Words, numbers and single signs; spaces before a sign are kept in `Token.whitespace_`."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the `Doc` of a text; `doc.text == text` always holds."""
        words: list[str] = []
        spaces: list[bool] = []
        for match in _TOKEN.finditer(text):
            token = match.group()
            if match.lastgroup == "space":
                if token[0] == " " and words and not spaces[-1] and not words[-1].isspace():
                    spaces[-1] = True
                    token = token[1:]
                if not token:
                    continue
            words.append(token)
            spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing is learned: nothing is stored."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> SplitTokenizer:
        """Counterpart of `to_bytes`."""
        return self

    def to_disk(self, _path: str | Path, **_: Any) -> None:
        """Nothing is learned: nothing is stored."""

    def from_disk(self, _path: str | Path, **_: Any) -> SplitTokenizer:
        """Counterpart of `to_disk`."""
        return self


def make_tokenizer() -> Callable[[Any], SplitTokenizer]:
    """Factory for `config.cfg`."""
    return lambda nlp: SplitTokenizer(nlp.vocab)


registry.tokenizers("evidence.split_tokenizer.v1", func=make_tokenizer)
