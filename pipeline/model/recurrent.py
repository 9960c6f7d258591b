"""A two-directional LSTM over the sentences of a batch, packed so that no padding is computed.

Sentences are sorted by length; step `t` holds the t-th word of all sentences that have one. Both directions run in one
loop: they have the same lengths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.model.layers import Backward, Floats, Ints
from pipeline.model.weights import Weights


@dataclass(frozen=True, slots=True)
class Pack:
    """The order in which the tokens of sentences are stepped through.

    Attributes:
        forward: for each packed row the token, first word first.
        reverse: the same, last word first.
        offsets: packed row at which each step begins, with the total at the end.
        order: sentence numbers, longest first.
        lengths: sentence lengths in that order.
    """

    forward: Ints
    reverse: Ints
    offsets: Ints
    order: Ints
    lengths: Ints

    @classmethod
    def of(cls, starts: Ints, lengths: Ints) -> Pack:
        """Pack sentences that begin at `starts` (token numbers)."""
        order = np.argsort(-lengths, kind="stable")
        size, begin = lengths[order], starts[order]
        steps = np.arange(int(size[0]))
        counts = np.searchsorted(-size, -steps, side="left")
        step = np.repeat(steps, counts)
        offsets = np.concatenate([[0], np.cumsum(counts)])
        row = np.arange(len(step)) - np.repeat(offsets[:-1], counts)
        return cls(begin[row] + step, begin[row] + size[row] - 1 - step, offsets, order, size)

    @property
    def last(self) -> Ints:
        """Packed row of the last word of each sentence (longest sentence first)."""
        rows: Ints = self.offsets[self.lengths - 1] + np.arange(len(self.lengths))
        return rows


def _step(gates: Floats, cell: Floats) -> tuple[Floats, Floats]:
    """One step in place: raw gates (input, forget, output, candidate) become activations; returns cell, tanh(cell)."""
    h = cell.shape[-1]
    np.tanh(gates, out=gates)
    sig = gates[..., : 3 * h]
    sig *= 0.5
    sig += 0.5
    new = gates[..., h : 2 * h] * cell
    new += gates[..., :h] * gates[..., 3 * h :]
    return new, np.tanh(new)


def bilstm(model: Weights, name: str, x: Floats, pack: Pack) -> tuple[Floats, Backward]:
    """(tokens, 2 × hidden). The sigmoid gates' weights are stored halved: sigmoid(2v) = (tanh(v) + 1) / 2."""
    w, u, b = (model.get(f"{name}.{part}") for part in ("W", "U", "b"))
    hidden = u.shape[1]
    rows = (pack.forward, pack.reverse)
    total = len(pack.forward)
    gates = np.empty((2, total, 4 * hidden), dtype=np.float32)
    for d, r in enumerate(rows):
        np.matmul(x[r], w[d], out=gates[d])
        gates[d] += b[d]
    cells, squashed, states = (np.zeros((2, total, hidden), dtype=np.float32) for _ in range(3))
    offsets = pack.offsets.tolist()
    for t in range(len(offsets) - 1):
        lo, hi = offsets[t], offsets[t + 1]
        here = gates[:, lo:hi]
        if t:
            before = slice(offsets[t - 1], offsets[t - 1] + hi - lo)
            here += np.matmul(states[:, before], u)
            cell = cells[:, before]
        else:
            cell = cells[:, lo:hi]
        new, tanh_new = _step(here, cell)
        cells[:, lo:hi] = new
        squashed[:, lo:hi] = tanh_new
        np.multiply(here[..., 2 * hidden : 3 * hidden], tanh_new, out=states[:, lo:hi])
    y = np.empty((len(x), 2 * hidden), dtype=np.float32)
    for d, r in enumerate(rows):
        y[r, d * hidden : (d + 1) * hidden] = states[d]

    def backward(dy: Floats) -> Floats:
        d_states = np.stack([dy[r, d * hidden : (d + 1) * hidden] for d, r in enumerate(rows)])
        d_gates = _lstm_backward(d_states, gates, cells, squashed, u, offsets)
        previous, rest = _previous_rows(offsets)
        dx = np.zeros_like(x)
        d_w, d_u = np.empty_like(w), np.empty_like(u)
        for d, r in enumerate(rows):
            d_w[d] = x[r].T @ d_gates[d]
            d_u[d] = states[d][previous].T @ d_gates[d][rest]
            dx[r] += d_gates[d] @ w[d].T
        model.add_gradient(f"{name}.W", d_w)
        model.add_gradient(f"{name}.U", d_u)
        model.add_gradient(f"{name}.b", d_gates.sum(axis=1))
        return dx

    return y, backward


def _previous_rows(offsets: list[int]) -> tuple[Ints, slice]:
    parts = [
        np.arange(offsets[t - 1], offsets[t - 1] + offsets[t + 1] - offsets[t]) for t in range(1, len(offsets) - 1)
    ]
    return (np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)), slice(offsets[1], None)


def _lstm_backward(
    d_states: Floats, gates: Floats, cells: Floats, squashed: Floats, u: Floats, offsets: list[int]
) -> Floats:
    hidden = cells.shape[-1]
    d_gates = np.zeros_like(gates)
    d_cell_next = np.zeros_like(cells[:, : offsets[1]])
    turned = u.transpose(0, 2, 1)
    for t in range(len(offsets) - 2, -1, -1):
        lo, hi = offsets[t], offsets[t + 1]
        i, f, o, g = (gates[:, lo:hi, k * hidden : (k + 1) * hidden] for k in range(4))
        d_h = d_states[:, lo:hi]
        tanh_c = squashed[:, lo:hi]
        d_cell = d_h * o * (1 - tanh_c * tanh_c)
        if t + 2 < len(offsets):
            later = offsets[t + 2] - hi
            d_cell[:, :later] += d_cell_next[:, :later]
        out = d_gates[:, lo:hi]
        out[..., :hidden] = d_cell * g * i * (1 - i) * 2
        before = slice(offsets[t - 1], offsets[t - 1] + hi - lo) if t else slice(0, 0)
        if t:
            out[..., hidden : 2 * hidden] = d_cell * cells[:, before] * f * (1 - f) * 2
        out[..., 2 * hidden : 3 * hidden] = d_h * tanh_c * o * (1 - o) * 2
        out[..., 3 * hidden :] = d_cell * i * (1 - g * g)
        if t:
            d_states[:, before] += np.matmul(out, turned)
        d_cell_next = d_cell * f
    return d_gates
