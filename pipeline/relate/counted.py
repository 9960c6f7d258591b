"""Counts of people told beside an arm or behind what happened: "two in the A group died", "cough (8 patients)".

Place in the flow: asked by `findings.py` for counts without a total and for bare numbers in brackets.
"""

from __future__ import annotations

import re

from pipeline.document import Section
from pipeline.evidence import Label, Mention
from pipeline.relate.numbers import COUNT
from pipeline.relate.view import SentenceView

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
    r"(?:\s(?:\([^()]*\)|patients?|children|subjects|recipients|cases)){0,2}",
    _FLAGS,
)
_REASONS = re.compile(
    r"\b(?:because of|due to|owing to|reasons?|causes?|adverse (?:events?|effects?|reactions?)|side[- ]effects?"
    r"|complications?|toxicit(?:y|ies)|withdr\w+|discontinu\w+|deaths? (?:were|was))\b",
    _FLAGS,
)
_PEOPLE = r"(?:\s(?:patients?|children|subjects|recipients|cases?|episodes?|events?))?"
_BRACKET = re.compile(rf"\s?[(\[]\s?(?:n\s?=\s?)?(?:{COUNT}){_PEOPLE}\s?[)\]]", _FLAGS)


def is_told_of_arm(view: SentenceView, end: int) -> bool:
    """Whether a count that ends at `end` is of those in an arm to whom something happened.

    "Two patients in the A group and three in the B group died" tells both counts.
    """
    arms = [arm for arm in view.of(Label.ARM) if arm.start >= end]
    at = end
    for arm in arms:
        if not _TO_ARM.fullmatch(view.between(at, arm.start)):
            return False
        rest = view.between(arm.end, view.end)
        if _HAPPENED.match(rest):
            return view.section is not Section.METHODS
        following = _AND_COUNT.match(rest)
        if not following:
            return False
        at = arm.end + following.end()
    return False


def shares_verb(view: SentenceView, end: int, second: int) -> bool:
    """Whether the count that ends at `end` has the verb of the one that begins at `second`, whose arm follows it."""
    arm = next((one for one in view.of(Label.ARM) if one.start >= end), None)
    if arm is None or not _TO_ARM.fullmatch(view.between(end, arm.start)):
        return False
    following = _AND_COUNT.match(view.between(arm.end, view.end))
    goes_on = following is not None and arm.end <= second < arm.end + following.end()
    return goes_on and is_told_of_arm(view, end)


def is_listed_reason(view: SentenceView, start: int, end: int) -> bool:
    """Whether a number stands alone in the bracket behind one of several reasons: "cough (8) and oedema (6)"."""
    if view.section is Section.METHODS or not _REASONS.search(view.between(view.start, start)):
        return False
    counted = [one for one in _named(view) if _BRACKET.match(view.between(one.end, view.end))]
    return len({one.end for one in counted}) > 1 and any(
        one.end <= start and end <= one.end + len(_bracket(view, one)) for one in counted
    )


def _named(view: SentenceView) -> list[Mention]:
    return view.of(Label.OUTCOME, Label.CONDITION)


def _bracket(view: SentenceView, mention: Mention) -> str:
    match = _BRACKET.match(view.between(mention.end, view.end))
    return match.group() if match else ""
