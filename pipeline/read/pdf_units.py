"""Paragraphs and headings inside blocks, and whether a paragraph goes on elsewhere.

Place in the flow: `pdf_flow` walks over the units that are cut here.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter

from pipeline.read.pdf_headings import ABSTRACT, BACK, ENDS, MAIN, REFERENCES
from pipeline.read.pdf_layout import Block, BodyStyle, Line


def look_of(line: Line) -> tuple[str, float, bool]:
    return (line.font, round(line.size, 1), line.text.isupper())


def split_units(block: Block, style: BodyStyle) -> list[list[Line]]:
    """Paragraphs and headings of a block: parted by indents, gaps, short last lines and changes of look."""
    lines = block.lines
    if len(lines) == 1:
        return [lines]
    edge = Counter(round(line.x0) for line in lines).most_common(1)[0][0]
    left = min(edge, *(line.x0 for line in lines)) if len(lines) < 4 else edge
    steps = sorted(b.base - a.base for a, b in itertools.pairwise(lines))
    usual = steps[len(steps) // 2] if steps else 0.0
    units = [[lines[0]]]
    for before, line in itertools.pairwise(lines):
        if _starts_unit(before, line, (left, block.x1, usual), style):
            units.append([line])
        else:
            units[-1].append(line)
    return units


def _starts_unit(before: Line, line: Line, frame: tuple[float, float, float], style: BodyStyle) -> bool:
    left, right, usual = frame
    em = line.size
    if line.base - before.base > 1.35 * usual and line.base - before.base > usual + 2:
        return True
    if (
        look_of(before) != look_of(line)
        or before.bold != line.bold
        or MAIN.match(before.text)
        or REFERENCES.match(line.text)
    ):
        heads = _is_head_line(before, style), _is_head_line(line, style)
        if heads[0] != heads[1]:
            runs_in = heads[0] and line.words[0].font == before.words[-1].font and before.text[-1] not in ".:?"
            if not runs_in:
                return True
    set_in = line.x0 - left
    if 0.6 * em < set_in < 4 * em and before.x0 - left < 0.5 * em:
        return True
    ends_short = before.x1 < right - 2.5 * em and bool(ENDS.search(before.text))
    return ends_short and (line.text[:1].isupper() or line.text[:1].isdigit() or line.text[:1] in "•·–-[(“")


def _is_head_line(line: Line, style: BodyStyle) -> bool:
    """Whether every word of a short line looks like a heading."""
    text = line.text.strip()
    if len(line.words) > 16 or not any(c.isalpha() for c in text):
        return False
    if REFERENCES.match(text) or MAIN.match(text) or ABSTRACT.match(text):
        return True
    if text[-1] in ",;" or not (text[0].isupper() or text[0].isdigit() or text[0] in "“‘") or "://" in text:
        return False
    bold = all(word.bold or not word.text.isalnum() for word in line.words) and not style.bold
    larger = line.size > style.size + 0.6
    italic = all(word.italic or not any(c.isalpha() for c in word.text) for word in line.words) and text[-1] != "."
    caps = text.isupper() and sum(c.isalpha() for c in text) >= 5 and text[-1] != "."
    apart = all(word.font not in style.fonts for word in line.words if word.text.isalpha())
    other_font = apart and line.font not in style.fonts and abs(line.size - style.size) <= 3 and text[-1] not in ".,-"
    return bold or larger or italic or caps or (other_font and len(line.words) <= 8)


def is_heading(unit: list[Line], style: BodyStyle) -> bool:
    """A heading is short, looks apart from the running text and is no sentence."""
    if len(unit) > 4 or sum(len(line.words) for line in unit) > 30:
        return False
    text = unit[-1].text.rstrip()
    if (
        text.endswith((".", ",", ";"))
        and not re.match(r"^\d+(?:\.\d+)*\.?\s", unit[0].text)
        and not BACK.match(text.rstrip("."))
    ):
        return False
    return all(
        _is_head_line(line, style) or (index and line.size > style.size) or (index and line.bold)
        for index, line in enumerate(unit)
    )


def continues(before: list[Line], unit: list[Line]) -> bool:
    """Whether a unit goes on with the sentence of the paragraph before it (over a column or a page)."""
    last, first = before[-1], unit[0]
    if abs(last.size - first.size) > 0.6:
        return False
    text, start = last.text.rstrip(), first.text.lstrip()
    if not text or not start:
        return False
    if text[-1] == "-" and start[0].isalpha():
        return True
    while last.words and last.words[-1].raised and len(text) > len(last.words[-1].text):
        text = text[: -len(last.words[-1].text)].rstrip()
        break
    if ENDS.search(text) and not re.search(r"\b(?:vs|e\.g|i\.e|Fig|Figs|al|no|ca|approx)\.$", text):
        return start[0].islower() and text[-1] not in ".?!:" and True
    if start[0] in "•▪■◦":
        return False
    full = last.x1 - last.x0 > 0.6 * max(line.x1 - line.x0 for line in before) or len(before) == 1
    return start[0].islower() or start[0] in "([<>=≥≤±+−%" or start[0].isdigit() or full
