"""The arms that a cited sentence names: its own, else those of the cited sentence before that it goes on about.

Place in the flow: used by `arm_reference.py`, which keeps a paper's own arms and those of others apart.
"""

from __future__ import annotations

from pipeline.evidence import Annotated, Arm, Attribution
from pipeline.relate.arm_aliases import ArmHit, joined_drugs
from pipeline.relate.attribution import attributor_of
from pipeline.relate.view import SentenceView


class CitedNames:
    """Points from the words of cited sentences to the arms of other studies."""

    def __init__(self, arms: tuple[Arm, ...], annotated: Annotated) -> None:
        self._cited = tuple(arm for arm in arms if arm.attribution is not Attribution.OWN)
        self._attributor = attributor_of(annotated)

    def is_cited(self, view: SentenceView) -> bool:
        """Whether a sentence tells of others."""
        return self._attributor.of(view.passage, view.start).attribution is not Attribution.OWN

    def of(self, view: SentenceView) -> list[Arm]:
        """Arms of the cited sentence, else of the nearest cited sentence before that it goes on about."""
        here = [
            arm
            for arm in self._cited
            if arm.quote and (arm.quote.passage, arm.quote.start) == (view.passage, view.start)
        ]
        if here or view.given:
            return here
        before = [
            arm
            for arm in self._cited
            if arm.quote and arm.quote.passage == view.passage and arm.quote.start < view.start
        ]
        last = before[-1].quote if before else None
        reference = self._attributor.of(view.passage, view.start).cited_ref
        return [arm for arm in before if arm.quote == last and reference in (None, arm.cited_ref)]

    def hits(self, view: SentenceView) -> list[ArmHit]:
        """Where a cited sentence names them, in text order."""
        arms = self.of(view)
        hits: list[ArmHit] = []
        for group in joined_drugs(view):
            names = {drug.name for drug in group}
            fitting = sorted(
                (arm for arm in arms if names & set(arm.drug_names)), key=lambda arm: len(set(arm.drug_names) ^ names)
            )
            hits += [ArmHit(arm.arm_id, group[0].start, group[-1].end) for arm in fitting[:1]]
        return hits
