"""Training of the two linear models that say which way an outcome went between two arms.

Place in the flow: run by hand through `evidence train direction --data PATH`; the weights are read by
`pipeline/relate/ico_direction.py`. Orders are fixed, so the same input gives the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """Hashed features of the evidence for one question with values, the answer's number, and how much it counts."""

    slots: NDArray[np.int64]
    values: Floats
    label: int
    weight: float = 1.0


def train_ranker(articles: Sequence[tuple[Floats, Sequence[int]]], *, rounds: int = 150, decay: float = 1e-3) -> Floats:
    """Weights under which the right units of each article get the largest share of its probability.

    Args:
        articles: for each question one row of features per unit, and the places of the right units (not empty).
        rounds: steps of gradient descent (Adam) over all of them.
        decay: strength of the pull to zero.
    """
    width = articles[0][0].shape[1]
    rows = np.vstack([features for features, _ in articles]).astype(np.float32)
    starts = np.cumsum([0, *(len(features) for features, _ in articles)])[:-1]
    lengths = np.array([len(features) for features, _ in articles])
    right = np.zeros(len(rows), dtype=bool)
    for start, (_, places) in zip(starts, articles, strict=True):
        right[[start + place for place in places]] = True
    weights, mean, square = np.zeros(width), np.zeros(width), np.zeros(width)
    for step in range(1, rounds + 1):
        scores = (rows @ weights.astype(np.float32)).astype(np.float64)
        shares = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        shares /= np.repeat(np.add.reduceat(shares, starts), lengths)
        wanted = np.where(right, shares, 0.0)
        wanted /= np.repeat(np.maximum(np.add.reduceat(wanted, starts), 1e-12), lengths)
        gradient = ((shares - wanted).astype(np.float32) @ rows) / len(articles) + decay * weights
        mean, square = 0.9 * mean + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        weights = weights - 0.1 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def train_classifier(
    examples: Sequence[Example], slots: int, labels: int, *, epochs: int = 8, decay: float = 1e-2
) -> Floats:
    """Multinomial logistic regression with AdaGrad and decay; one row of weights per slot."""
    weights = np.zeros((slots, labels))
    squares = np.full((slots, labels), 1e-2)
    order = np.random.default_rng(7)
    for _ in range(epochs):
        for place in order.permutation(len(examples)):
            example = examples[place]
            scores = example.values @ weights[example.slots]
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            shares[example.label] -= 1.0
            gradient = example.weight * np.outer(example.values, shares) + decay * weights[example.slots]
            squares[example.slots] += gradient**2
            weights[example.slots] -= 0.1 * gradient / np.sqrt(squares[example.slots])
    return weights


def save(ranker: Floats, classifier: Floats, folder: Path) -> Path:
    """Write both in half precision (`weights.npz`), without the slots that say nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    slots = np.flatnonzero(np.abs(classifier).max(axis=1) > 2e-3)
    file = folder / "weights.npz"
    np.savez_compressed(
        file,
        ranker=ranker.astype(np.float32),
        slots=slots.astype(np.uint16),
        values=classifier[slots].astype(np.float16),
    )
    return file
