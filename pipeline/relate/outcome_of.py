"""Which outcome a number measures: the cheapest phrase of its sentence, else the nearest earlier one.

Place in the flow: asked by `results.py` and `comparisons.py`. Costs count the words between phrase and number, with
penalties for what separates them; lists of numbers after a list of outcomes are dealt out in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from pipeline.evidence import Concept, Label
from pipeline.relate.composite import is_composite, with_composites
from pipeline.relate.counted import shares_verb
from pipeline.relate.findings import Finding
from pipeline.relate.listed import listed_items
from pipeline.relate.nominal import Phrase, is_dated_by, nominal
from pipeline.relate.outcome_span import is_aside, is_in_unit, is_people, is_population, widened
from pipeline.relate.view import SentenceView, without_brackets
from pipeline.tag.people import PERSONS

_FLAGS = re.IGNORECASE
_STRONG = re.compile(r";|\b(?:whereas|while(?! (?:on|receiving|taking|using))|but|although|however)\b", _FLAGS)
_WEAK = re.compile(r",\s(?:and|with)\b|:\s", _FLAGS)
_ACHIEVES = re.compile(
    r"\b(?:achiev\w*|attain\w*|reach\w*|had|have|has|develop\w*|experienc\w*|show\w*|requir\w*|exhibit\w*|remain\w*"
    r"|suffer\w*|underwent|displayed|went into|entered|were|was)\b",
    _FLAGS,
)
_WORDS = re.compile(
    r"\b(?:(?:primary|main|principal) (?:efficacy )?(?:end[\s-]?points?|outcomes?)"
    r"(?: measures?)?|died|deaths?|males?|females?|men|women|boys|girls|ages?|aged|survived"
    r"|relapsed|responded|(?:non-?)?responders?|withdrawn"
    r"|effective|weight|height)\b",
    _FLAGS,
)
_PREDICATE = re.compile(
    r"^\s?(?:(?:of|in)\s)?(?:(?:the|these|all|both|our)\s)?(?:[\w-]+\s){0,3}?"
    rf"(?:{PERSONS}|cases)?\s?(?:who\s)?"
    r"(?P<phrase>(?:did not|had|have|were|was|re-)?\s?[a-z-]+(?:ed|ied|ing|t|k|e)\s(?:the\s)?[\w\s/-]{3,60}?)"
    r"(?=\s(?:and|within|at|by|during|after|in|on|for|before|while|when|with)\s|[,.;:()]|\Z)",
    _FLAGS,
)
_SUBJECT_START = re.compile(
    r"(?:^|[.;:(]\s?|,\s?|\b(?:and|but|while|whereas|overall|total of|only|that|approximately"
    r"|about))\s*\Z",
    _FLAGS,
)
_SUBJECT_VERB = re.compile(
    r"^[^.;:]{0,120}?\b(?:achiev\w*|attain\w*|reach\w*|had|have|has|develop\w*|experienc\w*"
    r"|show(?:ed|s)|requir\w*|exhibit\w*"
    r"|remain\w*|suffer\w*|underwent|died|survived|relapsed|responded|did|were|was|went into"
    r"|entered|discontinued|re-?started|stopped|lost)\b",
    _FLAGS,
)
_NAMED_IN = re.compile(r"(?:\b(?:were|was|and|or|in)\s|[,;:]\s)(?P<name>(?:[A-Za-z][\w/+-]*\s){1,3})in\s\Z")
_NO_NAME = re.compile(
    r"\b(?:occurr?\w*|observed|seen|found|noted|reported|detected|present|patients|only"
    r"|increased|decreased)\b"
)
_CHANGE_IN = re.compile(
    r"^\s?(?:\w+\s)?(?:increase|decrease|rise|fall|reduction|decline|improvement|drop)s?\s"
    r"(?:in|of)\s(?:\w+\s)?",
    _FLAGS,
)
_ADJACENT = re.compile(r"\s?[(\[]\s?(?:n\s?=\s?)?", _FLAGS)
_NO_PREDICATE = re.compile(
    r"^(?:in|of|with|who|receiving|treated|given|assigned|the)\b|\b(?:arms?|groups?|receiving)\b", _FLAGS
)
_SUBJECT = re.compile(
    r"(?:\A|[,;:]\s|\band\s)(?P<phrase>(?:[\w/%+-]+\s+){1,9}?)(?:was|were|is|are|occurred"
    r"|averaged|reached|amounted to)\b[^,;]{0,45}\Z",
    _FLAGS,
)
_ARTICLES = re.compile(r"^(?:(?:the|a|an|overall|median|mean|average|in|at|total)\s)+", _FLAGS)
_DURING = re.compile(r"\s(?:over|during|throughout|at|after|within)\s.*\Z", _FLAGS)
_NO_NOUN = re.compile(
    r"\b(?:patients?|subjects?|groups?|arms?|there|it|they|which|that|who|we|these|those|this)\b"
    r"|(?<![\w-])\d+(?![\w-])",
    _FLAGS,
)
_PRIMARY = re.compile(
    r"\b(?:primary|main|principal) (?:efficacy )?(?:end[\s-]?points?|outcomes?)"
    r"(?: measures?)?\b",
    _FLAGS,
)
_DEFINES = re.compile(_PRIMARY.pattern + r"\s(?:was|were|is|:)\s", _FLAGS)
_SEPARATOR = re.compile(r"\s?(?:,|;|,?\s?and|,?\s?or|/)\s?", _FLAGS)
_LIST_GAP = re.compile(r"[\s,;]*(?:and|or)?[\s,]*(?:(?:in|of|the)\s)*(?:[\w-]+\s){0,1}", _FLAGS)
_RESPECTIVELY = re.compile(r"\brespectively\b", _FLAGS)
_CUT = re.compile(r"\sand\s|,\swith\s")  # what follows has a subject of its own
_OR = re.compile(r"^[\s,]*or\s(?:\w+\s){0,3}\Z", _FLAGS)
_LIMIT = 12.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome phrase at its place; `start` is -1 when the phrase is not in the sentence. `cost`: lower is surer."""

    text: str
    start: int
    end: int
    concept: Concept | None
    cost: float
    kind: str = "outcome"


