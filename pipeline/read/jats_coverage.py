"""How much of a JATS article was read, in printed characters.

Place in the flow: `jats.py` asks when the article's passages are there.
"""

from __future__ import annotations

import re

from pipeline.read.jats_draft import Draft
from pipeline.read.xml_tree import Node

_TAG = re.compile(r"<[^>]*>")
_REFERENCE = re.compile(r"&[^;\s]{1,12};")


def coverage_of(article: Node, draft: Draft) -> float | None:
    """Share of the printed characters that were read: front matter and references count as read, they became fields."""
    whole = _n_printed(draft.source, article)
    if not whole:
        return None
    back = article.child("back")
    fields = [*article.children("front"), *(back.iter("ref-list") if back is not None else ())]
    parsed = sum(_n_printed(draft.source, node) for node in fields if node.start >= 0)
    inner = sum(_n_inked(p.text) for p in draft.passages if (p.xpath or "").find("/front/") < 0)
    dropped = sum(len(mark.keys) for p in draft.passages for mark in p.citations)
    return min(1.0, (parsed + inner + dropped + draft.dropped) / whole)


def _n_printed(source: str, node: Node) -> int:
    return _n_inked(_REFERENCE.sub("x", _TAG.sub("", source[node.start : node.end])))


_BLANKS = tuple(character for character in map(chr, range(0x3001)) if character.isspace())


def _n_inked(text: str) -> int:
    """How many characters are no blanks, without making a copy."""
    return len(text) - sum(map(text.count, _BLANKS))
