"""Bibliographic records: PubMed XML streamed, MEDLINE text, RIS, several PubMed records in one text file."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.document import Document, Part, Section, Source
from pipeline.errors import UnreadableSource
from pipeline.evidence import Failure
from pipeline.read import decode, read_documents
from pipeline.read.medline_xml import read_medline_xml

RECORD = """<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><Journal><JournalIssue><PubDate>
<MedlineDate>2001 Jan-Feb</MedlineDate></PubDate></JournalIssue><Title>Imaginary Kidney</Title></Journal>
<ArticleTitle>Drug A in nephrosis &#x2013; a trial.</ArticleTitle>
<Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">
To test 10<sup>2</sup> µg.</AbstractText><AbstractText Label="FINDINGS" NlmCategory="RESULTS">P &lt; 0.05 in 9 of 10.
</AbstractText><CopyrightInformation>Copyright 2001 Nobody.</CopyrightInformation></Abstract>
<AuthorList><Author><LastName>Ayo</LastName></Author></AuthorList><Language>eng</Language><PublicationTypeList>
<PublicationType>Randomized Controlled Trial</PublicationType></PublicationTypeList></Article>
<MeshHeadingList><MeshHeading><DescriptorName>Prednisone</DescriptorName></MeshHeading></MeshHeadingList>
</MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.5555/A{pmid}</ArticleId><ArticleId IdType="pmc">PMC12</ArticleId>
</ArticleIdList><ReferenceList><Reference>
<ArticleIdList><ArticleId IdType="doi">10.5555/other</ArticleId></ArticleIdList>
</Reference></ReferenceList></PubmedData></PubmedArticle>
"""
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "x" "y.dtd">\n<PubmedArticleSet>\n'

NBIB = """PMID- 12345678
STAT- MEDLINE
DP  - 2003 Mar
TI  - Cyclosporine in children with
      nephrosis.
AB  - BACKGROUND: Relapses are common. RESULTS: Remission in 7 of 9
      (78%). Copyright 2003 Nobody Inc.
