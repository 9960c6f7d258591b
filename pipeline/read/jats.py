"""JATS / PMC full text (`.xml`, `.nxml`, efetch's `pmc-articleset`) → `Document`.

Place in the flow: `read_documents` calls it for XML with an `<article>`. Front matter becomes metadata, the body
becomes passages in reading order, every table a `Table` with resolved headers; floats follow their paragraph.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from pipeline.document import ArticleType, CitationMark, Document, Part, ReadNote, Reference, Section, Source
from pipeline.errors import UnreadableSource
from pipeline.evidence import Failure
from pipeline.read import jats_front
from pipeline.read.chars import Chars, join
from pipeline.read.citation_line import find_registrations
from pipeline.read.headings import section_of
from pipeline.read.jats_coverage import coverage_of
from pipeline.read.jats_draft import Draft, add_node, add_passage
from pipeline.read.jats_refs import read_references
from pipeline.read.jats_table import read_table
from pipeline.read.kinds import is_retracted
from pipeline.read.language import language_of
from pipeline.read.source import Format
from pipeline.read.xml_pieces import flat
from pipeline.read.xml_text import flow
from pipeline.read.xml_tree import Node, no_collection, parse

_SECTION_TYPES = {
    "intro": Section.BACKGROUND,
    "background": Section.BACKGROUND,
    "methods": Section.METHODS,
    "materials": Section.METHODS,
    "subjects": Section.METHODS,
    "results": Section.RESULTS,
    "discussion": Section.DISCUSSION,
    "conclusions": Section.CONCLUSION,
    "conclusion": Section.CONCLUSION,
    "cases": Section.CASE,
}
_FLOATS = frozenset(
    "table-wrap table-wrap-group fig fig-group supplementary-material boxed-text disp-quote list def-list".split()
)
_NOT_TEXT = frozenset("sub-article response ref-list ref fn-group sec-meta front-stub".split())
_BACK_METADATA = frozenset("ack fn-group notes bio".split())
_NO_LABEL = frozenset(["label"])
_FULL_TEXT = (Part.BODY, Part.TABLE)  # no sets: to hash an enumeration's member takes longer than to compare it
_ABOUT_THE_STUDY = (Part.ABSTRACT, Part.METADATA)
_NOT_THE_STUDY = re.compile(r"(?:conflicts? of|competing) interest|funding|acknowledg", re.IGNORECASE)


def read_jats(text: str, source: Source) -> Iterator[Document | Failure]:
    """The articles of one file.

    Raises:
        UnreadableSource: broken XML, or no article in it.
    """
    with no_collection():
        first, others = _read_first(text, source)
    yield first
    for number in range(1, len(others)):
        with no_collection():
            document = _read_article(others[number], text, _source_of(others, number, text, source))
        yield document


def _read_first(text: str, source: Source) -> tuple[Document, list[Node]]:
    """The first article's document, and all articles if there are more; a tree of no further use goes at once."""
    root = parse(text, what=source.name)
    articles = _articles(root, source)
    document = _read_article(articles[0], text, _source_of(articles, 0, text, source))
    return document, articles if len(articles) > 1 else []


def _articles(root: Node, source: Source) -> list[Node]:
    articles = [root] if root.tag == "article" else list(root.children("article"))
    if not articles:
        reason = root.find("reply/error") or root.child("reply")
        raise UnreadableSource(
            f"{source.name} holds no <article>{': ' + reason.text()[:100] if reason else ''}.",
            what_to_do="Download the article again from PubMed Central.",
        )
    return articles


def _source_of(articles: list[Node], number: int, text: str, source: Source) -> Source:
    """The file, or the article's own part of it if it holds several."""
    if len(articles) == 1:
        return source
    content = text[articles[number].start : articles[number].end].encode("utf-8", "surrogatepass")
    return replace(source, record=number, sha256=hashlib.sha256(content).hexdigest())


