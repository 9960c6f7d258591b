"""One paper: its text with mentions and quotes over it, its regimens, results and comparisons, what the audit found.

Place in the flow: used by the paper page. Reads the database only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.ask.audit import Finding, audit
from pipeline.ask.values import Row, Value, count
from pipeline.errors import StoreError
from pipeline.serve.segments import Over, Segment, segments
from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table with its text in pieces."""

    pieces: tuple[Segment, ...]
    is_header: bool
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Block:
    """A passage: `rows` of cells for a table, else `pieces` of text. `heading` is None if the same as before it."""

    number: int
    part: str
    heading: str | None
    page: int | None
    pieces: tuple[Segment, ...]
    rows: tuple[tuple[Cell, ...], ...]
    label: str | None


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything the paper page shows. `labels` are those of its mentions with their number."""

    values: Row
    blocks: tuple[Block, ...]
    regimens: tuple[Row, ...]
    results: tuple[Row, ...]
    comparisons: tuple[Row, ...]
    findings: tuple[Finding, ...]
    labels: tuple[tuple[str, int], ...]


def read_paper(store: Store, key: str) -> Paper:
    """The paper with this paper_id.

    Raises:
        StoreError: there is none.
    """
    values = next(store.rows("SELECT * FROM papers WHERE paper_id = ?", (key,)), None)
    if values is None:
        raise StoreError(f"There is no paper {key!r}.", what_to_do="Choose one from the list of papers.")
    number = next(store.rows("SELECT id FROM paper WHERE key = ?", (key,)))["id"]
    counted = store.rows(
        "SELECT label, count(*) AS n FROM mention WHERE paper = ? GROUP BY label ORDER BY label", (number,)
    )
    return Paper(
        values=values,
        blocks=_blocks(store, number),
        regimens=tuple(store.rows("SELECT * FROM regimens WHERE paper_id = ?", (key,))),
        results=_results(store, number),
        comparisons=_comparisons(store, number, key),
        findings=tuple(audit(store, paper=key)),
        labels=tuple((str(row["label"]), count(row["n"])) for row in counted),
    )


def _results(store: Store, paper: Value) -> tuple[Row, ...]:
    sql = (
        "SELECT v.*, x.ordinal AS passage FROM result r JOIN evidence_row v ON v.result_id = r.key"
        " JOIN quote q ON q.id = r.quote JOIN passage x ON x.id = q.passage WHERE r.paper = ? ORDER BY r.ordinal"
    )
    return tuple(store.rows(sql, (paper,)))


def _comparisons(store: Store, paper: Value, key: str) -> tuple[Row, ...]:
    """Comparisons with the names of their arms."""
    arms = {row["arm_id"]: row["name"] for row in store.rows("SELECT arm_id, name FROM arm WHERE paper = ?", (paper,))}
    places = {
        row["key"]: row["ordinal"]
        for row in store.rows(
            "SELECT c.key, x.ordinal FROM comparison c JOIN quote q ON q.id = c.quote"
            " JOIN passage x ON x.id = q.passage WHERE c.paper = ?",
            (paper,),
        )
    }
    rows = store.rows("SELECT * FROM comparisons WHERE paper_id = ?", (key,))
    return tuple(
        {
            **row,
            "name_a": arms.get(row["arm_a"]),
            "name_b": arms.get(row["arm_b"]),
            "passage": places[row["comparison_id"]],
        }
        for row in rows
    )


def _blocks(store: Store, paper: Value) -> tuple[Block, ...]:
    overs = _overs(store, paper)
    cells: dict[Value, list[Row]] = defaultdict(list)
    for row in store.rows(
        "SELECT c.* FROM cell c JOIN passage x ON x.id = c.passage WHERE x.paper = ?"
        " ORDER BY c.passage, c.row_number, c.column_number",
        (paper,),
    ):
        cells[row["passage"]].append(row)
    blocks, last = [], ""
    for row in store.rows("SELECT * FROM passage WHERE paper = ? ORDER BY ordinal", (paper,)):
        heading = _heading(row)
        over = overs.get(row["id"], [])
        table = _table(str(row["text"]), cells[row["id"]], over) if row["id"] in cells else ()
        blocks.append(
            Block(
                number=count(row["ordinal"]),
                part=str(row["part"]),
                heading=heading if heading != last else None,
                page=count(row["page"]) or None,
                pieces=() if table else tuple(segments(str(row["text"]), over)),
                rows=table,
                label=str(row["table_label"]) if row["table_label"] else None,
            )
        )
        last = heading
    return tuple(blocks)


def _heading(row: Mapping[str, Value]) -> str:
    if row["heading"]:
        return str(row["heading"]).strip(" :")
    section = str(row["section"])
    return section[:1].upper() + section[1:]


def _overs(store: Store, paper: Value) -> dict[Value, list[Over]]:
    """Mentions and quotes by passage."""
    overs: dict[Value, list[Over]] = defaultdict(list)
    for row in store.rows(
        "SELECT m.passage, m.label, m.char_start, m.char_end, m.assertion, c.name, c.curie FROM mention m"
        " LEFT JOIN concept c ON c.id = m.concept WHERE m.paper = ?",
        (paper,),
    ):
        overs[row["passage"]].append(
            Over(count(row["char_start"]), count(row["char_end"]), str(row["label"]), _note(row))
        )
    for kind in ("result", "comparison"):
        for row in store.rows(
            f"SELECT DISTINCT q.passage, q.char_start, q.char_end FROM {kind} r JOIN quote q ON q.id = r.quote"  # noqa: S608
            " WHERE r.paper = ?",
            (paper,),
        ):
            overs[row["passage"]].append(Over(count(row["char_start"]), count(row["char_end"])))
    return overs


def _note(row: Mapping[str, Value]) -> str:
    """What a mention means, for the pointer: "drug: tacrolimus, CHEBI:61049"."""
    parts = [str(row[name]) for name in ("name", "curie") if row[name]]
    if row["assertion"] != "present":
        parts.append(str(row["assertion"]))
    return ", ".join(parts)


def _table(text: str, cells: Sequence[Row], overs: list[Over]) -> tuple[tuple[Cell, ...], ...]:
    rows: dict[Value, list[Cell]] = defaultdict(list)
    for cell in cells:
        pieces = tuple(segments(text, overs, start=count(cell["char_start"]), end=count(cell["char_end"])))
        spans = (max(1, count(cell["row_span"])), max(1, count(cell["column_span"])))
        rows[cell["row_number"]].append(Cell(pieces, bool(cell["is_header"]), *spans))
    return tuple(tuple(row) for row in rows.values())
