"""How far to trust a row: a logistic model over what the rules knew and what the row looks like.

Place in the flow: used by `assemble`. A confidence of 0.7 means that of ten such rows about seven are right as a whole
(number, outcome and arm). The weights stand in `models/confidence.json`; `python -m pipeline.evaluate.fit_confidence`
fits them. Few features, because the gold they are learnt from is small.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from pipeline.document import Part, Section
from pipeline.evidence import Attribution, Comparison, Direction, PaperEvidence, Result, Role
from pipeline.resources import models_dir

Features = dict[str, float]
_OF_GROUPS = frozenset(("group", "part", "order", "pair", "effect", "bound", "grade"))
_MOST = 3
_SENTENCE = 0.5  # log of the number of rows of one sentence is scaled so that five rows weigh about 1


@dataclass(frozen=True, slots=True)
class RowContext:
    """What is the same for all rows of a paper."""

    evidence: PaperEvidence
    compared: int
    rows_of: Counter[tuple[int, int]]
    is_full_text: bool = False

    @staticmethod
    def of(evidence: PaperEvidence) -> RowContext:
        """Count the paper's compared arms and the rows of each sentence."""
        compared = sum(arm.role in (Role.INTERVENTION, Role.COMPARATOR) for arm in evidence.arms)
        rows = [row.quote for row in evidence.results] + [row.quote for row in evidence.comparisons]
        is_full_text = any(passage.part in (Part.BODY, Part.TABLE) for passage in evidence.annotated.document.passages)
        return RowContext(
            evidence, compared, Counter((quote.passage, quote.start) for quote in rows), is_full_text=is_full_text
        )


def result_features(row: Result, context: RowContext) -> Features:
    """What the model sees of a result row; all numbers, mostly 0 or 1."""
    passages = context.evidence.annotated.document.passages
    is_table = passages[row.quote.passage].part is Part.TABLE
    groups = sum(reason in _OF_GROUPS for reason in row.doubts)
    return _shared(row, context) | {
        "spread": float(row.sd is not None or row.se is not None),
        "no arm": float(row.arm_id is None),
        "doubts of group": float(min(groups, _MOST)),
        "prose in full text": float(context.is_full_text and not is_table),
        "doubts in full text": float(min(len(row.doubts), _MOST) if context.is_full_text else 0),
    }


def comparison_features(row: Comparison, context: RowContext) -> Features:
    """What the model sees of a comparison row."""
    return _shared(row, context) | {
        "p": float(row.p_value is not None),
        "no arm": float(row.arm_a is None),
        "no difference": float(row.direction is Direction.NO_DIFFERENCE),
        "no direction": float(row.direction is None),
        "told twice": float(bool(row.more_quotes)),
        "cited": float(row.attribution is not Attribution.OWN),
    }


def _shared(row: Result | Comparison, context: RowContext) -> Features:
    passage = context.evidence.annotated.document.passages[row.quote.passage]
    rows = context.rows_of[(row.quote.passage, row.quote.start)]
    return {
        "bias": 1.0,
        "crowd": _SENTENCE * math.log(max(rows, 1)),
        "one arm study": float(context.compared == 1),
        "table": float(passage.part is Part.TABLE),
        "results section": float(passage.section in (Section.RESULTS, Section.CASE)),
    }


@lru_cache(maxsize=1)
def _weights() -> dict[str, Features]:
    loaded: dict[str, Features] = json.loads((models_dir() / "confidence.json").read_text(encoding="utf-8"))
    return loaded


def confidence(kind: str, features: Features) -> float:
    """The probability that the row is right, two decimals; `kind` is "results" or "comparisons"."""
    weights = _weights()[kind]
    score = sum(weights.get(name, 0.0) * value for name, value in features.items())
    return round(1 / (1 + math.exp(-score)), 2)
