"""Pairs of numbers in sentences that may answer a question: "12 ± 3 in the A group and 19 ± 4 in the B group".

Place in the flow: beside `ico_candidates`; asked by `ico`. Numbers are those of `tag.statistic`; what is decided here
is which number belongs to which group, by the words between and around them, and "none in either group".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pipeline.ask.ico_paper import IcoPaper, Sentence
from pipeline.ask.ico_records import Pair, Place, Printed, Question
from pipeline.ask.ico_terms import CONTROL, Terms, stem, tokens
from pipeline.document import Part
from pipeline.evidence import Statistic
from pipeline.relate.table_times import BASELINE, CHANGE, WANTS_CHANGE
from pipeline.relate.table_values import CellValue
from pipeline.tag.found import Found
from pipeline.tag.statistic import find_statistics

_WORDS = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?")
_ROLE_GROUP = re.compile(
    r"\b(?:intervention|treatment|experimental|study|treated|active)\s+(?:group|arm|patients|subjects)", re.IGNORECASE
)
_NOBODY = re.compile(
    r"\b(?:no|none of|neither|nobody|without(?: any)?|not any|free (?:of|from))\b(?! (?:longer|more|other|evidence))"
    r"[^.;]{0,90}",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:either|both|any|neither|each)\b[^.]{0,30}\b(?:groups?|arms?)|all (?:groups|patients)"
    r"|between (?:the )?(?:two )?groups",
    re.IGNORECASE,
)
_SIGNIFICANCE = re.compile(r"\b(?:significan|differ|relevant|correlat|associat|effect of|interact|change)", re.I)
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_COMPARED = re.compile(
    r"\bv(?:ersu)?s\b|\bcompared (?:with|to)\b|\bthan\b|\band\b|\bwhile\b|\bwhereas\b|\bagainst\b", re.IGNORECASE
)
_FAR = 140
_LEAST_OUTCOME = 0.45
_KIND = {"share": "binary", "percent": "binary", "mean": "continuous", "value": "value", "count": "value"}


@dataclass(frozen=True, slots=True)
class _Order:
    """Which group comes first, how it was told, and how far the group's words stand from the numbers."""

    intervention_first: bool
    how: str


def sentence_pairs(paper: IcoPaper, question: Question) -> list[Pair]:
    """Every pair of neighbouring numbers of a sentence that names the outcome or its neighbour does."""
    pairs: list[Pair] = []
    for sentence in paper.sentences:
        if not re.search(r"\d|\bno\b|\bnone\b|\bneither\b", sentence.text, re.IGNORECASE):
            continue
        here = paper.terms.covered(question.outcome, sentence.text)
        wide = paper.terms.covered(paper.terms.expand(question.outcome), paper.terms.expand(sentence.text))
        before = 0.7 * paper.terms.covered(question.outcome, f"{sentence.before} {sentence.text}")
        best = max(here, wide, before)
        if best < _LEAST_OUTCOME:
            continue
        groups = _Groups.of(paper, question, sentence.text)
        for pair in (*_numbers(sentence, groups), *_nobody(paper.terms, question.outcome, sentence, groups)):
            pair.features |= _context(paper, question, sentence)
            pair.features |= {
                "sentence": 1.0,
                "sentence_outcome": max(here, wide),
                "sentence_before": float(before > max(here, wide)),
            }
            pair.score = 0.25 + 1.1 * best + pair.features.get("sentence_told", 0.0)
            pairs.append(pair)
    pairs.sort(key=lambda pair: -pair.score)
    return pairs[:40]


def _context(paper: IcoPaper, question: Question, sentence: Sentence) -> dict[str, float]:
    is_base, wants_base = bool(BASELINE.search(sentence.text)), bool(BASELINE.search(question.outcome))
    is_change, wants = bool(CHANGE.search(sentence.text)), bool(WANTS_CHANGE.search(question.outcome))
    return {
        "sentence_abstract": float(sentence.part is Part.ABSTRACT),
        "base_wrong": float(is_base != wants_base),
        "change_wanted": float(is_change and wants),
        "change_unwanted": float(is_change and not wants),
        "sentence_figure": float(bool(re.search(r"\bfig", sentence.text, re.IGNORECASE))),
    }


@dataclass(frozen=True, slots=True)
class _Groups:
    """Offsets of words that name the groups asked for."""

    intervention: tuple[int, ...]
    comparator: tuple[int, ...]

    @staticmethod
    def of(paper: IcoPaper, question: Question, text: str) -> _Groups:
        """Words of one group that the other has not, and role words."""
        return _Groups(
            _positions(paper, question.intervention, question.comparator, text),
            _positions(paper, question.comparator, question.intervention, text),
        )


def _positions(paper: IcoPaper, asked: str, other: str, text: str) -> tuple[int, ...]:
    names = " ".join(paper.terms.names_of(asked))
    own = set(tokens(paper.terms.expand(asked))) | set(tokens(names))
    own -= set(tokens(paper.terms.expand(other)))
    found = {
        match.start() for match in _WORDS.finditer(text) if not match[0].isdigit() and stem(match[0].lower()) in own
    }
    if CONTROL.search(asked):
        found |= {match.start() for match in CONTROL.finditer(text)}
    elif not found and CONTROL.search(other):
        found |= {match.start() for match in _ROLE_GROUP.finditer(text)}
    return tuple(sorted(found))


