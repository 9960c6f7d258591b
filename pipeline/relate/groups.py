"""Groups that a study of one regimen tells apart by who is in them: "group I", "the steroid-resistant patients".

Place in the flow: asked by `arms.py` where no sentence sets treatments against each other. Each group is an arm of its
own with the study's drugs and role background: it never stands for a sentence that names no group.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from pipeline.evidence import Arm, Label, Mention, Quote, Role
from pipeline.relate.numbers import COUNT, to_int
from pipeline.relate.view import SentenceView
from pipeline.tag.people import PEOPLE

_PEOPLE = rf"(?:{PEOPLE}|cases)"
_LABEL = re.compile(r"groups?\s(?P<label>[IVX]{1,3}|[A-H]|\d)\Z", re.IGNORECASE)
_SIZE_BEHIND = re.compile(r"^[^;.()]{0,90}?[(,]\s?n\s?=\s?(?P<n>\d+)|^\s?[:,(]\s?(?P<m>\d+)\s" + _PEOPLE, re.IGNORECASE)
_SIZE_AHEAD = re.compile(rf"(?:^|[\s(])(?P<n>{COUNT})\s(?:[\w-]+\s){{0,2}}?{_PEOPLE}\b[^;.]*\Z", re.IGNORECASE)
# An age told in passing: "9 with a mean age of 13.0 years had …".
_AGED = (
    r"(?:(?:with|of)\s(?:an?\s|the\s)?(?:mean\s|median\s)?age\s(?:of\s)?[^;,()]{1,25}?\s(?:years|months|yr)\s"
    r"|aged\s[^;,()]{1,25}?\s)?"
)
_COUNTED = re.compile(
    rf"(?:^|[\s(:,])(?P<n>{COUNT})\s(?:of\s(?:them|whom)\s)?(?:{_PEOPLE}\s)?{_AGED}(?:with|had|having)\s(?:\w+\s){{0,2}}\Z",
    re.IGNORECASE,
)
_COUNTED_BEHIND = re.compile(rf"(?:^|[\s(:,])(?P<n>{COUNT})\s\Z", re.IGNORECASE)
_SHORT_FORM = re.compile(r"\s?\((?P<short>[A-Z][A-Za-z0-9-]{1,9})\)")


def population_groups(own: Sequence[SentenceView], base: Arm, total: int | None) -> list[Arm]:
    """The groups of a study whose one regimen is `base`; [] if the text tells none apart."""
    named = _labelled(own)
    found = named or _by_condition(own, total)
    return [
        replace(
            base, name=aliases[0], role=Role.BACKGROUND, n=size, aliases=aliases, population=aliases[0],
            quote=Quote(view.passage, view.start, view.end, view.text),
        )
        for aliases, size, view in found
    ]  # fmt: skip


def has_labels(own: Sequence[SentenceView]) -> bool:
    """Whether the text speaks of groups by label: "group I", "groups A and B"."""
    return len(_labelled(own)) > 1


_Group = tuple[tuple[str, ...], int | None, SentenceView]


def _labelled(own: Sequence[SentenceView]) -> list[_Group]:
    """ "19 patients with normal albumin (group I) … 16 without (group II)": two labels or more."""
    found: dict[str, _Group] = {}
    for view in own:
        for mention in view.of(Label.ARM):
            label = _LABEL.fullmatch(re.sub(r"^the\s", "", mention.text))
            key = label["label"].upper() if label else ""
            if key and key not in found:
                found[key] = ((re.sub(r"\s+", " ", mention.text),), _size_of_label(view, mention), view)
    return list(found.values()) if len(found) > 1 else []


def _size_of_label(view: SentenceView, mention: Mention) -> int | None:
    behind = _SIZE_BEHIND.match(view.between(mention.end, view.end))
    if behind:
        return to_int(behind["n"] or behind["m"])
    before = view.between(view.start, mention.start)
    if not before.rstrip().endswith("("):
        return None
    ahead = _SIZE_AHEAD.search(re.split(r"\)", before)[-1])
    return to_int(ahead["n"]) if ahead else None


def _by_condition(own: Sequence[SentenceView], total: int | None) -> list[_Group]:
    """ "9 with A and 5 with B" where both are everybody."""
    for view in own if total else ():
        counted = [
            (mention, size)
            for mention in view.of(Label.CONDITION, Label.HISTOLOGY)
            if (size := _size_of_condition(view, mention)) is not None
        ]
        for pair in combinations(counted, 2):
            if pair[0][1] + pair[1][1] == total and pair[0][0].text != pair[1][0].text:
                return [(_names(view, mention), size, view) for mention, size in pair]
    return []


def _size_of_condition(view: SentenceView, mention: Mention) -> int | None:
    before = view.between(view.start, mention.start)
    match = _COUNTED.search(before)
    if match is None and re.match(rf"(?:\s?\([^()]*\))?\s{_PEOPLE}\b", view.between(mention.end, view.end)):
        match = _COUNTED_BEHIND.search(before)
    return to_int(match["n"]) if match else None


def _names(view: SentenceView, mention: Mention) -> tuple[str, ...]:
    short = _SHORT_FORM.match(view.between(mention.end, view.end))
    return (short["short"], mention.text) if short else (mention.text,)
