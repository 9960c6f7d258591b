"""Comparison rows from sentences: an outcome, two arms or one arm over time, direction, p-value, effect.

Place in the flow: asked by `relate()` beside `results.py`. A sentence is cut into segments, one per p-value
or effect; a segment without either becomes a row only if a direction word stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.document import Part, Section
from pipeline.evidence import Comparison, Direction, Label, Mention, Quote, Role
from pipeline.relate.arm_of import Named, Placed, Resolver, named_arms, place_arms
from pipeline.relate.attribution import Attributor
from pipeline.relate.direction import Cue, find_cues, is_between_arms, is_over_time, is_trend
from pipeline.relate.findings import Finding, find_findings, is_from_to
from pipeline.relate.outcome_of import (
    Outcome,
    OutcomeContext,
    candidates,
    listed_subjects,
    primary_outcome,
    resolve_outcomes,
)
from pipeline.relate.view import SentenceView, without_brackets

_CLAUSE = re.compile(
    r";\s|,?\s(?:whereas|while(?! (?:on|receiving|taking|using))|but|although|however)\s|,\s"
    r"(?:and|so)\s(?=(?:[\w-]+\s){1,8}(?:was|were|did|had|rose|fell|increased|decreased)\b)",
    re.IGNORECASE,
)
_AND_VERB = re.compile(
    r"\sand\s(?=(?:also\s)?(?:increased|decreased|rose|fell|improved|declined|did not)\b)", re.IGNORECASE
)
_LIST = re.compile(r"\s*(?:,\s?and|,\s?or|,|and|or|nor|as well as|/)\s(?:[\w-]+\s){0,3}", re.IGNORECASE)
_AIM = re.compile(
    r"\b(?:aim(?:s|ed)?|objectives?|purpose|goal|designed to|sought to|in order to|to "
    r"(?:determine|assess|evaluate|investigate|examine)"
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
_AGAINST = re.compile(
    r"\b(?:than|compared (?:with|to)|as compared (?:with|to)|comparison (?:with|to)|versus"
    r"|vs\.?|over|relative to|as)\s(?:[\w-]+\s){0,4}\Z",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:both|all|each|either|two)\s(?:\w+\s)?(?:groups?|arms?|treatments?|treatment groups"
    r"|drugs?|medications?|study groups|regimens?)\b",
    re.IGNORECASE,
)
_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a sentence that tells one contrast: passage offsets, its p-value and effect if printed."""

    start: int
    end: int
    p: Mention | None
    effect: Mention | None


@dataclass(frozen=True, slots=True)
class Told:
    """What the findings of a sentence say: numbers, their outcomes and arms."""

    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome | None, ...]
    placed: tuple[Placed, ...]

    def inside(self, segment: Segment) -> list[int]:
        return [index for index, finding in enumerate(self.findings) if segment.start <= finding.start < segment.end]


