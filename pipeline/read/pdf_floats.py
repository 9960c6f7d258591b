"""Captions, tables and figures: found on each page and kept out of the running text.

Place in the flow: between lines and reading order. A caption is a line that opens with "Table 2" or "Fig. 3" and looks
like a label, not like a sentence. A table reaches from its caption down to running text, another caption or a wide
gap; its last rule, if it has rules, parts its notes from its body.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from pipeline.read.pdf_chars import PageWords
from pipeline.read.pdf_layout import Block, BodyStyle, Line, find_blocks
from pipeline.read.pdf_legends import caption_lines, legend

_LABEL = re.compile(
    r"^(?P<label>(?:(?:supplementary|supplemental|supporting|appendix|extended data|online|additional|web)\s+)?(?:e?"
    r"(?P<kind>table|figures?|figs?|scheme|box|chart|plate|panel|algorithm|exhibit|illustration)))\.?\s*"
    r"(?P<number>e?[SA]?\d{1,2}[A-Za-z]?(?![\d%])|[IVX]{1,5}\b)?(?P<rest>.*)$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"^\s*(?:,|;|(?:and|or|to|in|was|were|is|are)\b|\)|[a-z]\))")
_VERB = re.compile(
    r"^\s*(?:shows?|lists?|presents?|summari[sz]es?|gives?|illustrates?|depicts?|provides?|describes?|displays?|reports?"
    r"|contains?|demonstrates?|outlines?|compares?|details?|indicates?|represents?|includes?)\b"
)


@dataclass(slots=True)
class TableArea:
    """A table as found on a page: its caption lines, the lines of its body and of its notes."""

    label: str | None
    caption: list[Line]
    body: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    rules: list[tuple[float, float, float]] = field(default_factory=list)


@dataclass(slots=True)
class Floats:
    """What was found on one page; `rest` are the lines of everything else."""

    tables: list[TableArea]
    captions: list[list[Line]]
    rest: list[Line]


def is_prose(block: Block, style: BodyStyle) -> bool:
    """Whether a block is running text in the body's own look, two lines at least."""
    lines = block.lines
    if len(lines) < 2:
        return False
    holds = sum(style.holds(line) for line in lines)
    words = sum(len(line.words) for line in lines) / len(lines)
    full = max(line.x1 - line.x0 for line in lines)
    return holds >= 0.6 * len(lines) and words >= 5 and full >= 0.75 * style.width


def caption_kind(line: Line, style: BodyStyle) -> str | None:
    """ "table" or "figure" if the line opens a caption, else None."""
    first = line.words[0].text[:14].lower()
    if not first.startswith(
        (
            "tab",
            "fig",
            "sch",
            "box",
            "cha",
            "pla",
            "pan",
            "sup",
            "app",
            "ext",
            "onl",
            "add",
            "web",
            "alg",
            "exh",
            "ill",
            "etab",
            "efig",
        )
    ):
        return None
    match = _LABEL.match(line.text)
    if not match:
        return None
    rest, number = match["rest"], match["number"]
    kind = "table" if match["kind"].lower().startswith(("table", "exhibit")) else "figure"
    if not number:
        return None
    if _VERB.match(rest):
        return None
    if _SENTENCE.match(rest) and not (
        line.words[0].bold and not style.bold and len(line.words) > 1 and line.words[1].bold
    ):
        return None
    labelled = bool(re.match(r"\s*(?:[.:|–—-]|\(?continued|\(cont)", rest)) or not rest.strip()
    styled = line.words[0].bold and not style.bold
    other = line.words[0].font not in style.fonts or abs(line.words[0].size - style.size) > 0.35
    if labelled or styled or (other and (rest.strip()[:1].isupper() or rest.strip()[:1] in "([")):
        return kind
    return None


def caption_label(text: str) -> str | None:
    """The label at the start of a caption: "Table 2"."""
    match = _LABEL.match(text)
    if not match or not match["number"]:
        return None
    return f"{match['label'].strip()} {match['number']}"


