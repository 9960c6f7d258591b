"""Fit the confidence of rows: `python -m pipeline.evaluate.fit_confidence GOLD… [--to models/confidence.json]`.

Place in the flow: a developer's command. Logistic regression with a ridge penalty; the reliability table comes from
cross-validation by document, the weights from all documents.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.assemble import joined
from pipeline.confidence import Features, RowContext, comparison_features, result_features
from pipeline.document import Document
from pipeline.evaluate.gold import folders_and_target, gold_papers
from pipeline.evaluate.rows import Gold, right_comparisons, right_results
from pipeline.evidence import PaperEvidence
from pipeline.relate import relate

Floats = NDArray[np.float64]
_FOLDS = 9
_RIDGE = 3.0  # chosen among 0.3, 1, 3, 10 by cross-validated log loss
# Which features each kind uses, chosen by cross-validated log loss among 23. Two have no example in the gold and are
# set by hand: a row whose arm is unknown has half the odds; a cell of a table says its outcome and arm in its headers.
_USED = {
    "results": ("bias", "crowd", "doubts of group", "one arm study", "results section", "spread"),
    "comparisons": ("bias", "cited", "crowd", "no difference", "no direction", "one arm study", "p", "told twice"),
}
# The gold holds abstracts alone; full texts were read by eye: a doubt there makes a lead of a row.
_BY_HAND = {"no arm": -0.7, "table": 1.5, "prose in full text": -1.2, "doubts in full text": -4.0}
_BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.01)


@dataclass(frozen=True, slots=True)
class Example:
    """One row: its document, what the model sees, whether it is right."""

    document: int
    features: Features
    right: bool


def examples(papers: Sequence[tuple[PaperEvidence, Gold, int]]) -> dict[str, list[Example]]:
    """The rows of all papers, results and comparisons apart; those of a paper as often as it counts."""
    made: dict[str, list[Example]] = {"results": [], "comparisons": []}
    for number, (evidence, gold, times) in enumerate(papers):
        context = RowContext.of(evidence)
        for result, right in zip(evidence.results, right_results(evidence, gold), strict=True):
            made["results"] += [Example(number, result_features(result, context), right)] * times
        for comparison, right in zip(evidence.comparisons, right_comparisons(evidence, gold), strict=True):
            made["comparisons"] += [Example(number, comparison_features(comparison, context), right)] * times
    return made


def fit(rows: Sequence[Example], names: Sequence[str], ridge: float = _RIDGE) -> Floats:
    """Ridge logistic regression by Newton steps; the bias is not punished."""
    matrix = np.array([[row.features.get(name, 0.0) for name in names] for row in rows])
    target = np.array([float(row.right) for row in rows])
    penalty = np.diag([0.0 if name == "bias" else ridge for name in names])
    weights = np.zeros(len(names))
    for _ in range(50):
        chance = 1 / (1 + np.exp(-matrix @ weights))
        gradient = matrix.T @ (target - chance) - penalty @ weights
        curvature = matrix.T @ (matrix * (chance * (1 - chance))[:, None]) + penalty + 1e-6 * np.eye(len(names))
        step = np.linalg.solve(curvature, gradient)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def cross_validated(rows: Sequence[Example], names: Sequence[str], ridge: float = _RIDGE) -> Floats:
    """Each row's confidence from weights fitted without its document."""
    chance = np.zeros(len(rows))
    for fold in range(_FOLDS):
        train = [row for row in rows if row.document % _FOLDS != fold]
        weights = fit(train, names, ridge)
        for index, row in enumerate(rows):
            if row.document % _FOLDS == fold:
                score = sum(weights[i] * row.features.get(name, 0.0) for i, name in enumerate(names))
                chance[index] = 1 / (1 + np.exp(-score))
    return chance


def reliability(rows: Sequence[Example], chance: Floats) -> list[str]:
    """A Markdown table: rows per band of confidence, the mean confidence, and the share that is right."""
    lines = ["| confidence | rows | mean | right |", "|---|---|---|---|"]
    right = np.array([row.right for row in rows])
    for low, high in pairwise(_BINS):
        inside = (chance >= low) & (chance < high)
        if inside.any():
            share = f"{chance[inside].mean():.2f} | {right[inside].mean():.2f}"
            lines.append(f"| {low:.1f} to {min(high, 1.0):.1f} | {int(inside.sum())} | {share} |")
    return lines


def log_loss(rows: Sequence[Example], chance: Floats) -> float:
    """Mean negative log likelihood; lower is better."""
    clipped = np.clip(chance, 1e-6, 1 - 1e-6)
    right = np.array([float(row.right) for row in rows])
    return float(-(right * np.log(clipped) + (1 - right) * np.log(1 - clipped)).mean())


def read_papers(folders: Sequence[Path]) -> list[tuple[PaperEvidence, Gold, int]]:
    """Run the pipeline on gold folders (`docs`, `json`); a folder named twice counts twice."""
    from pipeline.read import read_documents  # late: spaCy is slow to import
    from pipeline.tag import load_tagger

    tagger = load_tagger()
    papers: list[tuple[PaperEvidence, Gold, int]] = []
    for path, gold, times in gold_papers(folders):
        for document in read_documents(path):
            if isinstance(document, Document):
                papers.append((joined(relate(tagger.tag(document))), gold, times))
    return papers


def main(arguments: Sequence[str], say: Callable[[str], object]) -> None:
    """Fit, say the reliability tables, write the weights if a file is named after `--to`."""
    folders, to = folders_and_target(arguments)
    made = examples(read_papers(folders))
    weights: dict[str, dict[str, float]] = {}
    for kind, rows in made.items():
        names = _USED[kind]
        chance = cross_validated(rows, names)
        say(f"{kind}: {len(rows)} rows, log loss {log_loss(rows, chance):.3f}")
        for line in reliability(rows, chance):
            say(line)
        weights[kind] = {name: round(float(value), 3) for name, value in zip(names, fit(rows, names), strict=True)}
        weights[kind].update(_BY_HAND)
    if to is not None:
        to.write_text(json.dumps(weights, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:], lambda line: sys.stdout.write(line + "\n"))
