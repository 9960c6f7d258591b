"""What only the whole document can settle: its abbreviations, and one string one label.

Place in the flow: between the finders, which see one passage each, and `convert.py`. Works on records alone.

A short form takes the labels of its long form and loses those that only a lexicon gave it: in a paper that defines
"MPA" as microscopic polyangiitis it is no drug. A string that is a mention once is one wherever it stands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import ahocorasick

from pipeline.evidence import Label
from pipeline.tag.condition import find_conditions
from pipeline.tag.drug import find_drugs
from pipeline.tag.found import Found
from pipeline.tag.histology import find_histologies
from pipeline.tag.outcome import find_outcomes
from pipeline.tag.overlap import keep_longest


def _find_histologies_apart(text: str) -> list[Found]:
    """Histologies that are no part of a condition's name: "rapidly progressive glomerulonephritis" is clinical."""
    wider = find_conditions(text)
    return [one for one in find_histologies(text) if not any(_is_inside(one, other) for other in wider)]


_FINDERS: dict[Label, Callable[[str], list[Found]]] = {
    Label.DRUG: find_drugs,
    Label.HISTOLOGY: _find_histologies_apart,
    Label.CONDITION: find_conditions,
    Label.OUTCOME: find_outcomes,
}
_CARRIED = 0.6  # confidence of a mention that stands only on the same string elsewhere in the document
# "steroid-resistant" classes a disease; it names a treatment only where the paper also gives the drug by that name.
_RESPONSE = re.compile(r"[\s-]*(?:resistan|dependen|sensitiv|responsiv|refractor|unresponsiv)", re.I)

# "efficacy in nephropathy" is an efficacy: what a preposition leads to is not the head.
_HEAD_BEFORE = re.compile(r"\b(?:in|of|for|with|on|after|against|and)\s(?:the\s)?$", re.I)


# What the body makes itself is a drug only where it is given.
_OF_BODY = re.compile(
    r"(?:(recombinant(?: human)?)\s)?(erythropoietin|EPO|immunoglobulins?|(?:nor)?epinephrine|(?:nor)?adrenaline|"
    r"insulin|(?:para\w+|growth) hormone)",
    re.I,
)
_MEASURED_BEFORE = re.compile(
    r"\b(?:serum|plasma|circulating|endogenous|urinary|monoclonal|serial|fasting|deposit\w* of|\w+ clearance of|"
    r"concentrations? of|levels? of)\s$",
    re.I,
)
_MEASURED_AFTER = re.compile(
    r"[\s-]*(?:\(\w+\)\s*)?(?:levels?|concentrations?|production|synthesis|deposit\w*|light|secretion|resistance|"
    r"sensitivity|[GAM]\b)",
    re.I,
)
_GIVEN_BEFORE = re.compile(
    r"\b(?:recombinant|human|intravenous|IV|i\.v\.|exogenous|subcutaneous|doses? of|treated with|receiv\w+|"
    r"therapy with|treatment with)\s(?:human\s)?$",
    re.I,
)
_GIVEN_AFTER = re.compile(
    r"\s+(?:therapy|treatment|infusions?|injections?|dos\w+|was given|administ\w+|requirement)", re.I
)


@dataclass(frozen=True, slots=True)
class PassageFinds:
    """The finds of one passage, by label."""

    text: str
    finds: dict[Label, list[Found]]


def settle(passages: Sequence[PassageFinds], abbreviations: Mapping[str, str]) -> list[dict[Label, list[Found]]]:
    """The finds of every passage after the document has been taken into account."""
    settled = [dict(passage.finds) for passage in passages]
    texts = [passage.text for passage in passages]
    for label, finder in _FINDERS.items():
        finds = [one.get(label, []) for one in settled]
        finds = _by_abbreviation(texts, finds, abbreviations, finder)
        if label is Label.DRUG:
            finds = _without_response_classes(texts, finds)
        strings = _short_forms_of(texts, finds, abbreviations, finder)
        if label is not Label.OUTCOME:
            # An outcome's words are ordinary ones: carried, three in eight are right on the gold.
            strings |= _strings(texts, finds)
        automaton = _any_of(strings)
        for number, text in enumerate(texts):
            carried = [Found(label, start, end, _CARRIED) for start, end in _occurrences(automaton, text)]
            settled[number][label] = _fill(finds[number], carried)
    for one, drugs in zip(
        settled, _without_measured(texts, [one[Label.DRUG] for one in settled], abbreviations), strict=True
    ):
        one[Label.DRUG] = drugs
    return [_across_labels(one) for one in settled]


def _fill(finds: list[Found], carried: list[Found]) -> list[Found]:
    taken = [(one.start, one.end) for one in finds]
    free = [one for one in carried if not any(start < one.end and one.start < end for start, end in taken)]
    return keep_longest([*finds, *free])


def _by_abbreviation(
    texts: Sequence[str],
    finds: Sequence[list[Found]],
    abbreviations: Mapping[str, str],
    finder: Callable[[str], list[Found]],
) -> list[list[Found]]:
    """Drop finds that are a defined short form of something else."""
    others = {short for short, long in abbreviations.items() if not _names(long, finder)}
    return [
        [one for one in found if text[one.start : one.end] not in others]
        for text, found in zip(texts, finds, strict=True)
    ]