def find_floats(page: PageWords, lines: list[Line], style: BodyStyle) -> Floats:
    """Captions with their tables, and the lines that are left."""
    starts = {index: kind for index, line in enumerate(lines) if (kind := caption_kind(line, style))}
    if not starts:
        return Floats([], [], lines)
    blocks = find_blocks(lines, page.number)
    starts = {index: kind for index, kind in starts.items() if not _inside_text(lines[index], blocks, style)}
    groups: list[tuple[str, list[Line]]] = []
    taken: set[int] = set()
    for index, kind in sorted(starts.items(), key=lambda item: lines[item[0]].base):
        if id(lines[index]) in taken:
            continue
        group = caption_lines(lines[index], blocks, {id(lines[i]) for i in starts})
        if kind == "figure":
            group += legend(group, blocks, {id(lines[i]) for i in starts} | taken, style)
        groups.append((kind, group))
        taken.update(map(id, group))
    prose = [block for block in blocks if is_prose(block, style) and not any(id(line) in taken for line in block.lines)]
    running = {id(line) for block in prose for line in block.lines}
    tables: list[TableArea] = []
    captions = [group for kind, group in groups if kind == "figure"]
    for kind, group in groups:
        if kind != "table":
            continue
        area = _table_area(page, group, [g for _, g in groups if g is not group], lines, (taken, running, prose), style)
        taken.update(id(line) for line in (*area.body, *area.notes))
        tables.append(area)
    return Floats(tables, captions, [line for line in lines if id(line) not in taken])


def _inside_text(line: Line, blocks: list[Block], style: BodyStyle) -> bool:
    """Whether the line only goes on with a sentence of running text ("… as shown in / Table 2. Patients …")."""
    first = line.words[0]
    if (first.bold and not style.bold) or first.font not in style.fonts or abs(first.size - style.size) > 0.35:
        return False
    for block in blocks:
        for before, here in itertools.pairwise(block.lines):
            if here is line:
                return style.holds(before)
    return False


def _table_area(
    page: PageWords,
    caption: list[Line],
    others: list[list[Line]],
    lines: list[Line],
    known: tuple[set[int], set[int], list[Block]],
    style: BodyStyle,
) -> TableArea:
    taken, _running, prose = known
    area = TableArea(caption_label(caption[0].text), caption)
    edge = max(line.base for line in caption)
    x0, x1 = _extent(page, caption, others, prose)
    rules = sorted(r for r in page.rules if r[2] > x0 + 5 and r[0] < x1 - 5 and r[2] - r[0] > 20)
    floor = _floor(page, (x0, x1, edge), others, prose, [r for r in rules if r[1] > edge])
    free = sorted(
        (ln for ln in lines if id(ln) not in taken and ln.x1 > x0 - 2 and ln.x0 < x1 + 2), key=lambda ln: ln.base
    )
    area.rules = [rule for rule in rules if rule[1] > caption[0].top - 14]
    notes_below: list[Line] = []  # of a table whose caption stands under it
    area.body = _run_of_rows([ln for ln in free if edge + 1 < ln.base < floor], edge, area.rules, style)
    if _likeness(area.body) < 3:  # some journals set the caption under the table
        top = min(line.base for line in caption)
        roof = max((b.bottom for b in prose if b.bottom < top and min(b.x1, x1) - max(b.x0, x0) > 20), default=0.0)
        above = [ln for ln in reversed(free) if roof < ln.base < top - 1]
        body = _run_of_rows(above, top, rules, style)
        if _likeness(body) >= 3:
            area.body = sorted(body, key=lambda ln: ln.base)
            area.rules = [rule for rule in rules if roof < rule[1] < top]
            small = [ln for ln in free if edge + 1 < ln.base < floor and ln.size < style.size - 0.6]
            notes_below = [ln for ln in small if ln.base - edge < 5 * ln.size]
    last = max((line.base for line in area.body), default=edge)
    area.rules = [rule for rule in area.rules if rule[1] < last + 12]
    _drop_leaders(area)
    _split_notes(area)
    area.notes += notes_below
    return area


def _run_of_rows(
    free: list[Line], edge: float, rules: list[tuple[float, float, float]], style: BodyStyle
) -> list[Line]:
    """Lines that follow each other from the caption on, downwards or upwards, up to a wide gap or running text."""
    found: list[Line] = []
    last = edge
    for line in free:
        low, high = sorted((last, line.base))
        ruled = any(low < rule[1] < high + 4 for rule in rules)
        if high - low > (90 if ruled else 34) + line.size or _leaves_table(found, line, style):
            break
        last = line.base
        found.append(line)
    return found


def _likeness(lines: list[Line]) -> int:
    """Rows with two pieces or more of which one is a value: what a table has and a paragraph or plot has not."""
    rows: dict[int, list[Line]] = {}
    for line in lines:
        rows.setdefault(round(line.base / 2), []).append(line)
    valued = [row for row in rows.values() if len(row) > 1 and any(line.text[:1].isdigit() for line in row)]
    return sum(1 for row in valued if any(line.text[:1].isalpha() for line in row))


