"""The study as one group: as enrolled and as treated; and the one member that a class stands for.

Place in the flow: asked by `arms.py` when the arms are known.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.evidence import Arm, DrugUse, Role, StudyFrame
from pipeline.link import ancestors
from pipeline.relate.arm_reference import ENROLLED, TREATED
from pipeline.relate.view import SentenceView


def with_member(arms: tuple[Arm, ...], own: tuple[SentenceView, ...]) -> tuple[Arm, ...]:
    """In a study of one regimen "steroids" are the one steroid that the paper names."""
    if len(arms) != 1 or not any(use.drug_id and use.dose is None for use in arms[0].drugs):
        return arms
    named = {
        (drug.name, drug.concept_id)
        for view in own
        for drug in view.drugs
        if drug.use in ("given", "stopped") and drug.concept_id and drug.name not in arms[0].drug_names
    }
    uses = []
    for use in arms[0].drugs:
        members = [one for one in named if one[1] and use.drug_id in ancestors(one[1])]
        uses.append(replace(use, drug=members[0][0], drug_id=members[0][1]) if len(members) == 1 else use)
    return (replace(arms[0], drugs=tuple(uses)),)


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
