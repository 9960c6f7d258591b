"""Drugs that were added to the compared treatments later: "the addition of C to each of the two treatments".

Place in the flow: asked by `arms.py`; `background.py` leaves such drugs out of what everybody got.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipeline.evidence import Arm, DrugUse, Quote, Role
from pipeline.relate.given import is_addition
from pipeline.relate.regimens import Pairing, drug_uses
from pipeline.relate.view import SentenceView


def added_arms(arms: tuple[Arm, ...], own: Iterable[SentenceView]) -> list[Arm]:
    """For two arms or more, each with the drug that was added to all of them; role background: no sentence without
    its own words speaks of them.
    """
    sides = [arm for arm in arms if arm.role is not Role.BACKGROUND and arm.drugs]
    held = {name for arm in arms for name in arm.drug_names}
    added: dict[str, tuple[DrugUse, SentenceView]] = {}
    for view in own:
        for drug in view.given:
            if drug.name not in held and is_addition(view, drug) and re.search(r"\b(?:each|both)\b", view.text):
                use = drug_uses(view, drug, Pairing(view))[0]
                if drug.name not in added or added[drug.name][0].dose is None:
                    added[drug.name] = (use, view)
    if len(sides) < 2:
        return []
    return [
        replace(
            side, name=f"{side.name} + {use.drug}", role=Role.BACKGROUND, drugs=(*side.drugs, use), aliases=(),
            quote=Quote(view.passage, view.start, view.end, view.text),
        )
        for use, view in added.values()
        for side in sides
    ]  # fmt: skip
