"""Which arm a number belongs to: named beside it, by list order, by clause, or by default.

Place in the flow: asked by `results.py` and `comparisons.py`; arms and their mentions come from `arms.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.evidence import Label
from pipeline.relate.allocation_words import ALLOTS_TO
from pipeline.relate.arm_order import clause_of, deal_in_order, runs_of
from pipeline.relate.findings import Finding, is_from_to
from pipeline.relate.headed_lists import headed
from pipeline.relate.pair_order import place_pairs
from pipeline.relate.placed import Named, Placed, Resolver
from pipeline.relate.unread_groups import is_half_named, is_of_unread_group
from pipeline.relate.view import SentenceView, without_brackets
from pipeline.tag.people import PEOPLE, PERSONS

_FLAGS = re.IGNORECASE
_RIGHT = re.compile(
    rf"[\s,]*(?:%|{PERSONS}|cases|[a-z]+ patients)?\s?(?:[(\[][^()\[\]]*[)\]]\s?,?\s?)*"
    r"(?:(?:of|in|for|with|among|by|on|during|from|receiving|treated|given|who received"
    r"|not receiving|without|who (?:had|took|did not receive)"
    rf"|{PEOPLE}|the|both|taking|under|assigned to"
    r"|at \w+ \d+)[\s-]*){0,6}[(\[]?",
    _FLAGS,
)
_LEFT = re.compile(
    r"[\s,:=(\[]*(?:group|arm|patients|was|were|of|by|had|a|an|the|mean|median|\)|at|[\s,:=(\[])*", _FLAGS
)
_OWN_NUMBER = re.compile(r"\s?(?:groups?|arms?|patients)?\s?(?::|=|was|were)\s", _FLAGS)
_SIZE = re.compile(r"[(\[]\s?n\s?=\s?\d+\s?[)\]]")
_TIGHT = re.compile(r"\s?[:=(\[]?\s?")
_OTHER_GROUP = re.compile(
    r"\s?(?:[(\[][^()\[\]]*[)\]]\s?)?(?:for|in|with|among)\s(?:the\s)?"
    r"(?:[A-Z][A-Z0-9/+-]{1,9}\b(?!\s(?:levels?|scores?|values?))|(?:[\w-]+\s){1,3}(?:group|arm)\b)"
)
_TEST = re.compile(r"\bp\s?[<=>≤]", _FLAGS)
_RESPECTIVELY = re.compile(r"[\s,]*respectively\b", _FLAGS)
_LISTED = re.compile(r"[\s,;]*(?:and\s|or\s)?\s*")
_LISTED_PAIR = re.compile(r"[\s%,]*(?:and|versus|vs\.?)\s", _FLAGS)
_NAMES_GAP = re.compile(r"\s?(?:groups?\s|arms?\s|patients\s)?(?:and|versus|vs\.?)\s(?:in\s|for\s)?(?:the\s)?", _FLAGS)
_TURNS = re.compile(r"(FF+N)\1+")  # as many numbers (F) before each name (N)
_PLURAL = re.compile(
    r"\b(?:both|all|each|either|neither|groups|arms|treatments|regimens|drugs|cohorts|overall)\b", _FLAGS
)

_CONTROLS = re.compile(
    r"\b(?:in|of|for|from|among)\s(?:the\s)?(?:\d+\s)?(?:(?:healthy|normal|matched|age-matched|sex-matched|nondiabetic|and)\s){0,3}"
    r"(?:controls|control (?:subjects|individuals|persons))\b",
    _FLAGS,
)
_PATIENTS = re.compile(r"\b(?:patients?|recipients?|than|versus|vs|compared|treated|cases)\b", _FLAGS)


def named_arms(view: SentenceView, resolver: Resolver) -> list[Named]:
    """The arm names of a sentence in order, hits on the same words joined."""
    spans: dict[tuple[int, int], list[str]] = {}
    for hit in resolver.arms_in(view.passage, view.start, view.end):
        spans.setdefault((hit.start, hit.end), []).append(hit.arm_id)
    return [Named(tuple(dict.fromkeys(ids)), start, end) for (start, end), ids in sorted(spans.items())]


def place_arms(
    view: SentenceView, findings: Sequence[Finding], hits: Sequence[Named], resolver: Resolver
) -> list[Placed]:
    """The arm of each finding of a sentence, in order."""
    named = hits
    hits = [hit for hit in named if not is_half_named(view, hit, named)]
    if named and not hits:
        return [Placed((), "unread") for _ in findings]
    placed: list[Placed | None] = [_beside(view, index, findings, hits) for index in range(len(findings))]
    for index, arm_id in headed(view, findings, hits).items():
        placed[index] = Placed((arm_id,), "order") if arm_id else Placed((), "unread")
    for index in range(len(findings) - 1):
        # "from A to B in the X group": the name stands beside the second number only.
        first, second = placed[index], placed[index + 1]
        if is_from_to(view, findings[index], findings[index + 1]) and (first is None) != (second is None):
            placed[index] = placed[index + 1] = first or second
    _deal_respectively(view, findings, hits, placed)
    _by_turns(findings, hits, placed)
    groups = runs_of(view, findings)
    for group in groups:
        deal_in_order(view, group, findings, hits, placed)
    place_pairs(view, groups, findings, hits, placed, resolver)
    result: list[Placed] = []
    for index, finding in enumerate(findings):
        found = placed[index] or _elsewhere(view, finding, findings, hits, placed) or _by_clause(view, finding, hits)
        if found is not None and found.how in ("clause", "order") and _is_before_allotment(view, finding, hits):
            found = None  # "94 people (mean age, 53 years; 75 % male) were randomised to": all of them
        if found is None:
            found = _by_default(view, finding, resolver)
        if result and is_from_to(view, findings[index - 1], finding):
            found = _of_both(view, finding, result, found, hits)
        off = resolver.off_treatment(view, finding.start, finding.end)
        result.append(Placed((off,), "clause") if off else _unambiguous(view, finding, found))
    return result


def _by_default(view: SentenceView, finding: Finding, resolver: Resolver) -> Placed:
    if _is_of_controls(view, finding):
        return Placed((), "unread")
    return Placed(resolver.default_for(view.passage, finding.start), "default")


def _is_of_controls(view: SentenceView, finding: Finding) -> bool:
    """ "in 22 controls and 17 donors it was 13 and 11 %": of healthy people who are no arm known."""
    words = view.between(*clause_of(view, finding.start))
    return _CONTROLS.search(words) is not None and not _PATIENTS.search(words) and not view.given


def _of_both(
    view: SentenceView, finding: Finding, result: list[Placed], found: Placed, hits: Sequence[Named]
) -> Placed:
    """The arm of both values of "from A to B": the one named right behind ("in X patients"), else the first one's."""
    if found.how != "clause":
        return found
    behind = next((hit for hit in hits if hit.start >= finding.end), None)
    gap = without_brackets(view.between(finding.end, behind.start)) if behind else ""
    if (
        behind
        and behind.arm_ids == found.arm_ids
        and re.fullmatch(r"[\s,]*(?:[\w/%]+\s){0,2}(?:in|with|for|among|on|under)\s(?:the\s)?", gap, _FLAGS)
    ):
        result[-1] = found
        return found
    return result[-1]


