"""Drugs that the people of a study took already when its treatment was given to them.

Place in the flow: asked by `background.py` for sentences that set nothing against anything; "were randomised to A or B"
is read there.

    "The effects of A were evaluated in 10 recipients on B and C."      -> B, C
    "Twelve recipients maintained on B received A."                     -> B

    "Sixty patients treated with B, whose …", before A and C are allotted    -> B

The first two need the treatment of the study itself (A) in the same sentence, the last needs what is set against each
other in another: of people "on B" alone the study may be about B.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.link import ancestors
from pipeline.relate.numbers import COUNT
from pipeline.relate.view import DrugHit, SentenceView
from pipeline.tag.people import PEOPLE

_FLAGS = re.IGNORECASE
_ON = (
    r"(?:(?:who|that)\s(?:were|are|had been)\s)?(?:already\s|concurrently\s|currently\s)?"
    r"(?:on|receiving|taking|maintained (?:on|with)|stabili[sz]ed (?:on|with)|treated with)"
)
_STUDIED = re.compile(
    r"\b(?:effects?|efficacy|safety|tolerability|influence|impact|addition|use|administration|response|value)\b"
    r"[^.;]{0,40}?\bof\s(?:[\w-]+\s){0,4}\Z",
    _FLAGS,
)
_GETS = re.compile(
    r"\b(?:received|(?:was|were)\s(?:\w+\s)?(?:given|treated with|started on))\s(?:[\w-]+\s){0,4}\Z", _FLAGS
)
# "in 10 recipients with stable function on |B", "in 12 PTH on |B": people, or what a count counts.
_PEOPLE_ON = re.compile(
    rf"(?:\b{PEOPLE}(?:\s[\w-]+){{0,6}}?,?|\b(?:in|of)\s{COUNT}(?:\s[\w-]+){{1,4}}?),?\s{_ON}\s(?:(?!or\b|and\b|no\b|placebo\b)[\w-]+\s){{0,4}}\Z",
    _FLAGS,
)
_HISTORY = re.compile(
    r"\b(?:previous\w*|prior|had been|failed|history|despite|after|before|resistant|inadequate\w*|and|either"
    r"|versus|than|compar\w+|randomi[sz]\w+)\b",
    _FLAGS,
)
_ENROLLED = re.compile(
    rf"(?:a total of\s|we\s(?:\w+\s)?(?:studied|enrolled|included|recruited|evaluated)\s)?(?:{COUNT}|all|eligible)\s"
    rf"(?:[\w-]+\s){{0,5}}?{PEOPLE}|{PEOPLE}|(?:eligible|inclusion)\b",
    _FLAGS,
)
_UNLIKE = re.compile(
    r"\b(?:exclu\w+|not|no|if|some|half|most|other|group|compar\w+|died|developed|experienced|significant\w*"
    r"|increas\w+|decreas\w+|reduc\w+)\b",
    _FLAGS,
)
_CHAIN = re.compile(r"[\s,]*(?:(?:and|plus|with|low-dose|oral|maintenance)[\s,]*)*", _FLAGS)
# "on B or C", "on B alone" (which the treatment studied comes in place of).
_ALTERNATIVE = re.compile(
    r"\s*(?:,\s?)?(?:or|versus|vs\.?|and (?:in )?(?:\w+ )?(?:those|others|patients|controls))\b"
    r"|\s(?:alone|only|monotherapy)\b",
    _FLAGS,
)


def taken_before(view: SentenceView, tested: frozenset[str]) -> list[DrugHit]:
    """The drugs that the people of a sentence took beside what was tested in them, in text order."""
    heads = [drug for drug in view.given if drug.name in tested and drug.name != "placebo"]
    if not heads or re.search(r"\b(?:randomi[sz]\w+|allocated|assigned)\b", view.text, _FLAGS):
        return []
    return [drug for run in _runs(view, tested) if _is_beside(view, heads, run) for drug in run]


def people_of_study(view: SentenceView, tested: frozenset[str]) -> list[DrugHit]:
    """The drugs that a sentence about who was enrolled says everybody took, in a study that compares other drugs."""
    if any(drug.name in tested for drug in view.drugs) or _UNLIKE.search(view.text):
        return []
    return [
        drug for run in _runs(view, tested) if _ENROLLED.match(view.between(view.start, run[0].start)) for drug in run
    ]


def _runs(view: SentenceView, tested: frozenset[str]) -> Iterator[list[DrugHit]]:
    """Drugs that people are said to be on: "on |B, C and D|"; none if one is what is tested or they are told apart."""
    drugs = list(view.given)
    for number, drug in enumerate(drugs):
        match = _PEOPLE_ON.search(view.between(view.start, drug.start))
        if match is None or _HISTORY.search(match.group()):
            continue
        run = [drug]
        for other in drugs[number + 1 :]:
            if not _CHAIN.fullmatch(view.between(run[-1].end, other.start)):
                break
            run.append(other)
        apart = _ALTERNATIVE.match(view.between(run[-1].end, view.end))
        if not apart and not any(one.name in tested or one.name == "placebo" or _is_class(view, one) for one in run):
            yield run


def _is_class(view: SentenceView, drug: DrugHit) -> bool:
    """Whether another drug of the sentence is one of its kind: "subjects on the |analgesic| A"."""
    kinds = {ancestor for other in view.drugs if other.concept_id for ancestor in ancestors(other.concept_id)}
    return drug.concept_id in kinds


def _is_beside(view: SentenceView, heads: list[DrugHit], run: list[DrugHit]) -> bool:
    """Whether the sentence says that what is tested was studied in, or given to, the people on `run`."""
    for head in heads:
        before = view.between(view.start, head.start)
        if head.start < run[0].start and _STUDIED.search(before):
            return True
        if head.start > run[-1].end and _GETS.search(view.between(run[-1].end, head.start)):
            return True
    return False
