"""DOSE: amounts with their unit and schedule, and the drug levels aimed at.

Place in the flow: a finder of `components.py`; `relate` ties each dose to its drug.
"""

from __future__ import annotations

import re

from pipeline.evidence import Dose, Label
from pipeline.tag.found import Found

_DOSE = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?) ?(mg|g|mcg|µg)(?: ?/ ?(?:kg|m2|day|d|week))*(?![\w/])", re.I)


def find_doses(text: str) -> list[Found]:
    """Doses of a passage."""
    return [
        Found(Label.DOSE, m.start(), m.end(), 0.5, dose=Dose(m.group(), value=float(m[1].replace(",", ".")), unit=m[2]))
        for m in _DOSE.finditer(text)
    ]
