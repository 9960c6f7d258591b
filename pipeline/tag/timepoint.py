"""Time points: when an outcome was measured ("at 12 months", "week 48", "baseline", "5-year", "during follow-up").

Place in the flow: a pure tagger, `find_timepoints(text) -> list[Found]`; wrapped by `tag/components.py`.
Durations of treatment are the business of `tag/schedule.py`; the same words may carry both labels.
"""

from __future__ import annotations

import re

from pipeline.evidence import Label
from pipeline.tag.found import Found
from pipeline.tag.number import DIGITS, NUMBER_WORD

_NUMBER = rf"(?>{DIGITS}|{NUMBER_WORD})"
_UNIT = r"(?:hours?|hrs?|h|days?|weeks?|wks?|months?|mo|years?|yrs?)\b"
_EVENT = (
    r"(?:treatment|therapy|transplantation|transplant|surgery|randomi[sz]ation|baseline|completion|withdrawal"
    r"|discontinuation|enrol?lment"
    r"|initiation|induction|start|onset|discharge|diagnosis|dosing|administration|infusion|injection|presentation)"
)
_TAIL = (
    rf"(?:\s?(?:after|post|following|from|before|of|since)[\s-]?(?:the\s)?(?:(?:start|end|completion"
    rf"|initiation|onset)\sof\s)?(?:[a-z]+\s)?{_EVENT})?"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "after 24 months 3.0 vs 4.0": a unit behind its own number takes no other
        rf"(?<!\d\s)(?:\bbetween\s)?\b(?:weeks?|months?|days?|years?)\s(?:{DIGITS})(?:\s?(?:,|and|or|to|-"
        rf"|–)\s?{DIGITS}(?![.\d]|\s?%))*\b{_TAIL}",
        rf"\b(?:{DIGITS})(?:st|nd|rd|th)\s(?:week|month|day|year)\b{_TAIL}",
        rf"\b(?:first|second|third|fourth|fifth|sixth|last|final)\s(?:week|month|day|year|visit)\b{_TAIL}",
        rf"\bbetween\s{_NUMBER}\s(?:and|to)\s{_NUMBER}\s{_UNIT}{_TAIL}",
        rf"(?<![\w.]){_NUMBER}(?:\s?(?:,|and|or|to|-|–)\s?{_NUMBER})*[\s-]?{_UNIT}{_TAIL}(?:\slater)?",
        r"\b(?:at\s)?(?:baseline|study entry|entry|admission|discharge|presentation"
        r"|the end of (?:the )?(?:study|treatment|trial|therapy|follow-up|[a-z-]+ treatment period)"
        r"|end of (?:the )?(?:study|treatment|trial)|last (?:follow-up|observation(?: point)?|visit)"
        r"|study end ?point|final follow-up)\b",
        r"\bat\s(?:the\s)?(?:(?:study|trial)\s)?(?:conclusion|completion|study end|end)\b(?!\sof\b)",
        r"\b(?:during|throughout|after|at)\s(?:the\s)?(?:[a-z-]+\s)?(?:follow[\s-]?up|study|treatment|therapy"
        r"|trial|dosing interval)(?:\speriod)?\b",
        r"\b(?:(?:before|prior to|after|following)[\s-](?:the\s)?(?:[a-z]+\s)?|(?:pre|post)[\s-])(?:treatment|therapy"
        r"|transplantation|transplant|surgery|dialysis|discontinuation|withdrawal)\b",
        r"\b(?:pre-?treatment|post-?treatment|predose|post-?dose|pre-?transplant(?:ation)?"
        r"|post-?transplant(?:ation)?|initially|long[\s-]term|short[\s-]term)\b",
    )
)


# The 24 h of "4 g/24 h" and the spread of "45 ± 7 years" are no time points.
_IN_UNIT = re.compile(r"(?:/|\bper|±|\+\s?/?\s?[-−–])\s?\Z", re.IGNORECASE)
# "35-year-old woman", "24-hour proteinuria": an age, a way of collecting.
_NO_TIME_AFTER = re.compile(
    r"[\s-]old\b|\sof\sage\b|[\s-](?:\w+[\s-])?(?:urin\w+|protein\w*|albumin\w*|ambulatory|excretion|blood pressure"
    r"|BP|arterial|collection)",
    re.IGNORECASE,
)


def find_timepoints(text: str) -> list[Found]:
    """Every time phrase of `text`, in text order, the longer one where two overlap."""
    spans = sorted(
        {
            (match.start(), match.end())
            for pattern in _PATTERNS
            for match in pattern.finditer(text)
            if match.end() > match.start()
            and not _IN_UNIT.search(text[max(0, match.start() - 5) : match.start()])
            and not (match.group()[0].isdigit() and _NO_TIME_AFTER.match(text, match.end()))
        },
        key=lambda span: (span[0], -span[1]),
    )
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if kept and start < kept[-1][1]:
            if end - start > kept[-1][1] - kept[-1][0]:
                kept[-1] = (start, end)
            continue
        kept.append((start, end))
    return [Found(Label.TIMEPOINT, start, end) for start, end in kept]