class ComparisonFinder:
    """Finds the comparisons of one paper; holds what is the same for all its sentences."""

    def __init__(self, resolver: Resolver, attributor: Attributor, main_arms: Sequence[str]) -> None:
        self.resolver = resolver
        self.attributor = attributor
        self.main_arms = tuple(main_arms)

    def find(self, views: Sequence[SentenceView]) -> list[Comparison]:
        """Every contrast told in the running text, in reading order."""
        rows: list[Comparison] = []
        context = OutcomeContext(primary=primary_outcome(views))
        for view in views:
            options = candidates(view)
            if view.part is not Part.TITLE and view.section not in (Section.METHODS, Section.BACKGROUND):
                rows += self._sentence(view, options, context)
            mentioned = [option for option in options if option.kind == "outcome"]
            context = replace(context, earlier=mentioned[-1]) if mentioned else context
        return rows

    def _sentence(self, view: SentenceView, options: list[Outcome], context: OutcomeContext) -> list[Comparison]:
        cues = find_cues(view.text)
        tests = [
            mention
            for mention in view.of(Label.STATISTIC)
            if mention.statistic and mention.statistic.kind in ("p", "effect")
        ]
        findings = find_findings(view)
        if (not cues and not tests) or (not tests and (_AIM.search(view.text) or _MODAL.search(view.text))):
            return []
        cues = [cue for cue in cues if not _ELSEWHERE.match(view.text[cue.end :])]
        hits = named_arms(view, self.resolver)
        told = Told(
            tuple(findings),
            tuple(resolve_outcomes(view, findings, options, context)),
            tuple(place_arms(view, findings, hits, self.resolver)),
        )
        rows: list[Comparison] = []
        last_cue: Cue | None = None
        for segment in _segments(view, tests):
            inside = [cue for cue in cues if segment.start <= view.start + cue.start < segment.end]
            cue = _best_cue(inside) or (last_cue if segment.p or segment.effect else None)
            rows += self._segment(view, segment, cue, (options, hits, told))
            last_cue = _best_cue(inside) or last_cue
        return rows

    def _segment(
        self, view: SentenceView, segment: Segment, cue: Cue | None, read: tuple[list[Outcome], Sequence[Named], Told]
    ) -> list[Comparison]:
        options, hits, told = read
        if segment.p is None and segment.effect is None and cue is None:
            return []
        outcomes = _outcomes(view, segment, cue, options, told)
        direction = _direction(view, segment, cue, told)
        if direction is None and segment.p is None and segment.effect is None:
            return []
        rows = []
        for outcome in outcomes:
            for arm_a, arm_b in self._arms(view, segment, cue, hits, told):
                rows.append(self._row(view, segment, outcome, direction, (arm_a, arm_b)))
        return rows

    def _arms(
        self, view: SentenceView, segment: Segment, cue: Cue | None, hits: Sequence[Named], told: Told
    ) -> list[tuple[str | None, str | None]]:
        indexes = told.inside(segment)
        text = view.between(segment.start, segment.end)
        inside = [hit for hit in hits if segment.start <= hit.start < segment.end] or list(hits)
        named = list(dict.fromkeys(arm_id for hit in inside for arm_id in hit.arm_ids))
        pairs = [
            told.findings[i : i + 2]
            for i in indexes
            if i + 1 in indexes and is_from_to(view, told.findings[i], told.findings[i + 1])
        ]
        if pairs:
            return [(arm_id, None) for arm_id in told.placed[indexes[0]].arm_ids or (None,)]
        valued = list(dict.fromkeys(arm_id for i in indexes for arm_id in told.placed[i].arm_ids))
        over_time = is_over_time(text) and not is_between_arms(text)
        if over_time:
            if _BOTH.search(text) and len(self.main_arms) > 1:
                return [(arm, None) for arm in self.main_arms[:2]]
            told_of: list[str | None] = [*(valued or named)]
            return [(arm, None) for arm in told_of or [self._default(view, segment)]]
        if len(valued) == 2:
            return [(valued[0], valued[1])]
        against = [
            arm_id for hit in inside if _AGAINST.search(view.between(view.start, hit.start)) for arm_id in hit.arm_ids
        ]
        first = [arm for arm in named if arm not in against]
        if len(named) >= 2:
            arm_a = first[0] if first else named[0]
            arm_b = next((arm for arm in against if arm != arm_a), next(arm for arm in named if arm != arm_a))
            return [(arm_a, arm_b)]
        if len(self.main_arms) >= 2:
            if named and named[0] in self.main_arms[:2]:
                other = next(arm for arm in self.main_arms[:2] if arm != named[0])
                return [(other, named[0])] if named[0] in against else [(named[0], other)]
            return [(self.main_arms[0], self.main_arms[1])]
        return [(named[0] if named else self._default(view, segment), None)]

    def _default(self, view: SentenceView, segment: Segment) -> str | None:
        return next(iter((*self.resolver.default_for(view.passage, segment.start), *self.main_arms)), None)

    def _row(
        self,
        view: SentenceView,
        segment: Segment,
        outcome: Outcome,
        direction: Direction | None,
        arms: tuple[str | None, str | None],
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


def _segments(view: SentenceView, tests: list[Mention]) -> list[Segment]:
    cuts = sorted(
        {
            view.start,
            view.end,
            *(view.start + match.end() for match in _CLAUSE.finditer(_flat(view.text))),
            *(view.start + match.end() for match in _AND_VERB.finditer(_flat(view.text))),
            *(_after(view, test) for test in tests),
        }
    )
    effects = [test for test in tests if test.statistic and test.statistic.kind == "effect"]
    # A p-value directly after its effect belongs to it: no cut between the two.
    joined = {
        _after(view, one)
        for one in effects
        if any(p.statistic and p.statistic.kind == "p" and 0 <= p.start - one.end <= 6 for p in tests)
    }
    cuts = [cut for cut in cuts if cut not in joined]
    segments = []
    for low, high in pairwise(cuts):
        inside = [test for test in tests if low <= test.start < high]
        p = next((test for test in inside if test.statistic and test.statistic.kind == "p"), None)
        effect = next((test for test in inside if test.statistic and test.statistic.kind == "effect"), None)
        segments.append(Segment(low, high, p, effect))
    return segments


def _flat(text: str) -> str:
    """The text with brackets blanked out, offsets kept: a ";" in a bracket ends no clause."""
    return without_brackets(text)


def _after(view: SentenceView, test: Mention) -> int:
    rest = view.between(test.end, min(view.end, test.end + 3))
    return test.end + len(rest) - len(rest.lstrip(")] "))


def _best_cue(cues: list[Cue]) -> Cue | None:
    """A cue of no difference wins over others; else the first."""
    return next((cue for cue in cues if cue.direction is Direction.NO_DIFFERENCE), cues[0] if cues else None)


def _outcomes(
    view: SentenceView, segment: Segment, cue: Cue | None, options: list[Outcome], told: Told
) -> list[Outcome]:
    indexes = told.inside(segment)
    valued = [outcome for index in indexes if (outcome := told.outcomes[index]) is not None and outcome.kind != "word"]
    distinct = list({outcome.text.lower(): outcome for outcome in valued}.values())
    if distinct:
        return distinct[-1:] if segment.p else distinct
    if cue is not None and cue.direction is Direction.NO_DIFFERENCE and segment.p is None:
        listed = listed_subjects(view, segment.start, segment.end)
        if listed:
            return listed
    inside = [option for option in options if segment.start <= option.start < segment.end]
    named = [option for option in inside if option.kind == "outcome"] or [
        option for option in inside if option.kind == "condition" and option.cost < 5
    ]
    if not named:
        before = [option for option in options if option.kind == "outcome" and option.start < segment.start]
        return before[-1:] if segment.p or segment.effect else []
    anchor = segment.p.start if segment.p else view.start + (cue.start if cue else 0)
    return _coordinated(view, named, anchor)


def _coordinated(view: SentenceView, named: list[Outcome], anchor: int) -> list[Outcome]:
    """The outcome nearest to the anchor with the others of its list."""
    groups: list[list[Outcome]] = []
    for option in named:
        if groups and _LIST.fullmatch(view.between(groups[-1][-1].end, option.start)):
            groups[-1].append(option)
        else:
            groups.append([option])
    return min(groups, key=lambda group: min(abs(option.start - anchor) for option in group))


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
