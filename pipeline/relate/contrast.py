"""One sentence, several contrasts: cut at its tests and clauses, and the outcome each direction word speaks of.

Place in the flow: asked by `comparisons.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.evidence import Direction, Label, Mention
from pipeline.relate.alike import listed_subjects
from pipeline.relate.arm_of import Placed
from pipeline.relate.direction import Cue
from pipeline.relate.findings import Finding
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.view import SentenceView, without_brackets

_CLAUSE = re.compile(
    r";\s|,?\s(?:whereas|while(?! (?:on|receiving|taking|using))|but|although|however)\s|,\s"
    r"(?:and|so)\s(?=(?:[\w-]+\s){1,8}(?:was|were|did|had|rose|fell|increased|decreased)\b)",
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
_LIST = re.compile(r"\s*(?:,\s?and|,\s?or|,|and|or|nor|as well as|/)\s(?:[\w-]+\s){0,3}", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:was|were|is|are|had|has|have|did|rose|fell|increased|decreased|improved|reduced|changed|showed|occurred"
    r"|remained|became|achieved|developed|resulted|led|caused|received|reached)\b",
    re.IGNORECASE,
)
_OF = re.compile(
    r"^\s(?:\w+ly\s)?(?:of|in|on|for|with respect to|regarding|concerning)\s"
    r"(?:[\w-]+\s){0,4}\Z",
    re.IGNORECASE,
)
_NEXT_TO = re.compile(
    r"^\s(?!(?:in|with|than|to|between|for|at|on|by|from|after|during)\b)(?:(?!(?:in|with"
    r"|than|to|between|for|at|by|from|after|during)\b)[\w-]+\s){0,3}\Z",
    re.IGNORECASE,
)
_SHORT_FORM = re.compile(r"\s?[(\[]")
_PLAIN_NEXT = re.compile(r"^\s\Z")


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
        """The findings of a segment."""
        return [index for index, finding in enumerate(self.findings) if segment.start <= finding.start < segment.end]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A direction word, the outcomes it speaks of, and the piece of the sentence that it governs."""

    cue: Cue
    outcomes: tuple[Outcome, ...]
    segment: Segment


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
    effects = [test for test in tests if test.statistic and test.statistic.kind == "effect"]
    # A p-value directly after its effect belongs to it: no cut between the two.
    cuts -= {
        _after(view, one)
        for one in effects
        if any(p.statistic and p.statistic.kind == "p" and 0 <= p.start - one.end <= 6 for p in tests)
    }
    segments = []
    for low, high in pairwise(sorted(cuts)):
        inside = [test for test in tests if low <= test.start < high]
        p = next((test for test in inside if test.statistic and test.statistic.kind == "p"), None)
        effect = next((test for test in inside if test.statistic and test.statistic.kind == "effect"), None)
        segments.append(Segment(low, high, p, effect))
    return segments


def _is_list(text: str, match: re.Match[str]) -> bool:
    """Whether ", and" joins the last item of a list ("age, sex, and weight were alike"): no verb stands before it."""
    return match.group().startswith(",") and "and" in match.group() and not _VERB.search(text[: match.start()])


def _after(view: SentenceView, test: Mention) -> int:
    rest = view.between(test.end, min(view.end, test.end + 3))
    return test.end + len(rest) - len(rest.lstrip(")] "))


def tested_outcomes(view: SentenceView, segment: Segment, options: Sequence[Outcome], told: Told) -> list[Outcome]:
    """The outcome of a segment with a p-value or effect: of its numbers, else the nearest, else the last before."""
    valued = [one for index in told.inside(segment) if (one := told.outcomes[index]) is not None and one.kind != "word"]
    if valued:
        return [valued[-1]]
    inside = [option for option in options if segment.start <= option.start < segment.end]
    named = [option for option in inside if option.kind == "outcome"] or _conditions(inside)
    if named:
        anchor = segment.p.start if segment.p else segment.effect.start if segment.effect else segment.end
        groups = _groups(view, named)
        return min(groups, key=lambda group: min(abs(option.start - anchor) for option in group))
    return [option for option in options if option.kind == "outcome" and option.start < segment.start][-1:]


