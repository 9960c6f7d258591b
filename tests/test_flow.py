"""Papers → database → query, through the real stages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.ask.verify import Proof, verify
from pipeline.run import ingest
from pipeline.store import Store, dump, open_store
from pipeline.tag.tagger import Tagger


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, founding_papers: list[Path]) -> Path:
    """The founding papers, and a file that no reader can use."""
    folder = tmp_path_factory.mktemp("flow")
    for paper in founding_papers:
        shutil.copy(paper, folder / paper.name)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nthis is not a PDF\n")
    return folder


@pytest.fixture(scope="module")
def database(folder: Path, tagger: Tagger) -> Path:
    path = folder / "evidence.db"
    summary = ingest([str(folder)], path)
    assert (summary.ingested, summary.skipped, summary.failed) == (2, 0, 1)
    return path


def content(path: Path) -> str:
    with open_store(path, read_only=True) as store:
        return dump(store.connection)


def count(store: Store, sql: str) -> int:
    return int(str(next(store.rows(f"SELECT count(*) AS n FROM {sql}"))["n"]))


def test_a_broken_file_is_a_failure_and_the_others_are_evidence(database: Path) -> None:
    with open_store(database, read_only=True) as store:
        (failure,) = store.rows("SELECT * FROM failures")
        assert str(failure["source"]).endswith("broken.pdf")
        assert failure["error"]
        assert failure["what_to_do"]
        assert count(store, "papers") == 2
        assert count(store, "papers WHERE source LIKE '%broken%'") == 0
        assert count(store, "evidence") > 10
        assert store.check() == []


def test_ingesting_again_changes_nothing(database: Path, folder: Path) -> None:
    before = content(database)
    summary = ingest([str(folder)], database)
    assert (summary.ingested, summary.skipped, summary.failed) == (0, 2, 1)
    assert content(database) == before


def test_any_order_gives_the_same_rows(database: Path, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    for name in sorted((p for p in folder.iterdir() if p.suffix in (".txt", ".pdf")), reverse=True):
        ingest([str(name)], other)
    assert content(other) == content(database)


def test_two_processes_give_the_same_rows(database: Path, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    summary = ingest([str(folder)], other, jobs=2)
    assert (summary.ingested, summary.skipped, summary.failed) == (2, 0, 1)
    assert content(other) == content(database)


def test_every_number_is_proved(database: Path) -> None:
    proof = Proof()
    with open_store(database, read_only=True) as store:
        assert list(verify(store, proof)) == []
        assert proof.papers == 2
        assert proof.quotes == count(store, "quote")
        assert proof.mentions == count(store, "mention") > 200


def test_verify_sees_a_shifted_quote_a_changed_source_and_a_missing_one(
    database: Path, folder: Path, tmp_path: Path
) -> None:
    for paper in folder.glob("*.txt"):
        shutil.copy(paper, tmp_path)
    path = tmp_path / "mine.db"
    ingest([str(tmp_path)], path)
    first, second = sorted(tmp_path.glob("*.txt"))
    with open_store(path) as store, store.connection:
        store.connection.execute(
            "UPDATE quote SET char_start = char_start + 1, char_end = char_end + 1"
            " WHERE id = (SELECT min(id) FROM quote)"
        )
    with open_store(path, read_only=True) as store:
        assert ["other words" in m.problem for m in verify(store, Proof())] == [True]
    first.write_text(first.read_text(encoding="utf-8").replace("children", "grown-ups"), encoding="utf-8")
    second.unlink()
    with open_store(path, read_only=True) as store:
        problems = {m.problem for m in verify(store, Proof())}
    assert problems >= {"the source has changed since it was read", "the source file is not there any more"}


def test_a_paper_whose_tagging_fails_is_told_and_the_next_goes_on(
    folder: Path, tmp_path: Path, tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = Tagger.tag
    seen: list[str] = []

    def once_broken(self: Tagger, document: object) -> object:
        seen.append("x")
        if len(seen) == 1:
            raise RuntimeError("two\nlines")
        return tag(self, document)  # type: ignore[arg-type]

    monkeypatch.setattr(Tagger, "tag", once_broken)
    summary = ingest([str(p) for p in sorted(folder.glob("*.txt"))], tmp_path / "x.db")
    assert (summary.ingested, summary.failed) == (1, 1)
    with open_store(tmp_path / "x.db", read_only=True) as store:
        (failure,) = store.rows("SELECT * FROM failures")
    assert (failure["stage"], failure["error"]) == ("tag", "RuntimeError: two lines")
    monkeypatch.undo()
    assert ingest([str(folder / "*.txt")], tmp_path / "x.db").ingested == 1
    with open_store(tmp_path / "x.db", read_only=True) as store:
        assert count(store, "failures") == 0


@pytest.mark.parametrize("number", [0, 1])
def test_founding_papers_give_the_golden_rows(
    database: Path, founding_papers: list[Path], number: int, request: pytest.FixtureRequest
) -> None:
    """Everything a paper gives, compared with tests/golden; `--update-golden` writes it afresh."""
    paper = founding_papers[number]
    golden = Path(__file__).parent / "golden" / f"{paper.stem}.json"
    found = json.dumps(_everything(database, paper.name), indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-golden"):
        golden.write_text(found, encoding="utf-8")
    assert json.loads(found) == json.loads(golden.read_text(encoding="utf-8"))


def _everything(database: Path, name: str) -> dict[str, object]:
    """The public views of one paper without what every change of code or place would change."""
    volatile = ("source", "ingested_at", "extractor_version", "sha256", "confidence")
    with open_store(database, read_only=True) as store:
        paper = next(store.rows("SELECT paper_id FROM papers WHERE source LIKE ?", (f"%{name}",)))["paper_id"]
        return {
            view: [
                {column: value for column, value in row.items() if column not in volatile and value is not None}
                for row in store.rows(f"SELECT * FROM {view} WHERE paper_id = ?", (paper,))
            ]
            for view in ("papers", "passages", "mentions", "regimens", "results", "comparisons")
        }
