"""Where a text names the two groups of a question: their own words, amounts, numbered groups, role words.

Place in the flow: `ico_sentences` and `ico_numbers` give numbers to groups by these places. Words that both groups
share name neither; of "30 µg vaccine" and "60 µg vaccine" only the amounts tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.ask.ico_paper import IcoPaper
from pipeline.ask.ico_records import Question
from pipeline.ask.ico_terms import CONTROL, tokens
from pipeline.relate.ico_evidence import stem

_WORDS = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?")
_ROLE_GROUP = re.compile(
    r"\b(?:intervention|treatment|experimental|study|treated|active)\s+(?:group|arm|patients|subjects)"
    r"|\bthe intervention\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)[\s-]*([a-zµμ%]+)", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(?:groups?|arms?|phase|unit|cohort)\s+(\d{1,2}|[A-Z]|[IVX]{1,3})\b", re.IGNORECASE)
_REST = re.compile(
    r"\bothers\b|\bthe other (?:group|arm)\b|\bthe rest\b|\bthose who (?:did|were|had) not\b", re.IGNORECASE
)
_DENIES = re.compile(r"\b(?:without|no|non|not|never)\b|less\b", re.IGNORECASE)
_ACRONYM = re.compile(r"\b[A-Z]{2,6}-?\d{0,2}[A-Z]?\b")
_BESIDE = 40
_UNITS = frozenset("mcg iu min day days week month hour hours year daily once twice dose times per score".split())
_WITHOUT = re.compile(r"\b(?:without|no|non|not|never)\b[\s-]*(?:an?\s+|the\s+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Offsets of words that name the groups asked for, in order."""

    intervention: tuple[int, ...]
    comparator: tuple[int, ...]

    def sides(self, low: int, high: int) -> list[tuple[int, bool]]:
        """Offsets between two places with whether they name the intervention, in order."""
        found = [(place, True) for place in self.intervention if low <= place < high]
        found += [(place, False) for place in self.comparator if low <= place < high]
        return sorted(found)


def mentions_of(paper: IcoPaper, question: Question, text: str) -> Mentions:
    """Where the text names one group by words that the other has not, and by role words."""
    i, c = question.intervention, question.comparator
    first = _positions(paper, i, "" if _DENIES.search(c) else c, text)
    second = _positions(paper, c, i, text)
    if _DENIES.search(c):  # "those without delirium" names the comparator, not delirium
        denied = {place for place in first if _WITHOUT.search(text[max(0, place - 16) : place])}
        first, second = first - denied, second | denied
    if second and not first and not _own_words(i, c):  # "A" against "A with B": A without B beside it
        first = _alone(paper, i, second, text)
    elif first and not second and not _own_words(c, i):
        second = _alone(paper, c, first, text)
    elif first and not second:
        second = {match.start() for match in _REST.finditer(text)}
    return Mentions(tuple(sorted(first)), tuple(sorted(second - first)))


def _alone(paper: IcoPaper, asked: str, other: set[int], text: str) -> set[int]:
    return {place for place in _positions(paper, asked, "", text) if all(abs(place - one) > _BESIDE for one in other)}


@lru_cache(maxsize=4096)
def _own_words(asked: str, other: str) -> frozenset[str]:
    own = frozenset(tokens(asked)) - frozenset(tokens(other))
    return frozenset(word for word in own if len(word) > 2 and word not in _UNITS)


@lru_cache(maxsize=4096)
def _own_patterns(asked: str, other: str) -> tuple[re.Pattern[str], ...]:
    """Amounts with units and numbered groups that only one of the two names has."""
    amounts = {match.groups() for match in _AMOUNT.finditer(asked)} - {
        match.groups() for match in _AMOUNT.finditer(other)
    }
    numbered = {match[1].lower() for match in _NUMBERED.finditer(asked)}
    numbered -= {match[1].lower() for match in _NUMBERED.finditer(other)}
    made = [
        rf"(?<![\w.]){re.escape(n)}(?:\s*(?:,|and|or|to)\s*\d+(?:\.\d+)?)*[\s-]*{re.escape(unit[:3])}"
        for n, unit in amounts
    ]
    made += [
        rf"\b(?:groups?|arms?|phase|unit|cohort)\s+(?:(?:\d|[A-Z]|[IVX]+)\s*(?:,|and|or)\s*){{0,3}}{re.escape(n)}\b"
        for n in numbered
    ]
    made += [
        rf"(?<![\w.=]){re.escape(n)}(?=\s*(?:,|and|or)\s*\d+(?:\.\d+)?[\s-]*{re.escape(unit[:3])})"
        for n, unit in amounts
    ]
    acronyms = set(_ACRONYM.findall(asked)) - set(_ACRONYM.findall(other))
    made += [rf"(?-i:\b{re.escape(one)}\b)" for one in acronyms]
    return tuple(re.compile(one, re.IGNORECASE) for one in made)


def _positions(paper: IcoPaper, asked: str, other: str, text: str) -> set[int]:
    terms = paper.terms
    own = _own_words(f"{terms.expand(asked)} {' '.join(terms.names_of(asked))}", terms.expand(other))
    found = {
        match.start() for match in _WORDS.finditer(text) if not match[0].isdigit() and stem(match[0].lower()) in own
    }
    for pattern in _own_patterns(asked, other):
        found |= {match.start() for match in pattern.finditer(text)}
    for alias in terms.aliases_of(asked, other):
        found |= {match.start() for match in re.finditer(alias, text, re.IGNORECASE)}
    if CONTROL.search(asked):
        found |= {match.start() for match in CONTROL.finditer(text)}
    elif not found and CONTROL.search(other):
        found |= {match.start() for match in _ROLE_GROUP.finditer(text)}
    return found
