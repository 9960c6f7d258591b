"""What one run of the benchmark measures: sets of papers, sizes, the model, a scratch folder.

Place in the flow: made by `evidence bench`, handed to every section.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pipeline.bench.made import write_abstracts, write_jats, write_pdfs
from pipeline.bench.stages import Timing

T = TypeVar("T")
_SUFFIXES = {".txt": "abstracts", ".xml": "JATS", ".nxml": "JATS", ".pdf": "PDF"}
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Plan:
    """`sets`: kind ("abstracts", "JATS", "PDF") → files; `given` tells which kinds came from the user's folders.

    `growth` are numbers of abstracts, rising; `records` those of the streamed export; `rows` those of the database that
    queries and pages are asked of.
    """

    folder: Path
    model: str
    sets: dict[str, list[Path]]
    given: frozenset[str] = frozenset()
    growth: tuple[int, ...] = (100, 300, 1000)
    records: int = 30_000
    rows: int = 100_000
    timings: dict[str, Timing] = field(default_factory=dict)
    _big: dict[int, Path] = field(default_factory=dict)

    @property
    def samples(self) -> list[Path]:
        """The papers that come with the checkout, if this is one."""
        return sorted((_ROOT / "corpus" / "papers").glob("*.txt"))

    def abstracts(self, n: int) -> list[Path]:
        """`n` abstracts: those given, made ones after them."""
        given = self.sets["abstracts"] if "abstracts" in self.given else []
        return [*given[:n], *write_abstracts(self.folder / "grown", max(0, n - len(given)))]

    def big_database(self, rows: int | None = None) -> Path:
        """A database with at least that many evidence rows (default: `rows`), made at the first call."""
        rows = rows or self.rows
        if rows not in self._big:
            from pipeline.bench.made_rows import make_database

            path = self.folder / f"rows{rows}.db"
            apart(make_database, path, rows, self.samples or self.abstracts(300), self.model)
            self._big[rows] = path
        return self._big[rows]


def make_plan(
    folder: Path, papers: Sequence[Path], *, n_abstracts: int = 1000, limit: int = 20, model: str = "default"
) -> Plan:
    """The sets of papers: those found in the folders given; kinds that are not among them are made by rule.

    Args:
        folder: scratch folder, empty.
        papers: folders with .txt (abstracts), .xml or .nxml (JATS) and .pdf files; the first by name are taken.
        n_abstracts: how many abstracts.
        limit: how many JATS articles, and how many PDFs.
    """
    sets: dict[str, list[Path]] = {}
    for place in papers:
        for path in sorted(place.iterdir()):
            if kind := _SUFFIXES.get(path.suffix.lower()):
                sets.setdefault(kind, []).append(path.resolve())
    given = frozenset(sets)
    for kind, make, count in (
        ("abstracts", write_abstracts, n_abstracts), ("JATS", write_jats, limit), ("PDF", write_pdfs, limit),
    ):  # fmt: skip
        sets[kind] = sets[kind][:count] if kind in sets else make(folder / kind, count)
    return Plan(folder, model, {kind: sets[kind] for kind in ("abstracts", "JATS", "PDF")}, given)


def apart(work: Callable[..., T], *arguments: Any) -> T:
    """Call a function of a module in a new process: its memory is its own, and nothing is warm.

    Raises:
        BrokenProcessPool: the process died.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        return executor.submit(work, *arguments).result()
