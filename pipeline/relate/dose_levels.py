"""Which of several arms of one drug a name with an amount means: "50 mg", "the 10 mg twice daily group".

Place in the flow: asked by `arm_reference.py` where the drug alone names several arms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.evidence import Arm

_AFTER, _BEFORE = 16, 14
_UNIT = r"(?:\s?-?(?:mg|g|[µμ]g|mcg|ng|IU|U|units|%)|\s?(?:,|and|or|/|to|–|-)\s?\d[\d.]*\s?-?(?:mg|g|[µμ]g|mcg|IU))"


def arms_of_dose(arms: Sequence[Arm], text: str, start: int, end: int) -> tuple[str, ...]:
    """Of arms that differ by dose, those whose dose stands in the name at `start:end` of `text` or next to it.

    All of them if no dose stands there.
    """
    near = text[max(0, start - _BEFORE) : start], text[start:end], text[end : end + _AFTER]
    for window in (near[1] + near[2].split(",")[0], near[0]):
        found = [arm.arm_id for arm in arms if _prints(arm, window)]
        if found:
            return tuple(found)
    return tuple(arm.arm_id for arm in arms)


def _prints(arm: Arm, window: str) -> bool:
    dose = next((use.dose for use in arm.drugs if use.dose is not None), None)
    if dose is None or dose.value is None:
        return False
    return re.search(rf"(?<![\d.,]){re.escape(f'{dose.value:g}')}{_UNIT}", window.replace("\u00b7", ".")) is not None
