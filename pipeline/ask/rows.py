"""One row and where it stands: the row's values, its quotes, and the passage around each.

Place in the flow: behind `evidence show` and the pages of `serve`. Reads the database only.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.ask.values import Value, whole
from pipeline.document import Box
from pipeline.errors import StoreError
from pipeline.store import Store, unpack_boxes

_VIEWS = {"R": ("results", "result_id", "result"), "C": ("comparisons", "comparison_id", "comparison")}


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote inside its passage: `text[start:end]` is the quote, `boxes` those of its words on the page."""

    text: str
    start: int
    end: int
    section: str
    page: int | None
    source_start: int | None
    source_end: int | None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A result or comparison with its own quote first and then where the paper tells it again."""

    row_id: str
    view: str
    values: dict[str, Value]
    title: str | None
    source: str
    source_path: str
    source_format: str
    quotes: tuple[Shown, ...]


def find_row(store: Store, row: str) -> EvidenceRow:
    """The row with this id, or with the only id that ends so ("R3" in a database of one paper).

    Raises:
        StoreError: there is no such row, or there are several.
    """
    row_id, kind = full_id(store, row.strip())
    view, column, table = _VIEWS[kind]
    values = next(store.rows(f"SELECT * FROM {view} WHERE {column} = ?", (row_id,)), None)
    if values is None:
        raise StoreError(f"A reviewer rejected {row_id}.", what_to_do="`evidence review list DB` says who and why.")
    paper = next(
        store.rows(
            "SELECT p.title, s.name, s.path, s.format FROM paper p JOIN source s ON s.paper = p.id AND s.is_used = 1"
            " WHERE p.key = ?",
            (values["paper_id"],),
        )
    )
    return EvidenceRow(
        row_id=row_id,
        view=view,
        values=values,
        title=str(paper["title"]) if paper["title"] else None,
        source=str(paper["name"]),
        source_path=str(paper["path"]),
        source_format=str(paper["format"]),
        quotes=_quotes(store, table, row_id),
    )


def full_id(store: Store, row: str) -> tuple[str, str]:
    """The whole id of a row, rejected ones included, and whether it is a result ("R") or a comparison ("C").

    Raises:
        StoreError: there is no such row, or there are several.
    """
    exact = _matching(store, "= ?", row)
    if exact:
        return exact[0]
    ending = row if row.startswith("#") else f"#{row}"
    pattern = "%" + (row if "#" in row else ending).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = _matching(store, "LIKE ? ESCAPE '\\'", pattern)
    if not found:
        raise StoreError(f"There is no row {row!r}.", what_to_do="Ids are in the first column of `evidence query DB`.")
    if len(found) > 1:
        raise StoreError(f"{row!r} may be {found[0][0]} or {found[1][0]}.", what_to_do="Give the whole id.")
    return found[0]


def _matching(store: Store, condition: str, value: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for kind, (_, _, table) in _VIEWS.items():
        sql = f"SELECT key FROM {table} WHERE key {condition} ORDER BY key LIMIT 2"
        found += [(str(row["key"]), kind) for row in store.rows(sql, (value,))]
    return found


def _quotes(store: Store, table: str, row_id: str) -> tuple[Shown, ...]:
    """The row's quote, then the other places that tell the same."""
    sql = f"""
SELECT 0 AS place, r.quote AS quote FROM {table} r WHERE r.key = :key
UNION ALL SELECT m.ordinal, m.quote FROM {table}_quote m JOIN {table} r ON r.id = m.{table} WHERE r.key = :key"""
    rows = store.rows(
        "SELECT q.char_start, q.char_end, q.page, q.source_start, q.source_end, x.text, x.section, x.boxes"
        f" FROM ({sql}) f JOIN quote q ON q.id = f.quote JOIN passage x ON x.id = q.passage ORDER BY f.place",
        {"key": row_id},
    )
    return tuple(_shown(row) for row in rows)


def _shown(row: dict[str, Value]) -> Shown:
    start, end, blob = whole(row["char_start"]) or 0, whole(row["char_end"]) or 0, row["boxes"]
    words = unpack_boxes(blob if isinstance(blob, bytes) else None)
    return Shown(
        text=str(row["text"]),
        start=start,
        end=end,
        section=str(row["section"]),
        page=whole(row["page"]),
        source_start=whole(row["source_start"]),
        source_end=whole(row["source_end"]),
        boxes=tuple(box for low, high, box in words if low < end and start < high),
    )
