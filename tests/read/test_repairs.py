"""Words and citations of plain text: what is joined, what keeps its hyphen, what is a citation."""

from __future__ import annotations

import time

import pytest

from pipeline.document import Section
from pipeline.read.chars import Chars
from pipeline.read.citation_line import find_doi, find_registrations, parse_citation
from pipeline.read.citations import CitationHabit, expand
from pipeline.read.headings import abstract_labels, section_of
from pipeline.read.language import language_of
from pipeline.read.words import Words, repair


@pytest.mark.parametrize(
    ("printed", "elsewhere", "mended"),
    [
        ("cyclo-\nsporine", "", "cyclosporine"),
        ("glomerulo-\nsclerosis", "", "glomerulosclerosis"),
        ("long-\n-term", "", "long-term"),
        ("low-\ndose", "", "low-dose"),
        ("dose-\ndependent", "a dose rises", "dose-dependent"),
        ("re-\nmission", "remission", "remission"),
        ("kidney-\ntransplant", "kidney-transplant kidney-transplant", "kidney-transplant"),
        ("CsA-\nresistant", "", "CsA-resistant"),
        ("IL-\n6", "", "IL-6"),
        ("pre-\nand postoperative", "", "pre- and postoperative"),
        ("1mg/\nKg/day", "", "1mg/Kg/day"),
        ("(104–\n146 nmol/L)", "", "(104–146 nmol/L)"),
        ("10-\n20 mg", "", "10-20 mg"),
        ("soft\u00ad\nened", "", "softened"),
        ("of  the \n  kidney", "", "of the kidney"),
        ("low -dose and high -dose", "", "low-dose and high-dose"),
        ("a value of -2.5", "T -cell low -dose", "a value of -2.5"),
        ("wit h them", "with with", "with them"),
        ("vitamin d was", "vitamin vitamin", "vitamin d was"),
        ("group s and", "groups groups group group", "group s and"),
        ("ﬁbrosis", "", "fibrosis"),
    ],
)
def test_repair(printed: str, elsewhere: str, mended: str) -> None:
    assert repair(Chars.of(printed), Words(f"{printed}\n{elsewhere}")).text == mended


HABIT = " As shown1. Others2,3 found4 the same5-7. "


@pytest.mark.parametrize(
    ("printed", "left", "keys"),
    [
        ("with dexamethasone1.", "with dexamethasone.", [("1",)]),
        ("the effect6,7 and", "the effect and", [("6", "7")]),
        ("(FSGS)1 and drugs)12.", "(FSGS) and drugs).", [("1",), ("12",)]),
        ("limited studies2 -5.", "limited studies.", [("2", "3", "4", "5")]),
        ("observational studies [2 -5].", "observational studies.", [("2", "3", "4", "5")]),
        ("CD20 and IL6 at week12 in phase2", "CD20 and IL6 at week12 in phase2", []),
        ("a median of 3 years [2-5]", "a median of 3 years [2-5]", []),
        ("20mg of it", "20mg of it", []),
    ],
)
def test_citations(printed: str, left: str, keys: list[tuple[str, ...]]) -> None:
    chars, marks = CitationHabit(printed + HABIT).take_off(Chars.of(printed))
    assert chars.text == left
    assert [mark.keys for mark in marks] == keys


def test_no_habit_no_citations() -> None:
    text = "Treatment1 and treatment2 differ."
    assert CitationHabit(text).take_off(Chars.of(text))[0].text == text


def test_expand_leaves_odd_ranges_at_their_ends() -> None:
    assert expand("9-4, 12") == ("9", "4", "12")


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("2.1 Statistical analysis", Section.METHODS),
        ("PATIENTS AND METHODS", Section.METHODS),
        ("Case 2", Section.CASE),
        ("Clinical cases", Section.CASE),
        ("MAIN RESULTS", Section.RESULTS),
        ("Results and discussion", Section.RESULTS),
        ("Authors' conclusions", Section.CONCLUSION),
        ("Objectives", Section.BACKGROUND),
        ("Rituximab", None),
    ],
)
def test_section_of(heading: str, section: Section | None) -> None:
    assert section_of(heading) is section


