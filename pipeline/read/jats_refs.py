"""Reference lists of JATS articles.

Place in the flow: `jats.py` reads them first, because citation marks need each reference's printed number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.document import Reference
from pipeline.read.citation_line import find_doi, find_year
from pipeline.read.xml_pieces import attribute, flat, untagged
from pipeline.read.xml_tree import Node, parse

_CITATIONS = ("element-citation", "mixed-citation", "nlm-citation", "citation", "citation-alternatives")
_CITATION_TAGS = tuple((f"<{tag}", f"</{tag}>") for tag in _CITATIONS)
_FIELDS = "label surname collab year article-title data-title chapter-title pub-id ext-link uri".split()
_TAKEN = frozenset([*_CITATIONS, *_FIELDS])
_START = re.compile(rf"<(?:{'|'.join(_FIELDS)})(?:\s[^>]*)?>")
_FIELD = re.compile(rf"<({'|'.join(_FIELDS)})((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL)
_NUMBER = re.compile(r"\W*(\d{1,4}[a-z]?)\W*")


def read_references(article: Node) -> tuple[tuple[Reference, ...], dict[str, str]]:
    """The references, and the way from XML ids to their keys.

    Keys are the printed numbers if every reference has one, else the position in the list, from 1, for numbered
    styles without labels, else the XML ids.
    """
    back = article.child("back") or article
    nodes = [node for node in back.iter("ref") if _is_entry(node)]
    entries = [_entry(node) for node in nodes]
    labels = [entry.label() for entry in entries]
    numbered = all(labels) and len(set(labels)) == len(labels)
    keys: dict[str, str] = {}
    references: list[Reference] = []
    for number, (node, entry, label) in enumerate(zip(nodes, entries, labels, strict=True), start=1):
        identifier = node.get("id") or f"ref{number}"
        keys[identifier] = label if numbered and label else identifier
        for own in entry.ids:
            keys.setdefault(own, keys[identifier])
        references.append(entry.reference(keys[identifier]))
    return tuple(references), keys


def _is_entry(node: Node) -> bool:
    above = node.parent
    return above is not None and above.tag in {"ref-list", "back"}


@dataclass(slots=True)
class _Entry:
    """What one `<ref>` holds: its citation's text, the ids of its citations, `(start tag, text)` of fields by tag."""

    text: str
    ids: list[str]
    fields: dict[str, list[tuple[str, str]]]

    def label(self) -> str | None:
        """The printed number."""
        labels = self.fields.get("label")
        digits = _NUMBER.fullmatch(labels[0][1]) if labels else None
        return digits[1] if digits else None

    def reference(self, key: str) -> Reference:
        """The reference under this key."""
        get, none = self.fields.get, list[tuple[str, str]]()
        ids = {attribute(markup, "pub-id-type"): text for markup, text in get("pub-id", none)}
        titles = get("article-title") or get("data-title") or get("chapter-title")
        years = get("year")
        links = (text for _, text in get("ext-link", none) + get("uri", none))
        doi = ids.get("doi") or next((link for link in links if "10." in link), "")
        return Reference(
            key=key,
            text=self.text,
            authors=tuple([name for _, name in get("surname") or get("collab") or none if name]),
            year=find_year(years[0][1] if years else self.text),
            title=titles[0][1] if titles else None,
            doi=find_doi(doi) or (find_doi(self.text) if "10." in self.text else None),
            pmid=ids["pmid"] if (ids.get("pmid") or "").isdigit() else None,
        )


def _entry(node: Node) -> _Entry:
    inside = node.pieces.folded.get(node.index)
    if inside is None:
        return _of_nodes(node)
    return _of_text(node) or _of_nodes(parse(f"<ref>{inside}</ref>", what="A reference", fragment=True))


def _of_nodes(node: Node) -> _Entry:
    """The entry of a `<ref>` that was cut."""
    pieces, fields = node.pieces, dict[str, list[tuple[str, str]]]()
    inside = node.iter(*_CITATIONS, *_FIELDS)
    citations = [[inner for inner in inside if inner.tag == tag] for tag in _CITATIONS]
    for inner in inside:
        fields.setdefault(inner.tag, []).append((pieces.markup[inner.index], inner.text()))
    label = node.child("label")
    if label is not None:
        fields["label"].insert(0, (pieces.markup[label.index], label.text()))
    first = next((found[0] for found in citations if found), node)
    return _Entry(first.text(), [own for found in citations for one in found if (own := one.get("id"))], fields)


def _of_text(node: Node) -> _Entry | None:
    """The same from the source of a folded `<ref>`, three times as fast; None if it is not as simple as most are."""
    inside = node.pieces.folded[node.index]
    if _is_odd(inside):
        return None
    fields: dict[str, list[tuple[str, str]]] = {}
    for tag, markup, text in _FIELD.findall(inside):
        if "<" in text:
            if _START.search(text):
                return None
            text = untagged(text)
        fields.setdefault(tag, []).append((markup, flat(text)))
    if len(fields.get("label", ())) > 1:
        return None
    ids: list[str] = []
    span: tuple[int, int] | None = None
    for opening, closing in _CITATION_TAGS:
        at = inside.find(opening)
        while at >= 0:
            start = inside.index(">", at)
            markup = inside[at + 1 : start]
            if markup.split(None, 1)[0] == opening[1:]:
                if own := attribute(markup, "id"):
                    ids.append(own)
                if span is None:
                    span = start + 1, inside.find(closing, start)
                    if inside.find(opening, start, span[1]) >= 0:
                        return None
            at = inside.find(opening, start)
    start, end = span or (0, len(inside))
    text = untagged(inside[start:end])
    node.pieces.printed[node.index] = untagged(inside[:start]) + text + untagged(inside[end:])
    return _Entry(flat(text), ids, fields)


def _is_odd(inside: str) -> bool:
    """Whether a field is an empty element, or an end tag has a blank in it."""
    at = inside.find("/>")
    while at >= 0:
        if inside[inside.rindex("<", 0, at) + 1 : at].split(None, 1)[0] in _TAKEN:
            return True
        at = inside.find("/>", at + 1)
    return " >" in inside or "\n>" in inside or "\t>" in inside or "\r>" in inside
