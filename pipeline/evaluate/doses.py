"""Drug and dose pairs of a sentence (ADE): which dose belongs to which drug."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.language import Language

from pipeline.evaluate.score import Scores
from pipeline.evaluate.spans import predict_heads
from pipeline.model.corpora.labelled import Gold, Labelled

_BREAK = re.compile(r"[;:]|\.\s|, (?:and|then|followed)\b")
_DOSE_DRUG = re.compile(r"\s*(?:of|-)?\s*(?:[a-z]+\s*)?", re.IGNORECASE)
_DRUG_DOSE = re.compile(r"\s*(?:\(|,|at|-)?\s*", re.IGNORECASE)
_ALIAS = re.compile(r"\s*\(\s*")
_JOINED = re.compile(r"\s+(?:and|or|plus)\s+|\s*[/+]\s*")


def pair_doses(text: str, spans: set[Gold]) -> set[tuple[int, int, int, int]]:
    """(dose start, dose end, drug start, drug end): each dose goes to the closest drug.

    Distance is counted in characters; a clause boundary in between counts forty more, and a drug right after
    "dose of" or right before "(" counts as touching. A second name in brackets shares the dose ("cytarabine (Ara-C)"),
    and so does a drug joined by "and" to one right after the dose ("high-dose busulfan and melphalan"). Other mentions
    of the same name share it too, unless the name has several doses.
    """
    drugs = sorted((start, end) for start, end, label in spans if label == "DRUG")
    doses = sorted((start, end) for start, end, label in spans if label == "DOSE")
    pairs = set()
    for dose in doses if drugs else []:
        drug = min(drugs, key=lambda d: (_distance(text, dose, d), d))
        for other in (drug, *_companions(text, dose, drug, drugs)):
            pairs.add((*dose, *other))
    return pairs | _repeated(text, pairs, drugs)


def _repeated(
    text: str, pairs: set[tuple[int, int, int, int]], drugs: list[tuple[int, int]]
) -> set[tuple[int, int, int, int]]:
    """Pairs of a drug's only dose with the other mentions of its name."""
    doses: dict[str, set[tuple[int, int]]] = {}
    for a, b, low, high in pairs:
        doses.setdefault(text[low:high].lower(), set()).add((a, b))
    named = ((drug, doses.get(text[drug[0] : drug[1]].lower(), set())) for drug in drugs)
    return {(*dose, *drug) for drug, own in named if len(own) == 1 for dose in own}


def _companions(
    text: str, dose: tuple[int, int], drug: tuple[int, int], drugs: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Drugs that share the dose of `drug`."""
    at = drugs.index(drug)
    found = []
    if at and _ALIAS.fullmatch(text[drugs[at - 1][1] : drug[0]]):
        found.append(drugs[at - 1])
    if at + 1 < len(drugs):
        between = text[drug[1] : drugs[at + 1][0]]
        touching = dose[1] <= drug[0] and _DOSE_DRUG.fullmatch(text[dose[1] : drug[0]])
        if _ALIAS.fullmatch(between) or (touching and _JOINED.fullmatch(between)):
            found.append(drugs[at + 1])
    return found


def _distance(text: str, dose: tuple[int, int], drug: tuple[int, int]) -> int:
    between = text[dose[1] : drug[0]] if dose[1] <= drug[0] else text[drug[1] : dose[0]]
    touching = _DOSE_DRUG if dose[1] <= drug[0] else _DRUG_DOSE
    return 0 if touching.fullmatch(between) else len(between) + 40 * len(_BREAK.findall(between))


def score_pairs(nlp: Language, texts: Sequence[Labelled]) -> Scores:
    """Strict pairs: both spans exact."""
    scores = Scores()
    for text, spans in zip(texts, predict_heads(nlp, texts, ("ade",)), strict=True):
        linked = text.gold["ade_pair"]
        gold = {(a[0], a[1], b[0], b[1]) for a, b in zip(linked[::2], linked[1::2], strict=True)}
        scores.add([(p, "DRUG-DOSE") for p in gold], [(p, "DRUG-DOSE") for p in pair_doses(text.text, spans)])
    return scores
