"""Doses, levels and schedules hung on the drugs of arms.

Place in the flow: called by `arms.py` once the arms and their drugs stand; gives back the same arms with
`DrugUse` filled.

A dose goes to the arm whose drug mention it belongs to: the allocation sentence first, then the arm named last in the
sentence, then every arm that has the drug. Amounts that are findings or limits ("a mean dose of 0.3 ± 0.2 mg/kg",
"≤ 5 mg/day") are no regimen. Levels aimed at are `target`, never `dose`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from pipeline.document import Section
from pipeline.evidence import Arm, Dose, DrugUse, Label, Mention, Quote
from pipeline.relate.arm_reference import ArmResolver
from pipeline.relate.background import EVERYONE
from pipeline.relate.pairing import Extent, pair_doses
from pipeline.relate.view import DrugHit, SentenceView

_LIMIT_BEFORE = re.compile(
    r"(?:[≤<>≥]\s*(?:or)?|\b(?:less than|more than|at least|below|above|equivalent(?: of| to)?"
    r"|exceeding|fewer than|limit\w*|than|increased by|increments? of)(?: or equal to)?)\s*=?\s*$",
    re.I,
)
_LIMIT_AFTER = re.compile(
    r"^[^.;,]{0,12}\bor (?:less|more|lower|higher|greater|below)\b|^\s*(?:less|lower|higher"
    r"|more) than",
    re.I,
)
_FINDING = re.compile(
    r"\b(?:mean|median|average|minimum|minimal|cumulative|required|requirement\w*|final|actual"
    r"|reduction|decrease[ds]?|lower|higher)\b[^.;]{0,60}$",
    re.I,
)
_GIVING = re.compile(
    r"\b(?:received|receiving|given|gave|administ\w+|treated with|treatment with|took|taking|started|at a dose"
    r"|dosage of)\b",
    re.I,
)
_TOTALS = re.compile(r"\b(?:cumulative|(?:median|mean|average|total) (?:\w+ ){0,2}dos(?:e|es|age))\b", re.I)
_DOSE_WORD = re.compile(r"\b(?:dose|dosage|doses|dosages)\b", re.I)
# "5 mg/" goes on with a unit; "0.004%/timolol" with the partner of a fixed combination.
_MORE_UNIT = re.compile(r"/(?!\s?[A-Za-z]{5})")
_OF = re.compile(r"\s+(?:of\s+)(?:either\s+)?", re.I)
_OR = re.compile(r"(?:\s+insulin)?\s+or\s+", re.I)
_SAME_DOSE = re.compile(
    r"\b(?:the )?(?:same|an? (?:equal|identical|equivalent)) (?:daily )?dos(?:e|es"
    r"|age)(?: of)?\s*$",
    re.I,
)


# "timolol maleate 0.5% twice daily"; a share of patients has results around it.
_STRENGTH = re.compile(
    r"^(?:\s+(?:maleate|tartrate|hydrochloride|hcl|sodium|acetate|phosphate|alginate|ophthalmic|solution|gel"
    r"|cream))*,?\s*"
    r"(?P<dose>(?P<value>\d{1,2}(?:\.\d+)?)\s?%)(?!\s*(?:\(|of\b|confidence|CI\b))",
    re.I,
)
_STRONGEST = 10.0  # %, of what is dropped, rubbed in or injected; above it a percentage counts people
_SHARES = re.compile(
    r"\b(?:incidence|rates?|proportion|percent\w*|achieved|occurred|reduc\w+ by|experienced|respond\w*"
    r"|p\s*[<=>]|patients (?:in|had))\b",
    re.I,
)


class Pairing:
    """The dose and target of every drug mention of one sentence."""

    def __init__(self, view: SentenceView) -> None:
        self.view = view
        drugs = [drug for drug in view.drugs if drug.use in ("given", "stopped") and drug.name != "placebo"]
        # "cyclosporine-treated recipients received 100 mg of …": a name of people takes no dose beside another drug.
        people = [drug for drug in drugs if view.between(drug.end, drug.end + 8) == "-treated"]
        drugs = [drug for drug in drugs if drug not in people] or drugs
        self.doses = self._pairs(drugs, _given_amounts(view, drugs))
        self.targets = self._pairs(drugs, view.targets)
        self._same_doses(drugs)
        self._either_doses(drugs)

    def _pairs(self, drugs: list[DrugHit], doses: list[Mention]) -> dict[int, list[Mention]]:
        offset = self.view.start
        found: dict[int, list[Mention]] = {}
        pairs = pair_doses(
            self.view.text,
            [Extent(drug.start - offset, drug.end - offset) for drug in drugs],
            [Extent(dose.start - offset, dose.end - offset) for dose in doses],
        )
        for pair in pairs:
            found.setdefault(drugs[pair.drug].start, []).append(doses[pair.dose])
        return {
            start: [dose for dose in paired if "drop" not in dose.text.lower()] or paired
            for start, paired in found.items()
        }

    def _same_doses(self, drugs: list[DrugHit]) -> None:
        """ "amlodipine (10 mg) … the same dose of lisinopril": the dose stands once and counts for both."""
        for drug in drugs:
            before = self.view.between(self.view.start, drug.start)
            earlier = [doses for start, doses in self.doses.items() if start < drug.start]
            if drug.start not in self.doses and earlier and _SAME_DOSE.search(before):
                self.doses[drug.start] = [earlier[-1][-1]]

    def _either_doses(self, drugs: list[DrugHit]) -> None:
        """ "10 mg of A or B were given": the amount ahead of a bare choice counts for both."""
        for first, second in pairwise(drugs):
            doses = self.doses.get(first.start, [])
            ahead = [dose for dose in doses if _OF.fullmatch(self.view.between(dose.end, first.start))]
            if ahead and second.start not in self.doses and _OR.fullmatch(self.view.between(first.end, second.start)):
                self.doses[second.start] = [ahead[-1]]


def _given_amounts(view: SentenceView, drugs: list[DrugHit]) -> list[Mention]:
    """The sentence's doses, and strengths right behind a drug that the tagger leaves alone for being bare shares."""
    doses = [dose for dose in view.doses if is_given(view, dose)]
    if view.section in (Section.RESULTS, Section.CONCLUSION) or _SHARES.search(view.text):
        return doses
    for drug in drugs:
        match = _STRENGTH.match(view.between(drug.end, min(view.end, drug.end + 40)))
        if match and float(match["value"]) <= _STRONGEST:
            start, end = drug.end + match.start("dose"), drug.end + match.end("dose")
            if not any(dose.start < end and start < dose.end for dose in view.of(Label.DOSE)):
                text = view.between(start, end)
                payload = Dose(text, value=float(match.group("value")), unit="%")
                doses.append(Mention(view.passage, Label.DOSE, start, end, text, "strength", dose=payload))
    return sorted(doses, key=lambda dose: dose.start)


