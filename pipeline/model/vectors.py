"""Floret vectors: a small hashed table of letter n-grams that gives every string a vector (`floret`, MIT).

The table is stored as 8-bit integers with one scale per row: 80,000 × 128 take 10 MB and lose nothing measurable.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.strings import StringStore
from spacy.vectors import Vectors

from pipeline.model.layers import Floats


class VectorTable:
    """Vectors of any string.

    Args:
        table: (rows, width) 8-bit values.
        scale: (rows,) factor per row.
        settings: `minn`, `maxn`, `hash_count`, `hash_seed` of the training.
    """

    def __init__(self, table: NDArray[np.int8], scale: Floats, settings: dict[str, int]) -> None:
        self.table, self.scale, self.settings = table, scale, settings
        self.width = int(table.shape[1])
        data = table.astype(np.float32) * scale[:, None].astype(np.float32)
        self._strings = StringStore()
        self._vectors = Vectors(strings=self._strings, data=data, mode="floret", bow="<", eow=">", **settings)

    @classmethod
    def from_floret(cls, path: Path) -> VectorTable:
        """Read the text file `floret` writes.

        Raises:
            ValueError: the file is not a floret table.
        """
        with path.open(encoding="utf-8") as handle:
            rows, width, minn, maxn, hashes, seed, _, _ = handle.readline().split()
            data = np.zeros((int(rows), int(width)), dtype=np.float32)
            for line in handle:
                row, *values = line.rstrip().split(" ")
                data[int(row)] = np.array(values, dtype=np.float32)
        scale = np.abs(data).max(axis=1) / 127 + 1e-12
        settings = {"minn": int(minn), "maxn": int(maxn), "hash_count": int(hashes), "hash_seed": int(seed)}
        return cls(np.round(data / scale[:, None]).astype(np.int8), scale.astype(np.float32), settings)

    def vector(self, word: str) -> Floats:
        """The word's vector, brought to length 3 (its neighbours in the network have about that length)."""
        raw = np.asarray(self._vectors[self._strings.add(word.lower())], dtype=np.float32)
        length = float(np.sqrt((raw * raw).sum()))
        out: Floats = raw * np.float32(3.0 / length) if length > 0 else raw
        return out

    def save(self, path: Path) -> None:
        """Write as `.npz`."""
        np.savez(path, table=self.table, scale=self.scale, **{k: np.array(v) for k, v in self.settings.items()})

    @classmethod
    def load(cls, path: Path) -> VectorTable:
        """Counterpart of `save`."""
        with np.load(path) as stored:
            names = ("minn", "maxn", "hash_count", "hash_seed")
            return cls(stored["table"], stored["scale"], {name: int(stored[name]) for name in names})
