"""Counts of people told beside an arm or behind what happened: "two in the A group died", "cough (8 patients)".

Place in the flow: asked by `findings.py` for counts without a total and for bare numbers in brackets.
"""

from __future__ import annotations

import re

from pipeline.document import Section
from pipeline.evidence import Label
from pipeline.relate.numbers import COUNT
from pipeline.relate.view import SentenceView
from pipeline.tag.people import PERSONS

_FLAGS = re.IGNORECASE
_TO_ARM = re.compile(r"\s(?:in|of|from|on|given|receiving|taking|treated with|assigned to)\s(?:the\s)?\Z", _FLAGS)
_HAPPENED = re.compile(
    r"\s?(?:groups?\s|arms?\s|patients\s)?(?:each\s|also\s|then\s|subsequently\s)?"
    r"(?:achieved|attained|reached|had|developed|experienced|died|survived|relapsed|remained|responded|required|needed"
    r"|discontinued|withdrew|were withdrawn|stopped|lost|progressed|suffered|became|improved|worsened|returned|failed"
    r"|did not (?!receive|take)|entered (?:dialysis|remission|therapy for|end-stage|terminal|ha?emodialysis)"
    r"|went into|showed|were free)\b",
    _FLAGS,
)
# "... and three patients in the B group died": the next count of the same list.
_AND_COUNT = re.compile(
    rf"\s?(?:groups?|arms?)?\s?,?\s?(?:and|versus|vs\.?|compared (?:with|to)|but)\s(?:in\s)?(?:only\s)?(?:{COUNT}|none)"
    rf"(?:\s(?:\([^()]*\)|{PERSONS}|cases)){{0,2}}",
    _FLAGS,
)
_REASONS = re.compile(
    r"\b(?:because of|due to|owing to|reasons?|causes?|adverse (?:events?|effects?|reactions?)|side[- ]effects?"
    r"|complications?|toxicit(?:y|ies)|withdr\w+|discontinu\w+|deaths? (?:were|was))\b",
    _FLAGS,
)
_PEOPLE = rf"(?:\s(?:{PERSONS}|cases?|episodes?|events?))?"
_BRACKET = re.compile(rf"\s?[(\[]\s?(?:n\s?=\s?)?(?:{COUNT}){_PEOPLE}\s?[)\]]", _FLAGS)


def verb_of(view: SentenceView, end: int) -> int | None:
    """Where it is said what happened to those whom a count that ends at `end` tells of in an arm; None if it is not.

    "Two patients in the A group and three in the B group died" tells both counts, which have one verb.
    """
    at = end
    for arm in view.of(Label.ARM):
        if arm.start < end:
            continue
        if view.section is Section.METHODS or not _TO_ARM.fullmatch(view.between(at, arm.start)):
            return None
        rest = view.between(arm.end, view.end)
        if _HAPPENED.match(rest):
            return arm.end
        following = _AND_COUNT.match(rest)
        if not following:
            return None
        at = arm.end + following.end()
    return None


def shares_verb(view: SentenceView, end: int, other: int) -> bool:
    """Whether the counts that end at `end` and at `other` are told with one verb."""
    verb = verb_of(view, end)
    return verb is not None and verb == verb_of(view, other)


def is_listed_reason(view: SentenceView, start: int, end: int) -> bool:
    """Whether a number stands alone in the bracket behind one of several reasons: "cough (8) and oedema (6)"."""
    if view.section is Section.METHODS or not _REASONS.search(view.between(view.start, start)):
        return False
    named = {one.end for one in view.of(Label.OUTCOME, Label.CONDITION)}
    brackets = [(at, at + match.end()) for at in named if (match := _BRACKET.match(view.between(at, view.end)))]
    return len(brackets) > 1 and any(low <= start and end <= high for low, high in brackets)
