"""PubMed / MEDLINE XML, also yearly `.xml.gz` files → one `Document` a record, streamed.

Place in the flow: `read_documents` calls it for `PubmedArticleSet` and its kin. The file is never held as a whole: text
is decoded in pieces, cut at record ends, and each record is parsed on its own. So memory is that of one record, offsets
index the decoded file, and a broken record costs itself only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.document import Document, Section, Source
from pipeline.errors import UnreadableSource
from pipeline.evidence import Failure
from pipeline.read.chars import Chars
from pipeline.read.citation_line import find_doi, find_year
from pipeline.read.headings import section_of
from pipeline.read.record import AbstractPart, Record, build, iso_language
from pipeline.read.xml_text import flow
from pipeline.read.xml_tree import Node, declares_entities, parse

MAX_RECORD = 20_000_000
"""Characters of one record; the largest in MEDLINE stay below one million."""

_START = re.compile(r"<(PubmedArticle|PubmedBookArticle|MedlineCitation)(?=[\s>])")
_CATEGORIES = {
    "BACKGROUND": Section.BACKGROUND,
    "OBJECTIVE": Section.BACKGROUND,
    "METHODS": Section.METHODS,
    "RESULTS": Section.RESULTS,
    "CONCLUSIONS": Section.CONCLUSION,
}


def read_medline_xml(pieces: Iterable[str], source: Source) -> Iterator[Document | Failure]:
    """The records of one file, from its decoded text in pieces.

    Raises:
        UnreadableSource: no record in it, entity declarations, or a file that ends inside its first record.
    """
    number = -1
    for number, (start, text) in enumerate(_records(pieces, source.name)):
        own = replace(source, record=number, sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
        yield _read_record(start, text, own)
    if number < 0:
        raise UnreadableSource(f"{source.name} holds no PubMed record.", what_to_do="Export it from PubMed again.")


def _read_record(start: int, text: str, source: Source) -> Document | Failure:
    what = f"{source.name} record {source.record + 1}"
    try:
        if not text.endswith(">"):
            raise UnreadableSource(f"{what}: the file ends inside the record.", what_to_do="Download the file again.")
        record = _record(parse(text, what=what, fragment=True), text, start)
        if record.is_empty:
            raise UnreadableSource(f"{what} has neither title nor abstract.", what_to_do="Nothing can be read from it.")
    except UnreadableSource as err:
        return Failure(f"{source.name}#{source.record}", "read", str(err), err.what_to_do or "")
    return build(record, source)


def _records(pieces: Iterable[str], what: str) -> Iterator[tuple[int, str]]:
    """`(offset, text)` of each record; the last may be cut short and then does not end in `>`."""
    buffer, offset = "", 0
    end: re.Pattern[str] | None = None
    for piece in pieces:
        buffer += piece
        if offset == 0 and end is None and "<!ENTITY" in buffer[:65536]:
            raise declares_entities(what)
        at = 0
        while True:
            opening = _START.search(buffer, at)
            if opening is None:
                at = max(at, len(buffer) - 32)
                break
            end = end or re.compile(rf"</{opening[1]}\s*>")
            closing = end.search(buffer, opening.end())
            if closing is None:
                at = opening.start()
                break
            yield offset + opening.start(), buffer[opening.start() : closing.end()]
            at = closing.end()
        offset += at
        buffer = buffer[at:]
        if len(buffer) > MAX_RECORD:
            raise UnreadableSource(
                f"{what} holds a record of more than {MAX_RECORD} characters.", what_to_do="Split it."
            )
    opening = _START.search(buffer)
    if opening:
        yield offset + opening.start(), buffer[opening.start() :].rstrip() + " …"


# --- one record -------------------------------------------------------------------------------------------------------


def _record(root: Node, text: str, base: int) -> Record:
    citation = root if root.tag == "medlinecitation" else root.child("medlinecitation", "bookdocument") or root
    article = citation.child("article") or citation
    record = Record()
    title = article.child("articletitle") or citation.find("book/booktitle") or article.child("vernaculartitle")
    if title is not None and title.text():
        record.title = _chars(title, text, base)
    for part in chain_abstracts(article, citation):
        record.abstract.append(_part(part, text, base))
    _take_ids(record, root, citation, article)
    _take_journal(record, citation, article)
    _take_terms(record, citation, text, base)
    record.authors = _authors(article)
    types = [node.text() for node in citation.iter("publicationtype")]
    record.types = tuple(dict.fromkeys(types))
    languages = [node.text() for node in article.children("language")]
    record.language = "en" if "eng" in languages else iso_language(languages[0]) if languages else None
    links = citation.iter("commentscorrections")
    record.retracted = any(link.get("RefType") == "RetractionIn" for link in links)
    notices = [link.child("pmid") for link in links if link.get("RefType") == "RetractionOf"]
    record.retracts = tuple(f"pmid:{node.text()}" for node in notices if node is not None and node.text().isdigit())
    banks = citation.iter("accessionnumber")
    record.registrations = tuple(dict.fromkeys(node.text() for node in banks if _is_registry(node)))
    return record


def chain_abstracts(article: Node, citation: Node) -> Iterator[Node]:
    """The pieces of the abstract, then those of its translations."""
    for abstract in [*article.children("abstract"), *citation.children("otherabstract")]:
        yield from abstract.children("abstracttext")


def _part(node: Node, text: str, base: int) -> AbstractPart:
    label = node.get("Label")
    category = node.get("NlmCategory")
    section = (section_of(label) if label else None) or _CATEGORIES.get(category or "")
    other = node.parent if node.parent is not None and node.parent.tag == "otherabstract" else None
    language = iso_language(other.get("Language")) if other is not None else None
    return AbstractPart(_chars(node, text, base), label.capitalize() if label else None, section, language)


def _chars(node: Node, text: str, base: int) -> Chars:
    return flow(node.pieces, node.index)[0].strip().moved(base)


def _take_ids(record: Record, root: Node, citation: Node, article: Node) -> None:
    pmid = citation.child("pmid")
    record.pmid = pmid.text() if pmid is not None and pmid.text().isdigit() else None
    data = root.child("pubmeddata", "pubmedbookdata")
    lists = [*(data.children("articleidlist") if data else ()), *citation.children("articleidlist")]
    for node in [*article.children("elocationid"), *(ident for one in lists for ident in one.children("articleid"))]:
        kind = node.get("IdType") or node.get("EIdType")
        if kind == "doi" and record.doi is None and node.get("ValidYN") != "N":
            record.doi = find_doi(node.text())
        elif kind in {"pmc", "pmcid"} and record.pmcid is None:
            digits = re.search(r"\d+", node.text())
            record.pmcid = f"PMC{digits[0]}" if digits else None


def _take_journal(record: Record, citation: Node, article: Node) -> None:
    journal = article.child("journal")
    name = citation.find("medlinejournalinfo/medlineta") or (
        journal.child("isoabbreviation", "title") if journal else None
    )
    full = journal.child("title") if journal else citation.find("book/booktitle")
    record.journal = (full.text() if full is not None else None) or (name.text() if name is not None else None)
    date = (journal.find("journalissue/pubdate") if journal else None) or citation.find("book/pubdate")
    record.year = find_year(date.text()) if date is not None else None
    if record.year is None:
        record.year = next((find_year(node.text()) for node in article.children("articledate")), None)


def _take_terms(record: Record, citation: Node, text: str, base: int) -> None:
    names: list[str] = []
    for node in citation.iter("meshheading", "keyword", "nameofsubstance"):
        name = node.child("descriptorname") if node.tag == "meshheading" else node
        if name is None or not name.text() or name.text() in names:
            continue
        names.append(name.text())
        record.terms.append(_chars(name, text, base))
    record.index_terms = tuple(names)


def _authors(article: Node) -> tuple[str, ...]:
    names = []
    for author_list in article.children("authorlist"):
        if (author_list.get("Type") or "authors") == "authors":
            for author in author_list.children("author"):
                name = author.child("lastname", "collectivename")
                if name is not None and name.text():
                    names.append(name.text())
    return tuple(names)


def _is_registry(node: Node) -> bool:
    bank = (
        node.parent.parent.child("databankname") if node.parent is not None and node.parent.parent is not None else None
    )
    return bank is not None and bool(
        re.search(
            r"ClinicalTrials|ISRCTN|ANZCTR|EudraCT|UMIN|CTR|CTIS|RBR"
            r"|REBEC",
            bank.text(),
        )
    )
