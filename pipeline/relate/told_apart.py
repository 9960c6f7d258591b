"""Drugs that a sentence tells apart by its results: a group named after each, or a value to each.

Place in the flow: asked by `allocation.py`, which reads "A and B" as two sides where the paper opposes them elsewhere.
"""

from __future__ import annotations

import re
from itertools import combinations

from pipeline.evidence import Label, Mention
from pipeline.relate.view import DrugHit, SentenceView, without_brackets

_VALUE_OF = re.compile(
    r"\s*(?:groups?|treatment|therapy|recipients|patients)?\s*(?:was|were|:|=|by)?\s*[(\[]?\s*", re.IGNORECASE
)
_VALUE_IN = re.compile(
    r"[\s,]*(?:patients\s|recipients\s)?(?:in|with|on|for|during|after|under)\s(?:the\s|patients\s|those\s|receiving\s|on\s"
    r"|treated\s|with\s)*",
    re.IGNORECASE,
)
# "the control group, treated with |A, B and placebo": one group's drugs.
_ONE_GROUP = re.compile(
    r"\b(?:group|arm)\b[^.;]{0,30}\b(?:treated with|receiv\w+|consum\w+|(?:was|were) given|took)\s(?:[\w-]+\s){0,2}\Z",
    re.IGNORECASE,
)


def told_apart(view: SentenceView) -> set[frozenset[str]]:
    """Pairs of drug names that one sentence tells apart."""
    return _named_groups(view) | _values_of_each(view)


def _named_groups(view: SentenceView) -> set[frozenset[str]]:
    """ "… in the A group and … in the B group": A against B."""
    groups = [mention for mention in view.of(Label.ARM) if re.search(r"(?:group|arm)\Z", mention.text)]
    inside = [{drug.name for drug in view.drugs if arm.start <= drug.start < arm.end} for arm in groups]
    return {
        one | other
        for one, other in combinations([frozenset(names) for names in inside if len(names) == 1], 2)
        if one != other
    }


def _values_of_each(view: SentenceView) -> set[frozenset[str]]:
    """ "with A was 464 …, with B: 477", "12 % with A and 15 % with B": a value to each drug."""
    values = [
        one for one in view.of(Label.STATISTIC)
        if one.statistic and one.statistic.kind in ("value", "proportion")
        and (one.statistic.sd is not None or not _is_dose(view, one))
    ]  # fmt: skip
    pairs = set()
    for found in (_value_behind, _value_ahead):
        told = {one.start: drug.name for drug in view.given if (one := found(view, drug, values)) is not None}
        pairs |= {frozenset(pair) for pair in combinations(set(told.values()) - {"placebo"}, 2)}
    return pairs


def _is_dose(view: SentenceView, number: Mention) -> bool:
    return any(dose.start < number.end and number.start < dose.end for dose in view.of(Label.DOSE))


def _value_behind(view: SentenceView, drug: DrugHit, values: list[Mention]) -> Mention | None:
    """ "A was 464", "A: 477", "A (12 %": the value told of a drug behind its name."""
    after = next((one for one in values if one.start >= drug.end), None)
    return after if after and _VALUE_OF.fullmatch(view.between(drug.end, after.start)) else None


def _value_ahead(view: SentenceView, drug: DrugHit, values: list[Mention]) -> Mention | None:
    """ "12 % (P = 0.01) with A", "5 of 20 in the A group": the value told of a drug before its name."""
    before = next((one for one in reversed(values) if one.end <= drug.start), None)
    return before if before and _VALUE_IN.fullmatch(without_brackets(view.between(before.end, drug.start))) else None


def is_one_groups(view: SentenceView, first: DrugHit, final: DrugHit, last: re.Match[str]) -> bool:
    """ "the control group, treated with A, B and placebo": what one group got together."""
    if last.group(1).lower() == "or":
        return False
    before, after = view.between(view.start, first.start), view.between(final.end, view.end)
    return _ONE_GROUP.search(before) is not None or re.match(r"\s(?:group|arm)\b", after) is not None
