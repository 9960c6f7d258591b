"""Numbers of sentences and the groups they belong to: labels before or after, lists in order, "respectively".

Place in the flow: `ico_sentences` asks for the pairs of one sentence and of two neighbouring sentences. Nothing is
weighed here: every way to read the sentence gives a pair, with features that say which way it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from pipeline.ask.ico_mentions import Mentions
from pipeline.ask.ico_paper import Sentence
from pipeline.ask.ico_records import Place, Printed
from pipeline.ask.ico_terms import Terms
from pipeline.evidence import Statistic
from pipeline.relate.table_values import CellValue
from pipeline.tag.found import Found
from pipeline.tag.statistic import find_statistics

_KIND = {"share": "share", "percent": "percent", "mean": "mean", "median": "mean", "unclear": "mean", "value": "value",
         "count": "value"}  # fmt: skip
_BREAK = re.compile(r";|\b(?:than|vs\.?|versus|compared|whereas|while|but|against)\b", re.IGNORECASE)
_LIST_CUT = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s+vs\.?\s+|\s+versus\s+|\s+to\s+", re.IGNORECASE)
_LIST_GAP = re.compile(r"\W*(?:and|or|vs\.?|versus)?\W*$", re.IGNORECASE)
_EACH = re.compile(
    r"^[^.;\d]{0,25}\b(?:in|for|of)\s+(?:each|both|either)\s+(?:\w+\s+)?(?:groups?|arms?)\b", re.IGNORECASE
)
_LIST_END = re.compile(r"\brespectively\b|[.;]\s|\)")
_BRACKETED = re.compile(r"^\s*[(\[]$")
_DIFFERENCE = re.compile(
    r"\b(?:differences?|effect sizes?|ratio|relative risk|risk reduction|odds|hazard)\b[^.;()]{0,25}[(:=,]?\s*$",
    re.IGNORECASE,
)
_CONTRASTED = re.compile(r"\bdifferences?\b|\brelative to\b|\bversus\b|\bvs\b", re.IGNORECASE)
_FAR = 140
_REACH = 90
_LONGEST_GAP = 60
_NAMES = 160


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a sentence; `start`/`end` are offsets in the sentence."""

    start: int
    end: int
    value: CellValue


@dataclass(frozen=True, slots=True)
class Reading:
    """Two numbers read as the two groups', and how: after, before, list, named, one, each."""

    first: Number
    second: Number
    how: str
    features: dict[str, float]


def numbers_by_kind(text: str) -> dict[str, list[Number]]:
    """The numbers of a sentence that may be values of a group, by kind of number."""
    found: dict[str, list[Number]] = {}
    for number in _joined(text, [n for n in (_number(f, text) for f in _statistics(text)) if n]):
        found.setdefault(_KIND[number.value.kind], []).append(number)
    return found


def printed(sentence: Sentence, number: Number) -> Printed:
    """The number with its place."""
    start = sentence.start + number.start
    place = Place(sentence.passage, start, sentence.start + number.end, sentence.text[number.start : number.end])
    return Printed(number.value, place, number.value.total)


@lru_cache(maxsize=8192)
def _statistics(text: str) -> tuple[Found, ...]:
    return tuple(find_statistics(text))


def _number(found: Found, text: str) -> Number | None:
    value = None if _is_contrast(found, text) else _value_of(found, text)
    return Number(found.start, found.end, value) if value else None


