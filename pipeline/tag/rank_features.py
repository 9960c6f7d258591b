"""What the ranker of mentions looks at: names of features with their values, for each string of a document.

Place in the flow: between `rank_candidates.py` and the weights of `rank.py`; `pipeline.evaluate.fit_mentions` learns
the weights from the same names. A string is judged once for all its occurrences, because annotators mark a string
wherever it stands. What differs between occurrences counts by its share of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import ahocorasick

from pipeline.evidence import Label
from pipeline.tag.condition import trim_condition
from pipeline.tag.outcome_words import MEASURES, STANDALONE, STOP_LEFT
from pipeline.tag.rank_candidates import FUNCTION_WORDS, Places, Seen, places_of

Features = dict[str, float]
LABELS = (Label.DRUG, Label.HISTOLOGY, Label.CONDITION, Label.OUTCOME)
_TOKEN = re.compile(r"[\w'-]+|[^\w\s]")
_LINKS = frozenset({"of", "in", "to", "for"})
_JOINING = _LINKS | {"and", "or"}
_ARTICLES = frozenset({"the", "a", "an"})
_PUNCTUATION = re.compile(r"[(),]")
_DIGIT = re.compile(r"\d")
_MOST_LETTERS = 120  # a longer string is a sentence


class Place(NamedTuple):
    """An occurrence: number of the passage, and offsets in it."""

    passage: int
    start: int
    end: int


class Candidate(NamedTuple):
    """A string of the document, in lower case, with where it stands and what is known of it."""

    key: str
    places: list[Place]
    features: Features


def candidates_of(passages: Sequence[Seen], abbreviations: Mapping[str, str]) -> list[Candidate]:
    """Every candidate string of these passages with its features."""
    ways = [places_of(seen) for seen in passages]
    raw: dict[str, set[str]] = defaultdict(set)
    for seen, found in zip(passages, ways, strict=True):
        for start, end in found:
            string = seen.text[start:end]
            if 1 < len(string) <= _MOST_LETTERS and not string.isnumeric():
                raw[string.lower()].add(string)
    places = _places(passages, raw)
    longs = {long.lower() for long in abbreviations.values()}
    marked = [_marked(seen) for seen in passages]
    made = []
    for key in sorted(raw):
        features = _of_string(key, raw[key], abbreviations, longs)
        _of_tail(features, key, places, marked)
        for short in raw[key]:
            if short in abbreviations:
                _of_long(features, abbreviations[short].lower(), places, marked)
        _of_places(features, places.get(key, []), passages, ways)
        made.append(Candidate(key, places.get(key, []), features))
    return made


def _places(passages: Sequence[Seen], raw: Mapping[str, set[str]]) -> dict[str, list[Place]]:
    """All whole-word occurrences of all strings."""
    found: dict[str, list[Place]] = defaultdict(list)
    if not raw:
        return found
    automaton = ahocorasick.Automaton()
    for key in raw:
        automaton.add_word(key, key)
    automaton.make_automaton()
    for number, seen in enumerate(passages):
        text = seen.text.lower()
        if len(text) != len(seen.text):
            text = seen.text  # a letter that is longer in lower case
        for last, key in automaton.iter(text):
            start, end = last + 1 - len(key), last + 1
            if not (_goes_on(text, start - 1, start) or _goes_on(text, end, end - 1)):
                found[key].append(Place(number, start, end))
    return found


def _goes_on(text: str, outside: int, inside: int) -> bool:
    return 0 <= outside < len(text) and text[outside].isalnum() and text[inside].isalnum()


def _of_string(key: str, raw: set[str], abbreviations: Mapping[str, str], longs: set[str]) -> Features:
    words = _TOKEN.findall(key) or [key]
    last, first = words[-1], words[0]
    features: Features = {
        "bias": 1.0,
        f"words {min(len(words), 8)}": 1.0,
        f"last {last.removesuffix('s')}": 1.0,
        f"ending {last[-4:]}": 1.0,
        f"first {first}": 1.0,
    }
    trimmed = trim_condition(key, 0, len(key))
    flags = (
        ("sign", trimmed is None),
        ("course", trimmed is not None and trimmed[0] > 0),
        ("standalone", last in STANDALONE),
        ("measure", last not in STANDALONE and last in MEASURES),
        ("first stops", first in STOP_LEFT),
        ("and", "and" in words or "or" in words),
        ("signs", _PUNCTUATION.search(key) is not None),
        ("digit", _DIGIT.search(key) is not None),
        ("short form", any(one in abbreviations for one in raw)),
        ("long form", key in longs),
        ("capitals", any(one.isupper() for one in raw)),
    )
    features.update({name: 1.0 for name, true in flags if true})
    return features


def _marked(seen: Seen) -> dict[tuple[int, int], list[str]]:
    """Which finder or head marked exactly this span."""
    marked: dict[tuple[int, int], list[str]] = defaultdict(list)
    for label in LABELS:
        for one in seen.finds.get(label, ()):
            marked[one.start, one.end].append(label.value)
    for mark in seen.marks:
        if mark.head == "outcomes":
            marked[mark.start, mark.end].append(mark.head)
    return marked


def _of_tail(
    features: Features,
    key: str,
    places: Mapping[str, list[Place]],
    marked: Sequence[Mapping[tuple[int, int], list[str]]],
) -> None:
    """What "decline in" leads to in "decline in GFR"."""
    words = _TOKEN.findall(key)
    link = next((index for index, word in enumerate(words) if index and word in _LINKS), None)
    if link is None:
        return
    features["linked"] = features[f"opener {words[link - 1]}"] = features[f"link {words[link]}"] = 1.0
    features[f"opener words {min(link, 3)}"] = 1.0
    if words[-1] in STANDALONE:
        features["tail standalone"] = 1.0
    tail = key.split(f" {words[link]} ", 1)[-1]
    for article in _ARTICLES:
        tail = tail.removeprefix(f"{article} ")
    for place in places.get(tail, ()):
        for name in marked[place.passage].get((place.start, place.end), ()):
            features[f"tail {name}"] = 1.0


def _of_long(
    features: Features,
    long: str,
    places: Mapping[str, list[Place]],
    marked: Sequence[Mapping[tuple[int, int], list[str]]],
) -> None:
    """What is known of the long form of a short form."""
    words = _TOKEN.findall(long) or [long]
    features[f"long last {words[-1].removesuffix('s')}"] = features[f"long ending {words[-1][-4:]}"] = 1.0
    for place in places.get(long, ()):
        for name in marked[place.passage].get((place.start, place.end), ()):
            features[f"long {name}"] = 1.0


def _of_places(features: Features, places: list[Place], passages: Sequence[Seen], ways: Sequence[Places]) -> None:
    share = 1.0 / max(1, len(places))
    sums: dict[str, float] = defaultdict(float)
    most: dict[str, float] = {}
    for number, start, end in places:
        seen = passages[number]
        way = ways[number].get((start, end))
        if way is not None:
            sums[f"way {way}"] += share
        for name in _around(seen, start, end):
            sums[name] += share
        _of_marks(seen, start, end, share, (sums, most))
        for label, relation, ends_together in _beside(seen, start, end):
            if relation == "is":
                most[f"is {label}"] = 1.0
            elif relation == "holds" and ends_together:
                most[f"ends with {label}"] = 1.0
            sums[f"{relation} share {label}"] += share
        most[f"section {seen.section}"] = 1.0
    features.update(sums)
    features.update(most)
    if len(places) > 1:
        features["several"] = 1.0
    if len(places) > 3:
        features["many"] = 1.0


def _of_marks(seen: Seen, start: int, end: int, share: float, into: tuple[dict[str, float], dict[str, float]]) -> None:
    """Marks of the heads that are the span, hold it, lie in it or cross it."""
    sums, most = into
    for mark in seen.marks:
        if mark.start >= end or mark.end <= start:
            continue
        relation = _relation(mark.start, mark.end, start, end)
        name = f"{relation} {mark.head}"
        score = mark.fifths / 5
        most[name] = 1.0
        if score > most.get(f"{name} score", 0.0):
            most[f"{name} score"] = score
        if relation == "is":
            sums[f"share {mark.head}"] += share * score


def _relation(low: int, high: int, start: int, end: int) -> str:
    """How one span (low to high) lies to another (start to end)."""
    if low == start and high == end:
        return "is"
    if low <= start and end <= high:
        return "within"
    return "holds" if start <= low and high <= end else "crosses"


def _beside(seen: Seen, start: int, end: int) -> Iterator[tuple[str, str, bool]]:
    for label in LABELS:
        for one in seen.finds.get(label, ()):
            if one.start < end and start < one.end:
                yield label.value, _relation(one.start, one.end, start, end), one.end == end


def _around(seen: Seen, start: int, end: int) -> Iterator[str]:
    """The words before and after."""
    first, last = _index(seen, start), _index(seen, end)
    words = seen.words
    before = words[first - 1].low if first else "^"
    yield f"before {before}"
    if before in FUNCTION_WORDS:
        yield "before function word"
    elif before[0].isalnum() and before != "^":
        yield "before content word"
    at = first - 2 if before in _ARTICLES else first - 1
    if at > 0 and words[at].low in _JOINING:
        yield f"after {words[at - 1].low} {words[at].low}"
    following = words[last].low if last < len(words) else "."
    yield f"followed {'#' if following[0].isdigit() else following}"


def _index(seen: Seen, offset: int) -> int:
    """Number of the first word that begins at or after an offset."""
    return bisect_left(seen.words, offset, key=lambda word: word.start)
