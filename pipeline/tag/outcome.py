"""OUTCOME: what is measured or observed as an effect; the minimal noun phrase, no value.

Place in the flow: a finder of `components.py`.
"""

from __future__ import annotations

import re

from pipeline.evidence import Label
from pipeline.tag.found import Found
from pipeline.tag.overlap import keep_longest

_TERMS = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:complete|partial|sustained|clinical) (?:remissions?|response)|remission|"
    r"proteinuria|serum (?:creatinine|albumin)|"
    r"(?:severe |serious )?adverse events?|(?:relapse|remission) rates?|relapses?|"
    r"(?:estimated )?glomerular filtration rate|e?GFR|"
    r"(?:(?:systolic|diastolic) )?blood pressure|renal function|kidney function|death|mortality|graft loss|"
    r"acute rejection|"
    r"side[- ]effects?|infections?)(?![A-Za-z0-9])",
    re.I,
)


def find_outcomes(text: str) -> list[Found]:
    """Outcome mentions of a passage, without overlaps."""
    return keep_longest(Found(Label.OUTCOME, m.start(), m.end(), 0.8) for m in _TERMS.finditer(text))
