"""Result rows from sentences: a number, its outcome, its arm, its time point, its quote.

Place in the flow: asked by `relate()`; reads sentence views, gives `Result` records that `assemble` joins and numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.document import Part, Section
from pipeline.evidence import Attribution, Label, Measure, Mention, Quote, Result, Statistic
from pipeline.relate.arm_of import place_arms
from pipeline.relate.attribution import Attributor
from pipeline.relate.case_age import case_ages
from pipeline.relate.consistency import Everybody, both_pressures, completed, contradicted, of_everybody, oversized
from pipeline.relate.doubts import Compared, sentence_doubts
from pipeline.relate.findings import Finding, is_from_to
from pipeline.relate.outcome_of import Outcome, OutcomeContext, primary_outcome, resolve_outcomes
from pipeline.relate.placed import Resolver
from pipeline.relate.sentence import Sentence
from pipeline.relate.states import find_states
from pipeline.relate.view import SentenceView
from pipeline.relate.zeros import all_of_group, find_wholes
from pipeline.tag.printed_unit import is_percent

_CHANGE_WORDS = re.compile(
    r"\b(?:changes?|decreases?|increases?|reductions?|declines?|rises?|falls?|improvements?)\b", re.IGNORECASE
)
_CHANGED_BY = re.compile(
    r"\b(?:decreas|increas|reduc|declin|dropp|improv|chang|fell|rose)\w*\b[^.;,]{0,40}\sby\s"
    r"(?:an? (?:mean|median) (?:of )?)?\Z",
    re.IGNORECASE,
)
# "79 mmHg and 78 at the end": said of this number alone.
_AT_END = re.compile(
    r"[^\d.,;:()]{0,20}?(?:/1\.73\s?m2)?\s(?P<time>at the end(?: of (?:the )?[\w-]+)?)\b", re.IGNORECASE
)
_CHANGE_OF = re.compile(
    r"\b(?P<change>(?:reduction|decrease|decline|fall|increase|rise|improvement)s?\s(?:in|of)\s(?:the\s)?)\Z",
    re.IGNORECASE,
)
_CUT_UNIT = re.compile(r"/[A-Za-zµμ]")
_BASELINE = re.compile(
    r"\b(?:at (?:baseline|entry|presentation|diagnosis|admission)|baseline|initial\w*"
    r"|pre-?treatment|age[ds]?\b|males?|females?)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:after|follow(?:ed)?[- ]?up|months?|weeks?|end of|decreas\w*|increas\w*|fell|rose|declin\w*|reduc\w*|chang\w*"
    r"|improv\w*|post-?treatment|withdraw\w*)\b",
    re.IGNORECASE,
)
# "Changes from baseline to week 24" are no values at baseline.
_SINCE = re.compile(
    r"\b(?:from|than|since|versus|vs\.?|(?:compared|relative) (?:with|to)) (?:the )?baseline\b", re.IGNORECASE
)

# Doubts of whom a number is said; see `doubts.py`.
_OF_GROUPS = frozenset(("group", "whole", "pair", "far", "order", "dealt"))


@dataclass(frozen=True, slots=True)
class Group:
    """What is known of the paper's groups: the arms' sizes, and whether its cases are single patients."""

    sizes: Mapping[str, int]
    is_case_report: bool = False
    compared: Compared = field(default_factory=Compared)
    everybody: Everybody | None = None


def find_results(
    sentences: Sequence[Sentence], resolver: Resolver, attributor: Attributor, group: Group | None = None
) -> list[Result]:
    """Every result told in the running text, in reading order."""
    results: list[Result] = []
    compared = group.compared if group else Compared()
    context = OutcomeContext(primary=primary_outcome((one.view, one.options) for one in sentences))
    for sentence in sentences:
        view, options, named = sentence.view, sentence.options, sentence.named
        findings = [finding for finding in sentence.findings if not finding.effect]
        outcomes: list[Outcome | None] = []
        if findings and view.part is not Part.TITLE:
            placed = place_arms(view, findings, named, resolver)
            outcomes = resolve_outcomes(view, findings, options, context)
            told: list[Result] = []
            beside: list[bool] = []
            for finding, outcome, place in zip(findings, outcomes, placed, strict=True):
                if outcome is not None and not _is_background(view, finding.start, attributor):
                    row = _row(view, findings, finding, outcome, attributor)
                    doubts = sentence_doubts(view, findings, finding, outcome, (place, named, compared))
                    unsure = ("time",) if _is_unsure_of_time(view, findings, finding, row) else ()
                    row = replace(row, doubts=_without_groups(view, group, (*doubts, *unsure)))
                    rows = [row] if finding.twin is None else both_pressures(row, finding.twin)
                    rows = [replace(one, arm_id=arm_id) for one in rows for arm_id in place.arm_ids or (None,)]
                    told += rows
                    beside += [place.how == "beside"] * len(rows)
            sizes = group.sizes if group else {}
            everybody = group.everybody if group and len({hit.arm_ids for hit in named}) > 1 else None
            told = of_everybody(told, beside, sizes, everybody)
            results += contradicted(oversized(completed(told, sizes), sizes), beside)
        if view.part is not Part.TITLE:
            results += _whole_rows(sentence, findings, resolver, attributor, group or Group({}))
            results += _age_rows(view, resolver, attributor) if group and group.is_case_report else []
        context = replace(context, earlier=_spoken_of(options, outcomes))
    return results


def _spoken_of(options: Sequence[Outcome], outcomes: Sequence[Outcome | None]) -> Outcome | None:
    """The outcome that the next sentence may go on about: the last one named here, else the one carried on here."""
    mentioned = [option for option in options if option.kind == "outcome"]
    carried = [outcome for outcome in outcomes if outcome is not None and outcome.kind == "earlier"]
    return next(reversed(mentioned), None) or next(reversed(carried), None)


def _without_groups(view: SentenceView, group: Group | None, doubts: tuple[str, ...]) -> tuple[str, ...]:
    """The doubts without those about groups where a case is told: all is said of one patient, the regimen is the one
    that runs."""
    is_case = group is not None and group.is_case_report and view.section is Section.CASE
    return tuple(reason for reason in doubts if reason not in _OF_GROUPS) if is_case else doubts


def _age_rows(view: SentenceView, resolver: Resolver, attributor: Attributor) -> list[Result]:
    aged = [(found, age) for found, age in case_ages(view) if not _is_background(view, found.start, attributor)]
    rows = []
    for found, age in aged:
        arms = resolver.default_for(view.passage, found.start)
        rows.append(replace(_row(view, [found], found, age, attributor), arm_id=arms[0] if len(arms) == 1 else None))
    return rows


def _is_background(view: SentenceView, position: int, attributor: Attributor) -> bool:
    """Whether what stands there is general knowledge, nobody's finding."""
    return attributor.of(view.passage, position).attribution is Attribution.BACKGROUND


