"""Short forms of an arm that the paper prints behind the arm's drugs: "brinzolamide/timolol (BT)".

Place in the flow: called by `arms.py` before names are looked up; adds to the arms' aliases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from pipeline.evidence import Arm
from pipeline.relate.view import DrugHit, SentenceView

_SHORT = re.compile(
    r"(?:\s+(?:fixed[- ]?(?:dose[- ])?combination|combination|combined|therapy|treatment|regimen|group|arm|alone)){0,2}"
    r"\s*[(\[](?P<short>[A-Z][A-Za-z0-9]{0,5}(?:\s?[+/-]\s?[A-Za-z0-9]{1,6})?)(?:[)\];,]|\s+(?:group|arm)\b)"
)
_JOINED = re.compile(r"\s*(?:/|\+|-|plus|and|with|in combination with|combined with)\s*", re.IGNORECASE)


def with_short_names(arms: tuple[Arm, ...], views: Iterable[SentenceView]) -> tuple[Arm, ...]:
    """Arms with the short forms that stand behind exactly their drugs, where one arm alone fits."""
    taken = {alias for arm in arms for alias in (arm.name, *arm.aliases)}
    found: dict[str, set[str]] = {}
    common = frozenset.intersection(*(frozenset(arm.drug_names) for arm in arms)) if len(arms) > 1 else frozenset()
    for names, short in (pair for view in views for pair in _short_forms(view)):
        fitting = [arm for arm in arms if names in (frozenset(arm.drug_names), frozenset(arm.drug_names) - common)]
        if len(fitting) == 1 and short not in taken:
            found.setdefault(short, set()).add(fitting[0].arm_id)
    return tuple(
        replace(arm, aliases=(*arm.aliases, *sorted(short for short, ids in found.items() if ids == {arm.arm_id})))
        for arm in arms
    )


def _short_forms(view: SentenceView) -> Iterator[tuple[frozenset[str], str]]:
    for group in joined_hits(view):
        if len(group) > 1 and (match := _SHORT.match(view.between(group[-1].end, view.end))):
            yield frozenset(drug.name for drug in group), re.sub(r"\s+", " ", match["short"])


def joined_hits(view: SentenceView) -> list[list[DrugHit]]:
    """Drugs of a sentence in runs that only "/", "+", "and", "plus" or "with" join."""
    groups = [[drug] for drug in view.drugs[:1]]
    for first, second in pairwise(view.drugs):
        if _JOINED.fullmatch(view.between(first.end, second.start)):
            groups[-1].append(second)
        else:
            groups.append([second])
    return groups
