"""OUTCOME: what is measured or observed as an effect; the minimal noun phrase, no value.

Place in the flow: a finder of `components.py`. Pure text, no spaCy.

>>> text = "The rate of decline in GFR and severe adverse events were similar."
>>> [text[f.start : f.end] for f in find_outcomes(text)]
['rate of decline in GFR', 'severe adverse events']

A phrase is found from its head noun: a noun that is an outcome alone ("relapse") or one that needs company ("levels",
"rate"); adjectives and nouns before it join in until a word stops them (`outcome_words.py`). Nouns such as "rate of",
"time to" open a phrase that ends with the next outcome. Known misses: outcomes told by verbs other than "died".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.evidence import Label
from pipeline.link.scan import scan
from pipeline.tag.found import Found
from pipeline.tag.outcome_words import (
    KEEP_BEFORE,
    MEASURES,
    ONLY_AFTER,
    OPENERS_IN,
    OPENERS_OF,
    OPENERS_TO,
    PARTICIPLES,
    STANDALONE,
    STOP_LEFT,
)
from pipeline.tag.overlap import keep_longest

_WORD = re.compile(r"[A-Za-z0-9µμ][\w+'/]*(?:[-‐–][A-Za-z0-9][\w+'/]*)*|[^\w\s]")
_MAX_MODIFIERS = 5
_PAIRS = frozenset({"complete", "partial", "systolic", "diastolic", "patient", "graft", "short-term", "long-term"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word or sign of the passage."""

    start: int
    end: int
    text: str
    low: str


def find_outcomes(text: str) -> list[Found]:
    """Outcome mentions of a passage, without overlaps."""
    words = [Word(m.start(), m.end(), m.group(), m.group().lower()) for m in _WORD.finditer(text)]
    phrases = [phrase for i in range(len(words)) if (phrase := _phrase_at(words, i)) is not None]
    starts = {first: last for first, last in phrases}
    phrases += [opened for i in range(len(words)) if (opened := _opened_at(words, i, starts)) is not None]
    finds = [Found(Label.OUTCOME, words[a].start, words[b].end, 0.7) for a, b in phrases]
    finds += [Found(Label.OUTCOME, start, end, 0.6) for start, end, _ in scan(text, Label.OUTCOME)]
    return keep_longest(finds)


def _phrase_at(words: list[Word], head: int) -> tuple[int, int] | None:
    """The phrase whose head noun is `words[head]`, as first and last index."""
    low = words[head].low
    alone = low in STANDALONE
    if not alone and low not in MEASURES:
        return None
    if _goes_on(words, head):
        return None
    first = head
    while first > 0 and head - first < _MAX_MODIFIERS and _may_modify(words, first - 1, first):
        first -= 1
    first = _with_pair(words, first)
    if alone and first == head:
        return (head, head) if low not in _NEVER_ALONE else None
    if first == head:
        return None
    before = words[head - 1].low
    if not alone and head in range(len(words)) and low in ONLY_AFTER and not _fits(before, ONLY_AFTER[low]):
        return None
    return first, head


_NEVER_ALONE = frozenset({"weight", "ldl", "urea", "lipids", "recovery", "pain", "fever", "trough", "cure"})


def _fits(word: str, wanted: frozenset[str]) -> bool:
    return word in wanted or any(word.endswith(f"-{one}") for one in wanted) or word.split("-")[-1] in wanted


def _goes_on(words: list[Word], head: int) -> bool:
    """Whether the noun phrase goes on to the right with another head: "creatinine clearance"."""
    if head + 1 >= len(words):
        return False
    following = words[head + 1]
    gap = following.start - words[head].end
    if gap != 1:
        return False
    low = following.low
    if low in STANDALONE:
        return low not in {"died", "relapsed", "responders"} and low not in STOP_LEFT
    if low not in MEASURES:
        return False
    return low not in ONLY_AFTER or _fits(words[head].low, ONLY_AFTER[low])


def _may_modify(words: list[Word], index: int, following: int) -> bool:
    """Whether a word may belong to the noun phrase of the word after it."""
    word, after = words[index], words[following]
    if after.start - word.end not in (1, 2) or not word.text[0].isalnum() or word.low[0].isdigit():
        return word.low == "24-hour" or word.low == "24-h"
    low = word.low
    kept = KEEP_BEFORE.get(low)
    if kept is not None and after.low in kept:
        return True
    if low in STOP_LEFT or low.endswith("ly") or low.endswith("'s"):
        return False
    return low in PARTICIPLES or not low.endswith(("ed", "ing"))


def _with_pair(words: list[Word], first: int) -> int:
    """Take in the other half of "complete or partial remission"."""
    if first >= 2 and words[first].low in _PAIRS and words[first - 1].low in ("and", "or", "/"):
        if words[first - 2].low in _PAIRS:
            return first - 2
    return first


def _opened_at(words: list[Word], index: int, starts: dict[int, int]) -> tuple[int, int] | None:
    """The phrase that "rate of …", "time to …", "decline in …" opens, if an outcome follows."""
    low = words[index].low
    if index + 2 >= len(words):
        return None
    link = words[index + 1].low
    if not ((link == "of" and low in OPENERS_OF) or (link == "in" and low in OPENERS_IN) or (link == "to" and low in OPENERS_TO)):
        return None
    inner = _opened_at(words, index + 2, starts)
    if inner is not None:
        return index, inner[1]
    following = index + 2
    if words[following].low in ("the", "a"):
        following += 1
    last = starts.get(following)
    return None if last is None else (index, last)
