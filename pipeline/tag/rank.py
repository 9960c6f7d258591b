"""Which strings of a title and abstract are outcomes and conditions: candidates judged by learned weights.

Place in the flow: after `document_level.py`, before finds become mentions. The finders propose with high recall in what
they know, the trained heads in what they learned from corpora of other guidelines; a linear model over both
(`rank_features.py`) says how likely a string is a mention. Weights: `models/mentions.json`, made by
`python -m pipeline.evaluate.fit_mentions`. Bodies of full texts keep what the finders found.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.errors import ModelMismatch
from pipeline.evidence import Label
from pipeline.resources import models_dir
from pipeline.tag.found import Found
from pipeline.tag.rank_candidates import Seen
from pipeline.tag.rank_features import Candidate, Place, candidates_of

RANKED = (Label.CONDITION, Label.OUTCOME)
_PEOPLE = ("patients", "recipients", "subjects", "children", "group", "groups", "cases", "controls", "volunteers")
_DECIMALS = 2  # of a mention's confidence


@dataclass(frozen=True, slots=True)
class Judge:
    """Weights of one label and the chance from which a string counts: about half the F1 that is reached."""

    weights: Mapping[str, float]
    least: float

    def chance(self, candidate: Candidate) -> float:
        """How likely the candidate is a mention, 0 to 1."""
        weights, score = self.weights, 0.0
        for name, value in candidate.features.items():
            if name in weights:
                score += weights[name] * value
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


class Chosen(NamedTuple):
    """A span that was chosen, with its chance."""

    place: Place
    chance: float


@lru_cache(maxsize=1)
def judges() -> dict[Label, Judge]:
    """The shipped weights.

    Raises:
        ModelMismatch: the file is damaged.
    """
    path = models_dir() / "mentions.json"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {label: Judge(stored[label.value]["weights"], stored[label.value]["least"]) for label in RANKED}
    except (OSError, ValueError, KeyError) as error:
        raise ModelMismatch(f"{path} is damaged: {error}.", what_to_do="Restore it from the repository.") from error


def rank(passages: Sequence[Seen], abbreviations: Mapping[str, str]) -> list[dict[Label, list[Found]]]:
    """The conditions and outcomes of each passage, without overlaps within a label."""
    if not passages:
        return []
    ranked: list[dict[Label, list[Found]]] = [{label: [] for label in RANKED} for _ in passages]
    candidates = candidates_of(passages, abbreviations)
    for label, judge in judges().items():
        chances = [0.0 if label is Label.OUTCOME and names_people(one) else judge.chance(one) for one in candidates]
        for place, chance in choose(candidates, chances, judge.least):
            found = Found(label, place.start, place.end, round(chance, _DECIMALS))
            ranked[place.passage][label].append(found)
    for finds in ranked:
        for group in finds.values():
            group.sort(key=lambda one: one.start)
    return ranked


def names_people(candidate: Candidate) -> bool:
    """Whether a short form stands before people somewhere ("PAT patients"): it names a group wherever it stands."""
    features = candidate.features
    return "short form" in features and any(f"followed {people}" in features for people in _PEOPLE)


def choose(candidates: Sequence[Candidate], chances: Sequence[float], least: float) -> list[Chosen]:
    """Occurrences of the candidates that are likely enough; where they overlap, the longest and then the likeliest."""
    likely = [
        Chosen(place, chance)
        for candidate, chance in zip(candidates, chances, strict=True)
        if chance >= least
        for place in candidate.places
    ]
    likely.sort(key=lambda one: (one.place.start - one.place.end, -one.chance, one.place))
    kept: list[Chosen] = []
    taken: dict[int, list[tuple[int, int]]] = {}
    for one in likely:
        passage, start, end = one.place
        others = taken.setdefault(passage, [])
        if not any(low < end and start < high for low, high in others):
            others.append((start, end))
            kept.append(one)
    return kept
