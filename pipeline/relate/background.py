"""Drugs that every arm of a study got, where the text says so.

Place in the flow: asked by `arms.py` after the compared drugs stand.

Five ways to say it: of everybody ("all patients received …", "both groups were given …"), in the name of the
population ("cyclosporine-treated recipients", "patients receiving …" in the sentence that allots), of those in whom the
treatment was studied (`taken_before.py`), as a bare statement of the methods ("Glucocorticoids were tapered off"), or
around the alternatives ("A in combination with B or C").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.document import Part, Section
from pipeline.evidence import Arm, DrugUse, Label, Quote
from pipeline.link import ancestors
from pipeline.relate.allocation import Allocation, allocation_of
from pipeline.relate.allocation_words import ALLOTS
from pipeline.relate.given import is_addition
from pipeline.relate.taken_before import people_of_study, taken_before
from pipeline.relate.view import DrugHit, SentenceView
from pipeline.tag.people import PEOPLE

_PEOPLE = rf"(?:{PEOPLE}|subgroup|those|cases)"
EVERYONE = re.compile(
    rf"(?:\b(?:(?:all|both|each|every|the two|the three)(?: of)?(?: the| these)? (?:\w+ ){{0,3}}?(?:{_PEOPLE}"
    rf"|groups?|arms?|regimens)|"
    rf"{_PEOPLE} in (?:both|all|each|either) (?:\w+ )?(?:groups?|arms?)|(?:maintenance|background|concomitant"
    rf"|baseline|standard) "
    r"(?:\w+[\s-]){0,3}(?:immunosuppression|therapy|treatment|regimen)|with maintenance)"
    rf"|^(?:the )?{PEOPLE}(?! (?:of|in|from) the [\w-]+ (?:group|arm)\b)|^all(?= (?:also )?(?:received|were)))"
    r"\b[^.;]{0,40}?\b(?:(?:also |had )?receiv\w+|(?:were|was|being|are) (?:also )?(?:given|treated with"
    r"|maintained on|on|started on)|"
    r"consist\w* of|took|taking|comprised|included|continued)\b",
    re.IGNORECASE,
)
_TREATED = re.compile(rf"-(?:treated|receiving|based)\s+(?:[\w-]+\s+){{0,4}}{_PEOPLE}", re.IGNORECASE)
_WHO_GET = re.compile(
    rf"\b{_PEOPLE}\b[^.;]{{0,150}}?\b(?:receiving|initiating|on|taking|maintained on|treated with|stable on"
    rf"|continuing)\s+"
    r"(?:(?!or\b|and\b|either\b|placebo\b)[\w-]+\s+){0,3}$",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"\b(?:previous\w*|prior|had been|failed|history|who were|despite|after|resistant|inadequate\w*"
    r"|randomi[sz]\w+|assigned)\b",
    re.IGNORECASE,
)
_CHAIN = re.compile(r"^[\s,()]*(?:(?:followed by|and|or|plus|with|then|low-dose|oral)[\s,()]*)*$", re.IGNORECASE)
_BARE = re.compile(
    r"^[\s,]*(?:(?:was|were|is|are)\s+(?:also\s+|then\s+|subsequently\s+)?(?:tapered|given|administered|added"
    r"|continued|maintained|co-?administered|allowed|prescribed))\b",
    re.IGNORECASE,
)
_TAPERING = re.compile(r"\b(?:while|during)\s[^.;]{0,60}\btapering(?: of)?\s(?:[\w-]+\s){0,2}\Z", re.IGNORECASE)
_ONE_ARM = re.compile(r"\b(?:group|arm|only|cases?|one|two|three|patients? (?:who|with))\b", re.IGNORECASE)


_MOST = 4  # a sentence that gives everybody more drugs lists what was allowed
_NEAR = 4  # sentences: farther ahead an abstract tells of others
_VEHICLES = frozenset(("sodium chloride", "saline", "water", "glucose", "dextrose"))


@dataclass(frozen=True, slots=True)
class Shared:
    """A drug of every arm. If `is_explicit`, the text says everybody, whatever arms have it already."""

    drug: DrugHit
    view: SentenceView
    is_explicit: bool


def with_shared(arms: tuple[Arm, ...], own: tuple[SentenceView, ...], allocation: Allocation | None) -> tuple[Arm, ...]:
    """Every compared arm gets the drugs that the text says all patients got."""
    if not arms:
        return arms
    extra: dict[str, DrugUse] = {}
    heads = {arm.drugs[0].drug for arm in arms if arm.drugs and " + " not in arm.name}
    # What makes up one of the arms compared is not what everybody got, whatever a full text tells of extensions.
    sole = {names[0] for arm in arms if len(names := [name for name in arm.drug_names if name != "placebo"]) == 1}
    sole = {name for name in sole if any(name not in arm.drug_names for arm in arms)}
    tested = frozenset(name for arm in arms for name in arm.drug_names)
    for shared in shared_drugs(own, allocation, tested):
        drug, view = shared.drug, shared.view
        if drug.name in sole and view.part is Part.BODY:
            continue
        if drug.name in heads and any("placebo" in arm.drug_names and drug.name not in arm.drug_names for arm in arms):
            continue  # what is tested against placebo is not everybody's, whatever an open extension gave them
        if shared.is_explicit or len(arms) == 1 or not any(drug.name in arm.drug_names for arm in arms):
            quote = Quote(view.passage, view.start, view.end, view.text)
            extra.setdefault(drug.name, DrugUse(drug.name, drug.concept_id, quote=quote))
    held = {ancestor for use in extra.values() if use.drug_id for ancestor in ancestors(use.drug_id)}
    extra = {name: use for name, use in extra.items() if use.drug_id not in held}  # "A as an immunosuppressant"
    return tuple(
        replace(arm, drugs=(*arm.drugs, *(use for name, use in extra.items() if name not in arm.drug_names)))
        for arm in arms
    )


def shared_drugs(
    views: Iterable[SentenceView], allocation: Allocation | None, tested: frozenset[str] = frozenset()
) -> list[Shared]:
    """Drugs that the paper says every patient got, in text order. `tested`: the drugs of its arms."""
    views = tuple(views)
    later = {drug.name for view in views for drug in view.drugs if is_addition(view, drug)}
    found: list[Shared] = []
    for view in views:
        if view.section is Section.DISCUSSION:
            continue
        local = allocation_of(view)
        found += _of_everyone(view, local)
        found += _of_population(view, local, allocation)
        found += _taken_before(view, local, tested, allocation)
        found += _of_methods(view, allocation)
        found += _tapered(view, allocation)
        if allocation is not None and view is not allocation.view:
            found += _around(view, allocation)
    listed = Counter(one.view.ordinal for one in found)
    return [
        one
        for one in found
        if not is_addition(one.view, one.drug)
        and (one.is_explicit or one.drug.name not in later)
        and not _is_role(one)
        and listed[one.view.ordinal] <= _MOST
        and one.drug.name not in _VEHICLES
    ]


def _is_role(shared: Shared) -> bool:
    """ "received A as an immunosuppressant": the class says what A was for, it is no second drug."""
    before = shared.view.between(shared.view.start, shared.drug.start)
    return re.search(r"\bas (?:an? |the |their )?(?:\w+ )?\Z", before, re.IGNORECASE) is not None


def _of_everyone(view: SentenceView, local: Allocation | None) -> list[Shared]:
    match = EVERYONE.search(view.text)
    sides = {drug.start for slot in local.slots for drug in slot.drugs} if local else set()
    if (
        match
        and local
        and not re.search(r"\b(?:all|both|each|every|the two|the three)\b", match.group(), re.IGNORECASE)
    ):
        match = None  # "patients taking A were randomised to …" tells of the time before
    found = []
    for drug in view.given:
        if _TREATED.match(view.between(drug.end, min(view.end, drug.end + 80))):
            found.append(Shared(drug, view, False))
        elif drug.start in sides or drug.name == "placebo":
            continue
        elif match and drug.start >= view.start + match.end() - 1 and _same_clause(view, match.end(), drug):
            found.append(Shared(drug, view, True))
    return found


def _same_clause(view: SentenceView, position: int, drug: DrugHit) -> bool:
    between = view.text[position : drug.start - view.start]
    return not re.search(r";|\b(?:while|whereas|versus|vs|compared|or|before|after|than|prior|until)\b", between, re.I)


def _of_population(view: SentenceView, local: Allocation | None, allocation: Allocation | None) -> list[Shared]:
    """ "X versus Y in patients receiving A followed by B": A and B."""
    if allocation is None or local is None or not _same_sides(local, allocation):
        return []
    slots = {drug.start for slot in local.slots for drug in (*slot.drugs, *slot.shared)}
    found: list[Shared] = []
    last: DrugHit | None = None
    for drug in view.given:
        before = view.between(view.start, drug.start)
        match = _WHO_GET.search(before)
        chained = last is not None and _CHAIN.match(view.between(last.end, drug.start)) is not None
        if drug.start in slots or drug.name == "placebo":
            last = None
        elif chained or (match and not _HISTORY.search(match.group())):
            found.append(Shared(drug, view, False))
            last = drug
    return found


def _taken_before(
    view: SentenceView, local: Allocation | None, tested: frozenset[str], allocation: Allocation | None
) -> list[Shared]:
    """ "The effects of A were evaluated in recipients on B": B; results tell of subgroups."""
    if local is not None or view.section in (Section.RESULTS, Section.CONCLUSION) or view.part is Part.BODY:
        return []
    found = taken_before(view, tested)
    if not found and allocation is not None and (view.section is Section.METHODS or _is_ahead(view, allocation)):
        found = people_of_study(view, tested)
    return [Shared(drug, view, False) for drug in found]


def _is_ahead(view: SentenceView, allocation: Allocation) -> bool:
    """Whether a sentence of no section, or of what was done, stands before the people are allotted."""
    return view.section is None and view.part is Part.ABSTRACT and 0 < allocation.view.ordinal - view.ordinal < _NEAR


def _of_methods(view: SentenceView, allocation: Allocation | None) -> list[Shared]:
    """ "Glucocorticoids were tapered off." in the methods, of no group in particular."""
    if allocation is None or view.section not in (Section.METHODS, None) or view.part is Part.TITLE:
        return []
    if view.ordinal <= allocation.view.ordinal or view.of(Label.ARM) or not view.given:
        return []
    drug = view.given[0]
    lead = view.between(view.start, drug.start)
    if len(lead.split()) > 2 or _ONE_ARM.search(lead) or not _BARE.match(view.between(drug.end, view.end)):
        return []
    return [Shared(drug, view, False)]


def _tapered(view: SentenceView, allocation: Allocation | None) -> list[Shared]:
    """ "were randomised to A or B while tapering C": C goes down in every arm, so that every arm has it."""
    allots = ALLOTS.search(view.text) if allocation is not None else None
    if allots is None:
        return []
    low = view.start + allots.end()
    return [Shared(drug, view, True) for drug in view.drugs if _TAPERING.search(view.between(low, drug.start))]


def _around(view: SentenceView, allocation: Allocation) -> list[Shared]:
    """Drugs that another sentence gives to both sides of the same contrast."""
    local = allocation_of(view, frozenset(_opposed(allocation)))
    if local is None or not _same_sides(local, allocation):
        return []
    return [Shared(drug, view, False) for drug in local.slots[0].shared]


def _same_sides(local: Allocation, allocation: Allocation) -> bool:
    """Whether the sides of `local` are those of `allocation`, told by the drugs that only one side has."""
    sides = [set(slot.names) for slot in allocation.slots]
    common = set.intersection(*sides)
    locals_ = [set(slot.names) for slot in local.slots]
    return all(
        any(side - common & names or side & names - common for names in locals_) for side in sides if side - common
    )


def _opposed(allocation: Allocation) -> Iterable[frozenset[str]]:
    for first in allocation.slots:
        for second in allocation.slots:
            for one in first.names - second.names:
                for other in second.names - first.names:
                    yield frozenset((one, other))
