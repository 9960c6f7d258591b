"""Statistics in running text: values with spread, proportions, counts in words, p-values, intervals, effects, sizes.

Place in the flow: a pure tagger, `find_statistics(text) -> list[Found]`; wrapped by `tag/components.py`.
It parses every number that may be a finding and leaves to `relate` which ones are.

>>> [found.statistic.events for found in find_statistics("Remission occurred in two of five children.")]
[2.0]
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.evidence import Label, Statistic
from pipeline.tag import statistic_effect as effect
from pipeline.tag import statistic_share as share
from pipeline.tag import statistic_value as value
from pipeline.tag.found import Found
from pipeline.tag.number import NUMBER_WORD
from pipeline.tag.places import Places, Start
from pipeline.tag.sentences import runs_with

Build = Callable[[re.Match[str]], Statistic | None]

# A passage or run without any of these has no match: a glance spares the search.
_PER_CENT = re.compile(r"%|per\s?cent", re.I)
_PLUS_MINUS = re.compile(r"[±∓]|\+\s?/?\s?[-−–]|\+/−|&plusmn;|plus or minus", re.I)
_EFFECT = re.compile(
    r"ratio|risk|hazard|differen|correl|[ρβ]|\b(?:a?[ho]rs?|a?rrs?|irr|rd|arr|rrr|w?md|smd|rho|r)\b", re.I
)
_INTERVAL = re.compile(r"\bc(?:is?|\.i|ri)\b|confidence|credible", re.I)
_FOLD = re.compile(r"fold\b|doubled|tripled|halved", re.I)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern, what makes a statistic of its match, what its matches begin with, what they cannot do without."""

    pattern: re.Pattern[str]
    build: Build
    start: Start = Start.ANYTHING
    needs: re.Pattern[str] | None = None


