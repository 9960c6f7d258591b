"""Scores of `evidence ico` on questions with known answers: exact matches and cells.

Beside the flow: used by `evidence evaluate ico` and `evidence train ico`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.ask.ico import Answer
from pipeline.ask.ico_rank import load_model, save_model
from pipeline.ask.ico_train import (
    CELLS,
    Asked,
    Least,
    answers,
    cell_value,
    cross_validate,
    make_cases,
    read_papers,
    read_questions,
    train,
)

Say = Callable[[str], None]
_NAMES = ("events", "total", "mean", "sd")
# Tried on cross-validated answers. Values below the threshold are not reported.
_THRESHOLDS: tuple[Least, ...] = tuple(
    (v, s) for v in (0.0, 0.4, 0.5, 0.55, 0.6, 0.65) for s in (0.0, 0.4, 0.5, 0.55, 0.58, 0.6, 0.62)
)
_ENOUGH = 0.85  # precision of the reported cells, from which on exact matches decide


@dataclass(frozen=True, slots=True)
class IcoScore:
    """Exact matches by type of outcome, and cells by name: reported, right, gold."""

    exact: Mapping[str, tuple[int, int]]
    cells: Mapping[str, tuple[int, int, int]]

    @property
    def precision(self) -> float:
        """Share of the reported cells that are right."""
        reported = sum(cell[0] for cell in self.cells.values())
        return sum(cell[1] for cell in self.cells.values()) / reported if reported else 0.0


def score(asked: Sequence[Asked], answers: Sequence[Answer]) -> IcoScore:
    """All cells of a question's type must be the true ones, unknown ones unknown, for an exact match."""
    exact: Counter[tuple[str, str]] = Counter()
    cells: Counter[tuple[str, str]] = Counter()
    for one, answer in zip(asked, answers, strict=True):
        good = True
        for (side, cell), gold in one.gold.items():
            got = cell_value(getattr(answer, side), cell)
            good &= got == gold
            cells[cell, "reported"] += got is not None
            cells[cell, "right"] += got is not None and got == gold
            cells[cell, "gold"] += gold is not None
        exact[one.outcome_type, "all"] += 1
        exact[one.outcome_type, "right"] += good
    return IcoScore(
        {kind: (exact[kind, "right"], exact[kind, "all"]) for kind in CELLS},
        {name: tuple(cells[name, part] for part in ("reported", "right", "gold")) for name in _NAMES},  # type: ignore[misc]
    )


def as_object(found: IcoScore, how: str) -> dict[str, Any]:
    """The score as plain values."""
    return {
        "how": how,
        "exact": {
            kind: {"right": right, "all": whole, "share": round(right / whole, 4) if whole else None}
            for kind, (right, whole) in found.exact.items()
        },
        "cells": {
            name: {
                "reported": reported,
                "right": right,
                "gold": gold,
                "p": round(right / reported, 4) if reported else None,
                "r": round(right / gold, 4) if gold else None,
            }
            for name, (reported, right, gold) in found.cells.items()
        },
        "cell_precision": round(found.precision, 4),
    }


def evaluate_ico(folder: Path, say: Say) -> dict[str, Any]:
    """Scores on a folder of questions; cross-validated if the shipped rankers were trained on any of its articles.

    Raises:
        UnreadableSource: the folder does not hold questions and articles.
    """
    asked = read_questions(folder)
    papers = read_papers(folder, (one.paper for one in asked))
    cases = make_cases(asked, papers)
    shipped = load_model()
    seen = shipped.articles & {one.paper for one in asked}
    if seen:
        how = f"cross-validated by article: {len(seen)} of {len(papers)} articles trained the shipped rankers"
        least = (shipped.value_judge.least, shipped.size_judge.least)
        found = answers(cases, cross_validate(cases), least)
    else:
        how = "shipped rankers, which saw none of these articles"
        found = answers(cases, [shipped] * len(cases))
    say(how)
    return as_object(score(asked, found), how)


def train_ico(folder: Path, out: Path, say: Say) -> dict[str, Any]:
    """Fit the rankers, choose thresholds on cross-validated answers, write `weights.json`.

    Returns:
        The cross-validated scores.
    """
    asked = read_questions(folder)
    papers = read_papers(folder, (one.paper for one in asked))
    say(f"{len(asked)} questions on {len(papers)} articles")
    cases = make_cases(asked, papers)
    models = cross_validate(cases)
    tried = [(least, score(asked, answers(cases, models, least))) for least in _THRESHOLDS]
    for least, found in tried:
        say(f"thresholds {least}: {_line(found)}")
    least, best = max(tried, key=lambda pair: _merit(pair[1]))
    say(f"taken: {least}: {_line(best)}")
    save_model(train(cases, least=least), out / "weights.json")
    return as_object(best, "cross-validated by article")


def _merit(found: IcoScore) -> float:
    """Exact matches; every point of precision that is lacking costs five: a wrong number is worse than none."""
    shares = [right / whole if whole else 0.0 for right, whole in found.exact.values()]
    return sum(shares) / len(shares) - 5 * max(0.0, _ENOUGH - found.precision)


def _line(found: IcoScore) -> str:
    parts = [f"{kind} {right}/{whole}" for kind, (right, whole) in found.exact.items()]
    return f"{', '.join(parts)}, precision of cells {found.precision:.3f}"
