"""Texts for floret vectors: any pile of articles in, one tokenised lower-case line per paragraph out."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from pipeline.errors import ModelNotFound, UnknownFormat

_WORD = re.compile(
    r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:[-'][^\W_]+)*\d*|[^\W_]+(?:-[^\W_]+)*|[^\w\s]|_",
)
_SHORTEST = 30


def paragraphs(paths: Iterable[Path]) -> Iterator[str]:
    """Paragraphs of `.txt`, of `.jsonl` (key `text` or `context`), both also `.gz`, and of folders of them.

    Raises:
        UnknownFormat: another ending.
    """
    for path in paths:
        if path.is_dir():
            yield from paragraphs(
                sorted(p for p in path.rglob("*") if p.name.endswith((".txt", ".jsonl", ".jsonl.gz")))
            )
            continue
        plain = path.name.removesuffix(".gz")
        if not plain.endswith((".txt", ".jsonl", ".json")):
            raise UnknownFormat(
                f"Not a text for vectors: {path}.", what_to_do="Give .txt or .jsonl files, .gz allowed."
            )
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as handle:
            for line in handle:
                if plain.endswith(".txt"):
                    yield line.rstrip("\n")
                else:
                    record = json.loads(line)
                    yield from str(record.get("text") or record.get("context") or "").split("\n")


def write_lines(texts: Iterable[str], path: Path, seed: int) -> int:
    """Write tokenised lines in a shuffled order; returns the number of tokens."""
    lines = [" ".join(_WORD.findall(text.lower())) for text in texts if len(text) >= _SHORTEST]
    order = np.random.default_rng(seed).permutation(len(lines))
    path.write_text("\n".join(lines[i] for i in order) + "\n", encoding="utf-8")
    return sum(line.count(" ") + 1 for line in lines)


def train_vectors(lines: Path, out: Path, *, width: int, rows: int, epochs: int) -> None:
    """Run floret on one thread, which makes the result the same every time (25 minutes for 21 million words).

    Raises:
        ModelNotFound: the package `floret` is not installed.
    """
    try:
        import floret
    except ImportError as error:
        raise ModelNotFound(
            "The package floret is missing.", what_to_do="pip install 'evidence-pipeline[train]'"
        ) from error
    trained = floret.train_unsupervised(
        str(lines), model="skipgram", mode="floret", hashCount=2, bucket=rows, dim=width, minn=3, maxn=5, minCount=4,
        epoch=epochs, ws=5, neg=5, thread=1, lr=0.05, verbose=0, t=1e-4,
    )  # fmt: skip
    trained.save_floret_vectors(str(out))
