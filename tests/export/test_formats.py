"""Every export is read back, by a library of another maker where there is one, and holds what the database holds."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest
import rispy
from fhir.resources.bundle import Bundle

from pipeline.ask.query import Filters
from pipeline.ask.review import review
from pipeline.export import FORMATS, export, select
from pipeline.store import Store
from tests.evidence_made import TEXT, TITLE, evidence

Write = Callable[..., list[Path]]


@pytest.fixture
def write(store: Store, tmp_path: Path) -> Write:
    """Export a database of two papers, the second with a title that a spreadsheet would run."""
    store.load(evidence(), extractor_version="1")
    store.load(evidence(name="other.txt", doi=None, pmid="77", title="=cmd|' /C calc'!A1"), extractor_version="1")

    def run(form: str, filters: Filters | None = None, min_confidence: float = 0.0) -> list[Path]:
        selection = select(store, filters or Filters(), min_confidence)
        return export(store, tmp_path / form, form=form, selection=selection)

    return run


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_csv_holds_every_view_and_runs_no_formula(write: Write) -> None:
    files = {path.stem: path for path in write("csv")}
    assert len(rows_of(files["results"])) == 4
    assert rows_of(files["papers"])[1]["title"].startswith("'=cmd")


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_duckdb_reads_numbers_as_numbers(write: Write, form: str) -> None:
    path = next(path for path in write(form) if path.stem == "results")
    found = duckdb.sql(f"SELECT sum(events), count(*) FILTER (sd IS NULL) FROM '{path}'").fetchall()
    assert found == [(22, 4)]


def test_parquet_keeps_the_columns_of_the_views_even_where_all_is_unknown(write: Write) -> None:
    schema = pyarrow.parquet.read_schema(next(path for path in write("parquet") if path.stem == "comparisons"))
    assert str(schema.field("effect").type) == "double"
    assert str(schema.field("cited_ref").type) == "string"


def test_revman_sets_the_arms_of_one_outcome_side_by_side(write: Write) -> None:
    files = {path.stem: rows_of(path) for path in write("revman")}
    assert list(files) == ["study_information", "study_arms", "study_results", "risk_of_bias"]
    first = files["study_results"][0]
    sides = (first["Events 1"], first["Total 1"], first["Events 2"], first["Total 2"], first["P value"])
    assert sides == ("8", "10", "3", "10", "0.02")
    assert files["study_arms"][0]["Intervention"] == "voclosporin 0.5 mg/kg twice daily"
    assert {row["Judgement"] for row in files["risk_of_bias"]} == {""}
    assert {row["Study ID"] for row in files["study_results"]} == {r["Study ID"] for r in files["study_information"]}


def test_ris_is_read_by_rispy(write: Write) -> None:
    with write("ris")[0].open(encoding="utf-8") as file:
        entries = rispy.load(file)
    assert [(entry.get("doi"), entry.get("accession_number")) for entry in entries] == [
        ("10.5555/made.1", None),
        (None, "77"),
    ]


def test_brat_offsets_stand_on_their_words(write: Write) -> None:
    annotations = [path for path in write("brat") if path.suffix == ".ann"]
    seen = 0
    for path in annotations:
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        for line in path.read_text(encoding="utf-8").splitlines():
            found = re.fullmatch(r"T\d+\t\S+ (\d+) (\d+)\t(.*)", line)
            if found:
                seen += 1
                assert text[int(found[1]) : int(found[2])] == found[3]
    assert seen == 2 * (3 + 2 + 1)


def test_web_annotations_select_their_words_in_both_ways(write: Write) -> None:
    page = json.loads(write("webannotation")[0].read_text(encoding="utf-8"))
    items = page["first"]["items"]
    assert len(items) == page["total"] == 6
    for item in items:
        quote, position = item["target"]["selector"]
        start, end = position["start"], position["end"]
        assert TEXT[start:end] == quote["exact"]
        assert TEXT[:start].endswith(quote["prefix"])
        assert TEXT[end:].startswith(quote["suffix"])


def test_fhir_bundle_is_valid_r5(write: Write) -> None:
    bundle = Bundle.model_validate_json(write("fhir")[0].read_text(encoding="utf-8"))
    resources = [entry.resource for entry in bundle.entry]
    assert [resource.get_resource_type() for resource in resources] == ["Evidence"] * 6
    assert len({resource.id for resource in resources}) == 6
    assert resources[0].statistic[0].numberOfEvents == 8
    assert {attribute.type.text for attribute in resources[-1].statistic[0].attributeEstimate} == {"P-value"}


def test_html_report_needs_nothing_from_elsewhere(write: Write) -> None:
    page = write("html")[0].read_text(encoding="utf-8")
    assert TITLE in page
    assert f"<mark>{TEXT.split('(')[0]}" in page
    assert not re.search(r"""(?:src|href)\s*=|@import|url\(""", page)
    assert "&lt;script" not in page
    assert page.count("<script>") == 1


def test_filters_and_confidence_restrict_every_row(write: Write) -> None:
    assert len(rows_of(_results(write("csv", Filters(drug=("voclosporin",)))))) == 2
    assert len(rows_of(_results(write("csv", min_confidence=0.99)))) == 0


def _results(files: list[Path]) -> Path:
    return next(path for path in files if path.stem == "results")


def test_gold_holds_reviewed_papers_as_reviewers_left_them(store: Store, write: Write) -> None:
    assert write("gold") == []
    key = next(str(row["result_id"]) for row in store.rows("SELECT result_id FROM results"))
    review(store, key, "correct", who="Ada", corrections={"events": "7"})
    docs, records = write("gold")
    gold = json.loads(records.read_text(encoding="utf-8"))
    text = docs.read_text(encoding="utf-8")
    assert [row["events"] for row in gold["results"]] == [7.0, 3.0]
    assert gold["doc"] == docs.name
    assert gold["arms"][0]["drugs"][0]["dose"] == "0.5 mg/kg"
    assert all(row["quote"] in text for row in (*gold["results"], *gold["comparisons"]))
    assert all(string in text for strings in gold["mentions"].values() for string in strings)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_database_makes_the_same_files(write: Write, form: str) -> None:
    first = {path: path.read_bytes() for path in write(form)}
    assert {path: path.read_bytes() for path in write(form)} == first
