"""Drugs that one sentence says were given, in runs of those given together.

Place in the flow: asked by `arms.py` for studies that compare no treatments.
"""

from __future__ import annotations

import re

from pipeline.document import Part
from pipeline.relate.allocation_words import OR_WEEKS
from pipeline.relate.view import DrugHit, SentenceView

_TREATS = re.compile(
    r"\b(?:treat(?:ed|ing|ment)|receiv\w+|given|gave|administ\w+|started|initiated|therapy|using|consist\w+"
    r"|effects? of|efficacy (?:and safety )?of|took|taking|commenced|infusion of|use of|dose of|regimen"
    r"|withdrawal)\b",
    re.I,
)
_ADDITION = re.compile(r"\b(?:addition of|adding|add-on)\s(?:\w+\s)?\Z", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:(?:immediately|hours?|h|min\w*|days?) (?:before|prior to|after)|before (?:and after )?receiving)\s"
    r"(?:the\s|radiographic\s)*\Z",
    re.IGNORECASE,
)
_ADDED = re.compile(r"^\s*(?:\([^()]*\)\s*)?(?:was|were)\s(?:then\s|subsequently\s)?added\b", re.IGNORECASE)


def given_rows(view: SentenceView) -> list[list[DrugHit]]:
    """Runs of drugs given together in a sentence that says they were given."""
    if not _TREATS.search(view.text) and view.part is not Part.TITLE:
        return []
    asides = [match.span() for match in re.finditer(r",\s+(?:which|whose|a drug)\b[^,]*,", view.text)]
    rows: list[list[DrugHit]] = []
    # "cyclosporine-treated recipients received …": what people take already is not what they were given here.
    people = [drug for drug in view.given if view.between(drug.end, drug.end + 8) == "-treated"]
    given = [drug for drug in view.given if drug not in people] or people
    for drug in given:
        if any(low <= drug.start - view.start < high for low, high in asides):
            continue
        gap = OR_WEEKS.sub(" ", view.between(rows[-1][-1].end, drug.start)) if rows else ""
        if (
            rows
            and len(re.sub(r",\s+which\b[^,]*,", ",", gap)) < 90
            and re.search(r"\b(?:and|plus|with|followed|combin\w+)\b|[+/,]", gap)
            and not re.search(
                r"\.\s|;|\b(?:but|who|after|before|which|than|or)\b", re.sub(r",\s+which\b[^,]*,", ",", gap)
            )
        ):
            rows[-1].append(drug)
        else:
            rows.append([drug])
    return rows


def names_design(view: SentenceView, drug: DrugHit) -> bool:
    """ "placebo-controlled": how the study was made, nobody's treatment."""
    return view.between(drug.end, drug.end + 11).startswith(("-controlled", " controlled"))


def times_another(view: SentenceView, drug: DrugHit) -> bool:
    """ "A for one hour before |contrast medium|": tells when A was given."""
    return _BEFORE.search(view.between(view.start, drug.start)) is not None


def is_addition(view: SentenceView, drug: DrugHit) -> bool:
    """Whether a drug is a further step here ("when A was added"), not what everybody got."""
    before, after = view.between(view.start, drug.start), view.between(drug.end, view.end)
    return bool(_ADDITION.search(before) or _ADDED.match(after))
