"""Result and comparison rows from tables of XML and PDF papers.

Place in the flow: asked by `relate()` beside the readers of sentences. The outcome comes from the row headers and
the arm from the column headers, or the other way round in a transposed table; a column of p-values gives comparisons.
A header that points to no arm, or to several, makes a row with a doubt, so with confidence below 0.5: a lead only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.document import Cell, Part, Passage, Table
from pipeline.evidence import (
    Annotated,
    Arm,
    Attribution,
    Comparison,
    Concept,
    Direction,
    Label,
    Measure,
    Quote,
    Result,
    Role,
)
from pipeline.link.linker import Linker
from pipeline.relate.arm_reference import ArmResolver
from pipeline.relate.attribution import Attributor, attributor_of
from pipeline.relate.doubts import POOLED
from pipeline.relate.numbers import told_number
from pipeline.relate.table_arms import Resolve, TableArms
from pipeline.relate.table_cells import TEST_HEAD, Valued, valued_cells
from pipeline.relate.table_outcome import Measured, measured
from pipeline.relate.table_shares import SIZE
from pipeline.relate.table_times import CHANGE
from pipeline.relate.table_values import hints, is_share_of
from pipeline.tag.people import PEOPLE

_P_VALUE = re.compile(r"^\s*(?:[Pp]\s*)?([<>=≤≥]?)\s*([01]?[.·]\d+)\s*$")
_P_NOTE = re.compile(r"\b[Pp]\s*([<=≤])\s*([01]?[.·]\d+)")
_NOT_SIGNIFICANT = re.compile(r"^\s*(?:ns|n\.s\.?|not significant)\s*$", re.IGNORECASE)
_GROUP_WORD = re.compile(
    r"\b(?:groups?|arms?|placebo|controls?|treated|treatment|cohort|cases?|therapy)\b|\bn\s*=\s*\d", re.IGNORECASE
)
_NOT_OWN = re.compile(
    r"\b(?:previous(?:ly)? (?:published )?(?:studies|reports|cases)|literature|published|systematic|included studies"
    r"|review of|other studies|guidelines?|recommend\w+|definitions?|search)\b",
    re.IGNORECASE,
)
_EVENTS = re.compile(r"\b(?:number|no\.?|#) of (?:AEs?|adverse events|events|episodes)\b|^\W*events\W*$", re.IGNORECASE)
_WHOLES = re.compile(r"\s*\d+\s*[(\[]\s*\d+(?:[.·]\d+)?\s*%?\s*[)\]]")  # "14 (6.3)": of people, or a mean
_RATIO = re.compile(r"\b(?:male|female|m|f|yes|no|men|women|boys|girls|left|right)\s*[/:]\s*\w+", re.IGNORECASE)
_CONTRAST = re.compile(
    r"\bdifferences? (?:from|versus|vs|between|compared|in change)|\btreatment (?:effects?|differences?)\b"
    r"|\bplacebo-(?:subtracted|corrected|adjusted)\b"
    r"|\b(?:relative|compared) to placebo|\b(?:odds|hazard|risk) ratios?\b|\bregression\b|\bcorrelation",
    re.IGNORECASE,
)
_MEAN_CHANGE = re.compile(
    r"^\W*(?:(?:adjusted|ls|least[- ]squares?|mean|median)\W+)*changes? (?:from|in)\b", re.IGNORECASE
)
_PART = re.compile(
    rf"\b(?:{PEOPLE}|those) (?:with(?:out)?|who|aged)\b|\bsub-?groups?\b"
    r"|\b(?:non-?)?responders?\b|\bsurvivors?\b|^\W*(?:no|yes|male|female|men|women)\W*$|[A-Za-z]{2} at baseline",
    re.IGNORECASE,
)
_STUDY = re.compile(r"\bet al\b|\b[A-Z][a-z]+,? \(?(?:19|20)\d\d\b")
_GRADE = re.compile(r"^(?:class|grade|stage|type|level|score|category)\b|^\W*[IVX\d]+\b", re.IGNORECASE)
_SIGNS = {"≤": "<=", "≥": ">=", "": "="}
_SIGNIFICANT = 0.05
_LINKER = Linker()


def table_results(
    annotated: Annotated,
    arms: Sequence[Arm],
    resolve: Resolve | None = None,
    attributor: Attributor | None = None,
) -> tuple[list[Result], list[Comparison]]:
    """Results and comparisons of all tables with resolved cells, in reading order.

    Tables of plain text are read by `line_table`.
    """
    results: list[Result] = []
    comparisons: list[Comparison] = []
    if annotated.document.source.format.endswith("text"):
        return results, comparisons
    is_pooled = POOLED.search(annotated.document.title or "") is not None
    resolve = resolve or ArmResolver(tuple(arms), annotated).resolve
    attributor = attributor or attributor_of(annotated)
    by_id = {arm.arm_id: arm for arm in arms}
    named = TableArms(by_id, resolve, annotated.abbreviations)
    for index, passage in enumerate(annotated.document.passages):
        if passage.table is None or passage.part is not Part.TABLE or passage.language != "en":
            continue
        if _NOT_OWN.search(passage.table.caption or "") or _lists_studies(passage.table):
            continue
        reader = _Reader(annotated, index, passage, passage.table, by_id, named, is_pooled)
        attribution = attributor.of(index, 0).attribution
        found = reader.rows(attribution)
        results += [row.result for row in found]
        comparisons += reader.comparisons(found, attribution)
    return results, comparisons


def _lists_studies(table: Table) -> bool:
    """Whether the rows are studies of others: "Miller et al., 2009"."""
    labels = {cell.row: cell.row_headers[-1] for cell in table.cells if cell.row_headers}
    return sum(_STUDY.search(label) is not None for label in labels.values()) > 1


@dataclass(frozen=True, slots=True)
class _Row:
    """A result with the cell it came from."""

    result: Result
    cell: Cell


@dataclass(slots=True)
class _Reader:
    """Reads one table. `index` is the position of its passage in the document."""

    annotated: Annotated
    index: int
    passage: Passage
    table: Table
    arms: Mapping[str, Arm]
    named: TableArms
    is_pooled: bool = False  # the paper pools studies of others

    def rows(self, attribution: Attribution) -> list[_Row]:
        """One row per value cell whose outcome is known."""
        cells = valued_cells(self.table)
        by_column = self.named.of_stacks({cell.cell.column_headers for cell in cells})
        by_row = self.named.of_stacks({cell.cell.row_headers for cell in cells})
        n_columns = len({arm for arm in by_column.values() if arm})
        n_rows = len({arm for arm in by_row.values() if arm})
        is_sized = any(SIZE.search(header) for stack in by_column for header in stack)
        is_transposed = n_rows > max(n_columns, 1) and not is_sized
        found = []
        stacks = Counter((one.cell.row, one.cell.column_headers) for one in cells)
        for one in cells:
            headers = one.cell.row_headers if is_transposed else one.cell.column_headers
            arm_id = (by_row if is_transposed else by_column).get(headers)
            if arm_id is None and not any(_GROUP_WORD.search(header) for header in headers):
                continue
            row = self._row(one, arm_id, attribution, is_transposed=is_transposed)
            if row is not None:
                # Two columns under the same heads: what tells them apart was not read.
                is_double = not is_transposed and stacks[one.cell.row, one.cell.column_headers] > 1
                found.append(_Row(replace(row, doubts=(*row.doubts, "double")) if is_double else row, one.cell))
        return self._without_event_counts(found)

    def _without_event_counts(self, rows: list[_Row]) -> list[_Row]:
        """A column in which some count exceeds its group counts events, not people: it has no totals."""
        too_many = {
            row.cell.column_headers
            for row in rows
            if row.result.percent is None and (row.result.events or 0) > (self._head_size(row.cell) or float("inf"))
        }
        return [
            _Row(replace(row.result, total=None, measure=Measure.COUNT), row.cell)
            if row.cell.column_headers in too_many and row.result.percent is None and row.result.events is not None
            else row
            for row in rows
        ]

    def _row(self, one: Valued, arm_id: str | None, attribution: Attribution, *, is_transposed: bool) -> Result | None:
        cell, value = one.cell, one.value
        labels, others = cell.row_headers, cell.column_headers
        if is_transposed:
            labels, others = others, labels
            labels = tuple(label for label in labels if self.named.is_no_arm(label))
        what = measured(labels, others, self.table.caption or "")
        if what is None:
            return None
        total = value.total if value.total is not None else self._size(one, arm_id)
        if value.events is not None and not is_share_of(value.events, total, value.percent, cell.text):
            total = None  # people with missing data: the printed percentage has another denominator than the head
        measure = _measure(one, what)
        if measure is Measure.MEAN and _MEAN_CHANGE.search(self.table.caption or "") and what.timepoint != "baseline":
            measure = Measure.CHANGE
        is_share = (
            value.kind in ("share", "percent", "zero") or measure is Measure.PROPORTION
        ) and measure is not Measure.PERCENT_CHANGE
        events = value.events if value.kind in ("share", "zero") else None
        if measure is Measure.COUNT:
            events = value.events
        has_mean = not is_share and events is None
        return Result(
            outcome=what.outcome,
            quote=Quote(self.index, cell.start, cell.end, cell.text),
            text=cell.text,
            arm_id=arm_id,
            outcome_concept=self._concept(what.outcome),
            measure=measure,
            value=value.mean if has_mean else None,
            sd=value.sd if has_mean else None,
            se=value.se if has_mean else None,
            low=value.low,
            high=value.high,
            unit=what.unit if has_mean and what.unit != "%" else ("%" if value.percent is not None else None),
            events=events,
            total=total if is_share else None,
            percent=value.percent if is_share else None,
            timepoint=what.timepoint,
            attribution=attribution,
            doubts=self._doubts(one, what, arm_id, labels),
        )

    def _doubts(self, one: Valued, what: Measured, arm_id: str | None, labels: Sequence[str]) -> tuple[str, ...]:
        """What headers leave open: the arm, the outcome, the kind of number; or a label that names a second arm."""
        value = one.value
        told = hints(" ".join((*labels, *one.cell.column_headers))) & {"mean", "sd", "se", "median", "ci"}
        found = {
            "arm": arm_id is None,
            "label": not what.is_sure,
            "unclear": value.kind in ("count or mean", "unclear", "interval")
            or (value.kind == "share" and value.total is None and what.unit not in (None, "%"))
            or (value.kind in ("mean", "median") and _WHOLES.match(one.cell.text) is not None and not told)
            or any("geometric" in label.lower() for label in (*labels, *one.cell.column_headers)),
            "whose": self.is_pooled,
            "contrast": (arm_id is not None and any(not self.named.is_no_arm(label) for label in labels[-1:]))
            or _CONTRAST.search(self.table.caption or "") is not None,
            "part": any(_PART.search(header) for header in one.cell.column_headers),
            "ratio": value.total is not None
            and (
                _RATIO.search(" ".join(labels)) is not None
                or self._is_small(one, arm_id)
                or any(_EVENTS.search(header) for header in one.cell.column_headers)
            ),
            "bare": one.value.kind in ("value", "count") and not hints(" ".join((*labels, *one.cell.column_headers))),
        }
        return tuple(name for name, is_so in found.items() if is_so)

    def _is_small(self, one: Valued, arm_id: str | None) -> bool:
        """A printed total far below the arm's size: "0/2" of two grades, not two of the arm's people."""
        arm = self.arms.get(arm_id) if arm_id else None
        n = arm.n if arm else None
        return n is not None and one.value.total is not None and one.value.total * 3 < n

    @staticmethod
    def _head_size(cell: Cell) -> float | None:
        """The size that the cell's headers print, the innermost first."""
        for header in (*reversed(cell.column_headers), *reversed(cell.row_headers)):
            if match := SIZE.search(header):
                return float(match[1].replace(",", ""))
        return None

    def _size(self, one: Valued, arm_id: str | None) -> float | None:
        printed = self._head_size(one.cell)
        if printed is not None:
            return printed
        if one.value.events is None or one.value.percent is None:
            return None
        arm = self.arms.get(arm_id) if arm_id else None
        return one.people if one.people is not None or arm is None or arm.n is None else float(arm.n)

    def _concept(self, outcome: str) -> Concept | None:
        parts = dict.fromkeys((outcome, outcome.rsplit(": ", 1)[-1]))
        for label in (Label.OUTCOME, Label.CONDITION):
            for part in parts:
                concept = None if _GRADE.match(part) else _LINKER.link(label, part, self.annotated.abbreviations)
                if concept is not None:
                    return concept
        return None

    def comparisons(self, rows: Sequence[_Row], attribution: Attribution) -> list[Comparison]:
        """A p-value beside the values of exactly two arms, or a footnote mark on one of them."""
        by_line: dict[int, list[_Row]] = {}
        for row in rows:
            by_line.setdefault(row.cell.row, []).append(row)
        found = []
        for line, group in by_line.items():
            arms = {row.result.arm_id for row in group}
            if len(group) != 2 or len(arms) != 2 or None in arms:
                continue
            first, second = self._ordered(group)
            for cell, operator, p in (*self._p_cells(line), *self._p_marks(group)):
                found.append(self._comparison(first, second, cell, (operator, p), attribution))
                break
        return found

    def _ordered(self, group: Sequence[_Row]) -> tuple[Result, Result]:
        """The comparator last."""
        a, b = (row.result for row in group)
        arm = self.arms.get(a.arm_id or "")
        return (b, a) if arm is not None and arm.role is Role.COMPARATOR else (a, b)

    def _p_cells(self, line: int) -> Iterator[tuple[Cell, str | None, float | None]]:
        for cell in self.table.cells:
            if cell.row != line or cell.is_header or not cell.text or not cell.column_headers:
                continue
            if not TEST_HEAD.match(cell.column_headers[-1]) or not re.search(r"[pP]", cell.column_headers[-1]):
                continue
            if match := _P_VALUE.match(cell.text):
                yield cell, _SIGNS.get(match[1], match[1]), float(match[2].replace("·", "."))
            elif _NOT_SIGNIFICANT.match(cell.text):
                yield cell, None, None

    def _p_marks(self, group: Sequence[_Row]) -> Iterator[tuple[Cell, str | None, float | None]]:
        notes = {mark: text for mark, text in self.table.footnotes if mark}
        for row in group:
            for mark in row.cell.marks:
                note = notes.get(mark, "")
                match = _P_NOTE.search(note)
                if match and not re.search(r"baseline|within|before", note, re.IGNORECASE):
                    yield row.cell, _SIGNS.get(match[1], match[1]), float(match[2].replace("·", "."))

    def _comparison(
        self, first: Result, second: Result, cell: Cell, p: tuple[str | None, float | None], attribution: Attribution
    ) -> Comparison:
        return Comparison(
            outcome=first.outcome,
            quote=Quote(self.index, cell.start, cell.end, cell.text),
            arm_a=first.arm_id,
            arm_b=second.arm_id,
            outcome_concept=first.outcome_concept,
            p_operator=p[0],
            p_value=p[1],
            direction=_direction(first, second, *p),
            timepoint=first.timepoint,
            attribution=attribution,
        )


