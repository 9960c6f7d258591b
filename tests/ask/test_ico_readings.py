"""Sentences and table layouts that `evidence ico` reads: which number is whose, on invented texts."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.ask.ico_cells import ico_cells
from pipeline.ask.ico_mentions import mentions_of
from pipeline.ask.ico_numbers import Reader, numbers_by_kind
from pipeline.ask.ico_paper import IcoPaper
from pipeline.ask.ico_records import Question
from pipeline.ask.ico_sentences import sentence_pairs
from pipeline.ask.ico_size_sets import even_split, whole_study
from pipeline.ask.ico_sizes import SizeFinder
from pipeline.ask.ico_terms import is_acronym
from pipeline.cli import main
from pipeline.document import Box, Cell, Document, Part, Passage, Source, Table, TextBox
from pipeline.evidence import Annotated, PaperEvidence
from pipeline.read.table_headers import resolve_headers
from pipeline.store import open_store


def paper_of(*texts: str) -> IcoPaper:
    return IcoPaper("p", "p.xml", tuple(Passage(i, Part.ABSTRACT, text) for i, text in enumerate(texts)))


def table_of(rows: Sequence[Sequence[str]], header_rows: int = 1) -> Table:
    cells = [
        Cell(r, c, text, 0, len(text), is_header=r < header_rows or (c == 0 and bool(text)))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text
    ]
    return Table("Table 1", "Outcomes", len(rows), len(rows[0]), resolve_headers(cells, header_rows))


@pytest.mark.parametrize(
    ("text", "intervention", "comparator", "first", "second"),
    [
        ("Rash was seen in 9%, 4% and 2% of the high dose, low dose and placebo groups, respectively.",
         "low dose", "placebo", "4%", "2%"),
        ("Remission: velorine, 61.0%; placebo, 40.5%; and dolatine, 52.3%.", "dolatine", "placebo", "52.3%", "40.5%"),
        ("Cure was reached in 19 patients (22.4%) in the 1-week group and in 32 patients (38.1%) in the 2-week group.",
         "1-week rescue", "2-week rescue", "19 patients (22.4%)", "32 patients (38.1%)"),
        ("Grip was weaker with delirium than without delirium (6.6 ± 4.4 versus 23.4 ± 8.9 kg).",
         "delirium", "without delirium", "6.6 ± 4.4", "23.4 ± 8.9 kg"),
        ("The block lasted 5.1 ± 0.4 h with lidocaine alone and 9.2 ± 0.8 h with lidocaine plus clonidine.",
         "lidocaine plus clonidine", "lidocaine", "9.2 ± 0.8 h", "5.1 ± 0.4 h"),
        ("Pain fell by 3.2 (1.1) points in those given heat and by 2.1 (1.0) points in others.",
         "heat", "usual advice", "3.2 (1.1)", "2.1 (1.0)"),
    ],
)  # fmt: skip
def test_the_first_reading_of_a_sentence(
    text: str, intervention: str, comparator: str, first: str, second: str
) -> None:
    paper, question = paper_of(text), Question(intervention, comparator, "outcome")
    mentions = mentions_of(paper, question, text)
    read = [
        (text[r.first.start : r.first.end].strip(), text[r.second.start : r.second.end].strip())
        for numbers in numbers_by_kind(text).values()
        for r in Reader(text, mentions, numbers, paper.terms, question.outcome).readings()
    ]
    assert read and (first, second) == tuple(one.split(" point")[0] for one in read[0])


def test_two_sentences_with_one_group_each() -> None:
    paper = paper_of("Healing was seen with balm in 83.5% (71/85). Healing was seen with sham in 70.2% (59/84).")
    pairs = sentence_pairs(paper, Question("balm", "sham", "healing"))
    two = [pair for pair in pairs if "sentence_two" in pair.features]
    assert [(p.intervention.value.events, p.comparator.value.events) for p in two] == [(71.0, 59.0)]


def test_a_list_says_which_outcome_is_meant() -> None:
    text = "Calm and sedated states were seen more with zolt (35 and 42.5%) than with midazolam (17.5 and 20.5%)."
    pairs = sentence_pairs(paper_of(text), Question("zolt", "midazolam", "sedated"))
    best = max((p for p in pairs if "list_match" in p.features), key=lambda p: p.features["list_match"])
    assert (best.intervention.value.percent, best.comparator.value.percent) == (42.5, 20.5)


def test_a_group_column_and_lines_inside_a_table_are_headers() -> None:
    cells = ico_cells(table_of([
        ("Measure", "Group", "Mean change (SD)"),
        ("Weight (kg)", "I", "-0.9 (0.3)"),
        ("", "C", "0.3 (0.4)"),
        ("Waist (cm)", "I", "-1.3 (0.5)"),
        ("", "C", "-0.3 (0.6)"),
    ]))  # fmt: skip
    assert [one.cell.row_headers[-2:] for one in cells] == [
        ("Weight (kg)", "I"), ("Weight (kg)", "C"), ("Waist (cm)", "I"), ("Waist (cm)", "C"),
    ]  # fmt: skip
    lined = ico_cells(table_of([
        ("Week", "Cells", "Ratio"),
        ("", "Smokers (n = 27)", ""),
        ("0", "7.6 ± 1.9", "1.1 ± 0.2"),
        ("", "Others (n = 29)", ""),
        ("0", "8.3 ± 1.5", "1.4 ± 0.3"),
    ]))  # fmt: skip
    assert {one.cell.row_headers[0] for one in lined} == {"Smokers (n = 27)", "Others (n = 29)"}


@pytest.mark.parametrize(
    ("head", "label", "text", "kind", "events", "total"),
    [
        ("Mean change", "Knew the dose (I = 12, C = 8)", "9 (75.0)", "share", 9.0, 12.0),
        ("Mean change", "Knew the dose (I = 12, C = 8)", "9 (74.0)", "mean", None, None),
        ("Mean score (n)", "Itching", "1.2 (68)", "value", None, 68.0),
    ],
)
def test_sizes_tell_what_a_bracket_is(
    head: str, label: str, text: str, kind: str, events: float | None, total: float | None
) -> None:
    (one,) = ico_cells(table_of([("", head, "P"), (label, text, "0.3")]))
    assert (one.value.kind, one.value.events, one.value.total) == (kind, events, total)


def test_sizes_of_the_whole_study_of_even_groups_and_of_neighbouring_sentences() -> None:
    patients = paper_of("Thirty-two patients took part; all were randomly divided into four groups.")
    assert [item.n for item in even_split(patients, whole_study(patients))] == [8.0]
    apart = paper_of("We studied 30 patients.", "All were divided into two groups.")
    assert even_split(apart, whole_study(apart)) == []
    assert [item.n for item in whole_study(paper_of("Nineteen men participated."))] == [19.0]
    assert whole_study(paper_of("The prevalence is 10 per 100,000 people of all ages, worldwide.")) == []
    two = SizeFinder(paper_of("Group I (n = 30, laser) had light. Group II (n = 22, sham) had none."))
    found = two.candidates(Question("laser (Group I)", "sham (Group II)", "pain"), None)
    assert (found[0].intervention, found[0].comparator) == (30.0, 22.0)


def test_acronyms_are_initials_of_neighbouring_words() -> None:
    assert is_acronym("CACP", "phase II corporate-academic cooperation program")
    assert not is_acronym("EP", "placebo")


def test_a_direction_comes_with_its_sentence_and_a_proof_on_a_page_with_its_box(tmp_path: Path) -> None:
    text = "Relapse was significantly less frequent with zaltrofen (7/41) than with placebo (15/39; p = 0.03)."
    words = [
        TextBox(m.start(), m.end(), Box(2, float(m.start()), 10.0, float(m.end()), 20.0))
        for m in re.finditer(r"\S+", text)
    ]
    passage = Passage(0, Part.ABSTRACT, text, page=2, boxes=tuple(words))
    document = Document(Source("trial.pdf", "pdf", "0" * 64), (passage,), pmcid="PMC778")
    with open_store(tmp_path / "ico.db", create=True) as store:
        store.load(PaperEvidence(Annotated(document, ((),), {}, ())), extractor_version="test")
    ran = CliRunner().invoke(
        main,
        ["ico", str(tmp_path / "ico.db"), "--paper", "PMC778", "--intervention", "zaltrofen", "--comparator", "placebo",
         "--outcome", "relapse", "--json"],
    )  # fmt: skip
    found = json.loads(ran.output)
    assert (found["intervention"]["events"], found["comparator"]["total"]) == (7, 39)
    proof = found["proof"]["intervention"]["events"]
    start = text.index("(7/41)")
    assert (proof["page"], proof["bbox"]) == (2, [start, 10.0, start + 6, 20.0])
    assert found["direction"]["direction"] == "decreased" and found["direction"]["quote"] in text
    assert found["direction"]["page"] == 2 and 0 < found["direction"]["probability"] <= 1


def test_planned_sizes_and_counts_of_events_are_no_group_sizes() -> None:
    paper = paper_of(
        "A sample size of 30 patients (20 on zolt and 10 on sham) gives enough power. "
        "During treatment 13 subjects in the zolt group and 9 subjects in the sham group reported adverse events."
    )
    assert SizeFinder(paper).candidates(Question("zolt", "sham", "pain"), None) == []
