"""The side that gets the drugs of all others: "A, B or both", "A, B or their combination".

Place in the flow: asked by `allocation.py` for a row of drugs that such words follow.
"""

from __future__ import annotations

import re

from pipeline.relate.view import DrugHit, SentenceView, without_brackets

_BOTH = re.compile(
    r"^(?:[\s,;]|\b(?:alone|daily|once|twice|monotherapy)\b)*\b(?:or|and|versus|vs\.?)\s(?:to\s|a\s|the\s|their\s)?"
    r"(?:both(?: drugs| agents| in combination)?|combination(?: of (?:both|the two|these two)(?: drugs| agents)?)?"
    r"|combined (?:treatment|therapy))(?=[\s,.;:()]|\Z)(?!\s(?:groups?|arms?|of|with|doses?)\b)",
    re.IGNORECASE,
)


def names_both(view: SentenceView, items: list[DrugHit]) -> tuple[int, int] | None:
    """Where the words for all drugs of a row of two stand behind it (passage offsets); None if they do not."""
    if len({item.name for item in items} - {"placebo", ""}) != 2 or len(items) != 2:
        return None
    low = items[-1].end
    match = _BOTH.match(without_brackets(view.between(low, view.end)))
    return (low + match.start(), low + match.end()) if match else None
