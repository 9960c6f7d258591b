"""Comparison rows from sentences: an outcome, two arms or one arm over time, direction, p-value, effect.

Place in the flow: asked by `relate()` beside `results.py`. A sentence is cut into segments (`contrast.py`): one with a
test becomes a row, one without only if a direction word speaks of an outcome in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.document import Part, Section
from pipeline.evidence import Attribution, Comparison, Direction, Label, Quote, Role
from pipeline.relate.arm_of import named_arms, place_arms
from pipeline.relate.attribution import Attributor
from pipeline.relate.contrast import Contrast, Segment, Told, segments_of, tested_outcomes, tests_of, told_contrasts
from pipeline.relate.contrast_arms import ContrastArms, Pair
from pipeline.relate.direction import Cue, by_degree, find_cues, is_trend, polar
from pipeline.relate.findings import Finding, defines_end_points, find_findings, is_from_to
from pipeline.relate.outcome_of import Outcome, OutcomeContext, candidates, primary_outcome, resolve_outcomes
from pipeline.relate.view import SentenceView

_AIM = re.compile(
    r"\b(?:aim(?:s|ed)?|objectives?|purpose|goal|designed to|sought to|in order to|this study compares|to "
    r"(?:compare|determine|assess|evaluate|investigate|examine)"
    r"|we (?:compared|evaluated|assessed|investigated|studied|examined|analy[sz]ed|chose"
    r"|hypothesi[sz]ed)|whether|were (?:randomi[sz]ed|compared|analy[sz]ed)"
    r"|was (?:studied|investigated|evaluated)|will be|further (?:studies|investigation)"
    r"|is needed|are needed|remains? (?:unclear|unknown))\b",
    re.IGNORECASE,
)
_MODAL = re.compile(r"\b(?:may|might|could|should|would|can|suggest(?:s|ed|ing)? that)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"^\s?(?:with|to)\s(?:\w+\s){0,2}(?:previous|other|earlier|prior|published|historical"
    r"|those (?:reported|described)|reports?|literature)\b",
    re.IGNORECASE,
)
_RESTATES = re.compile(
    r"\b(?:(?:the|these|our|present) (?:\w+ )?(?:data|results|findings|observations) "
    r"(?:\w+ )?(?:indicate|suggest|support|demonstrate|show|confirm)|we conclude|in conclusion"
    r"|(?:this|our|the present) (?:study|trial|analysis) (?:\w+ )?(?:supports?|shows?|showed"
    r"|confirms?|demonstrates?|indicates?))\b",
    re.IGNORECASE,
)
_SIGNIFICANT = 0.05


class ComparisonFinder:
    """Finds the comparisons of one paper; holds what is the same for all its sentences."""

    def __init__(self, arms: ContrastArms, attributor: Attributor) -> None:
        self.arms = arms
        self.attributor = attributor

    def find(self, views: Sequence[SentenceView]) -> list[Comparison]:
        """Every contrast told in the running text, in reading order."""
        rows: list[Comparison] = []
        context = OutcomeContext(primary=primary_outcome(views))
        concluding: int | None = None
        for view in views:
            options = candidates(view)
            if view.part is not Part.TITLE and view.section not in (Section.METHODS, Section.BACKGROUND):
                told = self._sentence(view, options, context)
                concluding = view.passage if _RESTATES.search(view.text) else concluding
                restated = view.section is Section.CONCLUSION or concluding == view.passage
                rows += [row for row in told if not (restated and _is_known(row, rows))]
            mentioned = [option for option in options if option.kind == "outcome"]
            context = replace(context, earlier=mentioned[-1] if mentioned else None)
        return rows

    def _sentence(self, view: SentenceView, options: list[Outcome], context: OutcomeContext) -> list[Comparison]:
        cues = [cue for cue in find_cues(view.text) if not _ELSEWHERE.match(view.text[cue.end :])]
        tests = tests_of(view)
        if defines_end_points(view):
            return []
        if not tests and (not cues or _AIM.search(view.text) or _MODAL.search(view.text)):
            return []
        if not tests and self.attributor.of(view.passage, view.start).attribution is Attribution.BACKGROUND:
            return []
        hits = named_arms(view, self.arms.resolver)
        findings = find_findings(view)
        told = Told(
            tuple(findings),
            tuple(resolve_outcomes(view, findings, options, context)),
            tuple(place_arms(view, findings, hits, self.arms.resolver)),
        )
        rows: list[Comparison] = []
        last: Cue | None = None
        spoken: tuple[Outcome, ...] = ()
        verb = ""
        for segment in segments_of(view, tests):
            inside = [cue for cue in cues if segment.start <= view.start + cue.start < segment.end]
            best = _best_cue(inside)
            if segment.p or segment.effect:
                direction = _direction(view, segment, best or last, told)
                told_here = [
                    (one, by_degree(best or last, one.text, direction), segment)
                    for one in tested_outcomes(view, segment, options, told)
                ]
            else:
                contrasts = told_contrasts(view, segment, inside, options, told)
                if best and not contrasts and spoken:
                    contrasts = [Contrast(best, spoken, segment)]
                spoken = contrasts[-1].outcomes if contrasts else spoken
                told_here = [
                    (one, polar(each.cue, one.text), each.segment) for each in contrasts for one in each.outcomes
                ]
            said = "" if best else verb
            verb = view.between(segment.start, segment.end) if best else verb
            for outcome, way, window in told_here:
                for pair in self.arms.of(view, window, hits, told, said):
                    rows.append(self._row(view, segment, outcome, way, pair))
            last = best or last
        return rows

    def _row(
        self,
        view: SentenceView,
        segment: Segment,
        outcome: Outcome,
        direction: Direction | None,
        arms: Pair,
    ) -> Comparison:
        verdict = self.attributor.of(view.passage, segment.start)
        p = segment.p.statistic if segment.p else None
        effect = segment.effect.statistic if segment.effect else None
        return Comparison(
            outcome=outcome.text,
            quote=Quote(view.passage, view.start, view.end, view.text),
            arm_a=arms[0],
            arm_b=arms[1],
            outcome_concept=outcome.concept,
            effect_measure=effect.effect_measure if effect else None,
            effect=effect.value if effect else None,
            ci_low=effect.low if effect else None,
            ci_high=effect.high if effect else None,
            p_operator=p.operator if p else None,
            p_value=p.value if p else None,
            direction=direction,
            timepoint=_timepoint(view, segment),
            attribution=verdict.attribution,
            cited_ref=verdict.cited_ref,
        )


def main_arms(roles: Sequence[tuple[str, Role]]) -> list[str]:
    """The arms that the paper compares: interventions first, then comparators."""
    order = {Role.INTERVENTION: 0, Role.COMPARATOR: 1}
    return [arm_id for arm_id, role in sorted(roles, key=lambda pair: order.get(pair[1], 9)) if role in order]


def _is_known(row: Comparison, rows: Sequence[Comparison]) -> bool:
    """Whether an earlier row speaks of the same outcome: a conclusion that repeats it is no new finding."""
    words = frozenset(re.findall(r"\w+", row.outcome.lower()))
    return any(
        words <= earlier or earlier <= words
        for earlier in (frozenset(re.findall(r"\w+", one.outcome.lower())) for one in rows)
    )


def _best_cue(cues: list[Cue]) -> Cue | None:
    """A cue of no difference wins over others; else the first."""
    return next((cue for cue in cues if cue.direction is Direction.NO_DIFFERENCE), cues[0] if cues else None)


def _direction(view: SentenceView, segment: Segment, cue: Cue | None, told: Told) -> Direction | None:
    text = view.between(segment.start, segment.end)
    p = segment.p.statistic if segment.p else None
    if cue is not None and cue.direction is Direction.NO_DIFFERENCE:
        return cue.direction
    failed = p is not None and (p.value is None or (p.value > _SIGNIFICANT and p.operator in ("=", ">", ">=")))
    if failed and not is_trend(text):
        return Direction.NO_DIFFERENCE
    if cue is not None:
        return cue.direction
    return _from_values(segment, told)


def _from_values(segment: Segment, told: Told) -> Direction | None:
    inside = [told.findings[index] for index in told.inside(segment)]
    if len(inside) != 2:
        return None
    first, second = _number(inside[0]), _number(inside[1])
    if first is None or second is None or first == second:
        return None
    later_first = is_from_to(inside[0].view, inside[0], inside[1])
    return Direction.INCREASED if (first > second) != later_first else Direction.DECREASED


def _number(finding: Finding) -> float | None:
    statistic = finding.statistic
    if statistic.percent is not None:
        return statistic.percent
    if statistic.events is not None and statistic.total:
        return 100 * statistic.events / statistic.total
    return statistic.value


def _timepoint(view: SentenceView, segment: Segment) -> str | None:
    times = view.of(Label.TIMEPOINT)
    inside = [time for time in times if segment.start <= time.start < segment.end]
    chosen = inside or times
    return chosen[-1].text if chosen else None
