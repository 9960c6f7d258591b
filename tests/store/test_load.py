"""Writing papers: exact values, replacement, several sources of one paper, any order."""

from __future__ import annotations

import itertools
import json
import pickle
import sqlite3
from pathlib import Path

import pytest

from pipeline.errors import RecordError
from pipeline.evidence import Failure
from pipeline.store import Store, dump, open_store, rows_of, unpack_boxes
from tests import evidence_made as made


def load(store: Store, **fields: object) -> str:
    return store.load(made.evidence(**fields), extractor_version="test")


def one(store: Store, view: str, where: str = "1") -> dict[str, object]:
    (row,) = store.rows(f"SELECT * FROM {view} WHERE {where}")
    return dict(row)


def test_a_result_stands_in_its_view_with_quote_and_place(store: Store) -> None:
    paper = load(store)
    row = one(store, "results", "arm_id = 'A1'")
    assert paper == "10.5555/made.1"
    assert row["result_id"] == f"{paper}#R1"
    assert json.loads(str(row["drugs"])) == ["voclosporin"]
    assert (row["events"], row["total"], row["percent"], row["measure"]) == (8, 10, 80, "proportion")
    assert (row["outcome_concept"], row["histology"], row["population"]) == (
        "remission",
        "minimal change disease",
        "adults",
    )
    assert (row["section"], row["source_start"], row["source_end"]) == ("abstract: results", 100, 100 + len(made.TEXT))
    assert (row["page"], row["bbox"], row["value"], row["timepoint"]) == (None, None, None, None)


def test_a_regimen_has_printed_dose_and_numbers(store: Store) -> None:
    load(store)
    row = one(store, "regimens", "arm_id = 'A1'")
    assert (row["drug"], row["drug_id"], row["dose"]) == ("voclosporin", made.DRUG.id, "0.5 mg/kg")
    assert (row["dose_low"], row["dose_high"], row["dose_unit"]) == (0.5, 0.5, "mg/kg")
    assert (row["frequency"], row["quote"], row["role"], row["n"]) == (
        "twice daily", "voclosporin 0.5 mg/kg", "intervention", 10,
    )  # fmt: skip


def test_evidence_sets_the_comparison_beside_each_result(store: Store) -> None:
    load(store)
    first, second = store.rows("SELECT * FROM evidence_row ORDER BY result_id")
    assert (first["regimen"], first["comparator"]) == ("voclosporin 0.5 mg/kg twice daily", "placebo")
    assert (first["value"], first["comparator_value"]) == ("8 of 10 patients (80%)", "3 of 10 (30%)")
    assert (first["p"], first["direction"]) == ("= 0.02", "increased")
    assert (second["value"], second["direction"]) == ("3 of 10 (30%)", "decreased")


def test_a_page_has_boxes_and_no_source_offsets(store: Store) -> None:
    load(store, with_boxes=True, format="pdf")
    row = one(store, "mentions", "label = 'DOSE'")
    assert (row["page"], row["source_start"]) == (3, None)
    x0, top, x1, bottom = json.loads(str(row["bbox"]))
    assert (top, bottom) == (50.0, 60.0)
    start = made.TEXT.index("0.5 mg/kg")
    assert (x0, x1) == (10.0 + start, 9.0 + start + len("0.5 mg/kg"))
    blob = one(store, "passage", "ordinal = 2")["boxes"]
    assert isinstance(blob, bytes)
    assert len(unpack_boxes(blob)) == len(made.TEXT.split())


def test_loading_twice_changes_nothing(store: Store) -> None:
    load(store)
    before = dump(store.connection)
    load(store)
    assert dump(store.connection) == before
    assert store.check() == []


def test_rows_cross_process_borders(store: Store) -> None:
    rows = rows_of(made.evidence(), extractor_version="test")
    store.load_rows(pickle.loads(pickle.dumps(rows)))
    assert one(store, "papers")["paper_id"] == "10.5555/made.1"


def test_full_text_search_follows_a_replaced_paper(store: Store) -> None:
    load(store, extra="Nephritic flares were rare.")
    search = "SELECT count(*) AS n FROM passage_fts WHERE passage_fts MATCH 'flare'"
    assert next(store.rows(search))["n"] == 1
    with_other_text = made.evidence(extra="")
    store.load(with_other_text, extractor_version="test")
    store.connection.execute("DELETE FROM paper")
    assert next(store.rows(search))["n"] == 0
    assert store.check() == []


SOURCES = (
    {"name": "a.txt", "format": "text", "doi": None, "pmid": "77"},
    {"name": "b.nxml", "format": "jats", "extra": "Long body text. " * 300, "pmcid": "PMC5"},
    {"name": "c.pdf", "format": "pdf", "extra": "Long body text here. " * 300, "with_boxes": True},
    {"name": "d.xml", "format": "medline-xml", "pmid": "77", "pmcid": "PMC5", "journal": "J Made", "retracted": True},
)


def ingested_in_order(path: Path, order: tuple[int, ...]) -> Store:
    store = open_store(path, create=True)
    for number in order:
        load(store, **SOURCES[number])
    return store


