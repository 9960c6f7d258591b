"""What a table row measures: the outcome, its unit, the statistic and the time point that its headers name.

Place in the flow: asked by `table_results` for every value; headers are split into what is measured and how.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.relate.table_cells import STATISTIC
from pipeline.relate.table_times import BASELINE, days_in

_HOW = re.compile(
    r"[\s,;:(\[–-]*\b(?:mean|median|n|no\.?|number|s\.?d\.?|s\.?e\.?m?\.?|iqr|range|95\s?% ?ci|interquartile range"
    r"|standard deviation|standard error)\b"
    r"\s*(?:[\s,;±(\[/)\]%]|\b(?:s\.?d\.?|s\.?e\.?m?\.?|iqr|range|n|95\s?%|ci|and|or)\b)*$",
    re.IGNORECASE,
)
_PERCENT_END = re.compile(r"[\s,;(\[–-]*(?:\bn\s*)?\(?%\)?[)\]]*\s*$")
_UNIT = re.compile(r"\s*[,(\[]\s*([^()\[\],]{1,20}(?:\([^()]*\))?[^()\[\],]{0,10})[)\]]?\s*$")
_UNIT_LIKE = re.compile(
    r"(?:[µμmkdncp]?(?:g|l|L|mol|Eq|IU|U|m|s)\b|mm ?Hg|%|°C?|years?|yrs?|months?|mo|weeks?|wks?|days?|d|hours?|h|min"
    r"|kPa|beats|bpm|points?|score|scale|kcal|cells|copies|10)",
)
_LEADING = re.compile(r"^(?:mean|median|number of|no\. of)\s+(?=\w{3})", re.IGNORECASE)
_TIME_ONLY = re.compile(
    r"^\W*(?:(?:at|after|before|in|on|the|of|follow-?\s?up|post\w*|pre\w*|treatment|intervention|end|final|baseline|visit"
    r"|week|month|day|year|hour|minute|min|wk|mo|yr|hr|h|d|w|t|m|from|to|last|first|initial|value|time|point|change|entry|enrol\w*|admission|screening|\d+)s?"
    r"|[\W\d_])+$",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    r"\bbase-?\s?line\b|\bpre-?treatment\b|\bat (?:study )?(?:entry|enrol\w*|admission)\b", re.IGNORECASE
)
_CHANGE_ONLY = re.compile(
    r"^\W*(?:(?:mean|median|absolute|relative|adjusted|percent\w*|%|ls)\W+)*(?:change|Δ|difference)s?"
    r"(?:\W+(?:at|from|to|vs|versus|in|the|baseline|end ?points?|end|of|period|study|final|weeks?|months?|days?|\d+))*"
    r"\W*(?:\([^()]{1,15}\))?\W*$",
    re.IGNORECASE,
)
_BEFORE_START = re.compile(
    r"\b(?:days?|weeks?|months?|years?) (?:before|prior to) (?:randomi[sz]ation|baseline|enrol\w+|study entry|screening"
    r"|inclusion|treatment)\b", re.IGNORECASE
)  # fmt: skip
_NO_OUTCOME = re.compile(
    r"^\W*(?:variables?|characteristics?|parameters?|outcomes?|items?|measures?|total|overall|all|yes|no|\d[\d.,]*|other"
    r"|others|group|groups|(?:all )?patients|value"
    r"|results?|none|missing|unknown|n/?a|study|author\w*|reference|year|patient|case)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Measured:
    """`outcome` without statistic, unit and time; `is_sure` if a label of its own says it."""

    outcome: str
    unit: str | None
    timepoint: str | None
    is_sure: bool


def measured(labels: Sequence[str], others: Sequence[str], caption: str) -> Measured | None:
    """What the labels of a row (outermost first) measure, None if they do not say.

    Args:
        others: headers that stand for neither outcome nor arm, looked through for a time point.
        caption: of the table; "baseline characteristics" tells the time point.
    """
    # A column "heart failure at baseline" is of a part of the people, not of a time.
    others = [other for other in others if not re.search(r"\w (?:at|with) baseline", other) or _TIME_ONLY.match(other)]
    names: list[str] = []
    unit, is_sure = None, True
    for position, label in enumerate(labels):
        if not re.search(r"[A-Za-z]{2}", label):
            if names and position == len(labels) - 1:  # a category: "ECOG status" > "1"
                names.append(label.strip())
            continue
        if _is_time(label) or STATISTIC.match(label) or _CHANGE_ONLY.match(label):
            continue
        text, found = _bare(label)
        unit = found or unit
        if not text:
            continue
        if _NO_OUTCOME.match(text):
            is_sure = False
            if not names:
                continue
        names.append(text)
    names = list(dict.fromkeys(names))
    if not names or (_NO_OUTCOME.match(names[-1]) and len(names) == 1):
        return None
    outcome = ": ".join(names[-2:])
    return Measured(outcome[:160], unit, timepoint((*labels, *others), caption), is_sure and len(outcome) <= 120)


def _is_time(label: str) -> bool:
    return not re.search(r"[<>≥≤]", label) and days_in(label) is not None and bool(_TIME_ONLY.match(label))


def _bare(label: str) -> tuple[str, str | None]:
    """The label without its statistic and unit, and the unit."""
    text, unit = label.strip(), None
    for _ in range(3):
        before = text
        if not re.search(r"[<>≥≤]\s?\d", text):
            text = _PERCENT_END.sub("", _HOW.sub("", text)).strip(" ,;:—–-")
        match = _UNIT.search(text)
        if match and _UNIT_LIKE.match(match[1].strip()) and match.start() > 2:
            unit, text = match[1].strip(), text[: match.start()].strip(" ,;:")
        if text == before:
            break
    if (
        _PERCENT_END.search(label)
        and not re.search(r"[<>≥≤]", label)
        and unit is None
        and not re.search(r"\bn\b", label[-10:], re.IGNORECASE)
    ):
        unit = "%"
    return _LEADING.sub("", text), unit


def timepoint(headers: Sequence[str], caption: str) -> str | None:
    """The time phrase of the innermost header that has one; "baseline" for tables of baseline characteristics."""
    for header in reversed(headers):
        is_entry = BASELINE.search(header) and (_TIME_ONLY.match(header) or _ENTRY.search(header))
        if is_entry and not re.search(r"change|from|differ", header, re.IGNORECASE):
            return "baseline"
        if days_in(header) is not None and _is_time(header):
            return header.strip()
    for header in reversed(headers):
        if _BEFORE_START.search(header):
            return "baseline"
        match = re.search(
            r"\b(?:(?:at|after) )?(?:\d+(?:st|nd|rd|th)?[\s-]*(?:days?|weeks?|months?|years?|hours?|min\w*)"
            r"|(?:day|week|month|year)\s?\d+)\b",
            header,
            re.IGNORECASE,
        )
        if match and days_in(header) is not None and not re.search(r"\bage\b|≥|≤|<|>", header, re.IGNORECASE):
            return match[0]
    is_start = re.search(r"\bbaseline\b|characteristics?\b|demograph|at entry|at diagnosis", caption, re.IGNORECASE)
    return "baseline" if is_start and not re.search(r"outcome|after|follow|change", caption, re.IGNORECASE) else None
