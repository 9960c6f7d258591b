"""Which treatments a sentence sets against each other, and which it gives together.

Place in the flow: `arms.py` asks for the allocation of every sentence and builds the arms from the best one.

    "randomised to A plus either B (n = 20) or C (n = 21)"  ->  slots [A, B] n = 20 and [A, C] n = 21

The sentence becomes a row of items (drugs, "placebo", "no treatment"); the words between two neighbours join them,
split them, or break the row. "A and B" is joined unless the words before it compare, both sides have their own
size, or the paper sets A against B elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from pipeline.evidence import Label
from pipeline.relate.allocation_words import (
    ALLOTS,
    ALONE,
    BARE_AND,
    BARE_TAIL,
    COMPARES,
    DRAWN,
    DRAWS,
    FACTORS,
    HISTORY,
    ITEM,
    JOIN,
    LIST_COMMA,
    LIST_END,
    NEW_SUBJECT,
    OR_WEEKS,
    RESULT_WORDS,
    SHARED_TAIL,
    SIZE_AFTER,
    SIZE_BEFORE,
    SPLIT,
    TOGETHER,
    TREATS,
    UNTREATED,
)
from pipeline.relate.both_drugs import both_drugs
from pipeline.relate.combination import Place, together
from pipeline.relate.given import names_design, times_another
from pipeline.relate.numbers import to_int
from pipeline.relate.told_apart import is_one_groups, told_apart
from pipeline.relate.untreated import is_withheld
from pipeline.relate.view import DrugHit, SentenceView, in_brackets, without_brackets, without_schedule
from pipeline.tag.people import PEOPLE

_SURE = 0.6  # above this a comparing word before "A and B" compares something else
NOTHING = ""  # the "drug" of an untreated group


@dataclass(frozen=True, slots=True)
class Slot:
    """One side of an allocation: its drugs and its extent in the passage. `shared` drugs are given to every side."""

    drugs: tuple[DrugHit, ...]
    start: int
    end: int
    size: int | None = None
    shared: tuple[DrugHit, ...] = ()
    reach: int = 0  # where the next slot begins: names and sizes up to there are this slot's

    @property
    def names(self) -> frozenset[str]:
        """Names of all drugs of the slot."""
        return frozenset(drug.name for drug in (*self.drugs, *self.shared)) - {NOTHING}


@dataclass(frozen=True, slots=True)
class Allocation:
    """The slots of one sentence; a higher `score` is a better definition of the paper's arms."""

    view: SentenceView
    slots: tuple[Slot, ...]
    score: float


@dataclass(slots=True)
class _Row:
    items: list[DrugHit] = field(default_factory=list)
    links: list[str] = field(default_factory=list)  # between neighbours: "join" | "split"


def allocation_of(view: SentenceView, opposed: frozenset[frozenset[str]] = frozenset()) -> Allocation | None:
    """The best allocation in a sentence. `opposed`: pairs of names that the paper sets against each other."""
    best: Allocation | None = None
    if len(view.drugs) + len(_untreated(view.text)) < 2:
        return None  # nothing to set against anything
    if FACTORS.search(view.text) and not ALLOTS.search(view.text):
        return None
    for row in _rows(view, opposed):
        if "split" not in row.links:
            continue
        slots = _slots(view, row, opposed)
        if 2 <= len(slots) <= 8 and any(slot.names for slot in slots):
            candidate = Allocation(view, slots, _score(view, slots))
            best = candidate if best is None or candidate.score > best.score else best
    return best


def best_allocation(own: tuple[SentenceView, ...], front: frozenset[str] | None = None) -> Allocation | None:
    """The sentence that defines the compared arms, None if nothing is compared.

    `front`: drugs of the title and abstract; if given, every side with drugs must have one of them.
    """
    fitting = [found for found in _allocations(own) if _is_of(found, front)]
    return max(fitting, key=lambda one: (one.score, -one.view.ordinal), default=None)


def _allocations(own: tuple[SentenceView, ...]) -> list[Allocation]:
    """The allocation of every sentence that has one; made once for the steps that ask about the same sentences."""
    if not _last or _last[0][0] != own:
        opposed = opposed_pairs(own)
        _last[:] = [(own, [found for view in own if (found := allocation_of(view, opposed))])]
    return _last[0][1]


_last: list[tuple[tuple[SentenceView, ...], list[Allocation]]] = []  # none or one


def _is_of(allocation: Allocation, front: frozenset[str] | None) -> bool:
    sides = [slot.names - {"placebo"} for slot in allocation.slots]
    return front is None or all(side & front for side in sides if side)


