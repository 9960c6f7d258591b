"""The study as one group: as enrolled and as treated; and the one member that a class stands for.

Place in the flow: asked by `arms.py` when the arms are known.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from pipeline.evidence import Arm, DrugUse, Label, Role, StudyFrame
from pipeline.link import ancestors
from pipeline.relate.allocation import opposed_pairs
from pipeline.relate.arm_reference import ENROLLED, TREATED
from pipeline.relate.view import DrugHit, SentenceView

_CHOICE = re.compile(r"\s?,\s|,?\s(?:or|and)\s")


def with_member(arms: tuple[Arm, ...], own: tuple[SentenceView, ...]) -> tuple[Arm, ...]:
    """In a study of one regimen "steroids" are the one steroid that the paper names, or those that it lists as choices
    ("an ACE inhibitor (A or B)").
    """
    if len(arms) != 1 or not any(use.drug_id and use.dose is None for use in arms[0].drugs):
        return arms
    named = {
        (drug.name, drug.concept_id)
        for view in own
        for drug in view.drugs
        if drug.use in ("given", "stopped") and drug.concept_id and drug.name not in arms[0].drug_names
    }
    uses: list[DrugUse] = []
    for use in arms[0].drugs:
        members = sorted(one for one in named if one[1] and use.drug_id in ancestors(one[1]))
        fits = len(members) == 1 or (use.dose is None and _are_choices({name for name, _ in members}, own))
        uses += [replace(use, drug=name, drug_id=key) for name, key in members] if members and fits else [use]
    return (replace(arms[0], drugs=tuple(uses)),)


def _are_choices(names: set[str], own: tuple[SentenceView, ...]) -> bool:
    """Whether a sentence lists just these drugs behind the words for their class: "an ACE inhibitor (A or B)"."""
    for view in own:
        run = [drug for drug in view.given if drug.name in names]
        gaps = [view.between(first.end, second.start) for first, second in pairwise(run)]
        behind = bool(run) and "(" in view.between(run[0].start, run[0].end)
        if behind and {drug.name for drug in run} == names and all(_CHOICE.fullmatch(gap) for gap in gaps):
            return True
    return False


def with_opposed_member(arms: tuple[Arm, ...], own: tuple[SentenceView, ...]) -> tuple[Arm, ...]:
    """ "A versus conventional therapy" where the text sets A against one drug B of that class: the class is B."""
    if len(arms) < 2:
        return arms
    pairs = opposed_pairs(own)
    held = {name for arm in arms for name in arm.drug_names}
    given = {(drug.name, _kind(view, drug)) for view in own for drug in view.given if drug.name not in held}
    return tuple(_with_opposed(arm, held - set(arm.drug_names), given, pairs) for arm in arms)


def _kind(view: SentenceView, drug: DrugHit) -> str | None:
    """The concept of a drug; of a code that no vocabulary has, the class it is told with ("the antagonist XY 12")."""
    classes = [one.concept for one in view.of(Label.DRUG) if one.start == drug.start and one.concept]
    return drug.concept_id or (classes[0].id if classes else None)


def _with_opposed(
    arm: Arm, others: set[str], given: set[tuple[str, str | None]], pairs: frozenset[frozenset[str]]
) -> Arm:
    """The arm with its lone class replaced by the one member that the text sets against a drug of another arm."""
    use = arm.drugs[0] if len(arm.drugs) == 1 else None
    if use is None or use.drug_id is None or use.dose is not None:
        return arm
    members = [one for one in given if one[1] and use.drug_id in (one[1], *ancestors(one[1]))]
    opposed = [one for one in members if any(frozenset((one[0], other)) in pairs for other in others)]
    if len(opposed) != 1 or len(members) != 1:
        return arm
    name, key = opposed[0]
    named = replace(use, drug=name, drug_id=None if key == use.drug_id else key)
    return replace(arm, drugs=(named,), aliases=(*arm.aliases, name))


def with_overall(arms: tuple[Arm, ...], frame: StudyFrame) -> tuple[Arm, ...]:
    """The whole study: as it was enrolled, and, where all arms share drugs, as it was treated."""
    if len(arms) == 1:
        return arms
    whole = Arm(
        f"A{len(arms) + 1}", ENROLLED, Role.BACKGROUND, n=frame.n_total, population=frame.population,
        histology=frame.histology,
    )  # fmt: skip
    common = set.intersection(*(set(arm.drug_names) for arm in arms)) - {"placebo"} if arms else set()
    if not common:
        return (*arms, whole)
    uses = {use.drug: DrugUse(use.drug, use.drug_id, quote=use.quote) for use in arms[0].drugs if use.drug in common}
    treated = replace(whole, arm_id=f"A{len(arms) + 2}", name=TREATED, drugs=tuple(uses.values()))
    return (*arms, whole, treated)
