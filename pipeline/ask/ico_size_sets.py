"""Sets of group sizes that a paper prints together: a header row, a caption, a row "n", a sentence of the allotment.

Place in the flow: read once per paper; `ico_sizes` matches the labels of a set to the groups of a question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.ask.ico_paper import IcoPaper, PaperTable, Sentence, cell_place, header_place
from pipeline.ask.ico_records import Place
from pipeline.ask.ico_terms import size_in
from pipeline.document import Part
from pipeline.relate.numbers import COUNT, to_int
from pipeline.relate.table_shares import SIZE

_PEOPLE = (
    r"(?:patients|subjects|participants|women|men|children|individuals|students|adults|people|persons|cases|rabbits|rats"
    r"|mice|dogs|animals|volunteers|eyes|babies|infants|nurses|girls|boys|teeth|knees|hips|healthy\s+\w+|neonates"
    r"|newborns|toddlers|adolescents|mothers|families|households|couples|residents|physicians|workers|employees|veterans"
    r"|athletes|players|smokers|soldiers|goats|sheep|pigs|piglets|monkeys|cats|horses|lambs|calves|cows|hamsters"
    r"|chickens|hens)"
)
_START = r"(?<![\w.±])"  # not inside "12.30", nor the spread of a mean
_UNITS = re.compile(
    r"\s*(?:mg|µg|μg|mcg|g\b|kg|ml|l\b|mm|cm|h\b|hours?|hrs?|min\w*|days?|weeks?|wks?|months?|years?|yrs?|%|°|iu"
    r"|units?|mmol|kcal|points?|times|items?|:|\.\d|th\b|mm?hg"
    r"|visits?|sessions?|minutes?|s\b|ng|u/|percent|per cent|of the \d|[-–]\s?\d)",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"[.;:]\s|,\s|\band\b|\bor\b|\bvs\b\.?|\bversus\b|\(|\)|\bto (?:the )?(?:receive )?|\bthan\b|\bcompared with\b",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    rf"[\[(](?:([^()\[\]]{{0,160}}?)[,;:]?\s*)?\b[nN]\s*(?:=|:|＝)\s*(\d[\d,]*)\s*(?:{_PEOPLE}|[,;/][^()]{{0,60}})?[)\]]"
    rf"|,\s*n\s*=\s*(\d[\d,]*)|[\[(]\s*({COUNT})\s+{_PEOPLE}\s*[)\]]"
)
_ALLOTTED = re.compile(
    rf"{_START}({COUNT})\b((?:\s+(?:of\s+(?:the|these|whom)|whom|{_PEOPLE}|were|was|randomly|randomi[sz]ed|assigned"
    r"|allocated|received|receiving|treated|with|in|to|on|underwent|the|into|who|served|as|only|had|completed|comprised"
    r"|allotted|entered|from|[\[(]\s?\d[\d.]*\s?%\s?[)\]]|obtained|used|got|given)){1,9})(?=\s+([^,.;()]{3,60}))",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:[(,;]|\band\b)\s*(?:and\s+)?(\d+)\s+([A-Za-z][\w +-]{1,40}?)(?=[,;)]|\s+and\s+\d)")
_AFTER_LABEL = re.compile(
    r"([A-Za-z][\w +/-]{2,50}?\s(?:group|arm)s?)\s*[:=]\s*(\d+)\b(?!\s*(?:%|\.\d))", re.IGNORECASE
)
_RESPECTIVELY = re.compile(
    rf"{_START}({COUNT}(?:\s*,\s*{COUNT})*\s*,?\s+and\s+{COUNT})\s+(?:{_PEOPLE}\s+)?(?:(?:who|were|was|had|have|randomly"
    r"|randomi[sz]ed|assigned|allocated|received|completed|participated|treated|enrolled|in|to|the|with|into)\s+)*"
    r"([^.;()]{5,160}?)\s*,?\s*(?:group|arm)?s?,?\s*respectively",
    re.IGNORECASE,
)
_IN_GROUPS = re.compile(
    r"\bin (?:the )?([^.;()]{3,80}?)\s+(?:groups|arms),?\s+"
    rf"({COUNT}(?:\s*,\s*{COUNT})*\s*,?\s+and\s+{COUNT})\s+{_PEOPLE}",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"(?:^|[(\[;,]|\band\b|\bvs\.?)\s*([A-Za-z][^()\[\];,=]{1,70}?),?\s*\b[nN]\s*=\s*(\d[\d,]*)(?![\d.])"
)
_SIZE_FIRST = re.compile(
    r"\b[nN]\s*=\s*(\d[\d,]*)\s+(?:in |for )?(?:the )?([A-Za-z][\w -]{1,40}?)\s*(?:groups?|arms?)\b"
)
_LIST_CUT = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)
_ALLOTS = re.compile(
    r"obtain|assign|random|alloc|allot|receiv|treat|\bto\b|\bin\b|underwent|served|were|on\b|from|comprised|complet",
    re.IGNORECASE,
)
_EACH = re.compile(
    rf"(?:groups|arms)\s*,?\s*(?:of|with|each\s+(?:with|of|containing|comprising|consisting of))\s+({COUNT})\b"
    rf"|{_START}({COUNT})\s+(?:{_PEOPLE}\s+)?(?:were\s+)?(?:\w+\s+)?(?:in|per|to|for)\s+(?:each|every|either|both)\s*"
    r"(?:of\s+the\s+)?(?:\w+\s+)?(?:groups?|arms?)"
    rf"|n\s*=\s*(\d+)\s*(?:per|for|in)?\s*(?:each|both|/)\s*group|{_START}({COUNT})\s+{_PEOPLE}\s*each\b"
    rf"|each\s+(?:group|arm)\s*\(?\s*n\s*=\s*(\d+)|{_START}({COUNT})\s+(?:{_PEOPLE}\s+)?(?:per|/)\s*(?:group|arm)"
    rf"|each\s+(?:group|arm)\s+(?:had|included|consisted of|comprised|contained)\s+({COUNT})\b",
    re.IGNORECASE,
)
_EQUAL_SPLIT = re.compile(
    rf"{_START}({COUNT})\s+(?:[\w-]+\s+){{0,12}}?(?:were\s+|was\s+)?(?:\w+ly\s+)?(?:divided|randomi[sz]ed|assigned|allocated"
    rf"|separated)\s+(?:\w+\s+){{0,2}}?(?:into|in|to)\s+({COUNT})\s+(?:equal\s+)?(?:\w+\s+)?(?:groups|arms)",
    re.IGNORECASE,
)
_N_ROW = re.compile(
    r"(?:total\s*)?(?:n|no\.?|number|(?:number|no\.?) of (?:patients|subjects|participants|cases|women|children)"
    r"|participants|subjects|patients|sample size)\W*(?:\(?n\)?)?\W*$",
    re.IGNORECASE,
)
_NEAR_SENTENCES = 400
_PLANNED = re.compile(
    r"\bpower\b|sample size|to detect|would be (?:needed|required)|was (?:needed|required|planned)"
    r"|were (?:needed|required)|planned to (?:enrol|recruit|include)",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:reported|experienced|developed|discontinued|withdrew|died|responded|relapsed|adverse|deaths?|dropped out"
    r"|lost to)\b",
    re.IGNORECASE,
)
_ALLOT_WORD = re.compile(r"randomi[sz]|assign|allocat|divided|received|enrol|treated with|included|analy[sz]ed", re.I)
_NEAR_LABEL = 3
_PER = re.compile(r"(?:\bper|/|\bevery|\bin)\s*$", re.IGNORECASE)
_POPULATION = re.compile(r"prevalence|worldwide|incidence of|general population", re.IGNORECASE)
_NEST = re.compile(r"([A-Za-z][^()\[\]]{2,60})[(\[]([^()\[\]]{10,300})[)\]]")
_ALL = re.compile(
    rf"{_START}({COUNT})\s+(?:[A-Za-z-]+\s+){{0,9}}?{_PEOPLE}\b(?=([^.;]{{0,120}}))",
    re.IGNORECASE,
)
_TOOK_PART = re.compile(
    r"particip|enrol|includ|recruit|randomi[sz]|studied|volunteer|assign|divided|allocat|was done|complet|mean|age",
    re.IGNORECASE,
)
_GROUPS = re.compile(
    rf"\b(?:divided|randomi[sz]ed|assigned|allocated|separated)\s+(?:\w+\s+){{0,2}}?(?:into|in|to|between|among)\s+"
    rf"(?:one of\s+)?(?:the\s+)?({COUNT})\s+(?:[\w-]+\s+){{0,3}}?(?:groups|arms)"
    rf"|\b({COUNT})\s+(?:[\w-]+\s+)?(?:groups|arms)\b",
    re.IGNORECASE,
)
_WITH_OR_WITHOUT = re.compile(r"randomi[sz]ed[^.;]{0,80}\bwith or without\b", re.IGNORECASE)
_WHOLE = re.compile(r"\W*(\d[\d,]*)\W*$")


@dataclass(frozen=True, slots=True)
class SizeItem:
    """One group's label with its n."""

    label: str
    n: float
    place: Place


