"""Which drug a dose belongs to, within one sentence.

Place in the flow: used by `regimens.py` (doses of arms) and measured on the ADE corpus by `evidence evaluate ade-dose`.

Every dose chooses the drug with the least cost; the cost grows with the words, other drugs and clause borders between
the two, and falls where a pattern ties them ("20 mg of enalapril", "enalapril (20 mg", "enalapril at a dose of 20 mg").
"A and B (10 and 20 mg, respectively)" is dealt out in order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.relate.view import without_brackets


class Extent(NamedTuple):
    """Where a drug or a dose stands in the sentence's text."""

    start: int
    end: int


class Pair(NamedTuple):
    """`dose` and `drug` are indices into the lists given to `pair_doses`; less `cost` is surer."""

    dose: int
    drug: int
    cost: float


_BEFORE_DRUG = re.compile(  # dose … drug: "20 mg of enalapril", "200 mg intravenous dose of lorcainide"
    r"^[\s-]*(?:\(?(?:of|a|an|the|daily|weekly|monthly|per|day|d|week|i\.?v\.?|intravenous|oral|orally|infusions?"
    r"|injections?|bolus|doses?|single|total|"
    r"once|twice|three|times|every|body|weight|extended-release|subcutaneous|topical|tablets?|capsules?|treatment"
    r"|with|pulses?|"
    r"intra\w+|low|high|either|active|mg|kg|square|meter|\d+|weeks?|months?|for|/)\)?[\s-]*){0,7}$",
    re.IGNORECASE,
)
_AFTER_DRUG = re.compile(  # drug … dose: "enalapril, at a dose of 20 mg", "enalapril was started at 20 mg"
    r"^[\s,:(\[-]*(?:\([^()]*\)[\s,]*)?(?:(?:therapy|treatment|tablets?|capsules?|infusions?|injections?"
    r"|administration|regimen|at|in|a|an|the|was|were|is|"
    r"doses?|dosage|dosing|daily|of|up|to|started|given|administered|initial|starting|maintenance|total|mean|fixed"
    r"|once|twice|"
    r"hydrochloride|hcl|hydrochlorothiazide|sodium|oral|orally|intravenous|intravenously|i\.?v\.?|subcutaneous|from"
    r"|increased|between|ranging|"
    r"increasing|titrated|only|long-term|low|single|group|arm|ophthalmic|solution|suspension|eye|drops?|gel"
    r"|ointment|with|n|=|\d+|patients|loading|bolus|[,:(;\[+=])[\s,:(\[-]*){0,9}$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r";|\.\s|\b(?:but|while|whereas|although|because|then|versus|vs\.?|compared|or|followed by|who"
    r"|which|developed|received|receiving)\b",
    re.IGNORECASE,
)
_WEAK_CLAUSE = re.compile(r",|\b(?:and|plus|with)\b", re.IGNORECASE)
_LIMIT = 12.0


def pair_doses(text: str, drugs: Sequence[Extent], doses: Sequence[Extent]) -> list[Pair]:
    """One pair per dose that has a drug near enough, in dose order."""
    if not drugs or not doses:
        return []
    in_order = _respectively(text, drugs, doses)
    pairs = []
    for index in range(len(doses)):
        if index in in_order:
            pairs += [Pair(index, drug, 1.0) for drug in in_order[index]]
            continue
        costs = [(_cost(text, drugs, doses, index, number), number) for number in range(len(drugs))]
        if costs and (
            (best := min(costs))[0] < _LIMIT or (len(costs) == 1 and not _is_aside(text, doses[index], drugs[0]))
        ):
            pairs.append(Pair(index, best[1], best[0]))
    return pairs


def _cost(text: str, drugs: Sequence[Extent], doses: Sequence[Extent], dose_index: int, drug_index: int) -> float:
    dose, drug = doses[dose_index], drugs[drug_index]
    if drug.start < dose.end and dose.start < drug.end:
        return 0.5  # "Intralipid 20%" tagged as one
    after = drug.end <= dose.start
    gap = text[drug.end : dose.start] if after else text[dose.end : drug.start]
    low, high = (drug.end, dose.start) if after else (dose.end, drug.start)
    others = sum(1 for other in drugs if low <= other.start and other.end <= high)
    more_doses = sum(1 for other in doses if low <= other.start and other.end <= high)
    plain = without_brackets(gap)
    cost = 2.0 + len(plain.split()) * 0.5 + others * 2.5 + more_doses * 0.6
    cost += 4.0 * len(_CLAUSE.findall(plain)) + 0.8 * len(_WEAK_CLAUSE.findall(plain))
    if after:
        cost -= 2.5 if _AFTER_DRUG.match(gap) else 0.0
    else:
        cost += 1.0 - (3.2 if _BEFORE_DRUG.match(gap) else 0.0)
        cost += 8.0 if _is_aside(text, dose, drug) else 0.0
    return cost


def _is_aside(text: str, dose: Extent, drug: Extent) -> bool:
    """The dose stands in a bracket that closes before the drug: it comments on what stands before it."""
    opened = text.rfind("(", 0, dose.start)
    inside = opened >= 0 and ")" not in text[opened : dose.start]
    return inside and dose.end <= drug.start and ")" in text[dose.end : drug.start]


def _respectively(text: str, drugs: Sequence[Extent], doses: Sequence[Extent]) -> dict[int, list[int]]:
    """Doses of a list that "respectively" deals out to a list of as many drugs before it."""
    word = re.search(r"\brespectively\b", text, re.IGNORECASE)
    if not word or len(doses) < 2:
        return {}
    listed = [index for index, dose in enumerate(doses) if dose.end <= word.start()]
    run = listed[-1:]
    while len(run) < len(listed) and re.fullmatch(
        r"[\s,]*(?:and|or|/|,)?[\s,]*(?:\w+\s){0,3}", text[doses[run[0] - 1].end : doses[run[0]].start]
    ):
        run.insert(0, run[0] - 1)
    before = [index for index, drug in enumerate(drugs) if drug.end <= doses[run[0]].start] if run else []
    if len(run) < 2 or len(before) < len(run):
        return {}
    return {dose: [drug] for dose, drug in zip(run, before[-len(run) :], strict=True)}
