"""Which of several arms of one drug a dose or a length means: "50 mg", "the 10 mg twice daily group", "for 8 weeks".

Place in the flow: asked by `arm_reference.py` where the drug alone names several arms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.evidence import Arm, Label, Mention
from pipeline.relate.numbers import COUNT, to_int
from pipeline.relate.view import SentenceView

ALL_DOSES = ", all doses"  # ends the name of the arm of all doses of one drug together
_AFTER, _BEFORE = 16, 14
_BEHIND = re.compile(r"\s?(?:at\s|of\s|\()?")
_AHEAD = re.compile(r"\s(?:of\s)?")
_LISTED = re.compile(r"\)?(?:\s?,\s?(?:and\s|or\s)?|\s(?:and|or|vs\.?|versus|than|compared with)\s(?:the\s)?)")
_GROUP = re.compile(r"[\s-](?:groups?|arms?|dose|cohort|regimen|recipients)\b", re.IGNORECASE)
_SPAN = rf"{COUNT}[\s-](?:week|month|day|year)s?"
_LENGTH = re.compile(rf"(?P<n>{COUNT})[\s-](?P<unit>week|month|day|year)", re.IGNORECASE)
_LENGTH_NAMED = re.compile(
    rf"(?<=\bfor\s){_SPAN}\b|\b{_SPAN}(?=[\s-](?:groups?|arms?|courses?|regimens?)\b)", re.IGNORECASE
)
_UNIT = r"(?:\s?-?(?:mg|g|[µμ]g|mcg|ng|IU|U|units|%)|\s?(?:,|and|or|/|to|–|-)\s?\d[\d.]*\s?-?(?:mg|g|[µμ]g|mcg|IU))"


def arms_of_dose(arms: Sequence[Arm], text: str, start: int, end: int) -> tuple[str, ...]:
    """Of arms that differ by dose, those whose dose stands in the name at `start:end` of `text` or next to it.

    () if no dose stands there.
    """
    near = text[max(0, start - _BEFORE) : start], text[start:end], text[end : end + _AFTER]
    for window in (near[1] + near[2].split(",")[0], near[0]):
        found = [arm.arm_id for arm in arms if _prints(arm, window)]
        if found:
            return tuple(found)
    return ()


def _prints(arm: Arm, window: str) -> bool:
    dose = next((use.dose for use in arm.drugs if use.dose is not None), None)
    if dose is None or dose.value is None:
        return False
    return re.search(rf"(?<![\d.,]){re.escape(f'{dose.value:g}')}{_UNIT}", window.replace("\u00b7", ".")) is not None


def named_by_dose(compared: Sequence[Arm], view: SentenceView) -> list[tuple[str, int, int]]:
    """Arms that an amount alone names: "the 50-mg group", "A 50 mg, |100 mg| and placebo"; (arm, start, end)."""
    levels = [arm for arm in compared if sum(other.drug_names == arm.drug_names for other in compared) > 1]
    told = [(mention, _level_of(levels, mention)) for mention in view.of(Label.DOSE)] if levels else []
    runs: list[list[tuple[Mention, str]]] = []
    for mention, arm_id in told:
        if arm_id is not None and runs and _LISTED.fullmatch(view.between(runs[-1][-1][0].end, mention.start)):
            runs[-1].append((mention, arm_id))
        elif arm_id is not None:
            runs.append([(mention, arm_id)])
    found: list[tuple[str, int, int]] = []
    for run in runs:
        first, last = run[0][0], run[-1][0]
        ends = [drug.end for drug in view.drugs if drug.end <= first.start]
        behind = any(_BEHIND.fullmatch(view.between(end, first.start)) for end in ends)
        ahead = any(_AHEAD.fullmatch(view.between(last.end, drug.start)) for drug in view.drugs)
        if behind or ahead or _GROUP.match(view.between(last.end, view.end)):
            found += [(arm_id, mention.start, mention.end) for mention, arm_id in run[behind:]]
    return found


def _level_of(levels: Sequence[Arm], mention: Mention) -> str | None:
    """The one arm whose dose is that of the mention."""
    arms = [arm.arm_id for arm in levels if _is_of(arm, mention)]
    return arms[0] if len(arms) == 1 else None


def _is_of(arm: Arm, mention: Mention) -> bool:
    dose = next((use.dose for use in arm.drugs if use.dose is not None), None)
    if dose is None or mention.dose is None or mention.dose.value is None:
        return False
    units = (dose.unit or "").split("/"), (mention.dose.unit or "").split("/")
    return dose.value == mention.dose.value and units[0][0] == units[1][0]


def named_by_length(compared: Sequence[Arm], view: SentenceView) -> list[tuple[str, int, int]]:
    """Arms that the length of treatment names: "treated for eight weeks", "the 12-week course"; (arm, start, end)."""
    lengths = {arm.arm_id: _length(use.duration) for arm in compared for use in arm.drugs[:1] if use.duration}
    drugs = {arm.drug_names for arm in compared}
    if len(lengths) < 2 or len(drugs) != 1 or len(set(lengths.values())) != len(compared):
        return []
    return [
        (arm_id, view.start + match.start(), view.start + match.end())
        for match in _LENGTH_NAMED.finditer(view.text)
        for arm_id, length in lengths.items()
        if length is not None and length == _length(match.group())
    ]


def _length(text: str) -> tuple[int, str] | None:
    """ "eight weeks", "8-week": 8 weeks."""
    match = _LENGTH.match(text)
    count = to_int(match["n"]) if match else None
    return (count, match["unit"].lower()) if match and count else None