@pytest.fixture(scope="module")
def dump_of_four_sources(tmp_path_factory: pytest.TempPathFactory) -> str:
    with ingested_in_order(tmp_path_factory.mktemp("four") / "a.db", (0, 1, 2, 3)) as store:
        return dump(store.connection)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_one_paper_of_four_sources_is_the_same_in_any_order(
    tmp_path: Path, order: tuple[int, ...], dump_of_four_sources: str
) -> None:
    with ingested_in_order(tmp_path / "a.db", order) as store:
        row = one(store, "papers")
        assert (row["paper_id"], row["format"], row["source"]) == ("10.5555/made.1", "jats", "b.nxml")
        assert (row["pmid"], row["pmcid"], row["journal"]) == ("77", "PMC5", "J Made")
        assert one(store, "paper")["retracted"] == 1
        assert len(list(store.rows("SELECT * FROM source"))) == 4
        assert one(store, "results", "arm_id = 'A1'")["result_id"] == "10.5555/made.1#R1"
        assert dump(store.connection) == dump_of_four_sources
        assert store.check() == []


TITLE = "A long title that two invented authors gave to a trial of voclosporin and placebo"
BY_TITLE = (
    {"name": "a.txt", "format": "text", "doi": None, "pmid": "77", "title": TITLE, "authors": ("Berg",), "year": 2020},
    {"name": "b.pdf", "format": "pdf", "doi": None, "title": TITLE.upper(), "extra": "Body text. " * 300},
    {"name": "c.xml", "format": "jats", "title": TITLE + ".", "authors": ("Berg", "Li")},
    {
        "name": "d.xml",
        "format": "medline-xml",
        "doi": "10.5555/other",
        "title": TITLE,
        "authors": ("Ek",),
        "year": 2024,
    },
    {"name": "e.txt", "format": "text", "doi": None, "title": "Reply to: " + TITLE},
    {"name": "f.txt", "format": "text", "doi": None, "title": TITLE, "authors": ("Berg",), "year": 2011},
)


def test_a_title_with_author_and_year_makes_one_paper_in_any_order(tmp_path: Path) -> None:
    dumps = set()
    for number, order in enumerate(itertools.permutations(range(len(BY_TITLE)))):
        if number % 24 == 0:
            with open_store(tmp_path / f"{number}.db", create=True) as store:
                for source in order:
                    load(store, **BY_TITLE[source])
                dumps.add(dump(store.connection))
                found = {row["paper_id"]: row["source"] for row in store.rows("SELECT * FROM papers")}
                assert found["10.5555/made.1"] == "b.pdf"
                assert len(found) == 4
                assert store.check() == []
    assert len(dumps) == 1


@pytest.mark.parametrize("notice_first", [True, False])
@pytest.mark.parametrize("target", ["10.5555/made.1", "pmid:77", "pmcid:PMC5"])
def test_a_notice_flags_the_paper_that_it_retracts(store: Store, notice_first: bool, target: str) -> None:
    notice = {"name": "notice", "doi": "10.5555/notice", "title": "Retraction", "retracts": (target,)}
    paper = {"name": "paper", "pmid": "77", "pmcid": "PMC5"}
    for source in (notice, paper) if notice_first else (paper, notice):
        load(store, **source)
    load(store, name="third", doi="10.5555/third", pmid="78")
    flags = {row["key"]: row["retracted"] for row in store.rows("SELECT key, retracted FROM paper")}
    assert flags == {"10.5555/made.1": 1, "10.5555/notice": 0, "10.5555/third": 0}


def test_papers_that_contradict_each_other_stay_apart(store: Store) -> None:
    load(store, name="a", doi="10.5555/one", pmid="9")
    load(store, name="b", doi="10.5555/two", pmid="9")
    assert len(list(store.rows("SELECT * FROM papers"))) == 2


def test_a_changed_file_replaces_its_paper_even_under_another_id(store: Store) -> None:
    load(store, name="a.txt", doi=None)
    load(store, name="a.txt", doi=None, extra="A new paragraph.")
    assert len(list(store.rows("SELECT * FROM papers"))) == 1


def test_reading_again_keeps_the_other_sources(store: Store) -> None:
    for source in SOURCES:
        load(store, **source)
    before = dump(store.connection)
    for source in SOURCES:
        load(store, **source)
    assert dump(store.connection) == before


def test_an_error_in_the_middle_leaves_nothing_half_stored(store: Store) -> None:
    load(store, name="old", doi="10.5555/old")
    before = dump(store.connection)
    rows = rows_of(made.evidence(name="new"), extractor_version="test")
    last = rows.tables["result"][-1]
    rows.tables["result"][-1] = (*last[:-3], None, *last[-2:])  # confidence is NOT NULL
    with pytest.raises(RecordError, match="NOT NULL"):
        store.load_rows(rows)
    assert dump(store.connection) == before
    with pytest.raises(RecordError, match="surrogates"):
        store.load(made.evidence(title="\ud800"), extractor_version="test")
    assert dump(store.connection) == before


def test_failures_are_replaced_file_by_file(store: Store) -> None:
    store.record_failures("a", [Failure("a", "read", "broken", "mend it"), Failure("a#2", "tag", "odd", "report it")])
    store.record_failures("b", [Failure("b", "read", "empty", "fill it")])
    store.record_failures("a", [Failure("a#2", "tag", "odd", "report it")])
    assert [row["source"] for row in store.rows("SELECT source FROM failures ORDER BY source")] == ["a#2", "b"]


def test_readers_query_while_a_writer_is_at_work(store: Store) -> None:
    load(store)
    store.connection.execute("BEGIN IMMEDIATE")
    store.connection.execute("DELETE FROM paper")
    with open_store(store.path, read_only=True) as reader:
        assert one(reader, "papers")["year"] == 2021
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.connection.execute("DELETE FROM paper")
    store.connection.execute("ROLLBACK")
