"""Comparison rows from sentences: an outcome, two arms or one arm over time, direction, p-value, effect.

Place in the flow: asked by `relate()` beside `results.py`. A sentence is cut into segments (`contrast.py`): one with a
test becomes a row, one without only if a direction word speaks of an outcome in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.document import Part, Section
from pipeline.evidence import Attribution, Comparison, Direction, Mention, Quote, Role
from pipeline.relate.arm_of import place_arms
from pipeline.relate.attribution import Attributor
from pipeline.relate.contrast import Segment, Told, has_verb, segments_of, tests_of
from pipeline.relate.contrast_arms import ContrastArms, Sides
from pipeline.relate.contrast_outcomes import Contrast, tested_outcomes, told_contrasts
from pipeline.relate.contrast_times import times_of
from pipeline.relate.direction import Cue, find_cues, is_correlation, is_trend, polar
from pipeline.relate.findings import Finding, defines_end_points, is_from_to
from pipeline.relate.group_tests import against, change_before, is_of_groups
from pipeline.relate.outcome_of import Outcome, OutcomeContext, primary_outcome, resolve_outcomes
from pipeline.relate.placed import Named
from pipeline.relate.predicted import Predicted, predicted_outcomes
from pipeline.relate.sentence import Sentence
from pipeline.relate.spared import spared_arms, spared_outcomes, with_spared
from pipeline.relate.supposed import stated
from pipeline.relate.view import SentenceView, in_brackets, without_brackets

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
# "was significantly (P = 0.01) higher": the test stands before the word.
_CUT_SHORT = re.compile(r"\b(?:was|were|is|are)\s(?:\w+ly\s)?[(\[][^()\[\]]*[)\]]?\s?\Z", re.IGNORECASE)
_ABSENT = re.compile(
    r"\bwithout\s(?:any\s|an?\s|(?:\w+ly\s)?(?:serious|severe|significant|major|further|other)\s)*\Z", re.I
)
_GREATER = re.compile(r"greater|larger|more|higher|better|longer", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:change|effect|response|difference|reduction|fall|decrease|increase|rise|which|this)s?\b", re.IGNORECASE
)
_GREATEST = re.compile(
    r"\s(?:was|were|is)\s(?:\w+ly\s)?(?:the\s)?(?:greatest|largest|highest|strongest|most|maximal)\b", re.IGNORECASE
)
_FALL_IN = re.compile(
    r"(?:falls?|reductions?|decreases?|declines?|drops?|lowering)\s(?:in|of)\s(?:the\s|both\s|mean\s)*", re.IGNORECASE
)
# "(difference, 16.3 points": neither side's number.
_DIFFERENCE = re.compile(r"\bdifferences?[^.;()]{0,40}\Z", re.IGNORECASE)
# "fell after 4 (P < 0.05) |and 12 months": the same, at another time.
_NEXT_TIME = re.compile(
    r"[\s,]*(?:and\s)?(?:(?:at|after|by)\s)?\d+(?:\.\d+)?\s(?:minutes?|hours?|days?|weeks?|months?|years?)[\s,.;]*\Z",
    re.IGNORECASE,
)
# "fell to 4 (P < 0.05), |rising again to 5": still of what was tested.
_GOES_ON = re.compile(
    r"[\s,]*(?:and\s|but\s)?(?:(?:then|thereafter|subsequently|later)\s)?"
    r"(?:rising|falling|increasing|decreasing|declining|dropping|rose|fell)\b",
    re.IGNORECASE,
)
_ONLY_AND = re.compile(
    r"[\s,]*(?:and|as well as)(?:\s|,|and\b|or\b|the\b|mean\b|in\b|of\b|also\b|both\b)*"
    r"(?:(?:than|versus|compared (?:with|to))\s(?:(?!(?:was|were|had|did|is|are)\b)[\w-]+\s?){1,6})?[.;]?\s*",
    re.IGNORECASE,
)
_CONTROLLED = re.compile(r"\s?[-‐–]?\s?controlled\b", re.IGNORECASE)  # "placebo-controlled": the kind of trial
_SIGNIFICANT = 0.05
_RATIOS = ("hazard ratio", "odds ratio", "risk ratio")


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
        for item in _Teller(view, sentence.options, told, cues, predicted_outcomes(view, sentence.options)).items(
            segments_of(view, tests)
        ):
            named = hits if item.window.p else [hit for hit in hits if hit not in spared]
            for one, sides in self._sides(view, item, named, told, rows):
                rows += [self._row(view, one, sides, time) for time in times_of(view, item.window)]
        return with_spared(rows, spared, spared_outcomes(view, sentence.options))

    def _sides(
        self, view: SentenceView, item: _Item, named: Sequence[Named], told: Told, rows: Sequence[Comparison]
    ) -> list[tuple[_Item, Sides]]:
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

    def _row(self, view: SentenceView, item: _Item, sides: Sides, time: str | None) -> Comparison:
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


@dataclass(frozen=True, slots=True)
class _Item:
    """One outcome of a sentence and the way it went; `said`: words elsewhere in the sentence that carry the verb."""

    outcome: Outcome
    direction: Direction | None
    window: Segment
    said: str


@dataclass(frozen=True, slots=True)
class _Teller:
    """Reads the segments of one sentence in order: what is said once holds for the pieces that follow."""

    view: SentenceView
    options: tuple[Outcome, ...]
    told: Told
    cues: list[Cue]
    predicted: Sequence[Predicted] = ()

    def items(self, segments: Sequence[Segment]) -> Iterator[_Item]:
        """What the segments say, outcome by outcome."""
        last: Cue | None = None
        spoken: tuple[Outcome, ...] = ()
        is_tested = False
        verb = ""
        for index, segment in enumerate(segments):
            inside = self._cues_in(segment)
            best = _best_cue(inside)
            said = "" if best else verb
            if segment.p or segment.effect:
                lead = best or last
                if lead is None and (ahead := self._ahead(segments[index:])):
                    lead, said = ahead
                found = list(self._tested(segment, inside, lead, said))
            elif best is not None and not _is_none(best) and (self._is_correlation(segment) or self._about(best)):
                continue  # "the fall in A was correlated with B" says nothing of the fall
            elif best is None and last is not None and _NEXT_TIME.match(self.view.between(segment.start, segment.end)):
                found = [_Item(one, _way(last, one, last.direction), segment, verb) for one in spoken]
            elif best is None and last is not None and is_tested and (also := self._only_named(segment)):
                found = [_Item(one, _way(last, one, last.direction), segment, verb) for one in also]
            else:
                goes_on = not is_tested or _GOES_ON.match(self.view.between(segment.start, segment.end))
                found = list(self._told(segment, inside, (best, last), spoken if goes_on else (), said))
            yield from found
            if found:
                spoken = tuple(one.outcome for one in found if one.window == found[-1].window)
                is_tested = segment.p is not None or segment.effect is not None
            verb = self.view.between(segment.start, segment.end) if best else verb
            last = best or last

    def _told(
        self,
        segment: Segment,
        inside: list[Cue],
        words: tuple[Cue | None, Cue | None],
        spoken: tuple[Outcome, ...],
        said: str,
    ) -> Iterator[_Item]:
        """What a piece without a test says; `words`: its own direction word and the last one before it."""
        best, last = words
        if best is not None and _is_none(best) and self._is_correlation(segment):
            inside = [best]  # "no correlation between the fall in A and B": nothing fell
        contrasts = told_contrasts(self.view, segment, inside, self.options, self.told)
        if best and not contrasts and spoken:
            contrasts = [Contrast(_of_change(self.view, segment, best, last), spoken, segment)]
        for each in contrasts:
            for one in (_fallen(self.view, named, each.cue) for named in each.outcomes):
                way = _way(each.cue, one, each.cue.direction)
                if way is Direction.NO_DIFFERENCE or not _is_absent(self.view, one):
                    yield _Item(one, way, each.segment, "reduction in " if each.is_change else said)

    def _only_named(self, segment: Segment) -> list[Outcome]:
        """ "lower A (P = 0.01) |and B.": the outcomes of a piece that holds nothing else."""
        named = [one for one in self.options if segment.start <= one.start and one.end <= segment.end]
        text = without_brackets(self.view.between(segment.start, segment.end))
        for one in named:
            text = text[: one.start - segment.start] + " " * (one.end - one.start) + text[one.end - segment.start :]
        told = [one for one in named if one.kind == "outcome" and not in_brackets(self.view, one.start)]
        joins = bool(named) and _ONLY_AND.fullmatch(text[: named[0].start - segment.start])
        return told if joins and _ONLY_AND.fullmatch(text) else []

    def _about(self, place: Cue | Mention | None) -> Predicted | None:
        """The outcome whose predictors are listed at a place of the sentence."""
        if place is None:
            return None
        start = self.view.start + place.start if isinstance(place, Cue) else place.start
        return next((one for one in self.predicted if one.start <= start < one.end), None)

    def _tested(self, segment: Segment, inside: list[Cue], lead: Cue | None, said: str) -> Iterator[_Item]:
        test = segment.p or segment.effect
        if test and (about := self._about(test)):
            failed = _has_failed(segment) or any(_is_none(cue) for cue in inside)
            way = Direction.NO_DIFFERENCE if failed else about.direction(self.view, test, segment.start)
            yield _Item(about.outcome, way, segment, "correlated with ")
            return
        direction = _direction(self.view, segment, lead, self.told)
        outcomes = tested_outcomes(self.view, segment, inside, self.options, self.told)
        if segment.run and len(outcomes) in (1, len(segment.run)):
            each = outcomes if len(outcomes) > 1 else outcomes * len(segment.run)
            for (one, _), p in zip(each, segment.run, strict=True):
                way = _direction(self.view, replace(segment, p=p), lead, self.told)
                yield _Item(one, _way(lead, one, way), replace(segment, p=p), said)
            return
        for named, has_test in outcomes:
            one = _fallen(self.view, named, lead)
            if has_test:
                yield _Item(one, _way(lead, one, direction), segment, said)
            elif lead is not None:
                yield _Item(one, _way(lead, one, lead.direction), replace(segment, p=None, effect=None), said)

    def _cues_in(self, segment: Segment) -> list[Cue]:
        inside = [cue for cue in self.cues if segment.start <= self.view.start + cue.start < segment.end]
        if segment.p is None:
            return inside
        low, high = segment.p.start - self.view.start, segment.p.end - self.view.start
        return [cue for cue in inside if cue.end <= low or high <= cue.start]  # "(not significant)" is the test

    def _is_correlation(self, segment: Segment) -> bool:
        return is_correlation(self.view.between(segment.start, segment.end), tested=True)

    def _ahead(self, segments: Sequence[Segment]) -> tuple[Cue, str] | None:
        """ "A (P = 0.01) and B (P = 0.02) were higher": the verb follows its tests."""
        for number, segment in enumerate(segments):
            text = self.view.between(segment.start, segment.end)
            if number and (best := _best_cue(self._cues_in(segment))):
                return best, text
            if (has_verb(without_brackets(text)) and not _CUT_SHORT.search(text)) or ";" in text:
                return None
        return None


def main_arms(roles: Sequence[tuple[str, Role]]) -> list[str]:
    """The arms that the paper compares: interventions first, then comparators."""
    order = {Role.INTERVENTION: 0, Role.COMPARATOR: 1}
    return [arm_id for arm_id, role in sorted(roles, key=lambda pair: order.get(pair[1], 9)) if role in order]


def _is_absent(view: SentenceView, outcome: Outcome) -> bool:
    """ "improved without serious adverse effects": what was not there went nowhere."""
    return _ABSENT.search(view.between(view.start, outcome.start)) is not None


def _fallen(view: SentenceView, outcome: Outcome, cue: Cue | None) -> Outcome:
    """What fell, where the words tell how great the fall was: "a greater fall in A", "the fall in A was greatest"."""
    match = _FALL_IN.match(outcome.text) if cue is not None and _is_how_great(view, outcome, cue) else None
    return replace(outcome, text=outcome.text[match.end() :], start=outcome.start + match.end()) if match else outcome


def _is_how_great(view: SentenceView, outcome: Outcome, cue: Cue) -> bool:
    inside = outcome.start <= view.start + cue.start < outcome.end
    return cue.is_degree or (inside and _GREATEST.match(view.between(outcome.end, view.end)) is not None)


def _of_change(view: SentenceView, segment: Segment, cue: Cue, last: Cue | None) -> Cue:
    """ "A and B lowered X, but the change was greater with A": a greater change goes the way of the change."""
    greater = _GREATER.match(cue.text) and _CHANGE.search(view.between(segment.start, view.start + cue.start))
    return replace(cue, direction=last.direction) if greater and last and not _is_none(last) else cue


def _is_none(cue: Cue) -> bool:
    return cue.direction is Direction.NO_DIFFERENCE


def _best_cue(cues: list[Cue]) -> Cue | None:
    """A cue of no difference wins over others; else the first."""
    return next((cue for cue in cues if cue.direction is Direction.NO_DIFFERENCE), cues[0] if cues else None)


def _way(cue: Cue | None, outcome: Outcome, direction: Direction | None) -> Direction | None:
    """The way of the outcome itself, where the cue's is told: an improved oedema fell."""
    if cue is None or direction is not cue.direction:
        return direction
    return polar(cue, outcome.text, is_disease=outcome.kind in ("condition", "histology"))


