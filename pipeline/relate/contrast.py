"""One sentence, several contrasts: cut at its tests and clauses.

Place in the flow: asked by `contrast_told.py`; `contrast_outcomes.py` finds what each piece speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.evidence import Label, Mention
from pipeline.relate.findings import Finding
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.placed import Placed
from pipeline.relate.view import SentenceView, in_brackets, without_brackets

_CLAUSE = re.compile(
    r";\s|,?\s(?:whereas|while(?! (?:on|receiving|taking|using))|but(?! also| not (?:statistically )?significant"
    r"| not [^,;]{3,90},\s(?:also\s|\w+ly\s)*"
    r"(?:was|were|is|are|had|showed|improved|decreased|increased|fell|rose|declined|differed)\b)"
    r"|although|however)\s|,\s"
    r"(?:and|so)\s(?=(?:[\w-]+\s){1,8}(?:was|were|did|had|rose|fell|increased|decreased)\b)"
    r"|,\s(?=with\s(?:an?\s|the\s)?(?:\w+\s)?(?:decrease|increase|fall|rise|reduction|decline)s?\s(?:in|of|from)\b)",
    re.IGNORECASE,
)
_AND_VERB = re.compile(
    r"\sand\s(?=(?:also\s)?(?:to (?:increase|decrease|rise|fall)|increased|decreased|rose"
    r"|fell|improved|declined|did not)\b)",
    re.IGNORECASE,
)
_AND_SUBJECT_VERB = re.compile(  # "A rose and B did not change"
    r"\sand\s(?=(?:the\s|their\s)?(?:[\w-]+\s){1,5}?(?:did not|remained|was not|were not|rose|fell|increased|decreased"
    r"|declined|improved|was unchanged|were unchanged)\b)",
    re.IGNORECASE,
)
# "decreased to 4.1, then increased up to 20", "A, which fell, rose", "lowered A, raised B": a change of its own.
_COMMA_VERB = re.compile(
    r"(?<!significantly),\s(?:and\s|but\s)?(?:(?:then|thereafter|subsequently|later|afterwards?)\s)?"
    r"(?=(?:increased|decreased|rose|fell|declined|improved|dropped|lowered|raised|reduced|returned)\b(?!\s(?:risk|rate|dose)))"
    r"|,\s(?=(?:rising|falling|increasing|decreasing|declining|dropping)\s(?:to|by|from|again|thereafter)\b)",
    re.IGNORECASE,
)
# "Although A did not change, B rose": the comma that ends the clause ahead.
_SUBORDINATE = re.compile(r"\b(?:although|though|while|whereas)\s", re.IGNORECASE)
_COMMA_SUBJECT = re.compile(
    r",\s(?=(?:[\w/()-]+\s){1,7}?(?:was|were|did|had|rose|fell|increased|decreased|declined|improved|remained|reduced)\b)",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:was|were|is|are|had|has|have|did|rose|fell|increased|decreased|improved|reduced|changed|showed|occurred"
    r"|remained|became|achieved|developed|resulted|led|caused|received|reached)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"\s*(?:,|;|and|,\s?and)\s*(?:p\s)?", re.IGNORECASE)
_FOR_ALL = re.compile(
    r"\s?,?\s?(?:for|in) (?:all|both|each|every)\b(?!\s(?:\w+\s)?(?:groups?|arms?|patients|treatments?|doses|drugs))",
    re.IGNORECASE,
)
_VALUES = re.compile(r"\d\s?(?:%|[^;]{0,20}\b(?:vs|versus|to)\b|±|\+/-)", re.IGNORECASE)
_CLOSES = re.compile(r"\s?[)\]]")  # "A and B fell (P = 0.01 and P = 0.02)"
_RESPECTIVELY = re.compile(r"[\s,;)]*respectively\b", re.IGNORECASE)
# "(P = 0.01 for A compared with B)": what the test is of stands behind it.
_TESTED_AGAINST = re.compile(
    r"\s?,?\s?(?:for|v|vs\.?|versus|compared|as compared|in comparison|between|by|from)\s[^();=<>]{2,60}[)\]]\s?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a sentence that tells one contrast: passage offsets, its p-value and effect if printed."""

    start: int
    end: int
    p: Mention | None
    effect: Mention | None
    run: tuple[Mention, ...] = ()  # "(P = 0.01, P = 0.02, respectively)": a p-value for each item of a list


@dataclass(frozen=True, slots=True)
class Told:
    """What the findings of a sentence say: numbers, their outcomes and arms."""

    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome | None, ...]
    placed: tuple[Placed, ...]

    def inside(self, segment: Segment) -> list[int]:
        """The findings of a segment."""
        return [index for index, finding in enumerate(self.findings) if segment.start <= finding.start < segment.end]


def tests_of(view: SentenceView) -> list[Mention]:
    """The p-values and effects of a sentence."""
    return [one for one in view.of(Label.STATISTIC) if one.statistic and one.statistic.kind in ("p", "effect")]


