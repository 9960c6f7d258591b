"""Pairs of group sizes that may be the totals of a question, with the features that a ranker weighs.

Place in the flow: asked by `ico` after a pair of values was chosen (or none was): sizes printed with the value itself,
in the headers of its table, in another table, a caption, a sentence. The two sizes are chosen together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.ask.ico_paper import IcoPaper
from pipeline.ask.ico_records import Pair, Place, Question, Sizes
from pipeline.ask.ico_size_sets import SizeItem, SizeSet, even_split, most_common_each, size_sets, whole_study
from pipeline.ask.ico_terms import tokens
from pipeline.relate.table_times import BASELINE, days_in, same_time
from pipeline.relate.table_values import implied_count

_RANDOMISED = re.compile(r"randomi[sz]|allocat|assign|divided", re.IGNORECASE)
_RECRUITED = re.compile(r"recruit|screen|planned|\bneeded\b", re.IGNORECASE)
_LOST = re.compile(r"complet|analy[sz]|drop|withdr|lost to|excluded|discontinu|per[- ]protocol|follow", re.IGNORECASE)
_UNION = re.compile(r"\s+or\s+|\s*;\s*|,\s+(?=group\b)|\s+and\s+(?=group\b)", re.IGNORECASE)
_TWO_PARTS = 2
_NAMED_LESS = 0.05
MAX_SIZES = 80
_MAX_PAIRS = 30


class SizeFinder:
    """Reads the sets of a paper once and answers many questions."""

    def __init__(self, paper: IcoPaper) -> None:
        self._paper = paper
        self._sets = size_sets(paper)
        self._each = most_common_each(self._sets)
        self._whole = whole_study(paper)
        self._even = even_split(paper, self._whole)
        self._crossed = bool(re.search(r"cross-?\s?over|latin square", " ".join(s.text for s in paper.sentences), re.I))
        self._told = [
            sorted({item.n for item in one.items if item.label})[-2:]
            for one in self._sets
            if len(one.items) == _TWO_PARTS
        ]
        self._grouped = any(len(one.items) > 1 for one in self._sets) or self._each is not None

    def candidates(self, question: Question, chosen: Pair | None, pairs: Sequence[Pair] = ()) -> list[Sizes]:
        """Every plausible pair of sizes, those that sets print together first.

        Args:
            pairs: candidates for the values, whose denominators are sizes too.
        """
        found = [*self._own(chosen), *self._from_sets(question, chosen), *self._from_each(), *_of_pairs(pairs)]
        found += [*self._from_whole(question), *self._unions(question)]
        most = max((one.features.get("named", 0.0) for one in found), default=0.0)
        # Before and after are of the one group that has most of the words asked for.
        found = [one for one in found if one.features.pop("named", most) >= most - _NAMED_LESS]
        votes = Counter((one.intervention, one.comparator) for one in found)
        for one in found:
            one.features["votes"] = min(4, votes[one.intervention, one.comparator]) / 4
            one.features["no_value"] = float(chosen is None)
            one.features |= _fits(one, chosen)
            one.features["equal"] = float(one.intervention == one.comparator)
        found.sort(key=lambda one: -one.score)
        return found[:MAX_SIZES]

    def _own(self, chosen: Pair | None) -> list[Sizes]:
        if chosen is None:
            return []
        a, b = chosen.intervention, chosen.comparator
        found = []
        if a.value.total and b.value.total:
            found.append(Sizes(a.value.total, b.value.total, (a.place, b.place), {"own_total": 1.0}, 3.0))
        if a.size and b.size:
            features = {"own_header": 1.0}
            if a.size == b.size and a.place.column_headers == b.place.column_headers:
                features["own_shared"] = 1.0
            places = (a.size_place or a.place, b.size_place or b.place)
            found.append(Sizes(a.size, b.size, places, features, 2.5))
        return found

    def _from_whole(self, question: Question) -> list[Sizes]:
        """One size for both sides: of everybody (before and after, crossover), or of groups of even size."""
        before = bool(BASELINE.search(question.comparator) or BASELINE.search(question.intervention))
        votes = Counter(item.n for item in self._whole)
        found = []
        largest = max((sum(n) for n in self._told), default=0.0)
        for position, item in enumerate(self._whole):
            if not before and not self._crossed and item.n >= 0.9 * largest > 0:
                continue  # everybody is not a group where the groups' sizes are printed
            features = {
                "whole": 1.0,
                "whole_before": float(before),
                "whole_crossed": float(self._crossed),
                "whole_first": float(position == 0),
                "whole_votes": min(4, votes[item.n]) / 4,
                "whole_grouped": float(self._grouped),
            }
            found.append(Sizes(item.n, item.n, (item.place, item.place), features, 0.4))
        for position, item in enumerate(self._even):
            features = {
                "even": 1.0,
                "even_first": float(position == 0),
                "even_grouped": float(self._grouped),
                "even_crossed": float(self._crossed or before),
            }
            found.append(Sizes(item.n, item.n, (item.place, item.place), features, 0.5, "groups of even size"))
        return found

    def _unions(self, question: Question) -> list[Sizes]:
        """ "A or B" against C: the sizes of A and B together."""
        parts = [part.strip() for part in _UNION.split(question.intervention) if len(part.strip()) > 2]
        if len(parts) != _TWO_PARTS or set(tokens(parts[1])) <= set(tokens(parts[0])):
            return []
        found = []
        for one in self._sets:
            items = list({(item.label, item.n): item for item in one.items}.values())[:14]
            if one.kind == "each" and items:
                n = items[0].n
                found.append(Sizes(2 * n, n, (items[0].place, items[0].place), {"union": 1.0, "each": 1.0}, 0.6, "sum"))
            if len(items) < 3:
                continue
            best = []
            for name, rest in (
                (parts[0], parts[1]),
                (parts[1], parts[0]),
                (question.comparator, question.intervention),
            ):
                scores = [self._paper.terms.arm(name, item.label, rest) for item in items]
                best.append(max(range(len(items)), key=scores.__getitem__) if max(scores) > 0.3 else -1)
            if len(set(best)) == 3 and -1 not in best:
                a, b, c = (items[k] for k in best)
                found.append(
                    Sizes(a.n + b.n, c.n, (a.place, c.place), {"union": 1.0, f"set_{one.kind}": 1.0}, 1.5, "sum")
                )
        for item in self._even:
            found.append(Sizes(2 * item.n, item.n, (item.place, item.place), {"union": 1.0, "even": 1.0}, 0.5, "sum"))
        return found

    def _from_each(self) -> list[Sizes]:
        found = []
        for one in self._sets:
            if one.kind == "each":
                item = one.items[0]
                features = {"each": 1.0, "each_common": float(item.n == self._each)}
                features["recruited"] = float(bool(_RECRUITED.search(one.text)))
                found.append(Sizes(item.n, item.n, (item.place, item.place), features, 0.8))
        return found

    def _from_sets(self, question: Question, chosen: Pair | None) -> list[Sizes]:
        found: list[Sizes] = []
        singles: tuple[list[tuple[float, SizeItem]], list[tuple[float, SizeItem]]] = ([], [])
        for one in self._sets:
            if one.kind == "each":
                continue
            items = list({(item.label, item.n): item for item in one.items}.values())[:14]
            scores = [self._match(question, item) for item in items]
            for item, score in zip(items, scores, strict=True):
                for side in (0, 1):
                    own = score[side] - 0.6 * score[1 - side]
                    if own > 0.25:
                        singles[side].append((own, item))
            found += self._joint(one, items, scores, chosen, days_in(question.outcome))
            if BASELINE.search(question.comparator) or BASELINE.search(question.intervention):
                found += self._same(question, one, items, scores, chosen)
        found += _split(singles)
        return found

    def _match(self, question: Question, item: SizeItem) -> tuple[float, float]:
        terms = self._paper.terms
        i, c = question.intervention, question.comparator
        return terms.arm(i, item.label, c), terms.arm(c, item.label, i)

    def _joint(
        self,
        one: SizeSet,
        items: list[SizeItem],
        scores: list[tuple[float, float]],
        chosen: Pair | None,
        asked: float | None,
    ) -> list[Sizes]:
        found: list[Sizes] = []
        for i, first in enumerate(items):
            for j, second in enumerate(items):
                if i == j:
                    continue
                own_i, own_c = scores[i][0], scores[j][1]
                cross = scores[j][0] + scores[i][1]
                inferred = 0.0
                if len(items) == 2:
                    if own_i > 0.25 and own_i > scores[j][0] and own_c < 0.35:
                        own_c, inferred = 0.35, 1.0
                    elif own_c > 0.25 and own_c > scores[i][1] and own_i < 0.35:
                        own_i, inferred = 0.35, 1.0
                if min(own_i, own_c) < 0.1 or own_i + own_c <= cross:
                    continue
                features = {
                    "time_asked": _asked_time(asked, days_in(one.text)),
                    "arm_sum": own_i + own_c,
                    "arm_min": min(own_i, own_c),
                    "cross": cross,
                    "inferred": inferred,
                    "items_two": float(len(items) == 2),
                    "labels_alike": self._paper.terms.similarity(first.label, second.label, 0.5),
                    **self._where(one, chosen),
                }
                rough = own_i + own_c - 0.6 * cross + 0.3 * features.get("same_table", 0.0)
                found.append(Sizes(first.n, second.n, (first.place, second.place), features, rough))
        return _below_best(found)

    def _same(
        self,
        question: Question,
        one: SizeSet,
        items: list[SizeItem],
        scores: list[tuple[float, float]],
        chosen: Pair | None,
    ) -> list[Sizes]:
        """Before and after are two times of one group."""
        found = []
        for item, score in zip(items, scores, strict=True):
            if max(score) > 0.3:
                named = self._paper.terms.covered(f"{question.intervention} {question.comparator}", item.label)
                features = {
                    "same_group": 1.0,
                    "named": named,
                    "arm_sum": max(score) + named,
                    **self._where(one, chosen),
                }
                found.append(Sizes(item.n, item.n, (item.place, item.place), features, max(score) + named))
        return _below_best(found)

    def _where(self, one: SizeSet, chosen: Pair | None) -> dict[str, float]:
        used = chosen.table if chosen else None
        caption = self._paper.tables[one.table].table.caption or "" if one.table is not None else ""
        return {
            f"set_{one.kind}": 1.0,
            "same_table": float(used is not None and one.table == used),
            "other_table": float(used is not None and one.table is not None and one.table != used),
            "first_table": float(one.table == 0),
            "own_caption": float(used is not None and one.table == used and one.kind == "caption"),
            "same_sentence": float(chosen is not None and bool(one.text) and one.text in chosen.words),
            "same_passage": float(_shares_passage(one, chosen)),
            "baseline_table": float(bool(BASELINE.search(caption) or "characteristic" in caption.lower())),
            "abstract": float(one.is_abstract),
            "randomised": float(bool(_RANDOMISED.search(one.text))),
            "lost": float(bool(_LOST.search(one.text))),
        }


def _asked_time(asked: float | None, own: float | None) -> float:
    return float(asked is not None and own is not None and same_time(asked, own))


def _shares_passage(one: SizeSet, chosen: Pair | None) -> bool:
    """Whether the sizes stand in the paragraph of the value."""
    return (
        chosen is not None
        and chosen.table is None
        and any(item.place.passage == chosen.intervention.place.passage for item in one.items)
    )


def _below_best(found: list[Sizes]) -> list[Sizes]:
    """How much worse each pair's labels fit than the best pair's of the same set."""
    best = max((one.features["arm_sum"] - one.features.get("cross", 0.0) for one in found), default=0.0)
    for one in found:
        one.features["below_in_set"] = best - one.features["arm_sum"] + one.features.get("cross", 0.0)
    return found


def _fits(sizes: Sizes, chosen: Pair | None) -> dict[str, float]:
    """Whether the counts and percentages that were chosen can be of these sizes."""
    if chosen is None:
        return {}
    found = []
    for printed, n in ((chosen.intervention, sizes.intervention), (chosen.comparator, sizes.comparator)):
        value = printed.value
        if value.events is not None and value.events > n:
            found.append(-1)
        elif value.events and value.percent:
            near = 0.51 if value.percent == int(value.percent) else 0.11
            found.append(1 if abs(100 * value.events / n - value.percent) <= near else -1)
        elif value.percent is not None and value.kind == "percent":
            found.append(0 if implied_count(value.percent, n, value.text) is None else 1)
    return {"fits": found.count(1) / 2, "fits_both": float(found == [1, 1]), "misfit": float(-1 in found)}


def _of_pairs(pairs: Sequence[Pair]) -> list[Sizes]:
    """The denominators and header sizes of other values of the two groups."""
    found: dict[tuple[float, float], Sizes] = {}
    for pair in sorted(pairs, key=lambda pair: -pair.score)[:_MAX_PAIRS]:
        a, b = pair.intervention, pair.comparator
        if a.value.total and b.value.total:
            features = {
                "pair_total": 1.0,
                "pair_arm": pair.features.get("arm_sum", 1.0),
                "pair_sentence": pair.features.get("sentence", 0.0),
            }
            sizes = Sizes(a.value.total, b.value.total, (a.place, b.place), features, 0.7)
            found.setdefault((sizes.intervention, sizes.comparator), sizes)
    return list(found.values())


def _split(singles: tuple[list[tuple[float, SizeItem]], list[tuple[float, SizeItem]]]) -> list[Sizes]:
    """The best sizes of each group where no set prints both."""
    found = []
    left, right = (sorted(side, key=lambda pair: -pair[0])[:3] for side in singles)
    for own_i, first in left:
        for own_c, second in right:
            if first.place == second.place:
                continue
            features = {"split": 1.0, "arm_sum": own_i + own_c, "arm_min": min(own_i, own_c)}
            places: tuple[Place | None, Place | None] = (first.place, second.place)
            found.append(Sizes(first.n, second.n, places, features, own_i + own_c - 0.5))
    return found
