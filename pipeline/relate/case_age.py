"""The age of a described case: "a 61-year-old man" is a baseline value of that patient.

Place in the flow: asked by `results.py` for case reports and series only; elsewhere such words belong to an example.
"""

from __future__ import annotations

import re

from pipeline.evidence import Statistic
from pipeline.relate.findings import Finding
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.view import SentenceView

_AGED = re.compile(
    r"\b(?P<value>\d{1,3})[- ](?P<unit>year|month|week|day)s?[- ]old\s(?:[\w-]+\s){0,4}?"
    r"(?:man|woman|boy|girl|male|female|child|infant|newborn|patient|lady|gentleman|recipient|neonate|case)\b"
    r"|\b(?:man|woman|boy|girl|male|female|child|infant|patient),?\s(?:who was\s)?aged\s(?P<of>\d{1,3})\b",
    re.IGNORECASE,
)
_OLDEST = 120  # years


def case_ages(view: SentenceView) -> list[tuple[Finding, Outcome]]:
    """Ages with their unit, in text order, one for each case that the sentence introduces."""
    found = []
    for match in _AGED.finditer(view.text):
        value, unit = float(match["value"] or match["of"]), (match["unit"] or "year").lower()
        if unit == "year" and value > _OLDEST:
            continue
        start, end = view.start + match.start(), view.start + match.end()
        statistic = Statistic("value", value=value, unit=f"{unit}s")
        found.append((Finding(view, start, end, statistic, weight=0.9), Outcome("age", -1, -1, None, 0.0, "word")))
    return found
