"""The group that got nothing: found where results are told of it, and pointed to by the drug it did not get.

Place in the flow: asked by `arms.py` when its arms are drafted, and by `arm_reference.py` for "those without A".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document import Part, Section
from pipeline.evidence import Arm
from pipeline.relate.view import DrugHit, SentenceView
from pipeline.tag.people import PEOPLE

NAME = "untreated"
CONTROLS = "controls"
_PEOPLE = rf"(?:{PEOPLE}|rats|mice|animals|controls?|groups?|eyes)"
_UNTREATED = re.compile(rf"\b(?:untreated|non-?treated)\s(?:[\w-]+\s)?{_PEOPLE}\b", re.IGNORECASE)
_CONTROLS = re.compile(
    r"\b(?:than|compared (?:with|to)|versus|vs\.?)\s(?:that\s|those\s)?(?:(?:in|of|for)\s)?"
    r"(?:the\s|healthy\s|normal\s)*(?:vehicle(?:-treated)?|saline(?:-treated)?|controls?)\b(?!-\w)"
    r"|\b(?:vehicle|saline|control)(?:-treated)? (?:rats|mice|animals)\b",
    re.IGNORECASE,
)
_CONTRASTS = re.compile(
    r"\b(?:than|compared (?:with|to)|comparison (?:with|to)|versus|vs\.?|whereas|unlike)\b|\bp\s?[<=>]", re.IGNORECASE
)
# "65 had no A", "the other 40 did not receive A": before the drug's name.
_WITHHELD = re.compile(
    r"\b(?:ha[ds] no|received no|without|(?:not|never) (?:taking|take|on|receiv\w+|given|treated with))\s"
    r"(?:[\w-]+\s)?\Z|\bnon-?\Z",
    re.IGNORECASE,
)
_TOLD_IN = (Section.RESULTS, Section.CONCLUSION, None)


def untreated_group(own: Sequence[SentenceView]) -> SentenceView | None:
    """The first sentence that sets untreated subjects against others; a passing word makes no arm."""
    return next(
        (
            view
            for view in own
            if view.part is not Part.TITLE
            and view.section in _TOLD_IN
            and _UNTREATED.search(view.text)
            and _CONTRASTS.search(view.text)
        ),
        None,
    )


def control_group(own: Sequence[SentenceView]) -> SentenceView | None:
    """The first sentence that sets controls or subjects on the bare vehicle against others."""
    return next(
        (one for one in own if one.part is not Part.TITLE and one.section in _TOLD_IN and _CONTROLS.search(one.text)),
        None,
    )


def is_withheld(view: SentenceView, drug: DrugHit) -> bool:
    """Whether the sentence says in so many words that somebody did not get the drug."""
    return drug.use == "absent" and bool(_WITHHELD.search(view.between(view.start, drug.start)))


def arms_without(compared: Sequence[Arm], names: set[str]) -> tuple[str, ...]:
    """The one arm that did not get drugs which another arm got; () if none or several did not."""
    if not any(names & set(arm.drug_names) for arm in compared):
        return ()
    lacking = [arm.arm_id for arm in compared if not names & set(arm.drug_names)]
    return tuple(lacking) if len(lacking) == 1 else ()
