"""One patient, many regimens: the phases of a case report.

Place in the flow: called by `arms.py` for case reports; `arm_reference.py` points from a place in the case to the phase
that ran there. A phase is an arm named "case 1: …" with n = 1; its quote begins where it begins.

The sentences of a case are read in order, as changes of what is running: started (the rest ends), added, stopped, dose
changed, carried on. A drug named in looking back ("after 14 months of treatment with …,") changes nothing. Doses and
levels stay with their drug until they are changed; a dose is never taken from another phase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipeline.document import Document, Part, Section
from pipeline.evidence import Arm, DrugUse, Quote, Role, StudyFrame
from pipeline.link import ancestors
from pipeline.relate.regimens import Pairing, drug_uses
from pipeline.relate.view import DrugHit, SentenceView, without_brackets

_CASE = re.compile(
    r"\b(?:case|patient)s?\s*(?:no\.?\s*|number\s*|report\s*)?(\d+|one|two|three|[IVX]+)\b", re.IGNORECASE
)
_LOOKS_BACK = re.compile(
    r"^\W*(?:after|despite|under|during|following|while|because|since|upon)\b[^,;]*$", re.IGNORECASE
)
_STARTS = re.compile(
    r"\b(?:start(?:ed|ing)?|initiat\w+|commenc\w+|receiv\w+|given|gave|treated|treatment with|therapy with"
    r"|put on|placed on|switched to|"
    r"within [\w\s-]{1,20} of|switch\w* [^.;]{0,60}\bto|respond\w* (?:\w+ )?to|changed to|began|begun|administered"
    r"|introduc\w+|prescribed|replaced by|converted to)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_STARTED = re.compile(
    r"^[^.;]{0,80}?\b(?:was|were)\s+(?:\w+ly\s+)?(?:started|initiated|performed|given|administered|commenced"
    r"|instituted|prescribed|begun|tried)\b",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"\b(?:added|adding|addition of|add-on|associat(?:ed|ing)|combined with)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE
)
_ADDED = re.compile(
    r"^[^.;]{0,80}?\b(?:was|were)\s+(?:\w+ly\s+|then\s+)?(?:added|associated|combined|reintroduced|introduced)\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:dos(?:e|es|age)|taper\w*|increas\w+|reduc\w+|decreas\w+|adjust\w+|maintain\w+|titrat\w+|keeping)\b",
    re.IGNORECASE,
)
_CARRIES = re.compile(r"\b(?:maintain\w*|continu\w+|remain\w*|currently|still)\b[^.;]{0,60}$", re.IGNORECASE)
_ALL_STOPPED = re.compile(
    r"\b(?:treatment|therapy|combination|regimen)\b[^.;]{0,80}\b(?:was|were)\s+(?:\w+ly\s+)?(?:discontinued"
    r"|stopped|suspended|withdrawn)\b",
    re.IGNORECASE,
)
# An abstract's sentences about the disease or the drug at large tell nothing of the case.
_GENERAL = re.compile(
    r"\b(?:patients|cases|reports|literature|may|can|should|(?:has|have) (?:never )?been (?:reported|described|shown)"
    r"|is an?|we recommend)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Course:
    """What runs at the moment, and the phases so far."""

    name: str
    passage: int
    running: dict[str, DrugUse] = field(default_factory=dict)
    phases: list[tuple[int, int, dict[str, DrugUse]]] = field(default_factory=list)  # passage, start, drugs
    last_sentence: int = -2


def case_phases(own: tuple[SentenceView, ...], document: Document, frame: StudyFrame) -> list[Arm]:
    """Arms of the phases of all cases, without ids, in reading order; [] if no case tells more than one regimen."""
    courses: list[_Course] = []
    for view in _told_in(own, frame):
        heading = document.passages[view.passage].heading or ""
        match = _CASE.search(heading)
        name = f"case {match.group(1)}" if match else "case"
        if not courses or (match and courses[-1].name != name):
            courses.append(_Course(name, view.passage, phases=[(view.passage, view.start, {})]))
        _step(courses[-1], view)
    if sum(len(course.phases) for course in courses) < 3:
        return []
    arms = []
    for course in courses:
        if not any(uses for _, _, uses in course.phases):
            continue
        main = set(course.running)
        # What stands before an abstract's first regimen is of the one regimen that the paper is about.
        brief = document.passages[course.passage].part is Part.ABSTRACT
        for passage, start, uses in course.phases[1:] if brief else course.phases:
            role = Role.INTERVENTION if uses and main <= set(uses) else Role.PREVIOUS
            name = f"{course.name}: {' + '.join(uses) or 'at presentation'}"
            quote = _clause(document, passage, start)
            arm = Arm("", name, role, tuple(uses.values()), n=1, population=frame.population, quote=quote)
            arms.append(replace(arm, histology=frame.histology))
    return arms


def _told_in(own: tuple[SentenceView, ...], frame: StudyFrame) -> list[SentenceView]:
    """The sentences of the cases: a full text's case sections; of one case without a full text, its abstract."""
    cases = [view for view in own if view.part is Part.BODY and view.section is Section.CASE]
    if cases or frame.design != "case report" or any(view.part is Part.BODY for view in own):
        return cases
    general = (Section.BACKGROUND, Section.DISCUSSION, Section.CONCLUSION)
    return [
        view
        for view in own
        if view.part is Part.ABSTRACT and view.section not in general and not _GENERAL.search(view.text)
    ]


