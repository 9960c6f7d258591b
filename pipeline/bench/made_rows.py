"""A large database made of few papers: every paper's rows again and again under new ids.

Place in the flow: the benchmark's queries and pages ask it. Extracting 100,000 rows would take an hour; their
distribution over drugs, lesions and outcomes is that of the papers given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from pipeline.run.engine import Task, loop
from pipeline.store import PaperRows, open_store


def make_database(path: Path, rows: int, papers: Sequence[Path], model: str) -> int:
    """Fill a new database until it holds at least `rows` results; returns how many it holds."""
    tasks = [Task(paper.name, str(paper), "", model, "made") for paper in papers]
    originals = [item for _, item in loop(tasks) if isinstance(item, PaperRows)]
    return copy_rows(path, rows, originals)


def copy_rows(path: Path, rows: int, originals: Sequence[PaperRows]) -> int:
    """Fill a new database with these papers again and again; returns how many results it holds.

    Raises:
        ValueError: no paper has a result: there would be no end.
    """
    originals = [paper for paper in originals if paper.tables.get("result")]
    if not originals:
        raise ValueError("the papers hold no result to copy")
    made = 0
    with open_store(path, create=True) as store:
        store.connection.execute("PRAGMA synchronous = OFF")  # a scratch file: only its content matters
        for paper in _copies(originals):
            if made >= rows:
                break
            store.load_rows(paper)
            made += len(paper.tables["result"])
    return made


def _copies(originals: Sequence[PaperRows]) -> Iterator[PaperRows]:
    for number in count():
        for original in originals:
            yield _copy(original, number) if number else original


def _copy(original: PaperRows, number: int) -> PaperRows:
    """The paper under another id: its DOI if it had none, else a new one."""
    old, suffix = original.key, str(original.source["sha256"])[:12]
    doi = f"10.5555/copy.{number}.{suffix}"

    def renamed(value: object) -> object:
        return doi + value[len(old) :] if isinstance(value, str) and value.startswith(old + "#") else value

    source = {
        **original.source, "doi": doi, "pmid": None, "pmcid": None, "sha256": f"{number:08x}{suffix}",
        "name": f"copy{number}/{original.source['name']!s}", "title": f"{original.source['title']!s} ({number})",
    }  # fmt: skip
    tables = {name: [tuple(map(renamed, row)) for row in table] for name, table in original.tables.items()}
    return replace(original, key=doi, source=source, tables=tables)  # type: ignore[arg-type]
