"""Reference lists of JATS articles.

Place in the flow: `jats.py` reads them first, because citation marks need each reference's printed number.
"""

from __future__ import annotations

import re

from pipeline.document import Reference
from pipeline.read.citation_line import find_doi, find_year
from pipeline.read.xml_tree import Node

_CITATIONS = ("element-citation", "mixed-citation", "nlm-citation", "citation", "citation-alternatives")


def read_references(article: Node) -> tuple[tuple[Reference, ...], dict[str, str]]:
    """The references, and the way from XML ids to their keys.

    Keys are the printed numbers if every reference has one, else the position in the list, from 1, for numbered
    styles without labels, else the XML ids.
    """
    back = article.child("back") or article
    nodes = [node for node in back.iter("ref") if node.parent is not None and node.parent.tag in {"ref-list", "back"}]
    labels = [_label(node) for node in nodes]
    numbered = all(labels) and len(set(labels)) == len(labels)
    keys: dict[str, str] = {}
    references: list[Reference] = []
    for number, (node, label) in enumerate(zip(nodes, labels, strict=True), start=1):
        identifier = node.get("id") or f"ref{number}"
        keys[identifier] = label if numbered and label else identifier
        for inner in node.iter(*_CITATIONS):
            if inner.get("id"):
                keys.setdefault(inner.get("id") or "", keys[identifier])
        references.append(_reference(node, keys[identifier]))
    return tuple(references), keys


def _label(node: Node) -> str | None:
    label = node.child("label") or next((n for n in node.iter("label")), None)
    digits = re.fullmatch(r"\W*(\d{1,4}[a-z]?)\W*", label.text()) if label is not None else None
    return digits[1] if digits else None


def _reference(node: Node, key: str) -> Reference:
    parts: dict[str, list[Node]] = {}
    for inner in node.iter():
        parts.setdefault(inner.tag, []).append(inner)
    citation = next((parts[tag][0] for tag in _CITATIONS if tag in parts), node)
    ids = {inner.get("pub-id-type"): inner.text() for inner in parts.get("pub-id", ())}
    titles = [*parts.get("article-title", ()), *parts.get("data-title", ()), *parts.get("chapter-title", ())]
    years = parts.get("year")
    text = citation.text()
    links = (inner.text() for inner in (*parts.get("ext-link", ()), *parts.get("uri", ())))
    doi = ids.get("doi") or next((link for link in links if "10." in link), "")
    names = parts.get("surname") or parts.get("collab") or []
    authors = [name.text() for name in names]
    return Reference(
        key=key,
        text=text,
        authors=tuple(author for author in authors if author),
        year=find_year(years[0].text()) if years else find_year(text),
        title=titles[0].text() if titles else None,
        doi=find_doi(doi) or (find_doi(text) if "10." in text else None),
        pmid=ids["pmid"] if (ids.get("pmid") or "").isdigit() else None,
    )