def opposed_pairs(views: tuple[SentenceView, ...]) -> frozenset[frozenset[str]]:
    """Pairs of drug names that some sentence sets against each other in so many words."""
    pairs = set()
    for view in views:
        for first, second in pairwise(_items(view)):
            if first.name != second.name and _link(view, first, second, frozenset()) == "split":
                pairs.add(frozenset((first.name, second.name)))
        pairs |= told_apart(view)
    return frozenset(pairs)


def _items(view: SentenceView) -> list[DrugHit]:
    named = [(arm.start, arm.end) for arm in view.of(Label.ARM) if in_brackets(view, arm.start)]
    items = [
        drug
        for drug in view.drugs
        if drug.use == "given" and not any(low <= drug.start < high for low, high in named)
        and not _explains(view, drug) and not names_design(view, drug) and not times_another(view, drug)
    ]  # fmt: skip
    items += [replace(drug, name=NOTHING, concept_id=None, text=f"no {drug.text}") for drug in _withheld(view)]
    for low, high in _untreated(view.text):
        start, end = low + view.start, high + view.start
        if not any(drug.start < end and start < drug.end for drug in view.drugs):
            items.append(DrugHit(NOTHING, None, start, end, view.text[low:high]))
    return sorted(items, key=lambda item: item.start)


def _withheld(view: SentenceView) -> list[DrugHit]:
    """ "38 received A and 65 had no A": the side of a drug that another side was given; a bracket sets up no side."""
    given = {drug.name for drug in view.drugs if drug.use == "given"}
    return [
        drug
        for drug in view.drugs
        if drug.name in given and is_withheld(view, drug) and not in_brackets(view, drug.start)
    ]


@lru_cache(maxsize=1024)  # a sentence is asked about by every rule that looks for an allocation
def _untreated(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in UNTREATED.finditer(text))


def _rows(view: SentenceView, opposed: frozenset[frozenset[str]]) -> list[_Row]:
    rows, row = [], _Row()
    for item in _items(view):
        if row.items:
            link = _link(view, row.items[-1], item, opposed)
            if link == "break":
                rows.append(row)
                row = _Row()
            else:
                row.links.append(link)
        row.items.append(item)
    return [_listed(view, one) for one in [*rows, row]]


def _listed(view: SentenceView, row: _Row) -> _Row:
    """The row with its lists read as alternatives: "A, B, or C"; "A 5 mg, A 10 mg, B, and placebo"."""
    gaps = [without_brackets(without_schedule(view, _end(view, one), two.start)) for one, two in pairwise(row.items)]
    low = 0
    while low < len(gaps):
        high = low
        while high < len(gaps) and LIST_COMMA.match(gaps[high]):
            high += 1
        last = high < len(gaps) and LIST_END.match(gaps[high])
        names = [item.name for item in row.items[low : high + 2]]
        again = "placebo" in names or any(one == two for one, two in pairwise(names))
        apart = last and not is_one_groups(view, row.items[low], row.items[min(high + 1, len(row.items) - 1)], last)
        apart = apart and last and (last.group(1).lower() == "or" or again or "split" in row.links[low : high + 1])
        if high > low and apart:
            row.links[low : high + 1] = ["split"] * (high + 1 - low)
        low = max(high, low) + 1
    if both_drugs(view, row.items):
        row.links = ["split"] * len(row.links)
    return row


def _link(view: SentenceView, first: DrugHit, second: DrugHit, opposed: frozenset[frozenset[str]]) -> str:
    gap = view.between(_end(view, first), second.start)
    if ITEM.search(gap) and len(gap.split()) <= 24:
        return "split"
    plain = without_brackets(without_schedule(view, _end(view, first), second.start))
    if (lasting := OR_WEEKS.sub(" ", gap)) != gap:  # "A for eight or 12 weeks, in combination with B"
        plain = without_brackets(lasting)
    enters = plain.count("(") > plain.count(")")
    plain = plain[: plain.rfind("(")] if enters else plain
    if enters and not SPLIT.search(plain):
        return "join" if re.search(r"\+|\bplus\b|\bwith\b", gap[gap.rfind("(") :]) else "break"
    if HISTORY.search(plain):
        return "break"
    if ALONE.match(plain):
        return "split"
    if BARE_AND.match(plain):
        return "split" if _is_contrast(view, first, second, gap, opposed) else "join"
    if NEW_SUBJECT.search(plain) and len(plain.split()) <= 20:
        return "split"
    if (match := SPLIT.search(plain)) and len(plain.split()) <= 16:
        return "join" if match.group().lower() == "or" and _is_alternative(view, first) else "split"
    if JOIN.match(plain) or (SHARED_TAIL.search(plain) and len(plain.split()) <= 10):
        return "join"
    return "break"


