"""How many people each arm has, where the allocation sentence itself does not say.

Place in the flow: called by `arms.py`. A sentence that gives a number to every compared arm is best, above all if the
numbers add up to the study's total; else a size printed right behind an arm's name ("the tacrolimus group (n = 39)").
Counts of events ("adverse event: A n = 3, B n = 1") are told apart by the total and by the words of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipeline.evidence import Arm, Role
from pipeline.relate.arm_aliases import ArmHit
from pipeline.relate.arm_reference import ArmResolver
from pipeline.relate.numbers import COUNT, to_int
from pipeline.relate.view import SentenceView
from pipeline.tag.people import PEOPLE

_PEOPLE = rf"(?:{PEOPLE}|others|eyes)"
_BEHIND = re.compile(
    rf"^\s*(?:group|arm|recipients"
    rf"|patients)?\s*(?:\([^()=]{{0,40}}\)\s*)?[(\[,:;]?\s*(?:[(\[]\s*)?n\s*=\s*(?P<n>\d[\d,]*)"
    rf"|^\s*(?:group|arm)?\s*\(\s*(?P<m>{COUNT})\s+{_PEOPLE}|^,\s*(?P<k>\d+) {_PEOPLE}"
    rf"|^\s+(?:was|were)\s+(?:given|administered)\s+(?:to|in)\s+(?P<j>{COUNT})\s",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    rf"(?<![\d.,/%:])(?<!type )(?<!Type )(?P<n>{COUNT})\s+(?:(?:consecutive|of|the)\s+)?(?:{_PEOPLE}\s+)?"
    r"(?:(?:were|was|had been)\s+)?(?:randomi[sz]ed\s+|assigned\s+|allocated\s+)?"
    r"(?:to|received?|receiving|on|in|with|given|treated with)?\s*(?:receive\s+|treatment with\s+)?(?:the\s+"
    r"|either\s+)?$",
    re.IGNORECASE,
)
_OF = re.compile(
    rf"(?:\d+\s*/\s*"
    rf"|\d+(?:\s*\([^()]*\))?\s+(?:out )?of (?:the"
    rf" )?)(?P<n>\d{{1,5}})\b(?!\s*[%.]\d)\s*(?:\([^()]*\)\s*)?(?:{_PEOPLE})?",
    re.IGNORECASE,
)
_EACH = re.compile(
    rf"\b(?P<n>{COUNT}) (?!women|men|others){_PEOPLE} (?:each|in each|per)\b|\beach of (?P<m>{COUNT}) {_PEOPLE}",
    re.IGNORECASE,
)
_GROUPS_OF = re.compile(
    rf"\b(?:groups|arms)\s+(?:each\s+of|of)\s+(?P<n>{COUNT})(?: {_PEOPLE})?(?: each)?\b"
    rf"|\b(?P<m>{COUNT}) {_PEOPLE} per (?:treatment )?(?:group|arm)\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"\bn\s*=\s*(\d+)", re.IGNORECASE)  # "placebo (n = 319) group"
_ITEM = re.compile(rf"(?:\s+(?:group|arm))?,\s*(\d{{1,5}})\s*(?:{_PEOPLE}\s*)?[;)\]]", re.IGNORECASE)
_TWO = re.compile(
    rf"\b(?P<sum>{COUNT}) {_PEOPLE}[^.;\d]{{0,60}}[:(,]\s*(?P<a>{COUNT}) and (?P<b>{COUNT})\b(?![.,%]\d)", re.IGNORECASE
)
_ALLOTS = re.compile(
    r"\b(?:baseline|dataset|per[- ]protocol|intention|random\w*|assign\w*|allocat\w*|divided|enrol\w+|includ\w+"
    r"|analy[sz]ed)\b",
    re.IGNORECASE,
)


def with_sizes(
    arms: tuple[Arm, ...], own: Iterable[SentenceView], resolver: ArmResolver, total: int | None
) -> tuple[Arm, ...]:
    """Arms with sizes filled in where the text prints them."""
    compared = [arm for arm in arms if arm.role is not Role.BACKGROUND]
    if len(compared) < 2 or all(arm.n is not None for arm in compared):
        return arms
    best: tuple[float, dict[str, int]] | None = None
    single: dict[str, int] = {}
    for view in own:
        found, is_sure = _sizes(view, resolver, [arm.arm_id for arm in compared])
        for arm_id, count in found.items() if is_sure else ():
            single.setdefault(arm_id, count)
        adds_up = sum(found.values()) == total
        nearly = total is not None and (0.85 * total <= sum(found.values()) <= total or total in found.values())
        if len(found) == len(compared) and (is_sure or adds_up or (nearly and min(found.values()) > 9)):
            score = 3.0 * adds_up + 0.5 * nearly + 1.5 * bool(_ALLOTS.search(view.text)) + 1.0 * is_sure
            score -= 2.0 if min(found.values()) < 3 and not adds_up else 0.0
            if best is None or score > best[0]:
                best = (score, found)
    sizes = (
        best[1] if best and best[0] > 0 else {key: count for key, count in single.items() if _plausible(count, total)}
    )
    return tuple(replace(arm, n=arm.n if arm.n is not None else sizes.get(arm.arm_id)) for arm in arms)


def _plausible(count: int, total: int | None) -> bool:
    return count > 2 and (total is None or total * 0.1 <= count < total)


def _sizes(view: SentenceView, resolver: ArmResolver, compared: list[str]) -> tuple[dict[str, int], bool]:
    """Size per arm in one sentence, and whether the words say that it is the size of a group."""
    if match := _GROUPS_OF.search(view.text):
        count = to_int(match.group("n") or match.group("m"))
        return (dict.fromkeys(compared, count) if count else {}), True
    hits = [hit for hit in resolver.arms_in(view.passage, view.start, view.end) if hit.arm_id in compared]
    alone = [hit for hit in hits if sum((other.start, other.end) == (hit.start, hit.end) for other in hits) == 1]
    if (match := _EACH.search(view.text)) and len({hit.arm_id for hit in hits}) == len(compared):
        count = to_int(match.group("n") or match.group("m"))
        return (dict.fromkeys(compared, count) if count else {}), True
    found: dict[str, int] = {}
    for hit in alone:
        match = _WITHIN.search(view.between(hit.start, hit.end)) or _BEHIND.match(view.between(hit.end, view.end))
        if match is None and _ALLOTS.search(view.text):
            match = _AHEAD.search(view.between(max(view.start, hit.start - 70), hit.start))
        if match and hit.arm_id not in found and (count := to_int(next(value for value in match.groups() if value))):
            found[hit.arm_id] = count
    if found:
        return found, True
    if listed := _listed(view, alone, len(compared)):
        return listed, True
    return _denominators(view, alone) or _dealt(view, alone), False


def _listed(view: SentenceView, hits: list[ArmHit], compared: int) -> dict[str, int]:
    """ "325 were analysed (A, 163; B, 162)": numbers behind the names that add up to one of the sentence's counts."""
    found: dict[str, int] = {}
    for hit in hits:
        if match := _ITEM.match(view.between(hit.end, view.end)):
            found.setdefault(hit.arm_id, int(match[1]))
    if len(found) != compared:
        return {}
    counts = {to_int(text) for text in re.findall(rf"(?<![\d.,]){COUNT}(?![\d.,]*\d)", view.text, re.IGNORECASE)}
    return found if sum(found.values()) in counts else {}


def _dealt(view: SentenceView, hits: list[ArmHit]) -> dict[str, int]:
    """ "72 were included: 34 and 38 for A and B, respectively": two counts that add up, two names behind them."""
    order = list(dict.fromkeys(hit.arm_id for hit in hits))
    match = _TWO.search(view.text)
    if len(order) != 2 or match is None or min(hit.start for hit in hits) < view.start + match.end():
        return {}
    whole, first, second = (to_int(match[name]) for name in ("sum", "a", "b"))
    return {order[0]: first, order[1]: second} if first and second and first + second == whole else {}


def _denominators(view: SentenceView, hits: list[ArmHit]) -> dict[str, int]:
    """ "9/99 against 18/87" beside two arm names: 99 and 87, in the order of the names."""
    order = list(dict.fromkeys(hit.arm_id for hit in hits))
    counts = [int(match.group("n")) for match in _OF.finditer(view.text)]
    if counts and counts[0] == sum(counts[1 : 1 + len(order)]):
        counts = counts[1:]  # "14/40 died, 6/20 on A and 8/20 on B"
    if len(order) < 2 or len(counts) < len(order):
        return {}
    return dict(zip(order, counts, strict=False))
