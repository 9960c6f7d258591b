"""The lines of a caption and of a figure's legend, from the line with the label on.

Place in the flow: asked by `pdf_floats`, which finds the labels.
"""

from __future__ import annotations

from pipeline.read.pdf_layout import Block, BodyStyle, Line


def caption_lines(first: Line, blocks: list[Block], starts: set[int]) -> list[Line]:
    """The caption's lines: from its label on while font size and leading stay the same."""
    block = next(block for block in blocks if any(line is first for line in block.lines))
    at = next(i for i, line in enumerate(block.lines) if line is first)
    group = [first]
    for line in block.lines[at + 1 :]:
        step = line.base - group[-1].base
        if id(line) in starts or abs(line.size - first.size) > 0.4 or step > 1.7 * first.size:
            break
        if len(group) > 1 and step > 1.25 * (group[1].base - group[0].base):
            break
        if (
            len(group) > 1
            and line.font != group[-1].font
            and line.bold != group[-1].bold
            and group[-1].x1 < 0.8 * max(g.x1 for g in group)
        ):
            break
        group.append(line)
    if len(group) == 1 and len(first.words) <= 3:  # the label stands alone: its title is the block below
        below = [
            b
            for b in blocks
            if 0 < b.lines[0].base - first.base < 2.6 * first.size and b.x0 < first.x1 + 200 and b.x1 > first.x0
        ]
        below = [b for b in below if b is not block and abs(b.x0 - first.x0) < 60]
        if below:
            nearest = min(below, key=lambda b: (b.lines[0].base, b.x0))
            group += [
                line
                for line in nearest.lines[:4]
                if id(line) not in starts and abs(line.size - nearest.lines[0].size) < 0.3
            ]
    return group


def legend(group: list[Line], blocks: list[Block], known: set[int], style: BodyStyle) -> list[Line]:
    """Lines of a figure's legend in other type below its title, or in a second column beside it."""
    found: list[Line] = []
    seen = {id(line) for line in group} | known
    while True:
        last = [*group, *found][-1]
        left, top = group[0].x0, group[0].base
        for block in blocks:
            lines = [line for line in block.lines if id(line) not in seen]
            if not lines or style.holds(lines[0]) or abs(lines[0].size - group[0].size) > 1.3:
                continue
            below = 0 < lines[0].base - last.base < 2.1 * last.size and abs(lines[0].x0 - left) < 15
            beside = abs(lines[0].base - top) < 3 and lines[0].x0 > max(line.x1 for line in group) and len(group) > 2
            if below or (beside and last.text[-1] not in ".:" and len(lines[0].words) > 3):
                found += lines
                seen |= {id(line) for line in lines}
                break
        else:
            if found or group[-1].text[-1] in ".:":
                return found
            found = _legend_below_picture(group, blocks, seen, style)
            if not found:
                return []
            seen |= {id(line) for line in found}


def _legend_below_picture(group: list[Line], blocks: list[Block], seen: set[int], style: BodyStyle) -> list[Line]:
    """The first lines of a legend that stands below its picture, whose title stands above.

    They are sentences in small print that begin right below the title's start, with no running text and no other
    caption in between.
    """
    left, bottom = group[0].x0, group[-1].base
    right = max(line.x1 for line in group)
    below = sorted((block for block in blocks if block.lines[0].base > bottom), key=lambda block: block.lines[0].base)
    for block in below:
        first = block.lines[0]
        is_small = first.size < style.size - 0.6 and abs(first.size - group[0].size) <= 1.3
        if is_small and abs(first.x0 - left) < 3 and _is_wordy(first) and not style.holds(first):
            return [line for line in block.lines if id(line) not in seen]
        if first.x0 < right and block.x1 > left and any(id(line) in seen or style.holds(line) for line in block.lines):
            return []
    return []


def _is_wordy(line: Line) -> bool:
    """Whether a line is of words, as sentences are and the lettering of plots is not."""
    return sum([word.text.isalpha() for word in line.words]) >= 6
