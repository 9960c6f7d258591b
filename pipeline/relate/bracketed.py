"""The number in the bracket after a number: "3.8 (1.2) for A and 3.5 (1.5) for B", where one is read as mean (SD).

Place in the flow: asked by `findings.py`. What a bracket means is said once, for the first value of a list; the others
follow it. A bracket that nothing explains is no finding of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.relate.view import SentenceView

if TYPE_CHECKING:
    from pipeline.relate.findings import Finding

_DECIMAL = re.compile(r"\d\.\d+\Z")
_OPENS = re.compile(r"\s?[(\[]")


def with_spreads(view: SentenceView, findings: Sequence[Finding]) -> list[Finding]:
    """Findings without those that are the bracket of the number before; its spread, if a sibling tells of what sort."""
    told = {
        name
        for one in findings
        for name in ("sd", "se")
        if "(" in one.text and "±" not in one.text and getattr(one.statistic, name) is not None
    }
    kept: list[Finding] = []
    for finding in findings:
        last = kept[-1] if kept else None
        if last is None or not _is_bracket(view, last, finding):
            kept.append(finding)
            continue
        if len(told) == 1 and view.between(last.end, finding.start) != " ":
            spread, statistic = finding.statistic.value, replace(last.statistic, measure="mean")
            statistic = replace(statistic, sd=spread) if "sd" in told else replace(statistic, se=spread)
            kept[-1] = replace(last, end=finding.end + 1, statistic=statistic)
    return kept


def _is_bracket(view: SentenceView, last: Finding, finding: Finding) -> bool:
    """Whether a bare number stands alone in the bracket directly behind another bare number, or just behind it: "6.19
    2.26 mmHg", whose sign was lost in the PDF.
    """
    bare = all(
        one.statistic.kind == "value" and one.statistic.unit is None and one.statistic.sd is None
        and one.statistic.se is None and one.statistic.low is None
        for one in (last, finding)
    )  # fmt: skip
    if view.between(last.end, finding.start) == " " and _DECIMAL.search(last.text):
        return last.statistic.kind == "value" and last.statistic.unit is None and last.statistic.sd is None
    gap, after = view.between(last.end, finding.start), view.between(finding.end, finding.end + 1)
    return bare and _OPENS.fullmatch(gap) is not None and after in (")", "]")
