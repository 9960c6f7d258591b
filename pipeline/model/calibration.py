"""From the raw certainty to the chance that a span is right: a logistic line per head, fitted on held-out texts.

Heads of `ranking.RANKED` get a line with more inputs, which decides too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.model import ranking
from pipeline.model.corpora.labelled import Labelled
from pipeline.model.tagger import Tagger
from pipeline.model.tokenizer import joined_starts, split_words

_FEWEST = 50
"""Below so many predicted spans the raw certainty is kept."""


def calibrate(tagger: Tagger, texts: Sequence[Labelled]) -> None:
    """Give the tagger its rankers and, for the other heads, slope and intercept on the raw certainty's log-odds."""
    tagger.calibration = {}
    tagger.rankers = {
        head: ranker for head in ranking.RANKED if head in tagger.heads and (ranker := fit_ranker(tagger, head, texts))
    }
    tagger.calibration = _lines(tagger, texts)


def fit_ranker(tagger: Tagger, head: str, texts: Sequence[Labelled]) -> ranking.Ranker | None:
    """The ranker of one head; None if there are too few texts to fit it on."""
    own = [text for text in texts if head in text.gold]
    split = [_words(text) for text in own]
    found = tagger.candidates([words for words, _ in split], head)
    right: list[float] = []
    for text, (words, starts), one in zip(own, split, found, strict=True):
        gold = set(text.gold[head])
        right += [(starts[a], starts[b - 1] + len(words[b - 1]), label) in gold for a, b, label in one.spans]
    if len(right) < _FEWEST:
        return None
    others = [other for other in ranking.RANKED[head] if other in tagger.heads]
    return ranking.fit(others, np.concatenate([one.features for one in found]), np.array(right, dtype=np.float64))


def _words(text: Labelled) -> tuple[list[str], list[int]]:
    return (list(text.words), joined_starts(text.words)) if text.words else split_words(text.text)


def _lines(tagger: Tagger, texts: Sequence[Labelled]) -> dict[str, tuple[float, float]]:
    lines: dict[str, tuple[float, float]] = {}
    for head in tagger.heads:
        own = [text for text in texts if head in text.gold]
        split = [_words(text) for text in own]
        found = tagger.predict([words for words, _ in split], (head,)) if own else []
        odds, right = [], []
        for text, (words, starts), finds in zip(own, split, found, strict=True):
            gold = set(text.gold[head])
            for find in finds[head]:
                span = (starts[find.start], starts[find.end - 1] + len(words[find.end - 1]), find.label)
                score = min(max(find.score, 1e-4), 1 - 1e-4)
                odds.append(np.log(score / (1 - score)))
                right.append(span in gold)
        if len(odds) >= _FEWEST:
            lines[head] = fit_line(np.array(odds), np.array(right, dtype=np.float64))
    return lines


def fit_line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Logistic regression with one input by Newton's method, lightly ridged towards slope 1.

    A step that would raise the loss is halved: where most spans are sure, full steps run away.
    """
    beta = np.array([1.0, 0.0])
    design = np.stack([x, np.ones_like(x)], axis=1)

    def loss(b: NDArray[np.float64]) -> float:
        odds = design @ b
        return float(np.sum(np.logaddexp(0, odds) - y * odds) + 0.5 * ((b[0] - 1) ** 2 + b[1] ** 2))

    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (p - y) + np.array([beta[0] - 1, beta[1]])
        hessian = (design * (p * (1 - p))[:, None]).T @ design + np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        now = loss(beta)
        while loss(beta - step) > now and np.abs(step).max() > 1e-9:
            step = step / 2
        beta = beta - step
    return round(float(beta[0]), 4), round(float(beta[1]), 4)