def _numbers(sentence: Sentence, groups: _Groups) -> Iterator[Pair]:
    statistics = [found for found in _statistics(sentence.text) if found.statistic]
    by_kind: dict[str, list[tuple[Found, CellValue]]] = {}
    for found in statistics:
        value = _value_of(found, sentence.text)
        if value is not None:
            kind = _KIND["mean" if value.kind == "median" else value.kind]
            by_kind.setdefault(kind, []).append((found, value))
    for kind, group in by_kind.items():
        for (a, first), (b, second) in pairwise(group):
            between = sentence.text[a.end : b.start]
            if len(between) > _FAR:
                continue
            order = _order(groups, a, b)
            if order is None:
                continue
            one, two = _printed(sentence, a, first), _printed(sentence, b, second)
            if not order.intervention_first:
                one, two = two, one
            told = {"words": 0.5, "named": 0.3, "one": 0.1}[order.how]
            features = {
                f"sentence_{order.how}": 1.0,
                "sentence_told": told,
                "sentence_gap": len(between) / _FAR,
                "sentence_many": float(len(group) > 2),
                "sentence_respectively": float(bool(_RESPECTIVELY.search(sentence.text[b.end :]))),
                "sentence_compared": float(bool(_COMPARED.search(between))),
                f"sentence_{kind}": 1.0,
                f"kind_{first.kind}": 1.0,
                "kinds_differ": float(first.kind != second.kind),
                "has_spread": float(first.sd is not None or first.se is not None or first.spread == "CI"),
            }
            yield Pair(one, two, None, sentence.text, features)


@lru_cache(maxsize=4096)
def _statistics(text: str) -> tuple[Found, ...]:
    return tuple(find_statistics(text))


def _printed(sentence: Sentence, found: Found, value: CellValue) -> Printed:
    start = sentence.start + found.start
    place = Place(sentence.passage, start, sentence.start + found.end, sentence.text[found.start : found.end])
    return Printed(value, place, value.total)


def _value_of(found: Found, text: str) -> CellValue | None:
    statistic = found.statistic
    if statistic is None or statistic.kind not in ("value", "proportion") or statistic.operator:
        return None
    printed = text[found.start : found.end]
    if statistic.events is not None and (statistic.total is not None or statistic.percent is not None):
        return CellValue(printed, "share", events=statistic.events, total=statistic.total, percent=statistic.percent)
    if statistic.percent is not None:
        return CellValue(printed, "percent", mean=statistic.percent, percent=statistic.percent)
    if statistic.events is not None:
        return CellValue(printed, "count", mean=statistic.events, events=statistic.events)
    if statistic.value is None:
        return None
    return _continuous(statistic, printed)


def _continuous(statistic: Statistic, printed: str) -> CellValue:
    is_interval = statistic.spread == "CI"
    low, high = (statistic.low, statistic.high) if is_interval else (None, None)
    if statistic.measure == "median" or statistic.spread in ("IQR", "range"):
        return CellValue(printed, "median", mean=statistic.value, low=statistic.low, high=statistic.high)
    kind = "mean" if any(v is not None for v in (statistic.sd, statistic.se, low)) else "value"
    return CellValue(
        printed,
        kind,
        mean=statistic.value,
        sd=statistic.sd,
        se=statistic.se,
        low=low,
        high=high,
        spread="CI" if is_interval else None,
    )


def _order(groups: _Groups, a: Found, b: Found) -> _Order | None:
    def near(places: Sequence[int], low: int, high: int) -> bool:
        return any(low <= place < high for place in places)

    i, c = groups.intervention, groups.comparator
    after_a = near(i, a.end, b.start), near(c, a.end, b.start)
    after_b = near(i, b.end, b.end + 80), near(c, b.end, b.end + 80)
    before_a = near(i, max(0, a.start - 90), a.start), near(c, max(0, a.start - 90), a.start)
    if after_a[0] and after_b[1] and not after_a[1]:
        return _Order(True, "words")
    if after_a[1] and after_b[0] and not after_a[0]:
        return _Order(False, "words")
    if before_a[0] and after_a[1] and not before_a[1]:
        return _Order(True, "words")
    if before_a[1] and after_a[0] and not before_a[0]:
        return _Order(False, "words")
    if i and c:
        return _Order(i[0] < c[0], "named")
    if i or c:
        place = (i or c)[0]
        is_first = a.start - 90 < place < b.start and (place < a.start or place < a.end + 70)
        return _Order(is_first == bool(i), "one")
    return None


def _nobody(terms: Terms, outcome: str, sentence: Sentence, groups: _Groups) -> Iterator[Pair]:
    """Zero events in both groups."""
    match = next((found for found in _NOBODY.finditer(sentence.text) if terms.covered(outcome, found[0]) >= 0.45), None)
    if match is None or _SIGNIFICANCE.search(match[0]):
        return
    both = bool(_BOTH.search(sentence.text)) or bool(groups.intervention and groups.comparator)
    value = CellValue(match[0], "zero", events=0.0)
    place = Place(sentence.passage, sentence.start + match.start(), sentence.start + match.end(), match[0])
    features = {"sentence_nobody": 1.0, "sentence_both": float(both), "kind_zero": 1.0, "sentence_told": 0.4 * both}
    if re.search(r"\d", sentence.text):
        features["sentence_nobody_digits"] = 1.0
    yield Pair(Printed(value, place), Printed(value, place), None, sentence.text, features)
