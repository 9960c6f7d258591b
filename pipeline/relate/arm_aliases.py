"""The names that arms go by, plain and in a table, and runs of drugs that one name may consist of.

Place in the flow: data and helpers of `arm_reference.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.evidence import Arm
from pipeline.relate.untreated import is_withheld
from pipeline.relate.view import DrugHit, SentenceView

LABEL = re.compile(
    r"\b(?:groups?|arms?|cohorts?|stratum|regimens?|cases?|patients?)\s+(?:no\.?\s*)?((?:\d{1,2}"
    r"|[IVX]{1,4}|[A-H])\b(?:\s*(?:,\s*and\s|,|and|or|to|&|-|–)\s*(?:(?:group|arm)\s+)?(?:\d{1,2}|[IVX]{1,4}|[A-H])\b)*)"
)
ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6"}
_HEADS = re.compile(r"(?: groups?| arms?)?:\s")


@dataclass(frozen=True, slots=True)
class ArmHit:
    """An arm named at `start:end` of the passage's text."""

    arm_id: str
    start: int
    end: int


def joined_drugs(view: SentenceView) -> list[tuple[DrugHit, ...]]:
    """Neighbouring drugs that one name may consist of: "BEL/RTX", "A plus B"."""
    groups: list[list[DrugHit]] = []
    for drug in view.drugs:
        gap = view.between(groups[-1][-1].end, drug.start) if groups else ""
        if groups and re.fullmatch(r"\s*(?:/|\+|plus|-|with|in combination with)\s*", gap):
            groups[-1].append(drug)
        elif drug.use == "given" or is_withheld(view, drug):
            groups.append([drug])
    return [tuple(group) for group in groups]


def alias_table(arms: tuple[Arm, ...], compared: tuple[Arm, ...]) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for arm in arms:
        # Where sides are "A + B" and "A + B + C", "A" alone names neither.
        others = {part for one in compared if one is not arm for part in one.name.split(" + ")}
        for alias in (arm.name, *(alias for alias in arm.aliases if " + " not in arm.name or alias not in others)):
            if arm in compared and any(one.name == alias for one in compared if one is not arm):
                same = tuple(one.arm_id for one in compared if one.name == alias)  # dose levels of one drug
                table.setdefault(plain(alias), same)
            table.setdefault(plain(alias), (arm.arm_id,))
            if label := LABEL.search(alias):
                table.setdefault(f"group {ROMAN.get(label.group(1), label.group(1)).lower()}", (arm.arm_id,))
    return table


def plain(name: str) -> str:
    lowered = re.sub(r"\s+", " ", name.lower()).strip(" .,;:")
    return re.sub(r"^(?:the|in|with)\s+|\s+(?:group|arm|cohort|patients|regimen)s?$", "", lowered)


def widest_arm(compared: Sequence[Arm]) -> str | None:
    """The arm that "the combined therapy" names: the drugs of every other arm's, and more."""
    arms = [arm for arm in compared if set(arm.drug_names) - {"placebo"}]
    widest = max(arms, key=lambda arm: len(set(arm.drug_names)), default=None)
    others = [arm for arm in arms if arm is not widest]
    if widest is None or not others or not all(set(arm.drug_names) < set(widest.drug_names) for arm in others):
        return None
    return widest.arm_id


def heading_arm(view: SentenceView, hits: Sequence[ArmHit]) -> tuple[str, ...]:
    """ "A: GFR rose. Albuminuria fell.": the arm that heads the sentences up to the next that names one."""
    heads = hits[0].start == view.start and _HEADS.match(view.between(hits[0].end, view.end))
    return (hits[0].arm_id,) if heads and len({hit.arm_id for hit in hits}) == 1 else ()