def candidates(view: SentenceView) -> list[Outcome]:
    """Phrases of the sentence that may be measured, in text order."""
    found: list[Outcome] = []
    for mention in view.of(Label.OUTCOME, Label.CONDITION, Label.HISTOLOGY):
        kind = mention.label.value.lower()
        if is_in_unit(view, mention) or is_people(mention.text, view.text[: mention.start - view.start]):
            continue
        cost = (0.0 if mention.label is Label.OUTCOME else 2.0) + is_aside(view, mention)
        if is_population(view, mention):
            cost = 5.0 if kind != "outcome" else 3.0
        elif is_dated_by(view, mention.start):
            cost += 3.0
        text, start, end = widened(view, mention)
        option = Outcome(text, start, end, mention.concept, cost, kind)
        if any(_holds(other, option) and other.kind == "outcome" for other in found):
            continue
        found = [other for other in found if not (kind == "outcome" and _holds(option, other))]
        found.append(option)
    for low, high in _words_in(view.text):
        start, end = view.start + low, view.start + high
        if not any(other.start < end and start < other.end for other in found):
            word = view.text[low:high]
            text = "age" if word.lower() == "aged" else word
            if not is_people(word, view.text[:low]):
                found.append(Outcome(text, start, end, None, 1.0, "word"))
    return with_composites(view, found)


@lru_cache(maxsize=1024)  # every number of a sentence asks for its candidates
def _words_in(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in _WORDS.finditer(text))


def _holds(outer: Outcome, inner: Outcome) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def primary_outcome(told: Iterable[tuple[SentenceView, Sequence[Outcome]]]) -> Outcome | None:
    """What "the primary end point" stands for, from the sentence that defines it; None for a composite of several.

    `told`: each sentence with its candidates.
    """
    for view, options in told:
        match = _DEFINES.search(view.text)
        if match:
            parts = [one for one in options if one.start >= view.start + match.end() and one.kind != "word"]
            named = next((one for one in parts if one.kind == "outcome"), None)
            if named is not None:
                listed = any(_OR.search(view.between(one.end, two.start)) for one, two in pairwise(parts))
                return None if listed or is_composite(named.text) else named
    return None


