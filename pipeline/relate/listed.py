"""Outcomes of numbers in lists of items: "42% nausea, 14% rash", "nausea (42%), rash (14%)", "FooBar (ng/mL): 4".

Place in the flow: asked by `outcome_of.resolve_outcomes` before the cheapest phrase is looked for. Each construction
ties a number to the words of its own item, so no item's number goes to a neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from pipeline.evidence import Label
from pipeline.relate.findings import Finding
from pipeline.relate.nominal import Phrase
from pipeline.relate.view import SentenceView
from pipeline.tag.people import PERSONS

_FLAGS = re.IGNORECASE
_PEOPLE = rf"(?:{PERSONS}|cases|those)"
_HAS = (
    r"(?:achiev\w+|attain\w+|reach\w+|report(?:ed|ing)|experienc\w+|develop(?:ed|ing)|had|having|show(?:ed|ing)"
    r"|suffer(?:ed|ing)(?: from)?|complain(?:ed|ing) of)"
)
# "… 51% of patients reported |nausea": what the number's people had.
_OBJECT = re.compile(
    rf"\s?(?:of\s(?:the\s|these\s|all\s)?(?:\w+\s)?{_PEOPLE}\s|{_PEOPLE}\s)?(?:who\s)?{_HAS}\s"
    r"(?:an?\s|the\s|at least (?:one|1)\s|[≥>]\s?)?",
    _FLAGS,
)
# What joins an item to the next number: "… nausea, |41%", "… rash and |14%".
_NEXT = re.compile(r"(?:,\s(?:and\s|or\s)?|\s(?:and|or)\s)(?:only\s|in\s)?\Z", _FLAGS)
_ITEM = re.compile(
    r"\s(?P<item>(?:(?!(?:and|or|of|in|for|with|than|vs|versus|to|from|at|after|by|on|who)\b)[\w/-]+\s?){1,4})"
)
_JOINED = re.compile(r"[\s%)\]]*(?:[,;]\s?)?(?:(?:and|or)\s)?(?P<item>[^()\[\];,]{3,80}?)\s[(\[]\s?(?:n\s?=\s?)?\Z")
_NO_ITEM = re.compile(
    r"\b(?:in|for|with|among|vs\.?|versus|than|compared|was|were|is|had|whereas|while|to|from|at|after|on|by|groups?|arms?"
    rf"|{PERSONS}|controls?|placebo|males?|females?|which|who|that|respectively|both"
    r"|higher|lower|increased|decreased)\b|\d",
    _FLAGS,
)
_LABELLED = re.compile(
    r"(?:\A|[,;:(\[]\s?)(?:and\s)?(?P<item>[A-Za-zα-ω][\w /+α-ω-]{1,50}?)\s?"
    r"(?P<unit>[(\[][^()\[\]]{1,15}[)\]])?\s?:\s?\Z"
)


class Placed(Protocol):
    """An outcome phrase that is known, at its place."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def listed_items(view: SentenceView, findings: Sequence[Finding], known: Sequence[Placed]) -> dict[int, Placed]:
    """For findings that stand in a list of items, the known outcome of their item, else the item's words."""
    found: dict[int, Placed] = {}
    for index, finding in enumerate(findings):
        item = (
            _labelled(view, finding, known)
            or _object(view, finding, known)
            or _in_bracket(view, index, findings, known)
        )
        if item is not None:
            found[index] = item
    return _numbers_first(view, findings, known) | found


def _object(view: SentenceView, finding: Finding, known: Sequence[Placed]) -> Placed | None:
    """ "with 50% achieving ≥complete response": what follows the verb directly."""
    if not _counts(finding):
        return None
    match = _OBJECT.match(view.between(finding.end, view.end))
    start = finding.end + match.end() if match else -1
    return next((one for one in known if one.start == start), None)


def _numbers_first(view: SentenceView, findings: Sequence[Finding], known: Sequence[Placed]) -> dict[int, Placed]:
    """ "51% of patients reported diarrhoea, 42% flatulence and 14% nausea": each number before its item."""
    run: dict[int, Placed] = {}
    best: dict[int, Placed] = {}
    for index, finding in enumerate(findings):
        item = _object(view, finding, known) or _item_after(view, finding, known)
        follows = index > 0 and _NEXT.search(view.between(findings[index - 1].end, finding.start))
        if item is None or not (run and index - 1 in run and follows and item.start != run[index - 1].start):
            run = {}
        if item is not None and _counts(finding):
            run[index] = item
        if len(run) > max(1, len(best)):
            best = dict(run)
    return best


def _item_after(view: SentenceView, finding: Finding, known: Sequence[Placed]) -> Placed | None:
    """The known outcome that makes up the one to four words after a number."""
    match = _ITEM.match(view.between(finding.end, view.end))
    if match is None:
        return None
    low, high = finding.end + match.start("item"), finding.end + match.end("item")
    return next((one for one in known if low <= one.start and one.start - low < 12 and one.end <= high + 1), None)


def _in_bracket(view: SentenceView, index: int, findings: Sequence[Finding], known: Sequence[Placed]) -> Phrase | None:
    """ "headache (6.1%), investigations (3.8%)": an item that is no known outcome, after one that has its number."""
    if not index or not _counts(findings[index]):
        return None
    low, high = findings[index - 1].end, findings[index].start
    gap = view.between(low, high)
    match = _JOINED.fullmatch(gap)
    opened = view.between(view.start, findings[index - 1].start).rstrip().endswith(("(", "["))
    if match is None or not opened or gap.lstrip(" %")[:1] not in (")", "]") or _NO_ITEM.search(match["item"]):
        return None
    start, end = low + match.start("item"), low + match.end("item")
    taken = [*known, *view.of(Label.ARM, Label.DRUG, Label.POPULATION)]
    if any(one.start < end and start < one.end for one in taken):
        return None
    return Phrase(match["item"].strip(), start, end)


def _labelled(view: SentenceView, finding: Finding, known: Sequence[Placed]) -> Placed | None:
    """ "renin activity (ng/mL/h): 2.3": the label before the colon."""
    match = _LABELLED.search(view.between(view.start, finding.start))
    if match is None:
        return None
    start, end = view.start + match.start("item"), view.start + match.end("item")
    inside = [one for one in known if start <= one.start and one.end <= end]
    if inside:
        return inside[-1]
    named = view.of(Label.ARM, Label.POPULATION) if match["unit"] else view.of(*Label)
    if not match["unit"] or any(one.start < end and start < one.end for one in named):
        return None
    return Phrase(match["item"], start, end)


def _counts(finding: Finding) -> bool:
    return finding.statistic.events is not None or finding.statistic.percent is not None
