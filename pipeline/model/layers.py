"""The arithmetic of the tagger: forward functions that return their own backward function (thinc's convention).

Plain numpy on purpose: its matrix product is three times as fast here as the one spaCy's own layers call, and nothing
but numpy decides the result. Weights come from, and gradients go to, a `Weights`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.model.weights import Floats as Floats
from pipeline.model.weights import Weights as Weights

Ints = NDArray[np.int64]
Backward = Callable[[Floats], Floats]


def linear(model: Weights, name: str, x: Floats) -> tuple[Floats, Backward]:
    """`x @ W + b`."""
    weight = model.get(f"{name}.W")

    def backward(dy: Floats) -> Floats:
        model.add_gradient(f"{name}.W", x.T @ dy)
        model.add_gradient(f"{name}.b", dy.sum(axis=0))
        out: Floats = dy @ weight.T
        return out

    y: Floats = x @ weight
    y += model.get(f"{name}.b")
    return y, backward


def maxout(model: Weights, name: str, x: Floats) -> tuple[Floats, Backward]:
    """Two linear pieces, the larger wins; then layer normalisation."""
    both, back_linear = linear(model, name, x)
    width = both.shape[1] // 2
    left, right = both[:, :width], both[:, width:]
    wins = left >= right
    y, back_norm = layer_norm(model, name, np.maximum(left, right))

    def backward(dy: Floats) -> Floats:
        d = back_norm(dy)
        return back_linear(np.concatenate([d * wins, d * ~wins], axis=1))

    return y, backward


def layer_norm(model: Weights, name: str, x: Floats) -> tuple[Floats, Backward]:
    """Zero mean and unit variance per row, with learned gain and offset."""
    gain = model.get(f"{name}.g")
    centred = x - x.mean(axis=1, keepdims=True)
    inverse = 1.0 / np.sqrt(np.einsum("ij,ij->i", centred, centred)[:, None] / x.shape[1] + 1e-5)
    centred *= inverse

    def backward(dy: Floats) -> Floats:
        model.add_gradient(f"{name}.g", np.einsum("ij,ij->j", dy, centred))
        model.add_gradient(f"{name}.o", dy.sum(axis=0))
        d = dy * gain
        along = np.einsum("ij,ij->i", d, centred)[:, None] / x.shape[1]
        out: Floats = (d - d.mean(axis=1, keepdims=True) - centred * along) * inverse
        return out

    return centred * gain + model.get(f"{name}.o"), backward


def embed(model: Weights, name: str, rows: Ints, keep: Floats | None = None) -> tuple[Floats, Backward]:
    """Rows of a table; `keep` (0 or 1 per row) drops whole words while training."""
    table = model.get(name)
    y = table[rows]
    if keep is not None:
        y *= keep[:, None]

    def backward(dy: Floats) -> Floats:
        grad = np.zeros_like(table)
        np.add.at(grad, rows, dy if keep is None else dy * keep[:, None])
        model.add_gradient(name, grad)
        return dy

    return y, backward


def char_words(model: Weights, chars: Ints) -> tuple[Floats, Backward]:
    """One vector per word: three-character windows, the maximum over the positions. `chars` is (words, positions)."""
    table = model.get("chars")
    n, length = chars.shape
    x = table[chars]
    wide = np.concatenate([x[:, :-2], x[:, 1:-1], x[:, 2:]], axis=2)
    flat = wide.reshape(n * (length - 2), -1)
    hidden, back_linear = linear(model, "charconv", flat)
    hidden = hidden.reshape(n, length - 2, -1)
    hidden = np.where((chars[:, 1:-1] > 0)[:, :, None], hidden, np.float32(-1e9))
    best = hidden.argmax(axis=1)
    y = np.take_along_axis(hidden, best[:, None], axis=1)[:, 0]
    alive = y > 0

    def backward(dy: Floats) -> Floats:
        d_hidden = np.zeros_like(hidden)
        np.put_along_axis(d_hidden, best[:, None], (dy * alive)[:, None], axis=1)
        d_wide = back_linear(d_hidden.reshape(n * (length - 2), -1)).reshape(wide.shape)
        d = table.shape[1]
        dx = np.zeros_like(x)
        dx[:, :-2] += d_wide[:, :, :d]
        dx[:, 1:-1] += d_wide[:, :, d : 2 * d]
        dx[:, 2:] += d_wide[:, :, 2 * d :]
        grad = np.zeros_like(table)
        np.add.at(grad, chars.reshape(-1), dx.reshape(-1, d))
        grad[0] = 0
        model.add_gradient("chars", grad)
        return dy

    return y * alive, backward


def convolve(model: Weights, name: str, x: Floats, first: NDArray[np.bool_]) -> tuple[Floats, Backward]:
    """Residual maxout over a word and its two neighbours; `first` marks the words that begin a sentence."""
    n, width = x.shape
    joined = ~first[1:, None]
    wide = np.zeros((n, 3 * width), dtype=x.dtype)
    wide[1:, :width] = x[:-1] * joined
    wide[:, width : 2 * width] = x
    wide[:-1, 2 * width :] = x[1:] * joined
    y, back = maxout(model, name, wide)

    def backward(dy: Floats) -> Floats:
        d = back(dy)
        dx = dy + d[:, width : 2 * width]
        dx[:-1] += d[1:, :width] * joined
        dx[1:] += d[:-1, 2 * width :] * joined
        out: Floats = dx
        return out

    return x + y, backward


def dropout(x: Floats, rate: float, rng: np.random.Generator | None) -> tuple[Floats, Backward]:
    """Zero a share of the values while training (`rng` given), else nothing."""
    if rng is None or rate <= 0:
        return x, lambda dy: dy
    mask = (rng.random(x.shape, dtype=np.float32) >= rate).astype(np.float32) / np.float32(1 - rate)
    return x * mask, lambda dy: dy * mask


@dataclass(frozen=True, slots=True)
class Groups:
    """Tokens of the same word in the same document: `of` gives each token's group, `sizes` the group sizes."""

    of: Ints
    sizes: Ints


def share(x: Floats, groups: Groups) -> tuple[Floats, Backward]:
    """Mean over all tokens of the same word in the document, for each token."""
    order = np.argsort(groups.of, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(groups.sizes)[:-1]])
    scale = (1.0 / groups.sizes).astype(np.float32)[:, None]

    def mean(v: Floats) -> Floats:
        out: Floats = (np.add.reduceat(v[order], bounds, axis=0) * scale)[groups.of]
        return out

    return mean(x), mean
