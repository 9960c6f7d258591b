"""Training and scoring of the ranker of `evidence ico` on questions with known answers.

Beside the flow: used by `evidence train-ico` and `evidence evaluate ico`. Training data: a folder with `gold.json` (a
list of questions with their numbers) and `xml/PMC<id>.xml`. Cut by article, never by question.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipeline.ask.ico import Answer, Answerer, Group, assemble
from pipeline.ask.ico_paper import paper_of_document
from pipeline.ask.ico_rank import Features, IcoModel, Judge, Ranker
from pipeline.ask.ico_records import Pair, Question, Sizes
from pipeline.document import Document
from pipeline.errors import UnreadableSource
from pipeline.read import read_documents

CELLS = {"binary": ("events", "total"), "continuous": ("mean", "sd", "total")}
_GOLD_NAMES = {"events": "events", "total": "group_size", "mean": "mean", "sd": "standard_deviation"}
_SIDES = ("intervention", "comparator")
_FOLDS = 10
_INNER = 5  # folds within the training part, for the judges
_JUDGE_PULL = 1.5
_SIGNS = {
    "log_top": 1.0, "log_none": -1.0, "log_second": -1.0, "arm_min": 1.0, "change_unwanted": -1.0, "whole": -1.0,
    "sentence_many": -1.0,
}  # fmt: skip
Say = Callable[[str], None]
List = tuple[Sequence[Features], Features]
Least = tuple[float, float]  # smallest probabilities of values and of sizes at which they are reported
Strength = tuple[float, float]  # of the pull of weights towards 0, for values and for sizes
_FOR = frozenset(
    "outcome outcome_precision outcome_inner inner_precision caption everything full_cover inner_full arm_sum arm_min"
    " margin_min sentence_outcome near_outcome near_full list_match time_asked change_wanted time_last arm_exact votes"
    " own_total own_header randomised fits fits_both restriction_same same_sentence".split()
)
_AGAINST = frozenset(
    "cross base_wrong base_row base_caption base_table time_far time_other time_first kinds_differ times_differ"
    " change_unwanted sentence_gap label_differ list_uneven misfit no_words split restricted unrestricted below_in_set"
    " rest_differs subgroups sub_item"
    " limit_unasked limit_missing".split()
)
# What is known before any training about features too rare to learn from: weights are pulled to these, others to 0.
_EXPECTED = {
    "subgroups": -2.0,
    "rest_differs": -3.0,
    "limit_unasked": -1.0,
    "time_other": -1.0,
    "sub_item": -0.5,
    "recruited": -1.0,
}
STRENGTH: Strength = (0.3, 4.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its true numbers; `gold` maps (side, cell) to a number or None."""

    paper: str
    question: Question
    outcome_type: str
    gold: Mapping[tuple[str, str], float | None]


