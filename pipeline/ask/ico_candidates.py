"""Pairs of table cells that may answer a question, with the features that a ranker weighs.

Place in the flow: `ico` asks `table_pairs` for every pair of cells that could hold the two groups: two cells of a row,
two of a column, or one cell that prints both groups. Nothing is decided here except what can never be an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.ask.ico_kinds import INTENTION, restriction_features
from pipeline.ask.ico_paper import IcoPaper, PaperTable, cell_place, header_place
from pipeline.ask.ico_records import Pair, Printed, Question
from pipeline.ask.ico_terms import Terms, size_in, tokens
from pipeline.relate.table_cells import STATISTIC, Valued
from pipeline.relate.table_shares import SIZE
from pipeline.relate.table_times import BASELINE, CHANGE, WANTS_CHANGE, days_in, is_baseline, same_time
from pipeline.relate.table_values import to_number

_DUAL_HEAD = re.compile(r"([\w\s/+-]{2,40}?)\s*[(\[]([^()\[\]]{2,40})[)\]]\s*$")
_FIRST_TIME = re.compile(r"0|day 0|week 0", re.IGNORECASE)
_BASE_CAPTION = re.compile(
    r"baseline|characteristic|demographic|pre-?treatment|pre-?test\b|before (?:the )?(?:treatment|intervention)", re.I
)
_RESULT_CAPTION = re.compile(
    r"\bafter\b|\bpost|follow-?up|outcome|result|chang|effect|respon|rates?\b|predict|according|subgroup|prescri"
    r"|\bend of\b|baseline\s+(?:to|and|through|vs)\b",
    re.IGNORECASE,
)
_SUBGROUPS = re.compile(r"\bsub-?(?:groups?|sets?|populations?)\b|\bstratifi|\baccording to\b", re.IGNORECASE)
_NO_MATCH = 0.2
_WEEK, _FINAL = 7.0, 10_000.0  # days
_LONGEST_COLUMN = 60
_FARTHEST_ROWS = 40
MAX_PAIRS = 120


@dataclass(frozen=True, slots=True)
class _Duo:
    """Two cells, the headers that tell them apart, and the headers that both have."""

    first: Valued
    second: Valued
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    shared: tuple[str, ...]
    mode: str
    siblings: int


def _duos(cells: Sequence[Valued]) -> Iterator[_Duo]:
    rows: dict[int, list[Valued]] = {}
    columns: dict[int, list[Valued]] = {}
    for one in cells:
        rows.setdefault(one.cell.row, []).append(one)
        columns.setdefault(one.cell.column, []).append(one)
        if one.value.second is not None:
            yield from _dual_duos(one)
    for group in rows.values():
        for a in group:
            for b in group:
                if a.cell.column != b.cell.column:
                    mine, theirs, both = _split(a.cell.column_headers, b.cell.column_headers)
                    yield _Duo(a, b, mine, theirs, (*a.cell.row_headers, *both), "row", len(group))
    for group in columns.values():
        if len(group) > _LONGEST_COLUMN:
            continue
        for a in group:
            for b in group:
                if a.cell.row != b.cell.row and abs(a.cell.row - b.cell.row) <= _FARTHEST_ROWS:
                    mine, theirs, both = _split(a.cell.row_headers, b.cell.row_headers)
                    yield _Duo(a, b, mine, theirs, (*both, *a.cell.column_headers), "column", len(group))


def _split(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    plain = [{SIZE.sub("", text).strip(" ,;") for text in side} - {""} for side in (a, b)]

    def is_shared(text: str, other: set[str]) -> bool:
        return SIZE.sub("", text).strip(" ,;") in other

    both = tuple(text for text in a if text in b or is_shared(text, plain[1]))
    mine, theirs = (tuple(text for text in side if text not in both) for side in (a, b))
    return mine, tuple(text for text in theirs if not is_shared(text, plain[0])), tuple(SIZE.sub("", x) for x in both)


def _dual_duos(one: Valued) -> Iterator[_Duo]:
    """One cell with both groups under "Intervention (control)"."""
    for head in reversed(one.cell.column_headers):
        match = _DUAL_HEAD.search(head)
        if match and one.value.second is not None:
            mine, theirs = re.split(r"[;:,]", match[1])[-1].strip(), match[2].strip()
            other = Valued(one.cell, one.value.second)
            shared = (*one.cell.row_headers, head[: match.start(1)] or head)
            shared = (*shared, *(h for h in one.cell.column_headers if h != head))
            yield _Duo(Valued(one.cell, replace(one.value, second=None)), other, (mine,), (theirs,), shared, "dual", 2)
            yield _Duo(other, Valued(one.cell, replace(one.value, second=None)), (theirs,), (mine,), shared, "dual", 2)
            return


def table_pairs(paper: IcoPaper, question: Question) -> list[Pair]:
    """Every pair of cells that could answer, best guesses of each table first, at most `MAX_PAIRS`."""
    pairs: list[Pair] = []
    for paper_table in paper.tables:
        cells = paper_table.values
        sized = {head for one in cells for head in one.cell.column_headers if SIZE.search(head)}
        scorer = _Scorer(paper, paper_table, question, len(sized) == 2, _times(cells))
        for duo in _duos(cells):
            if _alike(duo) and (pair := scorer.pair(duo)):
                pairs.append(pair)
    pairs.sort(key=lambda pair: -pair.score)
    return _short_of_best(pairs[:MAX_PAIRS])


def _short_of_best(pairs: list[Pair]) -> list[Pair]:
    """How far each side's label stands below the best label of its table."""
    best: dict[tuple[int | None, str], float] = {}
    for pair in pairs:
        for side in ("own_i", "own_c"):
            best[pair.table, side] = max(best.get((pair.table, side), 0.0), pair.features[side])
    for pair in pairs:
        short = [best[pair.table, side] - pair.features.pop(side) for side in ("own_i", "own_c")]
        pair.features["below_own"] = sum(short)
        pair.features["below_own_max"] = max(short)
    return pairs


