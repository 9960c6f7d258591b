"""Composite end points are one outcome: "the composite of end-stage renal disease, stroke or death".

Place in the flow: the last step of `outcome_of.candidates`; the parts alone were not what was counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.relate.outcome_of import Outcome
    from pipeline.relate.view import SentenceView

_COMPOSITE = re.compile(
    r"\bcomposite\s(?:(?!of\b)[\w-]+\s){0,4}?of\s(?=[^.;()]*?(?:,|\sor\s|\sand\s))[^;()]{3,240}?"
    r"(?=\s?[;()]|\.(?:\s|\Z)|\Z"
    r"|,?\s(?:was|were|is|are|did|had|has|occurred|fell|rose|between|compared|than|versus|on|among|after|during|by|with\s(?!and\b))\b)",
    re.IGNORECASE,
)


def is_composite(text: str) -> bool:
    """Whether the words name a composite end point by its parts."""
    return _COMPOSITE.match(text) is not None


def in_composite(options: Sequence[Outcome], place: int) -> bool:
    """Whether a place of the text lies in the name of a composite: its "doubling" and "decline" are no direction."""
    return any(one.start <= place < one.end and is_composite(one.text) for one in options)


def with_composites(view: SentenceView, options: Sequence[Outcome]) -> list[Outcome]:
    """The candidates of a sentence; what stands inside a composite is replaced by the whole."""
    kept = list(options)
    for match in _COMPOSITE.finditer(view.text):
        start, end = view.start + match.start(), view.start + match.end()
        inside = [one for one in kept if start < one.end and one.start < end]
        if inside:
            text = " ".join(match[0].split())
            whole = replace(inside[0], text=text, start=start, end=end, concept=None, cost=0.0, kind="outcome")
            kept = [one for one in kept if one not in inside] + [whole]
    return sorted(kept, key=lambda one: one.start)
