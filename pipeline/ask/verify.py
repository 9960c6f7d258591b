"""Prove that every stored quote and mention stands where its row says.

Place in the flow: behind `evidence verify`. Each source is read again with its reader and held against the database:
the record's content, each passage's text, each quote and mention at its offsets in the passage, and at its offsets in
the source file (character by character over the parts copied from it) or, for a PDF, in the words of its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.ask.proof import Opened, opened
from pipeline.ask.values import Value
from pipeline.document import Document, Passage
from pipeline.errors import PipelineError
from pipeline.evidence import Failure
from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something that does not stand where its row says; `row` is an id of the database."""

    paper: str
    row: str
    problem: str


@dataclass(slots=True)
class Proof:
    """Counts of what was proved."""

    papers: int = 0
    passages: int = 0
    quotes: int = 0
    mentions: int = 0


def verify(store: Store, proof: Proof, *, root: Path | None = None) -> Iterator[Mismatch]:
    """Mismatches, paper by paper; `proof` is filled on the way.

    Args:
        root: look for sources below this folder first (for a database that was moved with its papers).
    """
    papers = list(
        store.rows(
            "SELECT p.id, p.key, s.name, s.path, s.sha256, s.format FROM paper p JOIN source s ON s.paper = p.id"
            " AND s.is_used = 1 ORDER BY s.path, s.record"
        )
    )
    by_file: dict[str, list[dict[str, Value]]] = {}
    for paper in papers:
        by_file.setdefault(str(paper["path"]), []).append(paper)
    for group in by_file.values():
        yield from _verify_file(store, group, proof, root, db=store.path)


def _verify_file(
    store: Store, papers: list[dict[str, Value]], proof: Proof, root: Path | None, *, db: Path
) -> Iterator[Mismatch]:
    path = _locate(str(papers[0]["name"]), str(papers[0]["path"]), root, db)
    if path is None:
        for paper in papers:
            yield Mismatch(str(paper["key"]), str(paper["name"]), "the source file is not there any more")
        return
    wanted = {str(paper["sha256"]): paper for paper in papers}
    with opened(path, is_pdf=papers[0]["format"] == "pdf") as source:
        for document in _documents(path, str(papers[0]["name"])):
            stored: dict[str, Value] | None = wanted.pop(document.source.sha256, None)
            if stored is not None:
                proof.papers += 1
                yield from _verify_paper(store, stored, document, source, proof)
    for paper in wanted.values():
        yield Mismatch(str(paper["key"]), str(paper["name"]), "the source has changed since it was read")


def _locate(name: str, path: str, root: Path | None, db: Path) -> Path | None:
    """The source where it was, below `root`, or beside the database."""
    places = [root / name, root / Path(name).name] if root else []
    places += [Path(path), Path(name), db.parent / name]
    return next((place for place in places if place.is_file()), None)


def _documents(path: Path, name: str) -> Iterator[Document]:
    from pipeline.read import read_documents

    try:
        for document in read_documents(path, name=name):
            if not isinstance(document, Failure):
                yield document
    except PipelineError:
        return


def _verify_paper(
    store: Store, paper: dict[str, Value], document: Document, source: Opened, proof: Proof
) -> Iterator[Mismatch]:
    key = str(paper["key"])
    passages = list(
        store.rows("SELECT id, key, ordinal, text, boxes FROM passage WHERE paper = ? ORDER BY ordinal", (paper["id"],))
    )
    if len(passages) != len(document.passages):
        yield Mismatch(key, key, f"{len(passages)} passages stored, {len(document.passages)} read")
    fresh: dict[Value, Passage] = {}
    for stored, passage in zip(passages, document.passages, strict=False):
        proof.passages += 1
        if stored["text"] != passage.text:
            yield Mismatch(key, str(stored["key"]), "the passage reads otherwise now")
        else:
            fresh[stored["id"]] = passage
    for table, label in (("quote", "quote"), ("mention", "mention")):
        columns = "id, passage, text, char_start, char_end, source_start, source_end, page"
        for row in store.rows(f"SELECT {columns} FROM {table} WHERE paper = ?", (paper["id"],)):
            setattr(proof, table + "s", getattr(proof, table + "s") + 1)
            passage_or_none = fresh.get(row["passage"])
            if passage_or_none is None:
                continue  # its passage was told above
            problem = source.problem(row, passage_or_none)
            if problem:
                yield Mismatch(key, f"{label} {row['id']!s} {str(row['text'])[:60]!r}", problem)
