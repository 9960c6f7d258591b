"""The numbers of one question: intervention, comparator and outcome in a reviewer's words → two groups' values.

Place in the flow: `ico_paper` loads a paper, `ico_candidates` and `ico_sentences` list pairs of values, `ico_rank`
chooses one or none, `ico_sizes` finds the group sizes, and `answer` puts them together. A number that is not printed
and not exactly implied stays None.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.ask.ico_candidates import table_pairs
from pipeline.ask.ico_kinds import COUNTED, MEASURED, kinds_asked
from pipeline.ask.ico_paper import IcoPaper
from pipeline.ask.ico_rank import IcoModel, Ranker, best_of, judged, load_model, relative
from pipeline.ask.ico_records import Pair, Place, Printed, Question, Sizes
from pipeline.ask.ico_sentences import sentence_pairs
from pipeline.ask.ico_sizes import SizeFinder
from pipeline.relate.table_values import CellValue, implied_count

_SD_FROM_CI = 3.92  # width of a 95 % interval of a mean in standard errors, large samples (Cochrane Handbook 6.5.2.2)


@dataclass(frozen=True, slots=True)
class Value:
    """One number of the answer. `derived` says how it was computed if it is not printed as such."""

    value: float
    place: Place | None
    derived: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One group's numbers; None is "not reported"."""

    events: Value | None = None
    total: Value | None = None
    mean: Value | None = None
    sd: Value | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that was not taken, and why."""

    text: str
    place: Place
    probability: float
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the paper reports; `outcome_type` is "binary", "continuous" or None if no value was found."""

    intervention: Group
    comparator: Group
    outcome_type: str | None
    probability: float
    rejected: tuple[Rejected, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Best:
    """The best candidate of a list.

    `chances` has those of all candidates, the same numbers added up, and last that of "not reported". `judged` tells a
    `Judge` whether the best is right. `may_stand`: values may be reported; sizes are the value's own and always are.
    """

    index: int | None
    order: list[int]
    chances: list[float]
    judged: Mapping[str, float]
    may_stand: bool
    eased: float = 0.0  # how much less sure it may be: counts and shares of people are taken for another row less often


Candidates = tuple[list[Pair], dict[str, float]]
# How the groups were before is no outcome, unless the question asks for it; neither is a value of another time.
_NEVER = ("base_caption", "base_row", "base_table", "time_far")
_OWN_SIZES = ("own_total", "own_header", "own_caption")
_COUNTS, _COUNTS_EASED = ("share", "percent", "zero", "count"), 0.15
_LEAST_MATCH = 0.3  # of the outcome's words: below it a pair is about something else
_RELATIVE = ("outcome", "outcome_inner", "everything", "arm_sum", "margin_min", "sentence_outcome", "inner_precision",
             "near_outcome")  # fmt: skip


class Answerer:
    """Answers questions about one paper."""

    def __init__(self, paper: IcoPaper, model: IcoModel | None = None) -> None:
        self.paper = paper
        self.model = model
        self.sizes = SizeFinder(paper)

    def value_candidates(self, question: Question) -> tuple[list[Pair], dict[str, float]]:
        """Pairs of values with complete features, and the features of "not reported"."""
        pairs = table_pairs(self.paper, question) + sentence_pairs(self.paper, question)
        features = [pair.features for pair in pairs]
        relative(features, _RELATIVE)
        figure = max((self.paper.terms.covered(question.outcome, text) for text in self.paper.captions), default=0.0)
        binary, measured = kinds_asked(question.outcome)
        for one in features:
            one["table" if "sentence" not in one else "in_sentence"] = 1.0
            is_mean = one.get("kind_mean", 0.0) or one.get("kind_unclear", 0.0)
            is_share = one.get("kind_share", 0.0) or one.get("kind_percent", 0.0)
            one["binary_share"] = float(binary and bool(is_share))
            one["binary_mean"] = float(binary and not measured and bool(is_mean))
            one["measured_share"] = float(measured and not binary and bool(is_share))
            one["binary_count"] = float(binary and bool(one.get("kind_count", 0.0)))
            one["binary_zero"] = float(binary and bool(one.get("kind_zero", 0.0)))
            one["measured_mean"] = float(measured and bool(is_mean))
        fair = [one for one in features if not one.get("base_wrong") and not one.get("base_table")]
        none = {
            "none": 1.0,
            "none_fair": best_of(fair, "everything"),
            "none_fair_sentence": best_of(fair, "sentence_outcome"),
            "none_fair_inner": best_of(fair, "outcome_inner"),
            "none_no_fair": float(not fair),
            "none_complete": float(any(one.get("has_spread") for one in fair)),
            "none_binary": float(binary and not measured),
            "none_measured": float(measured and not binary),
            "none_empty": float(not pairs),
            "none_figure": figure,
            "none_figure_full": float(figure > 0.9),
            "none_outcome": best_of(features, "outcome"),
            "none_inner": best_of(features, "outcome_inner"),
            "none_everything": best_of(features, "everything"),
            "none_sentence": best_of(features, "sentence_outcome"),
            "none_arm": best_of(features, "arm_sum"),
            "none_figure_better": max(0.0, figure - best_of(features, "everything")),
            "none_many": math.log1p(len(pairs)),
        }
        return pairs, none

    def answer(self, question: Question, *, explain: bool = False, candidates: Candidates | None = None) -> Answer:
        """The best answer, or None in every field that the paper does not report.

        Args:
            explain: list what was rejected and why.
            candidates: of `value_candidates`, if they are known already.
        """
        model = self.model or load_model()
        pairs, none = candidates or self.value_candidates(question)
        best = self.best_value(pairs, none, model.values)
        chance = model.value_judge.chance(best.judged) if best.index is not None else 0.0
        is_sure = best.may_stand and chance >= model.value_judge.least - best.eased
        chosen = pairs[best.index] if best.index is not None and is_sure else None
        sizes, size_chance = self._sizes(question, chosen, pairs, model)
        rejected = _explain(pairs, best, chosen) if explain else ()
        found = assemble(question, _with_printed_sd(chosen, pairs), sizes)
        return Answer(*found, probability=chance if chosen else size_chance, rejected=rejected)

    def best_value(self, pairs: Sequence[Pair], none: Mapping[str, float], ranker: Ranker) -> Best:
        """The likeliest pair, and whether it may be reported at all."""
        chances = together(pairs, ranker.probabilities([pair.features for pair in pairs], none))
        order = sorted(range(len(pairs)), key=lambda i: (-chances[i], -pairs[i].score))
        if not order:
            return Best(None, order, chances, {}, False)
        first = order[0]
        features = pairs[first].features
        match = max(features.get(name, 0.0) for name in ("outcome", "everything", "sentence_outcome"))
        may_stand = (match >= _LEAST_MATCH or bool(features.get("sentence"))) and not any(
            features.get(name) for name in _NEVER
        )
        eased = _COUNTS_EASED if any(features.get(f"kind_{kind}") for kind in _COUNTS) else 0.0
        return Best(first, order, chances, judged(features, chances, first), may_stand, eased)

    def size_candidates(
        self, question: Question, chosen: Pair | None, pairs: Sequence[Pair] = ()
    ) -> tuple[list[Sizes], dict[str, float]]:
        """Pairs of sizes with complete features, and the features of "not reported"."""
        found = self.sizes.candidates(question, chosen, pairs)
        features = [one.features for one in found]
        relative(features, ("arm_sum", "arm_min", "votes", "fits"))
        none = {"none": 1.0, "none_arm": best_of(features, "arm_sum"), "none_empty": float(not found)}
        return found, none

    def best_sizes(
        self, question: Question, chosen: Pair | None, pairs: Sequence[Pair], ranker: Ranker
    ) -> tuple[Sizes | None, Best]:
        """The likeliest sizes; `order` of what is said about them is empty."""
        found, none = self.size_candidates(question, chosen, pairs)
        chances = ranker.probabilities([one.features for one in found], none)
        if not found:
            return None, Best(None, [], chances, {}, False)
        # The same two sizes printed in several places are one answer.
        sums: dict[tuple[float, float], float] = {}
        keys = [(one.intervention, one.comparator) for one in found]
        for key, chance in zip(keys, chances, strict=False):
            sums[key] = sums.get(key, 0.0) + chance
        summed = [*(sums[key] for key in keys), chances[-1]]
        # "17/23", "Drug (n = 23)": of the value itself, of its own headers
        own = next((i for name in _OWN_SIZES for i, one in enumerate(found) if one.features.get(name)), None)
        first = max(range(len(found)), key=summed.__getitem__) if own is None else own
        return found[first], Best(first, [], summed, judged(found[first].features, summed, first), own is not None)

    def _sizes(
        self, question: Question, chosen: Pair | None, pairs: Sequence[Pair], model: IcoModel
    ) -> tuple[Sizes | None, float]:
        sizes, best = self.best_sizes(question, chosen, pairs, model.sizes)
        chance = model.size_judge.chance(best.judged) if sizes else 0.0
        return (sizes, chance) if best.may_stand or chance >= model.size_judge.least else (None, 1.0 - chance)


def together(pairs: Sequence[Pair], chances: Sequence[float]) -> list[float]:
    """The chances with those of the same two values printed in several places added up; last that of none."""
    keys = [
        tuple(number for side in (pair.intervention, pair.comparator) for number in _numbers(side)) for pair in pairs
    ]
    # Equal numbers in two rows of one table, such as zeros, are two answers; only the likelier one counts there.
    most: dict[tuple[float | None, ...], dict[int | None, float]] = {}
    for key, pair, chance in zip(keys, pairs, chances, strict=False):
        tables = most.setdefault(key, {})
        tables[pair.table] = max(tables.get(pair.table, 0.0), chance)
    return [*(sum(most[key].values()) for key in keys), chances[-1]]


def _with_printed_sd(chosen: Pair | None, pairs: Sequence[Pair]) -> Pair | None:
    """The same two means with an SD printed elsewhere: better than one computed from an interval."""
    if chosen is None or any(side.value.sd is not None for side in (chosen.intervention, chosen.comparator)):
        return chosen
    means = chosen.intervention.value.mean, chosen.comparator.value.mean
    if None in means or chosen.intervention.value.kind != "mean":
        return chosen
    for pair in pairs:
        values = pair.intervention.value, pair.comparator.value
        if all(value.sd is not None for value in values) and (values[0].mean, values[1].mean) == means:
            return pair
    return chosen


def _numbers(printed: Printed) -> tuple[float | None, ...]:
    value = printed.value
    is_count = value.events is not None and value.kind in ("share", "zero", "count")
    return (value.events, None, None, None) if is_count else (value.mean, value.sd, value.se, value.percent)


def assemble(question: Question, chosen: Pair | None, sizes: Sizes | None) -> tuple[Group, Group, str | None]:
    """Numbers of both groups and the type of the outcome, from the chosen values and sizes."""
    totals = _totals(sizes)
    if chosen is None:
        return Group(total=totals[0]), Group(total=totals[1]), None
    ns = tuple(total.value if total else None for total in totals)
    kind = outcome_type(question, chosen, ns)
    build = _binary if kind == "binary" else _continuous
    a, b = build(chosen.intervention, totals[0]), build(chosen.comparator, totals[1])
    return a, b, kind


def _totals(sizes: Sizes | None) -> tuple[Value | None, Value | None]:
    if sizes is None:
        return None, None
    how = sizes.derived
    return Value(sizes.intervention, sizes.places[0], how), Value(sizes.comparator, sizes.places[1], how)


def outcome_type(question: Question, pair: Pair, totals: tuple[float | None, ...]) -> str:
    """Binary if the values are counts of people or shares of them, else continuous."""
    values = (pair.intervention.value, pair.comparator.value)
    kinds = {value.kind for value in values}
    words = f"{pair.words} {question.outcome}"
    if kinds & {"mean", "median", "interval", "unclear", "value"}:
        return "continuous"
    if "share" in kinds or kinds == {"zero"}:
        return "binary"
    if "count or mean" in kinds:
        fits = all(_is_share(value, total) for value, total in zip(values, totals, strict=True))
        return "binary" if fits else "continuous"
    if kinds == {"percent"} or "percent" in kinds:
        return "binary" if COUNTED.search(words) or not MEASURED.search(words) else "continuous"
    return "continuous" if MEASURED.search(words) and not COUNTED.search(question.outcome) else "binary"


def _is_share(value: CellValue, total: float | None) -> bool:
    """Whether a whole number and one in brackets are a count and its percentage of the total."""
    if value.kind == "zero":
        return True
    if value.events is None or value.percent is None:
        return False
    if not total:
        return value.percent <= 100 and (value.events == 0) == (value.percent == 0)
    return value.events <= total and abs(100 * value.events / total - value.percent) <= 1.5


def _binary(printed: Printed, total: Value | None) -> Group:
    value = printed.value
    if value.events is not None:
        fits = total is None or value.events <= total.value
        return Group(events=Value(value.events, printed.place) if fits else None, total=total)
    implied = implied_count(value.percent, total.value if total else None, value.text)
    events = Value(implied, printed.place, "from percentage") if implied is not None else None
    return Group(events=events, total=total)


def _continuous(printed: Printed, total: Value | None) -> Group:
    value = printed.value
    if value.is_median or value.kind == "interval" or value.mean is None:
        return Group(total=total)
    mean = Value(value.mean, printed.place)
    n = total.value if total else None
    if value.sd is not None or value.kind == "count or mean":
        sd = value.sd if value.sd is not None else value.percent
        return Group(mean=mean, sd=None if sd is None else Value(sd, printed.place), total=total)
    if n and value.se is not None:
        return Group(mean=mean, sd=Value(round(value.se * math.sqrt(n), 2), printed.place, "from SE"), total=total)
    if n and value.spread == "CI" and value.low is not None and value.high is not None:
        sd = round((value.high - value.low) / _SD_FROM_CI * math.sqrt(n), 2)
        return Group(mean=mean, sd=Value(sd, printed.place, "from 95% CI"), total=total)
    return Group(mean=mean, total=total)


_REASONS: tuple[tuple[str, float, str], ...] = (
    ("base_row", 0.5, "baseline value"),
    ("base_caption", 0.5, "table of baseline characteristics"),
    ("time_other", 0.5, "another time point"),
    ("change_unwanted", 0.5, "a change, not a value"),
    ("times_differ", 0.5, "two time points, not two groups"),
    ("kinds_differ", 0.5, "different kinds of number"),
    ("below_arm_sum", 0.3, "other groups fit better"),
    ("below_outcome", 0.15, "another outcome fits better"),
    ("below_everything", 0.15, "another outcome fits better"),
    ("sentence_many", 0.5, "more numbers than groups in the sentence"),
)


def _explain(pairs: list[Pair], best: Best, chosen: Pair | None) -> tuple[Rejected, ...]:
    found = []
    for i in best.order[:12]:
        pair = pairs[i]
        if pair is not chosen:
            text = f"{pair.intervention.value.text} | {pair.comparator.value.text}"
            why = _why(pair.features) if chosen or i != best.index else "not sure enough that it answers the question"
            found.append(Rejected(text, pair.intervention.place, best.chances[i], why))
    return tuple(found)


def _why(features: Mapping[str, float]) -> str:
    reasons = dict.fromkeys(why for name, least, why in _REASONS if features.get(name, 0.0) >= least)
    return "; ".join(reasons) or "fits less well than the one taken"
