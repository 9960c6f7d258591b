"""What each block of a page is: running text, float, figure lettering or small print.

Place in the flow: between `pdf_layout` and `pdf_flow`; the body's own look (`body_style`) is the yardstick.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.read.pdf_chars import PageWords
from pipeline.read.pdf_floats import Floats, find_floats
from pipeline.read.pdf_headings import is_metadata
from pipeline.read.pdf_layout import Block, BodyStyle, Line, find_blocks, order_blocks, take_in_pieces


def body_style(lines: Sequence[Sequence[Line]]) -> BodyStyle:
    """The look in which most characters of full lines are set."""
    sizes: Counter[float] = Counter()
    fonts: dict[float, Counter[str]] = {}
    widths: dict[float, Counter[int]] = {}
    bold: Counter[bool] = Counter()
    for page_lines in lines:
        for line in page_lines:
            if len(line.words) < 5:
                continue
            size = round(line.size * 2) / 2
            weight = sum(len(word.text) for word in line.words)
            sizes[size] += weight
            fonts.setdefault(size, Counter())[line.font] += weight
            widths.setdefault(size, Counter())[round((line.x1 - line.x0) / 4) * 4] += 1
    if not sizes:
        return BodyStyle(10.0, frozenset(), 200.0)
    size = max(sizes.items(), key=lambda item: (item[1], item[0]))[0]
    total = sum(fonts[size].values())
    main = frozenset(font for font, weight in fonts[size].items() if weight >= 0.12 * total)
    for page_lines in lines:
        for line in page_lines:
            if line.font in main and abs(line.size - size) < 0.5:
                bold[line.bold] += 1
    width = max(widths[size].items(), key=lambda item: (item[1] * item[0], item[0]))[0]
    exact = Counter(line.size for page_lines in lines for line in page_lines if abs(line.size - size) <= 0.3)
    return BodyStyle(exact.most_common(1)[0][0] if exact else size, main, float(width), bold[True] > bold[False])


def page_blocks(page: PageWords, lines: list[Line], style: BodyStyle) -> list[Block]:
    """Blocks of one page in reading order, floats among them."""
    floats = find_floats(page, lines, style)
    blocks = take_in_pieces(find_blocks(floats.rest, page.number))
    for block in blocks:
        if _is_figure_text(block, page, style):
            in_front = page.number <= 2 and (is_metadata(block.text) or page.number == 1) and len(block.text) > 3
            block.kind = "meta" if in_front else "figure"
        elif _is_footnote(block, blocks, page, style):
            block.kind = "foot"
    kept = [block for block in blocks if block.kind != "figure"]
    return order_blocks(kept + _float_blocks(floats, page.number))


def _float_blocks(floats: Floats, number: int) -> list[Block]:
    found = [Block(lines, number, "caption").settle() for lines in floats.captions]
    for area in floats.tables:
        found.append(Block(area.caption, number, "caption").settle())
        if area.body:
            found.append(Block(area.body, number, "table", extra=area).settle())
        if area.notes:
            found.append(Block(area.notes, number, "notes").settle())
    return found


_FOOT = re.compile(
    r"^(?:[*†‡§¶#]|\d{1,2}\s?[A-Z]|[a-z]\s?[A-Z]|abbreviations?\b|notes?\b|supplement|supporting)", re.IGNORECASE
)


def _is_footnote(block: Block, blocks: list[Block], page: PageWords, style: BodyStyle) -> bool:
    """Small print at the foot of a column: affiliations, correspondence, licence, notes to the text."""
    if block.size > style.size - 0.6 or block.top < 0.55 * page.height:
        return False
    below = [
        other
        for other in blocks
        if other.top > block.bottom - 1 and min(other.x1, block.x1) - max(other.x0, block.x0) > 4
    ]
    if any(other.size > style.size - 0.6 for other in below):
        return False
    return bool(_FOOT.match(block.lines[0].text)) or is_metadata(block.text)


def _is_figure_text(block: Block, page: PageWords, style: BodyStyle) -> bool:
    """Labels inside pictures and plots: on a picture, or small scattered words in another look."""
    lines = block.lines
    n_words = sum(len(line.words) for line in lines)
    inside = any(
        x0 - 2 <= block.x0 and block.x1 <= x1 + 2 and top - 2 <= block.top and block.bottom <= bottom + 2
        for x0, top, x1, bottom in page.images
        if (x1 - x0) * (bottom - top) < 0.6 * page.width * page.height
    )
    if n_words == 1 and len(block.text) <= 2 and not block.text.isdigit():
        return True  # a panel's letter
    own = sum(style.holds(line) for line in lines) >= 0.5 * len(lines)
    if inside:
        return not (own and n_words > 30)
    if own or n_words > 12 * len(lines):
        return False
    letters = sum(char.isalpha() for line in lines for char in line.text)
    digits = sum(char.isdigit() for line in lines for char in line.text)
    drawn = page.paths > 25 or bool(page.images)
    small = lines[0].size < style.size - 0.4
    if digits and not letters and n_words > 1:
        return True  # marks of an axis, numbers at risk
    if digits >= letters and n_words <= 12 and not lines[0].bold:
        return True
    if lines[0].bold and not small:
        return False
    scattered = n_words / len(lines) < 7 and block.x1 - block.x0 < 0.7 * style.width
    foreign = not any(word.font in style.fonts for line in lines for word in line.words)
    return drawn and scattered and (small or (foreign and not re.search(r"[.?!:]$", block.text)))