def is_given(view: SentenceView, dose: Mention) -> bool:
    """Whether an amount is part of a treatment rather than a finding or a limit."""
    before, after = view.between(view.start, dose.start), view.between(dose.end, view.end)
    if _LIMIT_BEFORE.search(before[-40:]) or _LIMIT_AFTER.match(after):
        return False
    if (dose.dose and dose.dose.sd is not None) or _MORE_UNIT.match(after):
        return False
    if _TOTALS.search(view.text) and view.section is not Section.METHODS:
        return False
    if view.section in (Section.RESULTS, Section.CONCLUSION) and not _GIVING.search(view.text):
        return False
    finding = _FINDING.search(before)
    return not (finding and _DOSE_WORD.search(before[finding.start() :]) and view.section is not Section.CASE)


def drug_uses(view: SentenceView, drug: DrugHit, pairing: Pairing) -> list[DrugUse]:
    """The uses of one drug mention: one per dose, or one without a dose."""
    target = next(iter(pairing.targets.get(drug.start, [])), None)
    quote = Quote(view.passage, view.start, view.end, view.text)
    uses = []
    doses: list[Mention | None] = [*pairing.doses.get(drug.start, [])]
    for dose in doses or [None]:
        start, end = _scope(view, drug, dose)
        uses.append(
            DrugUse(
                drug.name,
                drug.concept_id,
                dose=_payload(dose),
                target=_payload(target),
                frequency=(dose.dose.frequency if dose and dose.dose else None)
                or _near(view, Label.FREQUENCY, start, end),
                route=_near(view, Label.ROUTE, start, end),
                duration=_near(view, Label.DURATION, start, end),
                quote=quote,
            )
        )
    return uses


def _payload(mention: Mention | None) -> Dose | None:
    return None if mention is None else (mention.dose or Dose(mention.text))


def _scope(view: SentenceView, drug: DrugHit, dose: Mention | None) -> tuple[int, int]:
    """The stretch around a drug and its dose in which schedule words are its own: up to the neighbouring drugs."""
    low = min(drug.start, dose.start) if dose else drug.start
    high = max(drug.end, dose.end) if dose else drug.end
    before = [other.end for other in view.drugs if other.end <= low]
    after = [other.start for other in view.drugs if other.start >= high]
    return max([view.start, low - 25, *before]), min([view.end, high + 60, *after])


def _near(view: SentenceView, label: Label, start: int, end: int) -> str | None:
    found = [mention for mention in view.of(label) if start <= mention.start and mention.end <= end]
    return re.sub(r"\s+", " ", found[0].text) if found else None