def segments_of(view: SentenceView, tests: Sequence[Mention]) -> list[Segment]:
    """The sentence cut after each test and between clauses; brackets are never cut."""
    flat = without_brackets(view.text)  # offsets kept
    cuts = {view.start, view.end, *(_after(view, test) for test in tests)}
    cuts |= {view.start + match.end() for match in _CLAUSE.finditer(flat) if not _is_list(flat, match)}
    cuts |= {
        view.start + match.end() for match in _AND_SUBJECT_VERB.finditer(flat) if _VERB.search(flat[: match.start()])
    }
    cuts |= {view.start + match.end() for match in _AND_VERB.finditer(flat)}
    cuts |= {view.start + match.end() for match in _COMMA_VERB.finditer(flat) if _VERB.search(flat[: match.start()])}
    cuts |= {view.start + end for end in _after_subordinates(flat)}
    # A p-value directly after its effect, or before it ("(P = 0.02, r = -0.41)"), belongs to it: no cut between them.
    pairs = [(one, other) for one, other in pairwise(tests) if _is_pair(view, one, other)]
    led = [one for one, _ in pairs if one.statistic and one.statistic.kind == "effect"]
    cuts -= {_after(view, one) for one, other in pairs if one in led or other not in led}
    runs = _runs(view, [test for test in tests if test.statistic and test.statistic.kind == "p"])
    cuts -= {_after(view, one) for run in runs for one in run[:-1]}
    segments = []
    for low, high in pairwise(sorted(cuts)):
        inside = [test for test in tests if low <= test.start < high]
        p = next((test for test in inside if test.statistic and test.statistic.kind == "p"), None)
        effect = next((test for test in inside if test.statistic and test.statistic.kind == "effect"), None)
        run = next((one for one in runs if p in one), ())
        segments.append(Segment(low, high, p, effect, run))
    return _shared(view, segments)


def _shared(view: SentenceView, segments: list[Segment]) -> list[Segment]:
    """ "A was 4 vs 5; B 6 vs 7 (P = NS for all)": the test of each piece before it that has none of its own."""
    found = list(segments)
    for index, segment in enumerate(segments):
        if segment.p is None or not _FOR_ALL.match(view.between(segment.p.end, view.end)):
            continue
        for before in range(index - 1, -1, -1):
            one = segments[before]
            if one.p or one.effect or not _VALUES.search(view.between(one.start, one.end)):
                break
            found[before] = replace(one, p=segment.p)
    return found


def _is_pair(view: SentenceView, one: Mention, other: Mention) -> bool:
    """Whether two tests are an effect and its p-value, side by side."""
    first, second = one.statistic, other.statistic
    gap = view.between(one.end, other.start)
    if first is None or second is None:
        return False
    if first.kind == "effect":
        return second.kind == "p" and len(gap) <= 6
    # A difference has its p behind it.
    return second.kind == "effect" and second.effect_measure != "difference" and len(gap) <= 3 and gap[:1] not in ")]"


def _after_subordinates(text: str) -> Iterator[int]:
    """Where the main clause begins behind a clause with "although" that stands ahead of it."""
    for match in _SUBORDINATE.finditer(text):
        if match.start() > 0 and not re.search(r"(?:[.;:]|\bthat)\s\Z", text[: match.start()]):
            continue  # "A rose, although B fell": nothing follows
        ends = (comma for comma in _COMMA_SUBJECT.finditer(text, match.end()))
        first = next((comma for comma in ends if _VERB.search(text[match.end() : comma.start()])), None)
        if first is not None:
            yield first.end()


def _runs(view: SentenceView, tests: Sequence[Mention]) -> list[tuple[Mention, ...]]:
    """The p-values that stand side by side before "respectively"."""
    runs: list[list[Mention]] = []
    for test in tests:
        if runs and _BESIDE.fullmatch(view.between(runs[-1][-1].end, test.start)):
            runs[-1].append(test)
        else:
            runs.append([test])
    return [
        tuple(run)
        for run in runs
        if len(run) > 1
        and (
            _RESPECTIVELY.match(view.between(run[-1].end, view.end))
            or (in_brackets(view, run[0].start) and _CLOSES.match(view.between(run[-1].end, view.end)))
        )
    ]


def has_verb(text: str) -> bool:
    """Whether a piece says what happened, so that it needs no other piece's verb."""
    return bool(_VERB.search(text))


def _is_list(text: str, match: re.Match[str]) -> bool:
    """Whether ", and" joins the last item of a list ("age, sex, and weight were alike"): no verb stands before it."""
    return match.group().startswith(",") and "and" in match.group() and not _VERB.search(text[: match.start()])


def _after(view: SentenceView, test: Mention) -> int:
    against = _TESTED_AGAINST.match(view.between(test.end, view.end))
    if against and in_brackets(view, test.start):
        return test.end + against.end()
    rest = view.between(test.end, min(view.end, test.end + 3))
    return test.end + len(rest) - len(rest.lstrip(")] "))
