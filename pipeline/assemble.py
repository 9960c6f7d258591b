"""The definition of a row: one finding, one row, however often the paper tells it.

Place in the flow: after `relate`, before `load`. Joins rows that tell one finding (abstract and body) into one row with
several quotes, keeps reading order, and sets each row's confidence.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.confidence import RowContext, comparison_features, confidence, result_features
from pipeline.evidence import Comparison, PaperEvidence, Quote, Result

_LEAD = 0.49  # below 0.5 a row is a lead, no evidence
_BASELINE = re.compile(r"\b(?:baseline|entry|enrol\w+|inclusion|pre-?treatment|before)\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+")
_EMPTY = frozenset(
    ("the", "of", "in", "a", "and", "rate", "rates", "level", "levels", "mean", "serum", "value", "values")
)


def assemble(evidence: PaperEvidence) -> PaperEvidence:
    """Final rows of one paper: joined, in reading order, with confidence."""
    final = joined(evidence)
    context = RowContext.of(final)
    return replace(
        final,
        results=tuple(
            replace(row, confidence=_of_doubts(row, confidence("results", result_features(row, context)), context))
            for row in final.results
        ),
        comparisons=tuple(
            replace(row, confidence=confidence("comparisons", comparison_features(row, context)))
            for row in final.comparisons
        ),
    )


def _of_doubts(row: Result, value: float, context: RowContext) -> float:
    """In a full text a doubt makes any row a lead, whatever else speaks for it."""
    return min(value, _LEAD) if context.is_full_text and row.doubts else value


def joined(evidence: PaperEvidence) -> PaperEvidence:
    """The rows with twins joined; their confidence not yet set."""
    return replace(
        evidence, results=_join_results(evidence.results), comparisons=_join_comparisons(evidence.comparisons)
    )


def _join_results(rows: tuple[Result, ...]) -> tuple[Result, ...]:
    joined: list[Result] = []
    for row in rows:
        twin = next((i for i, other in enumerate(joined) if _same_result(other, row)), None)
        if twin is None:
            joined.append(row)
        else:
            joined[twin] = _merge_results(joined[twin], row)
    return tuple(joined)


def _same_result(one: Result, other: Result) -> bool:
    """The same numbers of the same outcome, told in two places; never two rows of one sentence."""
    if _same_place(one.quote, other.quote) or one.attribution is not other.attribution:
        return False
    if one.total == 1 and one.quote.passage == other.quote.passage:
        return False  # the states of one patient over time
    if not _numbers_agree(one, other) or not _outcomes_agree(one, other):
        return False
    if _words(one.outcome) != _words(other.outcome) and not _is_telling(one, other):
        return False
    if one.timepoint is not None and other.timepoint is not None and "baseline" in (one.timepoint, other.timepoint):
        return one.arm_id == other.arm_id and one.timepoint == other.timepoint
    return one.arm_id == other.arm_id


def _same_place(one: Quote, other: Quote) -> bool:
    return one.passage == other.passage and one.start < other.end and other.start < one.end


def _numbers_agree(one: Result, other: Result) -> bool:
    """No printed number differs, and at least one is printed in both rows."""
    shared = 0
    for name in ("value", "percent", "events", "total", "sd", "se", "low", "high"):
        left, right = getattr(one, name), getattr(other, name)
        if left is not None and right is not None:
            if left != right:
                return False
            shared += name in ("value", "percent", "events", "low")
    return shared > 0


def _is_telling(one: Result, other: Result) -> bool:
    """Whether the shared numbers can hardly agree by chance: not "100 %" alone, nor a count of a few."""
    if one.percent is not None and one.percent == other.percent and 0 < one.percent < 100:
        return True
    if one.value is not None and one.value == other.value:
        return True
    return one.events is not None and one.events == other.events and (one.events > 10 or one.total == other.total)


def _outcomes_agree(one: Result | Comparison, other: Result | Comparison) -> bool:
    if (
        one.outcome_concept
        and other.outcome_concept
        and one.outcome_concept.id
        and one.outcome_concept == other.outcome_concept
    ):
        return True
    left, right = _words(one.outcome), _words(other.outcome)
    return bool(left and right) and (left <= right or right <= left)


def _words(text: str) -> frozenset[str]:
    words = frozenset(_WORD.findall(text.lower()))
    return (words - _EMPTY) or words


def _merge_results(first: Result, again: Result) -> Result:
    """The first telling, completed with what only the second prints."""
    missing = {
        name: getattr(again, name)
        for name in ("arm_id", "value", "sd", "se", "low", "high", "unit", "events", "total", "percent", "timepoint")
        if getattr(first, name) is None and getattr(again, name) is not None
    }
    if first.sd is not None and missing.get("se") == first.sd:
        missing["sd"] = None  # "±" of the text, which the table says is a standard error
    if first.se is not None and missing.get("sd") == first.se:
        del missing["sd"]
    quotes = (*first.more_quotes, again.quote, *again.more_quotes)
    return replace(first, **missing, more_quotes=quotes, confidence=max(first.confidence, again.confidence))


def _join_comparisons(rows: tuple[Comparison, ...]) -> tuple[Comparison, ...]:
    joined: list[Comparison] = []
    for row in rows:
        twin = next((i for i, other in enumerate(joined) if _same_comparison(other, row)), None)
        if twin is None:
            joined.append(row)
        else:
            joined[twin] = _merge_comparisons(joined[twin], row)
    return tuple(joined)


def _same_comparison(one: Comparison, other: Comparison) -> bool:
    if (
        one.attribution is not other.attribution
        or one.direction is not other.direction
        or not _outcomes_agree(one, other)
    ):
        return False
    if {one.arm_a, one.arm_b} != {other.arm_a, other.arm_b}:
        return False
    if _same_place(one.quote, other.quote):
        same = _words(one.outcome) == _words(other.outcome)  # "creatinine and creatinine clearance" are two
        told = ((row.arm_a, row.p_value, row.effect, row.timepoint) for row in (one, other))
        return same and next(told) == next(told)
    if one.arm_b is not None and _is_baseline(one) != _is_baseline(other):
        return False  # two arms alike at entry and alike at the end: two findings
    pairs = ((one.p_value, other.p_value), (one.effect, other.effect))
    return all(left is None or right is None or left == right for left, right in pairs)


def _is_baseline(row: Comparison) -> bool:
    return row.timepoint is not None and _BASELINE.search(row.timepoint) is not None


def _merge_comparisons(first: Comparison, again: Comparison) -> Comparison:
    names = ("effect_measure", "effect", "ci_low", "ci_high", "p_operator", "p_value", "timepoint")
    missing = {
        name: getattr(again, name)
        for name in names
        if getattr(first, name) is None and getattr(again, name) is not None
    }
    told_again = not _same_place(first.quote, again.quote)
    quotes = (*first.more_quotes, again.quote, *again.more_quotes) if told_again else first.more_quotes
    return replace(first, **missing, more_quotes=quotes, confidence=max(first.confidence, again.confidence))