def _direction(first: Result, second: Result, operator: str | None, p: float | None) -> Direction | None:
    """Of the first arm relative to the second, if the p-value says that they differ."""
    if p is None or (p >= _SIGNIFICANT and operator in ("=", ">", ">=")):
        return Direction.NO_DIFFERENCE
    if p > _SIGNIFICANT:
        return None
    a, b = (told_number(result) for result in (first, second))
    if a is None or b is None or a == b:
        return None
    return Direction.INCREASED if a > b else Direction.DECREASED


def _measure(one: Valued, what: Measured) -> Measure:
    value, cell = one.value, one.cell
    heads = " ".join((*cell.column_headers, *cell.row_headers))
    if (
        value.kind == "percent"
        and value.mean is not None
        and any(CHANGE.search(label) for label in cell.row_headers[-1:])
    ):
        return Measure.PERCENT_CHANGE
    if value.kind in ("share", "percent", "zero"):
        return Measure.PROPORTION
    if value.kind == "count or mean":
        return Measure.OTHER
    if value.is_median or (value.kind in ("value", "count", "interval") and "median" in hints(heads)):
        return Measure.MEDIAN
    if CHANGE.search(heads) and value.kind != "count":
        return Measure.CHANGE
    if value.kind == "count":
        counted = hints(heads) & {"count", "share"} and not hints(heads) & {"mean", "sd"} and what.unit is None
        return Measure.COUNT if counted else Measure.OTHER
    return Measure.MEAN if value.sd is not None or value.se is not None or "mean" in hints(heads) else Measure.OTHER