# In order of trust: a number read by one rule is not read again by a later one.
_RULES: tuple[_Rule, ...] = (
    _Rule(effect.P_VALUE, effect.build_p),
    _Rule(effect.NOT_SIGNIFICANT, effect.build_ns),
    _Rule(value.PLUS_MINUS_VALUE, value.build_plus_minus, Start.DIGITS, _PLUS_MINUS),
    _Rule(effect.EFFECT, effect.build_effect, Start.ANYTHING, _EFFECT),
    _Rule(value.SYSTOLIC, value.build_pressure),
    _Rule(value.DIASTOLIC, value.build_pressure),
    _Rule(share.PCT_SLASH, share.build_share, Start.NUMBER, _PER_CENT),
    _Rule(share.N_PCT, share.build_share, Start.ANYTHING, _PER_CENT),
    _Rule(effect.SIZE, effect.build_size),
    _Rule(share.SLASH, share.build_share, Start.DIGITS),
    _Rule(share.ALL_OF, share.build_all),
    _Rule(share.OF, share.build_share, Start.NUMBER),
    _Rule(share.COUNT_PCT, share.build_share, Start.NUMBER, _PER_CENT),
    _Rule(value.BRACKET_RANGE, value.build_bracket_range, Start.DIGITS),
    _Rule(value.COMMA_SPREAD, value.build_bracket, Start.DIGITS),
    _Rule(value.BRACKET_SPREAD, value.build_bracket, Start.DIGITS),
    _Rule(effect.INTERVAL, effect.build_interval, Start.ANYTHING, _INTERVAL),
    _Rule(value.SPREAD_ALONE, value.build_range),
    _Rule(share.PCT_RANGE, share.build_percent_range, Start.DIGITS, _PER_CENT),
    _Rule(value.RANGE, value.build_range, Start.DIGITS),
    _Rule(value.CENSORED, value.build_censored),
    _Rule(value.FOLD, value.build_fold, Start.ANYTHING, _FOLD),
    _Rule(share.PCT, share.build_percent, Start.NUMBER, _PER_CENT),
    _Rule(share.COUNT_PEOPLE, share.build_people, Start.NUMBER),
    _Rule(value.PLAIN, value.build_plain, Start.DIGITS),
    _Rule(value.WORD_VALUE, value.build_word, Start.WORDS),
)
_CHAIN = re.compile(
    r"\s?(?:,?\s?(?:and|or|to|vs\.?|versus|v\.?|against|than|compared (?:with|to)|as compared (?:with|to)|→"
    r"|->)|[,;/]|–|-|,\s(?:respectively:?)?)\s?"
    r"|\s(?:in|with|for|at|on|during|after|before)\s[^.;,()0-9]{2,60}\s(?:to|vs\.?|versus|and|compared (?:with|to))\s",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_NUMBER_INSIDE = re.compile(
    rf"\d|signific|\b(?:{NUMBER_WORD}|once|twice|half|none|all|no|neither|both|double\w*"
    rf"|tripl\w+|halved|\w+fold|n\.?\s?s)\b",
    re.I,
)


def find_statistics(text: str) -> list[Found]:
    """Every printed statistic of `text`, in text order, without overlaps, its numbers parsed."""
    taken: list[tuple[int, int]] = []
    found: list[Found] = []
    places = Places(text, runs_with(text, _NUMBER_INSIDE, _DIGIT))
    for rule in _RULES if places.runs else ():
        for match in places.matches(rule.pattern, rule.start, rule.needs):
            start, end = _trim(text, match.start(), match.end())
            if start >= end or _overlaps(taken, start, end):
                continue
            statistic = rule.build(match)
            if statistic is None:
                continue
            taken.insert(bisect_left(taken, (start, end)), (start, end))
            found.append(Found(Label.STATISTIC, start, end, statistic=statistic))
    found = sorted((item for item in found if not _is_no_statistic(text, item)), key=lambda item: item.start)
    return _repeat_ranges(text, _share_units(text, found))


_LEVEL = re.compile(r"\s?(?:CI\b|C\.I|confiden|credib)", re.IGNORECASE)
_GROUP_BEFORE = re.compile(r"(?<!\d)\d{1,3}[ \u00a0\u2009\u202f]\Z")
_GROUP_AFTER = re.compile(r"[ \u00a0\u2009\u202f]\d{3}(?![\d.])")
_HAS_GROUP = re.compile(r"\d{3}(?!\d)")
_GROUP_END = re.compile(r"(?<![\d.,])\d{1,3}\Z")


def _is_no_statistic(text: str, item: Found) -> bool:
    """The level of an interval ("95% CI"), or a piece of a number whose thousands a blank parts ("14 280")."""
    words = text[item.start : item.end]
    if words.endswith("%") and _LEVEL.match(text, item.end):
        return True
    return bool(
        (_HAS_GROUP.match(words) and _GROUP_BEFORE.search(text[max(0, item.start - 5) : item.start]))
        or (_GROUP_END.search(words) and _GROUP_AFTER.match(text, item.end))
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    place = bisect_left(taken, (start, end))
    return (place > 0 and taken[place - 1][1] > start) or (place < len(taken) and taken[place][0] < end)


def _share_units(text: str, found: list[Found]) -> list[Found]:
    """Give a unit printed once to the values chained before it: "12 vs 19 mmHg", "from 95 ± 2 to 83 ± 3 mmHg"."""
    shared = list(found)
    for index in range(len(shared) - 2, -1, -1):
        here, there = shared[index], shared[index + 1]
        mine, next_one = here.statistic, there.statistic
        if mine is None or next_one is None or mine.kind != "value" or mine.unit is not None or mine.operator:
            continue
        unit = next_one.unit if next_one.kind in ("value", "proportion") else None
        if unit and unit != "fold" and _CHAIN.fullmatch(text[here.end : there.start]):
            shared[index] = replace(here, statistic=_as_unit(mine, unit))
    return shared


def _as_unit(statistic: Statistic, unit: str) -> Statistic:
    if (
        unit == "%"
        and statistic.sd is None
        and statistic.se is None
        and statistic.low is None
        and statistic.value is not None
        and abs(statistic.value) <= 100
    ):
        return Statistic("proportion", percent=statistic.value, unit="%")
    return replace(statistic, unit=unit)


_AND_FROM = re.compile(r"[^.;]{0,60}\b(?:and|to) from\s?", re.IGNORECASE)
_TO = re.compile(r"\s?to\s?", re.IGNORECASE)


def _repeat_ranges(text: str, found: list[Found]) -> list[Found]:
    """Read "ranged from 35 to 54 before and from 27 to 42 after" as two ranges: the verb stands only once."""
    merged: list[Found] = []
    for item in found:
        last, first = (merged[-1], merged[-2]) if len(merged) > 1 else (None, None)
        if last and first and _is_second_range(text, first, last, item):
            low, high = _plain(last.statistic), _plain(item.statistic)
            unit = item.statistic.unit if item.statistic else None
            statistic = Statistic("value", low=low, high=high, spread="range", unit=unit)
            merged[-1] = Found(Label.STATISTIC, last.start, item.end, statistic=statistic)
        else:
            merged.append(item)
    return merged


def _is_second_range(text: str, first: Found, low: Found, high: Found) -> bool:
    ranged = first.statistic is not None and first.statistic.spread == "range" and first.statistic.value is None
    if not ranged or not text[first.start : first.end].lower().startswith("rang"):
        return False
    joined = _AND_FROM.fullmatch(text[first.end : low.start]) and _TO.fullmatch(text[low.end : high.start])
    bounds = (_plain(low.statistic), _plain(high.statistic))
    return bool(joined) and bounds[0] is not None and bounds[1] is not None and bounds[0] <= bounds[1]


def _plain(statistic: Statistic | None) -> float | None:
    if statistic is None or statistic.events is not None:
        return None
    return statistic.percent if statistic.percent is not None else statistic.value
