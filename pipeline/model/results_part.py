"""Where the results of an abstract without headings begin: outcomes are annotated from there on.

Place in the flow: `Tagger.predict` for the heads in `RESULTS_ONLY`. Of abstracts with headings the reader of the corpus
keeps the annotated sections; of the others the whole text is read, and half of what is marked in it lies before the
results. A logistic model says for each sentence whether it belongs to results or conclusions, from its words, their
pairs and its place; the text is cut where that explains all sentences best. It learns from abstracts whose headings say
where their results begin.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from pipeline.model.corpora.text_formats import ANNOTATED, SECTION
from pipeline.model.network import sentence_starts
from pipeline.model.tokenizer import split_words

RESULTS_ONLY = ("outcomes",)
"""Heads of guidelines by which results and conclusions alone are annotated."""
FILE = "results.npz"
_SLOTS = 1 << 15
_EPOCHS = 5
_MOST_ODDS = 6.0
_HEADING_WORDS = 8

Example = tuple[list[Sequence[str]], list[bool]]
"""Sentences (as words) of an abstract, and whether each belongs to results or conclusions."""


@dataclass(frozen=True, slots=True)
class ResultsPart:
    """Weights of the sentence model."""

    weights: NDArray[np.float32]

    def begins(self, words: Sequence[str]) -> int:
        """The word with which the results begin; 0 where a heading names results or all sentences are results."""
        first = np.flatnonzero(sentence_starts(words)).tolist()
        sentences = [words[a:b] for a, b in pairwise([*first, len(words)])]
        if len(sentences) < 2 or any(map(_is_heading, sentences)):
            return 0
        odds = np.array([self.weights[slots].sum() for slots in _features(sentences)], dtype=np.float64)
        odds = np.clip(odds, -_MOST_ODDS, _MOST_ODDS)
        before, after = -np.logaddexp(0, odds), -np.logaddexp(0, -odds)
        total = np.concatenate([[0.0], np.cumsum(before)[:-1]]) + np.cumsum(after[::-1])[::-1]
        return int(first[int(total.argmax())])

    def save(self, path: Path) -> None:
        """Write the weights in half precision."""
        np.savez_compressed(path, weights=self.weights.astype(np.float16))

    @classmethod
    def load(cls, path: Path) -> ResultsPart:
        """Read what `save` wrote."""
        with np.load(path) as stored:
            return cls(stored["weights"].astype(np.float32))


def _is_heading(sentence: Sequence[str]) -> bool:
    """Whether the sentence begins with a heading of a part that is annotated ("RESULTS :")."""
    head = list(sentence[:_HEADING_WORDS])
    if ":" not in head:
        return False
    words = " ".join(head[: head.index(":")])
    return words.isupper() and ANNOTATED.search(words) is not None


def _features(sentences: Sequence[Sequence[str]]) -> list[NDArray[np.int64]]:
    count = len(sentences)
    rows = []
    for i, sentence in enumerate(sentences):
        words = [re.sub(r"\d+", "0", word.lower()) for word in sentence]
        keys = {*words, *(" ".join(pair) for pair in pairwise(words))}
        keys |= {f"^{words[0]}", f"^{' '.join(words[:2])}", f"@pos{10 * i // count}", "@b"}
        keys |= {f"@i{min(i, 4)}", f"@e{min(count - 1 - i, 4)}"}
        rows.append(np.array(sorted({crc32(key.encode()) % _SLOTS for key in keys}), dtype=np.int64))
    return rows


def learn(abstracts: Iterable[Example], seed: int = 0) -> ResultsPart:
    """Logistic regression with AdaGrad; the order is fixed by the seed."""
    flat = [
        pair for sentences, labels in abstracts for pair in zip(_features(sentences), map(float, labels), strict=True)
    ]
    weights, squares = np.zeros(_SLOTS), np.full(_SLOTS, 1e-2)
    order = np.random.default_rng(seed)
    for _ in range(_EPOCHS):
        for index in order.permutation(len(flat)):
            slots, label = flat[index]
            step = 1 / (1 + np.exp(-np.clip(weights[slots].sum(), -30, 30))) - label + 1e-4 * weights[slots]
            squares[slots] += step**2
            weights[slots] -= 0.1 * step / np.sqrt(squares[slots])
    return ResultsPart(weights.astype(np.float16).astype(np.float32))


def read_abstracts(path: Path) -> list[Example]:
    """Abstracts with headings of Evidence Inference articles; every second one with its title as a first sentence."""
    examples: list[Example] = []
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            abstract = json.loads(line)["text"].partition("\nBODY.")[0]
            marks = list(SECTION.finditer(abstract))
            ends = [*(mark.start() for mark in marks[1:]), len(abstract)][: len(marks)]
            parts = [(mark[1], abstract[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
            if len(parts) < 2 or not any("RESULT" in name or "FINDING" in name for name, _ in parts):
                continue
            title = re.match(r"TITLE:\s*(.*)", abstract)
            if title and title[1] and not len(examples) % 2:
                parts.insert(0, ("TITLE", title[1]))
            pairs = [(one, ANNOTATED.search(name) is not None) for name, text in parts for one in _sentences(text)]
            examples.append(([one for one, _ in pairs], [label for _, label in pairs]))
    return examples


def _sentences(text: str) -> list[Sequence[str]]:
    words, _ = split_words(text.strip())
    first = np.flatnonzero(sentence_starts(words)).tolist()
    return [words[a:b] for a, b in pairwise([*first, len(words)])]