def _leaves_table(body: list[Line], line: Line, style: BodyStyle) -> bool:
    """Whether a line is running text or a heading in larger type than the table's."""
    if len(body) < 3:
        return False
    sizes = sorted(other.size for other in body)
    usual = sizes[len(sizes) // 2]
    larger = line.size > usual + 0.6
    return larger and ((line.bold and line.size > style.size + 0.6) or (style.holds(line) and len(line.words) >= 5))


def _extent(page: PageWords, caption: list[Line], others: list[list[Line]], prose: list[Block]) -> tuple[float, float]:
    """Left and right end of a table: its rules if it has any, else the widest range free of running text."""
    left, right = min(line.x0 for line in caption), max(line.x1 for line in caption)
    top, bottom = caption[0].top, max(line.bottom for line in caption)
    near = [
        r for r in page.rules if top - 16 < r[1] < bottom + 70 and r[2] > left and r[0] < right and r[2] - r[0] > 90
    ]
    below = [b for b in prose if b.bottom > bottom and b.top < bottom + 60]
    low = max([b.x1 for b in below if b.x1 <= left + 5], default=0.0)
    high = min([b.x0 for b in below if b.x0 >= left + 30 and b.x0 > right - 30], default=page.width)
    for other in others:
        if abs(other[0].base - caption[0].base) < 30:
            if other[0].x0 > right:
                high = min(high, other[0].x0)
            elif max(line.x1 for line in other) < left:
                low = max(low, max(line.x1 for line in other))
    if near:
        x0, x1 = min(left, min(r[0] for r in near)), max(right, max(r[2] for r in near))
        if x1 - x0 > 150:
            return max(low, x0 - 3), min(high, x1 + 3)
    return low, high


def _floor(
    page: PageWords,
    start: tuple[float, float, float],
    others: list[list[Line]],
    prose: list[Block],
    rules: list[tuple[float, float, float]],
) -> float:
    x0, x1, bottom = start
    floor = page.height
    closing = max((r[1] for r in rules if r[2] - r[0] > 0.7 * (x1 - x0) and r[1] > bottom + 20), default=0.0)
    for other in others:
        top = other[0].top
        if top > bottom and min(line.x0 for line in other) < x1 and max(line.x1 for line in other) > x0:
            floor = min(floor, top)
    for block in prose:
        shared = min(block.x1, x1) - max(block.x0, x0)
        if block.top > bottom - 2 and shared > 0.4 * (block.x1 - block.x0):
            inside = block.bottom < closing and block.x1 - block.x0 < 0.6 * (x1 - x0)
            if not inside:
                floor = min(floor, block.top)
    return floor


_CONTINUED = re.compile(r"\(?continued(?: on (?:the )?next page)?\)?\.?", re.IGNORECASE)


def _drop_leaders(area: TableArea) -> None:
    """Lines of dots are rules, and "Continued" at the end is no cell."""
    kept: list[Line] = []
    for line in area.body:
        text = line.text.strip()
        if len(text) > 4 and not text.strip("._ ·-–—"):
            area.rules.append((line.x0, line.base, line.x1))
        elif not _CONTINUED.fullmatch(text):
            kept.append(line)
    area.body = kept


_NOTE = re.compile(
    r"^(?:[*†‡§¶#‖]|[a-z]\s?[A-Z(]|\(?[a-z]\)|abbreviations?\b|notes?\b|data (?:are|were|is|presented"
    r"|represent)|values? (?:are|were|in|represent)"
    r"|\w[\w/-]{0,9}\s?[=:,]\s|source\b|p[- ]values?\b|all \w+|plus[- ]minus|±|BMI|CI\b)",
    re.IGNORECASE,
)


def _split_notes(area: TableArea) -> None:
    """Lines after the last full rule, or closing lines of prose, are the table's notes."""
    if not area.body:
        return
    width = max(line.x1 for line in area.body) - min(line.x0 for line in area.body)
    full = [rule for rule in area.rules if rule[2] - rule[0] > 0.75 * width]
    ranked = sorted(area.body, key=lambda line: (line.base, line.x0))
    closing = max((rule[1] for rule in full), default=None) if len(full) >= 2 else None
    if closing is not None:
        after = [line for line in ranked if line.base > closing + 2]
        before = [line for line in ranked if line.base <= closing + 2]
        if before and len(after) <= 0.6 * len(before) + 6:
            area.body, area.notes = before, after
            return
    rows: list[list[Line]] = []
    for line in ranked:
        if rows and abs(rows[-1][0].base - line.base) < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    at = len(rows)
    while at > 1 and len(rows[at - 1]) == 1 and len(rows[at - 1][0].words) >= 4 and not rows[at - 1][0].bold:
        at -= 1
    while at < len(rows) and not _NOTE.match(rows[at][0].text):
        at += 1
    area.body = [line for row in rows[:at] for line in row]
    area.notes = [line for row in rows[at:] for line in row]