def _read_article(article: Node, text: str, source: Source) -> Document:
    references, keys = read_references(article)
    front = jats_front.read_front(article)
    draft = Draft(keys, language=front.language or "en")
    meta = article.find("front/article-meta")
    if meta is not None:
        _front_passages(draft, meta)
    body = article.child("body")
    if body is not None:
        _read_children(draft, body)
    _read_rest(draft, article)
    if body is None or not any(p.part in _FULL_TEXT for p in draft.passages):
        draft.notes.append(ReadNote("no full text", "the XML holds the front matter only"))
    if draft.supplements:
        draft.notes.append(ReadNote("supplement not read", "; ".join(draft.supplements)[:300]))
    title = next((p.text for p in draft.passages if p.part is Part.TITLE), None)
    return Document(
        source=replace(source, format=Format.JATS),
        passages=tuple(draft.passages),
        title=title,
        journal=front.journal,
        year=front.year,
        doi=front.doi,
        pmid=front.pmid,
        pmcid=front.pmcid,
        language=front.language
        or (language_of(" ".join(p.text for p in draft.passages[:12])) if draft.passages else None),
        authors=front.authors,
        publication_types=front.types,
        index_terms=front.keywords,
        registrations=_registrations(article, draft),
        article_type=_article_type(front, draft, title),
        retracted=front.retracted or is_retracted((), title),
        retracts=front.retracts,
        references=references,
        coverage=coverage_of(article, draft),
        notes=tuple(draft.notes),
    )


def _article_type(front: jats_front.Front, draft: Draft, title: str | None) -> ArticleType:
    kind = jats_front.kind_of(front, title)
    has_case = any(p.section is Section.CASE and p.part is Part.BODY for p in draft.passages)
    return ArticleType.CASE_REPORT if kind is ArticleType.RESEARCH and has_case else kind


def _registrations(article: Node, draft: Draft) -> tuple[str, ...]:
    """Registration numbers of this study: from the front matter, the abstract and the methods, not from references."""
    meta = article.find("front/article-meta")
    own = [p.text for p in draft.passages if p.section is Section.METHODS or p.part in _ABOUT_THE_STUDY]
    return find_registrations(" ".join([meta.text() if meta is not None else "", *own]))


# --- front ------------------------------------------------------------------------------------------------------------


def _front_passages(draft: Draft, meta: Node) -> None:
    title = meta.find("title-group/article-title") or meta.child("article-title")
    if title is not None:
        add_node(draft, title, Part.TITLE)
    for abstract in meta.children("abstract", "trans-abstract"):
        kind = (abstract.get("abstract-type") or "").lower()
        if kind in {"graphical", "teaser", "toc", "web-summary"}:
            continue
        draft.part = Part.ABSTRACT if kind in {"", "structured", "abstract", "section"} else Part.OTHER
        language = (abstract.get("lang") or draft.language)[:2].lower()
        main, draft.language = draft.language, language
        _read_children(draft, abstract)
        draft.language = main
        draft.section = draft.heading = None
    draft.part = Part.BODY
    for group in meta.children("kwd-group"):
        pieces = [flow(kwd.pieces, kwd.index)[0].strip() for kwd in group.iter("kwd")]
        add_passage(draft, join([piece for piece in pieces if piece.text], "\n"), Part.INDEX_TERMS, node=group)


# --- body -------------------------------------------------------------------------------------------------------------


def _read_children(draft: Draft, node: Node) -> None:
    for child in node.children():
        _read_block(draft, child)


def _read_block(draft: Draft, node: Node) -> None:
    reader = _READERS.get(node.tag)
    if reader is not None:
        reader(draft, node)
    elif node.tag not in _NOT_TEXT and any(child.tag in {"p", "sec"} for child in node.nodes):  # a container of its own
        _read_children(draft, node)


