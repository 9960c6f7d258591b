"""The database from Python: the questions of the command line as typed calls.

    from pipeline import EvidenceDB

    with EvidenceDB("evidence.db") as db:
        for row in db.rows(drug="tacrolimus", outcome="remission"):
            print(row["regimen"], row["value"], row["quote"])

pandas is imported only by `to_pandas`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from pipeline.ask.audit import Finding, audit
from pipeline.ask.query import Filters, find_rows
from pipeline.ask.rows import EvidenceRow, find_row
from pipeline.ask.summary import Summary, summarise
from pipeline.ask.values import Row
from pipeline.store import Store, open_store

if TYPE_CHECKING:
    import pandas

Names = str | Sequence[str]


class EvidenceDB:
    """An evidence database, opened for reading.

    Raises:
        StoreError: there is no database of ours at `path`.
    """

    def __init__(self, path: str | Path) -> None:
        self._store: Store = open_store(path, read_only=True)

    def __enter__(self) -> EvidenceDB:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def rows(
        self,
        *,
        drug: Names = (),
        condition: Names = (),
        histology: Names = (),
        outcome: Names = (),
        limit: int | None = None,
        **more: str | float | int | None,
    ) -> Iterator[Row]:
        """Evidence rows as dictionaries with the columns of `evidence`, their ids and confidence.

        Args:
            drug, condition, histology, outcome: a name, or several that must all hold; children are included.
            more: the other fields of `Filters`, such as `attribution="own"` or `min_confidence=0.5`.
        """
        names = {"drug": drug, "condition": condition, "histology": histology, "outcome": outcome}
        return find_rows(self._store, _filters(**names, **more), limit=limit)  # type: ignore[arg-type]

    def summary(self, by: Sequence[str] = ("regimen", "outcome"), **filters: Names) -> list[Summary]:
        """Groups of rows: papers, patients, pooled shares with Wilson intervals, ranges of means.

        Only the papers' own rows, unless `attribution` asks for others: what is cited would be counted twice.
        """
        return summarise(self._store, _filters(**{"attribution": "own", **filters}), tuple(by))

    def show(self, row: str) -> EvidenceRow:
        """One result or comparison with its quotes in their passages."""
        return find_row(self._store, row)

    def audit(self, paper: str | None = None) -> Iterator[Finding]:
        """Numbers that do not agree with each other."""
        return audit(self._store, paper=paper)

    def sql(self, select: str, parameters: Sequence[str | int | float | None] = ()) -> Iterator[Row]:
        """Rows of a SELECT over the public views (docs/schema.md)."""
        return self._store.rows(select, parameters)

    def to_pandas(self, **filters: Names) -> pandas.DataFrame:
        """`rows` as a data frame (extra `pandas`)."""
        import pandas

        return pandas.DataFrame(list(self.rows(**filters)))  # type: ignore[arg-type]


_NAMED = ("drug", "condition", "histology", "outcome")


def _filters(**fields: Names) -> Filters:
    """Filters in which one name may stand for a tuple of one."""
    named = {name: fields.pop(name, ()) for name in _NAMED}
    tuples = {name: (value,) if isinstance(value, str) else tuple(value) for name, value in named.items()}
    return Filters(**tuples, **fields)  # type: ignore[arg-type]
