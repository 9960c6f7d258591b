"""The growing table of words a model has met, with their features: strings in, `Batch` out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.model import features
from pipeline.model.layers import Groups, Ints
from pipeline.model.network import Batch, Words, sentence_starts
from pipeline.model.recurrent import Pack
from pipeline.model.vectors import VectorTable


class WordTable:
    """Features per word, computed when a word is first seen.

    Args:
        vocabulary: normalised words that have a trained row, in row order (row 0 is every other word).
        counts: how often each occurs in the training texts (for the dropping of rare words).
        vectors: the floret table, or None.
    """

    def __init__(self, vocabulary: Sequence[str], counts: Sequence[int], vectors: VectorTable | None) -> None:
        self.vocabulary = list(vocabulary)
        self.counts = list(counts)
        self.vectors = vectors
        self._known = {word: i + 1 for i, word in enumerate(self.vocabulary)}
        self._row_of: dict[str, int] = {}
        self._group_of: dict[str, int] = {}
        self._group: list[int] = []
        self._rows = np.zeros((1024, 3), dtype=np.int64)
        self._chars = np.zeros((1024, features.MAX_CHARS), dtype=np.int64)
        self._vectors = np.zeros((1024, vectors.width if vectors else 0), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._row_of)

    def clear(self) -> None:
        """Forget all words met (bounds the memory of a long run); results do not change."""
        self.__init__(self.vocabulary, self.counts, self.vectors)  # type: ignore[misc]

    def row(self, word: str) -> int:
        """The word's row, made if new."""
        found = self._row_of.get(word)
        return self._add(word) if found is None else found

    def _add(self, word: str) -> int:
        at = len(self._row_of)
        if at == len(self._rows):
            self._rows, self._chars, self._vectors = (
                np.concatenate([a, np.zeros_like(a)]) for a in (self._rows, self._chars, self._vectors)
            )
        self._rows[at] = features.word_rows(word, self._known)
        self._chars[at] = features.char_rows(word)
        if self.vectors is not None:
            self._vectors[at] = self.vectors.vector(word)
        self._row_of[word] = at
        self._group.append(self._group_of.setdefault(features.norm(word), len(self._group_of)))
        return at

    def features_of(self, rows: Ints) -> Words:
        """Features of these rows."""
        known = self._rows[rows, 0]
        counts = np.array([0, *self.counts])[known]
        drop = np.where(known > 0, 0.25 / (0.25 + counts / 4 + 0.25), 0).astype(np.float32)
        return Words(self._rows[rows], self._chars[rows], self._vectors[rows], drop)

    def batch(self, texts: Sequence[Sequence[str]], documents: Sequence[int] | None = None) -> tuple[Batch, Ints]:
        """Join texts; `documents` says which belong together (default: each is its own). Also the tokens' rows."""
        rows = np.array([self.row(word) for text in texts for word in text], dtype=np.int64)
        sizes = [len(text) for text in texts]
        doc = np.repeat(np.arange(len(texts)) if documents is None else np.asarray(documents), sizes)
        first = np.concatenate([sentence_starts(text) for text in texts])
        unique, word_of = np.unique(rows, return_inverse=True)
        key = doc * (len(self._group_of) + 1) + np.array(self._group, dtype=np.int64)[rows]
        _, group, group_sizes = np.unique(key, return_inverse=True, return_counts=True)
        starts = np.flatnonzero(first)
        lengths = np.diff(np.append(starts, len(rows)))
        batch = Batch(self.features_of(unique), word_of, first, Groups(group, group_sizes), Pack.of(starts, lengths))
        return batch, rows


def vocabulary_of(texts: Sequence[Sequence[str]], *, at_least: int, rows: int) -> tuple[list[str], list[int]]:
    """The most frequent normalised words of the training texts and their counts, ties in alphabetical order."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in text:
            key = features.norm(word)
            counts[key] = counts.get(key, 0) + 1
    kept = sorted((-n, word) for word, n in counts.items() if n >= at_least)[:rows]
    return [word for _, word in kept], [-n for n, _ in kept]