def _is_contrast(found: Found, text: str) -> bool:
    """Whether the number is a difference or ratio between groups, not a group's own value."""
    statistic = found.statistic
    left = text[max(0, found.start - _REACH // 2) : found.start]
    if _DIFFERENCE.search(left):
        return True
    return statistic is not None and statistic.spread == "CI" and bool(_CONTRASTED.search(text))


def _joined(text: str, numbers: Sequence[Number]) -> Iterator[Number]:
    """ "6.3 (12.6)" is a value with its spread, though nothing says which."""
    skip = False
    for i, one in enumerate(numbers):
        if skip:
            skip = False
            continue
        after = numbers[i + 1] if i + 1 < len(numbers) else None
        if (
            after is not None
            and {one.value.kind, after.value.kind} <= {"value", "count"}
            and _BRACKETED.match(text[one.end : after.start])
            and text[after.end : after.end + 1] in (")", "]")
            and one.value.mean is not None
        ):
            spread = after.value.mean
            yield Number(
                one.start,
                after.end + 1,
                CellValue(text[one.start : after.end + 1], "unclear", mean=one.value.mean, sd=spread),
            )
            skip = True
        else:
            yield one


def _value_of(found: Found, text: str) -> CellValue | None:
    statistic = found.statistic
    if statistic is None or statistic.kind not in ("value", "proportion") or statistic.operator:
        return None
    shown = text[found.start : found.end]
    if statistic.events is not None and (statistic.total is not None or statistic.percent is not None):
        return CellValue(shown, "share", events=statistic.events, total=statistic.total, percent=statistic.percent)
    if statistic.percent is not None:
        return CellValue(shown, "percent", mean=statistic.percent, percent=statistic.percent)
    if statistic.events is not None:
        return CellValue(shown, "count", mean=statistic.events, events=statistic.events)
    return None if statistic.value is None else _continuous(statistic, shown)


def _continuous(statistic: Statistic, shown: str) -> CellValue:
    is_interval = statistic.spread == "CI"
    low, high = (statistic.low, statistic.high) if is_interval else (None, None)
    if statistic.measure == "median" or statistic.spread in ("IQR", "range"):
        return CellValue(shown, "median", mean=statistic.value, low=statistic.low, high=statistic.high)
    kind = "mean" if any(v is not None for v in (statistic.sd, statistic.se, low)) else "value"
    value = CellValue(shown, kind, mean=statistic.value, sd=statistic.sd, se=statistic.se, low=low, high=high)
    return replace(value, spread="CI" if is_interval else None)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the numbers of one kind of a sentence: its text, where it names the groups, the outcome asked for."""

    text: str
    mentions: Mentions
    numbers: Sequence[Number]
    terms: Terms
    outcome: str

    def readings(self) -> list[Reading]:
        """Every way to read two of the numbers as the intervention's and the comparator's."""
        found: dict[tuple[int, int], Reading] = {}
        for reading in (*self._by_lists(), *self._by_labels(), *self._in_each(), *self._by_order()):
            found.setdefault((reading.first.start, reading.second.start), reading)
        return list(found.values())

    def labels(self, *, after: bool) -> list[bool | None]:
        """For every number whether the label behind (or before) it is the intervention's; None for no label."""
        numbers = self.numbers
        found: list[bool | None] = []
        for j, one in enumerate(numbers):
            if after:
                high = numbers[j + 1].start if j + 1 < len(numbers) else one.end + _REACH
                stop = self.text.find(";", one.end)
                high = min(high, one.end + _REACH, stop if stop >= 0 else high)
                sides = self.mentions.sides(one.end, high)[:1]
            else:
                low = numbers[j - 1].end if j else 0
                low = max(low, one.start - 2 * _REACH, self.text.rfind(";", 0, one.start))
                sides = self.mentions.sides(low, one.start)[-1:]
            found.append(sides[0][1] if sides else None)
        for j in range(len(numbers) - 2, -1, -1) if after else range(1, len(numbers)):
            other = j + 1 if after else j - 1
            if found[j] is None and found[other] is not None:
                gap = self.text[numbers[min(j, other)].end : numbers[max(j, other)].start]
                if len(gap) <= _LONGEST_GAP and gap.count(")") <= gap.count("(") and not _BREAK.search(gap):
                    found[j] = found[other]
        return found

    def _by_labels(self) -> Iterator[Reading]:
        both = {after: self.labels(after=after) for after in (True, False)}
        told = [pair for pair in zip(both[True], both[False], strict=True) if None not in pair]
        count = len(self.numbers)
        for after, sides in both.items():
            mine = [j for j, side in enumerate(sides) if side is True]
            theirs = [j for j, side in enumerate(sides) if side is False]
            features = {
                "sentence_after" if after else "sentence_before_label": 1.0,
                "label_agree": sum(x == y for x, y in told) / count,
                "label_differ": sum(x != y for x, y in told) / count,
                "label_all": float(len(mine) + len(theirs) == count),
            }
            yield from self._paired(mine, theirs, features)

    def _paired(self, mine: Sequence[int], theirs: Sequence[int], features: dict[str, float]) -> Iterator[Reading]:
        """The numbers at the same place of both groups' lists; all against all if the lists differ in length."""
        even = len(mine) == len(theirs)
        for x, i in enumerate(mine):
            for y, j in enumerate(theirs):
                if even and x != y:
                    continue
                more = {
                    "list_long": float(even and len(mine) > 1),
                    "list_uneven": float(not even),
                    "list_nearest": float(abs(i - j) == 1),
                    "list_match": self.item_match(mine, theirs, x) if even else 0.0,
                }
                yield Reading(self.numbers[i], self.numbers[j], "words", features | more)

    def item_match(self, mine: Sequence[int], theirs: Sequence[int], item: int) -> float:
        """How much better the words of one item of a list fit the outcome than those of the others, -1 to 1."""
        if len(mine) < 2:
            return 0.0
        numbers = self.numbers
        ends = [numbers[i + 1].start if i + 1 < len(numbers) else numbers[i].end + _LONGEST_GAP for i in mine]
        scores = [
            self.terms.covered(self.outcome, self.text[numbers[i].end : end]) for i, end in zip(mine, ends, strict=True)
        ]
        if max(scores) <= min(scores):
            scores = self._listed(self.text[: numbers[min(mine[0], theirs[0])].start], len(mine))
        if not scores:
            scores = self._listed(self.text[numbers[max(mine[-1], theirs[-1])].end :], len(mine))
        return scores[item] - max(score for k, score in enumerate(scores) if k != item) if scores else 0.0

    def _listed(self, text: str, size: int) -> list[float]:
        """The fit of each item of the list of that size in the text that tells most; empty if none does."""
        best: list[float] = []
        for part in re.split(r"[.;:()]", text):
            chunks = [chunk for chunk in _LIST_CUT.split(part) if chunk.strip()]
            for start in range(len(chunks) - size + 1):
                some = chunks[start : start + size]
                if all(len(chunk.split()) <= 6 for chunk in some[1:-1]):
                    trimmed = [" ".join(some[0].split()[-3:]), *some[1:-1], " ".join(some[-1].split()[:4])]
                    scores = [self.terms.covered(self.outcome, chunk) for chunk in trimmed]
                    if max(scores) - min(scores) > (max(best) - min(best) if best else 0.0):
                        best = scores
        return best

    def _by_lists(self) -> Iterator[Reading]:
        """Find "12, 14 and 20 % in the A, B and C groups", "in A and B … 12 and 14, respectively"."""
        numbers = self.numbers
        for low, high in self._runs():
            size = high - low
            if size < 2:
                continue
            for behind in (True, False):
                spans = self._names(numbers[low].start, numbers[high - 1].end, size, behind=behind)
                mine, theirs = self._named_most(spans, True), self._named_most(spans, False)
                if mine is not None and theirs is not None and mine != theirs:
                    i, j = low + mine, low + theirs
                    features = {"sentence_list": 1.0, "list_behind": float(behind), "list_more": float(size > 2)}
                    yield Reading(numbers[i], numbers[j], "list", features)

    def _runs(self) -> Iterator[tuple[int, int]]:
        start = 0
        for j in range(1, len(self.numbers) + 1):
            if j == len(self.numbers) or not _LIST_GAP.match(
                self.text[self.numbers[j - 1].end : self.numbers[j].start]
            ):
                yield start, j
                start = j

    def _names(self, low: int, high: int, size: int, *, behind: bool) -> list[tuple[int, int]]:
        """Spans of as many listed names as there are numbers, before or behind them; empty if there are fewer."""
        start, end = (high, min(len(self.text), high + _NAMES)) if behind else (max(0, low - _NAMES), low)
        if behind and (stop := _LIST_END.search(self.text[start:end])):
            end = start + stop.start()
        bounds = [start, *(start + m.start() for m in _LIST_CUT.finditer(self.text[start:end])), end]
        spans = [(a, b) for a, b in pairwise(bounds) if self.text[a:b].strip(" ,")]
        if len(spans) < size:
            return []
        return spans[:size] if behind else spans[-size:]

    def _named_most(self, spans: Sequence[tuple[int, int]], is_intervention: bool) -> int | None:
        """The one span with more words of the group than any other, and none of the other group's; None if tied."""
        told = [[side for _, side in self.mentions.sides(*span)] for span in spans]
        counts = [len(sides) if set(sides) == {is_intervention} else 0 for sides in told]
        best = max(counts, default=0)
        return counts.index(best) if best and counts.count(best) == 1 else None

    def _in_each(self) -> Iterator[Reading]:
        for one in self.numbers:
            if _EACH.match(self.text[one.end : one.end + 60]):
                yield Reading(one, one, "each", {"sentence_each": 1.0})

    def _by_order(self) -> Iterator[Reading]:
        """Neighbouring numbers in the order of the names, or told by one name only."""
        i, c = self.mentions.intervention, self.mentions.comparator
        if not i and not c:
            return
        for a, b in pairwise(self.numbers):
            if b.start - a.end > _FAR:
                continue
            if i and c:
                first, how = i[0] < c[0], "named"
            else:
                place = (i or c)[0]
                is_first = a.start - _REACH < place < b.start and (place < a.start or place < a.end + 70)
                first, how = is_first == bool(i), "one"
            features = {f"sentence_{how}": 1.0, "named_before": float(bool(i and c) and max(i[0], c[0]) < a.start)}
            yield Reading(*((a, b) if first else (b, a)), how, features)