def _names(long: str, finder: Callable[[str], list[Found]]) -> bool:
    """Whether a long form names something of the finder's label: a find is its head, hence its last words."""
    for one in finder(long):
        if one.end >= len(long) - 1 and (one.end - one.start) * 3 >= len(long):
            return _HEAD_BEFORE.search(long[: one.start]) is None
    return False


def _strings(texts: Sequence[str], finds: Sequence[list[Found]]) -> set[str]:
    return {text[one.start : one.end] for text, found in zip(texts, finds, strict=True) for one in found}


def _short_forms_of(
    texts: Sequence[str],
    finds: Sequence[list[Found]],
    abbreviations: Mapping[str, str],
    finder: Callable[[str], list[Found]],
) -> set[str]:
    """Short forms whose long form has the label, by itself or as it stands in this document."""
    known = {one.lower() for one in _strings(texts, finds)}
    return {short for short, long in abbreviations.items() if long.lower() in known or _names(long, finder)}


def _any_of(strings: set[str]) -> ahocorasick.Automaton | None:
    """Finds all strings at once, capitals also with a plural s; built a hundred times as fast as a pattern."""
    if not strings:
        return None
    automaton = ahocorasick.Automaton()
    for one in strings:
        automaton.add_word(one, len(one))
        if one.isupper():
            automaton.add_word(one + "s", len(one) + 1)
    automaton.make_automaton()
    return automaton


def _occurrences(automaton: ahocorasick.Automaton | None, text: str) -> list[tuple[int, int]]:
    """Whole-word occurrences from the left, the longest of those that begin together, none inside another."""
    if automaton is None:
        return []
    places = [(last + 1 - length, last + 1) for last, length in automaton.iter(text)]
    places = [(start, end) for start, end in places if not (_joins(text, start - 1) or _joins(text, end))]
    found: list[tuple[int, int]] = []
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _joins(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isascii() and text[at].isalnum()


def _without_response_classes(texts: Sequence[str], finds: Sequence[list[Found]]) -> list[list[Found]]:
    """Drop "steroid" of "steroid-resistant" unless the document uses the same word for the drug."""
    used: dict[str, bool] = defaultdict(bool)
    for text, found in zip(texts, finds, strict=True):
        for one in found:
            word = text[one.start : one.end].lower()
            used[word] |= _RESPONSE.match(text, one.end) is None
    classes = {word for word, as_drug in used.items() if not as_drug and "steroid" in word}
    return [
        [one for one in found if text[one.start : one.end].lower() not in classes]
        for text, found in zip(texts, finds, strict=True)
    ]


def _without_measured(
    texts: Sequence[str], finds: Sequence[list[Found]], abbreviations: Mapping[str, str]
) -> list[list[Found]]:
    """Drop hormones and antibodies of the body in a document that measures and never gives them."""
    measured: dict[str, bool] = {}
    for text, found in zip(texts, finds, strict=True):
        for one in found:
            if name := _OF_BODY.fullmatch(text, one.start, one.end):
                before = text[max(0, one.start - 30) : one.start]
                if name[1] or _GIVEN_BEFORE.search(before) or _GIVEN_AFTER.match(text, one.end):
                    measured[name[2].lower()] = False
                elif _MEASURED_BEFORE.search(before) or _MEASURED_AFTER.match(text, one.end):
                    measured.setdefault(name[2].lower(), True)
    for short, long in abbreviations.items():
        pair = (short.lower(), long.lower().removeprefix("recombinant ").removeprefix("human "))
        if any(measured.get(name) is False for name in pair):
            measured.update(dict.fromkeys(pair, False))
    if not any(measured.values()):
        return list(finds)
    return [
        [one for one in found if not measured.get(text[one.start : one.end].lower(), False)]
        for text, found in zip(texts, finds, strict=True)
    ]


def _across_labels(finds: dict[Label, list[Found]]) -> dict[Label, list[Found]]:
    """A condition strictly inside a histology is a part of its name ("nephropathy" in "IgA nephropathy")."""
    larger = finds.get(Label.HISTOLOGY, [])
    # and a histology strictly inside a condition is a part of that: "chronic glomerulonephritis"
    wider = finds.get(Label.CONDITION, [])
    larger = [one for one in larger if not any(_is_inside(one, other) for other in wider)]
    kept = [
        one
        for one in finds.get(Label.CONDITION, [])
        if not any(
            other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start
            for other in larger
        )
    ]
    finds = {**finds, Label.HISTOLOGY: larger}
    return {**finds, Label.CONDITION: kept, Label.OUTCOME: [*whole_outcomes({**finds, Label.CONDITION: kept})]}


def whole_outcomes(finds: dict[Label, list[Found]]) -> list[Found]:
    """Without outcomes inside a drug's name, and with the whole name of a disease that one was found in."""
    drugs = finds.get(Label.DRUG, [])
    outcomes = [one for one in finds.get(Label.OUTCOME, []) if not any(_is_inside(one, other) for other in drugs)]
    diseases = finds.get(Label.CONDITION, [])
    whole = [next((other for other in diseases if _is_inside(one, other)), None) for one in outcomes]
    return keep_longest(
        [
            replace(one, start=name.start, end=name.end) if name else one
            for one, name in zip(outcomes, whole, strict=True)
        ]
    )


def _is_inside(inner: Found, outer: Found) -> bool:
    longer = outer.end - outer.start > inner.end - inner.start
    return longer and outer.start <= inner.start and inner.end <= outer.end