def cost_of(view: SentenceView, finding: Finding, outcome: Outcome) -> float:
    """How far the outcome is from the number, in words with penalties for what stands between."""
    if outcome.start < finding.end and finding.start < outcome.end:
        return outcome.cost - 1.0 if outcome.kind == "word" else outcome.cost + 0.5
    before = outcome.end <= finding.start
    low, high = (outcome.end, finding.start) if before else (finding.end, outcome.start)
    gap = view.between(low, high)
    if not before and _CHANGE_IN.fullmatch(gap):
        return outcome.cost - 1.0
    if before and _ADJACENT.fullmatch(gap):
        return -1.0  # "nausea (11%)": whatever the kind of mention
    if before and finding.statistic.events is not None and without_brackets(gap).strip() == "in":
        return -0.5  # "membranous nephropathy (MN) in 8"
    plain = without_brackets(gap)
    cost = outcome.cost + 0.25 * len(plain.split())
    cost += 5.0 * len(_STRONG.findall(plain)) + 1.0 * len(_WEAK.findall(plain))
    if before:
        return cost + (4.0 if _in_bracket(view, outcome.start, finding.start) else 0.0)
    cost += 2.0 + (5.0 if _in_bracket(view, finding.start, outcome.start) else 0.0)
    return cost - 3.0 if len(plain.split()) <= 14 and _ACHIEVES.search(plain) else cost


def _in_bracket(view: SentenceView, position: int, other: int) -> bool:
    """The position stands in a bracket that closes before `other`: an aside to what stands before the bracket."""
    opened = max(view.text.rfind(sign, 0, position - view.start) for sign in "([")
    if opened < 0 or re.search(r"[)\]]", view.text[opened : position - view.start]):
        return False
    return bool(re.search(r"[)\]]", view.between(position, other)))


def outcome_of(
    view: SentenceView, finding: Finding, options: Sequence[Outcome], earlier: Outcome | None
) -> Outcome | None:
    """The cheapest candidate; else the predicate after the number; else the outcome spoken of last."""
    within = [one for one in options if finding.start <= one.start and one.end <= finding.end and one.kind == "word"]
    if within:
        return within[-1]
    if (phrase := nominal(view, finding, options)) is not None:
        return Outcome(phrase.text, phrase.start, phrase.end, None, 1.0, "name")
    named = _named_in(view, finding)
    if named is not None and not any(option.end >= named.start and option.end <= finding.start for option in options):
        return named
    costs = {option: cost_of(view, finding, option) for option in options}
    as_subject = _is_subject(view, finding)
    near = min((cost for option, cost in costs.items() if option.end <= finding.start), default=_LIMIT)
    for option in options:
        if as_subject:
            costs[option] += -2.0 if option.start >= finding.end else 3.0
        elif (
            option.start >= finding.end
            and near < 4.0
            and not _CHANGE_IN.fullmatch(view.between(finding.end, option.start))
        ):
            # A number with a near subject before it does not belong to the object of the next clause.
            costs[option] += 4.0
    best = min(options, key=lambda option: (costs[option], option.start), default=None)
    match = _PREDICATE.match(view.between(finding.end, view.end)) if finding.statistic.kind == "proportion" else None
    predicate = _predicate(finding, match) if match and not _NO_PREDICATE.search(match["phrase"].strip()) else None
    if best is not None and costs[best] < _LIMIT:
        cut_off = as_subject and predicate is not None and _CUT.search(view.between(finding.end, best.start))
        return predicate if cut_off else replace(best, cost=costs[best])
    if predicate is not None:
        return predicate
    if (subject := _subject(view, finding)) is not None:
        return subject
    return replace(earlier, start=-1, end=-1, cost=10.0, kind="earlier") if earlier is not None else None


