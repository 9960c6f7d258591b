"""The groups that the heads of a table print: "Drug 50 mg (n = 29)", "Placebo + B", each with drugs, dose and size.

Place in the flow: asked by `arms.py` for full texts. A trial's tables name its groups more strictly than its sentences;
where the arms read from sentences do not fit the heads one to one, the heads are the arms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.document import Cell, Part, Passage, Table
from pipeline.evidence import Annotated, Dose, DrugUse, Label, Mention, Quote
from pipeline.link.linker import Linker
from pipeline.relate.table_cells import NOT_VALUES, STATISTIC
from pipeline.relate.table_shares import SIZE
from pipeline.relate.table_times import BASELINE, days_in
from pipeline.tag.people import PEOPLE

_MOST, _LONGEST = 8, 90
_NEXT = 12  # characters between a drug and its amount
_LINKER = Linker()
_CONTROL = re.compile(r"\b(?:placebo|controls?|sham|usual care|standard (?:care|therapy|treatment)|untreated)\b", re.I)
_LABEL = re.compile(r"\b(?:[Gg]roup|[Aa]rm|[Cc]ohort)\s(?:\d|[A-H]|[IVX]+)\b")
_PART = re.compile(
    rf"\b(?:{PEOPLE}|males?|females?|those|with|without|who|aged|years?|old"
    r"|responders?|survivors?|stage|part|period|phase|study|trial|japan\w*|cases"
    r"|diabetic|non|no|use|users?|takers?|first|second|third|dose at|then|baseline|or)\b|→|[<>≤≥]",
    re.I,
)
_NOT_OWN = re.compile(
    r"\b(?:previous|published|literature|systematic|included studies|review of|other studies|guidelines?|criteria"
    r"|pharmacokinetic|subgroup)\b", re.I
)  # fmt: skip
_SUMMARY = re.compile(r"\b(?:pooled|combined|total|all|overall|both|either)\b", re.I)
_BARE_CONTROL = re.compile(r"\W*(?:controls?|placebo|sham|untreated)(?: group| arm)?\W*", re.I)
_ENTRY = re.compile(r"\b(?:baseline|demographic|characteristics?)\b", re.I)
_GENERAL = re.compile(r"\b(?:groups?|arms?|therapy|treatment|treated|alone|the)\b|[^\w+/.-]+", re.I)
_PERCENT = re.compile(r"[,\s]*[(\[]?\s*(?:n\s*[(,]?\s*)?%\s*[)\]]*\s*$|,\s*n\s*\(%\)\s*$|^\s*n\s*\(%\)[,\s]*", re.I)


@dataclass(frozen=True, slots=True)
class HeadGroup:
    """One group as the heads of a table print it. `label` is "Group 2" where the heads number the groups; `printed`
    is the name with the label.
    """

    name: str
    printed: str
    uses: tuple[DrugUse, ...]
    size: int | None
    label: str | None
    quote: Quote

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names: the label, and the name without "group" or route."""
        plain = re.sub(r"\s(?:groups?|arm)\b|\b(?:groups?|arm)\s", " ", self.name).strip()
        return tuple(dict.fromkeys(name for name in (self.label, plain, self.printed) if name and name != self.name))

    @property
    def is_control(self) -> bool:
        """Whether the name says that the others are compared against it."""
        active = [use for use in self.uses if use.drug != "placebo"]
        return _CONTROL.search(self.name) is not None and (not active or self.name.lower().startswith("placebo"))


def head_groups(annotated: Annotated, front: frozenset[str] | None) -> list[HeadGroup]:
    """The groups of the table that tells them best; [] if no table's heads are all groups.

    Args:
        front: drugs of the title and abstract, of which the heads must name one.
    """
    best: tuple[float, list[HeadGroup]] = (0.0, [])
    for index, passage in enumerate(annotated.document.passages):
        if passage.table is None or passage.part is not Part.TABLE or passage.language != "en":
            continue
        if _NOT_OWN.search(passage.table.caption or ""):
            continue
        groups = _of_table(annotated, index, passage, passage.table)
        named = {use.drug for group in groups for use in group.uses} - {"placebo"}
        if not groups or (front is not None and not named & front) or not named:
            continue
        is_sized, is_entry = all(group.size for group in groups), _ENTRY.search(passage.table.caption or "") is not None
        score = 2.0 * is_sized + 1.0 * is_entry + 0.1 * len(groups)
        if (is_sized or is_entry) and score > best[0]:
            best = (score, groups)
    return best[1]


