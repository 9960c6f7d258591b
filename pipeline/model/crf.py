"""A linear-chain conditional random field per head: training gradient, best path, probability of a span.

Recursions run in probability space, scaled per step, over the packed order of `recurrent.Pack`: one matrix product per
step. Tags are `O` and, per label, begin, inside, end, single (or begin and inside only for heads with many labels).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.model.layers import Floats, Ints
from pipeline.model.recurrent import Pack
from pipeline.model.weights import Weights

FEW_LABELS = 10
"""Heads with at most so many labels tell the last and the single word of a span from the others."""
_NEVER = np.float32(-1e4)
_TINY = np.float32(1e-30)


@dataclass(frozen=True, slots=True)
class TagSet:
    """The tags of one head and which may follow which.

    Attributes:
        labels: the head's labels.
        parts: 4 (begin, inside, end, single) or 2 (begin, inside).
    """

    labels: tuple[str, ...]
    parts: int

    @classmethod
    def of(cls, labels: tuple[str, ...]) -> TagSet:
        """The tag set a head with these labels gets."""
        return cls(labels, 4 if len(labels) <= FEW_LABELS else 2)

    @property
    def size(self) -> int:
        """Number of tags."""
        return 1 + self.parts * len(self.labels)

    def encode(self, spans: list[tuple[int, int, str]], length: int) -> Ints:
        """Tags of a text with these token spans; of overlapping spans the longest stays."""
        tags = np.zeros(length, dtype=np.int64)
        taken = np.zeros(length, dtype=bool)
        for start, end, label in sorted(spans, key=lambda s: (s[0] - s[1], s[0], s[2])):
            if label not in self.labels or taken[start:end].any():
                continue
            taken[start:end] = True
            base = 1 + self.parts * self.labels.index(label)
            tags[start], tags[start + 1 : end] = base, base + 1
            if self.parts == 4:
                tags[end - 1] = base + (3 if end - start == 1 else 2)
        return tags

    def decode(self, tags: list[int]) -> list[tuple[int, int, str]]:
        """Token spans of a legal tag sequence."""
        spans: list[tuple[int, int, str]] = []
        start = -1
        for i, tag in enumerate([*tags, 0]):
            part = (tag - 1) % self.parts
            if start >= 0 and (tag == 0 or part in (0, 3)):
                spans.append((start, i, self.labels[(tags[start] - 1) // self.parts]))
                start = -1
            if tag and start < 0:
                start = i
        return spans

    def rules(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """(may follow [from, to], may start, may end)."""
        n = self.size
        label = np.array([-1, *((i // self.parts) for i in range(n - 1))])
        part = np.array([-1, *((i % self.parts) for i in range(n - 1))])
        if self.parts == 2:
            follow = (part[None] != 1) | ((label[:, None] == label[None]) & (part[:, None] >= 0))
            return follow, part != 1, np.ones(n, dtype=bool)
        is_open = (part == 0) | (part == 1)
        continues = (part == 1) | (part == 2)
        follow = np.where(
            is_open[:, None], continues[None] & (label[:, None] == label[None]), ~continues[None] & ~is_open[:, None]
        )
        return follow, ~continues, ~is_open


@dataclass(frozen=True, slots=True)
class Chain:
    """The transition scores of a head, with impossible ones at minus infinity."""

    follow: Floats
    start: Floats
    end: Floats

    @classmethod
    def of(cls, model: Weights, head: str, tags: TagSet) -> Chain:
        """Read the head's transitions from the model."""
        follow, start, end = tags.rules()
        trans = model.get(f"{head}.T")
        edge = model.get(f"{head}.E")
        return cls(np.where(follow, trans, _NEVER), np.where(start, edge[0], _NEVER), np.where(end, edge[1], _NEVER))

    @classmethod
    def mean(cls, chains: Sequence[Chain]) -> Chain:
        """The mean of several (impossible stays impossible)."""
        stacked = ([getattr(chain, part) for chain in chains] for part in ("follow", "start", "end"))
        return cls(*(np.mean(parts, axis=0, dtype=np.float32) for parts in stacked))


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Result of the forward and backward recursions, packed order."""

    alpha: Floats
    beta: Floats
    potential: Floats
    scale: Floats
    log_z: Floats

    @property
    def marginals(self) -> Floats:
        """Probability of each tag at each token."""
        return self.alpha * self.beta


def infer(emissions: Floats, chain: Chain, pack: Pack) -> Beliefs:
    """Forward-backward. `emissions` is (packed rows, tags)."""
    top = emissions.max(axis=1, keepdims=True)
    x = np.exp(np.maximum(emissions - top, -50))
    step = np.exp(chain.follow)
    ending = np.exp(chain.end)
    offsets = pack.offsets.tolist()
    alpha, beta = np.empty_like(x), np.empty_like(x)
    scale = np.empty(len(x), dtype=x.dtype)
    for t in range(len(offsets) - 1):
        lo, hi = offsets[t], offsets[t + 1]
        before = alpha[offsets[t - 1] : offsets[t - 1] + hi - lo] @ step if t else np.exp(chain.start)[None]
        here = before * x[lo:hi]
        scale[lo:hi] = here.sum(axis=1) + _TINY
        alpha[lo:hi] = here / scale[lo:hi, None]
    last = pack.last
    z_end = alpha[last] @ ending + _TINY
    beta[last] = ending[None] / z_end[:, None]
    weighted = x / scale[:, None]
    for t in range(len(offsets) - 2, 0, -1):
        lo, hi = offsets[t], offsets[t + 1]
        begin = offsets[t - 1]
        beta[begin : begin + hi - lo] = (weighted[lo:hi] * beta[lo:hi]) @ step.T
    log_z = np.log(z_end) + _per_sentence(np.log(scale) + top[:, 0], pack)
    return Beliefs(alpha, beta, weighted, scale, log_z)


def _per_sentence(values: Floats, pack: Pack) -> Floats:
    total = np.zeros(len(pack.lengths), dtype=np.float64)
    offsets = pack.offsets
    for t in range(len(offsets) - 1):
        total[: offsets[t + 1] - offsets[t]] += values[offsets[t] : offsets[t + 1]]
    return total.astype(np.float32)


def previous_rows(pack: Pack) -> Ints:
    """For each packed row after the first step, the packed row of the word before it."""
    sizes = np.diff(pack.offsets)
    return np.concatenate(
        [np.arange(pack.offsets[t - 1], pack.offsets[t - 1] + sizes[t]) for t in range(1, len(sizes))]
        or [np.zeros(0, dtype=np.int64)]
    )


def loss_and_gradient(
    model: Weights, named: tuple[str, TagSet], emissions: Floats, gold: Ints, pack: Pack, weight: float
) -> tuple[float, Floats]:
    """Negative log-likelihood (mean per token × weight) and its gradient for the emissions; adds the transitions'."""
    head, tags = named
    chain = Chain.of(model, head, tags)
    found = infer(emissions, chain, pack)
    rows = np.arange(len(gold))
    before, first = previous_rows(pack), int(pack.offsets[1])
    step = np.exp(chain.follow)
    share = weight / len(gold)
    d_emissions = found.marginals
    d_start = d_emissions[:first].sum(axis=0)
    d_end = d_emissions[pack.last].sum(axis=0)
    d_follow = (found.alpha[before].T @ (found.potential[first:] * found.beta[first:])) * step
    score = emissions[rows, gold].sum() + chain.start[gold[:first]].sum() + chain.end[gold[pack.last]].sum()
    score += chain.follow[gold[before], gold[first:]].sum()
    d_emissions[rows, gold] -= 1
    np.subtract.at(d_start, gold[:first], 1)
    np.subtract.at(d_end, gold[pack.last], 1)
    np.subtract.at(d_follow, (gold[before], gold[first:]), 1)
    follow, start, end = tags.rules()
    model.add_gradient(f"{head}.T", (d_follow * follow * share).astype(np.float32))
    model.add_gradient(f"{head}.E", (np.stack([d_start * start, d_end * end]) * share).astype(np.float32))
    return float(found.log_z.sum() - score) * share, (d_emissions * np.float32(share)).astype(np.float32)