def _subject(view: SentenceView, finding: Finding) -> Outcome | None:
    """ "withdrawal of all steroids was seen in 39%": the subject of the verb before the number."""
    before = view.between(view.start, finding.start)
    match = _SUBJECT.search(without_brackets(before))
    if match is None:
        return None
    phrase = _DURING.sub("", _ARTICLES.sub("", before[match.start("phrase") : match.end("phrase")])).strip()
    if len(phrase) < 4 or _NO_NOUN.search(phrase):
        return None
    start = view.start + before.index(phrase, match.start("phrase"))
    return Outcome(phrase, start, start + len(phrase), None, 7.0, "subject")


def _is_subject(view: SentenceView, finding: Finding) -> bool:
    """ "… and 12 (40%) achieved remission": the number opens its clause and a verb follows."""
    if finding.statistic.kind != "proportion" or finding.statistic.unit == "fold":
        return False
    opens = _SUBJECT_START.search(view.between(view.start, finding.start))
    verb = _SUBJECT_VERB.match(view.between(finding.end, view.end)) if opens else None
    # "… in 28 of A and 19 of B, and relapse was seen": the verb has a subject of its own.
    return verb is not None and not re.search(r",\sand\s(?:\w+\s){1,4}(?:was|were)\Z", verb.group())


def _predicate(finding: Finding, match: re.Match[str]) -> Outcome:
    text = match["phrase"].strip()
    start = finding.end + match.start("phrase")
    return Outcome(text, start, start + len(match["phrase"]), None, 8.0, "predicate")


def _named_in(view: SentenceView, finding: Finding) -> Outcome | None:
    """ "IgG3 in 40 patients": the name before "in" is what was counted."""
    if finding.statistic.events is None:
        return None
    before = view.between(view.start, finding.start)
    match = _NAMED_IN.search(before)
    if match is None or _NO_NAME.search(match["name"]):
        return None
    start = view.start + match.start("name")
    return Outcome(match["name"].strip(), start, start + len(match["name"].strip()), None, 2.0, "name")


def resolve_outcomes(
    view: SentenceView, findings: Sequence[Finding], options: Sequence[Outcome], context: OutcomeContext
) -> list[Outcome | None]:
    """An outcome for each finding: the second of a pair shares the first one's; lists are dealt out in order."""
    dealt = _deal(view, findings, options)
    for index, item in listed_items(view, findings, [one for one in options if one.kind != "word"]).items():
        if isinstance(item, Phrase):
            dealt[index] = Outcome(item.text, item.start, item.end, None, 1.0)
        elif isinstance(item, Outcome):
            dealt[index] = replace(item, kind="outcome")  # a disease, too, is what its own number counts
    outcomes: list[Outcome | None] = []
    for index, finding in enumerate(findings):
        if index in dealt:
            outcome: Outcome | None = dealt[index]
        elif index and outcomes[-1] is not None and _continues(view, findings[index - 1], finding, options):
            outcome = outcomes[-1]
        else:
            outcome = outcome_of(view, finding, options, context.earlier)
            last = outcomes[-1] if index else None
            gap = without_brackets(view.between(findings[index - 1].end, finding.start)) if index else ""
            if outcome is None and last and re.search(r";\s|^[\s,]*(?:and\s)?\Z", gap):
                outcome = last  # "at rest, 5.2 mg/min; with exercise, 15.2 mg/min"
            elif last and outcome is not None and outcome.kind == "earlier" and _is_alike(findings[index - 1], finding):
                outcome = last  # the sentence's own outcome before that of an earlier one
        if outcome is not None and context.primary is not None and _PRIMARY.search(outcome.text):
            outcome = replace(context.primary, start=outcome.start, end=outcome.end, cost=outcome.cost + 1.0)
        outcomes.append(outcome)
    for index in range(len(findings) - 2, -1, -1):
        opens = not any(option.end <= findings[index].start for option in options)
        if opens and shares_verb(view, findings[index].end, findings[index + 1].end):
            outcomes[index] = outcomes[index + 1]
    return outcomes


def _is_alike(first: Finding, second: Finding) -> bool:
    """Whether two numbers are of one kind: both shares, or values in the same unit."""
    one, two = first.statistic, second.statistic
    return (one.percent is None) == (two.percent is None) and one.unit == two.unit


