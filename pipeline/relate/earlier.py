"""Times that belong to the earlier of two treatments: "0.4 vs 2.9 times, compared with those prior to this therapy".

Place in the flow: the last step over the rows of sentences. "Prior to this therapy" says when the previous treatment's
value was taken; the value of the therapy itself, told in the same sentence, has another time, which is not printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.evidence import Arm, Comparison, Result, Role

_EARLIER = re.compile(r"(?:prior to|before|preceding)\b", re.I)


def without_earlier_times(results: Sequence[Result], arms: Sequence[Arm]) -> list[Result]:
    """The rows; a time before the treatment stays only with the previous one where the sentence tells of both."""
    previous = {arm.arm_id for arm in arms if arm.role is Role.PREVIOUS}
    told = {_told(row) for row in results if row.arm_id in previous and _is_earlier(row)}
    return [
        replace(row, timepoint=None)
        if row.arm_id is not None and row.arm_id not in previous and _is_earlier(row) and _told(row) in told
        else row
        for row in results
    ]


def without_earlier_contrasts(comparisons: Sequence[Comparison], arms: Sequence[Arm]) -> list[Comparison]:
    """The contrasts; one of a treatment with the previous one has no time before it."""
    previous = {arm.arm_id for arm in arms if arm.role is Role.PREVIOUS}
    return [
        replace(row, timepoint=None) if row.arm_b in previous and row.arm_a is not None and _is_earlier(row) else row
        for row in comparisons
    ]


def _is_earlier(row: Result | Comparison) -> bool:
    return row.timepoint is not None and _EARLIER.match(row.timepoint) is not None


def _told(row: Result) -> tuple[int, int, str, str | None]:
    return row.quote.passage, row.quote.start, row.outcome, row.timepoint
