"""Reference lists of JATS articles.

Place in the flow: `jats.py` reads them first, because citation marks need each reference's printed number.
"""

from __future__ import annotations

import re

from pipeline.document import Reference
from pipeline.read.citation_line import find_doi, find_year
from pipeline.read.xml_pieces import Pieces
from pipeline.read.xml_tree import Node

_CITATIONS = ("element-citation", "mixed-citation", "nlm-citation", "citation", "citation-alternatives")
_NUMBER = re.compile(r"\W*(\d{1,4}[a-z]?)\W*")


def read_references(article: Node) -> tuple[tuple[Reference, ...], dict[str, str]]:
    """The references, and the way from XML ids to their keys.

    Keys are the printed numbers if every reference has one, else the position in the list, from 1, for numbered
    styles without labels, else the XML ids.
    """
    back = article.child("back") or article
    nodes = [node for node in back.iter("ref") if node.parent is not None and node.parent.tag in {"ref-list", "back"}]
    inside = [_parts(node) for node in nodes]
    labels = [_label(node.pieces, node.index, parts) for node, parts in zip(nodes, inside, strict=True)]
    numbered = all(labels) and len(set(labels)) == len(labels)
    keys: dict[str, str] = {}
    references: list[Reference] = []
    for number, (node, parts, label) in enumerate(zip(nodes, inside, labels, strict=True), start=1):
        identifier = node.get("id") or f"ref{number}"
        keys[identifier] = label if numbered and label else identifier
        for tag in _CITATIONS:
            for inner in parts.get(tag, ()):
                if own := Node(node.pieces, inner).get("id"):
                    keys.setdefault(own, keys[identifier])
        references.append(_reference(node, parts, keys[identifier]))
    return tuple(references), keys


_Parts = dict[str, list[int]]
"""Numbers of the elements in a reference, by tag."""


def _parts(node: Node) -> _Parts:
    parts: _Parts = {}
    start = node.index + 1
    for number, tag in enumerate(node.pieces.tags[start : node.pieces.close[node.index]], start):
        if tag:
            parts.setdefault(tag, []).append(number)
    return parts


def _label(pieces: Pieces, number: int, parts: _Parts) -> str | None:
    labels = parts.get("label")
    if not labels:
        return None
    own = next((label for label in labels if pieces.parents[label] == number), labels[0])
    digits = _NUMBER.fullmatch(pieces.text(own))
    return digits[1] if digits else None


def _reference(node: Node, parts: _Parts, key: str) -> Reference:
    pieces, none = node.pieces, list[int]()
    citation = next((parts[tag][0] for tag in _CITATIONS if tag in parts), node.index)
    ids = {Node(pieces, inner).get("pub-id-type"): pieces.text(inner) for inner in parts.get("pub-id", none)}
    titles = parts.get("article-title") or parts.get("data-title") or parts.get("chapter-title")
    years = parts.get("year")
    text = pieces.text(citation)
    links = (pieces.text(inner) for inner in parts.get("ext-link", none) + parts.get("uri", none))
    doi = ids.get("doi") or next((link for link in links if "10." in link), "")
    authors = [pieces.text(name) for name in parts.get("surname") or parts.get("collab") or none]
    return Reference(
        key=key,
        text=text,
        authors=tuple(author for author in authors if author),
        year=find_year(pieces.text(years[0])) if years else find_year(text),
        title=pieces.text(titles[0]) if titles else None,
        doi=find_doi(doi) or (find_doi(text) if "10." in text else None),
        pmid=ids["pmid"] if (ids.get("pmid") or "").isdigit() else None,
    )