@dataclass(frozen=True, slots=True)
class SizeSet:
    """Sizes printed together. `kind`: header, row, caption, sentence, each; `table` the number of the table."""

    kind: str
    table: int | None
    items: tuple[SizeItem, ...]
    is_abstract: bool = False
    text: str = ""


def size_sets(paper: IcoPaper) -> list[SizeSet]:
    """All sets of the paper; a set "each" has one item that holds for every group."""
    found: list[SizeSet] = []
    for table in paper.tables:
        found += _table_sets(table)
    for sentence in paper.sentences:
        if not re.search(r"\d|" + COUNT, sentence.text, re.IGNORECASE):
            continue
        if _PLANNED.search(sentence.text):
            continue
        items = () if _happened(sentence.text) else _sentence_items(sentence)
        if items:
            found.append(SizeSet("sentence", None, items, sentence.part is Part.ABSTRACT, sentence.text))
        found += [
            SizeSet("each", None, (item,), sentence.part is Part.ABSTRACT, sentence.text) for item in _each(sentence)
        ]
    return [*_neighbours(found), *_caption_sets(paper)]


def _happened(text: str) -> bool:
    """Whether counts of groups in the sentence are of those to whom something happened, not of the groups."""
    return bool(_HAPPENED.search(text)) and not _ALLOT_WORD.search(text) and not re.search(r"\bn\s*=", text, re.I)


