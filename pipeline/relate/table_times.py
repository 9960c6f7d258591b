"""Time points and kinds of measure that headers name: baseline, follow-up after so many days, change from baseline.

Place in the flow: the time point of results from tables, and features of `evidence ico`.
"""

from __future__ import annotations

import re

_DAYS = {
    "min": 1 / 1440, "minute": 1 / 1440, "h": 1 / 24, "hr": 1 / 24, "hour": 1 / 24, "d": 1.0, "day": 1.0, "w": 7.0,
    "week": 7.0, "wk": 7.0, "month": 30.4, "mo": 30.4, "mth": 30.4, "year": 365.0, "yr": 365.0,
}  # fmt: skip
_UNIT = r"(min(?:ute)?|hr|hour|h|day|d|week|wk|w|month|mth|mo|year|yr)s?"
_AFTER = re.compile(rf"(?<![A-Za-z\d.])(\d+(?:\.\d+)?)(?:st|nd|rd|th)?[\s-]*{_UNIT}\b", re.IGNORECASE)
_BEFORE = re.compile(r"(?<![\w/])(?<!\d )(week|wk|day|month|year|hour|w|d|m)s?\s?(\d+(?:\.\d+)?)\b", re.IGNORECASE)
_VISIT = re.compile(r"\b(?:visit|session|time(?: ?point)?|t|phase|period|wave)\s?(\d)\b", re.IGNORECASE)
BASELINE = re.compile(
    r"\b(base-?\s?line|pre(?!s|v|g|m|d|c)|pre-?(?:test|treatment|intervention|operative\w*|op|dose)|before|initial"
    r"|week 0|day 0|t0|admission|enrol\w*|entry|randomi[sz]ation)\b",
    re.IGNORECASE,
)
FROM_BASELINE = re.compile(
    r"\b(?:from|since|versus|vs\.?|to|with|adjust\w+ for|after|post)\s+(?:the\s+)?base-?\s?line(?:\s+\w+)?"
    r"|\b(?:from|after|since|post|following|of)[\s-]+(?:the\s+)?(?:admission|enrol\w*|entry|randomi[sz]ation|operation)\b",
    re.IGNORECASE,
)
_POST = re.compile(
    r"\b(post\w*|final\w*|end(?:point)?|end[- ]of|follow-?\s?up|after|discharge|completion)\b", re.IGNORECASE
)
CHANGE = re.compile(
    r"\b(change[sd]?|Δ|delta|difference|improvements?|reduction|decrease|increase|gain|loss(?!\s(?:days|to|of follow))"
    r"|decline|rise|fall)\b|Δ",
    re.IGNORECASE,
)
WANTS_CHANGE = re.compile(
    r"\b(change[sd]?|improve(?:ment|d)?s?|reduc(?:tion|ed|e)|decreas\w*|increas\w*|gain|lowering|decline|drop|rise"
    r"|from baseline|effects?)\b",
    re.IGNORECASE,
)


def is_baseline(text: str) -> bool:
    """Whether words speak of the state before; "change from baseline" and "after admission" do not.

    >>> is_baseline("pain at baseline"), is_baseline("deaths after admission")
    (True, False)
    """
    return bool(BASELINE.search(FROM_BASELINE.sub(" ", text)))


def days_in(text: str) -> float | None:
    """Time after the start that a header names, in days: 0 for baseline, a large number for "final", None for none.

    >>> days_in("Week 24"), days_in("at baseline"), days_in("T2w sagittal")
    (168.0, 0.0, None)
    """
    if match := _AFTER.search(text):
        return float(match[1]) * _DAYS[match[2].lower()]
    if match := _BEFORE.search(text):
        unit = {"m": "month"}.get(match[1].lower(), match[1].lower())
        return float(match[2]) * _DAYS[unit]
    if match := _VISIT.search(text):
        return float(match[1])
    if BASELINE.search(text):
        return 0.0
    return 10_000.0 if _POST.search(text) else None


def all_days_in(text: str) -> frozenset[float]:
    """Every time after the start that a sentence names by number and unit, in days.

    >>> sorted(all_days_in("at 2 weeks and at week 8"))
    [14.0, 56.0]
    """
    found = {float(match[1]) * _DAYS[match[2].lower()] for match in _AFTER.finditer(text)}
    for match in _BEFORE.finditer(text):
        unit = {"m": "month"}.get(match[1].lower(), match[1].lower())
        found.add(float(match[2]) * _DAYS[unit])
    return frozenset(found)


def same_time(first: float, second: float) -> bool:
    """Whether two times in days are one when weeks, months and years are rounded: 26 weeks and 6 months.

    >>> same_time(182.0, 182.4), same_time(84.0, 91.2)
    (True, False)
    """
    return abs(first - second) <= max(0.01, 0.03 * max(first, second))