def _continues(view: SentenceView, first: Finding, second: Finding, options: Sequence[Outcome]) -> bool:
    """A pair without another outcome between its numbers."""
    return is_pair(view, first, second) and not any(
        first.end <= option.start and option.end <= second.start and option.cost < 2.0 for option in options
    )


@dataclass(frozen=True, slots=True)
class OutcomeContext:
    """What earlier sentences lend: the outcome spoken of last, and the definition of the primary end point."""

    earlier: Outcome | None = None
    primary: Outcome | None = None


def is_pair(view: SentenceView, first: Finding, second: Finding) -> bool:
    """Whether two findings are joined by "to" or "vs": one outcome told twice."""
    gap = without_brackets(view.between(first.end, second.start))
    return bool(
        re.fullmatch(
            r"\s*(?:[\w\s-]{0,40}\s)?(?:to|vs\.?|versus|as compared (?:with|to)|compared (?:with|to))\s*(?:[\w-]+\s)?",
            gap,
            _FLAGS,
        )
    )


def _deal(view: SentenceView, findings: Sequence[Finding], options: Sequence[Outcome]) -> dict[int, Outcome]:
    """Runs of k numbers that follow a list of k outcomes: "A, B and C were 1, 2 and 3"."""
    runs: list[list[int]] = []
    for index in range(len(findings)):
        if runs and _SEPARATOR.fullmatch(view.between(findings[runs[-1][-1]].end, findings[index].start)):
            runs[-1].append(index)
        else:
            runs.append([index])
    dealt: dict[int, Outcome] = {}
    for run in runs:
        names = _listed_before(view, findings, run[0], options, len(run))
        dealt.update(dict(zip(run, names, strict=True)) if names else {})
    if not dealt and _RESPECTIVELY.search(view.text):
        dealt = _deal_pairs(view, findings, options)
    return dealt


def _deal_pairs(view: SentenceView, findings: Sequence[Finding], options: Sequence[Outcome]) -> dict[int, Outcome]:
    """ "rate and dose fell (0.4 vs 2.9, P = 0.01, and 0.3 vs 0.5, P = 0.02, respectively)": an outcome per pair."""
    pairs: list[list[int]] = []
    for index, finding in enumerate(findings):
        if index and _continues(view, findings[index - 1], finding, options):
            pairs[-1].append(index)
        else:
            pairs.append([index])
    if len(pairs) < 2 or any(len(pair) != len(pairs[0]) for pair in pairs):
        return {}
    names = _listed_before(view, findings, 0, options, len(pairs))
    return {index: name for pair, name in zip(pairs, names, strict=False) for index in pair}


def _listed_before(
    view: SentenceView, findings: Sequence[Finding], first: int, options: Sequence[Outcome], length: int
) -> list[Outcome]:
    """The nearest list of exactly `length` outcomes (two or more) before a finding; [] if there is none."""
    lists = _lists_before(view, findings, first, [one for one in options if one.kind == "outcome"])
    if fitting := next((listed for listed in reversed(lists) if len(listed) == length > 1), None):
        return fitting
    if not _RESPECTIVELY.search(view.text):
        return []
    # "Pneumonia and asthma occurred in 7% and 12%, respectively": diseases, if nothing else is named there.
    before = [one for one in options if one.start < findings[first + length - 1].end and one.cost < 3.0]
    lists = _lists_before(view, findings, first, before)
    return lists[-1] if lists and len(lists[-1]) == length == len(before) > 1 else []


def _lists_before(
    view: SentenceView, findings: Sequence[Finding], first: int, options: Sequence[Outcome]
) -> list[list[Outcome]]:
    """Neighbouring outcomes before a finding, in lists that no other number parts."""
    lists: list[list[Outcome]] = []
    for option in [one for one in options if one.end <= findings[first].start]:
        apart = bool(lists) and any(lists[-1][-1].end <= one.start < option.start for one in findings)
        if lists and not apart and _LIST_GAP.fullmatch(without_brackets(view.between(lists[-1][-1].end, option.start))):
            lists[-1].append(option)
        else:
            lists.append([option])
    return lists