def _neighbours(found: list[SizeSet]) -> list[SizeSet]:
    """Find "Group I (n = 30) had … . Group II (n = 22) had …": sentences of one group that follow each other."""
    made: list[SizeSet] = []
    run: list[SizeSet] = []
    for one in [*found, SizeSet("end", None, ())]:
        is_next = one.kind == "sentence" and len(one.items) == 1 and (not run or _follows(run[-1], one))
        if is_next:
            run.append(one)
            continue
        if one.kind == "each":
            continue
        if len(run) > 1:
            items = tuple(item for single in run for item in single.items)
            text = " ".join(single.text for single in run)
            made.append(SizeSet("sentence", None, items, run[0].is_abstract, text))
        run = [one] if one.kind == "sentence" and len(one.items) == 1 else []
    return [*found, *made]


def _follows(before: SizeSet, after: SizeSet) -> bool:
    first, second = before.items[-1].place, after.items[0].place
    return first.passage == second.passage and 0 < second.start - first.end < _NEAR_SENTENCES


def _caption_sets(paper: IcoPaper) -> Iterator[SizeSet]:
    for position, passage in enumerate(paper.passages):
        if passage.table is None and passage.part in (Part.CAPTION, Part.FOOTNOTE):
            sentence = Sentence(position, 0, len(passage.text), passage.text, passage.part)
            items = _sentence_items(sentence)
            captions = ((table.number, (table.table.caption or "").strip()) for table in paper.tables)
            number = next((number for number, caption in captions if caption and caption in passage.text), None)
            if items:
                yield SizeSet("caption", number, items, text=passage.text)
            for item in _each(sentence):
                yield SizeSet("each", number, (item,), text=passage.text)


