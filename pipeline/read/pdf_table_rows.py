"""Rows, pieces and cells of a printed table: the records that the table modules share.

Place in the flow: below `pdf_table` and `pdf_table_heads`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.read.pdf_chars import Word

VALUE = re.compile(r"^[<>≤≥=~±+−–(\[-]*\d|^(?:NA|NR|NS|ND|–|—|-|…)$")


@dataclass(slots=True, eq=False)
class Piece:
    """Words of one row with only word spaces between them."""

    words: list[Word]
    x0: float
    x1: float
    first: int = 0  # column
    last: int = 0

    @property
    def text(self) -> str:
        return "".join(("" if word.glued or not i else " ") + word.text for i, word in enumerate(self.words))


@dataclass(slots=True, eq=False)
class Row:
    """Pieces on one baseline."""

    base: float
    size: float
    pieces: list[Piece]

    def stub(self) -> Piece | None:
        return next((piece for piece in self.pieces if piece.first == 0), None)

    def has_values(self) -> bool:
        return any(piece.first > 0 and VALUE.match(piece.text) for piece in self.pieces)


@dataclass(slots=True)
class GridCell:
    """One cell: its lines of words from top to bottom, and the columns it spans."""

    lines: list[list[Word]]
    column: int
    span: int = 1
