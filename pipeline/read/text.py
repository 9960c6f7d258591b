"""Plain-text papers and single PubMed-format records → `Document`, with an exact map back to the source.

Place in the flow: `read_documents` calls it for `.txt`. Blocks come from `layout`, words are mended by `words`;
here they are put into logical order: floats lifted out, the sentence they interrupted rejoined, each passage given its
part and section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.document import ArticleType, Document, Part, Passage, ReadNote, Reference, Section, Source
from pipeline.read import layout
from pipeline.read.chars import Chars, join
from pipeline.read.citation_line import find_doi, find_registrations, find_year, parse_citation
from pipeline.read.citations import CitationHabit
from pipeline.read.headings import section_of
from pipeline.read.kinds import article_type_of, is_retracted
from pipeline.read.language import language_of
from pipeline.read.layout import Block, Kind
from pipeline.read.source import Format
from pipeline.read.text_draft import Draft, add_blocks, add_passage, emit_foreign, flush
from pipeline.read.text_head import merge_citations, read_head, take_citation
from pipeline.read.words import Words, repair

_SHORT_PAPER = 700  # words; structured abstracts stay below, papers above
_LONG_PAPER = 1200  # words without any heading: a body, not an abstract


def read_text(text: str, source: Source, *, start: int = 0, end: int | None = None) -> Document:
    """One paper from `text[start:end]`; source offsets index the whole `text`."""
    piece = text[start:end]
    blocks = layout.find_blocks(piece)
    draft = Draft(text, start, Words(piece), CitationHabit(piece))
    _read_flow(draft, blocks[read_head(draft, blocks) :])
    flush(draft)
    emit_foreign(draft)
    return _finish(draft, source, piece)


def _read_flow(draft: Draft, blocks: list[Block]) -> None:
    headings = [block.text.strip().lower() for block in blocks if block.kind is Kind.HEADING]
    n_words = sum(block.n_words for block in blocks)
    if n_words > _LONG_PAPER and not any(section_of(heading) for heading in headings):
        draft.part = Part.BODY
    draft.is_abstract = n_words < _SHORT_PAPER and not _has_body(blocks, headings)
    for block in blocks:
        _take(draft, block)


def _has_body(blocks: Sequence[Block], headings: Sequence[str]) -> bool:
    """Whether a short text has more than an abstract: "Introduction" behind prose, or a heading "Abstract".

    "Introduction" at the very top is the first section of a structured abstract.
    """
    later = headings[1:] if blocks and blocks[0].kind is Kind.HEADING else headings
    return any("introduction" in one for one in later) or any(one.startswith("abstract") for one in headings)


def _take(draft: Draft, block: Block) -> None:
    flat = " ".join(block.text.split())
    if block.kind is Kind.HEADING:
        _take_heading(draft, block, flat)
    elif block.kind in {Kind.FURNITURE, Kind.RUNNING_TITLE}:
        if block.kind is Kind.RUNNING_TITLE:
            draft.running_titles.append(block)
        elif citation := parse_citation(re.sub(r"^\d{1,5}\s+", "", flat)):
            draft.citation = merge_citations(draft.citation, citation)
        draft.floats.append((Part.METADATA, [block]))
    elif block.kind is Kind.ROTATED:
        draft.dropped += len("".join(block.text.split()))
        draft.notes.append(ReadNote("rotated text", f"a rotated label was left out: {''.join(block.text.split())!r}"))
    elif block.kind is Kind.LIST:
        _take_list(draft, block)
    elif block.kind in {Kind.CAPTION_LABEL, Kind.CAPTION, Kind.TABLE, Kind.FOOTNOTE}:
        _take_float(draft, block)
    else:
        _take_prose(draft, block, flat)


_INDEX_HEADING = re.compile(
    r"mesh terms|key ?words|index terms|substances|palavras.chave|palabras.clave|mots.cl", re.IGNORECASE
)
_FOREIGN_ABSTRACT = re.compile(r"resumo|resumen|résumé|zusammenfassung|riassunto|samenvatting", re.IGNORECASE)


def _take_heading(draft: Draft, block: Block, flat: str) -> None:
    flush(draft)
    other = layout.OTHER_HEADING.match(flat)
    name = other["name"].lower() if other else ""
    section = section_of(flat)
    if name == "abstract":
        draft.part, draft.section = Part.ABSTRACT, None
    elif _FOREIGN_ABSTRACT.match(name):
        draft.part, draft.section = Part.ABSTRACT, None
        draft.abstract_sections.add(None)
    elif name in {"references", "bibliography", "literature cited"}:
        draft.part, draft.section = Part.REFERENCES, None
    elif _INDEX_HEADING.match(name):
        draft.part, draft.section = Part.INDEX_TERMS, None
    elif other:
        draft.part, draft.section = Part.METADATA, None
    elif section is not None:
        _open_section(draft, flat, section)
    elif draft.part not in {Part.ABSTRACT, Part.BODY}:
        draft.part = Part.BODY
    draft.heading = flat
    draft.dropped += len("".join(block.text.split()))


def _open_section(draft: Draft, flat: str, section: Section) -> None:
    """A section heading: inside the abstract at first, in the body once the abstract has had that section."""
    in_abstract = draft.part is Part.ABSTRACT and draft.heading is not None
    opens_body = "introduction" in flat.lower() or section in draft.abstract_sections or None in draft.abstract_sections
    if not draft.is_abstract and (not in_abstract or opens_body):
        draft.part = Part.BODY
    else:
        draft.abstract_sections.add(section)
    draft.section = section


def _take_list(draft: Draft, block: Block) -> None:
    """Bulleted lines: index terms and publication types under their headings, else prose."""
    flush(draft)
    heading = (draft.heading or "").lower()
    items = [re.sub(r"^\s*[•·▪*‣◦]\s+", "", line).strip() for line in block.lines]
    if heading.startswith("publication type"):
        draft.publication_types += items
        _list_passage(draft, block, Part.METADATA)
    elif draft.part is Part.INDEX_TERMS or heading.startswith("publication"):
        draft.index_terms += [item.split(" / ")[0].rstrip("*").strip() for item in items]
        _list_passage(draft, block, Part.INDEX_TERMS)
    else:
        _list_passage(draft, block, draft.part)


def _list_passage(draft: Draft, block: Block, part: Part) -> None:
    lines = []
    for match in re.finditer(r"[^\r\n]+", block.text):
        bullet = re.match(r"\s*[•·▪*‣◦]\s+", match[0])
        begin = block.start + draft.base + match.start() + (bullet.end() if bullet else 0)
        lines.append(repair(Chars.of(draft.source, begin, block.start + draft.base + match.end()), draft.words))
    draft.dropped += len(lines)
    add_passage(draft, join([line for line in lines if line.text], "\n"), part)


def _take_float(draft: Draft, block: Block) -> None:
    """Captions and tables wait until the sentence around them has ended."""
    part = {Kind.TABLE: Part.TABLE, Kind.FOOTNOTE: Part.FOOTNOTE}.get(block.kind, Part.CAPTION)
    previous = draft.floats[-1] if draft.floats else None
    follows_label = previous is not None and previous[0] is Part.CAPTION and len(previous[1]) == 1
    if previous and part is Part.TABLE and previous[0] is Part.TABLE:
        previous[1].append(block)
    elif previous and part is Part.CAPTION and follows_label and layout.CAPTION.match(previous[1][0].text.strip()):
        starts_anew = layout.CAPTION.match(block.text.strip())
        if starts_anew:
            draft.floats.append((part, [block]))
        else:
            previous[1].append(block)
    else:
        draft.floats.append((part, [block]))
    if not draft.open:
        flush(draft)


_KEYWORD_LINE = re.compile(
    r"\W*(?:key.?words?|palavras.?.?chave|palabras.?.?clave|mots.?cl[eé]s|index terms)\s*[:.]", re.IGNORECASE
)
_STATEMENT = re.compile(
    r"\W*(?:conflicts? of interests?|competing interests?|fundings?|financial (?:support|disclosure)"
    r"|disclosures?|copyright|©|\(c\)"
    r"|doi|pmid|pmcid|received|accepted|correspond\w+)\b",
    re.IGNORECASE,
)


def _take_prose(draft: Draft, block: Block, flat: str) -> None:
    citation = parse_citation(flat) if block.n_words <= 40 else None
    language = language_of(flat)
    if citation and draft.part is not Part.REFERENCES:
        flush(draft)
        take_citation(draft, block, citation)
    elif _KEYWORD_LINE.match(flat) and block.n_words < 80:
        draft.floats.append((Part.INDEX_TERMS, [block]))
        terms = re.split(r"\s*[;,•]\s*", flat.split(":", 1)[-1].strip(" ."))
        if language_of(flat) == "en":
            draft.index_terms += [term for term in terms if term]
    elif _STATEMENT.match(flat) and block.n_words < 80:
        draft.floats.append((Part.METADATA, [block]))
    elif draft.part is Part.REFERENCES:
        _take_references(draft, block)
    elif language != "en" and block.n_words >= 8:
        draft.foreign.setdefault(language, []).append(block)
    else:
        if draft.open and not _continues(draft.open[-1].text, block.text):
            flush(draft)
        draft.open.append(block)


_FUNCTION_END = re.compile(
    r"(?:\b(?:the|a|an|of|and|or|in|on|with|by|to|for|from|at|that|which|was|were|is|are|be|been|had|has|have"
    r"|this|these|as|than|"
    r"between|per|no|not|their|its|after|before|during)|[,(/–-]|\bFigs?\.|\bTables?)\s*$"
)


def _continues(before: str, after: str) -> bool:
    """Whether a new block goes on with the sentence that the open one left unfinished."""
    before, after = before.rstrip(), after.lstrip()
    if re.search(r"[.?!:;][\"'”’)\]]*\d{0,3}(?:\s?[,–-]\d{1,3})*$", before):
        return False
    if _FUNCTION_END.search(before) or before.count("(") > before.count(")"):
        return True
    return after[:1].islower() or after[:1] in "(),;%" or len(before.split()) >= 12


def _take_references(draft: Draft, block: Block) -> None:
    entries = re.split(r"(?m)^\s*(?=\[?\d{1,3}[.\])]\s)", block.text)
    for entry in entries:
        flat = " ".join(entry.split())
        match = re.match(r"\[?(\d{1,3})[.\])]\s+(.*)", flat)
        if match:
            draft.references.append(Reference(match[1], match[2], year=find_year(match[2]), doi=find_doi(match[2])))
    add_blocks(draft, [block], Part.REFERENCES)


def _finish(draft: Draft, source: Source, piece: str) -> Document:
    title = draft.title or _running_title(draft)
    citation = draft.citation
    n_source = _n_visible(piece)
    n_read = draft.dropped + sum(_n_copied(passage, draft.source) for passage in draft.passages)
    is_record = bool(citation.journal or citation.pmid or draft.index_terms) and not any(
        passage.part is Part.BODY for passage in draft.passages
    )
    main = " ".join(p.text for p in draft.passages if p.part in {Part.ABSTRACT, Part.BODY} and p.language == "en")
    types = tuple(draft.publication_types)
    return Document(
        source=replace(source, format=Format.PUBMED_TEXT if is_record else Format.TEXT),
        passages=tuple(replace(passage, ordinal=i) for i, passage in enumerate(draft.passages)),
        title=title,
        journal=citation.journal,
        year=citation.year,
        doi=citation.doi,
        pmid=citation.pmid,
        pmcid=citation.pmcid,
        language="en" if main else next((p.language for p in draft.passages if p.part is not Part.METADATA), None),
        authors=draft.authors,
        publication_types=types,
        index_terms=tuple(dict.fromkeys(draft.index_terms)),
        registrations=find_registrations(piece),
        article_type=_article_type(draft, types, title),
        retracted=is_retracted(types, title),
        references=tuple(draft.references),
        coverage=min(1.0, n_read / n_source) if n_source else None,
        notes=tuple(draft.notes),
    )


def _article_type(draft: Draft, types: tuple[str, ...], title: str | None) -> ArticleType:
    kind = article_type_of(types, title)
    has_case = any(passage.section is Section.CASE for passage in draft.passages)
    return ArticleType.CASE_REPORT if kind is ArticleType.RESEARCH and has_case else kind


def _running_title(draft: Draft) -> str | None:
    """A paper without a title at its top has it, as a rule, in its running heads: the longest one."""
    titles = [" ".join(block.text.split()) for block in draft.running_titles]
    return max(titles, key=len, default=None)


def _n_copied(passage: Passage, source: str) -> int:
    if passage.source_map is None:
        return 0
    return sum(_n_visible(source[start : start + length]) for _, start, length in passage.source_map.segments)


def _n_visible(text: str) -> int:
    """Characters that are no blanks; splitting is twenty times as fast as asking each."""
    return sum(map(len, text.split()))
