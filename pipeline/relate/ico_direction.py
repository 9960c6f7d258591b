"""Whether an outcome was significantly higher, lower or no different in an intervention relative to a comparator.

Place in the flow: asked by `evidence evaluate evidence-inference`; trained by `pipeline/model/direction.py`
(`models/direction/weights.npz`). The likeliest sentences are found first (`ico_evidence.py`); a linear classifier
weighs what they say (`ico_direction_features.py`), each by its share of the probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelNotFound
from pipeline.evidence import Direction
from pipeline.relate.ico_direction_features import Words, feature_names, words_of
from pipeline.relate.ico_evidence import Article, Floats, Question, Unit, rank
from pipeline.resources import models_dir

SLOTS = 1 << 16
MOST_UNITS = 8
DIRECTIONS = (Direction.DECREASED, Direction.NO_DIFFERENCE, Direction.INCREASED)
_LONGEST = 1500
_SCALE = 5.0


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the ranker (one per feature) and of the classifier (slots by directions)."""

    ranker: Floats
    classifier: Floats


@dataclass(frozen=True, slots=True)
class Decision:
    """A direction, its probability, and the place in the article (half-open offsets) of the sentence that says most."""

    direction: Direction
    confidence: float
    start: int | None
    end: int | None


@lru_cache(maxsize=1)
def load_model(file: Path | None = None) -> Model:
    """The shipped weights, or those of `file`.

    Raises:
        ModelNotFound: the weights are missing.
    """
    file = file or models_dir() / "direction" / "weights.npz"
    if not file.is_file():
        raise ModelNotFound(f"No weights at {file}.", what_to_do="Reinstall evidence-pipeline.")
    with np.load(file) as stored:
        classifier = np.zeros((SLOTS, len(DIRECTIONS)))
        classifier[stored["slots"]] = stored["values"]
        return Model(stored["ranker"].astype(np.float64), classifier)


def decide(article: Article, question: Question, model: Model | None = None) -> Decision:
    """The direction of the outcome; without any sentence the commonest answer, no difference, with no place."""
    model = model or load_model()
    ranked = rank(article, question, model.ranker, MOST_UNITS)
    if not ranked:
        return Decision(Direction.NO_DIFFERENCE, 0.0, None, None)
    slots, values = bag(article, question, ranked)
    shares = answer_shares(model, slots, values)
    best = int(shares.argmax())
    unit = article.units[ranked[0][0]]
    return Decision(DIRECTIONS[best], float(shares[best]), unit.start, unit.end)


def answer_shares(model: Model, slots: NDArray[np.int64], values: Floats) -> Floats:
    """The probability of each of `DIRECTIONS`."""
    scores = values @ model.classifier[slots]
    shares: Floats = np.exp(scores - scores.max())
    shares /= shares.sum()
    return shares


def bag(article: Article, question: Question, ranked: Sequence[tuple[int, float]]) -> tuple[NDArray[np.int64], Floats]:
    """Hashed features of the ranked units, each unit in proportion to its share."""
    written = (article.write_out(part) for part in (question.intervention, question.comparator, question.outcome))
    words = words_of(Question(*written))
    total = sum(share for _, share in ranked) or 1.0
    sums: dict[int, float] = {}
    for place, share in ranked:
        slots = _slots(article.units[place], words)
        for slot in slots:
            sums[slot] = sums.get(slot, 0.0) + share / total * _SCALE / len(slots) ** 0.5
    order = sorted(sums)
    return np.array(order, dtype=np.int64), np.array([sums[slot] for slot in order])


def _slots(unit: Unit, words: Words) -> list[int]:
    return sorted({crc32(name.encode()) % SLOTS for name in feature_names(unit.text[:_LONGEST], words)})