def _is_before_allotment(view: SentenceView, finding: Finding, hits: Sequence[Named]) -> bool:
    """Whether a number stands before the first arm of a sentence that allots people to arms."""
    first = hits[0].start if hits else view.start
    ahead = view.between(view.start, first)
    return (
        finding.end <= first and len({arm for hit in hits for arm in hit.arm_ids}) > 1 and bool(ALLOTS_TO.search(ahead))
    )


def _deal_respectively(
    view: SentenceView, findings: Sequence[Finding], hits: Sequence[Named], placed: list[Placed | None]
) -> None:
    """ "1.5, 2.1 (P < 0.01), and 1.7 for groups A, B, and C, respectively": a number to each name of the list."""
    for hit in hits:
        count = len(hit.arm_ids)
        if count < 2 or not _RESPECTIVELY.match(view.between(hit.end, view.end)):
            continue
        run = [index for index, finding in enumerate(findings) if finding.end <= hit.start][-count:]
        gaps = [view.between(findings[one].end, findings[two].start) for one, two in pairwise(run)]
        if len(run) == count and all(_LISTED.fullmatch(without_brackets(gap)) for gap in gaps):
            for index, arm_id in zip(run, hit.arm_ids, strict=True):
                placed[index] = Placed((arm_id,), "order")


def _by_turns(findings: Sequence[Finding], hits: Sequence[Named], placed: list[Placed | None]) -> None:
    """ "129 at entry and 148 later in A and 131 at entry and 152 later in B": each name closes its numbers."""
    lone = [hit for hit in hits if len(hit.arm_ids) == 1]
    order = sorted([(one.start, index, None) for index, one in enumerate(findings)] + [(h.start, -1, h) for h in lone])
    letters = "".join("F" if name is None else "N" for _, _, name in order)
    turns = _TURNS.fullmatch(letters)
    if turns is None or len({hit.arm_ids for hit in lone}) < 2:
        return
    size = len(turns[1])
    for number, (_, index, name) in enumerate(order):
        if name is None and placed[index] is None:
            closing = order[number - number % size + size - 1][2]
            placed[index] = Placed(closing.arm_ids, "order") if closing else None


