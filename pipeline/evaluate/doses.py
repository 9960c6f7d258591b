"""Drug and dose pairs of a sentence (ADE): which dose belongs to which drug."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.language import Language

from pipeline.evaluate.score import Scores
from pipeline.evaluate.spans import predict_heads
from pipeline.model.corpora.labelled import Gold, Labelled

_BREAK = re.compile(r"[;:]|\.\s|, (?:and|then|followed)\b")
_BETWEEN = re.compile(r"\s*(?:of|\(|,|at|-)?\s*(?:oral|intravenous|i\.v\.|iv)?\s*$", re.IGNORECASE)


def pair_doses(text: str, spans: set[Gold]) -> set[tuple[int, int, int, int]]:
    """(dose start, dose end, drug start, drug end): each dose goes to the closest drug.

    Distance is counted in characters; a clause boundary in between counts forty more, and a drug right after
    "dose of" or right before "(" counts as touching.
    """
    drugs = sorted((start, end) for start, end, label in spans if label == "DRUG")
    pairs = set()
    for start, end, label in sorted(spans):
        if label == "DOSE" and drugs:
            drug = min(drugs, key=lambda d: (_distance(text, (start, end), d), d))
            pairs.add((start, end, *drug))
    return pairs


def _distance(text: str, dose: tuple[int, int], drug: tuple[int, int]) -> int:
    between = text[dose[1] : drug[0]] if dose[1] <= drug[0] else text[drug[1] : dose[0]]
    if _BETWEEN.fullmatch(between):
        return 0
    return len(between) + 40 * len(_BREAK.findall(between))


def score_pairs(nlp: Language, texts: Sequence[Labelled]) -> Scores:
    """Strict pairs: both spans exact."""
    scores = Scores()
    for text, spans in zip(texts, predict_heads(nlp, texts, ("ade",)), strict=True):
        linked = text.gold["ade_pair"]
        gold = {(a[0], a[1], b[0], b[1]) for a, b in zip(linked[::2], linked[1::2], strict=True)}
        scores.add([(p, "DRUG-DOSE") for p in gold], [(p, "DRUG-DOSE") for p in pair_doses(text.text, spans)])
    return scores
