"""Who was studied: POPULATION mentions such as "children with steroid-resistant nephrotic syndrome".

Place in the flow: a pure text tagger of `tag`; `relate/frame.py` and `relate/arms.py` choose among its finds.

    find_populations("We enrolled 14 adult patients with lupus.")  # "adult patients with lupus"

A phrase is a head noun for people, the modifiers before it and one clause after it that says which people.
"""

from __future__ import annotations

import re
from itertools import chain

from pipeline.evidence import Label
from pipeline.tag.any_word import any_word
from pipeline.tag.found import Found
from pipeline.tag.people import PEOPLE
from pipeline.tag.sentences import runs_with

_HEAD = (
    rf"(?:{PEOPLE}|patient|child|infant|neonates?|newborns?|adolescent|adult|participant|recipient|males?|females?|cases"
    r"|survivors|donors|rats|mice|dogs|rabbits|eyes)"
)
# Words that cannot stand inside the modifiers before the head.
_STOP_WORDS = """
    the a an in of to for with by on at from and or than between among were was is are be been had has have that
    which who whom these those this all both our their we it as most some many more other each every no not one two
    three four five six seven eight nine ten eleven twelve fifteen sixteen twenty thirty forty fifty sixty seventy
    eighty ninety hundred fewer if when while included enrolled randomised randomized treated studied followed
    compared received receiving showed remaining consecutive total group groups only whether where after before
    during until but also did would could may can into vs vs. versus per then successfully assigned evaluated
    allocated selected involving affect affects percent additional further first second last occurred observed
    analysed analyzed
"""
_STOP = any_word(_STOP_WORDS.split())
_MODIFIER = rf"(?:(?!{_STOP}\b)[^\W\d_][\w'’/-]*(?:\s*\([A-Za-z-]{{1,8}}\))?,?\s+)"
_TAIL = re.compile(
    r"""\s+(?:with|having|who\s+(?:had|have|were|are|has|failed|underwent|received)|suffering\s+from|undergoing|after|following|of(?=\s+(?:idiopathic|primary|steroid|nephro))|
        post|aged|diagnosed\s+with|presenting\s+with|age\b)\s+
        [^.;:()]{3,140}?(?:\([^()]{1,30}\)[^.;:()]{0,80}?)?
        (?=\s*(?:[.;:(]|,|\b(?:were|was|are|is|received|receiving|randomi[sz]ed|treated|completed|underwent
        |participated|achieved|in\s+(?:a|the|an|this)\s|
           to\s+(?:receive|either|compare)|had\b|have\b|has\b|between|from\s+(?!\w+\s+(?:nephr|lupus))|at\s|during|showed|by\s|who\b|using|should|may|can|did|for\b|over\b|into\b|and\s+(?:\d|compar|divided))\b)|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_ANY_HEAD = re.compile(rf"\b{_HEAD}\b", re.I)
_CORE = re.compile(rf"\b{_MODIFIER}{{0,7}}{_HEAD}\b(?![-'’])", re.IGNORECASE)
_LOOSE_END = re.compile(r"[\s,]+(?:(?:and|or|to|who|in|with|of)\s*)?$", re.IGNORECASE)
_PLAIN = re.compile(rf"^{_HEAD}$", re.IGNORECASE)


def find_populations(text: str) -> list[Found]:
    """Phrases that say who was studied, sorted. A bare "patients" is no population."""
    found = []
    position = 0
    runs = runs_with(text, _ANY_HEAD)
    for core in chain.from_iterable(_CORE.finditer(text, low, high) for low, high in runs):
        if core.start() < position:
            continue
        tail = _TAIL.match(text, core.end())
        end = tail.end() if tail else core.end()
        phrase = _LOOSE_END.sub("", text[core.start() : end])
        head = phrase.split()[-1] if tail is None else ""
        if _PLAIN.match(phrase) or (head.isupper() and len(head) > 1) or text[: core.start()].endswith("-"):
            continue
        found.append(Found(Label.POPULATION, core.start(), core.start() + len(phrase)))
        position = core.start() + len(phrase)
    return found