def _elsewhere(
    view: SentenceView,
    finding: Finding,
    findings: Sequence[Finding],
    hits: Sequence[Named],
    placed: Sequence[Placed | None],
) -> Placed | None:
    """No arm, where "0.15 for HS" names a group of its own that is none of the arms known, beside one that is."""
    beside = [
        (other, hit)
        for other, one in zip(findings, placed, strict=True)
        if one is not None and one.how == "beside"
        for hit in hits
        if hit.arm_ids == one.arm_ids
    ]
    if beside and _OTHER_GROUP.match(view.text, finding.end - view.start):
        return Placed((), "none")
    return Placed((), "unread") if is_of_unread_group(view, finding, findings, beside) else None


def _unambiguous(view: SentenceView, finding: Finding, placed: Placed) -> Placed:
    """Several arms only where the words say so ("both groups"); a drug that several arms share names none of them."""
    if len(placed.arm_ids) < 2 or _PLURAL.search(view.text):
        return placed
    return Placed((), "none")


def _beside(view: SentenceView, index: int, findings: Sequence[Finding], hits: Sequence[Named]) -> Placed | None:
    finding = findings[index]
    following = findings[index + 1].start if index + 1 < len(findings) else view.end
    previous = findings[index - 1].end if index else view.start
    for hit in hits:
        inside = finding.start <= hit.start and hit.end <= finding.end
        named_first = previous <= hit.start and hit.end <= finding.start
        if inside or (named_first and len(hit.arm_ids) == 1 and _TIGHT.fullmatch(view.between(hit.end, finding.start))):
            return Placed(hit.arm_ids, "beside")
        own = following < view.end and hit.end <= following and _OWN_NUMBER.fullmatch(view.between(hit.end, following))
        if own:
            continue  # "… 464 (p < 0.01), with B: 477": the name is the next number's
        if finding.end <= hit.start < following and _RIGHT.fullmatch(_without_doses(view, finding.end, hit.start)):
            return None if _is_of_list(view, index, findings, hit, hits) else Placed(hit.arm_ids, "beside")
    for hit in reversed(hits):
        gap = _SIZE.sub("", view.between(hit.end, finding.start))
        if previous <= hit.start and hit.end <= finding.start and _LEFT.fullmatch(gap):
            return Placed(hit.arm_ids, "beside")
    return None


def _is_of_list(view: SentenceView, index: int, findings: Sequence[Finding], hit: Named, hits: Sequence[Named]) -> bool:
    """ "46.9% and 37% in A and B": two numbers before two names; the second number is not the first name's."""
    if not index or not _LISTED_PAIR.fullmatch(
        without_brackets(view.between(findings[index - 1].end, findings[index].start))
    ):
        return False
    return any(
        other.arm_ids != hit.arm_ids and _NAMES_GAP.fullmatch(without_brackets(view.between(hit.end, other.start)))
        for other in hits
        if other.start >= hit.end
    )


def _without_doses(view: SentenceView, low: int, high: int) -> str:
    """The text between a number and a name, "on 100 mg" read as "on"."""
    text, start = "", low
    for dose in view.of(Label.DOSE):
        if start <= dose.start and dose.end <= high:
            text += view.between(start, dose.start)
            start = dose.end
    return text + view.between(start, high)


def _in_later_bracket(view: SentenceView, finding: Finding, hit: Named) -> bool:
    gap = view.between(finding.end, hit.start)
    return hit.start >= finding.end and gap.count("(") > gap.count(")") and bool(_TEST.search(gap))


def _by_clause(view: SentenceView, finding: Finding, hits: Sequence[Named]) -> Placed | None:
    low, high = clause_of(view, finding.start)
    inside = [hit for hit in hits if low <= hit.start < high]
    # "increased (P = 0.01 for the drug compared with placebo)": names in a later bracket are about the test.
    inside = [hit for hit in inside if not _in_later_bracket(view, finding, hit)] or inside
    if inside:
        nearest = min(
            inside, key=lambda hit: (min(abs(hit.start - finding.end), abs(finding.start - hit.end)), hit.start)
        )
        return Placed(nearest.arm_ids, "clause")
    if len({hit.arm_ids for hit in hits}) == 1:
        return Placed(hits[0].arm_ids, "clause")
    return None