def soft_loss_and_gradient(
    emissions: Floats, chain: Chain, beliefs: Floats, pack: Pack, weight: float
) -> tuple[float, Floats]:
    """As `loss_and_gradient`, but towards a teacher's probability of each tag at each token.

    The loss is the expected one under the teacher without its part for the transitions, which does not depend on the
    emissions: the transitions are learnt from hand-made labels alone.
    """
    found = infer(emissions, chain, pack)
    share = weight / len(emissions)
    loss = float(found.log_z.sum() - (emissions * beliefs).sum()) * share
    return loss, ((found.marginals - beliefs) * np.float32(share)).astype(np.float32)


def best_path(emissions: Floats, chain: Chain, pack: Pack) -> Ints:
    """Viterbi: the best legal tag of each packed row."""
    offsets = pack.offsets.tolist()
    score = np.empty_like(emissions)
    pointer = np.zeros(emissions.shape, dtype=np.intp)
    turned = np.ascontiguousarray(chain.follow.T)
    for t in range(len(offsets) - 1):
        lo, hi = offsets[t], offsets[t + 1]
        if not t:
            score[lo:hi] = emissions[lo:hi] + chain.start
            continue
        paths = score[offsets[t - 1] : offsets[t - 1] + hi - lo, None, :] + turned[None]
        paths.argmax(axis=2, out=pointer[lo:hi])
        np.add(paths.max(axis=2), emissions[lo:hi], out=score[lo:hi])
    tags = np.zeros(len(emissions), dtype=np.int64)
    last = pack.last
    tags[last] = (score[last] + chain.end).argmax(axis=1)
    for t in range(len(offsets) - 2, 0, -1):
        lo, hi = offsets[t], offsets[t + 1]
        begin = offsets[t - 1]
        tags[begin : begin + hi - lo] = pointer[np.arange(lo, hi), tags[lo:hi]]
    return tags