def _end(view: SentenceView, drug: DrugHit) -> int:
    """Where a drug's words end; behind the bracket that its class opened ("A (a kind of B, 5 mg/d)")."""
    words = view.between(drug.start, drug.end)
    if words.count("(") <= words.count(")"):
        return drug.end
    close = view.text.find(")", drug.end - view.start)
    return drug.end if close < 0 else view.start + close + 1


def _explains(view: SentenceView, drug: DrugHit) -> bool:
    """The drug stands in a bracket about drugs right before it: "X (a kind of Y)", "X/Y (3 X, 2 Y doses)"."""
    before = view.between(view.start, drug.start)
    opened = before.rfind("(")
    place = view.start + opened
    inside = opened >= 0 and ")" not in before[opened:]
    if inside and any(other.name == drug.name and place - 40 < other.end <= place for other in view.drugs):
        return True
    if opened < 0 or ")" in before[opened:] or re.search(r"\+|\bplus\b|\band\b|\bn\s*=|,|;", before[opened:]):
        return False
    position = view.start + len(before[:opened].rstrip())
    return any(other.end == position for other in view.drugs)


def _is_alternative(view: SentenceView, first: DrugHit) -> bool:
    """ "followed by azathioprine or mycophenolate" and "(or mycophenolate)" are choices within one regimen."""
    before = view.between(max(view.start, first.start - 30), first.start)
    return re.search(r"(?:followed by|then)\s+(?:oral\s+)?$", before, re.IGNORECASE) is not None


def _is_contrast(
    view: SentenceView, first: DrugHit, second: DrugHit, gap: str, opposed: frozenset[frozenset[str]]
) -> bool:
    """Whether "A and B" are two sides."""
    after = view.between(second.end, view.end)
    sized = re.search(rf"[(\[][^()]*\b(?:n\s*=\s*\d|\d+ (?:{PEOPLE}|eyes))", gap) is not None
    if sized and re.match(rf"^[^()]{{0,20}}[(\[][^()]*\b(?:n\s*=\s*\d|\d+ (?:{PEOPLE}|eyes))", after):
        return True
    before = view.between(max(view.start, first.start - 90), first.start)
    if re.search(r"\bplus\b|[+/]", without_brackets(gap)) or TOGETHER.search(before[-45:]):
        return False
    if frozenset((first.name, second.name)) in opposed:
        return True
    if re.match(r"^[^(),.;]{0,12}\b(?:groups|arms|regimens|treatments)\b", after):
        return True
    return COMPARES.search(before) is not None and not _is_combination(view, first, second)


def _is_combination(view: SentenceView, first: DrugHit, second: DrugHit) -> bool:
    """Whether the learned classifier is sure that the two are given together."""
    places = [Place(drug.start - view.start, drug.end - view.start) for drug in view.drugs]
    one, two = ((drug.start - view.start, drug.end - view.start) for drug in (first, second))
    if one not in places or two not in places:
        return False
    return together(view.text, places, places.index(Place(*one)), places.index(Place(*two))) >= _SURE


def _slots(view: SentenceView, row: _Row, opposed: frozenset[frozenset[str]]) -> tuple[Slot, ...]:
    groups: list[list[DrugHit]] = [[row.items[0]]]
    for item, link in zip(row.items[1:], row.links, strict=True):
        if link == "split":
            groups.append([item])
        else:
            groups[-1].append(item)
    head, groups = _shared_head(view, groups, opposed)
    tail, groups = _shared_tail(view, groups)
    shared = (*head, *tail)
    slots = []
    for number, group in enumerate(groups):
        low = groups[number - 1][-1].end if number else view.start
        high = groups[number + 1][0].start if number + 1 < len(groups) else view.end
        size = _size(view, group, low, high)
        slots.append(Slot(tuple(group), group[0].start, group[-1].end, size, shared, high))
    if both := both_drugs(view, row.items):
        slots.append(Slot(both, both[0].start, both[0].end, None, shared, view.end))
    lone = slots[0].size is not None and all(slot.size is None for slot in slots[1:])
    if lone and not SIZE_AFTER.match(view.between(groups[0][-1].end, slots[0].reach)):
        slots[0] = replace(slots[0], size=None)  # "80 patients were randomised to A or B": the 80 are both
    return _without_repeats(_bare_placebo(_each_size(view, slots)))


def _bare_placebo(slots: list[Slot]) -> list[Slot]:
    """ "B at 5 or 10 mg or placebo": no side takes placebo and what another side takes alone."""
    sides = [slot.names for slot in slots]
    return [
        replace(slot, drugs=tuple(drug for drug in slot.drugs if drug.name == "placebo"))
        if "placebo" in slot.names and len(slot.names) == 2 and not slot.shared and slot.names - {"placebo"} in sides
        else slot
        for slot in slots
    ]


