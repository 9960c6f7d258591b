"""Pairs of numbers under a head of two groups: "(diet vs diet and drug: GFR, 56 vs 58; weight, 81 vs 83)".

Place in the flow: asked by `arm_of.py`; the head's order holds for every pair of its bracket.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.relate.findings import Finding
from pipeline.relate.unread_groups import Named
from pipeline.relate.view import SentenceView

_HEAD = re.compile(
    r"[(\[](?P<a>[^()\[\]:;,\d]{1,40}?)\s(?:vs\.?|versus)\s(?P<b>[^()\[\]:;,\d]{1,40}?)\s?[:,]\s(?=[^()]*\d)",
    re.IGNORECASE,
)
_VERSUS = re.compile(r"[^;:]{0,15}\s(?:vs\.?|versus)\s", re.IGNORECASE)
_GENERAL = re.compile(r"\b(?:the|in|groups?|arms?|therapy|treatment|treated|patients?|alone)\b|[^\w+-]+", re.IGNORECASE)


def headed(view: SentenceView, findings: Sequence[Finding], hits: Sequence[Named]) -> dict[int, str | None]:
    """The arm of each finding under such a head, None where the head's names are not known."""
    found: dict[int, str | None] = {}
    for match in _HEAD.finditer(view.text):
        close = re.search(r"[)\]](?!\s?[\d±])", view.text[match.end() :])
        end = view.start + match.end() + (close.start() if close else len(view.text))
        inside = [i for i, one in enumerate(findings) if view.start + match.end() <= one.start < end]
        sides = [_arm_of(view, (view.start + match.start(n), view.start + match.end(n)), hits) for n in ("a", "b")]
        if len(set(sides)) == 1:
            sides = [None, None]
        for first, second in pairwise(inside):
            if first not in found and _VERSUS.fullmatch(view.between(findings[first].end, findings[second].start)):
                found[first], found[second] = sides
    return found


def _arm_of(view: SentenceView, span: tuple[int, int], hits: Sequence[Named]) -> str | None:
    """The one arm named in the span, or by the same words elsewhere in the sentence."""
    name = _core(view.between(*span))
    same = {hit.arm_ids for hit in hits if _core(view.between(hit.start, hit.end)) == name}
    inside = same or {hit.arm_ids for hit in hits if span[0] <= hit.start and hit.end <= span[1]}
    arms = next(iter(inside)) if len(inside) == 1 else ()
    return arms[0] if len(arms) == 1 else None


def _core(name: str) -> str:
    return " ".join(_GENERAL.sub(" ", name.lower()).split())
