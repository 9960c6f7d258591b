"""How much of a JATS article was read, in printed characters.

Place in the flow: `jats.py` asks when the article's passages are there.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.read.jats_draft import Draft
from pipeline.read.xml_tree import Node


def coverage_of(article: Node, draft: Draft) -> float | None:
    """Share of the printed characters that were read: front matter and references count as read, they became fields."""
    whole = _n_printed(article)
    if not whole:
        return None
    back = article.child("back")
    fields = [*article.children("front"), *(back.iter("ref-list") if back is not None else ())]
    parsed = sum(map(_n_printed, fields))
    inner = sum(_n_inked(p.text, " \n\t") for p in draft.passages if (p.xpath or "").find("/front/") < 0)
    dropped = sum(len(mark.keys) for p in draft.passages for mark in p.citations)
    return min(1.0, (parsed + inner + dropped + draft.dropped) / whole)


def _n_printed(node: Node) -> int:
    text = node.pieces.printed(node.index)
    return _n_inked(text, _ASCII_BLANKS if text.isascii() else _BLANKS)


_BLANKS = tuple(character for character in map(chr, range(0x3001)) if character.isspace())
_ASCII_BLANKS = tuple(filter(str.isascii, _BLANKS))


def _n_inked(text: str, blanks: Iterable[str]) -> int:
    """How many characters are no blanks, without making a copy."""
    return len(text) - sum(text.count(blank) for blank in blanks if blank in text)
