"""A user's vocabularies, OBO files, dose ranges, and what broken files say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.vocab import command
from pipeline.evidence import Label
from pipeline.link import Linker, descendants
from pipeline.link.dose_ranges import dose_ranges
from pipeline.link.lexicon import COLUMNS, LexiconError, read_lexicon
from pipeline.link.scan import scan
from pipeline.link.vocabularies import FOLDER_VARIABLE, forget

HEADER = "\t".join(COLUMNS)
ROW = "zebra nephritis\tZOO:1\tzebra nephritis\tZoo\t\tour zoo\t"
OBO = """format-version: 1.2

[Term]
id: ZOO:1
name: zebra nephritis
synonym: "striped kidney \\"disease\\"" EXACT []
synonym: "animal trouble" RELATED []

[Term]
id: ZOO:2
name: foal nephritis
is_a: ZOO:1 ! zebra nephritis

[Term]
id: ZOO:3
name: unicorn nephritis
is_obsolete: true

[Typedef]
id: part_of
name: part of
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "vocab"))
    forget()
    yield tmp_path
    monkeypatch.undo()
    forget()


def test_an_added_vocabulary_is_scanned_linked_and_removed(folder: Path) -> None:
    file = folder / "zoo.tsv"
    file.write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    assert scan("a zebra nephritis", Label.HISTOLOGY) == []
    added = CliRunner().invoke(command, ["add", str(file), "--label", "histology"])
    assert added.exit_code == 0, added.output
    assert [(start, end) for start, end, _ in scan("a zebra nephritis", Label.HISTOLOGY)] == [(2, 17)]
    linked = Linker().link(Label.HISTOLOGY, "Zebra-nephritis")
    assert linked is not None
    assert linked.id == "ZOO:1"
    assert "zoo" in CliRunner().invoke(command, ["list"]).output
    assert CliRunner().invoke(command, ["remove", "zoo"]).exit_code == 0
    assert scan("a zebra nephritis", Label.HISTOLOGY) == []


def test_a_users_term_wins_over_ours(folder: Path) -> None:
    file = folder / "mine.tsv"
    file.write_text(f"{HEADER}\ntacrolimus\tMINE:7\tour tacrolimus\tMine\t\tus\t\n", encoding="utf-8")
    CliRunner().invoke(command, ["add", str(file), "--label", "DRUG"], catch_exceptions=False)
    linked = Linker().link(Label.DRUG, "tacrolimus")
    assert linked is not None
    assert linked.id == "MINE:7"


def test_obo_names_synonyms_and_hierarchy(folder: Path) -> None:
    file = folder / "zoo.obo"
    file.write_text(OBO, encoding="utf-8")
    assert CliRunner().invoke(command, ["add", str(file)], catch_exceptions=False).exit_code == 0
    synonym = Linker().link(Label.CONDITION, 'striped kidney "disease"')
    assert synonym is not None
    assert synonym.name == "zebra nephritis"
    assert descendants("ZOO:1") == {"ZOO:2"}
    assert Linker().link(Label.CONDITION, "unicorn nephritis") is None
    assert Linker().link(Label.CONDITION, "animal trouble") is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no header"),
        ("term\tid\n", "header must be"),
        (f"{HEADER}\nonly two\tcells\n", ":2: 2 columns"),
        (f"{HEADER}\n\tZOO:1\tx\tZoo\t\ts\t\n", ":2: the term or its preferred name is empty"),
        (f"{HEADER}\nx\tno curie\tx\tZoo\t\ts\t\n", "'no curie' is not an identifier"),
        (f"{HEADER}\nx\tZOO:1\tx\tZoo\t\ts\tshiny\n", "unknown flag 'shiny'"),
        (f"{HEADER}\nx\tZOO:1\tx\tZoo\tZOO:9\ts\t\n", "parent ZOO:9"),
        (f"{HEADER}\n{ROW}\ny\tZOO:1\tanother name\tZoo\t\ts\t\n", ":3: ZOO:1 is called"),
    ],
)
def test_a_broken_file_is_named_and_not_installed(folder: Path, content: str, message: str) -> None:
    file = folder / "bad.tsv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=r"bad\.tsv") as caught:
        read_lexicon(file)
    assert message in str(caught.value)
    result = CliRunner().invoke(command, ["add", str(file)])
    assert isinstance(result.exception, LexiconError)
    assert not (folder / "vocab").exists()


@pytest.mark.parametrize("name", ["absent.tsv", "absent.obo"])
def test_a_missing_file_is_an_error(folder: Path, name: str) -> None:
    result = CliRunner().invoke(command, ["add", str(folder / name)])
    assert isinstance(result.exception, LexiconError)
    assert name in str(result.exception)


def test_a_binary_file_is_an_error(folder: Path) -> None:
    file = folder / "bytes.tsv"
    file.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(LexiconError, match=r"bytes\.tsv"):
        read_lexicon(file)


def test_removing_what_is_not_there_is_an_error() -> None:
    result = CliRunner().invoke(command, ["remove", "nothing"])
    assert isinstance(result.exception, LexiconError)


def _bounds(drug: str, unit: str) -> tuple[float, float]:
    concept = Linker().link(Label.DRUG, drug)
    assert concept is not None
    assert concept.id is not None
    (row,) = [row for row in dose_ranges()[concept.id] if row.unit == unit]
    return row.low, row.high


@pytest.mark.parametrize(
    ("drug", "unit", "dose", "usual"),
    [
        ("rilmenidine", "mg", 2000, False),
        ("rilmenidine", "mg", 2, True),
        ("tacrolimus", "mg/kg", 0.15, True),
        ("prednisolone", "mg/kg", 2, True),
        ("ramipril", "mg", 10, True),
        ("furosemide", "mg", 80, True),
        ("simvastatin", "mg", 20, True),
        ("mycophenolate mofetil", "mg", 1000, True),
        ("losartan", "mg", 100, True),
        ("methyldopa", "mg", 250, True),
        ("ramipril", "mg", 1000, False),
    ],
)
def test_dose_ranges_know_the_usual(drug: str, unit: str, dose: float, usual: bool) -> None:
    low, high = _bounds(drug, unit)
    assert (low <= dose <= high) is usual


def test_every_dose_range_is_sound() -> None:
    rows = [row for rows in dose_ranges().values() for row in rows]
    assert len({row.concept_id for row in rows}) >= 60
    for row in rows:
        assert 0 < row.low < row.high
        assert row.per in ("d", "wk", "dose")
        assert row.source