def add_regimens(
    arms: tuple[Arm, ...],
    views: Iterable[SentenceView],
    resolver: ArmResolver,
    owned: dict[tuple[int, int], tuple[str, ...]],
) -> tuple[Arm, ...]:
    """Arms with doses and schedules from the paper's own sentences.

    `owned` says which arms a drug mention (passage, start) of an allocation sentence belongs to.
    """
    uses: dict[str, list[DrugUse]] = {arm.arm_id: list(arm.drugs) for arm in arms}
    by_id = {arm.arm_id: arm for arm in arms}
    levels = {arm.arm_id for arm in arms if dose_kin(arm, arms)}
    for view in views:
        if not view.drugs:
            continue
        pairing = Pairing(view)
        everyone = EVERYONE.search(view.text)
        for drug in view.drugs:
            if drug.use not in ("given", "stopped"):
                continue
            new = drug_uses(view, drug, pairing)
            if not any(use.dose or use.target or use.duration or use.frequency or use.route for use in new):
                continue
            for arm_id in _arms_of(view, drug, by_id, resolver, owned, everyone is not None):
                new_to = [use for use in new if arm_id not in levels or _is_level(use, uses[arm_id])]
                names_it = any(use.drug == drug.name for use in uses[arm_id])
                uses[arm_id] = _merged(uses[arm_id], new_to, names_it=names_it)
    return tuple(replace(arm, drugs=tuple(uses[arm.arm_id])) for arm in arms)


def dose_kin(arm: Arm, arms: Iterable[Arm]) -> list[Arm]:
    """The other arms that differ from `arm` by the dose of a drug alone."""
    amounts = {(use.drug, _amount(use.dose)) for use in arm.drugs if use.dose}
    return [
        other
        for other in arms
        if other is not arm
        and other.drug_names == arm.drug_names
        and amounts
        and not amounts & {(use.drug, _amount(use.dose)) for use in other.drugs if use.dose}
        and any(use.dose for use in other.drugs)
    ]


def _is_level(new: DrugUse, old: list[DrugUse]) -> bool:
    """Whether an arm of one dose of a drug may take what is told here: not another dose of it."""
    return not any(one.drug == new.drug and one.dose is not None and not _fits(one, new) for one in old)


def _arms_of(
    view: SentenceView,
    drug: DrugHit,
    arms: dict[str, Arm],
    resolver: ArmResolver,
    owned: dict[tuple[int, int], tuple[str, ...]],
    everyone: bool,
) -> list[str]:
    if (view.passage, drug.start) in owned:
        return list(owned[view.passage, drug.start])
    having = [arm_id for arm_id, arm in arms.items() if drug.name in arm.drug_names]
    if everyone:
        return having
    named = [hit for hit in resolver.arms_in(view.passage, view.start, drug.start) if hit.arm_id in having]
    if named and len(having) > 1:
        last = named[-1]
        return [hit.arm_id for hit in named if (hit.start, hit.end) == (last.start, last.end)]
    return having


def _merged(old: list[DrugUse], new: list[DrugUse], *, names_it: bool) -> list[DrugUse]:
    """Fill what is unknown; a second, different dose of the drug becomes a second use."""
    if not names_it:
        return old
    merged = list(old)
    for use in new:
        same = [number for number, other in enumerate(merged) if other.drug == use.drug]
        fitting = [number for number in same if _fits(merged[number], use)]
        if fitting:
            merged[fitting[0]] = _filled(merged[fitting[0]], use)
        elif use.dose is not None:
            merged.insert(same[-1] + 1 if same else len(merged), use)
    return merged


def _fits(old: DrugUse, new: DrugUse) -> bool:
    if old.dose is None or new.dose is None:
        return True
    return _amount(old.dose) == _amount(new.dose) or _is_drops(old.dose) or _is_drops(new.dose)


def _is_drops(dose: Dose) -> bool:
    """ "one drop": how much of a solution, whose strength is the dose where it is told."""
    return "drop" in dose.text.lower()


def _amount(dose: Dose) -> tuple[object, ...]:
    return (
        (dose.value, dose.low, dose.high) if (dose.value, dose.low, dose.high) != (None, None, None) else (dose.text,)
    )


def _filled(old: DrugUse, new: DrugUse) -> DrugUse:
    return replace(
        old,
        dose=new.dose if old.dose and new.dose and _is_drops(old.dose) else old.dose or new.dose,
        target=old.target or new.target,
        frequency=old.frequency or new.frequency,
        route=old.route or new.route,
        duration=old.duration or new.duration,
        quote=(new.quote if old.dose is None and new.dose is not None else old.quote) or new.quote,
    )
