"""Counts that are told without a number: "there were no serious adverse events", "all patients achieved remission".

Place in the flow: asked by `results.py` for each sentence. Only what the text says of a whole group becomes
0 of n or n of n, and n is given only if the group's size is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import Section
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.view import SentenceView
from pipeline.tag.people import PEOPLE

_FLAGS = re.IGNORECASE
_NO_BEFORE = re.compile(
    r"(?:\b(?:there (?:was|were)|had|has|have|with|and|showed|developed|experienced|,|\()\s?|\A)"
    r"(?P<word>no|without(?: any)?)\s(?P<adjectives>(?:other |further |serious |severe "
    r"|significant |major |clinical |important |apparent |additional |graft |drug-related "
    r"|treatment-related )*)\Z",
    _FLAGS,
)
_NOT_ZERO = re.compile(
    r"^\s?(?:[\w-]+\s)?(?:differences?|changes?|effects?|correlations?|associations?"
    r"|between)\b|^\s?(?:were|was|is|are) (?:significantly |statistically )?"
    r"(?:different|associated|related|higher|lower|affected|changed)",
    _FLAGS,
)
_CONTRAST = re.compile(
    r"\b(?:differences?|changes?|effects?|correlation|increase|decrease|improvements?"
    r"|reductions?|superiority|rises?|evidence)\b",
    _FLAGS,
)
_WITHIN = re.compile(rf"\bin (?:any|none) of (?:the |our )?(?:{PEOPLE}|cases\b)", _FLAGS)
_NOT_SEEN = re.compile(
    r"^\s?(?:was|were|has|have) not (?:been )?(?:observed|seen|noted|found|detected"
    r"|recorded|encountered)\b|^\s?(?:was|were) not reported\b|^\s?did not occur\b",
    _FLAGS,
)
_NONE_OF = re.compile(
    r"\b(?:none|no patients?|no (?:case|subject|child|recipient)s?|neither)\b(?: of (?:the"
    r"|them|these|our)(?: \w+)?)?(?: patients| cases)?\s"
    r"(?:(?:in|on|given|receiving|treated with) [^.;,()]{1,40}? )?(?:\w+\s){0,2}?"
    r"(?:achieved|developed|had|experienced|reached|showed|required|suffered|died|relapsed)\b",
    _FLAGS,
)
# "in 3 of the 40 on A but in none of those on B"
_NONE_BESIDE = re.compile(
    r"\b(?:and|but|versus|vs\.?|compared (?:with|to))\s(?:in\s)?none"
    r"(?=\s(?:of|in|on|given|receiving|treated|after|with)\s)",
    _FLAGS,
)
_OR = re.compile(r"\s?(?:,\s?)?(?:(?:or|and|nor)\s)?", _FLAGS)
_ALL = re.compile(
    r"\b(?P<word>all|both)(?: of)?(?: the| our| these)?(?:\s[\w/-]+){0,3}?\s"
    rf"(?:{PEOPLE}|cases|of them)?\b(?:\s\(?\d+%\)?)?"
    r"[^.;,]{0,40}?\b(?:achieved|had|developed|experienced|reached|entered|went into|were in"
    r"|showed|attained|responded|survived|remained|required)\b",
    _FLAGS,
)
# "All ABC and two DEF patients": all of a subgroup, and some of another, is not all.
_SOME = re.compile(r"\s(?:and|or)\s|\b[A-Z]{2,}")
_GOOD = re.compile(r"\b(?:with|had|achieved|showed)\s", _FLAGS)
_IN_ALL = re.compile(
    r"\b(?:in|for|by) (?:all|both) (?:of )?(?:the |our |these )?(?:\w+ )?"
    rf"(?:{PEOPLE}|cases\b|reports\b)",
    _FLAGS,
)
_PEOPLE = re.compile(rf"\b(?:{PEOPLE}|cases\b|of them\b)", _FLAGS)
# "patients with no oedema and no ascites were enrolled": who was looked at, not what was seen.
_POPULATION = re.compile(
    rf"\b(?:{PEOPLE}|controls|groups? \w+),?"
    r"\s(?:with|without|who had|having|no)\b(?:(?!\b(?:had|was|were|developed|experienced|showed|there)\b)[^;.:])*\Z",
    _FLAGS,
)
_ALL_BEFORE = re.compile(r"\ball(?: of)?(?: the| our)?\s\Z", _FLAGS)
_ACHIEVED = re.compile(
    r"^[^.;]{0,60}?\b(?:achieved|had|developed|experienced|reached|entered|went into|showed|attained|required)\b",
    _FLAGS,
)
_BOTH = re.compile(
    r"\b(?:both|neither) (?:of )?(?:the |these |our )?(?:\w+ )?"
    rf"(?:{PEOPLE}|cases\b|reports\b|them\b)",
    _FLAGS,
)
_OCCURS = re.compile(
    r"\b(?:achieved|observed|seen|obtained|occurred|returned|normali[sz]ed|disappeared"
    r"|resolved|noted)\b",
    _FLAGS,
)


@dataclass(frozen=True, slots=True)
class Whole:
    """An outcome that nobody (`nobody`) or everybody of a group had; `size` of the group if the words give it."""

    outcome: Outcome
    nobody: bool
    start: int
    end: int
    size: int | None = None


def find_wholes(view: SentenceView, candidates: Sequence[Outcome], counted: Sequence[tuple[int, int]]) -> list[Whole]:
    """Explicit zeros and alls of one sentence; `counted` are the spans of its numbers."""
    if view.section in (Section.METHODS, Section.BACKGROUND):
        return []
    options = [option for option in candidates if option.kind in ("outcome", "condition", "word")]
    found = [whole for option in options if (whole := _zero(view, option)) is not None]
    if not found:
        found = _beside_a_count(view, options, counted) or _listed(view, options, counted)
    pair = bool(_BOTH.search(view.text))
    return [replace(whole, size=2) for whole in found] if pair else found


def all_of_group(view: SentenceView, candidates: Sequence[Outcome], named: Sequence[tuple[int, int]]) -> list[Whole]:
    """ "All SDNS and two SRNS patients achieved remission": everybody of the group whose name stands at `named`."""
    for start, end in named:
        lead = _ALL_BEFORE.search(view.between(view.start, start))
        goes_on = _ACHIEVED.match(view.between(end, view.end)) if lead else None
        if lead is None or goes_on is None or view.section in (Section.METHODS, Section.BACKGROUND):
            continue
        low = end + goes_on.end()
        after = [one for one in candidates if one.kind == "outcome" and low <= one.start < low + 60]
        if after:
            return [Whole(after[0], False, start, end)]
    return []


def _zero(view: SentenceView, option: Outcome) -> Whole | None:
    before = view.between(view.start, option.start)
    after = view.between(option.end, view.end)
    if _NOT_SEEN.match(after):
        return Whole(option, True, option.start, option.end)
    match = _NO_BEFORE.search(before)
    if match is None or _NOT_ZERO.match(after):
        return None
    if _CONTRAST.match(option.text) and not _WITHIN.search(after):
        return None
    if match["word"].lower().startswith("without") and option.kind != "outcome":
        return None
    if _POPULATION.search(before):
        return None
    return Whole(option, True, view.start + match.start("word"), option.end)


def _joined(view: SentenceView, options: Sequence[Outcome]) -> list[Outcome]:
    """The first outcome and those of its list: "cough, rash or oedema"."""
    listed = [options[0]]
    for option in options[1:]:
        if not _OR.fullmatch(view.between(listed[-1].end, option.start)):
            break
        listed.append(option)
    return listed


def _beside_a_count(view: SentenceView, options: list[Outcome], counted: Sequence[tuple[int, int]]) -> list[Whole]:
    """ "Cough in 3 of 40 on A but in none of those on B": what was counted before it."""
    match = _NONE_BESIDE.search(view.text)
    before = [one for one in options if match and one.end <= view.start + match.start()]
    if match is None or not before or not any(end <= view.start + match.start() for _, end in counted):
        return []
    return [Whole(before[-1], True, view.start + match.end() - len("none"), view.start + match.end())]


def _listed(view: SentenceView, options: list[Outcome], counted: Sequence[tuple[int, int]]) -> list[Whole]:
    """ "None achieved remission", "all patients had a response", "relapse was seen in both cases"."""
    for pattern, nobody in ((_NONE_OF, True), (_ALL, False)):
        match = pattern.search(view.text)
        if match is None or " who " in match.group() or _SOME.search(match.group()):
            continue
        if match.group().lower().startswith("both") and not _PEOPLE.search(match.group()):
            continue  # "both 5 mg and 10 mg achieved"
        start, end = view.start + match.start(), view.start + match.end()
        if not nobody and re.search(r"(?:%|\bof|\bin)\s\Z", view.text[: match.start()]):
            continue  # "80 % of all patients had"
        if any(low < start + 12 and start < high for low, high in counted):
            continue
        after = [option for option in options if option.end >= end and option.start - end < 60 and option.cost < 5]
        if after and not _CONTRAST.search(view.between(end, after[0].start)):
            return [Whole(one, nobody, start, end) for one in _joined(view, after)[: None if nobody else 1]]
    match = _IN_ALL.search(view.text)
    if match and match.start() < 3:
        achieved = re.search(r"\bwith\s(?=(?:\w+\s){0,2}\Z)", view.text) or _GOOD.search(view.text)
        after = [option for option in options if achieved and option.start >= view.start + achieved.end()]
        return [Whole(option, False, view.start, option.end) for option in after if option.kind == "outcome"][:3]
    if match and _OCCURS.search(view.text[: match.start()]):
        before = [option for option in options if option.end <= view.start + match.start() and option.kind == "outcome"]
        return [Whole(option, False, view.start + match.start(), view.start + match.end()) for option in before[-1:]]
    return []