def _same(asked: str, label: str) -> bool:
    return bool(label) and set(tokens(asked)) == set(tokens(SIZE.sub(" ", label)))


def _times(cells: Sequence[Valued]) -> tuple[float, ...]:
    found = {days_in(head) for one in cells for head in (*one.cell.row_headers, *one.cell.column_headers)}
    return tuple(sorted(time for time in found if time is not None))


_KINDS = {"count": "n", "share": "n", "zero": "n", "count or mean": "n", "percent": "n", "value": "v", "mean": "m",
          "unclear": "m", "median": "d", "interval": "d"}  # fmt: skip


def _alike(duo: _Duo) -> bool:
    if not duo.mine and not duo.theirs:
        return False
    kinds = {_KINDS.get(duo.first.value.kind), _KINDS.get(duo.second.value.kind)}
    return len(kinds) == 1 or kinds == {"n", "v"}


@dataclass(slots=True)
class _Scorer:
    paper: IcoPaper
    paper_table: PaperTable
    question: Question
    is_two_arm: bool
    times: tuple[float, ...]

    def pair(self, duo: _Duo) -> Pair | None:
        """The duo as a pair with features, None if its headers name neither group nor outcome."""
        arms = self._arms(duo)
        if arms["arm_min"] < 0.12 or arms["arm_sum"] - arms["cross"] <= 0.0:
            return None
        words = " ".join(duo.shared)
        features = {**arms, **self._outcome(duo, words), **self._time(duo, words), **_shape(duo)}
        features["mode_" + duo.mode] = 1.0
        features["rest_differs"] = self._rest_differs(duo)
        rough = features["outcome"] + 0.9 * arms["arm_sum"] - 0.6 * arms["cross"] + 0.3 * features["caption"]
        rough -= 0.4 * features["base_wrong"]
        return Pair(
            self._printed(duo.first), self._printed(duo.second), self.paper_table.number, words, features, rough
        )

    def _rest_differs(self, duo: _Duo) -> float:
        """How much the labels of two rows differ in words that name no group: they tell of two outcomes."""
        if duo.mode != "column":
            return 0.0
        terms, ask = self.paper.terms, self.question
        named = frozenset(tokens(terms.expand(f"{ask.intervention} {ask.comparator}")))
        sides = [frozenset(tokens(terms.expand(" ".join(SIZE.sub(" ", one) for one in side)))) - named
                 for side in (duo.mine, duo.theirs)]  # fmt: skip
        return len(sides[0] ^ sides[1]) / len(sides[0] | sides[1]) if sides[0] | sides[1] else 0.0

    def _printed(self, one: Valued) -> Printed:
        place = cell_place(self.paper_table, one.cell)
        if one.size is not None:
            return Printed(one.value, place, to_number(one.size.text), cell_place(self.paper_table, one.size))
        for head in (*reversed(one.cell.column_headers), *reversed(one.cell.row_headers)):
            if size := size_in(head):
                return Printed(one.value, place, size, header_place(self.paper_table, head))
        return Printed(one.value, place)

    def _arms(self, duo: _Duo) -> dict[str, float]:
        terms, ask = self.paper.terms, self.question
        mine, theirs = " ".join(duo.mine), " ".join(duo.theirs)
        if BASELINE.search(ask.comparator) and not BASELINE.search(ask.intervention):
            return self._before_after(duo, mine, theirs)
        i, c = ask.intervention, ask.comparator
        own_i, own_c = terms.arm(i, mine, c), terms.arm(c, theirs, i)
        cross_i, cross_c = terms.arm(i, theirs, c), terms.arm(c, mine, i)
        two = duo.siblings == 2 or (self.is_two_arm and bool(SIZE.search(mine)) and bool(SIZE.search(theirs)))
        inferred = 0.0
        if two and own_i >= 0.3 and own_i > cross_i and own_c < 0.5:
            own_c, inferred = 0.5, 1.0
        elif two and own_c >= 0.3 and own_c > cross_c and own_i < 0.5:
            own_i, inferred = 0.5, 1.0
        return {
            "arm_sum": own_i + own_c,
            "arm_min": min(own_i, own_c),
            "own_i": own_i,
            "own_c": own_c,
            "arm_exact": float(_same(i, mine)) + float(_same(c, theirs)),
            "cross": cross_i + cross_c,
            "margin_min": min(own_i - cross_i, own_c - cross_c),
            "arm_inferred": inferred,
            "two": float(two),
        }

    def _before_after(self, duo: _Duo, mine: str, theirs: str) -> dict[str, float]:
        """The comparator is the same group before: two times of a row or column, the group named by what they share."""
        before = float(days_in(theirs) == 0.0 or _FIRST_TIME.fullmatch(theirs.strip()) is not None)
        later = days_in(mine)
        is_later = (later is not None and later > 0) or (bool(re.fullmatch(r"\d+", mine.strip())) and before > 0)
        named = self.paper.terms.covered(self.question.intervention, " ".join(duo.shared))
        own_i = 0.4 + 0.6 * named if is_later else 0.0
        return {
            "arm_sum": own_i + before,
            "arm_min": min(own_i, before),
            "own_i": own_i,
            "own_c": before,
            "cross": 0.0,
            "margin_min": min(own_i, before),
            "arm_inferred": 0.0,
            "two": 0.0,
            "before_after": 1.0,
        }

    def _outcome(self, duo: _Duo, words: str) -> dict[str, float]:
        terms, outcome = self.paper.terms, self.question.outcome
        labels = [label for label in duo.shared if not STATISTIC.match(label)]
        inner = labels[-1] if labels else ""
        if duo.mode == "row" and duo.first.cell.row_headers:
            rows = [label for label in duo.first.cell.row_headers if not STATISTIC.match(label)]
            inner = rows[-1] if rows else ""
        caption = self.paper_table.table.caption or ""
        words = INTENTION.sub(" ", words)
        everything = f"{words} {caption}"
        return {
            "subgroups": float(bool(_SUBGROUPS.search(caption)) and not _SUBGROUPS.search(outcome)),
            "outcome": terms.outcome(outcome, words),
            "outcome_precision": terms.covered(words, terms.expand(outcome)),
            "outcome_inner": terms.outcome(outcome, inner, 0.5),
            "inner_precision": terms.covered(inner, terms.expand(outcome)),
            "caption": terms.similarity(outcome, caption, 0.9),
            "everything": max(
                terms.covered(outcome, everything), terms.covered(terms.expand(outcome), terms.expand(everything))
            ),
            "sub_item": float(_is_sub_item(terms, outcome, words, inner)),
            "full_cover": float(terms.covered(outcome, everything) > 0.97),
            "inner_full": float(terms.covered(outcome, inner) > 0.97),
            **restriction_features(outcome, words),
        }

    def _time(self, duo: _Duo, words: str) -> dict[str, float]:
        outcome = self.question.outcome
        caption = self.paper_table.table.caption or ""
        wants_base, wants_change = is_baseline(outcome), bool(WANTS_CHANGE.search(outcome))
        in_caption = bool(_BASE_CAPTION.search(caption)) and not _RESULT_CAPTION.search(caption)
        is_base = is_baseline(words) and not CHANGE.search(words)
        is_change = bool(CHANGE.search(words))
        is_later = days_in(words) == _FINAL or "change" in words.lower()
        arms_timed = bool(BASELINE.search(f"{self.question.intervention} {self.question.comparator}"))
        own = days_in(" ".join(duo.mine)) if arms_timed else days_in(words)
        asked = days_in(outcome)
        known = [time for time in self.times if time is not None]
        split = days_in(" ".join(duo.mine)) != days_in(" ".join(duo.theirs))
        return {
            "base_wrong": float((is_base or (in_caption and not is_later)) != wants_base),
            "base_row": float(is_base and not wants_base),
            "base_caption": float(in_caption and not wants_base and not is_later),
            "base_table": float(
                self.paper_table.is_baseline and not wants_base and not is_later and not _RESULT_CAPTION.search(caption)
            ),
            "time_last": float(own is not None and len(known) > 1 and own >= known[-1]),
            "last_row": float(duo.first.cell.row > duo.second.cell.row) if duo.mode == "column" and arms_timed else 0.0,
            "time_first": float(own is not None and len(known) > 1 and own <= known[0]),
            "time_asked": float(asked is not None and own is not None and same_time(asked, own)),
            "time_other": float(asked is not None and own is not None and not same_time(asked, own)),
            "time_far": float(
                asked is not None
                and own is not None
                and min(asked, own) >= _WEEK
                and own < _FINAL
                and not same_time(asked, own)
            ),
            "change_wanted": float(is_change and wants_change),
            "change_unwanted": float(is_change and not wants_change),
            "change_missing": float(wants_change and not is_change),
            "times_differ": float(split and not arms_timed),
        }


def _is_sub_item(terms: Terms, outcome: str, words: str, inner: str) -> bool:
    """Whether the outcome is the heading above a row that names something else: "Adverse events" above "Erythema"."""
    if days_in(inner) is not None or not re.search(r"[A-Za-z]{4}", inner) or terms.outcome(outcome, inner) > _NO_MATCH:
        return False
    return terms.outcome(outcome, words.replace(inner, " ")) >= 2 * _NO_MATCH


def _shape(duo: _Duo) -> dict[str, float]:
    a, b = duo.first.value, duo.second.value
    found = {
        "kinds_differ": float(a.kind != b.kind),
        "sized": float(bool(SIZE.search(" ".join((*duo.mine, *duo.theirs))))),
        "adjacent": float(duo.mode == "row" and abs(duo.first.cell.column - duo.second.cell.column) == 1),
        "same_value": float(a.mean == b.mean and a.percent == b.percent and a.sd == b.sd),
        "has_spread": float(a.sd is not None or a.se is not None or a.spread == "CI"),
    }
    found[f"kind_{a.kind.replace(' ', '_')}"] = 1.0
    return found
