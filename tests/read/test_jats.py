"""JATS articles: order, sections, citations, references, identifiers, hostile XML."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.document import ArticleType, Document, Part, Section
from pipeline.errors import UnreadableSource
from pipeline.read import decode, read_documents

ARTICLE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "journal.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article" xml:lang="en"><front>
<journal-meta><journal-title-group><journal-title>Imaginary Kidney</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmid">99</article-id><article-id pub-id-type="pmc">77</article-id>
<article-id pub-id-type="doi">10.5555/Ik.1</article-id>
<title-group><article-title>Drug A &amp; drug B in <italic>nephrosis</italic></article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Ayo</surname><given-names>B</given-names></name></contrib>
</contrib-group><pub-date pub-type="epub"><year>2019</year></pub-date>
<pub-date pub-type="ppub"><year>2020</year></pub-date>
<abstract>
<sec><title>Methods</title><p>We gave 5&#xA0;mg.</p></sec>
<sec><title>Results</title><p>It worked.</p></sec></abstract>
<kwd-group><kwd>nephrosis</kwd></kwd-group></article-meta></front>
<body><sec sec-type="methods"><title>Patients</title>
<p>Counts were 4
&#xD7; 10<sup>9</sup>/L in NCT01234567<sup><xref ref-type="bibr" rid="r1">1</xref>,<xref ref-type="bibr"
rid="r3">3</xref></sup>, as before
[<xref ref-type="bibr" rid="r1">1</xref>–<xref ref-type="bibr" rid="r3">3</xref>].
Others (<xref ref-type="bibr" rid="r2">Bede 2001</xref>) differ.
<table-wrap id="t1"><label>Table 1</label><caption>
<p>Baseline</p></caption>
<table><thead><tr><th/><th>A</th><th>B</th></tr></thead><tbody>
<tr><td>Age</td><td>40 &#xB1; 2</td>
<td>41</td></tr></tbody></table></table-wrap></p></sec>
<sec><title>Results</title><p>Fine. <sup>2</sup>H was used.</p><sec><title>Harms</title><p>None.</p></sec></sec></body>
<back><ref-list><ref id="r1"><label>1</label><mixed-citation><name><surname>Cuno</surname></name>
<article-title>One</article-title><year>1999</year><pub-id pub-id-type="pmid">5</pub-id></mixed-citation></ref>
<ref id="r2"><label>2.</label><citation>Bede. Two. 2001</citation></ref>
<ref id="r3"><label>3</label><citation>Dan. Three. 2003. doi:10.5555/three</citation></ref></ref-list></back></article>
"""


def read(tmp_path: Path, text: str = ARTICLE) -> Document:
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    (document,) = read_documents(path)
    assert isinstance(document, Document)
    return document


def test_front_matter(tmp_path: Path) -> None:
    document = read(tmp_path)
    assert document.title == "Drug A & drug B in nephrosis"
    assert (document.doi, document.pmid, document.pmcid) == ("10.5555/ik.1", "99", "PMC77")
    assert (document.journal, document.year, document.authors) == ("Imaginary Kidney", 2020, ("Ayo",))
    assert document.registrations == ("NCT01234567",)
    assert document.index_terms == ("nephrosis",)


def test_coverage_counts_what_was_left_out(tmp_path: Path) -> None:
    assert read(tmp_path).coverage == pytest.approx(1.0, abs=0.02)
    review = "<sub-article><body><p>" + "A long review by others. " * 40 + "</p></body></sub-article></article>"
    document = read(tmp_path, ARTICLE.replace("</article>", review))
    assert document.coverage is not None and document.coverage < 0.7
    assert any(note.kind == "sub-article not read" for note in document.notes)


def test_paragraph_keeps_exponents_and_loses_citations(tmp_path: Path) -> None:
    passage = next(p for p in read(tmp_path).passages if p.part is Part.BODY)
    assert passage.text.startswith("Counts were 4 × 10^9/L in NCT01234567, as before. Others (Bede 2001) differ.")
    assert [mark.keys for mark in passage.citations] == [("1", "3"), ("1", "2", "3"), ("2",)]
    assert passage.text[: passage.citations[1].position].endswith("as before")
    assert passage.xpath == "/article/body/sec[1]/p"


