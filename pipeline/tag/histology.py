"""HISTOLOGY: microscopic diagnoses, patterns, lesions, classes.

Place in the flow: a finder of `components.py`. Pure text, no spaCy.

>>> text = "Class III/IV lupus nephritis; slight mesangial proliferation, interstitial fibrosis and tubular atrophy"
>>> [text[f.start : f.end] for f in find_histologies(text)]
['Class III/IV', 'slight mesangial proliferation', 'interstitial fibrosis', 'tubular atrophy']

The curated lexicon's terms, with the degree of a lesion before them; two lesions joined by "and" are two mentions.
Classes count beside words of lupus or of classification. Known misses: free descriptions ("fused podocytes").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.evidence import Label
from pipeline.tag.found import Found
from pipeline.tag.lexical import terms_in
from pipeline.tag.overlap import keep_longest

_ROMAN = r"(?:VI|IV|V|I{1,3})"
_CLASS = re.compile(
    rf"(?<![\w-])[Cc]lass(?:es)?\s{_ROMAN}(?:\s?\([ACac/ ]+\)|-[SGsg])?"
    rf"(?:\s?(?:/|,|\+|and|or|to|-|–|±)\s?(?:class\s)?{_ROMAN}(?:\s?\([ACac/ ]+\))?)*(?!\w)"
)
_CLASSED = re.compile(r"lupus|nephritis|ISN|RPS|WHO class|biops", re.I)
_DEGREE = re.compile(
    r"(?<![\w-])(?:(?:slight|incipient|discrete|minimal|mild|moderate|marked|severe|diffuse|focal|"
    r"segmental|global)\s)+$",
    re.I,
)
_LESION = re.compile(r"(?:proliferation|lesions?|o?edema|infiltrat\w+|expansion|hyalinosis)$", re.I)
_CLINICAL = re.compile(r"\b(?:disease|clinical)\s$", re.I)  # "Disease Activity Index" is no index of a biopsy
# A lesion's word inside the name of a molecule, or of a disease that no microscope names.
_INSIDE_A_NAME = re.compile(
    r"\b(?:tumou?r|avascular|aseptic|bone|osteo|skin|pulp|fat|ectodermal|hip|bronchopulmonary|fibromuscular|tuberous|"
    r"multiple|amyotrophic lateral|systemic|cystic|pulmonary|lung|idiopathic pulmonary)[ -]$",
    re.I,
)
_SOFT_WORD = re.compile(r"(?:necrosis|dysplasia|sclerosis|fibrosis)$", re.I)
_AND = re.compile(r"\sand\s")


def find_histologies(text: str) -> list[Found]:
    """Histology mentions of a passage, without overlaps."""
    finds = [Found(Label.HISTOLOGY, start, end, 0.9) for start, end in _terms(text)]
    if _CLASSED.search(text):
        finds += [Found(Label.HISTOLOGY, m.start(), m.end(), 0.9) for m in _CLASS.finditer(text)]
    return keep_longest(finds)


def _terms(text: str) -> Iterator[tuple[int, int]]:
    for start, end, _ in terms_in(text, Label.HISTOLOGY):
        if _CLINICAL.search(text[max(0, start - 12) : start]):
            continue
        if _SOFT_WORD.fullmatch(text, start, end) and _INSIDE_A_NAME.search(text[max(0, start - 24) : start]):
            continue
        parts = list(_parts(text, start, end))
        for low, high in parts:
            degree = _DEGREE.search(text[max(0, low - 40) : low]) if _LESION.search(text[low:high]) else None
            yield (max(0, low - 40) + degree.start() if degree else low), high


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The term itself, or its two halves if each is a term."""
    joint = _AND.search(text, start, end)
    if joint is not None:
        halves = [(start, joint.start()), (joint.end(), end)]
        if all(_is_term(text[low:high]) for low, high in halves):
            yield from halves
            return
    yield start, end


def _is_term(text: str) -> bool:
    return any(start == 0 and end == len(text) for start, end, _ in terms_in(text, Label.HISTOLOGY))