def _read_section(draft: Draft, node: Node) -> None:
    outer = draft.section, draft.heading
    title = node.child("title")
    heading = title.text() if title is not None else ""
    kind = (node.get("sec-type") or "").lower()
    named = section_of(heading) if heading else None
    typed = next((_SECTION_TYPES[part] for part in kind.replace("|", " ").split() if part in _SECTION_TYPES), None)
    inherits = outer[0] is not None and draft.part is Part.BODY and node.parent is not None and node.parent.tag == "sec"
    draft.section = typed or (outer[0] if inherits else None) or named or outer[0]
    draft.heading = heading or outer[1]
    draft.dropped += len("".join(heading.split()))
    part = draft.part
    if kind == "supplementary-material" or _NOT_THE_STUDY.match(heading):
        draft.part = Part.METADATA
    _read_children(draft, node)
    draft.part = part
    draft.section, draft.heading = outer


def _read_paragraph(draft: Draft, node: Node) -> None:
    add_node(draft, node, draft.part)
    if node.holds(_FLOATS):
        floats = [inner for inner in node.iter(*_FLOATS) if not _is_inside_float(inner, node)]
        for inner in floats:
            _read_block(draft, inner)


def _is_inside_float(node: Node, limit: Node) -> bool:
    parent = node.parent
    while parent is not None and parent != limit:
        if parent.tag in _FLOATS:
            return True
        parent = parent.parent
    return False


def _read_list(draft: Draft, node: Node) -> None:
    """Short items stay together, one a line; items with several paragraphs are passages of their own."""
    items = list(node.children("list-item"))
    if any(len(list(item.children())) > 2 or len(item.text()) > 300 for item in items):
        for item in items:
            _read_children(draft, item)
        return
    pieces, marks = [], []
    at = 0
    for item in items:
        chars, cited = flow(item.pieces, item.index, draft.keys, _NO_LABEL)
        if chars.text:
            pieces.append(chars)
            marks += [CitationMark(at + mark.position, mark.keys) for mark in cited]
            at += len(chars) + 1
        for inner in item.iter(*_FLOATS):
            if inner.tag == "list" and not _is_inside_float(inner, item):
                _read_list(draft, inner)
    add_passage(draft, join(pieces, "\n"), draft.part, tuple(marks), node)


def _read_definitions(draft: Draft, node: Node) -> None:
    lines = []
    for item in node.children("def-item"):
        parts = [flow(part.pieces, part.index)[0].strip() for part in item.children("term", "def")]
        lines.append(join([part for part in parts if part.text], ": "))
    add_passage(draft, join([line for line in lines if line.text], "\n"), Part.FOOTNOTE, node=node)


def _read_box(draft: Draft, node: Node) -> None:
    part, outer = draft.part, (draft.section, draft.heading)
    if node.tag not in {"floats-group", "app-group"} and part is Part.BODY:
        draft.part, draft.section = Part.OTHER, None
    _read_children(draft, node)
    draft.part, (draft.section, draft.heading) = part, outer


def _note_supplement(draft: Draft, node: Node) -> None:
    name = " ".join(part.text() for part in node.children("label", "caption"))[:80]
    draft.supplements.append(name or node.get("href") or "supplementary material")
    caption = node.child("caption")
    if caption is not None:
        add_node(draft, caption, Part.METADATA)


def _read_figure(draft: Draft, node: Node) -> None:
    if node.tag == "fig-group":
        for fig in node.children("fig"):
            _read_figure(draft, fig)
        if node.child("fig") is not None and node.child("caption") is None:
            return
    _caption(draft, node)


def _caption(draft: Draft, node: Node) -> str | None:
    """Label and caption as one passage; the caption's text alone is returned."""
    pieces: list[Chars] = []
    marks: list[CitationMark] = []
    at = 0
    for part in node.children("label", "caption"):
        chars, cited = flow(part.pieces, part.index, draft.keys)
        if chars.text:
            marks += [CitationMark(at + mark.position, mark.keys) for mark in cited]
            pieces.append(chars)
            at += len(chars) + 1
    passage = add_passage(draft, join(pieces, " "), Part.CAPTION, tuple(marks), node)
    caption = node.child("caption")
    return caption.text() if passage is not None and caption is not None else None


