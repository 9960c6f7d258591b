"""Printed proportions: events over a total, counts with a percentage, counts of people, percentages, all and none.

Place in the flow: rules of `tag/statistic.py`. A percentage is never turned into events here.
"""

from __future__ import annotations

import re

from pipeline.evidence import Statistic
from pipeline.tag.number import DIGITS, NUMBER_WORD, parse_number
from pipeline.tag.people import PERSONS

_FLAGS = re.IGNORECASE
_COUNTED = (
    rf"(?:{PERSONS}|cases?|males?|females?|controls?|pts?|grafts?|kidneys?|eyes?|biops(?:y|ies)|specimens?|samples?"
    r"|events?|episodes?|deaths?|relapses?|rejections?|rats?|mice|dogs?|animals?|transplants?|responders?"
    r"|survivors?)\b"
)
WHOLE = r"(?:\d{1,3}(?:,\d{3})+|\d{1,6})"
COUNT = rf"(?:(?<![\w.,/±–—-])(?P<{{0}}>{WHOLE}|\b{NUMBER_WORD}\b))"
# "95% CI" is a level of confidence and no share of anything.
_NO_LEVEL = r"(?!\s?(?:CI\b|C\.I|confiden|credib))"
PERCENT = rf"(?P<pct>{DIGITS}|\b{NUMBER_WORD}(?=\spercent|\sper\scent))\s?(?:%|percent\b|per\s?cent\b){_NO_LEVEL}"
_ADJ = (
    r"(?:(?!(?:of|were|was|in|the|and|or|had|with|to|these|those|percent|per|for|by|vs|versus|than|weeks?"
    r"|months?|years?|days?|doses?)\b)[a-z][a-z-]+\s){0,3}?"
)


def _count(name: str) -> str:
    return COUNT.replace("{0}", name)


# A bracket after the share may go on with a p-value, which is a statistic of its own.
_REST = r"(?:\s?[)\]]|(?=\s?[;,]\s?p\b)|[^()\[\]]{0,25}[)\]])"
_TAIL_PCT = rf"(?:\s?[(\[]\s?{PERCENT}{_REST}|,\s?{PERCENT.replace('pct', 'pct2')}(?=[,;).]))"

SLASH = re.compile(
    rf"(?<![\w.,/-])(?P<events>\d{{1,6}})\s?/\s?(?P<total>\d{{1,6}})(?![\w/]|[.,]\d"
    rf"|-\d)(?:\s{_COUNTED})?(?:{_TAIL_PCT})?",
    _FLAGS,
)
PCT_SLASH = re.compile(
    rf"(?<![\w.,/±-]){PERCENT}(?:\sof\s(?:the\s)?{_ADJ}{_COUNTED})?\s?[(\[,]\s?(?:n\s?=\s?)?"
    rf"(?P<events>\d{{1,6}})(?:\s?(?:/|of|out of)\s?(?P<total>\d{{1,6}}))?"
    rf"(?:\s{_ADJ}{_COUNTED})?\s?[)\]]",
    _FLAGS,
)
N_PCT = re.compile(rf"\bn\s?=\s?(?P<events>{WHOLE})\s?[(\[]\s?{PERCENT}\s?[)\]]", _FLAGS)
OF = re.compile(
    rf"{_count('events')}(?:\s?[(\[]\s?{PERCENT}\s?[)\]])?(?:\s{_ADJ}{_COUNTED})?\s(?:out\s)?of\s(?:the\s"
    rf"|these\s|those\s|all\s|a total of\s)?(?:other\s|remaining\s)?"
    rf"(?P<total>{WHOLE}(?![\d.,]*\d|\s?(?:%|mg|g|ml|mm|months?|weeks?|days?|years?)\b)"
    rf"|{NUMBER_WORD}\b)(?:\s{_ADJ}{_COUNTED})?"
    rf"(?:\s?[(\[]\s?{PERCENT.replace('pct', 'pct2')}[^()\[\]]{{0,25}}[)\]])?",
    _FLAGS,
)
COUNT_PCT = re.compile(
    rf"{_count('events')}(?P<people>\s{_ADJ}{_COUNTED})?(?:\s?[(\[]\s?(?:[a-z =]{{0,12}})?"
    rf"{PERCENT}{_REST})(?:\s{_ADJ}{_COUNTED})?",
    _FLAGS,
)
ALL_OF = re.compile(
    rf"\b(?P<all>all|both|none|neither|each)(?:\s?of)?(?:\s(?:the|these|our|its))?\s(?P<total>{WHOLE}"
    rf"|{NUMBER_WORD})(?:\s{_ADJ}{_COUNTED})",
    _FLAGS,
)
COUNT_PEOPLE = re.compile(rf"{_count('events')}\s{_ADJ}{_COUNTED}", _FLAGS)
PCT_RANGE = re.compile(
    rf"(?<![\w.,/±-])(?P<low>{DIGITS})\s?(?:%|percent|per\s?cent)?\s?(?:-|–|—|to"
    rf")\s?(?P<high>{DIGITS})\s?(?:%|percent\b|per\s?cent\b)",
    _FLAGS,
)
PCT = re.compile(rf"(?<![\w.,±])(?<![^%]/)(?P<op>[<>≤≥]\s?)?(?P<sign>(?<![\w)%])[-−–+])?{PERCENT}", _FLAGS)

