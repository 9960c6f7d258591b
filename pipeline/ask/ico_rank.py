"""The learned ranker of `evidence ico`: a softmax over the candidates of a question and "not reported".

Place in the flow: weights come from `models/ico/weights.json`; `ico_train` makes them. "Not reported" is a candidate of
its own, with features of the whole list, so that abstaining is learned and not a threshold set by hand.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import ModelNotFound
from pipeline.resources import models_dir

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ranker:
    """Linear scores of candidates."""

    weights: Mapping[str, float]

    def score(self, features: Features) -> float:
        """The logit of one candidate."""
        weights = self.weights
        return sum(weights.get(name, 0.0) * value for name, value in features.items())

    def probabilities(self, candidates: Sequence[Features], none: Features) -> list[float]:
        """One probability per candidate and, last, that of "not reported"; they add up to 1."""
        logits = [self.score(features) for features in (*candidates, none)]
        top = max(logits)
        raised = [math.exp(logit - top) for logit in logits]
        whole = sum(raised)
        return [one / whole for one in raised]


@dataclass(frozen=True, slots=True)
class Judge:
    """The chance that the best candidate is right. `least` is the smallest one at which it is reported."""

    weights: Mapping[str, float]
    least: float = 0.5

    def chance(self, features: Features) -> float:
        """0 to 1; the weight "bias" is added to every answer."""
        weights = self.weights
        logit = weights.get("bias", 0.0) + sum(weights.get(name, 0.0) * value for name, value in features.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True, slots=True)
class IcoModel:
    """Rankers and judges of values and of group sizes; `articles` are those whose questions trained them."""

    values: Ranker
    sizes: Ranker
    value_judge: Judge
    size_judge: Judge
    articles: frozenset[str] = frozenset()


_JUDGED = ("sentence", "sentence_many", "change_unwanted", "arm_min", "even", "whole", "randomised")


def judged(best: Features, chances: Sequence[float], first: int) -> dict[str, float]:
    """What tells whether the best candidate is right.

    Args:
        best: its features.
        chances: of all candidates and, last, of "not reported"; those of the same numbers are added up already.
        first: its position.
    """
    top, none = chances[first], chances[-1]
    second = max((one for one in chances[:-1] if abs(one - top) > 1e-9), default=0.0)
    found = {name: best[name] for name in _JUDGED if best.get(name)}
    found |= {
        "log_top": math.log(top + 1e-4),
        "log_none": math.log(none + 1e-4),
        "log_second": math.log(second + 1e-3),
    }
    return found


def relative(candidates: Sequence[dict[str, float]], names: Sequence[str]) -> None:
    """Add to every candidate how far it stands below the best of the list in each named feature."""
    for name in names:
        best = max((features.get(name, 0.0) for features in candidates), default=0.0)
        for features in candidates:
            features[f"below_{name}"] = best - features.get(name, 0.0)


def best_of(candidates: Sequence[Features], name: str) -> float:
    """The highest value of a feature in the list; 0 for an empty list."""
    return max((features.get(name, 0.0) for features in candidates), default=0.0)


def default_path() -> Path:
    """Where the shipped weights are."""
    return models_dir() / "ico" / "weights.json"


@lru_cache(maxsize=4)
def load_model(path: Path | None = None) -> IcoModel:
    """The shipped weights, or those of another file.

    Raises:
        ModelNotFound: there is no such file.
    """
    place = path or default_path()
    if not place.is_file():
        raise ModelNotFound(f"No ranker at {place}.", what_to_do="Reinstall evidence-pipeline, or train one.")
    data = json.loads(place.read_text(encoding="utf-8"))
    values, sizes = (Ranker(data[name]["weights"]) for name in ("values", "sizes"))
    value_judge, size_judge = (
        Judge(data[name]["weights"], data[name]["least"]) for name in ("value_judge", "size_judge")
    )
    return IcoModel(values, sizes, value_judge, size_judge, frozenset(data.get("articles", ())))


def save_model(model: IcoModel, path: Path) -> None:
    """Write weights, rounded, in sorted order: the same training gives the same bytes."""
    data: dict[str, object] = {
        name: {"weights": {k: round(v, 5) for k, v in sorted(ranker.weights.items())}}
        for name, ranker in (("values", model.values), ("sizes", model.sizes))
    }
    for name, judge in (("value_judge", model.value_judge), ("size_judge", model.size_judge)):
        weights = {k: round(v, 5) for k, v in sorted(judge.weights.items())}
        data[name] = {"least": round(judge.least, 4), "weights": weights}
    path.parent.mkdir(parents=True, exist_ok=True)
    data["articles"] = sorted(model.articles)
    path.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")