def test_abstract_labels() -> None:
    text = "AIM: To see. METHODS AND PATIENTS: Two arms: A and B. RESULTS: None."
    assert [label for _, _, label in abstract_labels(text)] == ["AIM", "METHODS AND PATIENTS", "RESULTS"]
    assert abstract_labels("We saw two groups. Results: none were good.") == []


@pytest.mark.parametrize(
    ("line", "journal", "year", "doi"),
    [
        ("J Imag Neph. 2011 Aug;26(8):1255-61. doi: 10.5555/s-1. Epub 2011 Apr 9.", "J Imag Neph", 2011, "10.5555/s-1"),
        ("Imag J Nephrol 2015; 29(1): 78-84", "Imag J Nephrol", 2015, None),
        ("12. Imaginary kidney. 1999;4:e12.", "Imaginary kidney", 1999, None),
    ],
)
def test_citation_line(line: str, journal: str, year: int, doi: str | None) -> None:
    found = parse_citation(line)
    assert found is not None
    assert (found.journal, found.year, found.doi) == (journal, year, doi)


def test_a_line_of_names_that_ends_in_a_number() -> None:
    names = "; ".join(f"A B Made{number}" for number in range(40))
    found = parse_citation(f"{names}. 1999. PMID: 1234567")
    assert found is not None
    assert found.pmid == "1234567"
    abstract = "We treated 14 children with a drug and saw what it did to each of them over a year. " * 3
    assert parse_citation(f"{abstract} DOI: 10.5555/x.1 PMID: 1234567") is None


@pytest.mark.parametrize("line", ["We treated 14 children in 2011; 5 relapsed.", "Proteinuria fell to 2.1 g."])
def test_sentences_are_no_citation_lines(line: str) -> None:
    assert parse_citation(line) is None


def test_identifiers() -> None:
    assert find_doi("see https://doi.org/10.5555/A(1)b.).") == "10.5555/a(1)b"
    assert find_registrations("NCT01234567, ISRCTN12345678 and NCT01234567") == ("NCT01234567", "ISRCTN12345678")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Background: As crianças com a doença foram tratadas com um fármaco por um ano e não tiveram recidivas", "pt"),
        ("Los pacientes con la enfermedad fueron tratados con el fármaco durante un año y no tuvieron recaídas", "es"),
        ("Die Patienten wurden mit dem Medikament behandelt und hatten nach einem Jahr keine Rückfälle", "de"),
        ("Les patients ont été traités par le médicament pendant un an et n'ont pas eu de rechute", "fr"),
        ("The patients were treated with the drug for a year and had no relapse", "en"),
        ("Serum albumin (g/dL)", "en"),
        (
            "\tOP arm (n = 9)\tOD arm (n = 8)\tOP rest (n = 7)\nMale, no. (%)\t3 (33)\t2 (25)\t1 (14)\nAge\t4\t5\t6",
            "en",
        ),
        ("Remissão completa dos pacientes com tacrolimus", "pt"),
        ("V Motta; L Ferri; D Conti; E Sala; P La Rosa; G Neri", "en"),
        ("患者接受了他克莫司治疗一年没有复发", "zh"),
    ],
)
def test_language(text: str, code: str) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize(("text", "code"), [("The drug was given to patients for a year.", "en"), ("Tab 1", "sv")])
def test_a_language_without_a_profile_is_no_obstacle(text: str, code: str) -> None:
    assert language_of(text, default="sv") == code


@pytest.mark.parametrize(
    "noise", [" " * 100_000, "a" * 100_000, "a-\n" * 30_000, "10.1234/" + ")" * 50_000, "[" * 50_000]
)
def test_hostile_text_takes_no_quadratic_time(noise: str) -> None:
    start = time.process_time()
    text = "Some words. " + noise + " x"
    repair(Chars.of(text), Words(text))
    CitationHabit(text).take_off(Chars.of(text))
    find_doi(text)
    assert time.process_time() - start < 3
