"""The benchmark's own papers, rows and words: what it measures is what it says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipeline.bench import SECTIONS, make_plan, write_page
from pipeline.bench import rules as rules_section
from pipeline.bench.growth import run_marks
from pipeline.bench.made import write_abstracts, write_jats, write_pdfs, write_pubmed
from pipeline.bench.made_rows import make_database
from pipeline.bench.peers import peers_of
from pipeline.bench.plan import Plan
from pipeline.bench.stages import STAGES, measure
from pipeline.bench.streaming import read_stream
from pipeline.document import Document
from pipeline.read import read_documents
from pipeline.store import open_store


def test_made_papers_are_papers_of_their_kind(tmp_path: Path) -> None:
    (jats,), (pdf,) = write_jats(tmp_path / "jats", 1), write_pdfs(tmp_path / "pdf", 1)
    (article,) = read_documents(jats)
    assert isinstance(article, Document)
    assert (article.source.format, article.doi) == ("jats", "10.5555/made.0")
    assert sum(bool(passage.table) for passage in article.passages) == 2
    assert article.references
    (printed,) = read_documents(pdf)
    assert isinstance(printed, Document)
    assert printed.n_pages and printed.n_pages >= 4
    words = " ".join(passage.text for passage in printed.passages)
    assert "randomised to" in words and "Outcomes at 12 months" in words
    write_jats(tmp_path / "again", 1)
    assert (tmp_path / "again" / jats.name).read_bytes() == jats.read_bytes()


def test_a_made_export_holds_its_records(tmp_path: Path) -> None:
    write_pubmed(tmp_path / "x.xml.gz", 25)
    records, _, before, peak = read_stream(tmp_path / "x.xml.gz")
    assert records == 25
    assert 0 < before <= peak


def test_every_stage_and_peer_is_timed(tmp_path: Path) -> None:
    papers = write_abstracts(tmp_path / "made", 4)
    peers = peers_of("abstracts", tmp_path, "none")
    timing = measure(papers, tmp_path / "x.db", model="none", peers=peers, batch=3)
    assert (timing.papers, timing.failures) == (4, 0)
    assert timing.words > 300 and timing.rows > 40
    assert all(timing.seconds[stage] > 0 for stage in STAGES)
    assert {"nlp.pipe", "sqlite-utils"} <= set(timing.peers)
    assert all(seconds > 0 for seconds in timing.peers.values())
    with open_store(tmp_path / "x.db", read_only=True) as store:
        assert len(list(store.rows("SELECT * FROM papers"))) == 4


def test_growth_is_marked_at_each_size(tmp_path: Path) -> None:
    marks = run_marks(write_abstracts(tmp_path / "made", 5), [2, 5], tmp_path / "x.db", "none")
    assert [(mark.papers, mark.since_last) for mark in marks] == [(2, 2), (5, 3)]
    assert all(mark.seconds > 0 and mark.resident > 0 and mark.database > 0 for mark in marks)


def test_copied_rows_are_a_sound_database(tmp_path: Path) -> None:
    made = make_database(tmp_path / "x.db", 60, write_abstracts(tmp_path / "made", 3), "none")
    with open_store(tmp_path / "x.db") as store:
        assert store.check() == []
        rows = list(store.rows("SELECT result_id, paper_id FROM results"))
    assert len(rows) == made >= 60
    assert len({row["result_id"] for row in rows}) == made
    assert all(str(row["result_id"]).startswith(f"{row['paper_id']}#R") for row in rows)


def test_folders_given_take_the_place_of_made_papers(tmp_path: Path) -> None:
    given = tmp_path / "given"
    write_abstracts(given, 3)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    plan = make_plan(scratch, [given], n_abstracts=2, limit=1, model="none")
    assert plan.given == {"abstracts"}
    assert [path.parent for path in plan.sets["abstracts"]] == [given, given]
    assert [path.suffix for kind in ("JATS", "PDF") for path in plan.sets[kind]] == [".nxml", ".pdf"]
    assert len(plan.abstracts(4)) == 4


def test_a_page_has_every_section_in_order(tmp_path: Path) -> None:
    plan = Plan(tmp_path, "none", {"abstracts": []})
    sections = [lambda _, name=section.__name__: f"## {name}" for section in SECTIONS]
    page = write_page(plan, "make bench", sections=sections, tell=lambda _: None)
    assert page.startswith("# Benchmarks\n\nWritten by `make bench`")
    places = [page.index(f"## {section.__name__}\n") for section in SECTIONS]
    assert places == sorted(places)


def test_a_section_that_fails_costs_only_itself(tmp_path: Path) -> None:
    def broken(plan: Plan) -> str:
        raise ValueError("no such thing")

    page = write_page(Plan(tmp_path, "none", {}), "x", sections=[broken, lambda _: "## Next"], tell=lambda _: None)
    assert "## Broken\n\n**Not measured**: ValueError: no such thing\n\n## Next" in page


def test_a_peer_that_cannot_be_built_is_named_loudly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Path:
        raise subprocess.CalledProcessError(1, "pip", stderr="ERROR: No matching distribution\n")

    monkeypatch.setattr(rules_section, "environment", fail)
    monkeypatch.setattr(rules_section, "apart", lambda work, *arguments: work(*arguments))
    plan = Plan(tmp_path, "none", {"abstracts": write_abstracts(tmp_path / "made", 2)})
    assert "**medspaCy was not measured" in rules_section.rules(plan)
    assert "No matching distribution" in rules_section.rules(plan)
