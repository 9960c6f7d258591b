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
from functools import lru_cache
from typing import NamedTuple

from pipeline.evidence import Label
from pipeline.tag.condition import find_conditions
from pipeline.tag.found import Found
from pipeline.tag.lexical import terms_in
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
_OPENERS = {"of": OPENERS_OF, "in": OPENERS_IN, "to": OPENERS_TO}
_NEVER_ALONE = frozenset({"weight", "urea", "lipids", "recovery", "pain", "fever", "trough", "cure", "hdl", "ldl"})
_RATIOS = frozenset(
    {"odds", "hazard", "hazards", "risk", "rate", "likelihood", "allocation", "randomization"}
)  # statistics
_DOSE_WORDS = frozenset({"dose", "doses"})
_LEADING = re.compile(
    r"(?:(?:incidence|risk|risks|occurrence)\s+of\s+|(?:stable|superior|nephrotic(?:[\s-]range)?)\s+)+", re.I
)
_ABOUT_STUDY = re.compile(
    r"(?:(?:primary|secondary|main|key|clinical|efficacy|composite|major|"
    r"co-primary)\s)*(?:end[\s-]?points?|outcomes?|withdrawals?|"
    r"calcium|phosphate|sodium|potassium|glucose|relapsed|measures?|hypertension control|cells?|"
    r"lipids|protein|albumin|ANCA|"
    r"controls?)",
    re.I,
)
# "ANCA-associated", "proteinuria-reducing": the word qualifies another.
_QUALIFIES = re.compile(
    r"[-–](?:associated|related|induced|positive|negative|resistant|dependent|treated|reducing|free)", re.I
)
# "renin-angiotensin system" is a system, "remission induction" a phase of treatment.
_NO_MEASURE = re.compile(r"renin|aldosterone", re.I)
_SYSTEM = re.compile(r"[-–‐/](?:angiotensin|aldosterone)|\s?[-–‐]?\s?system\b", re.I)
_INDUCTION_TAIL = re.compile(r"[-\s]induction\Z", re.I)
_INDUCTION_OF = re.compile(r"induction\sof\s", re.I)
# "P values" and a "significance level" belong to the statistics, a "reference value" to the laboratory.
_OF_METHOD = re.compile(
    r"(?:[PpFtz]|significance|statistical(?: significance)?|alpha|confidence|cut[-\s]?off|threshold|reference|"
    r"missing|normal|expected|evidence)[\s-](?:values?|levels?|scores?)",
)
_AIMS = frozenset({"efficacy", "safety", "tolerability", "effectiveness", "pharmacokinetics"})
_AIM_OF = re.compile(
    r"(?:,? (?:and|or) (?:efficacy|safety|tolerability)|, safety,? and tolerability)? (?:of|profile)\b", re.I
)
# Diseases that are endpoints wherever they stand; the others need words of happening before them.
_ENDPOINT = re.compile(
    r"end[\s-]?stage|failure|infection|penia|\ban(?:a)?emia|o?edema|diabetes after|malignan|urias?\b", re.I
)
# Rates of events are named by the event; only courses of disease have a rate of their own.
_RATED = re.compile(r"decline|remission|response|progression|change|relapse|loss|rise|fall|adverse events", re.I)
# A disease is an outcome where it happens to patients of the study.
_HAPPENS = re.compile(
    r"\b(?:incidences?|prevalence|frequency|rates?|risks?|development|occurrence|predictors?|onset|"
    r"episodes?|persistence|"
    r"prevention|recurrence|progress(?:ion|ed|ing)|led|developed|experienced)\s(?:of\s|to\s|for\s|with\s)?"
    r"(?:an?\s|the\s)?(?:(?:new|severe|symptomatic|overt|developing)\s)*$",
    re.I,
)
# "no change in renin" is told of the renin, "complete remission of the nephrosis" is a complete remission.
_NOT_OPENED = {
    "change": frozenset({"no", "a", "any", "without", "significant", "little", "further"}),
    "remission": frozenset({"complete", "partial", "sustained", "full"}),
}
_PAIRS = frozenset({"systolic", "diastolic", "patient", "graft", "short-term", "long-term"})


class Word(NamedTuple):
    """A word or sign of the passage; `joined` if exactly one blank parts it from the word before."""

    start: int
    end: int
    text: str
    low: str
    joined: bool


def find_outcomes(text: str) -> list[Found]:
    """Outcome mentions of a passage, without overlaps."""
    words = words_of(text)
    spans = list(_phrases_of(text))
    spans += [
        span for start, end, _ in terms_in(text, Label.OUTCOME) if (span := _trimmed(text, start, end)) is not None
    ]
    diseases = [(one.start, one.end) for one in find_conditions(text)]
    spans = [span for span in spans if span not in diseases or _ENDPOINT.search(text, *span)]
    spans += [span for span in diseases if _HAPPENS.search(text, max(0, span[0] - 60), span[0])]
    finds = [
        Found(Label.OUTCOME, *span, 0.8)
        for span in spans
        if not _OF_METHOD.fullmatch(text, *span)
        and not _is_aim(text, span)
        and not _QUALIFIES.match(text, span[1])
        and not _is_system(text, span)
    ]
    finds += [Found(Label.OUTCOME, *span, 0.8) for span in _opened(text, words, [*spans, *diseases])]
    return keep_longest(finds)


