"""States of a single patient: "complete remission was achieved", "a relapse occurred", "without improvement".

Place in the flow: asked by `results.py` for the case sections and abstracts of case reports only: a state reached is 1
of 1, one not reached 0 of 1. In any other paper the same words say nothing about how many patients. An abstract also
speaks of the disease at large: there only what the patient "developed" counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document import Part, Section
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.view import SentenceView
from pipeline.relate.zeros import Whole

_FLAGS = re.IGNORECASE
_STATE = re.compile(
    r"\b(?:remissions?|responses?|relapses?|improvements?|recovery|recovered|resolution"
    r"|recurrence|rejection|normotensive|rebound|flares?|cure)\b",
    _FLAGS,
)
_REACHED_AFTER = re.compile(
    r"^\s?(?:was|were|has been|had been|is)\s(?:\w+ly\s)?(?:achieved|reached|obtained"
    r"|attained|maintained|observed|noted|seen|documented|confirmed|induced)\b"
    r"|^\s?(?:\w+ly\s)?(?:occurred|developed|ensued|followed|persisted|appeared)\b",
    _FLAGS,
)
_REACHED_BEFORE = re.compile(
    r"\b(?:achiev\w+|reach\w+|attain\w+|obtain\w+|enter\w+|maintain\w+|remain\w*|went into"
    r"|is in|was in|are|is|was|had|suffered|developed|experienced|showed|with)"
    r"\s(?:an?\s|in\s|the\s|sustained\s|another\s|her\s|his\s)*\Z",
    _FLAGS,
)
_NOT_REACHED = re.compile(
    r"\b(?:without|no|not|never|failed to (?:achieve|reach|obtain|show)|lack of|absence of)\s"
    r"(?:any\s|an?\s|the\s|significant\s|further\s|clinical\s)*"
    r"(?:\w+\s(?:or|and)\s)?\Z",
    _FLAGS,
)
_CAME_DOWN = re.compile(
    r"\b(?:developed|experienced|suffered)\s(?:from\s)?(?:an?\s|the\s)?(?:(?:\w+ly|severe|acute|mild|fatal)\s){0,2}\Z",
    _FLAGS,
)
# Said of patients at large, not of this one.
_OTHERS = re.compile(r"\b(?:patients|cases|reports|reported|literature|who developed|may|can|some|often)\b", _FLAGS)
_SHARED_ADJECTIVE = re.compile(
    r"\b(?P<first>complete|partial|clinical|major|minor|full|stable)\s(?:or|and|nor)\s\Z", _FLAGS
)


def find_states(view: SentenceView, candidates: Sequence[Outcome]) -> list[Whole]:
    """The states that one sentence of a case says were reached or not."""
    if view.section is not Section.CASE:
        return _developed(view, candidates) if view.part is Part.ABSTRACT else []
    found: list[Whole] = []
    for option in candidates:
        if option.kind != "outcome" or not _STATE.search(option.text):
            continue
        before, after = view.between(view.start, option.start), view.between(option.end, view.end)
        missed = bool(_NOT_REACHED.search(before))
        if missed or _REACHED_AFTER.match(after) or _REACHED_BEFORE.search(before):
            found += [Whole(one, missed, one.start, option.end, size=1) for one in _both(view, option, before)]
    return found


def _developed(view: SentenceView, candidates: Sequence[Outcome]) -> list[Whole]:
    if _OTHERS.search(view.text):
        return []
    return [
        Whole(option, False, option.start, option.end, size=1)
        for option in candidates
        if option.kind in ("outcome", "condition") and _CAME_DOWN.search(view.between(view.start, option.start))
    ]


def _both(view: SentenceView, option: Outcome, before: str) -> list[Outcome]:
    """ "complete or partial remission" is two outcomes."""
    match = _SHARED_ADJECTIVE.search(before)
    noun = option.text.split(" ", 1)
    if match is None or len(noun) < 2:
        return [option]
    start = view.start + match.start("first")
    return [Outcome(f"{match['first']} {noun[1]}", start, option.end, None, option.cost), option]
