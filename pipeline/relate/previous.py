"""Drugs that were tried before the study and failed or were not borne, an arm each.

Place in the flow: called by `arms.py` once the study's own arms stand.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.evidence import Arm, DrugUse, Quote, Role, StudyFrame
from pipeline.relate.view import SentenceView


def previous_arms(arms: tuple[Arm, ...], own: tuple[SentenceView, ...], frame: StudyFrame) -> tuple[Arm, ...]:
    """An arm per drug that was tried before and failed or was not borne."""
    found: dict[str, Arm] = {}
    for view in own:
        for drug in view.drugs:
            before = view.between(max(view.start, drug.start - 40), drug.start)
            tried = drug.use == "failed" or re.search(
                r"\b(?:previous(?:ly)?|prior|earlier)\s+(?:\w+\s+){0,3}$", before, re.I
            )
            if tried and drug.name not in found:
                quote = Quote(view.passage, view.start, view.end, view.text)
                found[drug.name] = Arm(
                    "", f"previous {' '.join(drug.text.split())}", Role.PREVIOUS,
                    (DrugUse(drug.name, drug.concept_id, quote=quote),),
                    population=frame.population, histology=frame.histology, quote=quote,
                )  # fmt: skip
    return tuple(replace(arm, arm_id=f"A{len(arms) + number}") for number, arm in enumerate(found.values(), 1))
