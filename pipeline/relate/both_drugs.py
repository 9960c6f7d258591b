"""The side that gets the drugs of all others: "A, B or both", "A, B or their combination".

Place in the flow: asked by `allocation.py` for a row of drugs that such words follow.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.relate.view import DrugHit, SentenceView, without_brackets

_BOTH = re.compile(
    r"^(?:[\s,;]|\b(?:alone|daily|once|twice|monotherapy)\b)*\b(?:or|and|versus|vs\.?)\s(?:to\s|a\s|the\s|their\s)?"
    r"(?:both(?: drugs| agents| in combination)?|combination(?: of (?:both|the two|these two)(?: drugs| agents)?)?"
    r"|combined (?:treatment|therapy))(?=[\s,.;:()]|\Z)(?!\s(?:groups?|arms?|of|with|doses?)\b)",
    re.IGNORECASE,
)


def both_drugs(view: SentenceView, items: list[DrugHit]) -> tuple[DrugHit, ...]:
    """The drugs of a row of two at the words behind it that give both to one side; () if there are none.

    They stand at those words, so that no dose goes with them: "both" may be at other doses.
    """
    if len({item.name for item in items} - {"placebo", ""}) != 2 or len(items) != 2:
        return ()
    low = items[-1].end
    match = _BOTH.match(without_brackets(view.between(low, view.end)))
    return tuple(replace(item, start=low, end=low + match.end()) for item in items) if match else ()