def _direction(view: SentenceView, segment: Segment, cue: Cue | None, told: Told) -> Direction | None:
    text = view.between(segment.start, segment.end)
    if cue is not None and cue.direction is Direction.NO_DIFFERENCE:
        return cue.direction
    if _has_failed(segment) and not is_trend(text):
        return Direction.NO_DIFFERENCE
    if cue is not None:
        return cue.direction
    return _from_values(segment, told) or _from_ratio(segment)


def _has_failed(segment: Segment) -> bool:
    p = segment.p.statistic if segment.p else None
    return p is not None and (p.value is None or (p.value > _SIGNIFICANT and p.operator in ("=", ">", ">=")))


def _from_ratio(segment: Segment) -> Direction | None:
    """A ratio's interval on one side of 1 is an increase or a decrease, else no difference is shown."""
    effect = segment.effect.statistic if segment.effect else None
    if effect is None or effect.effect_measure not in _RATIOS or effect.low is None or effect.high is None:
        return None
    if effect.low > 1:
        return Direction.INCREASED
    return Direction.DECREASED if effect.high < 1 else Direction.NO_DIFFERENCE


def _from_values(segment: Segment, told: Told) -> Direction | None:
    inside = [told.findings[index] for index in told.inside(segment)]
    inside = [one for one in inside if not _DIFFERENCE.search(one.view.between(segment.start, one.start))]
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
