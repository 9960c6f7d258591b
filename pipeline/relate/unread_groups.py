"""Groups that the text names and that are no arm known: their numbers belong to none of the arms beside them.

Place in the flow: asked by `arm_of.py`. A wrong arm is worse than none, so words that stand where another number's arm
stands are taken for a group of their own, read or not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from pipeline.evidence import Label
from pipeline.relate.findings import Finding
from pipeline.relate.view import SentenceView
from pipeline.tag.people import PERSONS

_FLAGS = re.IGNORECASE
_PREPOSITION = r"(?P<prep>for|in|with|among|during|after|on|of|under|by|receiving|taking|given)"
_NAME = r"(?P<name>[A-Za-z][\w/+-]*)"
_AFTER = re.compile(
    rf"[\s%]*(?:[(\[][^()\[\]]*[)\]]\s?)?(?:of\s(?:the\s)?)?(?:(?:{PERSONS}|cases?|events?)\s)?"
    rf"(?:were\s|was\s)?{_PREPOSITION}\s(?:the\s)?{_NAME}",
    _FLAGS,
)
_BEFORE = re.compile(
    rf"\b{_PREPOSITION}\s(?:the\s)?{_NAME}\s(?:groups?\s|arms?\s)?(?:(?:was|were|had|it was)\s)?\Z", _FLAGS
)
_LEADING = re.compile(rf"\b{_PREPOSITION}\s(?:the\s)?\Z", _FLAGS)
_NO_GROUP = re.compile(
    rf"(?:\d.*|weeks?|months?|days?|years?|hours?|baseline|follow.*|study|total|all|both|each|either|{PERSONS}"
    r"|cases?|addition|order|response|remission|those|these|this|that|they|an?|one|two|three|mean|median"
    r"|average|general|terms|table|fig\w*|whom|which|treatment|therapy|least|day|group|trial|most)",
    _FLAGS,
)
_GLUED = re.compile(r"\s?%?[A-Z][A-Za-z]{0,5}\b")  # "17.2%M, 19%HS"
_POOLED = re.compile(r"\b(?:combined|pooled|merged)\s(?:the\s)?\Z", _FLAGS)
_PAIRED = re.compile(r"\b(?P<other>[A-Za-z][\w+/-]*)\s(?:and|versus|vs\.?|or)\s(?:the\s)?\Z", _FLAGS)
_PLURAL = re.compile(r"(?:groups|arms)\Z|\s?(?:groups|arms)\b", _FLAGS)
_OPENS = re.compile(r"[;(\[]")
_LETTERS = re.compile(r"[A-Za-z]{3}")


class Named(Protocol):
    """Words that name one arm, or several."""

    @property
    def arm_ids(self) -> tuple[str, ...]: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def is_half_named(view: SentenceView, hit: Named, hits: Sequence[Named]) -> bool:
    """Whether words for two groups were read as one arm: "the combined groups 3 and 4", "A and control groups" of an A
    that is not known.
    """
    before = view.between(max(view.start, hit.start - 40), hit.start)
    if _POOLED.search(before):
        return True
    text, after = view.between(hit.start, hit.end), view.between(hit.end, hit.end + 8)
    if len(hit.arm_ids) != 1 or not (_PLURAL.search(text) or _PLURAL.match(after)):
        return False
    match = _PAIRED.search(before)
    if match is None:
        return re.search(r"\w\s(?:and|or|versus)\s", text) is not None and len(hit.arm_ids) == 1
    start = hit.start - len(before) + match.start("other")
    return not any(one is not hit and one.start < hit.start and start < one.end for one in hits)


def is_of_unread_group(
    view: SentenceView, finding: Finding, findings: Sequence[Finding], beside: Sequence[tuple[Finding, Named]]
) -> bool:
    """Whether words that are no arm stand by `finding` where other numbers have their arm.

    Args:
        beside: the findings that have an arm beside them, and the words that name it.
    """
    glued = _GLUED.match(view.between(finding.end, finding.end + 9)) if finding.text.endswith("%") else None
    if glued and not glued.group().startswith(" "):
        return True
    following = min((one.start for one in findings if one.start >= finding.end), default=view.end)
    previous = max((one.end for one in findings if one.end <= finding.start), default=view.start)
    after = _AFTER.match(view.between(finding.end, following))
    before = _BEFORE.search(view.between(previous, finding.start))
    for other, hit in beside:
        lead = _LEADING.search(view.between(max(view.start, hit.start - 20), hit.start))
        if lead is None:
            continue
        match, offset = (after, finding.end) if hit.start >= other.end else (before, previous)
        if match and match["prep"].lower() == lead["prep"].lower() and _is_name(view, match, offset):
            return True
    return _is_labelled(view, finding, beside)


def _is_name(view: SentenceView, match: re.Match[str], offset: int) -> bool:
    if _NO_GROUP.fullmatch(match["name"]):
        return False
    low, high = offset + match.start("name"), offset + match.end("name")
    known = view.of(Label.OUTCOME, Label.CONDITION, Label.TIMEPOINT, Label.HISTOLOGY)
    return not any(one.start < high and low < one.end for one in known)


def _is_labelled(view: SentenceView, finding: Finding, beside: Sequence[tuple[Finding, Named]]) -> bool:
    """ "(drug 126; placebo 127; standard goal 127)": a label of its own in a list whose other labels are arms."""
    start = _item_start(view, finding)
    if start is None or not _LETTERS.search(view.between(start, finding.start)):
        return False
    if any(start <= hit.start < finding.end for _, hit in beside):
        return False
    return any(
        (low := _item_start(view, other)) is not None and low != start and low <= hit.start < other.start
        for other, hit in beside
    )


def _item_start(view: SentenceView, finding: Finding) -> int | None:
    """Where the item of a list parted by semicolons begins that holds the finding."""
    opened = [match.end() for match in _OPENS.finditer(view.between(view.start, finding.start))]
    return view.start + opened[-1] if opened and ";" in view.text else None
