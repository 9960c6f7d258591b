"""Tables of plain-text papers: lines kept apart, cells found where the text shows them, decimal commas mended.

Place in the flow: `text.py` hands over the blocks between a table's caption and the text that follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document import Table
from pipeline.read.chars import Chars, Edit, join
from pipeline.read.words import Words, repair

_COMMA_DECIMAL = re.compile(r"(?<![\w.,])(\d{1,3}),(\d{1,2})(?=\s?(?:[a-zA-Zµμ%°]|±))")
_POINT_DECIMAL = re.compile(r"(?<![\w.,])\d{1,3}\.\d{1,2}(?=\s?(?:[a-zA-Zµμ%°]|±))")
_ZERO_COMMA = re.compile(r"(?<![\w.,])0,(\d{1,4})\b(?!,)")


def mend_decimals(chars: Chars) -> Chars:
    """Decimal commas of running text become points where the passage writes its measured numbers so.

    `0,05` is always a decimal; `3,5 mg` only if commas before a unit outnumber points ("at 5,10 mg/kg" is a list).
    """
    text = chars.text
    commas = list(_COMMA_DECIMAL.finditer(text))
    edits: list[Edit] = [(m.start() + 1, m.start() + 2, ".") for m in _ZERO_COMMA.finditer(text)]
    if len(commas) >= 2 and len(commas) > 2 * len(_POINT_DECIMAL.findall(text)):
        edits += [(m.end(1), m.end(1) + 1, ".") for m in commas]
    return chars.edit(sorted(set(edits)))


def table_chars(
    source: str, spans: Sequence[tuple[int, int]], words: Words, caption: str | None
) -> tuple[Chars, Table | None]:
    """The table's text, one source line a line; structured cells where the layout can be told, else None."""
    lines = []
    for start, end in spans:
        for match in re.finditer(r"[^\r\n]+", source[start:end]):
            line = repair(Chars.of(source, start + match.start(), start + match.end()), words)
            if line.text:
                lines.append(line)
    chars = join(lines, "\n")
    commas = list(_COMMA_DECIMAL.finditer(chars.text))
    if len(commas) >= 2:
        chars = chars.edit([(m.end(1), m.end(1) + 1, ".") for m in commas])
    return chars, None