def _table_sets(table: PaperTable) -> Iterator[SizeSet]:
    headers: dict[tuple[str, ...], SizeItem] = {}
    rows: dict[int, list[SizeItem]] = {}
    columns: dict[int, list[SizeItem]] = {}
    for cell in table.table.cells:
        for texts in (cell.column_headers, cell.row_headers):
            for text in texts:
                n = size_in(text)
                if n:
                    label = " ".join(SIZE.sub(" ", one).strip(" (),;") for one in texts).strip()
                    headers.setdefault(texts, SizeItem(label, n, header_place(table, text) or cell_place(table, cell)))
        label = " ".join(cell.row_headers[-1:]).strip()
        number = _WHOLE.match(cell.text)
        if number and not cell.is_header and label and cell.column_headers and _N_ROW.match(cell.column_headers[-1]):
            item = SizeItem(" ".join(cell.row_headers), float(number[1].replace(",", "")), cell_place(table, cell))
            columns.setdefault(cell.column, []).append(item)
        if number and not cell.is_header and _N_ROW.match(label):
            item = SizeItem(" ".join(cell.column_headers), float(number[1].replace(",", "")), cell_place(table, cell))
            rows.setdefault(cell.row, []).append(item)
    if headers:
        yield SizeSet("header", table.number, tuple(headers.values()))
    for items in (*rows.values(), *columns.values()):
        if len(items) > 1:
            yield SizeSet("row", table.number, tuple(items))


def _sentence_items(sentence: Sentence) -> tuple[SizeItem, ...]:
    found = _bracketed(sentence)
    used = [(item.place.start - sentence.start, item.place.end - sentence.start) for item in found]

    def is_new(place: int) -> bool:
        return not any(start <= place < end for start, end in used)

    for match in _ALLOTTED.finditer(sentence.text):
        n = to_int(match[1])
        if n is None or n < 3 or 1900 <= n <= 2030 or _UNITS.match(match[2]) or not _ALLOTS.search(match[2]):
            continue
        parts = [part for part in _CUT.split(match[3]) if part.strip()]
        if parts and is_new(match.start()):
            found.append(_item(sentence, parts[0], n, match.start(), match.end()))
    for match in _AFTER_LABEL.finditer(sentence.text):
        if is_new(match.start(2)) and not _UNITS.match(sentence.text[match.end() :]):
            found.append(_item(sentence, match[1], int(match[2]), match.start(), match.end()))
    for match in _BARE.finditer(sentence.text):
        if is_new(match.start(1)) and not _UNITS.match(" " + match[2]) and int(match[1]) > 2:
            found.append(_item(sentence, match[2], int(match[1]), match.start(1), match.end()))
    known = {(item.n, item.place.end) for item in found}
    for pattern, label, size in ((_INLINE, 1, 2), (_SIZE_FIRST, 2, 1)):
        for match in pattern.finditer(sentence.text):
            n = to_int(match[size])
            end = sentence.start + match.end()
            if n and not any(n == one and abs(end - place) < 3 for one, place in known):
                found.append(_item(sentence, match[label], n, match.start(label), match.end()))
    return (*found, *_lists(sentence), *_nested(sentence))


def _nested(sentence: Sentence) -> Iterator[SizeItem]:
    """Find "normal weight (drug n = 94, placebo n = 50); obese (drug n = 63, …)": the words outside name all inside."""
    for match in _NEST.finditer(sentence.text):
        inside = list(_INLINE.finditer(match[2]))
        if len(inside) < 2:
            continue
        outer = _CUT.split(match[1])[-1].strip()
        prefix = ""
        for one in inside:
            label = one[1].strip()
            part = match[2][: one.start(1)].rfind(";")
            if part >= 0 and ":" not in label and one.start(1) - part < _NEAR_LABEL:
                prefix = ""
            if ":" in label:
                prefix, label = (piece.strip() for piece in label.rsplit(":", 1))
            n = to_int(one[2])
            if n:
                start = match.start(2)
                yield _item(sentence, f"{outer} {prefix} {label}", n, start + one.start(1), start + one.end())


