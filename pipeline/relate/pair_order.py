"""Pairs of numbers of a two-armed trial of which the text names one arm only, or none.

Place in the flow: asked by `arm_of.py` where names and numbers in two lists were dealt out.

    "was less common in the A group (9/99 vs 18/87)"              A, then the other arm
    "… 1.0 (A) vs 4.0 (B). The later changes were 2.0 vs 4.5."    as in the sentence before
    "… in the A group (9 % vs 18 %); so was cough (3 % vs 7 %)"   as in the pair before
    "… with A … with B. Survival was 22 % and 11 %, respectively."     as in the sentence before

Two numbers may as well be of one arm at two times, so that the first needs words that set arms, not times, apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.evidence import Label
from pipeline.relate.arm_order import MEASURED_BY, clause_of
from pipeline.relate.findings import Finding
from pipeline.relate.placed import Named, Placed, Resolver
from pipeline.relate.view import SentenceView, without_brackets
from pipeline.tag.people import PEOPLE

_FLAGS = re.IGNORECASE
_VERSUS = re.compile(r"[^;:]{0,25}\b(?:vs\.?|versus)\s(?:[\w-]+\s){0,2}", _FLAGS)
_COMPARES = re.compile(
    r"\b(?:more|less|fewer|lower|higher|greater|smaller|larger|better|worse|shorter|longer|faster|slower|earlier|later"
    r"|superior|inferior|favou?r\w*|reduced|differ\w*|similar|comparable|improved)\b",
    _FLAGS,
)
_TIMES = re.compile(
    r"\b(?:baseline|before|after|initial\w*|pre-?treatment|post-?treatment|pre|post|entry|start|end|previous\w*"
    r"|respectively|weeks? \d|months? \d|day \d|from|responders|wom[ae]n|m[ae]n|males?|females?|boys|girls|younger"
    r"|older|diabetics?|with and without)\b",
    _FLAGS,
)
_LATER_TIME = re.compile(
    r"\bafter\s(?:\w+\s){0,2}(?:of\s)?(?:treatment|therapy|follow-?up)\b|\b(?:at|after)\s[\w.]+\s\w+", _FLAGS
)
_THAN = re.compile(r"\b(?:than|versus|vs\.?)\s(?:with\s|in\s|on\s|for\s|after\s)?(?:the\s)?\Z", _FLAGS)
# "… than |≤5 % weight loss|": no arm; "than in those of the |B| group (" may be one that is not read.
_THAN_OTHERS = re.compile(
    r"\bthan\s(?!(?:(?:those|that|patients)\s)?(?:(?:in|with|on|for)\s)?(?:the\s)?[A-Z][\w+/-]*"
    r"(?:\s(?:groups?|arm|patients|recipients|treatment|therapy))?(?:\s(?:at|on|by|after)\s[\w\s]{1,20})?\W{0,3}\Z)"
)
# "similar for XY and |A": a name that is not read stands first.
_LISTED = re.compile(r"\b(?:in|for|with|on|between|of|the)\s[\w/+-]+\s(?:\w+\s)?(?:and|or)\s(?:the\s)?\Z", _FLAGS)
_AND = re.compile(r"[\s%]*(?:[a-zµμ/.0-9]{1,12}\s)?and\s", _FLAGS)
_RESPECTIVELY = re.compile(r"[^.;,]{0,25},?\srespectively\b", _FLAGS)
# A list that the two numbers may answer: outcomes, times, people.
_LISTS = re.compile(r"\b(?:and|or|both|among|in|with|between)\b", _FLAGS)
_PEOPLE_APART = re.compile(
    rf"\b(?:in|among|for|of|with|between)\s(?:the\s)?(?:\w+\s){{0,2}}(?:{PEOPLE}|those\b|groups?\b|subgroup\w*|cases\b|arms?\b)"
    rf"|\b{PEOPLE}\s(?:with|who|without|aged|on)\b",
    _FLAGS,
)
_CARRIED = re.compile(
    r"\bcorresponding\w*|\bthe same\b|^(?:after|at|by)\s[\w.]+\s(?:weeks?|months?|years?|days?)\b"
    r"|^similarly\b|^likewise\b",
    _FLAGS,
)


def place_pairs(
    view: SentenceView,
    groups: Sequence[list[int]],
    findings: Sequence[Finding],
    hits: Sequence[Named],
    placed: list[Placed | None],
    resolver: Resolver,
) -> None:
    """Give both numbers of each such pair their arm, in place."""
    sides = resolver.sides()
    if len(sides) != 2:
        return
    last: tuple[int, tuple[str, str]] | None = None  # where the last pair with its arms ends, and which
    for group in groups:
        is_list = len(group) == 2 and _is_respectively(view, findings, group)
        if len(group) != 2 or not (is_list or _is_opposed(view, findings, group)):
            continue
        first, second = placed[group[0]], placed[group[1]]
        if first and second:
            order = (*first.arm_ids, *second.arm_ids)
            last = (findings[group[1]].end, (order[0], order[1])) if set(order) == set(sides) == {*order[:2]} else None
            continue
        found = None if is_list else _of_one_name(view, findings, group, hits, sides)
        if found is None and last is not None and not any(hit.start >= last[0] for hit in hits):
            found = last[1]
        if found is None and not hits and (is_list or _is_carried(view, findings, group)):
            found = resolver.order_before(view)
        if found is not None:
            placed[group[0]], placed[group[1]] = Placed((found[0],), "order"), Placed((found[1],), "order")
            last = (findings[group[1]].end, found)


def _tells_times(text: str) -> bool:
    """Whether words set times or kinds of people apart; a time that both numbers share sets nothing apart."""
    return _TIMES.search(_LATER_TIME.sub(" ", text)) is not None


def _is_opposed(view: SentenceView, findings: Sequence[Finding], group: list[int]) -> bool:
    gap = view.between(findings[group[0]].end, findings[group[1]].start)
    return _VERSUS.fullmatch(gap) is not None


def _is_respectively(view: SentenceView, findings: Sequence[Finding], group: list[int]) -> bool:
    """ "were 22.5% and 11.2%, respectively" where nothing but arms named before may be meant."""
    first, second = findings[group[0]], findings[group[1]]
    before = view.between(view.start, first.start)
    return (
        _AND.fullmatch(without_brackets(view.between(first.end, second.start))) is not None
        and _RESPECTIVELY.match(without_brackets(view.between(second.end, view.end))) is not None
        and not _LISTS.search(_LATER_TIME.sub(" ", before))
        and not _tells_times(before)
    )


def _of_one_name(
    view: SentenceView, findings: Sequence[Finding], group: list[int], hits: Sequence[Named], sides: Sequence[str]
) -> tuple[str, str] | None:
    """The arm named ahead of the pair and the other one; turned round if it is named as what is compared with."""
    start, end = findings[group[0]].start, findings[group[1]].end
    if len({hit.arm_ids for hit in hits}) != 1 or len(hits[0].arm_ids) != 1 or hits[0].arm_ids[0] not in sides:
        return None
    low, high = clause_of(view, start)
    ahead = [hit for hit in hits if low <= hit.start and hit.end <= start]
    if not ahead or any(hit.start >= end for hit in hits) or not _COMPARES.search(view.between(low, start)):
        return None
    if _tells_times(view.between(low, high)):
        return None
    if _THAN_OTHERS.search(without_brackets(view.between(ahead[-1].end, start))):
        return None  # "in the A group, it was greater in the old than in the young"
    arm = ahead[-1].arm_ids[0]
    other = next(side for side in sides if side != arm)
    before = without_brackets(view.between(view.start, ahead[-1].start))
    is_second = MEASURED_BY.search(before) or _THAN.search(before) or _LISTED.search(before)
    return (other, arm) if is_second else (arm, other)


def _is_carried(view: SentenceView, findings: Sequence[Finding], group: list[int]) -> bool:
    """Whether the sentence goes on with the pairs of the one before: nobody is named, and nothing else told apart."""
    before = view.between(view.start, findings[group[0]].start)
    if _tells_times(before):
        return False
    others = _PEOPLE_APART.search(view.text) or view.of(Label.ARM)
    return _CARRIED.search(before) is not None or not (others or _tells_times(view.text))
