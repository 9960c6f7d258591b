"""`evidence ico` on invented papers: values and sizes of the right groups, nothing where nothing is reported."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.ask.ico import Answer, Answerer, Group
from pipeline.ask.ico_paper import IcoPaper, load_paper
from pipeline.ask.ico_records import Question
from pipeline.cli import main
from pipeline.document import Cell, Document, Part, Passage, Source, Table
from pipeline.errors import StoreError
from pipeline.evidence import Annotated, PaperEvidence
from pipeline.read.table_headers import resolve_headers
from pipeline.store import open_store

OUTCOMES = (
    ("", "Zaltrofen (n = 41)", "Placebo (n = 39)", "P"),
    ("Relapse, n (%)", "7 (17.1)", "15 (38.5)", "0.03"),
    ("Serum albumin (g/dL), mean (SD)", "", "", ""),
    ("Baseline", "2.1 (0.4)", "2.2 (0.5)", "0.40"),
    ("Week 24", "3.4 (0.5)", "2.8 (0.6)", "<0.01"),
    ("Time to remission, median (IQR)", "8 (4-12)", "13 (9-20)", "0.02"),
)


def table_of(rows: Sequence[Sequence[str]], caption: str) -> tuple[str, Table]:
    cells, lines, at = [], [], 0
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            cells.append(Cell(r, c, text, at, at + len(text), is_header=r == 0))
            at += len(text) + 1
        lines.append("\t".join(row))
    table = Table("Table 1", caption, len(rows), len(rows[0]), resolve_headers(cells, 1))
    return "\n".join(lines), table


def document_of(text: str = "", rows: Sequence[Sequence[str]] = (), caption: str = "Outcomes") -> Document:
    passages = []
    if text:
        passages.append(Passage(0, Part.ABSTRACT, text))
    if rows:
        content, table = table_of(rows, caption)
        passages.append(Passage(1, Part.TABLE, content, table=table))
    return Document(Source("trial.xml", "jats", "0" * 64), tuple(passages), pmcid="PMC777")


def ask(document: Document, intervention: str, comparator: str, outcome: str) -> Answer:
    paper = IcoPaper(document.paper_id, "trial.xml", document.passages)
    return Answerer(paper).answer(Question(intervention, comparator, outcome), explain=True)


def numbers(group: Group) -> tuple[float | None, ...]:
    return tuple(None if v is None else v.value for v in (group.events, group.total, group.mean, group.sd))


@pytest.mark.parametrize(
    ("outcome", "kind", "first", "second"),
    [
        ("relapse", "binary", (7, 41, None, None), (15, 39, None, None)),
        ("serum albumin", "continuous", (None, 41, 3.4, 0.5), (None, 39, 2.8, 0.6)),
        ("serum albumin at baseline", "continuous", (None, 41, 2.1, 0.4), (None, 39, 2.2, 0.5)),
    ],
)
def test_numbers_come_from_the_row_of_the_outcome(
    outcome: str, kind: str, first: tuple[float | None, ...], second: tuple[float | None, ...]
) -> None:
    answer = ask(document_of(rows=OUTCOMES), "zaltrofen", "placebo", outcome)
    assert (answer.outcome_type, numbers(answer.intervention), numbers(answer.comparator)) == (kind, first, second)
    swapped = ask(document_of(rows=OUTCOMES), "placebo", "zaltrofen", outcome)
    assert (numbers(swapped.intervention), numbers(swapped.comparator)) == (second, first)


def test_a_median_is_not_a_mean_and_an_outcome_not_told_is_not_reported() -> None:
    median = ask(document_of(rows=OUTCOMES), "zaltrofen", "placebo", "time to remission")
    assert numbers(median.intervention) == (None, 41, None, None)
    absent = ask(document_of(rows=OUTCOMES), "zaltrofen", "placebo", "quality of sleep questionnaire")
    assert numbers(absent.comparator) == (None, 39, None, None)


def test_numbers_of_a_sentence_go_to_the_groups_it_names() -> None:
    text = (
        "Eighty patients were randomised to zaltrofen (n = 41) or placebo (n = 39). "
        "Relapse occurred in 7 of 41 patients (17%) in the zaltrofen group and in 15 of 39 patients (38%) in the "
        "placebo group."
    )
    answer = ask(document_of(text), "zaltrofen", "placebo", "relapse")
    assert numbers(answer.intervention) == (7, 41, None, None)
    assert numbers(answer.comparator) == (15, 39, None, None)


def test_every_number_stands_where_the_answer_says() -> None:
    document = document_of(rows=OUTCOMES)
    answer = ask(document, "zaltrofen", "placebo", "relapse")
    for group in (answer.intervention, answer.comparator):
        for value in (group.events, group.total):
            assert value is not None and value.place is not None
            place = value.place
            assert document.passages[place.passage].text[place.start : place.end] == place.text
            assert f"{value.value:g}" in place.text
    assert answer.rejected and all(one.why for one in answer.rejected)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "ico.db"
    document = document_of(rows=OUTCOMES)
    evidence = PaperEvidence(Annotated(document, ((),), {}, ()))
    with open_store(path, create=True) as store:
        store.load(evidence, extractor_version="test")
    return path


@pytest.mark.parametrize("paper", ["pmcid:PMC777", "PMC777", "pmc777", "trial.xml"])
def test_a_stored_paper_answers_like_the_document(stored: Path, paper: str) -> None:
    words = ["--intervention", "zaltrofen", "--comparator", "placebo", "--outcome", "relapse"]
    result = CliRunner().invoke(main, ["ico", str(stored), "--paper", paper, *words, "--json", "--explain"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert found["intervention"] == {"events": 7, "total": 41, "mean": None, "sd": None}
    assert found["comparator"] == {"events": 15, "total": 39, "mean": None, "sd": None}
    assert found["proof"]["intervention"]["events"]["column_headers"] == ["Zaltrofen (n = 41)"]
    text = CliRunner().invoke(main, ["ico", str(stored), "--paper", paper, *words[:-1], "sleep"])
    assert "not reported" in text.output


def test_a_paper_that_is_not_there_is_an_error(stored: Path) -> None:
    with open_store(stored, read_only=True) as store, pytest.raises(StoreError, match="no paper"):
        load_paper(store, "PMC1")


def test_several_documents_made_alike_need_no_shared_state(make_document: Callable[..., Document]) -> None:
    document = make_document("No deaths occurred in either group. Groups of 30 patients each were compared.")
    answer = ask(document, "yoga", "usual care", "deaths")
    assert numbers(answer.intervention)[0] in (0, None)