def _whole_rows(
    sentence: Sentence, findings: Sequence[Finding], resolver: Resolver, attributor: Attributor, group: Group
) -> list[Result]:
    """Rows of what nobody or everybody had; n only if the group's size is known."""
    view, options, named = sentence.view, sentence.options, sentence.named
    wholes = find_wholes(view, options, [(finding.start, finding.end) for finding in findings])
    if not wholes:
        lone = [hit for hit in named if len(hit.arm_ids) == 1]
        wholes = all_of_group(view, options, [(hit.start, hit.end) for hit in lone])
    wholes = [whole for whole in wholes if not _is_background(view, whole.start, attributor)]
    if group.is_case_report:
        case = view.section is Section.CASE and view.part is Part.BODY
        wholes = [replace(whole, size=whole.size or 1) for whole in wholes] if case else wholes
        states = find_states(view, options)
        wholes = [whole for whole in wholes if all(whole.outcome.start != state.outcome.start for state in states)]
        wholes += states
    rows = []
    for whole in wholes:
        statistic = Statistic(
            "proportion", events=0.0 if whole.nobody else None, percent=0.0 if whole.nobody else 100.0
        )
        finding = Finding(view, whole.start, whole.end, statistic, weight=0.6)
        place = place_arms(view, [finding], named, resolver)[0]
        row = _row(view, [finding], finding, whole.outcome, attributor)
        doubts = sentence_doubts(view, [finding], finding, whole.outcome, (place, named, group.compared))
        words = () if group.is_case_report else ("words",)  # "none had", "all achieved": of whom, and of what sort
        doubts = tuple(reason for reason in doubts if reason != "denied")
        row = replace(row, doubts=_without_groups(view, group, (*doubts, *words)))
        for arm_id in place.arm_ids or (None,):
            total = whole.size or (group.sizes.get(arm_id) if arm_id else None)
            events = 0.0 if whole.nobody else total
            percent = row.percent if total != 1 else None
            rows.append(replace(row, arm_id=arm_id, events=events, total=total, percent=percent))
    return rows


