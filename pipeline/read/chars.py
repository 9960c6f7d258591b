"""Text under repair, each character with its place in the source.

Place in the flow: what the text readers edit before they freeze a `Passage`. `Chars.of("ab-\\ncd")` after
`edit([(2, 4, "")])` is "abcd" and still knows that "c" is character 4 of the source.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.document import SourceMap

Edit = tuple[int, int, str]
"""`(start, end, replacement)`: the replacement's characters have no place of their own in the source."""

Run = tuple[int, int, int]
"""`(text_start, source_start, length)`: characters copied one for one, as in `SourceMap.segments`."""


@dataclass(slots=True)  # not frozen, which would take four times as long for each of hundreds; no method changes one
class Chars:
    """A text and the runs of it that stand in the decoded source; characters in no run were put in by a repair."""

    text: str
    runs: tuple[Run, ...] = ()

    @staticmethod
    def of(source: str, start: int = 0, end: int | None = None) -> Chars:
        """`source[start:end]` as it is."""
        text = source[start:end]
        return Chars(text, ((0, start, len(text)),) if text else ())

    def __len__(self) -> int:
        return len(self.text)

    def slice(self, start: int, end: int) -> Chars:
        """`text[start:end]` with its places."""
        if start == 0 and end >= len(self.text):
            return self
        return Chars(self.text[start:end], tuple(_clip(self.runs, start, end, -start)))

    def strip(self) -> Chars:
        """Without blanks at both ends."""
        text = self.text
        if not text or not (text[0].isspace() or text[-1].isspace()):
            return self
        start = len(text) - len(text.lstrip())
        return self.slice(start, max(start, len(text.rstrip())))

    def edit(self, edits: Iterable[Edit]) -> Chars:
        """Apply edits that are in text order and do not overlap."""
        texts: list[str] = []
        runs: list[Run] = []
        done = length = 0
        for start, end, replacement in edits:
            texts += (self.text[done:start], replacement)
            runs += _clip(self.runs, done, start, length - done)
            length += start - done + len(replacement)
            done = end
        if not texts:
            return self
        texts.append(self.text[done:])
        runs += _clip(self.runs, done, len(self.text), length - done)
        return Chars("".join(texts), tuple(_merge(runs)))

    def moved(self, by: int) -> Chars:
        """The same text, standing `by` characters further on in the source."""
        return Chars(self.text, tuple((at, start + by, length) for at, start, length in self.runs))

    def source_map(self) -> SourceMap:
        """The places, as a passage keeps them."""
        return SourceMap(self.runs)


def _clip(runs: Sequence[Run], start: int, end: int, shift: int) -> list[Run]:
    """The parts of the runs inside `[start, end)`, their text positions moved by `shift`."""
    clipped: list[Run] = []
    for number in range(max(0, bisect_left(runs, (start,)) - 1), len(runs)):
        at, source, length = runs[number]
        if at >= end:
            break
        low = at if at > start else start
        high = at + length if at + length < end else end
        if low < high:
            clipped.append((low + shift, source + low - at, high - low))
    return clipped


def _merge(runs: Iterable[Run]) -> list[Run]:
    """Runs that follow each other in text and source become one."""
    merged: list[Run] = []
    for at, source, length in runs:
        if merged:
            last_at, last_source, last_length = merged[-1]
            if last_at + last_length == at and last_source + last_length == source:
                merged[-1] = (last_at, last_source, last_length + length)
                continue
        merged.append((at, source, length))
    return merged


def join(pieces: Iterable[Chars], separator: str = "") -> Chars:
    """Pieces one after another, with a separator that stands nowhere in the source."""
    texts: list[str] = []
    runs: list[Run] = []
    length = 0
    text_end = source_end = -1  # of the last run
    for piece in pieces:
        if texts and separator:
            texts.append(separator)
            length += len(separator)
        texts.append(piece.text)
        for run in piece.runs:
            at, source, n = run
            at += length
            if at == text_end and source == source_end:
                n += runs.pop()[2]
                at, source = text_end - n + run[2], source_end - n + run[2]
            runs.append((at, source, n))
            text_end, source_end = at + n, source + n
        length += len(piece.text)
    return Chars("".join(texts), tuple(runs))
