"""Citation numbers in running text: superscripts glued to words (`studies2-5`), brackets (`[2 -5]`).

Place in the flow: plain-text and PDF readers take them off the text and keep them as `CitationMark`s. A number is only
taken for a citation where the document as a whole shows the habit, because "IL6" and "CD20" look the same.
"""

from __future__ import annotations

import re

from pipeline.document import CitationMark
from pipeline.read.chars import Chars, Edit

_NUMBERS = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*"
_GLUED = re.compile(
    rf"(?:(?<![^\W\d_])(?P<word>[^\W\d_]{{0,40}}[a-z]{{2}})|(?<=[A-Za-z])\))(?P<numbers>{_NUMBERS})(?=[\s.,;:)]|$)"
)
_AFTER_STOP = re.compile(rf"(?<=[a-z)][.,;])(?P<numbers>{_NUMBERS})(?=\s+[A-Z(]|$)")
_BRACKETS = re.compile(rf" ?\[(?P<numbers>{_NUMBERS})\]")
_LABELS = frozenset(
    "day days week weeks month months year years phase type case group grade stage table tables figure fig "
    "figures visit level arm cohort patient class step cycle omega interleukin covid study trial part section "
    "box appendix number score period time dose factor vitamin complement angiotensin glucagon".split()
)
_MEASURED = re.compile(
    r"(?:\d\s*%?|±[^ ]*|\d\s?[A-Za-zµμ/%²]{1,8}|\b(?:IQR|range|CI|SD|median|mean|interval|n|ratio)[:=,]?)\s*$"
)
_LEAST_MARKS = 4


class CitationHabit:
    """How one document cites: whether glued numbers and bracketed numbers are citations in it."""

    def __init__(self, text: str) -> None:
        glued = [m for m in _GLUED.finditer(text) if _is_citing_word(m["word"] or "")]
        self.glued = len({m[0] for m in glued}) >= _LEAST_MARKS and _starts_low(m["numbers"] for m in glued)
        brackets = [
            m for m in _BRACKETS.finditer(text) if not _MEASURED.search(text[max(0, m.start() - 14) : m.start()])
        ]
        self.brackets = self.glued or (len(brackets) >= 2 and _starts_low(m["numbers"] for m in brackets))

    def take_off(self, chars: Chars) -> tuple[Chars, tuple[CitationMark, ...]]:
        """The text without its citation numbers, and a mark where each stood."""
        found: list[tuple[int, int, str]] = []
        text = chars.text
        if self.glued:
            found += [
                (m.start("numbers"), m.end("numbers"), m["numbers"])
                for m in _GLUED.finditer(text)
                if _is_citing_word(m["word"] or "")
            ]
            found += [(m.start("numbers"), m.end("numbers"), m["numbers"]) for m in _AFTER_STOP.finditer(text)]
        if self.brackets:
            found += [
                (m.start(), m.end(), m["numbers"])
                for m in _BRACKETS.finditer(text)
                if not _MEASURED.search(text[max(0, m.start() - 14) : m.start()])
            ]
        edits: list[Edit] = []
        marks: list[CitationMark] = []
        removed = 0
        for start, end, numbers in sorted(found):
            if edits and start < edits[-1][1]:
                continue
            edits.append((start, end, ""))
            marks.append(CitationMark(start - removed, expand(numbers)))
            removed += end - start
        return chars.edit(edits), tuple(marks)


def _is_citing_word(word: str) -> bool:
    return word.lower() not in _LABELS


def _starts_low(groups: object) -> bool:
    """Reference lists start at 1: a habit shows small numbers, and not one number all the time."""
    numbers = {int(n) for group in groups for n in re.findall(r"\d+", group)}  # type: ignore[attr-defined]
    return len(numbers) >= 3 and min(numbers, default=99) <= 3


def expand(numbers: str) -> tuple[str, ...]:
    """`"2 -5,7"` → `("2", "3", "4", "5", "7")`; a range that runs backwards or is too long is left at its ends."""
    keys: list[str] = []
    for part in re.split(r"\s?[,;]\s?", numbers):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        if len(ends) == 2 and ends[0] < ends[1] <= ends[0] + 30:
            keys += [str(n) for n in range(ends[0], ends[1] + 1)]
        else:
            keys += [str(n) for n in ends]
    return tuple(dict.fromkeys(keys))
