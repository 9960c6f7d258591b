"""Arms that get different doses of one drug: "A 50 or 100 mg or placebo", "A 50 mg, A 100 mg, or placebo".

Place in the flow: asked by `arms.py` for each side of the sentence that allots people. `dose_levels.py` tells which of
these arms a name means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import Part
from pipeline.evidence import Arm, Dose, DrugUse, Label, Mention, Role
from pipeline.relate.allocation import Slot
from pipeline.relate.allocation_words import ALLOTS
from pipeline.relate.arm_aliases import LABEL
from pipeline.relate.arm_classes import unique_uses
from pipeline.relate.dose_levels import ALL_DOSES
from pipeline.relate.given import given_rows
from pipeline.relate.numbers import COUNT, to_int
from pipeline.relate.regimens import Pairing, dose_kin, drug_uses
from pipeline.relate.view import SentenceView
from pipeline.tag.people import PEOPLE

_N_AFTER = re.compile(
    rf"^\s*(?:\([^()=]*\)\s*)?[(\[,:;]?\s*(?:[(\[]\s*)?n\s*=\s*(?P<n>\d[\d,]*)"
    rf"|^\s*\(\s*(?P<m>{COUNT})\s+(?:{PEOPLE}|eyes)",
    re.I,
)
_PLACEBO = re.compile(r"\bplacebo\b(?![\s-]controlled)", re.IGNORECASE)
_TWO_LENGTHS = re.compile(
    rf"\bfor\s(?:either\s)?(?P<a>{COUNT})(?:[\s-](?:weeks?|months?|days?|years?))?\s(?:or|versus|vs\.?)\s(?:for\s)?"
    rf"(?P<b>{COUNT})[\s-](?P<unit>weeks|months|days|years)\b",
    re.IGNORECASE,
)
# Between the doses of one drug.
_NEXT = re.compile(
    r"(?:[\s,;]|\([^()]*\)|\b(?:or|and|vs|versus|once|twice|daily|weekly|a|day|n|=|\d+)\b)*", re.IGNORECASE
)
_LISTED = re.compile(
    r"(?P<all>\d[\d.]*(?:,\s?\d[\d.]*)*),?\s(?:or|and)\s(?P<last>\d[\d.]*\D.*)", re.IGNORECASE | re.DOTALL
)


def dose_levels(view: SentenceView, slot: Slot, pairing: Pairing) -> list[tuple[DrugUse, int | None]]:
    """The slot's drug at each of its doses, and how many got it; [] if the sentence tells no alternatives."""
    if len({drug.name for drug in slot.drugs}) != 1:
        return []
    if len(slot.drugs) > 1:
        uses = [use for drug in slot.drugs for use in drug_uses(view, drug, pairing)]
        apart = len({use.dose.text for use in uses if use.dose}) == len(uses) == len(slot.drugs)
        return [(use, None) for use in uses] if apart and ALLOTS.search(view.text) else []
    drug = slot.drugs[0]
    doses = pairing.doses.get(drug.start, [])
    if len(doses) == 1 and ALLOTS.search(view.text):
        use = drug_uses(view, drug, pairing)[0]
        return [(replace(use, dose=dose), None) for dose in _split(doses[0].dose)]
    sizes = _sizes(view, doses)
    return list(zip(drug_uses(view, drug, pairing), sizes, strict=False))


@dataclass(frozen=True, slots=True)
class Level:
    """One dose or one length of a treatment, with what was given beside it, and the sentence that tells it."""

    name: str
    uses: tuple[DrugUse, ...]
    view: SentenceView


def levels_of_one(own: Sequence[SentenceView], uses: Sequence[DrugUse]) -> list[Level]:
    """The doses, or the lengths, that people were allotted to in a study of one treatment; [] if there are none."""
    names = {use.drug for use in uses} - {"placebo"}
    for view in own:
        drugs = [drug for drug in view.given if drug.name in names] if ALLOTS.search(view.text) else []
        if not drugs or view.part is Part.BODY or _PLACEBO.search(view.text):
            continue
        drug, pairing = drugs[0], Pairing(view)
        beside = [other for row in given_rows(view) if drug in row for other in row if other.name != drug.name]
        others = [use for other in beside for use in drug_uses(view, other, pairing)]
        doses = [use for use, _ in dose_levels(view, Slot((drug,), drug.start, drug.end), pairing)]
        found = doses or _lengths(view, drug_uses(view, drug, pairing))
        if len(found) > 1:
            texts = [use.dose.text if doses and use.dose else use.duration for use in found]
            return [Level(f"{drug.text} {text}", (use, *others), view) for use, text in zip(found, texts, strict=True)]
    return []


def labels_of(levels: Sequence[Level]) -> list[str]:
    """The labels that the sentence of the levels gives them in order; [] if it has none, or not one for each."""
    found = [one.text for one in levels[0].view.of(Label.ARM) if LABEL.search(one.text)] if levels else []
    labels = list(dict.fromkeys(re.sub(r"^the\s", "", text) for text in found))
    return labels if len(labels) == len(levels) else []


def _lengths(view: SentenceView, uses: Sequence[DrugUse]) -> list[DrugUse]:
    """ "for either eight or 12 weeks": the use once for each length."""
    match = _TWO_LENGTHS.search(view.text)
    if match is None:
        return []
    unit = match["unit"]
    return [replace(uses[0], duration=f"{match[name]} {unit}") for name in ("a", "b")]


def pooled_arms(arms: tuple[Arm, ...]) -> list[Arm]:
    """The arms of all doses of one drug together: "the A groups", "A" where the doses are told elsewhere."""
    found: list[Arm] = []
    compared = [arm for arm in arms if arm.role is not Role.BACKGROUND]
    for arm in compared:
        kin = [arm, *dose_kin(arm, compared)]
        if len(kin) > 1 and not any(one.drug_names == arm.drug_names for one in found):
            uses = tuple(replace(use, dose=None, quote=None) for use in unique_uses([*arm.drugs]))
            sizes = [one.n for one in kin]
            size = None if None in sizes else sum(one for one in sizes if one is not None)
            name = f"{arm.drugs[0].drug}{ALL_DOSES}"
            found.append(replace(arm, name=name, role=Role.BACKGROUND, drugs=uses, n=size, aliases=(), quote=None))
    return found


def _split(dose: Dose | None) -> list[Dose]:
    """ "50 or 100 mg": 50 and 100 mg, each with the unit; a range is one dose."""
    match = _LISTED.fullmatch(dose.text) if dose is not None else None
    if dose is None or match is None:
        return []
    first = [part.strip() for part in match["all"].split(",")]
    last = re.match(r"\d[\d.]*", match["last"])
    texts = [*first, match["last"]]
    values = [*first, last.group() if last else ""]
    return [
        replace(dose, text=text, value=float(value.rstrip(".")), low=None, high=None)
        for text, value in zip(texts, values, strict=True)
    ]


def _sizes(view: SentenceView, doses: list[Mention]) -> list[int | None]:
    """How many people got each of several doses; [] if they are no alternatives."""
    sizes: list[int | None] = []
    for number, dose in enumerate(doses):
        after = view.between(
            dose.end, doses[number + 1].start if number + 1 < len(doses) else min(view.end, dose.end + 40)
        )
        if number + 1 < len(doses) and not _NEXT.fullmatch(after):
            return []
        match = _N_AFTER.match(after)
        sizes.append(to_int(match.group("n") or match.group("m")) if match else None)
    return sizes
