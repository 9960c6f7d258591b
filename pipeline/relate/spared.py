"""Sides and outcomes that a sentence excepts: "A, but not B, lowered X", "X fell but not Y".

Place in the flow: asked by `comparisons.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.evidence import Comparison, Direction
from pipeline.relate.coordinated import completed
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.placed import Named
from pipeline.relate.view import SentenceView
from pipeline.tag.people import PEOPLE

_BUT_NOT = re.compile(
    rf"\bbut not\s(?:(?:in|with|by|after|during|for|of|on|the|those|{PEOPLE}"
    r"|rats|given|receiving|taking|treated|randomi[sz]ed|assigned|to|who|received|group)\s)*\Z",
    re.IGNORECASE,
)
_BUT_NOT_IT = re.compile(r"\bbut not\s(?:(?:the|its|in|mean|on|of)\s)*\Z", re.IGNORECASE)
# What is excepted between two commas: "A, but not B and C, improved".
_BETWEEN = re.compile(
    r",\sbut not\s[^,;]{3,90}(?=,\s(?:also\s|\w+ly\s)*"
    r"(?:was|were|is|are|had|showed|improved|decreased|increased|fell|rose|declined|differed)\b)",
    re.IGNORECASE,
)
_LEAD = 40  # characters ahead of an outcome where its list may begin


def spared_arms(view: SentenceView, hits: Sequence[Named]) -> list[Named]:
    """The names of arms that stand behind "but not"."""
    found = [hit for hit in hits if _BUT_NOT.search(view.between(view.start, hit.start))]
    return found if len(found) < len(hits) else []


def spared_outcomes(view: SentenceView, options: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes that stand behind "but not", and those that are listed with them between two commas."""
    behind = [
        one for one in options if one.kind == "outcome" and _BUT_NOT_IT.search(view.between(view.start, one.start))
    ]
    between = [one for one in options if is_spared(view, one)]
    listed = completed(view, (between[0].start - _LEAD, between[-1].end + 1), between, options) if between else []
    return behind + [one for one in listed if one not in behind]


def is_spared(view: SentenceView, one: Outcome) -> bool:
    """ "A and B, but not C and D, improved": whether the outcome stands in what is excepted between two commas."""
    return any(
        view.start + match.start() <= one.start < view.start + match.end() for match in _BETWEEN.finditer(view.text)
    )


def with_spared(rows: Sequence[Comparison], spared: Sequence[Named], outcomes: Sequence[Outcome]) -> list[Comparison]:
    """The rows of a sentence, and what did not happen: to the arms that it excepts, and the outcomes."""
    found = list(rows)
    moved = [row for row in rows if row.direction in (Direction.INCREASED, Direction.DECREASED)]
    for one in outcomes:
        if moved and all(row.outcome != one.text for row in rows):
            found.append(replace(_unmoved(moved[-1]), outcome=one.text, outcome_concept=one.concept))
    for arm_id in dict.fromkeys(hit.arm_ids[0] for hit in spared if len(hit.arm_ids) == 1):
        told = {row.outcome for row in rows if arm_id in (row.arm_a, row.arm_b)}
        for row in moved:
            if row.outcome not in told:
                told.add(row.outcome)
                found.append(replace(_unmoved(row), arm_a=arm_id))
    return found


def _unmoved(row: Comparison) -> Comparison:
    bare = replace(row, direction=Direction.NO_DIFFERENCE, effect_measure=None, effect=None, ci_low=None, ci_high=None)
    return replace(bare, p_operator=None, p_value=None)
