"""Whether the arms read from sentences are the groups that the tables' heads print, and the sizes that heads tell.

Place in the flow: asked by `arms.py` after `table_groups` found groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.evidence import Annotated, Arm, Attribution, Role
from pipeline.relate.arm_reference import ArmResolver
from pipeline.relate.table_arms import TableArms
from pipeline.relate.table_groups import HeadGroup
from pipeline.relate.view import SentenceView

_FAR = 0.25  # a table may leave out some of those who were enrolled


def fits_heads(
    arms: tuple[Arm, ...], heads: Sequence[HeadGroup], annotated: Annotated, views: tuple[SentenceView, ...]
) -> bool:
    """Whether every head names one arm, each another, and every compared arm has its head."""
    found = _arms_of(arms, heads, annotated, views)
    compared = [arm.arm_id for arm in arms if _is_compared(arm)]
    drugs = {arm.arm_id: set(arm.drug_names) for arm in arms}
    told = [one for one in found if one is not None]
    same = all(
        one is None or {use.drug for use in head.uses} <= drugs[one] for head, one in zip(heads, found, strict=True)
    )
    return same and len(told) == len(heads) == len(set(told)) and set(compared) <= set(told)


def with_head_sizes(
    arms: tuple[Arm, ...], heads: Sequence[HeadGroup], annotated: Annotated, views: tuple[SentenceView, ...]
) -> tuple[Arm, ...]:
    """Arms whose size is unknown, or far from the one that their head prints, take the head's."""
    found = _arms_of(arms, heads, annotated, views)
    sizes = {one: head.size for one, head in zip(found, heads, strict=True) if one is not None and head.size}
    return tuple(
        replace(arm, n=sizes[arm.arm_id])
        if arm.arm_id in sizes and (arm.n is None or abs(arm.n - sizes[arm.arm_id]) > _FAR * sizes[arm.arm_id])
        else arm
        for arm in arms
    )


def _arms_of(
    arms: tuple[Arm, ...], heads: Sequence[HeadGroup], annotated: Annotated, views: tuple[SentenceView, ...]
) -> list[str | None]:
    resolver = ArmResolver(arms, annotated, views)
    named = TableArms({arm.arm_id: arm for arm in arms}, resolver.resolve, annotated.abbreviations)
    stacks = named.of_stacks({(head.name,) for head in heads})
    return [stacks[(head.name,)] for head in heads]


def _is_compared(arm: Arm) -> bool:
    return arm.attribution is Attribution.OWN and arm.role in (Role.INTERVENTION, Role.COMPARATOR)
