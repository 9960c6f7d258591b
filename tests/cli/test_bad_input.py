"""Bad input: one clear line on stderr, the right exit status, never a traceback."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.store import open_store
from tests import evidence_made as made


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with good.db and every kind of wrong thing beside it."""
    monkeypatch.chdir(tmp_path)
    with open_store("good.db", create=True) as store:
        store.load(made.evidence(), extractor_version="test")
    Path("empty.txt").touch()
    Path("blank.txt").write_text("  \n\n ")
    Path("binary.txt").write_bytes(bytes(range(256)) * 40)
    Path("latin.xml").write_bytes(b'<?xml version="1.0" encoding="utf-8"?><article><p>caf\xe9</p></article>')
    Path("cut.xml").write_bytes(b'<?xml version="1.0"?><!DOCTYPE html><html><body>a page of the web')
    Path("not.pdf").write_bytes(b"%PDF-1.5 and nothing more")
    Path("notes.db").write_text("this is no database at all, only words in a file")
    Path("nothing").mkdir()
    Path("nothing/readme.md").write_text("no papers here")
    with sqlite3.connect("other.db") as connection:
        connection.execute("CREATE TABLE cats (name)")
    return tmp_path


ERRORS = {
    "no such verb": (["frobnicate"], "No such command"),
    "no such option": (["query", "good.db", "--colour", "red"], "No such option"),
    "no database named": (["query"], "Missing argument"),
    "missing database": (["query", "gone.db"], "no database gone.db"),
    "folder as database": (["query", "nothing"], "is a folder"),
    "text as database": (["show", "notes.db", "R1"], "not an evidence database"),
    "other program": (["info", "other.db"], "another program"),
    "ingest into another program": (["ingest", "blank.txt", "--db", "other.db"], "another program"),
    "missing file": (["ingest", "gone.txt", "--db", "new.db"], "gone.txt does not exist"),
    "folder without papers": (["ingest", "nothing", "--db", "new.db"], "No papers in nothing"),
    "missing folder of the database": (["ingest", "blank.txt", "--db", "a/b/c.db"], "no folder"),
    "no such row": (["show", "good.db", "R99"], "no row"),
    "no number of jobs": (["ingest", "blank.txt", "--db", "new.db", "--jobs", "none"], "not a number"),
    "no such format": (["query", "good.db", "--format", "xlsx"], "xlsx"),
    "text without words": (["query", "good.db", "--text", '"*"'], "No word to search"),
    "diff with nothing": (["diff", "good.db", "gone.db"], "no database gone.db"),
    "verify nothing": (["verify", "gone.db"], "no database gone.db"),
    "missing corpus": (["evaluate", "ncbi", "--data", "gone"], "does not exist"),
    "png of a text source": (["show", "good.db", "R1", "--png", "x.png"], "no pages"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_an_error_is_one_line_and_status_1(place: Path, case: str) -> None:
    arguments, words = ERRORS[case]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1, result.output
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", ["empty.txt", "blank.txt", "binary.txt", "cut.xml", "not.pdf"])
def test_a_file_that_cannot_be_read_is_status_2_and_a_row_in_failures(place: Path, name: str) -> None:
    result = CliRunner().invoke(main, ["ingest", name, "--db", "new.db"])
    lines = result.stderr.strip().splitlines()
    assert result.exit_code == 2, result.output
    assert lines[-1] == "ingested=0 skipped=0 failed=1"
    assert len(lines) == 2
    assert lines[0].startswith(f"failed: {name}: ")
    with open_store("new.db", read_only=True) as store:
        (failure,) = store.rows("SELECT source, error, what_to_do FROM failures")
        assert failure["source"] == name
        assert list(store.rows("SELECT * FROM papers")) == []


def test_a_wrong_encoding_is_no_traceback(place: Path) -> None:
    result = CliRunner().invoke(main, ["ingest", "latin.xml", "--db", "new.db"])
    assert result.exit_code in (0, 2), result.output
    assert result.stderr.strip().splitlines()[-1].startswith("ingested=")
    assert "unexpected" not in result.stderr


WITHOUT_HARM = [
    ["--drug", "'; DROP TABLE paper; --"],
    ["--drug", '" OR 1=1'],
    ["--outcome", "100%_\\"],
    ["--paper", "x' OR '1'='1"],
    ["--text", "remission AND ("],
    ["--text", 'text:"remission" NEAR(a b, 3) ^x -y + {z}'],
    ["--text", "OR OR NOT"],
    ["--text", "'"],
    ["--histology", "\x00\x1b[31m"],
    ["--design", "%"],
]


@pytest.mark.parametrize("filters", WITHOUT_HARM, ids=lambda f: f"{f[0]} {f[1]!r}")
def test_syntax_in_a_filter_is_only_text(place: Path, filters: list[str]) -> None:
    result = CliRunner().invoke(main, ["query", "good.db", *filters, "--format", "jsonl"])
    assert result.exit_code in (0, 1), result.output
    assert "Traceback" not in result.output
    assert "unexpected" not in result.stderr
    assert len(result.stderr.splitlines()) <= 1
    with open_store("good.db", read_only=True) as store:
        assert len(list(store.rows("SELECT * FROM papers"))) == 1


def test_a_title_cannot_command_the_terminal_nor_a_cell_the_spreadsheet(place: Path) -> None:
    with open_store("good.db") as store, store.connection:
        store.connection.execute("UPDATE paper SET title = 'Red \x1b[31m\u202eeltit\x07'")
        store.connection.execute("UPDATE result SET outcome = '=cmd|''/c calc''!A1', timepoint = '-5'")
    table = CliRunner().invoke(main, ["query", "good.db"]).stdout
    assert "Red" in table
    assert not set("\x1b\x07\u202e") & set(table)
    rows = CliRunner().invoke(main, ["query", "good.db", "--format", "csv"]).stdout
    assert "'=cmd" in rows
    assert ",=cmd" not in rows
    assert ",-5," in rows
