"""Numbers and names in two lists: "(63 % vs 37 %) … in the A than in the B group".

Place in the flow: asked by `arm_of.py` for the runs of numbers that nothing beside them gives an arm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipeline.relate.findings import Finding
from pipeline.relate.placed import Named, Placed
from pipeline.relate.view import SentenceView, without_brackets

_FLAGS = re.IGNORECASE
_CLAUSE = re.compile(
    r";\s|,?\s(?:whereas|while(?! (?:on|receiving|taking|using))|but|although|however)\s"
    r"|,\sand\s(?=(?:the\s)?(?:[\w-]+\s){1,4}(?:rose|fell|increased|decreased|reduced|lowered|improved|raised|caused"
    r"|produced|induced)\b)",
    _FLAGS,
)
_SUBORDINATE = re.compile(r"(?:whereas|while|although|though)\s[^,;]{20,}?,\s", _FLAGS)
_OPPOSED = re.compile(r"\b(?:vs\.?|versus|against|compared|than)\b|/", _FLAGS)
_RESPECTIVELY = re.compile(r"[\s,]*respectively\b", _FLAGS)
_BLANKS = re.compile(r"\s+")
MEASURED_BY = re.compile(r"\b(?:compared|relative|comparison|contrast) (?:with|to)\s(?:the\s)?\Z", _FLAGS)
_VERSUS = re.compile(
    r"\s?[,;]?\s?(?:vs\.?|versus|against|compared (?:with|to)|as compared (?:with|to)|than|/|and)\s?", _FLAGS
)


def runs_of(view: SentenceView, findings: Sequence[Finding]) -> list[list[int]]:
    """Runs of findings joined by "vs", "and" or commas only."""
    groups: list[list[int]] = []
    is_pair = ended = False
    for index, finding in enumerate(findings):
        gap = _BLANKS.sub(" ", without_brackets(view.between(findings[index - 1].end, finding.start))) if index else ""
        opposed = _OPPOSED.search(gap) is not None
        joined = re.fullmatch(rf"(?:{_VERSUS.pattern}|\s?[,;]\s?(?:and\s)?)(?:[\w-]+\s){{0,2}}?", gap, _FLAGS)
        ends = re.search(r"\band\b", gap, _FLAGS) is not None
        # "48 vs 45 years; clearance 116 vs 128", "108 and 105 mm Hg, and albuminuria 1.5 and 1.0 g": two pairs
        if index and joined and (opposed or not is_pair) and not (ended and "," in gap):
            groups[-1].append(index)
            is_pair = is_pair or opposed
            ended = ended or ends
        else:
            groups.append([index])
            is_pair = ended = False
    return groups


def deal_in_order(
    view: SentenceView,
    group: list[int],
    findings: Sequence[Finding],
    hits: Sequence[Named],
    placed: list[Placed | None],
) -> None:
    """Deal the arms out in order: "(63 % vs 37 %) … in the A than in the B group"."""
    if len(group) < 2 or sum(placed[index] is not None for index in group) == len(group):
        return
    start, end = findings[group[0]].start, findings[group[-1]].end
    low, high = clause_of(view, start)
    inside = [hit for hit in hits if low <= hit.start < high]
    beside = {found for index in group if (found := placed[index]) is not None}
    listed = not any(
        _OPPOSED.search(view.between(findings[one].end, findings[two].start)) for one, two in pairwise(group)
    )
    dealt = _is_dealt(view, findings, (start, end), inside) and len(_distinct(inside)) == len(group)
    if listed and len(beside) == 1 and not dealt:
        # "9/20 and 4/20 in the drug group": two outcomes of one arm.
        for index in group:
            placed[index] = next(iter(beside))
        return
    if len(_distinct(inside)) == 1 and (low, high) != (view.start, view.end):
        return
    names: list[Named] = []
    lone = [hit for hit in hits if len(hit.arm_ids) == 1]
    # "both treatments …, but more with B than with A (41 % vs 20 %)": the words for both are none of the two names.
    for hit in lone if len(_distinct(lone)) == len(group) else hits:
        if not names or names[-1].arm_ids != hit.arm_ids:
            names.append(hit)
    if len(names) > 1 and MEASURED_BY.search(view.between(view.start, names[0].start)):
        names.append(names.pop(0))  # "compared with B, A raised it (11 vs 2)": A's number comes first
    after = _distinct(hit for hit in names if hit.start >= end)
    before = _distinct(hit for hit in names if hit.end <= start)
    every = _distinct(names)
    for options in (after[: len(group)], before[-len(group) :], every):
        if len(options) == len(group) == len(set(options)):
            for index, arm_id in zip(group, options, strict=True):
                placed[index] = Placed((arm_id,), "order")
            return
    _by_repeated(view, group, findings, lone, placed)


def _by_repeated(
    view: SentenceView,
    group: list[int],
    findings: Sequence[Finding],
    lone: Sequence[Named],
    placed: list[Placed | None],
) -> None:
    """ "33 % on A 5 mg, 44 % on A 10 mg, 45 % on B, and X fell by 9, 8 and 6, respectively": a name may come again."""
    start, end = findings[group[0]].start, findings[group[-1]].end
    ahead = [hit for hit in lone if hit.end <= start]
    if len(ahead) == len(group) > 2 and _RESPECTIVELY.match(without_brackets(view.between(end, view.end))):
        for index, hit in zip(group, ahead, strict=True):
            placed[index] = Placed(hit.arm_ids, "order")


def _is_dealt(view: SentenceView, findings: Sequence[Finding], run: tuple[int, int], names: Sequence[Named]) -> bool:
    """ "in A and B were 43% and 28%, respectively": names and numbers in two lists, nothing between them."""
    aside = len(_distinct(names)) > 2 and "(" in view.between(run[0] - 2, run[0])  # "A, B and C (12, 15 and 9 %)"
    if not aside and not re.search(r"\brespectively\b", view.between(run[1], view.end), _FLAGS):
        return False
    if all(name.end <= run[0] for name in names):
        return True
    last = max(name.start for name in names)
    return all(name.start >= run[1] for name in names) and not any(run[1] <= one.start < last for one in findings)


def clause_of(view: SentenceView, position: int) -> tuple[int, int]:
    """The clause that a position stands in; the whole sentence if it has only one."""
    flat = without_brackets(view.text)  # offsets kept: an aside has no clauses
    bounds = [view.start, *(view.start + end for end in _clause_ends(flat)), view.end]
    return next(((low, high) for low, high in pairwise(bounds) if low <= position < high), (view.start, view.end))


def _clause_ends(flat: str) -> list[int]:
    ends = [match.end() for match in _CLAUSE.finditer(flat)]
    first = _SUBORDINATE.match(flat)  # "Whereas A lowered it by 52%, it rose with B"
    return sorted({*ends, first.end()}) if first else ends


def _distinct(hits: Iterable[Named]) -> list[str]:
    return list(dict.fromkeys(arm_id for hit in hits for arm_id in hit.arm_ids))
