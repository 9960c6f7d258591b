"""Arms of other people's studies that the paper tells results of.

Place in the flow: called by `arms.py` last. A cited arm belongs to the sentence of its quote; `arm_reference.py` points
from that sentence, and from those that go on about it, to no other arm.
"""

from __future__ import annotations

import re

from pipeline.document import Part
from pipeline.evidence import Arm, Attribution, DrugUse, Quote, Role
from pipeline.relate.allocation import allocation_of
from pipeline.relate.attribution import Attributor
from pipeline.relate.numbers import COUNT, to_int
from pipeline.relate.regimens import Pairing, drug_uses
from pipeline.relate.view import DrugHit, SentenceView, without_brackets
from pipeline.tag.people import PEOPLE

_FINDING = re.compile(
    r"\d|\b(?:none|remission|effective|improv\w+|reduc\w+|decreas\w+|increas\w+|response|survival|superior"
    r"|inferior|similar|"
    r"better|worse|higher|lower|fewer|inhibit\w+|without|adverse|achiev\w+)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\b(?:and|plus|with|followed by|combin\w+|associat\w+|added)\b|[+/&,]", re.IGNORECASE)
_JOINTLY = re.compile(r"\b(?:association|combination)\b(?! compared| versus| or)", re.IGNORECASE)
_APART = re.compile(r"[.;]|\b(?:or|than|versus|vs|but|who|which|before|after|while|whereas|compared)\b", re.IGNORECASE)
# "This combination" in a cited sentence without drugs is the paper's own regimen, tried by others.
_THIS = re.compile(
    r"\bthis (?:\w+ )?(?:combination|association|regimen|therapy|treatment|protocol|approach)\b", re.IGNORECASE
)
_N = re.compile(
    rf"\b(?:of|in|out of|from)\s+(?:a subgroup of\s+)?(?P<n>{COUNT})\s+(?!of\b"
    rf"|out\b)(?:\w+\s+){{0,3}}?(?:{PEOPLE}|cases)",
    re.IGNORECASE,
)


def cited_arms(views: tuple[SentenceView, ...], attributor: Attributor, own: tuple[Arm, ...]) -> tuple[Arm, ...]:
    """One arm per regimen of every cited sentence that tells a finding, numbered on after the `own` arms."""
    arms: list[Arm] = []
    main = next((arm.drugs for arm in own if arm.role is Role.INTERVENTION), ())
    for view in views:
        verdict = attributor.of(view.passage, view.start)
        if verdict.attribution is Attribution.OWN or not _FINDING.search(view.text):
            continue
        if verdict.cited_ref is None and view.part is not Part.ABSTRACT:
            continue  # a body that tells of others says of whom
        regimens = _regimens(view)
        if not view.given and verdict.cited_ref and _THIS.search(view.text) and main:
            regimens = [tuple(DrugUse(use.drug, use.drug_id) for use in main)]
        size = _N.search(view.text)
        quote = Quote(view.passage, view.start, view.end, view.text)
        for number, uses in enumerate(regimens):
            names = " + ".join(dict.fromkeys(use.drug for use in uses))
            arms.append(
                Arm(
                    f"A{len(own) + 1 + len(arms)}",
                    f"{_short(verdict.cited_ref)}: {names}" if verdict.cited_ref else f"earlier reports: {names}",
                    Role.COMPARATOR if number else Role.INTERVENTION,
                    uses,
                    n=to_int(size.group("n")) if size else None,
                    attribution=Attribution.CITED,
                    cited_ref=verdict.cited_ref,
                    quote=quote,
                )
            )
    return tuple(arms)


def _regimens(view: SentenceView) -> list[tuple[DrugUse, ...]]:
    pairing = Pairing(view)
    allocation = allocation_of(view)
    if allocation is not None and _JOINTLY.search(view.text):
        allocation = None
    groups: list[list[DrugHit]] = []
    if allocation is not None:
        groups = [[*slot.drugs, *slot.shared] for slot in allocation.slots]
    else:
        plain = without_brackets(view.text)
        for drug in view.given:
            if groups and drug.name == groups[-1][-1].name and plain[drug.start - view.start] == " ":
                continue
            gap = plain[groups[-1][-1].end - view.start : drug.start - view.start] if groups else ""
            if groups and len(gap.split()) < 9 and _TOGETHER.search(gap) and not _APART.search(gap):
                groups[-1].append(drug)
            else:
                groups.append([drug])
    found: dict[frozenset[str], tuple[DrugUse, ...]] = {}
    for group in groups:
        uses = {drug.name: drug_uses(view, drug, pairing)[0] for drug in reversed(group) if drug.name}
        if uses:
            found.setdefault(frozenset(uses), tuple(reversed(uses.values())))
    return list(found.values())


def _short(reference: str | None) -> str:
    text = re.sub(r"\s+", " ", reference or "")
    return text if len(text) <= 40 else text[:40].rsplit(" ", 1)[0] + " …"