def _read_table_wrap(draft: Draft, node: Node) -> None:
    if node.tag == "table-wrap-group":
        for wrap in node.children("table-wrap"):
            _read_table_wrap(draft, wrap)
        return
    label_node = node.child("label")
    label = label_node.text() if label_node is not None else None
    caption = _caption(draft, node)
    foot = list(node.children("table-wrap-foot"))
    footnotes = tuple(chain.from_iterable(_footnotes(part) for part in foot))
    found = False
    for table in node.iter("table"):
        read = read_table(table, draft.keys, label=label, caption=caption, footnotes=footnotes)
        if read is not None:
            found = True
            passage = add_passage(draft, read.chars, Part.TABLE, read.citations, table, strip=False)
            if passage is not None:
                draft.passages[-1] = replace(passage, table=read.table)
    if not found:
        draft.notes.append(ReadNote("table not understood", f"{label or 'a table'} is an image or empty"))
    for part in foot:
        for child in part.children("p", "fn", "attrib"):
            add_node(draft, child, Part.FOOTNOTE, separator_after_label=True)


def _footnotes(foot: Node) -> list[tuple[str | None, str]]:
    """`(marker, text)` of each table note; notes run together in one paragraph are left as one."""
    notes: list[tuple[str | None, str]] = []
    for child in foot.iter("fn", "p"):
        if child.tag == "p" and child.parent is not None and child.parent.tag == "fn":
            continue
        label = child.child("label")
        first = child.child("p") or child
        sup = _opening_sup(first)
        marker = label.text() if label is not None else None
        text = " ".join(p.text() for p in child.children("p")) if child.tag == "fn" else child.text()
        if not marker and sup is not None and len(sup.text()) <= 3:
            marker = sup.text()
            text = text.removeprefix(marker).lstrip()
        notes.append((marker or None, text))
    return notes


def _opening_sup(node: Node) -> Node | None:
    """The raised piece that an element begins with."""
    pieces, at = node.pieces, node.index
    last = pieces.close(at)
    while at < last and not flat(pieces.texts[at]):
        at += 1
        if pieces.tags[at]:
            return Node(pieces, at) if pieces.tags[at] == "sup" else None
    return None


def _read_formula(draft: Draft, node: Node) -> None:
    add_node(draft, node, draft.part)


_READERS: dict[str, Callable[[Draft, Node], None]] = {
    "sec": _read_section,
    **dict.fromkeys(("p", "disp-quote", "preformat", "verse-group", "speech"), _read_paragraph),
    **dict.fromkeys(("table-wrap", "table-wrap-group"), _read_table_wrap),
    **dict.fromkeys(("fig", "fig-group"), _read_figure),
    "list": _read_list,
    "def-list": _read_definitions,
    "supplementary-material": _note_supplement,
    **dict.fromkeys(("boxed-text", "glossary", "app", "app-group", "statement", "floats-group"), _read_box),
    "disp-formula": _read_formula,
}


# --- back -------------------------------------------------------------------------------------------------------------


def _read_rest(draft: Draft, article: Node) -> None:
    for floats in article.children("floats-group", "floats-wrap"):
        _read_children(draft, floats)
    back = article.child("back")
    for child in back.children() if back is not None else ():
        draft.section = draft.heading = None
        if child.tag in _BACK_METADATA:
            draft.part = Part.METADATA
            for paragraph in child.iter("p"):
                add_node(draft, paragraph, Part.METADATA)
        elif child.tag not in {"ref-list", "ref"}:
            draft.part = Part.OTHER
            _read_block(draft, child)
    skipped = list(article.children("sub-article", "response"))
    if skipped:
        draft.notes.append(ReadNote("sub-article not read", f"{len(skipped)} reviews, letters or translations"))


__all__ = ["Reference", "read_jats"]