def told_contrasts(
    view: SentenceView, segment: Segment, cues: Sequence[Cue], options: Sequence[Outcome], told: Told
) -> list[Contrast]:
    """The contrasts of a segment without a test, one per direction word that has an outcome."""
    found: list[Contrast] = []
    cues = _outside_names(view, cues, options)
    for index, cue in enumerate(cues):
        low = view.start + cues[index - 1].end if index else segment.start
        high = view.start + cues[index + 1].start if index + 1 < len(cues) else segment.end
        outcomes = _cue_outcomes(view, segment, cue, (options, (low, high)), told)
        end = view.start + cues[index + 1].start if index + 1 < len(cues) else segment.end
        window = replace(segment, start=view.start + cue.start, end=end) if len(cues) > 1 else segment
        taken = {outcome.text.lower() for contrast in found for outcome in contrast.outcomes}
        fresh = tuple(outcome for outcome in outcomes if outcome.text.lower() not in taken or "to " in cue.text)
        if fresh:
            found.append(Contrast(cue, fresh, window))
    return found


def _cue_outcomes(
    view: SentenceView, segment: Segment, cue: Cue, near: tuple[Sequence[Outcome], tuple[int, int]], told: Told
) -> list[Outcome]:
    options, (low, high) = near
    if cue.direction is Direction.NO_DIFFERENCE and (listed := listed_subjects(view, segment.start, segment.end)):
        return listed
    inside = [option for option in options if segment.start <= option.start < segment.end]
    named = [option for option in inside if option.kind == "outcome"] or _conditions(inside)
    groups = _groups(view, named)
    start, end = view.start + cue.start, view.start + cue.end
    for group in groups:
        if any(option.start < end and start < option.end for option in group):
            return group  # the word is part of the outcome's name: "decline in GFR"
        gap = view.between(end, group[0].start) if group[0].start >= end else None
        if gap is not None and (_OF.match(gap) or _NEXT_TO.match(gap) or _PLAIN_NEXT.match(gap)):
            return group
    before = [group for group in groups if group[-1].end <= start]
    if before and (before[-1][-1].start >= low or not any(end <= group[0].start < high for group in groups)):
        return before[-1]
    after = [group for group in groups if end <= group[0].start < high]
    if after:
        return after[0]
    valued = [one for index in told.inside(segment) if (one := told.outcomes[index]) is not None and one.kind != "word"]
    return valued[:1]


def _outside_names(view: SentenceView, cues: Sequence[Cue], options: Sequence[Outcome]) -> list[Cue]:
    """Without the words that are part of an outcome's name ("decline in GFR"), unless no other word is left."""
    free = [
        cue
        for cue in cues
        if not any(one.start <= view.start + cue.start and view.start + cue.end <= one.end for one in options)
    ]
    return free or list(cues)


def _conditions(options: Sequence[Outcome]) -> list[Outcome]:
    return [option for option in options if option.kind == "condition" and option.cost < 5]


def _groups(view: SentenceView, named: Sequence[Outcome]) -> list[list[Outcome]]:
    """Outcomes in lists: "A, B and C" is one group."""
    groups: list[list[Outcome]] = []
    for option in named:
        bracketed = groups and _SHORT_FORM.fullmatch(view.between(groups[-1][-1].end, option.start))
        if bracketed and view.between(option.end, option.end + 1) in (")", "]"):
            continue  # "glomerular filtration rate (GFR)" is one outcome
        if groups and _LIST.fullmatch(without_brackets(view.between(groups[-1][-1].end, option.start))):
            groups[-1].append(option)
        else:
            groups.append([option])
    return groups