def _of_table(annotated: Annotated, index: int, passage: Passage, table: Table) -> list[HeadGroup]:
    mentions = [one for one in annotated.mentions if one.passage == index and one.label in (Label.DRUG, Label.DOSE)]
    heads = [cell for cell in table.cells if cell.is_header and cell.text]
    stacks = {cell.column_headers: cell.column for cell in table.cells if not cell.is_header and cell.column_headers}
    columns = []
    for stack, column in stacks.items():
        cells = [one for one in heads if one.text in stack and one.column <= column < one.column + one.column_span]
        parts = [one for one in cells if not _is_how(one.text)]
        is_summary = any(_SUMMARY.search(one.text) for one in parts)
        if parts and not is_summary and not all(NOT_VALUES.match(one.text) for one in parts):
            columns.append((parts, [one for one in cells if SIZE.search(one.text)]))
    spread = {(one.row, one.column) for parts, _ in columns for one in parts}
    everywhere = {place for place in spread if len(columns) > 1 and all(
        any((one.row, one.column) == place for one in parts) and len(parts) > 1 for parts, _ in columns)}  # fmt: skip
    groups: dict[str, HeadGroup] = {}
    for parts, sized in columns:
        group = _group(
            index,
            [one for one in parts if (one.row, one.column) not in everywhere],
            sized,
            mentions,
            annotated.abbreviations,
        )
        if group is None:
            return []
        groups.setdefault(group.name.lower(), group)
    found = list(groups.values())
    return found if 2 <= len(found) <= _MOST else []


def head_name(parts: Iterable[str]) -> str:
    """What heads of one column name: without sizes, statistics, times and percent signs."""
    plain = (_PERCENT.sub("", SIZE.sub(" ", part)).strip(" ,;:") for part in parts if not _is_how(part))
    return re.sub(r"\s+", " ", " ".join(plain)).strip(" ,;:()")


def core_name(name: str) -> str:
    """A group's name in lower case without "group", "therapy" and signs: "Diet therapy group" → "diet"."""
    # A minus is no sign to leave out: "Drug A −" are those without it.
    return " ".join(_GENERAL.sub(" ", re.sub(r"[−–]", "-", name.lower())).split())


def _is_how(text: str) -> bool:
    """Whether a head names a statistic or a time, which tells no groups apart."""
    plain = SIZE.sub(" ", text).strip(" ,;:()")
    is_time = days_in(plain) is not None or BASELINE.match(plain) is not None
    is_how = not plain or STATISTIC.match(plain) is not None
    return is_how or (is_time and not re.search(r"\bmg\b|\bplacebo\b", plain))


def _group(
    index: int,
    parts: Sequence[Cell],
    sized: Sequence[Cell],
    mentions: Sequence[Mention],
    abbreviations: Mapping[str, str],
) -> HeadGroup | None:
    """The group of one column's heads, None if they name none."""
    name = head_name(part.text for part in parts)
    plain = _LABEL.sub(" ", name)
    if not name or len(name) > _LONGEST or _PART.search(plain):
        return None
    inside = [one for one in mentions for part in parts if part.start <= one.start and one.end <= part.end]
    is_control = len(parts) > 1 and any(_BARE_CONTROL.fullmatch(part.text) for part in parts)
    # "Control" under a drug's head: what it got in place of the drug is not told.
    uses = () if is_control else _uses(inside, name, abbreviations)
    if not uses and not _CONTROL.search(plain):
        return None
    sizes = [int(match[1].replace(",", "")) for part in sized if (match := SIZE.search(part.text))]
    label = _LABEL.search(name)
    lead = next((part for part in parts if any(part.start <= one.start < part.end for one in inside)), parts[0])
    quote = Quote(index, lead.start, lead.end, lead.text)
    text = re.sub(r"\s+", " ", plain).strip(" ,;:()") or name
    return HeadGroup(text, name, uses, sizes[-1] if sizes else None, label.group() if label else None, quote)


def _uses(mentions: Iterable[Mention], name: str, abbreviations: Mapping[str, str]) -> tuple[DrugUse, ...]:
    """Drugs in order, each with the amount printed next to it; an amount in a head of its own is the first drug's."""
    drugs: dict[str, tuple[str | None, int, Dose | None]] = {}
    lone: list[Dose] = []
    last: str | None = None
    for mention in mentions:
        if mention.label is Label.DRUG:
            last = (mention.concept.name if mention.concept else mention.text).lower()
            drugs.setdefault(last, (mention.concept.id if mention.concept else None, mention.end, None))
        elif mention.dose is not None:
            if last in (None, "placebo") or drugs[last][2] is not None or mention.start - drugs[last][1] > _NEXT:
                lone.append(mention.dose)
            else:
                drugs[last] = (*drugs[last][:2], mention.dose)
    for part in re.split(r"\s*\+\s*|\s+plus\s+", name) if "+" in name or " plus " in name else ():
        concept = _LINKER.link(Label.DRUG, part, abbreviations)
        if concept is not None:  # "ABC+XYZ", of which the tagger may know one only
            drugs.setdefault(concept.name.lower(), (concept.id, 0, None))
    active = [name for name in drugs if name != "placebo"]
    if lone and active and all(dose is None for _, _, dose in drugs.values()):
        drugs[active[0]] = (*drugs[active[0]][:2], lone[0])
    return tuple(DrugUse(name, concept_id, dose=dose) for name, (concept_id, _, dose) in drugs.items())
