"""Reference lists of JATS articles.

Place in the flow: `jats.py` reads them first, because citation marks need each reference's printed number.
"""

from __future__ import annotations

import re

from pipeline.document import Reference
from pipeline.read.citation_line import find_doi, find_year
from pipeline.read.xml_pieces import Pieces, attribute
from pipeline.read.xml_tree import Node

_CITATIONS = ("element-citation", "mixed-citation", "nlm-citation", "citation", "citation-alternatives")
_FIELDS = "label surname collab year article-title data-title chapter-title pub-id ext-link uri".split()
_TAKEN = frozenset([*_CITATIONS, *_FIELDS])
_LISTS = frozenset(["ref-list", "back"])
_NUMBER = re.compile(r"\W*(\d{1,4}[a-z]?)\W*")


def read_references(article: Node) -> tuple[tuple[Reference, ...], dict[str, str]]:
    """The references, and the way from XML ids to their keys.

    Keys are the printed numbers if every reference has one, else the position in the list, from 1, for numbered
    styles without labels, else the XML ids.
    """
    entries = _entries(article.child("back") or article)
    labels = [entry.label() for entry in entries]
    numbered = all(labels) and len(set(labels)) == len(labels)
    keys: dict[str, str] = {}
    references: list[Reference] = []
    for number, (entry, label) in enumerate(zip(entries, labels, strict=True), start=1):
        identifier = entry.id() or f"ref{number}"
        keys[identifier] = label if numbered and label else identifier
        for own in entry.ids():
            keys.setdefault(own, keys[identifier])
        references.append(entry.reference(keys[identifier]))
    return tuple(references), keys


class _Entry:
    """One `<ref>`: its number, and those of the citations and fields in it by tag. Texts are read when asked for."""

    __slots__ = ("found", "number", "pieces")

    def __init__(self, pieces: Pieces, number: int) -> None:
        self.pieces, self.number = pieces, number
        self.found: dict[str, list[int]] = {}

    def id(self) -> str | None:
        """Its XML id."""
        return attribute(self.pieces.markup[self.number], "id")

    def texts(self, *tags: str) -> list[str]:
        """The texts of the fields of the first of these kinds that there is."""
        for tag in tags:
            if tag in self.found:
                return list(map(self.pieces.text, self.found[tag]))
        return []

    def first(self, *tags: str) -> str | None:
        """The first of these texts."""
        for tag in tags:
            if tag in self.found:
                return self.pieces.text(self.found[tag][0])
        return None

    def label(self) -> str | None:
        """The printed number."""
        labels = self.found.get("label")
        if not labels:
            return None
        own = [number for number in labels if len(labels) > 1 and self.pieces.parent(number) == self.number]
        digits = _NUMBER.fullmatch(self.pieces.text((own or labels)[0]))
        return digits[1] if digits else None

    def ids(self) -> list[str]:
        """The XML ids of its citations."""
        citations = [number for tag in _CITATIONS if tag in self.found for number in self.found[tag]]
        return [own for number in citations if (own := attribute(self.pieces.markup[number], "id"))]

    def reference(self, key: str) -> Reference:
        """The reference under this key."""
        citation = self.first(*_CITATIONS)
        text = self.pieces.text(self.number) if citation is None else citation
        ids = self._public_ids()
        year, title = self.first("year"), self.first("article-title", "data-title", "chapter-title")
        doi = ids.get("doi") or self._link()
        return Reference(
            key=key,
            text=text,
            authors=tuple(filter(None, self.texts("surname", "collab"))),
            year=find_year(text if year is None else year),
            title=title,
            doi=find_doi(doi) or (find_doi(text) if "10." in text else None),
            pmid=ids["pmid"] if (ids.get("pmid") or "").isdigit() else None,
        )

    def _link(self) -> str:
        """The first link that may hold a DOI."""
        links = [*self.texts("ext-link"), *self.texts("uri")]
        return next((link for link in links if "10." in link), "")

    def _public_ids(self) -> dict[str | None, str]:
        """Identifiers by their kinds."""
        pieces = self.pieces
        numbers = self.found.get("pub-id", ())
        return {attribute(pieces.markup[number], "pub-id-type"): pieces.text(number) for number in numbers}


def _entries(back: Node) -> list[_Entry]:
    """The entries of the lists in the back matter, or in what stands in its place."""
    pieces, start = back.pieces, back.index + 1
    entries: list[_Entry] = []
    end = 0
    for number, tag in enumerate(pieces.tags[start : pieces.close(back.index)], start):
        if tag in _TAKEN:
            if number < end:
                entries[-1].found.setdefault(tag, []).append(number)
        elif tag == "ref" and (number == end + 1 or pieces.tags[pieces.parent(number)] in _LISTS):
            entries.append(_Entry(pieces, number))
            end = pieces.close(number)
    return entries
