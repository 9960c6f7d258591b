"""What reviewers said of rows: kept for ever, and laid over the rows they spoke of.

Place in the flow: `load` lays reviews over a paper that was read again; `ask.review` adds new ones. A review is tied to
what the extractor said (kind, outcome, printed value, arm, quote), not to a row number, so it survives another reading
that says the same. If a later reading says something else, the review has no row: it is an orphan, and is listed.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.errors import StoreError
from pipeline.store.schema import Value

Row = dict[str, Value]

# What a reviewer may correct.
FIELDS: dict[str, tuple[str, ...]] = {
    "result": (
        "outcome", "measure", "value", "sd", "se", "low", "high", "unit", "events", "total", "percent", "timepoint",
        "attribution", "arm_id",
    ),
    "comparison": (
        "outcome", "effect_measure", "effect", "ci_low", "ci_high", "p_operator", "p_value", "direction", "timepoint",
        "attribution", "arm_a", "arm_b",
    ),
}  # fmt: skip
NUMBERS = frozenset(
    "value sd se low high events total percent effect ci_low ci_high p_value".split(),
)
_ARMS = {"arm_id": "arm", "arm_a": "arm_a", "arm_b": "arm_b"}
_IDENTITY = {
    "result": "SELECT r.id, r.key, r.outcome, r.text, a.name, q.text FROM result r JOIN quote q ON q.id = r.quote"
    " LEFT JOIN arm a ON a.id = r.arm",
    "comparison": "SELECT r.id, r.key, r.outcome, ifnull(r.p_value, '') || '/' || ifnull(r.effect, '') || '/'"
    " || ifnull(r.direction, ''), ifnull(a.name, '') || '/' || ifnull(b.name, ''), q.text FROM comparison r"
    " JOIN quote q ON q.id = r.quote LEFT JOIN arm a ON a.id = r.arm_a LEFT JOIN arm b ON b.id = r.arm_b",
}


@dataclass(frozen=True, slots=True)
class Review:
    """One word of one reviewer. `corrections` are the fields that `correct` sets."""

    kind: str
    row_key: str
    verdict: str
    who: str
    why: str | None
    corrections: Mapping[str, Value]


def add_review(connection: sqlite3.Connection, review: Review, *, now: str) -> None:
    """Store a review and lay it over its row, in one transaction.

    Raises:
        StoreError: the row is not there, or names an arm that its paper does not have.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        number, fingerprint = _row(connection, review.kind, review.row_key)
        connection.execute(
            "INSERT INTO review (kind, fingerprint, row_key, verdict, corrections, who, why, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                review.kind, fingerprint, review.row_key, review.verdict,
                json.dumps(dict(review.corrections), sort_keys=True) if review.corrections else None,
                review.who, review.why, now,
            ),
        )  # fmt: skip
        _lay(connection, review.kind, number, fingerprint)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def apply_reviews(connection: sqlite3.Connection, paper_key: str) -> None:
    """Lay all reviews over the rows of one paper; runs inside the transaction that wrote them."""
    if not connection.execute("SELECT 1 FROM review LIMIT 1").fetchone():
        return
    known = {row[0] for row in connection.execute("SELECT fingerprint FROM review")}
    for kind, select in _IDENTITY.items():
        sql = f"{select} JOIN paper p ON p.id = r.paper WHERE p.key = ? ORDER BY r.id"
        for number, _, *identity in connection.execute(sql, (paper_key,)).fetchall():
            fingerprint = _fingerprint(kind, identity)
            if fingerprint in known:
                _lay(connection, kind, number, fingerprint)


def orphans(connection: sqlite3.Connection) -> list[str]:
    """Fingerprints that no row of the database has any more."""
    here = {row[0] for row in connection.execute("SELECT fingerprint FROM reviewed_result")}
    here |= {row[0] for row in connection.execute("SELECT fingerprint FROM reviewed_comparison")}
    return sorted({row[0] for row in connection.execute("SELECT fingerprint FROM review")} - here)