def _clause(document: Document, passage: int, start: int) -> Quote:
    """From `start` to the end of its sentence."""
    text = document.passages[passage].text
    stop = re.compile(r"[.;](?=\s|$)").search(text, start)
    end = stop.end() if stop else len(text)
    return Quote(passage, start, end, text[start:end])


def _step(course: _Course, view: SentenceView) -> None:
    """Take one sentence's changes."""
    pairing = Pairing(view)
    before, was = set(course.running), dict(course.running)
    start: int | None = None
    fresh = False
    for row in _rows(view):
        kind = _kind(view, row, before)
        if kind == "none":
            continue
        if kind == "start" and not fresh:
            course.running = {}
            fresh = True
        _apply(course, view, row, kind, pairing)
        start = row[0].start if start is None else start
    for drug in view.drugs:
        if drug.use == "stopped":
            _stop(course, drug)
    if _ALL_STOPPED.search(view.text) and not fresh:
        for drug in view.drugs:
            _stop(course, drug)
    if start is None or _same(course.running, was):
        return
    if set(course.running) == before and course.last_sentence == view.ordinal - 1 and course.phases[-1][2]:
        passage, begun, _ = course.phases.pop()  # a dose set right after the start is the phase's own
        course.phases.append((passage, begun, dict(course.running)))
    elif _only_carried(course.running, was):
        passage, begun, _ = course.phases.pop()
        course.phases.append((passage, begun, dict(course.running)))
    else:
        # What an abstract's sentence tells beside a change comes of it: "it was restored after A was stopped".
        start = view.start if view.part is Part.ABSTRACT else start
        course.phases.append((view.passage, start, dict(course.running)))
    course.last_sentence = view.ordinal


def _same(running: dict[str, DrugUse], was: dict[str, DrugUse]) -> bool:
    return running.keys() == was.keys() and all(running[name].dose == was[name].dose for name in running)


def _only_carried(running: dict[str, DrugUse], was: dict[str, DrugUse]) -> bool:
    """Drugs came to light that ran beside all the time ("currently maintains losartan 100 mg")."""
    return (
        bool(was)
        and was.items() <= running.items()
        and all(_is_carried(running[name]) for name in running.keys() - was)
    )


def _is_carried(use: DrugUse) -> bool:
    return (
        use.quote is not None
        and re.search(r"\b(?:maintain\w*|continu\w+|currently|still)\b", use.quote.text, re.I) is not None
    )


def _rows(view: SentenceView) -> list[list[DrugHit]]:
    """Runs of drugs that stand together; an aside in brackets about the same drug is part of the run."""
    plain = without_brackets(view.text)
    rows: list[list[DrugHit]] = []
    for drug in view.drugs:
        if drug.use not in ("given", "stopped"):
            continue
        if rows and drug.name == rows[-1][-1].name and plain[drug.start - view.start] == " ":
            continue
        gap = plain[rows[-1][-1].end - view.start : drug.start - view.start] if rows else ""
        apart = re.search(r"[.;]|\b(?:was|were|maintaining|without|but|until|then|who)\b", gap)
        together = re.search(r"\b(?:and|plus|with)\b|[,+/]", gap) or "(" in view.between(drug.start - 2, drug.start)
        switched = bool(rows) and rows[-1][-1].use == "stopped" != drug.use  # "withdrawal of A and initiation of B"
        if rows and not apart and not switched and len(gap.split()) < 9 and together:
            rows[-1].append(drug)
        else:
            rows.append([drug])
    return rows


def _kind(view: SentenceView, row: list[DrugHit], running: set[str]) -> str:
    before = view.between(view.start, row[0].start)
    after = view.between(row[-1].end, view.end)
    known = all(drug.name in running for drug in row)
    if known and (_CHANGES.search(before[-60:]) or re.match(r"\s*(?:daily )?dos(?:e|age)\b", after)):
        return "change"
    if _LOOKS_BACK.match(before):
        return "change" if known and _CHANGES.search(before) else "none"
    if all(drug.use == "stopped" for drug in row):
        return "none"
    if _ADDS.search(before) or _ADDED.match(after):
        return "add"
    if _CARRIES.search(before):
        return "add"
    if _STARTS.search(before) or _STARTED.match(after):
        return "start" if not known or len(row) < len(running) else "none"
    return "none"


def _apply(course: _Course, view: SentenceView, row: list[DrugHit], kind: str, pairing: Pairing) -> None:
    for drug in row:
        use = drug_uses(view, drug, pairing)[0]
        old = course.running.get(drug.name)
        if kind == "change" and old is None:
            continue
        if old is not None and use.dose is None:
            use = replace(old, target=use.target or old.target)
        elif old is not None:
            use = replace(use, target=use.target)
        course.running[drug.name] = use


def _stop(course: _Course, drug: DrugHit) -> None:
    """The drug ends; of a class, its members end."""
    for name, use in list(course.running.items()):
        if name == drug.name or (use.drug_id and drug.concept_id and drug.concept_id in ancestors(use.drug_id)):
            del course.running[name]
