"""Text under repair, each character with its place in the source.

Place in the flow: what the text readers edit before they freeze a `Passage`. `Chars("ab-\\ncd")` after
`edit([(2, 4, "")])` is "abcd" and still knows that "c" is character 4 of the source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.document import SourceMap

Edit = tuple[int, int, str]
"""`(start, end, replacement)`: the replacement's characters have no place of their own in the source."""


@dataclass(frozen=True, slots=True)
class Chars:
    """A text and, for each character, its offset in the decoded source (None if a repair put it in)."""

    text: str
    offsets: tuple[int | None, ...]

    @staticmethod
    def of(source: str, start: int = 0, end: int | None = None) -> Chars:
        """`source[start:end]` as it is."""
        stop = len(source) if end is None else end
        return Chars(source[start:stop], tuple(range(start, stop)))

    def __len__(self) -> int:
        return len(self.text)

    def slice(self, start: int, end: int) -> Chars:
        return Chars(self.text[start:end], self.offsets[start:end])

    def strip(self) -> Chars:
        """Without blanks at both ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.slice(start, max(start, len(self.text.rstrip())))

    def edit(self, edits: Iterable[Edit]) -> Chars:
        """Apply edits that are in text order and do not overlap."""
        texts: list[str] = []
        offsets: list[int | None] = []
        done = 0
        for start, end, replacement in edits:
            texts += (self.text[done:start], replacement)
            offsets += self.offsets[done:start]
            offsets += [None] * len(replacement)
            done = end
        texts.append(self.text[done:])
        offsets += self.offsets[done:]
        return Chars("".join(texts), tuple(offsets))

    def source_map(self) -> SourceMap:
        return SourceMap.from_offsets(self.offsets)


def join(pieces: Iterable[Chars], separator: str = "") -> Chars:
    """Pieces one after another, with a separator that stands nowhere in the source."""
    texts: list[str] = []
    offsets: list[int | None] = []
    for piece in pieces:
        if texts and separator:
            texts.append(separator)
            offsets += [None] * len(separator)
        texts.append(piece.text)
        offsets += piece.offsets
    return Chars("".join(texts), tuple(offsets))
