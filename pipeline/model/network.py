"""The tagger's network: words → context → one emission matrix per head. Used by training and by the component.

word table, suffix, shape, characters, floret vector → maxout            once per different word
→ convolutions (width 3) → two-directional LSTM                           per sentence
→ own state and the mean state of the same word in the document → heads   per token, linear
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.model import features
from pipeline.model.crf import TagSet
from pipeline.model.layers import (
    Backward,
    Floats,
    Groups,
    Ints,
    char_words,
    convolve,
    dropout,
    embed,
    linear,
    maxout,
    share,
)
from pipeline.model.recurrent import Pack, bilstm
from pipeline.model.weights import Weights


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network.

    Attributes:
        vectors: width of the floret vectors, 0 for none.
        width: width of the context-free and convolved representation.
        hidden: LSTM cells per direction.
        depth: number of convolutions.
        memory: whether a word sees the mean state of its other mentions in the document.
    """

    words: int
    vectors: int = 128
    width: int = 160
    hidden: int = 128
    depth: int = 2
    memory: bool = True
    word_width: int = 64
    char_width: int = 24
    char_out: int = 96

    def as_dict(self) -> dict[str, int | bool]:
        """For `config.cfg`."""
        return asdict(self)


_SUFFIX_WIDTH, _SHAPE_WIDTH = 32, 16


def build(shape: Shape, heads: dict[str, tuple[str, ...]], seed: int) -> Weights:
    """Freshly drawn weights."""
    rng = np.random.default_rng(seed)

    def matrix(*size: int) -> Floats:
        limit = np.sqrt(6.0 / (size[-2] + size[-1]))
        return rng.uniform(-limit, limit, size).astype(np.float32)

    def table(*size: int) -> Floats:
        return rng.uniform(-0.1, 0.1, size).astype(np.float32)

    def zeros(*size: int) -> Floats:
        return np.zeros(size, dtype=np.float32)

    params: dict[str, Floats] = {
        "words": table(shape.words, shape.word_width),
        "suffix": table(features.SUFFIX_ROWS, _SUFFIX_WIDTH),
        "shape": table(features.SHAPE_ROWS, _SHAPE_WIDTH),
        "chars": table(features.CHAR_ROWS, shape.char_width),
        "charconv.W": matrix(3 * shape.char_width, shape.char_out),
        "charconv.b": zeros(shape.char_out),
    }
    first = shape.word_width + _SUFFIX_WIDTH + _SHAPE_WIDTH + shape.char_out + shape.vectors
    inputs = [("mix", first), *((f"conv{i}", 3 * shape.width) for i in range(shape.depth))]
    for name, size in inputs:
        params |= {
            f"{name}.W": matrix(size, 2 * shape.width),
            f"{name}.b": zeros(2 * shape.width),
            f"{name}.g": np.ones(shape.width, dtype=np.float32),
            f"{name}.o": zeros(shape.width),
        }
    params |= {
        "lstm.W": matrix(2, shape.width, 4 * shape.hidden),
        "lstm.U": matrix(2, shape.hidden, 4 * shape.hidden),
        "lstm.b": zeros(2, 1, 4 * shape.hidden),
    }
    params["lstm.b"][:, :, shape.hidden : 2 * shape.hidden] = 0.5
    out = 2 * shape.hidden * (2 if shape.memory else 1)
    for head, labels in heads.items():
        size = TagSet.of(labels).size
        params |= {f"{head}.W": matrix(out, size), f"{head}.b": zeros(size), f"{head}.T": zeros(size, size)}
        params[f"{head}.E"] = zeros(2, size)
    return Weights(params)