def _row(connection: sqlite3.Connection, kind: str, key: str) -> tuple[int, str]:
    """Number and fingerprint of a row; a row reviewed before keeps the fingerprint of what the extractor said."""
    found = connection.execute(f"{_IDENTITY[kind]} WHERE r.key = ?", (key,)).fetchone()
    if not found:
        raise StoreError(f"There is no row {key!r}.", what_to_do="Ids are in the first column of `evidence query DB`.")
    number, _, *identity = found
    before = connection.execute(f"SELECT fingerprint FROM reviewed_{kind} WHERE {kind} = ?", (number,)).fetchone()
    return int(number), str(before[0]) if before else _fingerprint(kind, identity)


def _fingerprint(kind: str, identity: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps([kind, *map(str, identity)]).encode()).hexdigest()


def _lay(connection: sqlite3.Connection, kind: str, number: int, fingerprint: str) -> None:
    """Set the row to what the extractor said, then to what the last review says."""
    columns = [_ARMS.get(field, field) for field in FIELDS[kind]] + (["text"] if kind == "result" else [])
    before = connection.execute(f"SELECT original FROM reviewed_{kind} WHERE {kind} = ?", (number,)).fetchone()
    if before:
        original = json.loads(before[0])
    else:
        values = connection.execute(f"SELECT {', '.join(columns)} FROM {kind} WHERE id = ?", (number,)).fetchone()
        original = dict(zip(columns, values, strict=True))
    verdict, corrections = connection.execute(
        "SELECT verdict, corrections FROM review WHERE fingerprint = ? ORDER BY id DESC LIMIT 1", (fingerprint,)
    ).fetchone()
    values = {**original, **_columns(connection, kind, number, json.loads(corrections or "{}"))}
    if kind == "result" and corrections:
        values["text"] = printed(values)
    connection.execute(
        f"UPDATE {kind} SET {', '.join(f'{name} = ?' for name in columns)} WHERE id = ?",
        (*(values[name] for name in columns), number),
    )
    connection.execute(
        f"INSERT OR REPLACE INTO reviewed_{kind} ({kind}, verdict, fingerprint, original) VALUES (?, ?, ?, ?)",
        (number, verdict, fingerprint, json.dumps(original)),
    )


def _columns(connection: sqlite3.Connection, kind: str, number: int, corrections: dict[str, Value]) -> Row:
    """Corrections by column; arms by their number in the database."""
    values: Row = {}
    for field, value in corrections.items():
        if field not in _ARMS:
            values[field] = value
            continue
        arm = connection.execute(
            f"SELECT a.id FROM arm a JOIN {kind} r ON r.paper = a.paper WHERE r.id = ? AND a.arm_id = ?",
            (number, value),
        ).fetchone()
        if value is not None and not arm:
            raise StoreError(
                f"The paper has no arm {value!r}.", what_to_do="Arms are in the view `regimens`, column arm_id."
            )
        values[_ARMS[field]] = arm[0] if arm else None
    return values


def printed(values: Row) -> str:
    """A corrected result as a paper would print it: "8/10 (80%)", "0.4 ± 0.5 mg", "12 (10 to 14)".

    >>> printed({"events": 8.0, "total": 10.0, "percent": 80.0})
    '8/10 (80%)'
    """
    number = {
        name: f"{value:g}" for name, value in values.items() if name in NUMBERS and isinstance(value, int | float)
    }
    unit = f" {values['unit']!s}" if values.get("unit") else ""
    if "events" in number:
        share = f"{number['events']}/{number['total']}" if "total" in number else number["events"]
        return f"{share} ({number['percent']}%)" if "percent" in number else share
    if "value" not in number:
        return f"{number['percent']}%" if "percent" in number else ""
    if "sd" in number:
        return f"{number['value']} ± {number['sd']}{unit}"
    if "low" in number and "high" in number:
        return f"{number['value']}{unit} ({number['low']} to {number['high']})"
    return f"{number['value']}{unit}"