def test_sections_and_floats(tmp_path: Path) -> None:
    shown = [(p.part, p.section, p.text) for p in read(tmp_path).passages if p.part is not Part.TITLE]
    assert shown[:2] == [
        (Part.ABSTRACT, Section.METHODS, "We gave 5 mg."),
        (Part.ABSTRACT, Section.RESULTS, "It worked."),
    ]
    assert (Part.CAPTION, None, "Table 1 Baseline") in shown
    assert (Part.TABLE, None, "\tA\tB\nAge\t40 ± 2\t41") in shown
    assert (Part.BODY, Section.RESULTS, "None.") in shown


def test_source_offsets_quote_the_file(tmp_path: Path) -> None:
    document = read(tmp_path)
    source = decode(tmp_path / "a.xml")
    for passage in document.passages:
        assert passage.source_map is not None
        for start, at, length in passage.source_map.segments:
            assert passage.text[start : start + length] == source[at : at + length]
    passage = next(p for p in document.passages if "It worked" in p.text)
    span = passage.source_span(0, len(passage.text))
    assert span is not None and source[span[0] : span[1]] == "It worked."


def test_offsets_beyond_the_basic_plane(tmp_path: Path) -> None:
    document = read(tmp_path, ARTICLE.replace("We gave", "𝛽𝛽 😀 we gave").replace("Ayo", "Ay𝛽"))
    source = decode(tmp_path / "a.xml")
    passage = next(p for p in document.passages if "It worked" in p.text)
    span = passage.source_span(0, 2)
    assert span is not None and source[span[0] : span[1]] == "It"


def test_references(tmp_path: Path) -> None:
    first, second, third = read(tmp_path).references
    assert (first.key, first.authors, first.year, first.title, first.pmid) == ("1", ("Cuno",), 1999, "One", "5")
    assert (second.key, second.year) == ("2", 2001)
    assert third.doi == "10.5555/three"


_ENTRIES = """<ref id="a" n=" x"><label>1</label><mixed-citation id="a1"><name><surname>Ev&#xE0;</surname></name>
<article-title>On <italic>Zea</italic> &amp; <sup>2</sup>H</article-title> (<year>1987</year>) <pub-id
pub-id-type="doi">10.5555/ZEA.7</pub-id><etal/></mixed-citation></ref>
<ref id="b"><label>2</label><citation-alternatives><element-citation><year/><collab>The <b>Oat</b> group</collab>
<ext-link xlink:href="u">https://doi.org/10.5555/oat</ext-link></element-citation><mixed-citation id="b1">The Oat
group 2004</mixed-citation></citation-alternatives></ref>
<ref id="c"><label>3</label><citation>Fo. 1991 <uri>u</uri></citation><citation>Gu. 1993 x &gt; 1</citation></ref>
<ref id="d"><label >4</label><note><label>9</label></note>
<year>2010</year > Hu <pub-id pub-id-type="pmid">8</pub-id></ref>
<ref id="e"><nlm-citation><surname>Ik</surname><collab>A<surname>Jo</surname></collab></nlm-citation></ref>"""


@pytest.mark.parametrize("drop", [(), ("e",)])
def test_references_are_the_same_in_a_file_that_must_be_cut_with_care(tmp_path: Path, drop: tuple[str, ...]) -> None:
    entries = _ENTRIES
    for identifier in drop:  # without it every entry has a number
        entries = entries[: entries.index(f'<ref id="{identifier}"')]
    start, end = ARTICLE.index('<ref id="r1"'), ARTICLE.index("</ref-list>")
    quick = read(tmp_path, ARTICLE[:start] + entries + ARTICLE[end:])
    cut = read(tmp_path, ARTICLE[:start] + entries.replace("</ref>", "<!-- > --></ref>") + ARTICLE[end:])
    assert quick.references == cut.references
    assert [p.citations for p in quick.passages] == [p.citations for p in cut.passages]
    assert quick.coverage == cut.coverage
    first, second, third, fourth = quick.references[:4]
    assert (first.authors, first.title, first.year, first.doi) == (("Evà",), "On Zea & 2H", 1987, "10.5555/zea.7")
    assert (second.authors, second.year, second.doi) == (("The Oat group",), None, "10.5555/oat")
    assert (third.text, third.year) == ("Fo. 1991 u", 1991)
    assert (fourth.pmid, fourth.year, fourth.key) == ("8", 2010, "4" if drop else "d")


