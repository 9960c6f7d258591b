"""Choosing the spans of a head by the chance that exactly this span is right, with other heads as second opinions.

Place in the flow: a last step of `Tagger.predict` for the heads in `RANKED`. The best path of a CRF maximises the
chance that a whole sentence is right; where annotators agree on two spans in three, F1 is better served by each span's
own chance. That chance is a logistic line over the CRF's exact probability of the span and over what the heads of other
guidelines think of its words; they were trained on other texts, so they do not share the errors of the head's own few.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.model import crf
from pipeline.model.crf import Chain, TagSet
from pipeline.model.layers import Floats, Ints
from pipeline.model.recurrent import Pack

RANKED: dict[str, tuple[str, ...]] = {
    "outcomes": ("bc5cdr", "ctro", "ctro_long", "ebm_nlp", "ncbi", "phee", "pico_bids", "pico_corpus", "rct_art")
}
"""Heads that are decided like this, and the heads that are asked too (those that the model has)."""
LEAST = 0.35
"""A span is taken from this chance on: half the F1 that is reached, where F1 is highest (Lipton et al. 2014)."""
_CANDIDATE = 0.02
_LONGEST = 40
_RIDGE = 3.0

Spans = list[tuple[int, int, str]]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranker:
    """A logistic line.

    Attributes:
        others: heads that are asked.
        weights: of the constant, of the log-odds of the span's own probability, and of the mean chance, over the words
            of the span, that each other head marks them.
    """

    others: tuple[str, ...]
    weights: tuple[float, ...]

    def chances(self, features: Doubles) -> Doubles:
        """Chance that each candidate is right."""
        odds = features @ np.array(self.weights)
        chance: Doubles = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        return chance


@dataclass(frozen=True, slots=True)
class Candidates:
    """Possible spans of some texts, in text order, with the inputs of the line (one row per span)."""

    spans: Spans
    features: Doubles

    def starting_at(self, begin: int) -> Candidates:
        """Those that begin at this word or later."""
        kept = [i for i, span in enumerate(self.spans) if span[0] >= begin]
        return Candidates([self.spans[i] for i in kept], self.features[kept])


def span_chances(
    emissions: Floats, chain: Chain, tags: TagSet, starts: Ints, lengths: Ints
) -> list[tuple[int, int, str, float]]:
    """(start, end, label, probability that the CRF marks exactly this span), those of some chance.

    Args:
        emissions: (tokens, tags), text order.
        chain: transitions of the head.
        tags: of the head.
        starts: first token of each sentence.
        lengths: its number of tokens.
    """
    pack = Pack.of(starts, lengths)
    found = crf.infer(emissions[pack.forward], chain, pack)
    alpha, beta, potential = (np.empty_like(emissions, dtype=np.float64) for _ in range(3))
    for target, packed in ((alpha, found.alpha), (beta, found.beta), (potential, found.potential)):
        target[pack.forward] = packed
    ends = np.repeat(starts + lengths, lengths)
    step = np.exp(chain.follow.astype(np.float64))
    spans: list[tuple[int, int, str, float]] = []
    for number, label in enumerate(tags.labels):
        begin = 1 + tags.parts * number
        inside = begin + 1
        stop = _stops(tags, begin, step, (beta, potential), ends)
        alive = np.arange(len(emissions))
        mass, before = alpha[:, begin].copy(), begin
        spans += _enough(alive, 1, label, alpha[:, stop[2]] * stop[0])
        for length in range(2, _LONGEST + 1):
            last = alive + length - 1
            keep = (last < ends[alive]) & (mass > _CANDIDATE / 10)
            alive, mass, last = alive[keep], mass[keep], last[keep]
            if not len(alive):
                break
            if tags.parts == 4:
                whole = mass * step[before, begin + 2] * potential[last, begin + 2] * beta[last, begin + 2]
            mass = mass * step[before, inside] * potential[last, inside]
            if tags.parts == 2:
                whole = mass * stop[1][last]
            before = inside
            spans += _enough(alive, length, label, whole)
    return spans


def _stops(
    tags: TagSet, begin: int, step: Doubles, rest: tuple[Doubles, Doubles], ends: Ints
) -> tuple[Doubles, Doubles, int]:
    """What follows the only word of a span, what follows the last of several, and the tag of an only word."""
    beta, potential = rest
    if tags.parts == 4:
        return beta[:, begin + 3], beta[:, begin + 2], begin + 3
    after = np.zeros(len(beta))
    inner = np.arange(len(beta)) + 1 < ends
    after[inner] = (potential[1:] * beta[1:])[inner[:-1], begin + 1]
    single, several = (np.maximum(beta[:, tag] - step[tag, begin + 1] * after, 0) for tag in (begin, begin + 1))
    return single, several, begin


def _enough(starts: Ints, length: int, label: str, chances: Doubles) -> list[tuple[int, int, str, float]]:
    places = np.flatnonzero(chances > _CANDIDATE)
    return [(int(starts[i]), int(starts[i]) + length, label, float(chances[i])) for i in places]


def candidates(
    head: str, scores: Mapping[str, Floats], parts: Mapping[str, tuple[TagSet, Chain]], sentences: tuple[Ints, Ints]
) -> Candidates:
    """Possible spans of a head.

    Args:
        head: one of `RANKED`.
        scores: per head the tag scores of all tokens, in text order; of `head` and of those that are asked too.
        parts: tags and transitions of the same heads.
        sentences: first token and number of tokens of each.
    """
    tags, chain = parts[head]
    found = sorted(span_chances(scores[head], chain, tags, *sentences))
    others = [other for other in scores if other != head]
    features = np.ones((len(found), 2 + len(others)))
    chance = np.clip([one[3] for one in found], 1e-4, 1 - 1e-4)
    features[:, 1] = np.log(chance / (1 - chance)) if found else 0
    if found:
        starts, lengths = sentences
        own = np.unique(np.searchsorted(starts, [one[0] for one in found], side="right") - 1)
        low, high = np.array([one[0] for one in found]), np.array([one[1] for one in found])
        for column, other in enumerate(others):
            marked = _marked(scores[other], parts[other][1], (starts[own], lengths[own]))
            total = np.concatenate([[0.0], np.cumsum(marked)])
            features[:, 2 + column] = (total[high] - total[low]) / (high - low)
    return Candidates([one[:3] for one in found], features)


def _marked(scores: Floats, chain: Chain, sentences: tuple[Ints, Ints]) -> Doubles:
    """Chance that the head marks a word, 0 outside the sentences."""
    pack = Pack.of(*sentences)
    marked = np.zeros(len(scores))
    marked[pack.forward] = 1 - crf.infer(scores[pack.forward], chain, pack).marginals[:, 0]
    return marked


def best_set(spans: Sequence[tuple[int, int, str]], chances: Sequence[float], least: float = LEAST) -> list[int]:
    """Indices of the spans that do not overlap and whose chances exceed `least` by most together.

    >>> best_set([(0, 2, "A"), (1, 5, "A"), (4, 6, "A")], [0.6, 0.7, 0.6])
    [0, 2]
    """
    order = sorted((i for i, chance in enumerate(chances) if chance > least), key=lambda i: spans[i][1])
    ends = [spans[i][1] for i in order]
    best, before, taken = [0.0], [], []
    for place, i in enumerate(order):
        before.append(bisect_right(ends, spans[i][0], 0, place))
        gain = best[before[-1]] + chances[i] - least
        taken.append(gain > best[-1])
        best.append(max(gain, best[-1]))
    chosen, place = [], len(order)
    while place:
        if taken[place - 1]:
            chosen.append(order[place - 1])
            place = before[place - 1]
        else:
            place -= 1
    return chosen[::-1]


def fit(others: Sequence[str], features: Doubles, right: Doubles) -> Ranker:
    """Ridge logistic regression by Newton's method, drawn towards the CRF's own probability."""
    start = np.zeros(features.shape[1])
    start[1] = 1.0
    ridge = np.full(len(start), _RIDGE)
    ridge[0] = 0.1

    def loss(weights: Doubles) -> float:
        odds = features @ weights
        return float(np.sum(np.logaddexp(0, odds) - right * odds) + 0.5 * np.sum(ridge * (weights - start) ** 2))

    weights = start.copy()
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        gradient = features.T @ (chance - right) + ridge * (weights - start)
        curvature = (features * (chance * (1 - chance))[:, None]).T @ features + np.diag(ridge)
        move = np.linalg.solve(curvature, gradient)
        while loss(weights - move) > loss(weights) and float(np.abs(move).max()) > 1e-9:
            move = move / 2  # where most candidates are sure, full steps run away
        weights = weights - move
        if float(np.abs(move).max()) < 1e-7:
            break
    return Ranker(tuple(others), tuple(round(float(one), 4) for one in weights))


def spans_between(found: Candidates, bounds: Sequence[int]) -> list[Candidates]:
    """The candidates of each text; `bounds` are the first tokens of the texts and the end of the last."""
    at = np.searchsorted([one[0] for one in found.spans], bounds).tolist()
    return [
        Candidates([(a - low, b - low, label) for a, b, label in found.spans[i:j]], found.features[i:j])
        for low, (i, j) in zip(bounds, pairwise(at), strict=False)
    ]
