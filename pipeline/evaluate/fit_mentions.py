"""Learn which strings are mentions: `python -m pipeline.evaluate.fit_mentions GOLD… [--to models/mentions.json]`.

Place in the flow: a developer's command. Ridge logistic regression over the features of `pipeline.tag.rank_features`;
what is printed comes from cross-validation by document, the weights come from all documents. A folder named twice
counts twice. The verdict of the outcome finder is not learned from: its grammar was written beside a part of the gold,
where it looks surer than it is (on other texts the choice is as good without it).
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Document
from pipeline.evaluate.gold import folders_and_target, gold_papers, gold_spans
from pipeline.evidence import Label
from pipeline.tag.rank import RANKED, choose
from pipeline.tag.rank_features import Candidate, Place

Floats = NDArray[np.float32]
_FOLDS = 10
_RIDGE = 5.0  # chosen among 3, 5, 10, 20 by cross-validated F1
_DOCUMENTS = 3  # a feature that fewer documents have is not learned
_ALIKE = 0.001  # F1: of thresholds that do as well the lowest is taken, since a missed outcome loses its numbers too
_LEAST = (0.24, 0.28, 0.32, 0.36, 0.40)
_NOT_LEARNED = {
    Label.OUTCOME: re.compile(r"(?:\w+|\w+ share|ends with) OUTCOME|way find"),
    Label.CONDITION: re.compile(r"(?!)"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """Candidates of one document, its gold places per label, how many gold mentions it has in all, its weight."""

    candidates: list[Candidate]
    gold: dict[Label, set[Place]]
    total: dict[Label, int]
    weight: int = 1


def read_papers(folders: Sequence[Path]) -> list[Paper]:
    """Run the tagger up to its candidates on gold folders (`docs`, `json`)."""
    from pipeline.read import read_documents  # late: spaCy is slow to import
    from pipeline.tag import load_tagger

    tagger = load_tagger()
    papers = []
    for path, record, weight in gold_papers(folders):
        with path.open(encoding="utf-8", newline="") as handle:
            text = handle.read()
        for document in read_documents(path):
            if isinstance(document, Document):
                passages, candidates = tagger.candidates(document)
                spans = {label: gold_spans(text, record["mentions"].get(label.value, [])) for label in RANKED}
                places = [(one, _source(passages, one)) for found in candidates for one in found.places]
                gold = {label: {place for place, span in places if span in spans[label]} for label in RANKED}
                papers.append(Paper(candidates, gold, {label: len(spans[label]) for label in RANKED}, weight))
    return papers


def _source(passages: Sequence[object], place: Place) -> tuple[int, int] | None:
    return passages[place.passage].source_span(place.start, place.end)  # type: ignore[attr-defined, no-any-return]


def fit(
    rows: Sequence[Candidate], right: Sequence[bool], names: Sequence[str], times: Sequence[int] | None = None
) -> dict[str, float]:
    """Ridge logistic regression by Newton steps; a string counts by the root of its occurrences.

    Args:
        rows: candidates.
        right: whether each is a mention.
        names: the features to learn.
        times: how often each row counts, once if not given.
    """
    number = {name: index for index, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)), dtype=np.float32)
    for row, candidate in enumerate(rows):
        for name, value in candidate.features.items():
            if name in number:
                matrix[row, number[name]] = value
    target = np.array(right, dtype=np.float32)
    weight = np.array([math.sqrt(max(1, len(one.places))) for one in rows], dtype=np.float32)
    weight *= np.array(times or [1] * len(rows), dtype=np.float32)
    solution = np.zeros(len(names), dtype=np.float32)
    for _ in range(12):
        chance = 1 / (1 + np.exp(-matrix @ solution))
        gradient = matrix.T @ (weight * (target - chance)) - _RIDGE * solution
        spread = (weight * chance * (1 - chance))[:, None]
        curvature = matrix.T @ (matrix * spread) + _RIDGE * np.eye(len(names), dtype=np.float32)
        step = np.linalg.solve(curvature, gradient)
        solution = solution + step
        if float(np.abs(step).max()) < 1e-4:
            break
    return {name: round(float(value), 4) for name, value in zip(names, solution, strict=True) if abs(value) >= 5e-4}


def learned(papers: Sequence[Paper], label: Label) -> dict[str, float]:
    """Weights from all these papers."""
    documents: dict[str, int] = defaultdict(int)
    for paper in papers:
        for name in {name for one in paper.candidates for name in one.features}:
            documents[name] += 1
    left_out = _NOT_LEARNED[label]
    names = sorted(name for name, count in documents.items() if count >= _DOCUMENTS and not left_out.fullmatch(name))
    rows = [one for paper in papers for one in paper.candidates]
    right = [not paper.gold[label].isdisjoint(one.places) for paper in papers for one in paper.candidates]
    return fit(rows, right, names, [paper.weight for paper in papers for _ in paper.candidates])


def chances(paper: Paper, weights: dict[str, float]) -> list[float]:
    """The chance of each candidate of a paper."""
    scores = [sum(weights.get(n, 0.0) * v for n, v in one.features.items()) for one in paper.candidates]
    return [1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) for score in scores]


def f1_by_least(papers: Sequence[Paper], held_out: Sequence[list[float]], label: Label) -> dict[float, float]:
    """F1 of strict spans for each threshold; a paper counts by its weight."""
    reached = {}
    for least in _LEAST:
        right = found = wanted = 0
        for paper, chance in zip(papers, held_out, strict=True):
            chosen = {one.place for one in choose(paper.candidates, chance, least)}
            right += paper.weight * len(chosen & paper.gold[label])
            found += paper.weight * len(chosen)
            wanted += paper.weight * paper.total[label]
        reached[least] = 2 * right / max(1, found + wanted)
    return reached


def main(arguments: Sequence[str], say: Callable[[str], object]) -> None:
    """Cross-validate, say the F1 by threshold, write the weights if a file is named after `--to`."""
    folders, to = folders_and_target(arguments)
    papers = read_papers(folders)
    stored: dict[str, dict[str, object]] = {}
    for label in RANKED:
        held_out: list[list[float]] = [[] for _ in papers]
        for fold in range(_FOLDS):
            weights = learned([paper for i, paper in enumerate(papers) if i % _FOLDS != fold], label)
            for i in range(fold, len(papers), _FOLDS):
                held_out[i] = chances(papers[i], weights)
        reached = f1_by_least(papers, held_out, label)
        say(f"{label.value}: " + ", ".join(f"{least:.2f} {f1:.3f}" for least, f1 in reached.items()))
        best = min(least for least, f1 in reached.items() if f1 >= max(reached.values()) - _ALIKE)
        stored[label.value] = {"least": best, "weights": learned(papers, label)}
    if to is not None:
        to.write_text(json.dumps(stored, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:], lambda line: sys.stdout.write(line + "\n"))