def _shared_head(
    view: SentenceView, groups: list[list[DrugHit]], opposed: frozenset[frozenset[str]]
) -> tuple[list[DrugHit], list[list[DrugHit]]]:
    """ "A plus either B or C", "A in combination with B or C": A belongs to both sides."""
    first, second = groups[0], groups[1][0].name if len(groups) > 1 else NOTHING
    for number in range(1, len(first)):
        gap = view.between(first[number - 1].end, first[number].start)
        around = "combination with" in gap and frozenset((first[number].name, second)) in opposed
        if around or re.search(r"\beither\b", gap, re.IGNORECASE):
            return first[:number], [first[number:], *groups[1:]]
    return [], groups


def _shared_tail(view: SentenceView, groups: list[list[DrugHit]]) -> tuple[list[DrugHit], list[list[DrugHit]]]:
    """ "A (n = 1) or placebo (n = 2) in combination with B": B belongs to both sides."""
    last = groups[-1]
    for number in range(1, len(last)):
        gap = view.between(last[number - 1].end, last[number].start)
        lone = last[number - 1].name in ("placebo", NOTHING) and number == 1
        bare = lone and not groups[0][1:] and BARE_TAIL.match(gap) and not in_brackets(view, last[number].start)
        if SHARED_TAIL.search(gap) or bare:
            return last[number:], [*groups[:-1], last[:number]]
    return [], groups


def _size(view: SentenceView, group: list[DrugHit], low: int, high: int) -> int | None:
    after = view.between(group[-1].end, high)
    if match := SIZE_AFTER.match(after):
        return to_int(next(value for value in match.groups() if value))
    if group[0] is not group[-1] and (match := SIZE_AFTER.match(view.between(group[0].end, group[1].start))):
        return to_int(next(value for value in match.groups() if value))
    before = view.between(low, group[0].start)
    if match := SIZE_BEFORE.search(before) or SIZE_BEFORE.search(without_brackets(before)):
        return to_int(next(value for value in match.groups() if value))
    return None


def _each_size(view: SentenceView, slots: list[Slot]) -> list[Slot]:
    match = re.search(
        r"\bn\s*=\s*(\d+)\s*(?:\w+\s+)?(?:each|per (?:group|arm)|in (?:each|both))"
        rf"|\b(\d+) (?:{PEOPLE}|eyes) (?:each|in each|per (?:group|arm))"
        rf"|\((\d+) (?:{PEOPLE} )?(?:each|per group|in each)",
        view.text,
    )
    if match and all(slot.size is None for slot in slots[:-1]):
        return [replace(slot, size=int(next(value for value in match.groups() if value))) for slot in slots]
    return slots


def _without_repeats(slots: list[Slot]) -> tuple[Slot, ...]:
    """Slots of the same drugs fall together unless a size or a place of its own tells them apart."""
    half = len(slots) // 2
    if half > 1 and [slot.names for slot in slots[:half]] == [slot.names for slot in slots[half:]]:
        slots = slots[:half]  # "safety: A n = 129, B n = 128; efficacy: A n = 127, B n = 128"
    kept: list[Slot] = []
    for slot in slots:
        twins = [other for other in kept if other.names == slot.names]
        if not twins or (slot.size is not None and all(other.size is not None for other in twins)):
            kept.append(slot)
        elif len(twins) == 1 and len(slot.drugs) == 1 and kept[-1] is twins[0]:
            kept[-1] = replace(kept[-1], drugs=(*kept[-1].drugs, *slot.drugs))  # another dose of the same drug
    return tuple(kept)


def _score(view: SentenceView, slots: tuple[Slot, ...]) -> float:
    score = 4.0 * bool(ALLOTS.search(view.text)) + 1.5 * bool(TREATS.search(view.text))
    if allots := ALLOTS.search(view.text):  # what stands before it is what the patients took before
        score += -2.0 if slots[0].start < view.start + allots.start() else DRAWN * bool(DRAWS.search(view.text))
        score -= any(one.statistic is not None and one.statistic.kind == "p" for one in view.of(Label.STATISTIC))
    score += 1.5 * sum(slot.size is not None for slot in slots) + 0.3 * sum(len(slot.names) for slot in slots)
    score += 1.5 if view.part == "title" else 0.0
    score += min(2.0, 0.7 * len(view.doses))
    score -= 1.0 * min(3, len(RESULT_WORDS.findall(view.text)))
    score -= {"background": 2.0, "discussion": 4.0, "conclusion": 2.5, "results": 1.0}.get(view.section or "", 0.0)
    return score - (3.0 if len(slots) > 5 else 0.0)
