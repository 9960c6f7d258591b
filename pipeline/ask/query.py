"""Filters of `evidence query` → rows of the view `evidence`, each with its ids.

Place in the flow: reads the database only. A drug, histology, condition or outcome is found under any name that the
lexicon or the papers themselves give it; what the user types is always a value, never SQL or FTS syntax taken as is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pipeline.ask.names import Named, resolve
from pipeline.ask.values import Row, Value
from pipeline.errors import StoreError
from pipeline.evidence import Label
from pipeline.store import Store
from pipeline.store.views import VIEWS


class _Add(Protocol):
    def __call__(self, clause: str, *parameters: Value) -> None: ...


@dataclass(frozen=True, slots=True)
class Filters:
    """All that a row must satisfy; None does not restrict. `text` is a full-text query over the quoted passage."""

    drug: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    histology: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    design: str | None = None
    attribution: str | None = None
    paper: str | None = None
    text: str | None = None
    role: str | None = None
    year_from: int | None = None
    year_to: int | None = None
    min_confidence: float = 0.0


def find_rows(store: Store, filters: Filters, *, limit: int | None = None) -> Iterator[Row]:
    """Evidence rows in the order of papers and of the rows inside them.

    Raises:
        StoreError: the full-text query cannot be understood.
    """
    where, values = conditions(store, filters)
    # The view's own text, so that the conditions stand inside it: a join with the view would look every row up twice.
    sql = f"{' AND '.join((VIEWS['evidence_row'], *where))} ORDER BY p.key, r.ordinal"
    if limit is not None:
        sql += " LIMIT ?"
        values = [*values, limit]
    return store.rows(sql, values)


def titles(store: Store) -> dict[str, tuple[str, str]]:
    """paper_id → source and title ("" for none)."""
    rows = store.rows("SELECT paper_id, source, title FROM papers")
    return {str(row["paper_id"]): (str(row["source"]), str(row["title"] or "")) for row in rows}


def conditions(store: Store, filters: Filters) -> tuple[list[str], list[Value]]:
    """SQL conditions over `result r JOIN paper p`, and the values bound in them."""
    where: list[str] = []
    values: list[Value] = []

    def add(clause: str, *parameters: Value) -> None:
        where.append(clause)
        values.extend(parameters)

    for name in filters.drug:
        _add_drug(add, resolve(store, Label.DRUG, name))
    for name in filters.histology:
        _add_histology(add, resolve(store, Label.HISTOLOGY, name))
    for name in filters.condition:
        _add_condition(add, resolve(store, Label.CONDITION, name))
    for name in filters.outcome:
        _add_outcome(add, resolve(store, Label.OUTCOME, name))
    for clause, value in _plain(filters):
        add(clause, value)
    if filters.paper:
        clause, parameters = paper_clause(filters.paper)
        add(f"r.paper {clause}", *parameters)
    if filters.text:
        add(
            "r.quote IN (SELECT q.id FROM quote q WHERE q.passage IN"
            " (SELECT rowid FROM passage_fts WHERE passage_fts MATCH ?))",
            fts_query(filters.text),
        )
    return where, values


def _plain(filters: Filters) -> Iterator[tuple[str, Value]]:
    """The filters that are one comparison each."""
    if filters.design:
        yield "lower(p.design) LIKE ? ESCAPE '\\'", f"%{_like(filters.design)}%"
    if filters.role:
        yield "r.arm IN (SELECT id FROM arm WHERE role = ?)", filters.role
    for clause, value in (
        ("r.attribution = ?", filters.attribution),
        ("p.year >= ?", filters.year_from),
        ("p.year <= ?", filters.year_to),
        ("r.confidence >= ?", filters.min_confidence or None),
    ):
        if value is not None:
            yield clause, value


def _marks(values: tuple[str, ...] | list[int]) -> str:
    return ", ".join("?" * len(values))


def _add_drug(add: _Add, named: Named) -> None:
    add(
        f"r.arm IN (SELECT arm FROM drug_use WHERE drug IN ({_marks(named.names)})"
        f" OR drug_id IN ({_marks(named.ids)}))",
        *named.names,
        *named.ids,
    )


def _add_histology(add: _Add, named: Named) -> None:
    marks = _marks(named.names)
    add(
        f"(r.arm IN (SELECT arm FROM arm_histology WHERE lower(name) IN ({marks}))"
        " OR (NOT EXISTS (SELECT 1 FROM arm_histology h WHERE h.arm = r.arm)"
        f" AND r.paper IN (SELECT paper FROM paper_histology WHERE lower(name) IN ({marks}))))",
        *named.names,
        *named.names,
    )


def _add_condition(add: _Add, named: Named) -> None:
    add(
        f"r.paper IN (SELECT m.paper FROM mention m JOIN concept c ON c.id = m.concept WHERE lower(c.name) IN"
        f" ({_marks(named.names)}) OR c.curie IN ({_marks(named.ids)}))",
        *named.names,
        *named.ids,
    )


def _add_outcome(add: _Add, named: Named) -> None:
    words = [word for word in re.findall(r"\w+", named.asked.lower()) if word]
    by_words = " AND ".join(["lower(r.outcome) LIKE ? ESCAPE '\\'"] * len(words)) or "0"
    add(
        f"(r.outcome_concept IN (SELECT id FROM concept WHERE lower(name) IN ({_marks(named.names)})"
        f" OR curie IN ({_marks(named.ids)})) OR ({by_words}))",
        *named.names,
        *named.ids,
        *(f"%{_like(word)}%" for word in words),
    )


def paper_clause(paper: str) -> tuple[str, tuple[Value, ...]]:
    """SQL for "the paper's number is among those that `paper` may mean": paper_id, DOI, PMID, PMCID or file name."""
    paper = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", paper.strip(), flags=re.IGNORECASE)
    number = re.sub(r"^(?:pmid|pmcid):\s*", "", paper, flags=re.IGNORECASE)
    pmcid = number.upper() if number.upper().startswith("PMC") else f"PMC{number}"
    return (
        "IN (SELECT id FROM paper WHERE key IN (?, ?) OR doi = ? OR pmid = ? OR pmcid = ?"
        " UNION SELECT paper FROM source WHERE name = ? OR name LIKE ? ESCAPE '\\')",
        (paper, paper.lower(), paper.lower(), number, pmcid, paper, f"%/{_like(paper)}"),
    )


def find_paper(store: Store, paper: str) -> str:
    """The paper_id of the one paper that `paper` means.

    Raises:
        StoreError: there is none, or there are several.
    """
    clause, values = paper_clause(paper)
    found = [str(row["key"]) for row in store.rows(f"SELECT key FROM paper WHERE id {clause} ORDER BY key", values)]
    if len(found) != 1:
        problem = f"may be {found[0]} or {found[1]}" if found else "is in no paper of this database"
        raise StoreError(f"{paper!r} {problem}.", what_to_do="paper_ids are in the view `papers`.")
    return found[0]


def _like(text: str) -> str:
    """Text that LIKE takes literally, lower case."""
    return re.sub(r"([%_\\])", r"\\\1", text.lower())


_TOKEN = re.compile(r'"(?P<phrase>[^"]*)"|(?P<operator>\b(?:AND|OR|NOT)\b)|(?P<word>[^\s"()]+)|(?P<paren>[()])')


def fts_query(text: str) -> str:
    """A full-text query that FTS5 accepts: words, "phrases", prefix*, AND, OR, NOT and brackets; the rest is quoted.

    Raises:
        StoreError: there is no word in it.
    """
    parts: list[str] = []
    text = "".join(c if c.isprintable() else " " for c in text)  # FTS5 ends a string at a NUL
    for token in _TOKEN.finditer(text):
        if token["operator"] or token["paren"]:
            parts.append(token[0])
            continue
        words = token["phrase"] if token["phrase"] is not None else token["word"]
        is_prefix = token["word"] is not None and words.endswith("*")
        if not re.search(r"\w", words):
            continue
        parts.append('"' + words.rstrip("*").replace('"', " ") + '"' + ("*" if is_prefix else ""))
    if not any(part.startswith('"') for part in parts):
        raise StoreError(f"No word to search for in {text!r}.", what_to_do='For example: --text "complete remission".')
    parts = _joined(parts)
    return " ".join(parts) if _well_formed(parts) else " ".join(part for part in parts if part.startswith('"'))


def _joined(parts: list[str]) -> list[str]:
    """The parts with the AND that FTS5 wants beside a bracket; between plain words it needs none."""
    joined: list[str] = []
    for part in parts:
        before = joined[-1] if joined else ""
        ends, starts = before == ")" or before.startswith('"'), part == "(" or part.startswith('"')
        if ends and starts and (before == ")" or part == "("):
            joined.append("AND")
        joined.append(part)
    return joined


def _well_formed(parts: list[str]) -> bool:
    """Whether operators stand between operands and brackets match: otherwise FTS5 would raise."""
    depth, wants_operand = 0, True
    for part in parts:
        if part == "(":
            if not wants_operand and depth >= 0:
                return False
            depth += 1
        elif part == ")":
            depth -= 1
            if wants_operand or depth < 0:
                return False
        elif part in ("AND", "OR", "NOT"):
            if wants_operand:
                return False
            wants_operand = True
        else:
            wants_operand = False
    return depth == 0 and not wants_operand