def _row(
    view: SentenceView, findings: Sequence[Finding], finding: Finding, outcome: Outcome, attributor: Attributor
) -> Result:
    statistic = finding.statistic
    verdict = attributor.of(view.passage, finding.start)
    value, percent, unit = statistic.value, statistic.percent, statistic.unit
    if finding.twin is None and any(
        one.statistic.unit == unit and _CUT_UNIT.match(view.between(one.end, one.end + 3)) for one in findings
    ):
        unit = None  # "46.3 to 48.6 ml" of "46.3 to 48.6 ml/mint/1.73 m2"
    if percent is not None and (finding.change or percent < 0):  # no share of people is negative
        value, percent, unit = percent, None, "%"
    return Result(
        outcome=_of_change(view, finding, outcome),
        quote=Quote(view.passage, view.start, view.end, view.text),
        text=finding.text,
        outcome_concept=outcome.concept,
        measure=_measure(finding, outcome),
        value=value,
        sd=statistic.sd,
        se=statistic.se,
        low=statistic.low,
        high=statistic.high,
        unit=unit,
        events=statistic.events,
        total=statistic.total,
        percent=percent,
        timepoint=timepoint_of(view, findings, finding, outcome),
        attribution=verdict.attribution,
        cited_ref=verdict.cited_ref,
        confidence=finding.weight,
    )


def _of_change(view: SentenceView, finding: Finding, outcome: Outcome) -> str:
    """The outcome's name; with the words before it where people are counted: "a reduction in GFR" of 12 %."""
    if (finding.statistic.events is None and finding.statistic.percent is None) or finding.change or outcome.start < 0:
        return outcome.text
    match = _CHANGE_OF.search(view.between(max(finding.end, outcome.start - 60), outcome.start))
    return match["change"] + outcome.text if match else outcome.text


def _measure(finding: Finding, outcome: Outcome) -> Measure:
    statistic = finding.statistic
    if finding.change:
        return Measure.PERCENT_CHANGE if statistic.percent is not None or is_percent(statistic.unit) else Measure.CHANGE
    if statistic.percent is not None and statistic.percent < 0:
        return Measure.PERCENT_CHANGE
    if statistic.total is not None or statistic.percent is not None:
        return Measure.PROPORTION
    if statistic.events is not None:
        return Measure.COUNT
    if statistic.value is not None and finding.text.startswith("+"):
        return Measure.CHANGE
    if statistic.unit != "%" and _CHANGED_BY.search(finding.view.between(finding.view.start, finding.start)):
        return Measure.CHANGE
    if statistic.measure in ("mean", "median", "change"):
        changed = statistic.value is not None and (statistic.value < 0 or _CHANGE_WORDS.match(outcome.text))
        return Measure.CHANGE if changed else Measure(statistic.measure)
    if is_percent(statistic.unit):
        return Measure.PROPORTION
    return (
        Measure.RATE if re.search(r"\brates?\b|\bper (?:month|year)\b", outcome.text, re.IGNORECASE) else Measure.OTHER
    )


def timepoint_of(view: SentenceView, findings: Sequence[Finding], finding: Finding, outcome: Outcome) -> str | None:
    """The nearest time phrase of the sentence; "baseline" for the first of a from-to pair."""
    index = findings.index(finding)
    if index + 1 < len(findings) and is_from_to(view, finding, findings[index + 1]):
        return "baseline"
    if outcome.kind == "word" and re.match(r"(?:age|male|female|men|women|boys|girls)", outcome.text, re.IGNORECASE):
        return "baseline"
    times = [time for time in view.of(Label.TIMEPOINT) if time.end <= finding.start or time.start >= finding.end]
    if match := _AT_END.match(view.between(finding.end, view.end)):
        return match["time"]
    is_second = index > 0 and is_from_to(view, findings[index - 1], finding)
    low = findings[index - 1].end if index else view.start
    near = view.between(max(low if is_second else view.start, finding.start - 60), min(view.end, finding.end + 30))
    if _BASELINE.search(_SINCE.sub(" ", near)) and not is_second:
        return "baseline"
    if not times:
        return None
    return min(times, key=lambda time: (_distance(time, finding), time.start)).text


def _is_unsure_of_time(view: SentenceView, findings: Sequence[Finding], finding: Finding, row: Result) -> bool:
    """Whether a sentence tells of two times, and the row's is the guess of the nearer word."""
    index = findings.index(finding)
    if index + 1 < len(findings) and is_from_to(view, finding, findings[index + 1]):
        return False
    if row.timepoint == "baseline":
        return _LATER.search(view.text) is not None
    before = view.between(max(view.start, finding.start - 12), finding.start)
    return bool(re.search(r"\b(?:from|before|baseline)\W*$", before, re.IGNORECASE)) or (
        len({time.text for time in view.of(Label.TIMEPOINT)}) > 1 and len(findings) > 1
    )


def _distance(time: Mention, finding: Finding) -> int:
    return time.start - finding.end if time.start >= finding.end else finding.start - time.end + 5
