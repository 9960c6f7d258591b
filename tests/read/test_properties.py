"""Whatever the text: the reader copies characters exactly and adds only blanks, points and spelled ligatures."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document, Passage, Source
from pipeline.read.chars import Chars
from pipeline.read.citation_line import find_doi, parse_citation
from pipeline.read.citations import CitationHabit
from pipeline.read.medline_xml import read_medline_xml
from pipeline.read.pubmed_text import record_ranges
from pipeline.read.text import read_text
from pipeline.read.words import Words, repair

PIECES = [
    "cyclo-\n", "sporine", " low -dose ", "long-\n-term", "Table 1", "\n\n", "\n", " Case 1 Case 2", "1,5mg/dL",
    "studies2 -5", "[2 -5]", "wit h", "with", "12\n", "L\nig\nh\nt\n\n", "RESUMO", "em um estudo com os doentes que",
    "References", "1. Ayo B. A paper. 2001.", "\f", "\r\n", "\t", "ﬁbrosis", "\u00ad\n", "J Imag. 2001;3(1):4-5.",
    "Background: ", "Results: ", "(see ", "Table 2) and ", "Figure 1", "MCD – minimal change; ", "©", "ABSTRACT",
    "80    J Imag 2001; 2(1): 3-4", "MeSH terms", "•  Child", " 12 mg 13 mg",
]  # fmt: skip
papers = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40).map("".join)


def check(passage: Passage, source: str) -> None:
    copied = [False] * len(passage.text)
    assert passage.source_map is not None
    for start, at, length in passage.source_map.segments:
        assert passage.text[start : start + length] == source[at : at + length]
        copied[start : start + length] = [True] * length
    ligatures = {c for one in source if "\ufb00" <= one <= "\ufb06" for c in unicodedata.normalize("NFKC", one)}
    added = {c for c, is_copied in zip(passage.text, copied, strict=True) if not is_copied}
    assert added <= {" ", "\n", "\t", "."} | ligatures
    for mark in passage.citations:
        assert 0 <= mark.position <= len(passage.text)


@settings(max_examples=60, deadline=None)
@given(papers)
def test_text_reader_never_invents(text: str) -> None:
    document = read_text(text, Source("x", "text", "0"))
    for number, passage in enumerate(document.passages):
        assert passage.ordinal == number
        check(passage, text)
        if passage.table is not None:
            for cell in passage.table.cells:
                assert passage.text[cell.start : cell.end] == cell.text
    assert document.coverage is None or 0 <= document.coverage <= 1


@settings(max_examples=60, deadline=None)
@given(papers)
def test_repair_keeps_every_letter(text: str) -> None:
    mended = repair(Chars.of(text), Words(text))
    invisible = set(" \t\n\r\f\v-‐‑\xad")

    def letters(one: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFKC", one) if c not in invisible and c.isalnum())

    assert letters(mended.text) == letters(text)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 50))
def test_pubmed_xml_offsets_hold_for_any_text(title: str, abstract: str, shift: int) -> None:
    def escape(text: str) -> str:
        kept = "".join(c for c in text if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
        return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&#62;")

    body = f"<ArticleTitle>T {escape(title)}</ArticleTitle>"
    body += f"<Abstract><AbstractText>{escape(abstract)}</AbstractText></Abstract>"
    record = f"<PubmedArticle><MedlineCitation><Article>{body}</Article></MedlineCitation></PubmedArticle>"
    text = "<PubmedArticleSet>" + " " * shift + record + "</PubmedArticleSet>"
    (document,) = read_medline_xml([text], Source("x", "medline-xml", "0"))
    assert isinstance(document, Document)
    for passage in document.passages:
        for start, at, length in passage.source_map.segments if passage.source_map else ():
            assert passage.text[start : start + length] == text[at : at + length]


@settings(max_examples=50, deadline=None)
@given(papers)
def test_helpers_take_any_text(text: str) -> None:
    ranges = record_ranges(text)
    assert all(0 <= start <= end <= len(text) for start, end in ranges)
    chars, marks = CitationHabit(text).take_off(Chars.of(text))
    assert len(chars) <= len(text) and all(0 <= mark.position <= len(chars) for mark in marks)
    parse_citation(text)
    find_doi(text)
