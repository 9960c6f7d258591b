"""Training of the classifier that says which drugs of a sentence are given together.

Place in the flow: run by hand (docs/relations.md says how); its weights are
read by `pipeline/relate/combination.py`. The corpus is that of Tiktinsky et al. (2022, NAACL), whose relations are sets
of drugs; every label of a relation (POS, NEG, COMB) counts as "given together".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Features = Callable[[int, int], list[int]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the places of its drugs and the sets of drugs that are given together."""

    key: str
    text: str
    drugs: tuple[tuple[int, int], ...]
    combinations: tuple[frozenset[int], ...]


def read_sentences(path: Path) -> list[Sentence]:
    """The corpus' JSON lines; drugs in text order."""
    sentences = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = sorted(row["spans"], key=lambda span: span["start"])
        number = {span["span_id"]: place for place, span in enumerate(spans)}
        groups = tuple(frozenset(number[one] for one in group["spans"]) for group in row["rels"])
        drugs = tuple((span["start"], span["end"]) for span in spans)
        sentences.append(Sentence(row["doc_id"], row["sentence"], drugs, groups))
    return sentences


def is_held_out(sentence: Sentence) -> bool:
    """A fifth of the training part, by the document's id, is our development part."""
    return crc32(sentence.key.encode()) % 5 == 0


def train(
    sentences: Sequence[Sentence], features: Callable[[Sentence, int, int], list[int]], slots: int, *, epochs: int = 12
) -> NDArray[np.float32]:
    """Logistic regression with AdaGrad and decay; the order is fixed, so the same input gives the same weights."""
    examples = list(_examples(sentences, features))
    weights = np.zeros(slots, dtype=np.float64)
    squares = np.full(slots, 1e-2)
    order = np.random.default_rng(7)
    for _ in range(epochs):
        for index in order.permutation(len(examples)):
            active, label = examples[index]
            gradient = 1.0 / (1.0 + np.exp(-np.clip(weights[active].sum(), -30, 30))) - label
            step = gradient + 2e-3 * weights[active]
            squares[active] += step**2
            weights[active] -= 0.1 * step / np.sqrt(squares[active])
    return weights.astype(np.float32)


def _examples(
    sentences: Iterable[Sentence], features: Callable[[Sentence, int, int], list[int]]
) -> Iterable[tuple[NDArray[np.int64], float]]:
    for sentence in sentences:
        for first, second in combinations(range(len(sentence.drugs)), 2):
            label = any({first, second} <= group for group in sentence.combinations)
            yield np.array(features(sentence, first, second)), float(label)


def save(weights: NDArray[np.float32], folder: Path) -> None:
    """Write the weights that matter, in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    slots = np.flatnonzero(np.abs(weights) > 5e-3)
    np.savez_compressed(folder / "weights.npz", slots=slots.astype(np.uint16), values=weights[slots].astype(np.float16))
