"""Which numbers of a sentence are findings: doses, dates, sizes, limits and labels are left out, split numbers joined.

Place in the flow: the first step of `results.py`; `comparisons.py` reads the same findings to place its p-values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.document import Section
from pipeline.evidence import Label, Mention, Statistic
from pipeline.relate.bracketed import with_spreads
from pipeline.relate.counted import is_listed_reason, verb_of
from pipeline.relate.finding_limits import has_spread, is_covered, is_everybody, is_listed_effect, is_time_finding
from pipeline.relate.finding_words import (
    ADJECTIVE,
    AT_LEAST,
    BY,
    CASES_OF,
    CHANGE_AFTER,
    CHANGED_TO,
    DEFINED,
    DESIGN,
    DIFFERENCE,
    END_POINTS,
    ENTERED,
    ENTERED_LATER,
    FLAGS,
    FROM,
    JOINABLE,
    LIMIT_CUE,
    LIMITED,
    NEXT_PERCENT,
    NO_FINDING_BEFORE,
    OR_MORE,
    OUTCOME_VERB,
    PER_TIME,
    PLAIN_SHARE,
    PLANNED,
    PROTOCOL,
    RATIOS,
    RELATIVE_AFTER,
    RISK,
    SEX,
    SIZE_CUE,
    SIZED,
    SOLUTION,
    TO,
    UPPER_LIMIT,
)
from pipeline.relate.labels import is_label_or_spread
from pipeline.relate.numbers import to_int
from pipeline.relate.view import SentenceView, without_brackets
from pipeline.tag.printed_unit import is_time

_DECIMAL = re.compile(r"\d\.\d(?!0\Z)")  # "4.0"; "16.00" may be a time of day


@dataclass(frozen=True, slots=True)
class Finding:
    """One number, or one number with its spread, that may become a result row.

    `change`: the number is a change ("by 13 %", "52 % reduction"). `effect`: a contrast ("30 % higher",
    "reduced the risk by 60 %").
    `twin`: the diastolic half of "145/92 mm Hg", which shares arm, outcome and time.
    `weight` is the belief, 0 to 1, that it is a finding at all.
    """

    view: SentenceView
    start: int
    end: int
    statistic: Statistic
    change: bool = False
    effect: bool = False
    weight: float = 1.0
    twin: Finding | None = None

    @property
    def text(self) -> str:
        """The printed value."""
        return self.view.between(self.start, self.end)


def find_findings(view: SentenceView) -> list[Finding]:
    """The findings of one sentence, in text order."""
    statistics = [mention for mention in view.of(Label.STATISTIC) if mention.statistic is not None]
    judged = (_reason(view, mention) or _judge(view, mention, statistics) for mention in statistics)
    kept = [finding for finding in judged if finding is not None]
    return _twinned(view, _join(view, _spread_effects(view, _one_unit(view, with_spreads(view, kept)))))


def _twinned(view: SentenceView, findings: list[Finding]) -> list[Finding]:
    """Take "145/92 mm Hg" as one finding with a twin, so that "from 145/92 to 132/80" joins two findings, not four."""
    kept: list[Finding] = []
    for finding in findings:
        last = kept[-1] if kept else None
        if last and view.between(last.end, finding.start) == "/" and "mm" in (finding.statistic.unit or ""):
            kept[-1] = replace(last, end=finding.end, twin=finding)
        else:
            kept.append(finding)
    return kept


def _one_unit(view: SentenceView, findings: list[Finding]) -> list[Finding]:
    """Drop the second unit of a value told in two: "1.1 g/dL (11 g/L)", "2.5 mg/dL / 221 μmol/L"."""
    kept: list[Finding] = []
    for finding in findings:
        last = kept[-1] if kept else None
        units = (last.statistic.unit, finding.statistic.unit) if last else (None, None)
        again = last is not None and None not in units and units[0] != units[1] and "%" not in units
        if again and last and re.fullmatch(r"\s?[(\[]\s?|\s?/\s?", view.between(last.end, finding.start)):
            continue
        kept.append(finding)
    return kept


def _spread_effects(view: SentenceView, findings: list[Finding]) -> list[Finding]:
    """ "by 80% and 91%": the second number of a list is what the first one is."""
    spread: list[Finding] = []
    for finding in findings:
        last = spread[-1] if spread else None
        if (
            last
            and (last.effect or last.change)
            and re.fullmatch(r"\s?(?:and|or|,)\s", view.between(last.end, finding.start))
        ):
            finding = replace(finding, effect=last.effect, change=last.change)
        elif finding.change and any(one.effect for one in spread):
            finding = replace(finding, effect=True)  # "reduced the risk of A by 60 %, B by 57 %"
        spread.append(finding)
    return spread


def _reason(view: SentenceView, mention: Mention) -> Finding | None:
    """A count in the bracket behind one of several reasons, however it is printed: "(8 patients)", "(n = 8)", "(8)"."""
    statistic = mention.statistic
    number = statistic.events or statistic.value if statistic and statistic.unit is None else None
    if number is None or number != int(number) or not is_listed_reason(view, mention.start, mention.end):
        return None
    count = Statistic("proportion", events=number, measure="count")
    return Finding(view, mention.start, mention.end, count, weight=0.8)


def _judge(view: SentenceView, mention: Mention, statistics: list[Mention]) -> Finding | None:
    statistic = mention.statistic
    if statistic is None or statistic.kind not in ("value", "proportion"):
        return None
    before, after = view.text[: mention.start - view.start], view.text[mention.end - view.start :]
    if (
        is_covered(view, mention)
        or END_POINTS.match(view.text)
        or PROTOCOL.search(view.text)
        or ADJECTIVE.fullmatch(mention.text)
    ):
        return None
    if view.section is Section.METHODS and statistic.total is not None and PLAIN_SHARE.fullmatch(mention.text):
        return None  # "one of two regimens"
    if (
        is_label_or_spread(view, mention)
        or NO_FINDING_BEFORE.search(before)
        or is_listed_effect(view, mention, statistics)
    ):
        return None
    if re.match(r"all\b", mention.text, FLAGS) and (view.section is Section.METHODS or is_everybody(before, after)):
        return None  # "all 60 patients seen here between 1990 and 1995"
    if SOLUTION.match(after):
        return None
    finding = Finding(view, mention.start, mention.end, statistic)
    if is_time(statistic.unit):
        return finding if is_time_finding(view, mention, before) else None
    if statistic.operator and statistic.value is None and statistic.percent is None:
        return _censored(finding, before, statistics)
    if statistic.percent is not None and statistic.events is None:
        return _percent(finding, before, after)
    if statistic.events is not None and statistic.total is None and statistic.percent is None:
        return _bare_count(finding, before, after)
    if statistic.kind == "value" and statistic.unit is None and not has_spread(statistic):
        return _bare_number(finding, before, after)
    return _value(finding, before, after)


def _censored(finding: Finding, before: str, statistics: list[Mention]) -> Finding | None:
    """A bound ("below 1.0 mg/dL") is a finding only if the sentence counts nobody by it."""
    if re.search(r"\bfor\s[\w\s]{1,24}\Z", before, FLAGS):
        return None  # "comparable for pressures below 100 mmHg"
    if re.search(
        r"\b(?:patients|those|subjects|proportion|percentage|number|incidence)\b[^.;,]{0,45}\Z", before, FLAGS
    ) or DEFINED.search(before):
        return None
    counted = any(other.statistic and other.statistic.kind == "proportion" for other in statistics)
    if counted or LIMIT_CUE.search(finding.view.text) or finding.view.section is Section.METHODS:
        return None
    if finding.statistic.unit is None:
        return None
    return replace(finding, weight=0.6)


def _percent(finding: Finding, before: str, after: str) -> Finding | None:
    risky = bool(RISK.search(before[-80:]) or RATIOS.search(before))
    if BY.search(before):
        return replace(finding, effect=True) if risky else replace(finding, change=True)
    if RELATIVE_AFTER.match(after):
        return replace(finding, effect=True)
    if CHANGE_AFTER.match(after):
        return (
            replace(finding, effect=True)
            if re.match(r"^[^.,;]{0,30}\brisk\b", after)
            else replace(finding, change=True)
        )
    if re.search(r"\b(?:confidence|power|alpha|CI)\b[^.;]{0,12}\Z", before, FLAGS):
        return None
    if PLANNED.search(finding.view.text) or re.match(r"^\s?(?:CI|C\.I|confidence|credible)", after, FLAGS):
        return None
    return finding


def _bare_count(finding: Finding, before: str, after: str) -> Finding | None:
    """A count of people without a total: a finding, or the size of a group?"""
    section = finding.view.section
    head, tail = before[-45:], re.split(r"[;]|\.\s", after)[0][:90]
    if re.match(r"^\s?(?:,|with|of|from|in|who|were|\))?\s?", tail) and section is Section.METHODS:
        return None
    if re.search(r"\b(?:in|of|among)\s(?:the\s|these\s|our\s)?\Z", head) and DESIGN.search(before):
        return None  # "the effect of A was studied in 116 patients"
    if NEXT_PERCENT.match(after):
        return finding
    if finding.text.endswith(("cases", "case")) and (whole := CASES_OF.match(after)):
        statistic = replace(finding.statistic, total=float(to_int(whole["n"]) or 0) or None, measure="proportion")
        return replace(finding, statistic=statistic)
    if re.search(r"\b(?:group|arm|of|in|among|the other|these|those|total of)\s\Z", head, FLAGS) and not re.search(
        r"\bin\s\Z", head
    ):
        return None
    if SEX.search(finding.text) and not SIZED.search(head):
        return replace(finding, weight=0.8)
    if SIZE_CUE.search(head) or SIZE_CUE.search(tail[:60]) or re.search(r"[(]\s?\Z", head):
        return None
    happened = re.match(r"^\s?(?:\w+\s){0,2}?" + OUTCOME_VERB.pattern, tail, FLAGS) or OUTCOME_VERB.search(finding.text)
    if happened or verb_of(finding.view, finding.end) is not None:
        return replace(finding, weight=0.8)
    if re.search(r"\b(?:in|only)\s\Z", head, FLAGS) and _counted_before(finding):
        return replace(finding, weight=0.7)
    if re.search(r"\b(?:deaths?|relapses?|rejections?|episodes?|events?)\Z", finding.text, FLAGS):
        return replace(finding, weight=0.7)
    return None


def _bare_number(finding: Finding, before: str, after: str) -> Finding | None:
    """A number without unit and spread: only a list or a contrast of findings lends it meaning."""
    value = finding.statistic.value
    if value is None or finding.view.section is Section.METHODS:
        return None
    if re.match(
        r"^\s?(?:groups?|arms?|cent(?:er|re)s?|studies|trials|drugs|weeks|consecutive|types?"
        r"|different|phases?|ascending|isoforms?|medications|periods?)\b",
        after,
        FLAGS,
    ):
        return None
    if (
        value == int(value)
        and re.search(r"\bin\s\Z", before)
        and re.match(r"^\s?(?:[;,.)]|and\b|patients|cases)", after)
    ):
        count = Statistic("proportion", events=value, measure="count")
        return replace(finding, statistic=count, weight=0.7)
    if CHANGED_TO.search(before):
        return replace(finding, weight=0.7)
    if (_DECIMAL.search(finding.text) or value != int(value)) and re.search(
        r"\b(?:from|to|was|were|of|vs\.?|versus|and|than)\s?\Z|[(,]\s?\Z", before, FLAGS
    ):
        return replace(finding, weight=0.7)
    if re.search(r"\b(?:from|was|were|of|vs\.?|versus)\s\Z", before, FLAGS) and re.match(
        r"^\s?(?:to|vs\.?|versus|in the|compared|for)\b", after, FLAGS
    ):
        return replace(finding, weight=0.5)
    return None


def _value(finding: Finding, before: str, after: str) -> Finding | None:
    statistic = finding.statistic
    if statistic.unit == "fold" and not re.match(
        r"^\s?(?:increase|decrease|rise|reduction|higher|lower|fall)", after, FLAGS
    ):
        return None
    if statistic.total is None and statistic.events is None and LIMIT_CUE.search(before[-60:]):
        return None
    if statistic.sd is None and statistic.total is None and ENTERED.match(after):
        return None  # "patients with stable albuminuria (30-1,000 mg/day) were included"
    if finding.view.section is Section.METHODS and statistic.sd is None and statistic.total is None:
        return None
    if DIFFERENCE.search(before):
        return replace(finding, effect=True)
    if LIMITED.search(before) or (statistic.unit == "times" and PER_TIME.match(after)):
        return None
    if (
        statistic.value is None
        and statistic.percent is None
        and statistic.events is None
        and ENTERED_LATER.search(after)
    ):
        return None  # "patients with a GFR of 25 to 70 mL/min were randomised"
    bare = statistic.events is None or (statistic.total is None and statistic.percent is None)
    if bare and (OR_MORE.match(after) or AT_LEAST.search(before)):
        return None  # "at least one adverse event"
    if statistic.unit == "times" and UPPER_LIMIT.match(after):
        return None
    if statistic.unit == "%" and statistic.value is not None and (BY.search(before) or CHANGE_AFTER.match(after)):
        risky = RISK.search(before[-80:]) or RATIOS.search(before)
        return replace(finding, effect=True) if risky else replace(finding, change=True)
    return finding


def _join(view: SentenceView, findings: list[Finding]) -> list[Finding]:
    """Join "25 patients in the rituximab group (76%)": a count, and its percentage in the next bracket."""
    joined: list[Finding] = []
    for finding in findings:
        last = joined[-1] if joined else None
        lone = finding.statistic.percent is not None and finding.statistic.events is None and not finding.change
        if last and lone and last.statistic.events is not None and last.statistic.percent is None:
            gap = view.between(last.end, finding.start)
            listed = last.statistic.total is not None and re.fullmatch(r"[;,]\s", gap) is not None  # "9/20; 45 %"
            if (listed or JOINABLE.fullmatch(gap)) and _agrees(last.statistic, finding.statistic.percent):
                statistic = replace(last.statistic, percent=finding.statistic.percent, measure="proportion")
                joined[-1] = replace(last, end=finding.end, statistic=statistic, weight=1.0)
                continue
        joined.append(finding)
    return joined


def _agrees(statistic: Statistic, percent: float | None) -> bool:
    if statistic.total is None or percent is None or statistic.events is None:
        return True
    return abs(100 * statistic.events / statistic.total - percent) < 2.0


def _counted_before(finding: Finding) -> bool:
    """Whether what stands before "in 3 patients" can be counted: an outcome close by, or a verb of observing."""
    view = finding.view
    before = view.between(max(view.start, finding.start - 60), finding.start)
    named = [one for one in view.of(Label.OUTCOME, Label.CONDITION, Label.HISTOLOGY) if one.end <= finding.start]
    near = bool(named) and len(view.between(named[-1].end, finding.start).split()) <= 6
    return near or bool(
        re.search(
            r"\b(?:occur\w*|observ\w*|seen|noted|found|report\w*|elevated|develop\w*|present|were"
            r"|was)\b",
            before,
        )
    )


def defines_end_points(view: SentenceView) -> bool:
    """Whether the sentence only says what the study's end points are."""
    return bool(END_POINTS.match(view.text))


def is_from_to(view: SentenceView, first: Finding, second: Finding) -> bool:
    """Whether two findings are "from A to B", or "A to B" with spreads (else it is read as a range)."""
    if re.fullmatch(r"\s?to\s?", view.between(first.end, second.start)):
        return True
    return bool(
        FROM.search(view.between(view.start, first.start))
        and TO.fullmatch(without_brackets(view.between(first.end, second.start)))
    )