def read_questions(folder: Path) -> list[Asked]:
    """The questions of `gold.json`.

    Raises:
        UnreadableSource: the file is not there or of another form.
    """
    file = folder / "gold.json"
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return [_asked(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableSource(
            f"{file} does not hold ICO questions: {error}.", what_to_do="Give the folder with gold.json and xml/."
        ) from error


def _asked(row: Mapping[str, object]) -> Asked:
    kind = str(row["outcome_type"])
    gold = {(side, cell): _number(row[f"{side}_{_GOLD_NAMES[cell]}"]) for side in _SIDES for cell in CELLS[kind]}
    question = Question(str(row["intervention"]), str(row["comparator"]), str(row["outcome"]))
    return Asked(str(row["pmcid"]), question, kind, gold)


def _number(value: object) -> float | None:
    if value is None or value == "":
        return None
    return round(float(str(value).replace(",", "")), 2)


def read_papers(folder: Path, names: Iterable[str]) -> dict[str, Answerer]:
    """The articles of the questions by their number.

    Raises:
        UnreadableSource: an article is missing or broken.
    """
    found = {}
    for name in sorted(set(names)):
        document = next(iter(read_documents(folder / "xml" / f"PMC{name}.xml")))
        if not isinstance(document, Document):
            raise UnreadableSource(f"PMC{name}: {document.error}", what_to_do=document.what_to_do)
        found[name] = Answerer(paper_of_document(document))
    return found


@dataclass(slots=True)
class Case:
    """A question with its candidates; `right` marks those whose numbers are the true ones."""

    asked: Asked
    answerer: Answerer
    pairs: list[Pair]
    none: dict[str, float]
    right: list[bool]


def make_cases(asked: Sequence[Asked], papers: Mapping[str, Answerer]) -> list[Case]:
    """Candidates of every question, each marked right or wrong."""
    cases = []
    for one in asked:
        answerer = papers[one.paper]
        pairs, none = answerer.value_candidates(one.question)
        right = [_is_right_pair(one, pair) for pair in pairs]
        cases.append(Case(one, answerer, pairs, none, right))
    return cases


def _value_cells(asked: Asked) -> list[tuple[str, str]]:
    return [key for key in asked.gold if key[1] != "total"]


def _has_values(asked: Asked) -> bool:
    return any(asked.gold[key] is not None for key in _value_cells(asked))


def _is_right_pair(asked: Asked, pair: Pair) -> bool:
    """Whether the pair with the true sizes gives exactly the true values; a median gives none."""
    if not _has_values(asked):
        return pair.intervention.value.is_median and pair.comparator.value.is_median
    totals = [asked.gold[side, "total"] for side in _SIDES]
    sizes = Sizes(totals[0], totals[1], (None, None)) if totals[0] and totals[1] else None
    *groups, kind = assemble(asked.question, pair, sizes)
    return kind == asked.outcome_type and all(
        cell_value(groups[_SIDES.index(side)], cell) == asked.gold[side, cell] for side, cell in _value_cells(asked)
    )


def cell_value(group: Group, name: str) -> float | None:
    """The number as scored: two decimals."""
    value = getattr(group, name)
    return None if value is None else round(value.value, 2)


@dataclass(frozen=True, slots=True)
class _Stacked:
    """All candidates of all questions in one matrix; `starts` are the rows where questions begin."""

    matrix: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    starts: np.ndarray[tuple[int], np.dtype[np.int64]]
    marks: np.ndarray[tuple[int], np.dtype[np.float64]]
    shares: np.ndarray[tuple[int], np.dtype[np.float64]]
    names: list[str]

    def softmax(
        self, logits: np.ndarray[tuple[int], np.dtype[np.float64]]
    ) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Probabilities that add up to 1 within each question."""
        lengths = np.diff(np.append(self.starts, len(logits)))
        raised = np.exp(logits - np.repeat(np.maximum.reduceat(logits, self.starts), lengths))
        chances: np.ndarray[tuple[int], np.dtype[np.float64]] = raised / np.repeat(
            np.add.reduceat(raised, self.starts), lengths
        )
        return chances


def _stack(lists: Sequence[List], right: Sequence[Sequence[bool]], groups: Sequence[str]) -> _Stacked:
    names = sorted({name for candidates, none in lists for features in (*candidates, none) for name in features})
    index = {name: position for position, name in enumerate(names)}
    rows = [features for candidates, none in lists for features in (*candidates, none)]
    matrix = np.zeros((len(rows), len(names)))
    for row, features in enumerate(rows):
        for name, value in features.items():
            matrix[row, index[name]] = value
    lengths = [len(candidates) + 1 for candidates, _ in lists]
    counts = Counter(groups)
    shares = np.repeat([1.0 / np.sqrt(counts[group]) for group in groups], lengths)
    marks = np.asarray([mark for marks in right for mark in marks], dtype=float)
    return _Stacked(matrix, np.cumsum([0, *lengths[:-1]]), marks, shares, names)


def _bounds(
    names: Sequence[str],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Features that can only speak for a candidate, or only against one, get no weight of the other sign."""
    low = np.array([0.0 if name in _FOR else -np.inf for name in names])
    high = np.array([0.0 if name in _AGAINST or name.startswith("below_") else np.inf for name in names])
    return low, high


def fit(
    lists: Sequence[List],
    right: Sequence[Sequence[bool]],
    groups: Sequence[str],
    *,
    strength: float = 1.0,
    steps: int = 300,
) -> Ranker:
    """Softmax weights that make the right candidates (or "not reported", if none is right) likely.

    Args:
        lists: per question the candidates' features and those of "not reported".
        right: per question and candidate, and last for "not reported"; a question with nothing right is left out.
        groups: the article of each question; articles count alike by the square root of their questions.
        strength: of the pull of all weights towards 0.
    """
    usable = [i for i, marks in enumerate(right) if any(marks)]
    data = _stack([lists[i] for i in usable], [right[i] for i in usable], [groups[i] for i in usable])
    lengths = np.diff(np.append(data.starts, len(data.marks)))
    weights = np.zeros(len(data.names))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    low, high = _bounds(data.names)
    expected = np.array([_EXPECTED.get(name, 0.0) for name in data.names])
    for step in range(1, steps + 1):
        chance = data.softmax(data.matrix @ weights)
        target = chance * data.marks
        target /= np.repeat(np.maximum(np.add.reduceat(target, data.starts), 1e-300), lengths)
        gradient = strength * (weights - expected) + data.matrix.T @ (data.shares * (chance - target))
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        weights -= 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        np.clip(weights, low, high, out=weights)
    return Ranker(dict(zip(data.names, weights.tolist(), strict=True)))


def fit_values(cases: Sequence[Case], strength: float) -> Ranker:
    """The ranker of value pairs."""
    return fit(
        [([pair.features for pair in case.pairs], case.none) for case in cases],
        [[*case.right, not _has_values(case.asked)] for case in cases],
        [case.asked.paper for case in cases],
        strength=strength,
    )


def fit_sizes(cases: Sequence[Case], strength: float) -> Ranker:
    """The ranker of size pairs, given the right values where they are among the candidates."""
    lists, right = [], []
    for case in cases:
        chosen = next((pair for pair, is_right in zip(case.pairs, case.right, strict=True) if is_right), None)
        found, none = case.answerer.size_candidates(case.asked.question, chosen, case.pairs)
        totals = tuple(case.asked.gold[side, "total"] for side in _SIDES)
        marks = [(one.intervention, one.comparator) == totals for one in found]
        lists.append(([one.features for one in found], none))
        right.append([*marks, totals == (None, None)])
    return fit(lists, right, [case.asked.paper for case in cases], strength=strength)


def train(cases: Sequence[Case], *, strength: Strength = STRENGTH, least: Least = (0.5, 0.5)) -> IcoModel:
    """Rankers from all cases; judges from what rankers of other articles chose."""
    values, sizes = fit_values(cases, strength[0]), fit_sizes(cases, strength[1])
    judges = fit_judges(cases, strength)
    return IcoModel(
        values,
        sizes,
        replace(judges[0], least=least[0]),
        replace(judges[1], least=least[1]),
        frozenset(case.asked.paper for case in cases),
    )


def fit_judges(cases: Sequence[Case], strength: Strength) -> tuple[Judge, Judge]:
    """Logistic models of whether the best candidate is right, on articles that the rankers did not see."""
    fold = folds((case.asked.paper for case in cases), _INNER)
    seen: tuple[list[dict[str, float]], list[dict[str, float]]] = ([], [])
    right: tuple[list[bool], list[bool]] = ([], [])
    groups: tuple[list[str], list[str]] = ([], [])
    for n in range(_INNER):
        rest = [case for case in cases if fold[case.asked.paper] != n]
        values, sizes = fit_values(rest, strength[0]), fit_sizes(rest, strength[1])
        for case in (case for case in cases if fold[case.asked.paper] == n):
            best = case.answerer.best_value(case.pairs, case.none, values)
            chosen = None
            if best.index is not None and best.may_stand:
                seen[0].append(dict(best.judged))
                right[0].append(_has_values(case.asked) and case.right[best.index])
                groups[0].append(case.asked.paper)
                chosen = case.pairs[best.index] if best.chances[best.index] > best.chances[-1] else None
            found, about = case.answerer.best_sizes(case.asked.question, chosen, case.pairs, sizes)
            if found is not None:
                seen[1].append(dict(about.judged))
                right[1].append((found.intervention, found.comparator) == _totals(case.asked))
                groups[1].append(case.asked.paper)
    judges = [fit_judge(*parts) for parts in zip(seen, right, groups, strict=True)]
    return judges[0], judges[1]


def _totals(asked: Asked) -> tuple[float | None, float | None]:
    return asked.gold["intervention", "total"], asked.gold["comparator", "total"]


def fit_judge(seen: Sequence[Mapping[str, float]], right: Sequence[bool], groups: Sequence[str]) -> Judge:
    """A logistic regression with a pull towards 0; features whose weight gets the wrong sign are left out."""
    names = sorted({name for one in seen for name in one})
    while True:
        weights = _logistic(seen, right, groups, names)
        wrong = {name for name, weight in zip(names, weights, strict=False) if _SIGNS.get(name, 0.0) * weight < 0}
        if not wrong:
            return Judge({**dict(zip(names, weights, strict=False)), "bias": weights[-1]})
        names = [name for name in names if name not in wrong]


def _logistic(
    seen: Sequence[Mapping[str, float]], right: Sequence[bool], groups: Sequence[str], names: Sequence[str]
) -> list[float]:
    """Weights of the named features and, last, the bias, by Newton's steps."""
    data = np.array([[*(one.get(name, 0.0) for name in names), 1.0] for one in seen])
    marks = np.array(right, dtype=float)
    counts = Counter(groups)
    shares = np.array([1.0 / np.sqrt(counts[group]) for group in groups])
    pull = np.append(np.full(len(names), _JUDGE_PULL), 0.01)
    weights = np.zeros(len(names) + 1)
    for _ in range(30):
        chance = 1.0 / (1.0 + np.exp(-np.clip(data @ weights, -30, 30)))
        gradient = data.T @ (shares * (chance - marks)) + pull * weights
        curve = (data.T * (shares * chance * (1 - chance))) @ data + np.diag(pull)
        weights -= np.linalg.solve(curve, gradient)
    return [float(weight) for weight in weights]


def folds(papers: Iterable[str], count: int = _FOLDS) -> dict[str, int]:
    """Article → fold, by a fixed shuffle."""
    names = sorted(set(papers))
    order = np.random.default_rng(7).permutation(len(names))
    return {names[position]: number % count for number, position in enumerate(order)}


def cross_validate(cases: Sequence[Case], *, strength: Strength = STRENGTH) -> list[IcoModel]:
    """For every case rankers that never saw its article."""
    fold = folds(case.asked.paper for case in cases)
    models = [train([c for c in cases if fold[c.asked.paper] != n], strength=strength) for n in range(_FOLDS)]
    return [models[fold[case.asked.paper]] for case in cases]


def answers(cases: Sequence[Case], models: Sequence[IcoModel], least: Least | None = None) -> list[Answer]:
    """Every question answered by its model, with other thresholds if given."""
    found = []
    for case, model in zip(cases, models, strict=True):
        if least is not None:
            judges = replace(model.value_judge, least=least[0]), replace(model.size_judge, least=least[1])
            model = replace(model, value_judge=judges[0], size_judge=judges[1])
        case.answerer.model = model
        found.append(case.answerer.answer(case.asked.question, candidates=(case.pairs, case.none)))
    return found
