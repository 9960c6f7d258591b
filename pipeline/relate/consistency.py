"""What the rows of one sentence say of each other: the two pressures of a pair, numbers that contradict one another.

Place in the flow: asked by `results.py` for the rows of each sentence, after arms and outcomes are set.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.evidence import Label, Measure, Result
from pipeline.link.linker import Linker
from pipeline.relate.findings import Finding
from pipeline.relate.table_values import is_share_of

_ONE_PRESSURE = re.compile(r"\b(?:SBP|DBP|systolic|diastolic)\b", re.IGNORECASE)
_TOO_MANY = 1.1  # a total may exceed the size that one table prints by a few people
_LINKER = Linker()


def both_pressures(row: Result, twin: Finding) -> list[Result]:
    """The rows of "145/92 mm Hg": where the outcome's name says systolic or diastolic, each half has its own."""
    statistic = twin.statistic
    second = replace(
        row, text=twin.text, value=statistic.value, sd=statistic.sd, se=statistic.se, low=statistic.low,
        high=statistic.high, unit=statistic.unit,
    )  # fmt: skip
    if not _ONE_PRESSURE.search(row.outcome):
        return [row, second]
    return [_named(row, "systolic blood pressure"), _named(second, "diastolic blood pressure")]


def _named(row: Result, outcome: str) -> Result:
    return replace(row, outcome=outcome, outcome_concept=_LINKER.link(Label.OUTCOME, outcome, {}))


def contradicted(rows: Sequence[Result], beside: Sequence[bool]) -> list[Result]:
    """Rows of one sentence that give an arm two numbers of one outcome at one time: a group or an item was not read.

    Args:
        beside: for each row, whether its arm stands beside its number; if that is so for one number alone, it stays.
    """
    values, sure = defaultdict(set), defaultdict(set)
    for row, is_beside in zip(rows, beside, strict=True):
        values[_what(row)].add(_numbers(row))
        if is_beside:
            sure[_what(row)].add(_numbers(row))
    found = []
    for row in rows:
        is_sure = sure[_what(row)] == {_numbers(row)}
        is_doubled = len(values[_what(row)]) > 1 and not is_sure and not _is_pressure(row)
        found.append(replace(row, doubts=(*row.doubts, "twice")) if is_doubled else row)
    return found


def _numbers(row: Result) -> tuple[float | None, ...]:
    return row.value, row.percent, row.events, row.low


def _what(row: Result) -> tuple[object, ...]:
    return row.arm_id, row.outcome.lower(), row.timepoint, row.value is None


def _is_pressure(row: Result) -> bool:
    return (row.unit or "").replace(" ", "").startswith("mm")


def completed(rows: Sequence[Result], sizes: Mapping[str, int]) -> list[Result]:
    """Rows "2 (40 %)" of an arm of 5 with their total: the printed percentage is exactly theirs."""
    return [replace(row, total=float(sizes[row.arm_id or ""])) if _is_of_all(row, sizes) else row for row in rows]


def _is_of_all(row: Result, sizes: Mapping[str, int]) -> bool:
    size = sizes.get(row.arm_id) if row.arm_id else None
    if size is None or row.total is not None or row.events is None or row.percent is None:
        return False
    return row.measure is Measure.PROPORTION and is_share_of(row.events, size, row.percent, row.text)


def oversized(rows: Sequence[Result], sizes: Mapping[str, int]) -> list[Result]:
    """Rows whose total is more than their arm's size: people of several arms."""
    return [replace(row, doubts=(*row.doubts, "size")) if _is_oversized(row, sizes) else row for row in rows]


def _is_oversized(row: Result, sizes: Mapping[str, int]) -> bool:
    size = sizes.get(row.arm_id) if row.arm_id else None
    return size is not None and row.total is not None and row.total > _TOO_MANY * size


@dataclass(frozen=True, slots=True)
class Everybody:
    """The people of all compared arms: the arm that stands for them, how many they are, and the arms."""

    arm_id: str
    size: int
    sides: frozenset[str]


def of_everybody(
    rows: Sequence[Result], beside: Sequence[bool], sizes: Mapping[str, int], everybody: Everybody | None
) -> list[Result]:
    """Rows "14 of 40" of a study of 40 in two arms: all of them, whatever arms the sentence goes on to compare; but
    for those whose arm stands beside the number (`beside`).
    """
    if everybody is None:
        return list(rows)
    return [
        replace(row, arm_id=everybody.arm_id) if not is_beside and _is_of(row, sizes, everybody) else row
        for row, is_beside in zip(rows, beside, strict=True)
    ]


def _is_of(row: Result, sizes: Mapping[str, int], everybody: Everybody) -> bool:
    if row.arm_id not in everybody.sides or row.total != everybody.size:
        return False
    size = sizes.get(row.arm_id or "")
    return size is None or size < everybody.size