def test_text_beside_and_inside_reference_lists_is_read_wherever_it_stands(tmp_path: Path) -> None:
    entry = '<ref id="z"><citation>Quoted words.</citation></ref>'
    text = ARTICLE.replace("<p>None.</p>", f"<p>None <x><ref-list>{entry}</ref-list></x> at all.</p>")
    assert any(p.text == "None Quoted words. at all." for p in read(tmp_path, text).passages)
    text = ARTICLE.replace("<back>", f"<back><!-- {entry} --><ack><p>Thanks.</p></ack>")
    document = read(tmp_path, text)
    assert len(document.references) == 3
    passage = next(p for p in document.passages if p.text == "Thanks.")
    assert passage.source_span(0, 7) == (text.index("Thanks."), text.index("Thanks.") + 7)


def test_places_after_a_reference_list_are_exact(tmp_path: Path) -> None:
    text = ARTICLE.replace("</ref-list>", "</ref-list><app-group><app><p>Last\nwords.</p></app></app-group>")
    passage = next(p for p in read(tmp_path, text).passages if p.text == "Last words.")
    assert passage.source_span(5, 11) == (text.index("words."), text.index("words.") + 6)


def test_a_reference_nested_too_deep_is_refused(tmp_path: Path) -> None:
    text = ARTICLE.replace("Bede. Two.", "<year/>" + "<b>" * 300 + "</b>" * 300)
    with pytest.raises(UnreadableSource, match="nests"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("old", "new", "kind", "retracted"),
    [
        ('"research-article"', '"retraction"', ArticleType.RETRACTION, False),
        ('"research-article"', '"correction"', ArticleType.CORRECTION, False),
        ("Drug A &amp;", "RETRACTED: Drug A", ArticleType.RESEARCH, True),
        ("<italic>nephrosis</italic>", "nephrosis: study protocol", ArticleType.PROTOCOL, False),
    ],
)
def test_kind_of_article(tmp_path: Path, old: str, new: str, kind: ArticleType, retracted: bool) -> None:
    document = read(tmp_path, ARTICLE.replace(old, new))
    assert (document.article_type, document.retracted) == (kind, retracted)


def test_article_without_body(tmp_path: Path) -> None:
    document = read(tmp_path, ARTICLE[: ARTICLE.index("<body>")] + "</article>")
    assert any(note.kind == "no full text" for note in document.notes)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("<article><front>", "not well-formed"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><article><body><p>&x;</p></body></article>', "entities"),
        ("<article>" + "<sec>" * 300 + "</sec>" * 300 + "</article>", "nests"),
        ("<pmc-articleset><Reply><error>gone</error></Reply></pmc-articleset>", "holds no <article>"),
    ],
)
def test_hostile_xml_is_refused(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(UnreadableSource, match=word) as caught:
        read(tmp_path, text)
    assert caught.value.what_to_do


@pytest.mark.parametrize(
    ("link", "retracts"),
    [
        ('ext-link-type="pmc" xlink:href="PMC12"', ("pmcid:PMC12",)),
        ('ext-link-type="pmid" xlink:href="12"', ("pmid:12",)),
        ('ext-link-type="doi" xlink:href="10.5555/Old"', ("10.5555/old",)),
        ('xlink:href="somewhere"', ()),
    ],
)
def test_a_notice_names_what_it_retracts(tmp_path: Path, link: str, retracts: tuple[str, ...]) -> None:
    related = f'<related-article related-article-type="retracted-article" {link}/><abstract>'
    notice = ARTICLE.replace('"research-article"', '"retraction"').replace("<abstract>", related)
    document = read(tmp_path, notice)
    assert (document.retracts, document.retracted) == (retracts, False)
    assert read(tmp_path, ARTICLE.replace("<abstract>", related)).retracts == ()
