"""Comparison rows from sentences: an outcome, two arms or one arm over time, direction, p-value, effect.

Place in the flow: asked by `relate()` beside `results.py`. A sentence is cut into segments (`contrast.py`): one with a
test becomes a row, one without only if a direction word speaks of an outcome in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.document import Part, Section
from pipeline.evidence import Attribution, Comparison, Quote, Role
from pipeline.relate.arm_of import place_arms
from pipeline.relate.attribution import Attributor
from pipeline.relate.composite import in_composite
from pipeline.relate.contrast import Told, segments_of, tests_of
from pipeline.relate.contrast_arms import ContrastArms, Sides
from pipeline.relate.contrast_times import times_of
from pipeline.relate.contrast_told import Item, Teller
from pipeline.relate.direction import find_cues
from pipeline.relate.findings import defines_end_points
from pipeline.relate.group_tests import against, change_before, is_of_groups
from pipeline.relate.outcome_of import OutcomeContext, primary_outcome, resolve_outcomes
from pipeline.relate.placed import Named
from pipeline.relate.predicted import predicted_outcomes
from pipeline.relate.sentence import Sentence
from pipeline.relate.spared import spared_arms, spared_outcomes, with_spared
from pipeline.relate.supposed import stated
from pipeline.relate.view import SentenceView

_AIM = re.compile(
    r"\b(?:aim(?:s|ed)?|objectives?|purpose|goal|designed to|sought to|in order to|this study compares|to "
    r"(?:compare|determine|assess|evaluate|investigate|examine)"
    r"|we (?:have |also |\w+ly )*(?:compared|evaluated|assessed|investigated|studied|examined|analy[sz]ed|chose"
    r"|hypothesi[sz]ed)|whether|were (?:randomi[sz]ed|compared|analy[sz]ed)"
    r"|was (?:\w+ly )?(?:studied|investigated|evaluated|assessed)|were (?:included|enrolled|eligible)"
    r"|(?:was|were) defined as|(?:test\w*|validate|examine) the hypothesis|known to|ha(?:s|ve) been reported to"
    r"|were (?:\w+ly )?(?:investigated|studied|examined|evaluated|assessed)"
    r"|at (?:study )?entry into the (?:study|trial)|(?:predictors?|determinants?) of|will be"
    r"|further (?:studies|investigation)"
    r"|(?:is|are) needed|need for|remains? (?:unclear|unknown))\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"^\s?(?:with|to)\s(?:\w+\s){0,2}(?:previous|other|earlier|prior|published|historical"
    r"|those (?:reported|described)|reports?|literature)\b",
    re.IGNORECASE,
)
_CONTROLLED = re.compile(r"\s?[-‐–]?\s?controlled\b", re.IGNORECASE)  # "placebo-controlled": the kind of trial


class ComparisonFinder:
    """Finds the comparisons of one paper; holds what is the same for all its sentences."""

    def __init__(self, arms: ContrastArms, attributor: Attributor) -> None:
        self.arms = arms
        self.attributor = attributor

    def find(self, sentences: Sequence[Sentence]) -> list[Comparison]:
        """Every contrast told in the running text, in reading order."""
        rows: list[Comparison] = []
        context = OutcomeContext(primary=primary_outcome((one.view, one.options) for one in sentences))
        for sentence in sentences:
            view = sentence.view
            if view.part is not Part.TITLE and view.section not in (Section.METHODS, Section.BACKGROUND):
                rows += self._sentence(sentence, context)
            mentioned = [option for option in sentence.options if option.kind == "outcome"]
            context = replace(context, earlier=mentioned[-1] if mentioned else None)
        return rows

    def _sentence(self, sentence: Sentence, context: OutcomeContext) -> list[Comparison]:
        view = sentence.view
        hits = [hit for hit in sentence.named if not _CONTROLLED.match(view.between(hit.end, view.end))]
        cues = [cue for cue in find_cues(view.text) if not _ELSEWHERE.match(view.text[cue.end :])]
        cues = [cue for cue in cues if not in_composite(sentence.options, view.start + cue.start)]
        tests = tests_of(view)
        if defines_end_points(view):
            return []
        if not tests:
            cues = stated(view.text, cues)
        if not tests and (not cues or _AIM.search(view.text)):
            return []
        if not tests and self.attributor.of(view.passage, view.start).attribution is Attribution.BACKGROUND:
            return []
        told = Told(
            sentence.findings,
            tuple(resolve_outcomes(view, sentence.findings, sentence.options, context)),
            tuple(place_arms(view, sentence.findings, hits, self.arms.resolver)),
        )
        spared = spared_arms(view, hits)
        rows: list[Comparison] = []
        for item in Teller(view, sentence.options, told, cues, predicted_outcomes(view, sentence.options)).items(
            segments_of(view, tests)
        ):
            named = hits if item.window.p else [hit for hit in hits if hit not in spared]
            times = times_of(view, item.window)
            for one, sides in self._sides(view, item, named, told, rows):
                rows += [self._row(view, one, sides, time) for time in times]
        return with_spared(rows, spared, spared_outcomes(view, sentence.options))

    def _sides(
        self, view: SentenceView, item: Item, named: Sequence[Named], told: Told, rows: Sequence[Comparison]
    ) -> list[tuple[Item, Sides]]:
        """What is said of which arms; a test between groups behind a change of each arm is of the two."""
        found = [(item, sides) for sides in self.arms.of(view, item.window, named, told, item.said)]
        p = item.window.p
        if p is None or not is_of_groups(view, p):
            return found
        hits = [hit.arm_ids[0] for hit in named if item.window.start <= hit.start < p.start]
        before = change_before(rows, item.outcome.text, hits)
        if before is None or len(set(hits)) != 1:
            return found
        way = against(before.direction, item.direction)
        return [
            (item, Sides(hits[0], None, tested=False)),
            (replace(item, direction=way), Sides(before.arm_a, hits[0])),
        ]

    def _row(self, view: SentenceView, item: Item, sides: Sides, time: str | None) -> Comparison:
        segment, outcome = item.window, item.outcome
        segment = segment if sides.tested else replace(segment, p=None, effect=None)
        verdict = self.attributor.of(view.passage, segment.start)
        p = segment.p.statistic if segment.p else None
        effect = segment.effect.statistic if segment.effect else None
        return Comparison(
            outcome=outcome.text,
            quote=Quote(view.passage, view.start, view.end, view.text),
            arm_a=sides.arm_a,
            arm_b=sides.arm_b,
            outcome_concept=outcome.concept,
            effect_measure=effect.effect_measure if effect else None,
            effect=effect.value if effect else None,
            ci_low=effect.low if effect else None,
            ci_high=effect.high if effect else None,
            p_operator=p.operator if p else None,
            p_value=p.value if p else None,
            direction=item.direction if sides.directed else None,
            timepoint=time,
            attribution=verdict.attribution,
            cited_ref=verdict.cited_ref,
        )


def main_arms(roles: Sequence[tuple[str, Role]]) -> list[str]:
    """The arms that the paper compares: interventions first, then comparators."""
    order = {Role.INTERVENTION: 0, Role.COMPARATOR: 1}
    return [arm_id for arm_id, role in sorted(roles, key=lambda pair: order.get(pair[1], 9)) if role in order]
