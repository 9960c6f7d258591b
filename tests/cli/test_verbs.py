"""What each verb prints, and what it must not import."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import VERBS, main
from pipeline.document import Part, Passage, ReadNote
from pipeline.store import open_store
from tests import evidence_made as made


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("verbs") / "good.db"
    with open_store(path, create=True) as store:
        store.load(made.evidence(), extractor_version="test")
        store.load(made.evidence(name="page.pdf", doi="10.5555/made.2", with_boxes=True), extractor_version="test")
    return str(path)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ([], 4),
        (["--drug", "Voclosporin"], 2),
        (["--drug", "placebo"], 2),
        (["--drug", "tacrolimus"], 0),
        (["--histology", "Minimal Change Disease"], 4),
        (["--histology", "membranous nephropathy"], 0),
        (["--outcome", "remission"], 4),
        (["--outcome", "death"], 0),
        (["--design", "randomised"], 4),
        (["--attribution", "cited"], 0),
        (["--paper", "10.5555/MADE.1"], 2),
        (["--paper", "https://doi.org/10.5555/made.1"], 2),
        (["--paper", "page.pdf"], 2),
        (["--paper", "age.pdf"], 0),
        (["--text", "remissions"], 4),
        (["--text", "remission NOT voclosporin"], 0),
        (["--text", 'voclo* AND "given placebo"'], 4),
        (["--limit", "1"], 1),
        (["--drug", "voclosporin", "--paper", "10.5555/made.1", "--outcome", "remission"], 1),
    ],
)
def test_filters(db: str, filters: list[str], rows: int) -> None:
    assert len(run("query", db, *filters, "--format", "jsonl").splitlines()) == rows


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_delimited_rows_hold_what_jsonl_holds(db: str, form: str, delimiter: str) -> None:
    lines = [json.loads(line) for line in run("query", db, "--format", "jsonl").splitlines()]
    rows = list(csv.DictReader(io.StringIO(run("query", db, "--format", form)), delimiter=delimiter))
    assert [row["quote"] for row in rows] == [line["quote"] for line in lines]
    assert list(rows[0]) == list(lines[0])


def test_the_table_shows_regimen_value_and_quote_once(db: str) -> None:
    table = run("query", db, "--paper", "10.5555/made.1")
    for words in (made.TITLE, "#R1", "voclosporin 0.5 mg/kg twice daily", "3 of 10 (30%)", "= 0.02", "characters 100-"):
        assert words in table
    assert table.count("Remission was seen") == 1


def test_show_finds_a_row_by_its_end_and_lights_the_quote(db: str) -> None:
    text = run("show", db, "10.5555/made.1#R2")
    assert f">>>{made.TEXT}<<<" in text
    assert "placebo" in text
    assert "p_value" in run("show", db, "made.1#C1")
    ambiguous = CliRunner().invoke(main, ["show", db, "R1"])
    assert ambiguous.exit_code == 1
    assert "may be" in ambiguous.stderr


def test_diff_tells_appeared_vanished_and_changed(db: str, tmp_path: Path) -> None:
    assert run("diff", db, db) == ""
    other = tmp_path / "other.db"
    with open_store(other, create=True) as store:
        store.load(made.evidence(), extractor_version="another")
        with store.connection:
            store.connection.execute("UPDATE result SET percent = 81 WHERE ordinal = 1")
            store.connection.execute("DELETE FROM comparison")
    result = CliRunner().invoke(main, ["diff", db, str(other)])
    assert result.exit_code == 1
    assert "changed\tresults\t10.5555/made.1#R1\n\tpercent: 80.0 -> 81.0" in result.stdout
    assert "vanished\tcomparisons\t10.5555/made.1#C1" in result.stdout
    assert "vanished\tpapers\t10.5555/made.2" in result.stdout
    back = CliRunner().invoke(main, ["diff", str(other), db])
    assert "appeared\tpapers\t10.5555/made.2" in back.stdout


def test_info_tells_versions_and_health(db: str) -> None:
    assert "spacy" in run("info")
    text = run("info", db)
    assert "health             ok" in text
    assert "papers             2" in text


def test_info_tells_what_was_not_read(tmp_path: Path) -> None:
    spanish = "La remisión de los pacientes con el fármaco fue más rápida que en el grupo de control del estudio."
    passage = Passage(2, Part.ABSTRACT, spanish, language="es")
    notes = (ReadNote("page without text", "a picture", 2), ReadNote("table not understood", "Table 1"))
    paper = made.evidence(name="read.pdf", format="pdf", coverage=0.8, n_pages=3, retracted=True, notes=notes)
    document = paper.annotated.document
    document = replace(document, passages=(*document.passages, passage))
    sentences = (*paper.annotated.sentences, ())
    path = tmp_path / "read.db"
    with open_store(path, create=True) as store:
        store.load(
            replace(paper, annotated=replace(paper.annotated, document=document, sentences=sentences)),
            extractor_version="test",
        )
    text = run("info", str(path), "--papers")
    for line in (
        "coverage           80.0% on average, 80.0% at least, 1 papers below 90%",
        "PDF pages          3",
        "retracted          1 papers",
        "read note          page without text (1 in 1 papers)",
        "not tagged         language es (1 passages in 1 papers)",
        "paper              10.5555/made.1 (read.pdf): coverage 80.0%, pdf, 3 pages, RETRACTED,"
        " languages not tagged: es 1, page without text p. 2: a picture; table not understood: Table 1",
    ):
        assert line in text


def test_every_verb_has_help_and_is_listed(db: str) -> None:
    overview = run("--help")
    for verb, line in VERBS.items():
        assert verb in overview
        assert line.split(".")[0].split()[0] in overview
        assert "Usage: " in run(verb, "--help")


_HEAVY = "spacy scispacy thinc pandas numpy pdfplumber pypdfium2 ray matplotlib pint sqlite_utils datasette".split()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["query", "DB", "--drug", "voclosporin"], ["show", "DB", "made.1#R1"]], ids=lambda a: a[0]
)
def test_light_verbs_import_nothing_heavy(db: str, arguments: list[str]) -> None:
    code = f"""
import sys
from pipeline.cli import main
try:
    main({[db if a == "DB" else a for a in arguments]!r})
except SystemExit as stop:
    assert not stop.code, stop.code
print("HEAVY", *(name for name in {_HEAVY!r} if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].split() == ["HEAVY"]