def _bracketed(sentence: Sentence) -> list[SizeItem]:
    """Find "Placebo (n = 30)", "basic (advice on paper; n=459)"."""
    found: list[SizeItem] = []
    before = 0
    for match in _BRACKETED.finditer(sentence.text):
        left = sentence.text[max(before, match.start() - 100) : match.start()]
        parts = [part for part in _CUT.split(left) if part.strip()]
        n = to_int(match[2] or match[3] or match[4])
        before = match.end()
        if n:
            label = f"{parts[-1] if parts else ''} {match[1] or ''}".strip()
            found.append(_item(sentence, label, n, match.start(), match.end()))
    return found


def _lists(sentence: Sentence) -> Iterator[SizeItem]:
    """Find "12, 14 and 15 patients received A, B and C, respectively", "in the A and B groups, 12 and 14 patients"."""
    for pattern, numbers, labels in ((_RESPECTIVELY, 1, 2), (_IN_GROUPS, 2, 1)):
        for match in pattern.finditer(sentence.text):
            ns = [to_int(part) for part in _LIST_CUT.split(match[numbers])]
            names = [part for part in _LIST_CUT.split(match[labels]) if part.strip()]
            if len(ns) == len(names):
                for n, name in zip(ns, names, strict=True):
                    if n:
                        yield _item(sentence, name, n, match.start(), match.end())


def _item(sentence: Sentence, label: str, n: int, start: int, end: int) -> SizeItem:
    place = Place(sentence.passage, sentence.start + start, sentence.start + end, sentence.text[start:end])
    return SizeItem(label, float(n), place)


def _each(sentence: Sentence) -> Iterator[SizeItem]:
    """Find "Two groups of 30 each", "8 per group", "60 patients were divided into two equal groups"."""
    for match in _EACH.finditer(sentence.text):
        n = next((to_int(text) for text in match.groups() if text), None)
        if n is not None and n > 2 and not _UNITS.match(sentence.text[match.end() :]):
            yield _item(sentence, "", n, match.start(), match.end())
    split = _EQUAL_SPLIT.search(sentence.text)
    if split and "equal" in sentence.text.lower():
        whole, groups = to_int(split[1]), to_int(split[2])
        if whole and groups and 1 < groups < 7 and whole % groups == 0:
            yield _item(sentence, "", whole // groups, split.start(), split.end())


def whole_study(paper: IcoPaper) -> list[SizeItem]:
    """Sizes of the whole study: "nineteen men took part", the abstract's first."""
    found = []
    for sentence in paper.sentences:
        for match in _ALL.finditer("" if _PLANNED.search(sentence.text) else sentence.text):
            n = None if _UNITS.match(sentence.text[match.end(1) :]) else to_int(match[1])
            is_rate = _PER.search(sentence.text[: match.start()]) or _POPULATION.search(sentence.text)
            if n and n > 3 and not 1900 <= n <= 2030 and _TOOK_PART.search(sentence.text) and not is_rate:
                found.append(_item(sentence, "", n, match.start(), match.end()))
    return found


def even_split(paper: IcoPaper, whole: list[SizeItem]) -> list[SizeItem]:
    """The size of each group if the whole study falls evenly into the number of groups it was divided into."""
    groups: dict[int, int] = {}  # passage → into how many groups it divides the study
    for sentence in paper.sentences:
        if match := _GROUPS.search(sentence.text):
            groups.setdefault(sentence.passage, to_int(match[1] or match[2]) or 0)
        elif _WITH_OR_WITHOUT.search(sentence.text):
            groups.setdefault(sentence.passage, 2)
    found = []
    for item in whole:
        count = groups.get(item.place.passage, 0)
        if 1 < count < 7 and item.n % count == 0:
            found.append(SizeItem("", item.n / count, item.place))
    return found


def most_common_each(sets: list[SizeSet]) -> float | None:
    """The size that most sentences give to every group."""
    counts = Counter(one.items[0].n for one in sets if one.kind == "each")
    return counts.most_common(1)[0][0] if counts else None
