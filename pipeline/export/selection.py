"""Which rows go out: the rows that `evidence query` would show for the same filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from pipeline.ask.query import Filters, find_rows
from pipeline.store import Store

Value = str | int | float | None  # the views hold no blobs
Row = dict[str, Value]

# view → the column that names its rows, and whether `Selection` restricts it by row or by paper.
VIEWS: dict[str, str] = {
    "papers": "paper_id",
    "regimens": "paper_id",
    "results": "result_id",
    "comparisons": "comparison_id",
    "evidence": "paper",
    "mentions": "mention_id",
    "passages": "passage_id",
    "failures": "source",
}
_BY_ROW = ("results", "comparisons")


@dataclass(frozen=True, slots=True)
class Selection:
    """Ids of the rows that go out; None for "all of them"."""

    papers: frozenset[str] | None = None
    results: frozenset[str] | None = None
    comparisons: frozenset[str] | None = None
    min_confidence: float = 0.0

    def rows(self, store: Store, view: str) -> Iterator[Row]:
        """Rows of a public view that are selected, in the order of the database."""
        if view == "evidence":
            yield from self._evidence(store)
            return
        for row in _read(store, view):
            if self._holds(view, row):
                yield row

    def quoted(self, store: Store) -> Iterator[Row]:
        """Results, then comparisons, each with `row_id`, `kind` and where its quote stands: `passage_id`, offsets."""
        for view in _BY_ROW:
            table, column = view.removesuffix("s"), VIEWS[view]
            places = store.rows(
                f"SELECT r.key AS row_id, x.key AS passage_id, q.char_start, q.char_end FROM {table} r"  # noqa: S608
                " JOIN quote q ON q.id = r.quote JOIN passage x ON x.id = q.passage"
            )
            by_id = {place["row_id"]: cast(Row, place) for place in places}
            for row in self.rows(store, view):
                yield {**row, **by_id[row[column]], "kind": table.upper()}

    def _holds(self, view: str, row: Row) -> bool:
        if view in _BY_ROW:
            chosen = self.results if view == "results" else self.comparisons
            if chosen is not None and row[VIEWS[view]] not in chosen:
                return False
            confidence = row["confidence"]
            return not isinstance(confidence, float) or confidence >= self.min_confidence
        return self.papers is None or view == "failures" or row["paper_id"] in self.papers

    def _evidence(self, store: Store) -> Iterator[Row]:
        kept = {row["result_id"] for row in self.rows(store, "results")}
        for row in _read(store, "evidence_row"):
            if row["result_id"] in kept:
                yield row


def _read(store: Store, view: str) -> Iterator[Row]:
    return cast(Iterator[Row], store.rows(f"SELECT * FROM {view}"))  # noqa: S608 (our own names)


def select(store: Store, filters: Filters, min_confidence: float = 0.0) -> Selection:
    """The rows that `filters` leave, with the comparisons beside them and the papers they come from."""
    if filters == Filters():
        return Selection(min_confidence=min_confidence)
    found = list(find_rows(store, filters))
    return Selection(
        papers=frozenset(str(row["paper"]) for row in found),
        results=frozenset(str(row["result_id"]) for row in found),
        comparisons=frozenset(str(row["comparison_id"]) for row in found if row["comparison_id"]),
        min_confidence=min_confidence,
    )
