"""Classes of drugs in an arm: told apart from the one drug that they stand for.

Place in the flow: asked by `arms.py` when the drugs of the arms are known.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.evidence import Arm, DrugUse
from pipeline.link import ancestors


def without_classes(arms: tuple[Arm, ...]) -> tuple[Arm, ...]:
    """ "ACE inhibition by A", "A as an immunosuppressant": the class is the drug itself, no second one.

    Unless another arm has the class without A: "A or placebo, plus conventional therapy".
    """
    members = [{ancestor for use in arm.drugs if use.drug_id for ancestor in ancestors(use.drug_id)} for arm in arms]
    bare = {
        use.drug_id for arm, held in zip(arms, members, strict=True) for use in arm.drugs if use.drug_id not in held
    }
    return tuple(
        replace(
            arm,
            drugs=tuple(
                use
                for use in arm.drugs
                if use.dose is not None or use.drug_id is None or use.drug_id not in held or use.drug_id in bare
            ),
        )
        for arm, held in zip(arms, members, strict=True)
    )


def unique_uses(uses: list[DrugUse]) -> list[DrugUse]:
    """The uses without those that say less than another of the same drug."""
    kept: list[DrugUse] = []
    for use in uses:
        if not any(other.drug == use.drug and (use.dose is None or other.dose == use.dose) for other in kept):
            kept.append(use)
    return kept