def outcome_phrases(text: str) -> list[tuple[int, int, str]]:
    """All phrases the grammar can read, overlaps and all: `(start, end, way)`, way "phrase" or "opened"."""
    phrases = list(_phrases_of(text))
    ends = [
        *phrases,
        *((start, end) for start, end, _ in terms_in(text, Label.OUTCOME)),
        *((one.start, one.end) for one in find_conditions(text)),
    ]
    opened = _opened(text, words_of(text), ends)
    return [*((*span, "phrase") for span in phrases), *((*span, "opened") for span in opened)]


@lru_cache(maxsize=128)
def _phrases_of(text: str) -> tuple[tuple[int, int], ...]:
    words = words_of(text)
    phrases = [phrase for i in range(len(words)) if (phrase := _phrase_at(words, i)) is not None]
    return tuple((words[first].start, words[last].end) for first, last in phrases)


@lru_cache(maxsize=128)
def words_of(text: str) -> list[Word]:
    """Words and signs of a passage; remembered, never changed."""
    words: list[Word] = []
    last = -1
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        joined = start == last + 1 and text[last] in " \u00a0\u2009"
        words.append(Word(start, end, word, word.lower(), joined))
        last = end
    return words


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A lexicon term without leading words that are no part of an outcome; None for words about the study."""
    if _ABOUT_STUDY.fullmatch(text, start, end):
        return None
    lead = _LEADING.match(text, start, end)
    if lead and lead.end() < end:
        start = lead.end()
    if induction := _INDUCTION_OF.match(text, start, end):
        start = induction.end()
    if tail := _INDUCTION_TAIL.search(text, start, end):
        end = tail.start()
    return start, end


def _is_aim(text: str, span: tuple[int, int]) -> bool:
    """ "the efficacy and safety of the drug" names the question, not something measured."""
    said = text[span[0] : span[1]].lower().split()[-1]
    return said in _AIMS and _AIM_OF.match(text, span[1]) is not None


def _is_system(text: str, span: tuple[int, int]) -> bool:
    """The renin of "renin-angiotensin system" is not measured."""
    return _NO_MEASURE.fullmatch(text, *span) is not None and _SYSTEM.match(text, span[1]) is not None


def _phrase_at(words: list[Word], head: int) -> tuple[int, int] | None:
    """The phrase whose head noun is `words[head]`, as first and last index."""
    low = words[head].low
    alone = low in STANDALONE
    if (not alone and low not in MEASURES) or _goes_on(words, head):
        return None
    first = head
    while first > 0 and head - first < _MAX_MODIFIERS and _may_modify(words, first - 1, first):
        first -= 1
    first = _with_pair(words, first)
    if first == head:
        return (head, head) if alone and (low not in _NEVER_ALONE or words[head].text.isupper()) else None
    if low in ("ratio", "ratios") and words[head - 1].low in _RATIOS:
        return None
    if not alone and low in ONLY_AFTER and not _fits(words[head - 1].low, ONLY_AFTER[low]):
        return None
    if low in _DOSE_WORDS and head + 2 < len(words) and words[head + 1].low == "of":
        return first, head + 2
    return first, head


def _fits(word: str, wanted: frozenset[str]) -> bool:
    return word in wanted or any(word.endswith(f"-{one}") for one in wanted)


def _goes_on(words: list[Word], head: int) -> bool:
    """Whether the noun phrase goes on to the right with another head: "creatinine clearance"."""
    if head + 1 >= len(words) or not words[head + 1].joined:
        return False
    low = words[head + 1].low
    if low in STANDALONE:
        return low not in {"died", "responders"}
    return low in MEASURES and (low not in ONLY_AFTER or _fits(words[head].low, ONLY_AFTER[low]))


def _may_modify(words: list[Word], index: int, following: int) -> bool:
    """Whether a word may belong to the noun phrase of the word after it."""
    word, after = words[index], words[following]
    if not after.joined or not word.text[0].isalnum():
        return False
    low = word.low
    if low[0].isdigit():
        return low in ("24-hour", "24-h", "5-year", "1-year")
    if after.low in KEEP_BEFORE.get(low, ()):
        return True
    if low in STOP_LEFT or low.endswith(("ly", "'s", "izes", "ises")):
        return False
    return low in PARTICIPLES or not low.endswith(("ed", "ing"))


def _with_pair(words: list[Word], first: int) -> int:
    """Take in the other half of "complete or partial remission"."""
    paired = first >= 2 and words[first].low in _PAIRS and words[first - 1].low in ("and", "or", "/")
    return first - 2 if paired and words[first - 2].low in _PAIRS else first


def _opened(text: str, words: list[Word], spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Phrases that "rate of", "time to", "decline in" open and one of `spans` ends."""
    ends = dict(sorted(spans))
    found = []
    for index in range(len(words) - 3, -1, -1):
        word, link = words[index], words[index + 1]
        if link.low not in ("of", "in", "to") or word.low not in _OPENERS[link.low]:
            continue
        following = (
            words[index + 2] if words[index + 2].low not in ("the", "a") else words[min(index + 3, len(words) - 1)]
        )
        end = ends.get(following.start)
        if index and words[index - 1].low in _NOT_OPENED.get(word.low, ()):
            continue
        if end is None or (word.low in ("rate", "rates") and not _RATED.search(text, following.start, end)):
            continue
        first = index
        while first > 0 and index - first < _MAX_MODIFIERS and _may_modify(words, first - 1, first):
            first -= 1
        found.append((words[first].start, end))
        ends[words[first].start] = end
    return found
