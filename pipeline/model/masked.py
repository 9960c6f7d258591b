"""A second task for the training: guess hidden words of unlabelled texts, which teaches the layers above the words.

A share of the words is blanked before the convolutions; from the LSTM's state at each blank the word is to be picked
among all different words of the batch, by the likeness of a linear projection to their floret vectors. Only the
convolutions and the LSTM learn from it. The projection is left out of the stored model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from pipeline.model import network
from pipeline.model.layers import Floats
from pipeline.model.tagger import Tagger
from pipeline.model.tokenizer import split_words
from pipeline.model.weights import Weights

HEAD = "masked"
"""Name of the projection among the weights while training."""
_SHORTEST = 20
_LONGEST = 400

Text = tuple[str, ...]


def projection(tagger: Tagger, seed: int) -> dict[str, Floats]:
    """Fresh weights of the projection."""
    size = (2 * tagger.shape.hidden, tagger.shape.vectors)
    limit = np.sqrt(6.0 / sum(size))
    drawn = np.random.default_rng(seed).uniform(-limit, limit, size).astype(np.float32)
    return {f"{HEAD}.W": drawn, f"{HEAD}.b": np.zeros(size[1], dtype=np.float32)}


def texts_of(paragraphs: Iterable[str], most: int, seed: int) -> list[Text]:
    """Words of paragraphs in a drawn order, up to `most` words together; very short ones and headings are left out."""
    kept = [text for text in paragraphs if len(text) >= _SHORTEST * 5]
    texts: list[Text] = []
    size = 0
    for i in np.random.default_rng(seed).permutation(len(kept)).tolist():
        words = split_words(kept[i])[0][:_LONGEST]
        if len(words) >= _SHORTEST:
            texts.append(tuple(words))
            size += len(words)
        if size >= most:
            break
    return texts


def batches(texts: Sequence[Text], words: int, rng: np.random.Generator) -> Iterator[list[Text]]:
    """Endless batches of about so many words."""
    queue: list[int] = []
    while True:
        batch: list[Text] = []
        size = 0
        while size < words:
            if not queue:
                queue = rng.permutation(len(texts)).tolist()
            batch.append(texts[queue.pop()])
            size += len(batch[-1])
        yield batch


def add_gradient(
    tagger: Tagger, member: Weights, texts: Sequence[Text], rng: np.random.Generator, rates: tuple[float, float, float]
) -> float:
    """Add the gradient of one batch; returns the mean loss per blank, in nats.

    Args:
        tagger: gives the word features.
        member: the weights, with those of `projection`.
        texts: the batch.
        rng: draws blanks and dropout.
        rates: share of blanks, dropout, factor of the loss.
    """
    share, dropout, factor = rates
    inputs, _ = tagger.table.batch(texts)
    base, _ = network.context_free(member, inputs.words, None)
    hidden = np.flatnonzero(rng.random(len(inputs.word_of)) < share)
    if not len(hidden):
        return 0.0
    x = base[inputs.word_of]
    x[hidden] = 0
    states, back = network.contextual(member, replace(tagger.shape, memory=False), x, inputs, rng, dropout)
    guesses, back_guess = network.emissions(member, HEAD, states[hidden])
    loss, d_guesses = _pick(guesses, inputs.words.vectors, inputs.word_of[hidden])
    d_states = np.zeros_like(states)
    d_states[hidden] = back_guess(d_guesses * np.float32(factor))
    back(d_states)
    return loss


def _pick(guesses: Floats, vectors: Floats, right: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[float, Floats]:
    """Cross-entropy of picking the right word, and its gradient for the guesses."""
    scores = guesses @ vectors.T
    scores -= scores.max(axis=1, keepdims=True)
    chance = np.exp(scores)
    chance /= chance.sum(axis=1, keepdims=True)
    rows = np.arange(len(right))
    loss = float(-np.log(chance[rows, right] + 1e-12).mean())
    chance[rows, right] -= 1
    gradient: Floats = (chance @ vectors / np.float32(len(right))).astype(np.float32)
    return loss, gradient