AU  - Ayo BC
LA  - eng
PT  - Case Reports
JT  - Imaginary kidney
MH  - Prednisone/*therapeutic use
AID - 10.5555/ik.3 [doi]

PMID-87654321
TI  - Second
AB  - Text.
"""

RIS = """TY  - JOUR
T1  - Drug B in adults
AB  - We gave 5 mg.
It helped.
AU  - Ayo, B.
PY  - 2004///
DO  - 10.5555/ik.4
KW  - Adult
Kidney/*pathology
T2  - Imaginary Kidney
ER  -

TY  - JOUR
DO  - 10.5555/empty
ER  -
"""


def documents(tmp_path: Path, name: str, content: bytes) -> list[Document | Failure]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(read_documents(path))


def check_map(document: Document, source: str) -> None:
    for passage in document.passages:
        assert passage.source_map is not None
        for start, at, length in passage.source_map.segments:
            assert passage.text[start : start + length] == source[at : at + length]


@pytest.mark.parametrize("packed", [False, True])
def test_pubmed_xml(tmp_path: Path, packed: bool) -> None:
    text = HEAD + RECORD.format(pmid=1) + RECORD.format(pmid=2) + "</PubmedArticleSet>"
    content = gzip.compress(text.encode()) if packed else text.encode()
    first, second = documents(tmp_path, "p.xml.gz" if packed else "p.xml", content)
    assert isinstance(first, Document) and isinstance(second, Document)
    assert (second.pmid, second.doi, second.pmcid, second.source.record) == ("2", "10.5555/a2", "PMC12", 1)
    assert (first.journal, first.year, first.language, first.authors) == ("Imaginary Kidney", 2001, "en", ("Ayo",))
    assert first.title == "Drug A in nephrosis – a trial."
    abstract = [(p.section, p.heading, p.text) for p in second.passages if p.part is Part.ABSTRACT]
    assert abstract == [
        (Section.BACKGROUND, "Aim", "To test 10^2 µg."),
        (Section.RESULTS, "Findings", "P < 0.05 in 9 of 10."),
    ]
    assert first.source.sha256 != second.source.sha256
    check_map(second, decode(tmp_path / ("p.xml.gz" if packed else "p.xml")))


def test_pubmed_xml_is_streamed() -> None:
    taken = 0

    def pieces() -> Iterator[str]:
        nonlocal taken
        yield HEAD
        for number in range(1000):
            taken += 1
            yield RECORD.format(pmid=number)

    stream = read_medline_xml(pieces(), Source("p.xml", "medline-xml", ""))
    assert isinstance(next(stream), Document)
    assert taken <= 2


def test_records_cut_anywhere_read_the_same() -> None:
    text = HEAD + RECORD.format(pmid=1) + RECORD.format(pmid=2) + "</PubmedArticleSet>"
    source = Source("p.xml", "medline-xml", "")
    whole = list(read_medline_xml([text], source))
    for size in (7, 50, 333):
        assert list(read_medline_xml((text[i : i + size] for i in range(0, len(text), size)), source)) == whole


def test_broken_record_costs_itself_only(tmp_path: Path) -> None:
    bad = RECORD.format(pmid=1).replace("</Article>", "")
    items = documents(tmp_path, "p.xml", (HEAD + bad + RECORD.format(pmid=2) + RECORD.format(pmid=3)[:200]).encode())
    assert [type(item) for item in items] == [Failure, Document, Failure]
    assert isinstance(items[2], Failure) and "ends inside" in items[2].error


def test_set_without_records(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="no PubMed record"):
        documents(tmp_path, "p.xml", (HEAD + "</PubmedArticleSet>").encode())


def test_medline_text(tmp_path: Path) -> None:
    first, second = documents(tmp_path, "p.nbib", NBIB.encode())
    assert isinstance(first, Document) and isinstance(second, Document)
    assert first.title == "Cyclosporine in children with nephrosis."
    assert (first.pmid, first.doi, first.year, first.journal) == ("12345678", "10.5555/ik.3", 2003, "Imaginary kidney")
    assert first.index_terms == ("Prednisone",)
    results = next(p for p in first.passages if p.section is Section.RESULTS)
    assert results.text == "Remission in 7 of 9 (78%)."
    assert second.pmid == "87654321"
    check_map(first, NBIB)


def test_ris(tmp_path: Path) -> None:
    first, second = documents(tmp_path, "p.ris", RIS.encode())
    assert isinstance(first, Document) and isinstance(second, Failure)
    assert (first.title, first.year, first.doi, first.authors) == ("Drug B in adults", 2004, "10.5555/ik.4", ("Ayo",))
    assert next(p.text for p in first.passages if p.part is Part.ABSTRACT) == "We gave 5 mg. It helped."
    assert first.index_terms == ("Adult", "Kidney")
    check_map(first, RIS)


def test_several_pubmed_records_in_one_text_file(tmp_path: Path) -> None:
    one = "{n}. Imag J Kidney. 2020 May;3(1):7-9. doi: 10.5555/ijk.{n}.\n\nDrug {n} in nephrosis.\n\nAyo B(1).\n\n"
    one += "We treated 9 children with drug {n}.\n\nPMID: 1000{n}\n\n\n"
    text = one.format(n=1) + one.format(n=2)
    items = documents(tmp_path, "pubmed.txt", text.encode())
    assert [item.title for item in items if isinstance(item, Document)] == [
        "Drug 1 in nephrosis.",
        "Drug 2 in nephrosis.",
    ]
    assert [item.pmid for item in items if isinstance(item, Document)] == ["10001", "10002"]
    assert isinstance(items[1], Document)
    check_map(items[1], text)


def test_a_notice_names_what_it_retracts(tmp_path: Path) -> None:
    link = "<CommentsCorrectionsList><CommentsCorrections RefType='RetractionOf'><RefSource>J. 2001</RefSource>"
    xml = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>8</PMID><Article><ArticleTitle>Retraction</ArticleTitle>"
        f"</Article>{link}<PMID>7</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>"
    )
    nbib = "PMID- 8\nTI  - Retraction.\nROF - Cuno B. J Made. 2001;1:2. PMID: 7\n"
    for name, text in (("a.xml", xml), ("a.nbib", nbib)):
        (notice,) = documents(tmp_path, name, text.encode())
        assert isinstance(notice, Document)
        assert (notice.retracts, notice.retracted) == (("pmid:7",), False)
