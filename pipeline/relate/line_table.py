"""Results from tables that came as bare lines: a header line of named columns, then "label value value".

Place in the flow: asked by `relate()` for the tables of plain-text papers; tables of other formats are read
from their cells. A line counts only if it holds one value per column; labels and values in separate lines
are dealt out column by column when their numbers fit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import Part, Passage
from pipeline.evidence import Annotated, Label, Measure, Mention, Quote, Result, Statistic
from pipeline.relate.attribution import Attributor
from pipeline.relate.table_arms import Resolve
from pipeline.tag.number import DIGITS

_COLUMN = re.compile(r"(?:Case|Patient|Group|Arm|Cohort)\s(?:\d{1,2}|[IVX]{1,4}|[A-H])\b")
_SUBCOLUMN = re.compile(r"\b([A-Z][a-z]+)\s(\d{1,2})\b")
_ONE_PERSON = re.compile(r"(?:Case|Patient)\s", re.IGNORECASE)
_NUMBER = re.compile(rf"(?<![\w.,/-]){DIGITS}(?![\w.])")
_YES_NO = re.compile(r"\b(yes|no|present|absent)\b(?:\s?\([^()]*\))?", re.IGNORECASE)
_LABEL_END = re.compile(r"\s*(?:\([^()]*\)|[/:,–-]\s*\w*)?\s*\Z")
_BASELINE = re.compile(
    r"\b(?:baseline|at presentation|at entry|before treatment|characteristics|biops(?:y"
    r"|ies))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table passage with the values found in it, offsets of the passage."""

    start: int
    end: int
    text: str
    values: tuple[Value, ...]
    name: str | None = None  # the label, if it stands in lines before

    @property
    def label(self) -> str:
        """What stands before the first value."""
        if self.name is not None:
            return self.name
        return _LABEL_END.sub("", self.text[: self.values[0].start - self.start] if self.values else self.text).strip()


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a line: a parsed statistic and where it stands."""

    start: int
    end: int
    statistic: Statistic


def line_table_results(annotated: Annotated, resolve: Resolve, attributor: Attributor) -> list[Result]:
    """The results of all tables of a plain-text paper, in reading order; none for other formats.

    The lines are read even where the reader found cells, because sub-columns ("Biopsy 1 Biopsy 2") get lost in them.
    """
    if not annotated.document.source.format.endswith("text"):
        return []
    results: list[Result] = []
    caption = ""
    for index, passage in enumerate(annotated.document.passages):
        if passage.part is Part.CAPTION:
            caption = passage.text
        if passage.part is Part.TABLE and passage.language == "en":
            rows = _table(annotated, index, passage, resolve)
            verdict = attributor.of(index, 0)
            when = "baseline" if _BASELINE.search(caption) else None
            results += [replace(row, timepoint=when, attribution=verdict.attribution) for row in rows]
    return results


def _table(annotated: Annotated, index: int, passage: Passage, resolve: Resolve) -> list[Result]:
    mentions = [one for one in annotated.mentions if one.passage == index]
    lines = _lines(passage.text, mentions)
    head = next((i for i, line in enumerate(lines) if len(_COLUMN.findall(line.text)) > 1), None)
    if head is None:
        return []
    columns = _COLUMN.findall(lines[head].text)
    arms = [resolve(column) for column in columns]
    body = lines[head + 1 :]
    spread = _sub_columns(body[0].text, len(columns)) if body else None
    if spread:
        body = body[1:]
    builder = _Builder(index, columns, arms, mentions)
    results: list[Result] = []
    labels: list[Line] = []
    values: list[Line] = []
    for line in [*body, None]:
        if line is not None and line.values and not line.label:
            if len(line.values) == len(columns) > 1 and labels and not values:
                results += builder.row(replace(line, name=_wrapped(labels)), None)
                labels = []
            else:
                values.append(line)
            continue
        results += builder.block(labels, values)
        labels, values = ([] if values else labels), []
        if line is None:
            break
        if not line.values:
            labels.append(line)
        else:
            results += builder.row(line, spread)
            labels = []
    return results


def _lines(text: str, mentions: Sequence[Mention]) -> list[Line]:
    found = []
    for match in re.finditer(r"[^\n]+", text):
        inside = [one for one in mentions if match.start() <= one.start and one.end <= match.end()]
        found.append(Line(match.start(), match.end(), match.group(), _values(match, inside)))
    return found


def _values(match: re.Match[str], mentions: Sequence[Mention]) -> tuple[Value, ...]:
    """Values with units; else bare numbers; else yes and no."""
    measured: list[Value] = []
    for one in mentions:
        statistic = one.statistic
        if (
            one.label is not Label.STATISTIC
            or statistic is None
            or (statistic.unit is None and statistic.percent is None)
        ):
            continue
        between = match.group()[measured[-1].end - match.start() : one.start - match.start()] if measured else ""
        if not measured or not re.fullmatch(r"\s?[(\[/]\s?", between):
            measured.append(Value(one.start, one.end, statistic))
    if measured:
        return tuple(measured)
    numbers = [
        Value(
            match.start() + m.start(),
            match.start() + m.end(),
            Statistic("value", value=float(m.group().replace(",", ""))),
        )
        for m in _NUMBER.finditer(match.group())
        if re.fullmatch(r"[\d,]*\.?\d+", m.group())
    ]
    if numbers:
        return tuple(numbers)
    return tuple(
        Value(
            match.start() + m.start(),
            match.start() + m.end(),
            Statistic("proportion", events=float(m.group(1).lower() in ("yes", "present"))),
        )
        for m in _YES_NO.finditer(match.group())
    )


def _sub_columns(text: str, columns: int) -> list[int] | None:
    """For a second header line "Biopsy 1 Biopsy 2 Biopsy 1": each one's column (a new one where counting restarts)."""
    text = text.strip()
    numbers = [int(match[2]) for match in _SUBCOLUMN.finditer(text)]
    if len(numbers) <= columns or not re.fullmatch(r"(?:[A-Z][a-z]+\s\d{1,2}\s?)+", text):
        return None
    owners: list[int] = []
    for position, number in enumerate(numbers):
        owners.append(owners[-1] + (number <= numbers[position - 1]) if owners else 0)
    return owners if owners[-1] == columns - 1 else None


