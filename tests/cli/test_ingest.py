"""`evidence ingest`: what it takes, what it skips, what it says."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pipeline.relate
from pipeline.cli import main
from pipeline.evidence import Annotated, PaperEvidence
from pipeline.run import version
from pipeline.store import open_store
from pipeline.tag.tagger import Tagger
from tests.pdf_made import pdf

TEXT = """Voclosporin in adults with lupus nephritis.

We treated 20 adults with voclosporin 23.7 mg twice daily. Complete remission was seen in 8 of 20 patients (40%).
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tagger: Tagger) -> Path:
    """Three invented papers, one packed, in a folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    Path("papers").mkdir()
    Path("papers/a.txt").write_text(TEXT)
    Path("papers/b.txt").write_text(TEXT.replace("adults", "children"))
    with gzip.open("papers/c.txt.gz", "wt") as file:
        file.write(TEXT.replace("adults", "men"))
    return tmp_path


def ingest(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["ingest", *arguments, "--db", "x.db"], input=stdin, catch_exceptions=False)


def last_line(result: Result) -> str:
    return result.stderr.strip().splitlines()[-1]


def sources() -> list[str]:
    with open_store("x.db", read_only=True) as store:
        return [str(row["source"]) for row in store.rows("SELECT source FROM papers ORDER BY source")]


ALL = ["papers/a.txt", "papers/b.txt", "papers/c.txt.gz"]


@pytest.mark.parametrize(
    ("arguments", "stdin", "found"),
    [
        (["papers"], None, ALL),
        (["papers/[ab].txt"], None, ALL[:2]),
        (["-"], "papers/b.txt\n\npapers/c.txt.gz\n", ALL[1:]),
        (["papers/a.txt", "papers", "./papers/a.txt"], None, ALL),
    ],
    ids=["folder", "pattern", "stdin", "the same again"],
)
def test_ways_to_name_papers(folder: Path, arguments: list[str], stdin: str | None, found: list[str]) -> None:
    result = ingest(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.stderr
    assert last_line(result) == f"ingested={len(found)} skipped=0 failed=0"
    assert result.stdout == ""
    assert sources() == found


def test_the_same_content_is_skipped_and_new_content_is_read(folder: Path) -> None:
    ingest("papers")
    assert last_line(ingest("papers")) == "ingested=0 skipped=3 failed=0"
    Path("papers/a.txt").write_text(TEXT.replace("20 adults", "30 adults"))
    shutil.copy("papers/b.txt", "papers/z.txt")
    assert last_line(ingest("papers")) == "ingested=1 skipped=3 failed=0"
    assert sources() == ALL  # z.txt is the paper of b.txt


def test_a_copy_is_named_by_the_name_that_sorts_first(folder: Path) -> None:
    ingest("papers/b.txt")
    shutil.copy("papers/b.txt", "papers/aa.txt")
    ingest("papers/aa.txt")
    assert sources() == ["papers/aa.txt"]


def test_another_version_reads_again_only_on_update(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest("papers")
    monkeypatch.setattr(sys.modules["pipeline.run.ingest"], "extractor_version", lambda model: "99")
    again = ingest("papers")
    assert last_line(again) == "ingested=0 skipped=3 failed=0"
    assert "3 papers were read by another version" in again.stderr
    assert last_line(ingest("papers", "--update")) == "ingested=3 skipped=0 failed=0"
    assert last_line(ingest("papers", "--update")) == "ingested=0 skipped=3 failed=0"
    with open_store("x.db", read_only=True) as store:
        assert {row["extractor_version"] for row in store.rows("SELECT extractor_version FROM papers")} == {"99"}


def test_what_is_mended_is_no_failure_any_more(folder: Path) -> None:
    Path("papers/a.txt").write_bytes(b"")
    assert ingest("papers").exit_code == 2
    Path("papers/a.txt").write_text(TEXT)
    result = ingest("papers")
    assert (result.exit_code, last_line(result)) == (0, "ingested=1 skipped=2 failed=0")
    with open_store("x.db", read_only=True) as store:
        assert list(store.rows("SELECT * FROM failures")) == []


def test_a_missing_name_among_others_is_a_failure(folder: Path) -> None:
    result = ingest("papers/a.txt", "papers/gone.txt")
    assert (result.exit_code, last_line(result)) == (2, "ingested=1 skipped=0 failed=1")


def test_a_row_of_a_pdf_is_drawn_on_its_page(folder: Path) -> None:
    lines = (
        "Voclosporin in lupus nephritis", "", "Introduction", "",
        "Lupus nephritis is treated with drugs that damp the immune system, and many",
        "patients never reach remission with those that are in use now.", "", "Results", "",
        "Twenty adults with lupus nephritis were given voclosporin 23.7 mg twice daily.",
        "Complete remission was seen in 8 of 20 patients (40%) at 6 months.",
    )  # fmt: skip
    Path("page.pdf").write_bytes(pdf(*lines))
    assert last_line(ingest("page.pdf")) == "ingested=1 skipped=0 failed=0"
    with open_store("x.db", read_only=True) as store:
        row = next(store.rows("SELECT result_id, page, bbox, source_start FROM results"))
    assert (row["page"], row["source_start"]) == (1, None)
    assert len(json.loads(str(row["bbox"]))) == 4
    shown = CliRunner().invoke(main, ["show", "x.db", str(row["result_id"]), "--png", "page.png"])
    assert shown.exit_code == 0, shown.stderr
    assert Path("page.png").read_bytes().startswith(b"\x89PNG")
    assert "page 1" in shown.stdout
    refused = CliRunner().invoke(main, ["show", "x.db", str(row["result_id"]), "--png", "no/such/page.png"])
    assert refused.exit_code == 1
    verified = CliRunner().invoke(main, ["verify", "x.db"])
    assert (verified.exit_code, verified.stdout) == (0, "")


def test_quiet_says_only_the_summary(folder: Path) -> None:
    Path("papers/readme.md").write_text("no paper")
    assert ingest("papers", "--quiet").stderr == "ingested=3 skipped=0 failed=0\n"
    assert "Left aside" in ingest("papers").stderr


def test_a_stopped_ingest_keeps_what_is_stored_and_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    relate, seen = pipeline.relate.relate, []

    def interrupted(annotated: Annotated) -> PaperEvidence:
        seen.append(annotated)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return relate(annotated)

    monkeypatch.setattr(pipeline.relate, "relate", interrupted)
    stopped = CliRunner().invoke(main, ["ingest", "papers", "--db", "x.db"])
    assert stopped.exit_code == 1
    assert stopped.stderr.strip().startswith("error: stopped.")
    assert sources() == ALL[:1]
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert last_line(ingest("papers")) == "ingested=2 skipped=1 failed=0"


def test_the_version_names_release_and_data(monkeypatch: pytest.MonkeyPatch) -> None:
    assert version.extractor_version("default").startswith("0.")
    assert "+" in version.extractor_version("default")
    assert version.extractor_version("none").endswith(":none")
