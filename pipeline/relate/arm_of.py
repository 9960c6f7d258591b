"""Which arm a number belongs to: named beside it, by list order, by clause, or by default.

Place in the flow: asked by `results.py` and `comparisons.py`; arms and their mentions come from `arms.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from pipeline.evidence import Label
from pipeline.relate.allocation_words import ALLOTS_TO
from pipeline.relate.findings import Finding, is_from_to
from pipeline.relate.headed_lists import headed
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
_CLAUSE = re.compile(
    r";\s|,?\s(?:whereas|while(?! (?:on|receiving|taking|using))|but|although|however)\s"
    r"|,\sand\s(?=(?:the\s)?(?:[\w-]+\s){1,4}(?:rose|fell|increased|decreased|reduced|lowered|improved|raised|caused"
    r"|produced|induced)\b)",
    _FLAGS,
)
_SUBORDINATE = re.compile(r"(?:whereas|while|although|though)\s[^,;]{20,}?,\s", _FLAGS)
_OPPOSED = re.compile(r"\b(?:vs\.?|versus|against|compared|than)\b|/", _FLAGS)
_TIGHT = re.compile(r"\s?[:=(\[]?\s?")
_OTHER_GROUP = re.compile(
    r"\s?(?:[(\[][^()\[\]]*[)\]]\s?)?(?:for|in|with|among)\s(?:the\s)?"
    r"(?:[A-Z][A-Z0-9/+-]{1,9}\b(?!\s(?:levels?|scores?|values?))|(?:[\w-]+\s){1,3}(?:group|arm)\b)"
)
_TEST = re.compile(r"\bp\s?[<=>≤]", _FLAGS)
_RESPECTIVELY = re.compile(r"[\s,]*respectively\b", _FLAGS)
_LISTED = re.compile(r"[\s,;]*(?:and\s|or\s)?\s*")
_LISTED_PAIR = re.compile(r"[\s%,]*(?:and|versus|vs\.?)\s", _FLAGS)
_BLANKS = re.compile(r"\s+")
_NAMES_GAP = re.compile(r"\s?(?:groups?\s|arms?\s|patients\s)?(?:and|versus|vs\.?)\s(?:in\s|for\s)?(?:the\s)?", _FLAGS)
_TURNS = re.compile(r"(FF+N)\1+")  # as many numbers (F) before each name (N)
_MEASURED_BY = re.compile(r"\b(?:compared|relative|comparison|contrast) (?:with|to)\s(?:the\s)?\Z", _FLAGS)
_PLURAL = re.compile(
    r"\b(?:both|all|each|either|neither|groups|arms|treatments|regimens|drugs|cohorts|overall)\b", _FLAGS
)
_VERSUS = re.compile(
    r"\s?[,;]?\s?(?:vs\.?|versus|against|compared (?:with|to)|as compared (?:with|to)|than|/|and)\s?", _FLAGS
)


class Hit(Protocol):
    """A place where an arm is named (`arm_aliases.ArmHit`); words for several arms give a hit each."""

    @property
    def arm_id(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Resolver(Protocol):
    """What `arm_reference.ArmResolver` offers."""

    def arms_in(self, passage: int, start: int, end: int) -> Sequence[Hit]: ...

    def default_for(self, passage: int, position: int) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Named:
    """Words that name one arm, or several ("both groups")."""

    arm_ids: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Placed:
    """The arms of a number and how they were found: "beside", "order", "clause", "default", "none" (nothing names
    one, or several do) or "unread" (a group that is no arm known).
    """

    arm_ids: tuple[str, ...]
    how: str


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
    for group in _groups(view, findings):
        _by_order(view, group, findings, hits, placed)
    result: list[Placed] = []
    for index, finding in enumerate(findings):
        found = placed[index] or _elsewhere(view, finding, findings, hits, placed) or _by_clause(view, finding, hits)
        if found is not None and found.how in ("clause", "order") and _is_before_allotment(view, finding, hits):
            found = None  # "94 people (mean age, 53 years; 75 % male) were randomised to": all of them
        if found is None:
            found = Placed(resolver.default_for(view.passage, finding.start), "default")
        if result and is_from_to(view, findings[index - 1], finding):
            found = _of_both(view, finding, result, found, hits)
        result.append(_unambiguous(view, finding, found))
    return result


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


def _groups(view: SentenceView, findings: Sequence[Finding]) -> list[list[int]]:
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


def _by_order(
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
    low, high = _clause_of(view, start)
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
    if len(names) > 1 and _MEASURED_BY.search(view.between(view.start, names[0].start)):
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


def _in_later_bracket(view: SentenceView, finding: Finding, hit: Named) -> bool:
    gap = view.between(finding.end, hit.start)
    return hit.start >= finding.end and gap.count("(") > gap.count(")") and bool(_TEST.search(gap))


def _is_dealt(view: SentenceView, findings: Sequence[Finding], run: tuple[int, int], names: Sequence[Named]) -> bool:
    """ "in A and B were 43% and 28%, respectively": names and numbers in two lists, nothing between them."""
    if not re.search(r"\brespectively\b", view.between(run[1], view.end), _FLAGS):
        return False
    if all(name.end <= run[0] for name in names):
        return True
    last = max(name.start for name in names)
    return all(name.start >= run[1] for name in names) and not any(run[1] <= one.start < last for one in findings)


def _clause_of(view: SentenceView, position: int) -> tuple[int, int]:
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


def _by_clause(view: SentenceView, finding: Finding, hits: Sequence[Named]) -> Placed | None:
    low, high = _clause_of(view, finding.start)
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