def _wrapped(labels: list[Line]) -> str:
    """The last label, with the line before it if it goes on in lower case: "Arterial", "hypertension"."""
    last = labels[-1].text.strip()
    return f"{labels[-2].text.strip()} {last}" if len(labels) > 1 and last[:1].islower() else last


class _Builder:
    """Makes rows for one table."""

    def __init__(
        self, index: int, columns: list[str], arms: list[tuple[str, ...]], mentions: Sequence[Mention]
    ) -> None:
        self.index, self.columns, self.arms, self.mentions = index, columns, arms, mentions

    def row(self, line: Line, spread: list[int] | None) -> list[Result]:
        """One line with a value for each column."""
        owners = list(range(len(self.columns)))
        if spread and len(line.values) == len(spread):
            owners = spread
        if len(line.values) != len(owners) or not line.label:
            return []
        return [self._result(line.label, line, value, owner) for value, owner in zip(line.values, owners, strict=True)]

    def block(self, labels: list[Line], values: list[Line]) -> list[Result]:
        """Labels in lines of their own, then all values of column 1, all of column 2 …"""
        width = len(self.columns)
        if not values or len(values) % width or any(len(line.values) != 1 for line in values):
            return []
        height = len(values) // width
        if height > len(labels) or height < 2:
            return []
        named = labels[-height:]
        return [
            self._result(
                named[row].text.strip(), values[column * height + row], values[column * height + row].values[0], column
            )
            for column in range(width)
            for row in range(height)
        ]

    def _result(self, label: str, line: Line, value: Value, column: int) -> Result:
        statistic = value.statistic
        counted = statistic.kind == "proportion" and statistic.events is not None
        one_person = bool(_ONE_PERSON.match(self.columns[column]))
        arm = self.arms[column]
        concept = next(
            (one.concept for one in self.mentions if one.label is Label.OUTCOME and one.text.lower() == label.lower()),
            None,
        )
        return Result(
            outcome=label,
            quote=Quote(self.index, line.start, line.end, line.text),
            text=line.text[value.start - line.start : value.end - line.start],
            arm_id=arm[0] if len(arm) == 1 else None,
            outcome_concept=concept,
            measure=Measure.PROPORTION if counted else Measure.OTHER,
            value=statistic.value,
            sd=statistic.sd,
            se=statistic.se,
            low=statistic.low,
            high=statistic.high,
            unit=statistic.unit,
            events=statistic.events,
            total=1.0 if counted and one_person else statistic.total,
            percent=statistic.percent,
            confidence=0.8,
        )