@dataclass(frozen=True, slots=True)
class Words:
    """Features of the different words of a batch.

    Attributes:
        rows: (words, 3) rows in the word, suffix and shape tables.
        chars: (words, MAX_CHARS) character ids.
        vectors: (words, width) floret vectors.
        drop: chance that the word's own row is hidden while training (rare words lean on their letters).
    """

    rows: Ints
    chars: Ints
    vectors: Floats
    drop: Floats


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts joined into one run of tokens.

    Attributes:
        words: features of the different words.
        word_of: for each token its row in `words`.
        first: marks the tokens that begin a sentence.
        groups: tokens of the same word in the same document.
        pack: order of the sentences for the LSTM.
    """

    words: Words
    word_of: Ints
    first: NDArray[np.bool_]
    groups: Groups
    pack: Pack


def sentence_starts(words: Sequence[str], longest: int = 100) -> NDArray[np.bool_]:
    """Marks where a sentence begins: after `.`, `!`, `?` before a capital or digit, at a line break, after `longest`.

    The tagger's own rule, so that its result does not hang on another component.
    """
    first = np.zeros(len(words), dtype=bool)
    since = 0
    for i, word in enumerate(words):
        before = words[i - 1] if i else ""
        ended = before in ".!?" and word[:1] != word[:1].lower() and (i < 2 or len(words[i - 2]) > 1)
        if not i or since >= longest or ended or "\n" in before:
            first[i], since = True, 0
        since += 1
    return first


def context_free_names(model: Weights) -> list[str]:
    """The weights that `context_free` reads."""
    parts = {"words", "suffix", "shape", "chars", "charconv", "mix"}
    return [name for name in model.names if name.partition(".")[0] in parts]


def context_free(model: Weights, words: Words, rng: np.random.Generator | None) -> tuple[Floats, Backward]:
    """One row per different word."""
    keep = None if rng is None else (rng.random(len(words.drop)) >= words.drop).astype(np.float32)
    parts = [
        embed(model, "words", words.rows[:, 0], keep),
        embed(model, "suffix", words.rows[:, 1]),
        embed(model, "shape", words.rows[:, 2]),
        char_words(model, words.chars),
    ]
    widths = np.cumsum([part[0].shape[1] for part in parts])
    y, back = maxout(model, "mix", np.concatenate([*(part[0] for part in parts), words.vectors], axis=1))

    def backward(dy: Floats) -> Floats:
        d = back(dy)
        for (_, part_back), end, (value, _) in zip(parts, widths, parts, strict=True):
            part_back(d[:, end - value.shape[1] : end])
        return dy

    return y, backward


def encode(
    model: Weights,
    shape: Shape,
    batch: Batch,
    rng: np.random.Generator | None = None,
    rates: tuple[float, float] = (0.0, 0.0),
) -> tuple[Floats, Backward]:
    """The state of every token, and the way back. With `rng` given, dropout and blanked words (`rates`) are on."""
    base, back_base = context_free(model, batch.words, rng)
    rate, blanked = rates
    seen = np.ones((len(batch.word_of), 1), dtype=np.float32)
    if rng is not None and blanked > 0:
        seen = (rng.random(seen.shape) >= blanked).astype(np.float32)
    state, back = contextual(model, shape, base[batch.word_of] * seen, batch, rng, rate)

    def backward(dy: Floats) -> Floats:
        d_tokens = back(dy) * seen
        d_base = np.zeros_like(base)
        np.add.at(d_base, batch.word_of, d_tokens)
        return back_base(d_base)

    return state, backward


def contextual(
    model: Weights, shape: Shape, x: Floats, batch: Batch, rng: np.random.Generator | None, rate: float
) -> tuple[Floats, Backward]:
    """From the words' own rows to the states the heads read."""
    chain: list[Backward] = []

    def run(result: tuple[Floats, Backward]) -> Floats:
        chain.append(result[1])
        return result[0]

    x = run(dropout(x, rate, rng))
    for i in range(shape.depth):
        x = run(convolve(model, f"conv{i}", x, batch.first))
    x = run(dropout(x, rate, rng))
    x = run(bilstm(model, "lstm", x, batch.pack))
    if shape.memory:
        x = run(_remember(x, batch.groups))
    x = run(dropout(x, rate, rng))

    def backward(dy: Floats) -> Floats:
        for step in reversed(chain):
            dy = step(dy)
        return dy

    return x, backward


def _remember(x: Floats, groups: Groups) -> tuple[Floats, Backward]:
    mean, back = share(x, groups)
    width = x.shape[1]
    return np.concatenate([x, mean], axis=1), lambda dy: dy[:, :width] + back(dy[:, width:])


def emissions(model: Weights, head: str, states: Floats) -> tuple[Floats, Backward]:
    """Tag scores of one head."""
    return linear(model, head, states)
