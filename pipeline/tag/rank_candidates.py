"""Where an outcome or a condition may stand: far more spans than are mentions, for `rank.py` to choose from.

Place in the flow: asked by `rank.py` for the passages of a title and abstract. Pure text and spans, no spaCy.

Candidates are what the finders and the trained heads marked, every phrase of the outcome grammar, and what joins them:
"decline in" + GFR, "acute and" + chronic nephrotoxicity, haemoglobin + "(Hb) levels".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipeline.evidence import Label
from pipeline.tag.condition import find_conditions
from pipeline.tag.found import Found
from pipeline.tag.lexical import terms_in
from pipeline.tag.outcome import Word, outcome_phrases, words_of
from pipeline.tag.outcome_words import MEASURES, STANDALONE

Places = dict[tuple[int, int], str]
_HEADS = frozenset({"outcomes", "bc5cdr", "ncbi", "effect"})
_LINKS = frozenset({"of", "in", "to", "for"})
_VERBS = frozenset({"rose", "fell", "declined", "dropped", "remained", "occurred", "improved", "worsened"})
_ARTICLES = frozenset({"the", "a", "an"})
FUNCTION_WORDS = frozenset(
    """
a an the this that these those their its our his her and or but nor of in on at to for from by with without within
during after before between among into than as per via over under about against towards toward until while when where
which who whose whom what if because since although though however both either neither each every all any some no none
not only also is are was were be been being has have had having do does did may might can could will would should must
shall
""".split()
)


class HeadMark(NamedTuple):
    """A span that a trained head marked, and how sure it is, in fifths."""

    head: str
    start: int
    end: int
    fifths: int


class Seen(NamedTuple):
    """One passage as the ranker sees it."""

    text: str
    finds: Mapping[Label, list[Found]]
    marks: list[HeadMark]
    words: list[Word]
    section: str


def places_of(seen: Seen) -> Places:
    """Spans that may be mentions, and by which way each came first."""
    text = seen.text
    places: Places = {(start, end): way for start, end, way in outcome_phrases(text)}
    for label in (Label.OUTCOME, Label.CONDITION, Label.HISTOLOGY):
        for start, end, _ in terms_in(text, label):
            places.setdefault((start, end), "term")
    for one in find_conditions(text):
        places.setdefault((one.start, one.end), "disease")
    for label in (Label.OUTCOME, Label.CONDITION, Label.HISTOLOGY):
        for one in seen.finds.get(label, ()):
            places.setdefault((one.start, one.end), "find")
    for mark in seen.marks:
        if mark.head not in _HEADS:
            continue
        start, end = _first_content(seen.words, mark.start), _before_verb(seen.words, mark.start, mark.end)
        if start < end:
            places.setdefault((start, end), "head")
    for span, way in _joined(seen.words, places):
        places.setdefault(span, way)
    return places


def seen_passage(
    text: str, finds: Mapping[Label, list[Found]], marks: Iterable[tuple[str, int, int, int]], section: str
) -> Seen:
    """Make the ranker's view of a passage."""
    return Seen(text, finds, [HeadMark(*mark) for mark in marks], words_of(text), section)


def _first_content(words: list[Word], start: int) -> int:
    """Where the span from `start` begins without "both", "the" and the like."""
    index = bisect_left(words, start, key=lambda word: word.start)
    while index < len(words) and words[index].start == start and words[index].low in FUNCTION_WORDS:
        index += 1
        start = words[index].start if index < len(words) else len(words[index - 1].text) + start
    return start


def _before_verb(words: list[Word], start: int, end: int) -> int:
    """Where the span ends without the verb behind what is measured: "creatinine rose"."""
    last = bisect_left(words, end, key=lambda word: word.end)
    inside = last > 0 and last < len(words) and words[last].end == end and words[last - 1].start >= start
    return words[last - 1].end if inside and words[last].low in _VERBS else end


def _joined(words: list[Word], places: Places) -> list[tuple[tuple[int, int], str]]:
    """Spans that a word and a link put together with a candidate after them."""
    starts = {word.start: index for index, word in enumerate(words)}
    begins: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for start, end in places:
        if start in starts:
            begins.setdefault(starts[start], []).append(end)
            ends.setdefault(end, []).append(start)
    made: list[tuple[tuple[int, int], str]] = []
    for index in range(1, len(words) - 1):
        low, before = words[index].low, words[index - 1]
        if low in _LINKS:
            if words[index].joined and _may_join(before):
                made += _linked(words, index, begins, ends)
        elif low in ("and", "or", "/") and _may_join(before):
            firsts = [before.start]
            if index > 1 and before.joined and _may_join(words[index - 2]):
                firsts.append(words[index - 2].start)
            made += [((first, end), "pair") for end in begins.get(index + 1, ()) for first in firsts]
        elif low == "(" and index + 3 < len(words) and words[index + 2].low == ")":
            head = words[index + 3]
            if head.joined and (head.low in MEASURES or head.low in STANDALONE):
                made += [((first, head.end), "bracket") for first in ends.get(before.end, ())]
    return made


def _may_join(word: Word) -> bool:
    return word.text[0].isalpha() and word.low not in FUNCTION_WORDS


def _linked(
    words: list[Word], index: int, begins: dict[int, list[int]], ends: dict[int, list[int]]
) -> list[tuple[tuple[int, int], str]]:
    """ "decline in" or "reduction of the" before a candidate, one word between them allowed."""
    before = words[index - 1]
    follows = index + 1
    if words[follows].low in _ARTICLES and follows + 1 < len(words):
        follows += 1
    if follows in begins:
        firsts = {before.start, *ends.get(before.end, ())}
        return [((first, end), "link") for end in begins[follows] for first in sorted(firsts)]
    if follows + 1 in begins and words[follows + 1].joined and words[follows].low not in FUNCTION_WORDS:
        return [((before.start, end), "link") for end in begins[follows + 1]]
    return []
