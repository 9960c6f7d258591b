"""How much of a JATS article was read, in printed characters.

Place in the flow: `jats.py` asks when the article's passages are there.
"""

from __future__ import annotations

from itertools import pairwise

from pipeline.read.jats_draft import Draft
from pipeline.read.xml_pieces import REFERENCE, Pieces
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
    inner = _n_inked("".join([p.text for p in draft.passages if "/front/" not in (p.xpath or "")]))
    dropped = sum([len(mark.keys) for p in draft.passages for mark in p.citations])
    return min(1.0, (sum(parsed) + inner + dropped + draft.dropped) / whole)


_ASCII = bytes(range(128))
_BLANKS = bytes(sign for sign in _ASCII if chr(sign).isspace())


def _n_printed(pieces: Pieces, first: int, last: int) -> int:
    """Characters after the tags of a range that are no blanks; a reference counts as one.

    What stands in CDATA does not count: formulas say there what they have said before.
    """
    texts = list(pieces.texts[first:last])
    for at, content in pieces.cdata.items():
        if first <= at < last:
            texts[at - first] = texts[at - first][len(content.replace("&", "&amp;")) :]
    text = "".join(texts)
    references = REFERENCE.findall(text) if "&" in text else []
    return _n_inked(text) - sum(map(len, references)) + len(references)


def _n_inked(text: str) -> int:
    """How many characters are no blanks."""
    data = text.encode("utf-8", "surrogatepass")
    n_blanks = len(data) - len(data.translate(None, _BLANKS))
    others = "" if text.isascii() else data.translate(None, _ASCII).decode("utf-8", "surrogatepass")
    return len(text) - n_blanks - sum(map(str.isspace, others))