_NOT_COUNTS = re.compile(
    r"(?:first|second|third|phase|stage|grade|class|type|group|week|month|day|year|case|table|figure|visit"
    r"|stratum|arm|no\.?|number)\s?\Z",
    _FLAGS,
)


_RANGE_BEFORE = re.compile(r"\d\s?%?\s?(?:-|–|—|to)\s?\Z")
# "ACR 20%", "PASI 75": the name of a response, no share of people.
_RESPONSE_NAME = re.compile(r"\b(?:ACR|ACRpedi|PASI|EASI|ASAS|SRI)[\s-]?\Z")


def _after_label(match: re.Match[str]) -> bool:
    return bool(_NOT_COUNTS.search(match.string[max(0, match.start() - 12) : match.start()]))


def _first(match: re.Match[str], *names: str) -> float | None:
    for name in names:
        text = match.groupdict().get(name)
        if text:
            return parse_number(text)
    return None


def build_share(match: re.Match[str]) -> Statistic | None:
    """Events with a total or a percentage or both; None if the events exceed the total."""
    events, total = _first(match, "events"), _first(match, "total")
    if events is None or _after_label(match):
        return None
    if total is None and _RANGE_BEFORE.search(match.string[max(0, match.start() - 9) : match.start()]):
        return None  # "20-30% (8)": the bracket cites
    if total is not None and (events > total or total == 0):
        return None
    return Statistic(
        "proportion", events=events, total=total, percent=_first(match, "pct", "pct2"), measure="proportion"
    )


def build_all(match: re.Match[str]) -> Statistic | None:
    """ "all nine patients" is 9 of 9, "none of the 14 patients" 0 of 14."""
    total = _first(match, "total")
    if total is None or total == 0:
        return None
    nothing = match["all"].lower() in ("none", "neither")
    return Statistic("proportion", events=0.0 if nothing else total, total=total, measure="proportion")


def build_people(match: re.Match[str]) -> Statistic | None:
    """A number of people or events without its total: it may also be a group's size."""
    events = _first(match, "events")
    if events is None or _after_label(match) or (1900 <= events <= 2100 and match["events"].isdigit()):
        return None
    return Statistic("proportion", events=events, measure="count")


def build_percent_range(match: re.Match[str]) -> Statistic | None:
    """ "80% to 90%"."""
    low, high = parse_number(match["low"]), parse_number(match["high"])
    if low is None or high is None or low > high or re.search(r"\bfrom\s?\Z", match.string[: match.start()]):
        return None
    return Statistic("value", low=low, high=high, spread="range", unit="%")


def build_percent(match: re.Match[str]) -> Statistic | None:
    """A lone percentage: a proportion, or a change if the text says so."""
    value = parse_number(match["pct"])
    if value is None or _RESPONSE_NAME.search(match.string[max(0, match.start() - 9) : match.start()]):
        return None
    if match["sign"] in ("-", "−", "–"):
        return Statistic("value", value=-value, unit="%")
    operator = (match["op"] or "").strip() or None
    if value > 100:
        return Statistic("value", value=value, unit="%", operator=operator)  # a change or an index, no share
    return Statistic(
        "proportion", percent=value, operator={"≤": "<=", "≥": ">="}.get(operator or "", operator), unit="%"
    )
