"""Assertion: which stretches of a sentence are negated or hypothetical, after ConText (Harkema et al. 2009).

Place in the flow: a component that writes the scopes `doc.spans["NEGATED"]` and `doc.spans["HYPOTHETICAL"]`;
`convert.py` gives a mention inside a scope its status.
"""

from __future__ import annotations


def find_scopes(sentence: str) -> list[tuple[str, int, int]]:
    """`(status, start, end)` of each negated or hypothetical stretch of a sentence."""
    return []
