"""How much of a JATS article was read, in printed characters.

Place in the flow: `jats.py` asks when the article's passages are there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from pipeline.read.jats_draft import Draft
from pipeline.read.xml_pieces import Pieces, untagged
from pipeline.read.xml_tree import Node


def coverage_of(article: Node, draft: Draft) -> float | None:
    """Share of the printed characters that were read: front matter and references count as read, they became fields."""
    pieces = article.pieces
    back = article.child("back")
    fields = [*article.children("front"), *(back.iter("ref-list") if back is not None else ())]
    spans = [(node.index, pieces.close(node.index)) for node in [article, *fields]]
    cuts = sorted({cut for span in spans for cut in span})
    counts = {first: _n_printed(pieces, first, last) for first, last in pairwise(cuts)}
    whole, *parsed = [sum([n for at, n in counts.items() if first <= at < last]) for first, last in spans]
    if not whole:
        return None
    inner = sum([_n_inked(p.text, " \n\t") for p in draft.passages if (p.xpath or "").find("/front/") < 0])
    dropped = sum([len(mark.keys) for p in draft.passages for mark in p.citations])
    return min(1.0, (sum(parsed) + inner + dropped + draft.dropped) / whole)


_REFERENCE = re.compile(r"&[^;&\s]{1,64};")
_BLANKS = tuple(character for character in map(chr, range(0x3001)) if character.isspace())
_ASCII_BLANKS = tuple(filter(str.isascii, _BLANKS))


def _n_printed(pieces: Pieces, first: int, last: int) -> int:
    """Characters after the tags of a range that are no blanks; a reference counts as one.

    What stands in CDATA does not count: formulas say there what they have said before.
    """
    texts = list(pieces.texts[first:last])
    for at, content in pieces.cdata.items():
        if first <= at < last:
            texts[at - first] = texts[at - first][len(content.replace("&", "&amp;")) :]
    texts += [untagged(inside) for at, inside in pieces.folded.items() if first <= at < last]
    text = "".join(texts)
    references = _REFERENCE.findall(text) if "&" in text else []
    count = _n_inked(text, _ASCII_BLANKS if text.isascii() else _BLANKS)
    return count - sum(map(len, references)) + len(references)


def _n_inked(text: str, blanks: Iterable[str]) -> int:
    """How many characters are no blanks, without making a copy."""
    return len(text) - sum([text.count(blank) for blank in blanks if blank in text])
