"""Arms of other people's studies that the paper tells results of.

Place in the flow: called by `arms.py` last. A cited arm belongs to the sentence of its quote; `arm_reference.py` points
from that sentence, and from those that go on about it, to no other arm.
"""

from __future__ import annotations

import re

from pipeline.evidence import Arm, Attribution, DrugUse, Quote, Role
from pipeline.relate.allocation import allocation_of
from pipeline.relate.attribution import Attributor
from pipeline.relate.numbers import COUNT, to_int
from pipeline.relate.regimens import Pairing, drug_uses
from pipeline.relate.view import DrugHit, SentenceView

_FINDING = re.compile(
    r"\d|\b(?:none|remission|effective|improv\w+|reduc\w+|decreas\w+|increas\w+|response|survival|superior"
    r"|inferior|similar|"
    r"better|worse|higher|lower|fewer|inhibit\w+|without|adverse|achiev\w+)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\b(?:and|plus|with|followed by|combin\w+|associat\w+|added)\b|[+/&,]", re.IGNORECASE)
_APART = re.compile(r"[.;]|\b(?:or|than|versus|vs|but|who|which|before|after|while|whereas|compared)\b", re.IGNORECASE)
_N = re.compile(
    rf"\b(?:of|in|out of|from)\s+(?:a subgroup of\s+)?(?P<n>{COUNT})\s+(?:\w+\s+){{0,3}}?(?:patients|children"
    rf"|subjects|cases|recipients)",
    re.IGNORECASE,
)


def cited_arms(views: tuple[SentenceView, ...], attributor: Attributor, first_number: int) -> tuple[Arm, ...]:
    """One arm per regimen of every cited sentence that tells a finding, numbered from `first_number`."""
    arms: list[Arm] = []
    for view in views:
        verdict = attributor.of(view.passage, view.start)
        if verdict.attribution is Attribution.OWN or not view.given or not _FINDING.search(view.text):
            continue
        size = _N.search(view.text)
        quote = Quote(view.passage, view.start, view.end, view.text)
        for number, uses in enumerate(_regimens(view)):
            names = " + ".join(dict.fromkeys(use.drug for use in uses))
            arms.append(
                Arm(
                    f"A{first_number + len(arms)}",
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
    groups: list[list[DrugHit]] = []
    if allocation is not None:
        groups = [[*slot.drugs, *slot.shared] for slot in allocation.slots]
    else:
        for drug in view.given:
            gap = view.between(groups[-1][-1].end, drug.start) if groups else ""
            if groups and len(gap) < 60 and _TOGETHER.search(gap) and not _APART.search(gap):
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
