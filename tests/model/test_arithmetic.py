"""The network's arithmetic: gradients against finite differences, the CRF against brute force, tags against spans."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import crf, masked, network
from pipeline.model.recurrent import Pack
from pipeline.model.tagger import Tagger
from pipeline.model.vectors import VectorTable
from pipeline.model.weights import Weights
from pipeline.model.words import WordTable, vocabulary_of

TEXTS = [["Aspirin", "caused", "pain", ".", "The", "pain", "faded", "."], ["No", "Xyz1", "pain", "5"], ["Aspirin"]]
HEADS = {"few": ("X", "Y"), "many": tuple("ABCDEFGHIJKLM")}


def loss(weights: Weights, shape: network.Shape, table: WordTable, *, learn: bool) -> float:
    batch, _ = table.batch(TEXTS)
    states, back = network.encode(weights, shape, batch)
    total, d_states = 0.0, np.zeros_like(states)
    for head, labels in HEADS.items():
        tags = crf.TagSet.of(labels)
        spans = [[(0, 1, labels[0]), (5, 7, labels[1])], [(1, 3, labels[0])], []]
        gold = np.concatenate([tags.encode(s, len(t)) for s, t in zip(spans, TEXTS, strict=True)])
        scores, back_head = network.emissions(weights, head, states)
        order = batch.pack.forward
        part, d_packed = crf.loss_and_gradient(weights, (head, tags), scores[order], gold[order], batch.pack, 1.0)
        d_scores = np.zeros_like(scores)
        d_scores[order] = d_packed
        total += part
        if learn:
            d_states += back_head(d_scores)
    if learn:
        back(d_states)
    return total


def test_gradients_match_finite_differences() -> None:
    words, counts = vocabulary_of(TEXTS, at_least=1, rows=100)
    table = WordTable(words, counts, None)
    shape = network.Shape(words=len(words) + 1, vectors=0, width=6, hidden=5, word_width=4, char_width=3, char_out=5)
    weights = network.build(shape, HEADS, 1)
    rng = np.random.default_rng(0)
    for name in weights.names:
        value = weights.get(name)
        weights.set(name, (value + rng.normal(0, 0.3, value.shape)).astype(np.float32))
    loss(weights, shape, table, learn=True)
    gradients = {name: weights.gradient(name) for name in weights.names}
    kept = {name: gradient.copy() for name, gradient in gradients.items() if gradient is not None}
    assert set(kept) == set(weights.names)
    for name, gradient in kept.items():
        place = int(np.abs(gradient).argmax())
        value, step, around = weights.get(name), 3e-3, []
        for sign in (1, -1):
            moved = value.copy()
            moved.reshape(-1)[place] += sign * step
            weights.set(name, moved)
            around.append(loss(weights, shape, table, learn=False))
        weights.set(name, value)
        assert (around[0] - around[1]) / (2 * step) == pytest.approx(gradient.reshape(-1)[place], rel=0.02, abs=2e-4)


def test_gradients_of_hidden_words_match_finite_differences() -> None:
    rng = np.random.default_rng(0)
    ngrams = {"minn": 3, "maxn": 5, "hash_count": 2, "hash_seed": 1}
    vectors = VectorTable(rng.integers(-99, 99, (40, 6)).astype(np.int8), np.full(40, 0.01, np.float32), ngrams)
    words, counts = vocabulary_of(TEXTS, at_least=1, rows=100)
    shape = network.Shape(words=len(words) + 1, vectors=6, width=6, hidden=5, word_width=4, char_width=3, char_out=5)
    tagger = Tagger([], shape, HEADS, WordTable(words, counts, vectors))
    fresh = network.build(shape, HEADS, 1)
    params = {name: fresh.get(name) for name in fresh.names} | masked.projection(tagger, 1)
    weights = Weights({name: (value + rng.normal(0, 0.3, value.shape)).astype(float) for name, value in params.items()})

    def guess() -> float:
        return masked.add_gradient(
            tagger, weights, [tuple(t) for t in TEXTS], np.random.default_rng(5), (0.4, 0.0, 1.0)
        )

    guess()
    names = ("masked.W", "masked.b", "lstm.W", "lstm.U", "conv0.W", "conv1.b")
    gradients = [gradient.reshape(-1).copy() for name in names if (gradient := weights.gradient(name)) is not None]
    for name, expected in zip(names, gradients, strict=True):
        place = int(np.abs(expected).argmax())
        value, around = weights.get(name), []
        for step in (1e-4, -1e-4):
            moved = value.copy()
            moved.reshape(-1)[place] += step
            weights.set(name, moved)
            around.append(guess())
        weights.set(name, value)
        assert (around[0] - around[1]) / 2e-4 == pytest.approx(expected[place], rel=0.02, abs=1e-5), name


def _brute(scores: np.ndarray, chain: crf.Chain) -> dict[tuple[int, ...], float]:
    found = {}
    for path in product(range(scores.shape[1]), repeat=len(scores)):
        total = chain.start[path[0]] + chain.end[path[-1]] + sum(scores[i, tag] for i, tag in enumerate(path))
        total += sum(chain.follow[a, b] for a, b in pairwise(path))
        found[path] = float(total)
    return found


def test_crf_agrees_with_enumeration() -> None:
    rng = np.random.default_rng(3)
    tags = crf.TagSet.of(("X",))
    weights = Weights({"h.T": rng.normal(size=(5, 5)).astype("f"), "h.E": rng.normal(size=(2, 5)).astype("f")})
    chain = crf.Chain.of(weights, "h", tags)
    pack = Pack.of(np.array([0, 2]), np.array([2, 4]))
    scores = rng.normal(size=(6, 5)).astype("f")
    packed = scores[pack.forward]
    best = np.empty(6, dtype=int)
    best[pack.forward] = crf.best_path(packed, chain, pack)
    marginals = np.empty_like(scores)
    marginals[pack.forward] = crf.infer(packed, chain, pack).marginals
    for lo, hi in ((0, 2), (2, 6)):
        paths = _brute(scores[lo:hi], chain)
        assert tuple(best[lo:hi]) == max(paths, key=lambda p: paths[p])
        mass = {path: np.exp(value) for path, value in paths.items()}
        share = sum(m for path, m in mass.items() if path[0] == 0) / sum(mass.values())
        assert marginals[lo, 0] == pytest.approx(share, abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(1, 4), st.sampled_from("AB")), max_size=6), st.booleans())
def test_tags_lead_back_to_spans(drawn: list[tuple[int, int, str]], many: bool) -> None:
    tags = crf.TagSet(("A", "B"), 2 if many else 4)
    spans: list[tuple[int, int, str]] = []
    for start, size, label in sorted(drawn):
        if not spans or start >= spans[-1][1]:
            spans.append((start, start + size, label))
    coded = tags.encode(spans, 16)
    follow, start, end = tags.rules()
    assert tags.decode(coded.tolist()) == spans
    assert start[coded[0]] and end[coded[-1]] and all(follow[a, b] for a, b in pairwise(coded))
