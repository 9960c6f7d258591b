"""Groups that a study compares and that no drug tells apart: "diet counselling (n = 31) or usual care (n = 30)".

Place in the flow: asked by `arms.py` where no sentence sets drugs of the title or abstract against each other: trials
of diets, exercise, devices, operations, education, vaccines, and cohorts of named groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.document import Part, Section
from pipeline.relate.numbers import COUNT, to_int
from pipeline.relate.view import SentenceView
from pipeline.tag.people import PEOPLE, PERSONS

_ALLOTS = re.compile(
    r"\b(?:random\w*|assign\w*|allocat\w*|divided|groups?|arms?|compar\w+|categori[sz]ed|classified)\b", re.I
)
_SIZED = re.compile(
    r"(?P<lead>[^()\[\];:]{3,90}?)\s*[(\[]\s*(?:[A-Z][\w+/-]{0,9}[,;:]\s*)?[nN]\s*=\s*(?P<n>\d[\d,]*)\s*[)\]]"
)
_N_EQUALS = re.compile(r"[nN]\s*=\s*\d")
_TO_EACH = re.compile(
    rf"\b(?P<n>{COUNT})(?: {PEOPLE})?"
    r"(?: (?:were|was))?(?: (?:randomly )?(?:randomi[sz]ed|assigned|allocated))? to (?:the |an? |receive )?"
    r"(?P<name>(?:(?!and\b|or\b)[\w/+-]+ ){0,4}?(?:(?!and\b|or\b)[\w/+-]+))(?= (?:group|arm)\b| and\b|[,.;(])",
    re.I,
)
_THE_GROUP = re.compile(r"\b[Tt]he ((?:[A-Za-z][\w/+-]* ){1,3})(?:group|arm)\b")
_CUT = re.compile(
    r"^.*(?:,|;|:|\b(?:or|and|to|either|versus|vs\.?|into|in|of|groups?|receive|receiving|between|with|a|an|the|for"
    r"|by|were|was)\b)\s+(?=\S)",
    re.I | re.S,
)
_GENERAL = re.compile(
    rf"^(?:\W*(?:{PERSONS}|two|three|four|each|other|both|same|latter|former|first|second|third|study|treatment|age|whole|entire"
    r"|total|all|males?|females?|eyes|cases"
    r"|overall|analy\w+|random\w*|groups?|arms?|remaining|either|safety|population|completed|excluded|included"
    r"|expert|working|research|focus|steering|task|peer|blood|reference|ethnic|racial|\d+))+\W*$",
    re.I,
)
_CONTROL = re.compile(
    r"\b(?:controls?|usual|standard|conventional|sham|placebo|untreated|waiting|wait-?list|no)\b", re.I
)


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """A group by its name. `start:end` is the name's place in the passage of `view`."""

    name: str
    size: int | None
    view: SentenceView
    start: int
    end: int

    @property
    def is_control(self) -> bool:
        """Whether the name says that the group is compared against."""
        return _CONTROL.search(self.name) is not None


def named_groups(own: Iterable[SentenceView]) -> tuple[NamedGroup, ...]:
    """The groups of the sentence that names and sizes them best; () if the paper names fewer than two."""
    views = [view for view in own if view.part is not Part.BODY or view.section is Section.METHODS]
    best: tuple[float, tuple[NamedGroup, ...]] = (0.0, ())
    for view in views:
        for groups in (_sized(view), _to_each(view)):
            if 2 <= len(groups) <= 4 and len({group.name.lower() for group in groups}) == len(groups):
                score = 2.0 * bool(re.search(r"random|assign|allocat", view.text, re.I)) + len(groups) * 0.1
                score += 1.0 if view.part is not Part.BODY else 0.0
                score += 1.0 if view.section is Section.METHODS else 0.0
                best = max(best, (score, groups), key=lambda one: one[0])
    if best[1] or any(view.given for view in views if view.part is Part.TITLE):
        return best[1]
    return _spoken_of([view for view in views if view.part is Part.ABSTRACT])


def _sized(view: SentenceView) -> tuple[NamedGroup, ...]:
    if not _ALLOTS.search(view.text):
        return ()
    if not _N_EQUALS.search(view.text):
        return ()  # the pattern of a sized group is slow where there is none
    found = []
    for match in _SIZED.finditer(view.text):
        lead = match["lead"]
        cut = _CUT.match(lead)
        start = match.start("lead") + (cut.end() if cut else 0)
        if group := _group(view, start, match.end("lead"), to_int(match["n"])):
            found.append(group)
    return tuple(found)


def _to_each(view: SentenceView) -> tuple[NamedGroup, ...]:
    if not re.search(r"random|assign|allocat", view.text, re.I):
        return ()
    found = [
        _group(view, match.start("name"), match.end("name"), to_int(match["n"]))
        for match in _TO_EACH.finditer(view.text)
    ]
    return tuple(group for group in found if group)


def _spoken_of(views: Sequence[SentenceView]) -> tuple[NamedGroup, ...]:
    """ "the walking group" and "the control group", each told more than once or beside each other."""
    found: dict[str, NamedGroup] = {}
    for view in views:
        for match in _THE_GROUP.finditer(view.text):
            if group := _group(view, match.start(1), match.end(1), None):
                found.setdefault(group.name.lower(), group)
    return tuple(found.values()) if len(found) == 2 else ()


def _group(view: SentenceView, start: int, end: int, size: int | None) -> NamedGroup | None:
    text = view.text[start:end]
    start += len(text) - len(text.lstrip())
    name = re.sub(r"\s+(?:groups?|arms?)$", "", re.sub(r"\s+", " ", text).strip(" ,.-"), flags=re.I)
    if not 2 <= len(name) <= 60 or not re.search(r"[A-Za-z]", name) or _GENERAL.match(name):
        return None
    return NamedGroup(name, size, view, view.start + start, view.start + start + len(name))
