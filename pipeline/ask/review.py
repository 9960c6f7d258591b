"""Reviewers' verdicts on rows: accept, correct, reject; who agrees with whom.

Place in the flow: behind `evidence review` and, with a token, the web page. The database keeps every word that was
ever said (`store.reviews`); the last one holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.ask.rows import full_id
from pipeline.ask.values import Value
from pipeline.errors import StoreError
from pipeline.store import Store, now
from pipeline.store.reviews import FIELDS, NUMBERS, Review, add_review, orphans

VERDICTS = ("accept", "correct", "reject")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A row of which two reviewers say different things: `verdicts` are (who, verdict, corrections)."""

    row_key: str
    verdicts: tuple[tuple[str, str, str | None], tuple[str, str, str | None]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two reviewers on the rows that both have judged. `kappa` is None where one verdict is all there is."""

    who: tuple[str, str]
    rows: int
    agreed: int
    kappa: float | None
    disagreements: tuple[Disagreement, ...]


def review(
    store: Store,
    row: str,
    verdict: str,
    *,
    who: str,
    why: str | None = None,
    corrections: Mapping[str, str] | None = None,
) -> str:
    """Add a verdict on a row; returns the row's id.

    Args:
        row: the row's id, or the end of it that only this row has ("R3").
        corrections: field → new value as text, "" for unknown; only with the verdict "correct".

    Raises:
        StoreError: no such row or field, a number that is none, or a database that cannot be written.
    """
    row_id, letter = full_id(store, row.strip())
    kind = "result" if letter == "R" else "comparison"
    if (verdict == "correct") != bool(corrections):
        raise StoreError("Only the verdict `correct` sets fields, and it must.", what_to_do="Add --set FIELD=VALUE.")
    if not who.strip():
        raise StoreError("A review needs a name.", what_to_do="Add --who NAME.")
    values = {name: _value(kind, name, text) for name, text in (corrections or {}).items()}
    add_review(store.connection, Review(kind, row_id, verdict, who.strip(), why, values), now=now())
    return row_id


def _value(kind: str, field: str, text: str) -> Value:
    if field not in FIELDS[kind]:
        raise StoreError(f"A {kind} has no field {field!r}.", what_to_do=f"Fields: {', '.join(FIELDS[kind])}.")
    if not text.strip():
        return None
    if field not in NUMBERS:
        return text.strip()
    try:
        return float(text)
    except ValueError as error:
        raise StoreError(f"{field} is a number, {text!r} is none.", what_to_do="Write 0.4, not 0,4.") from error


def reviews(store: Store, *, only_orphans: bool = False) -> Iterator[dict[str, Value]]:
    """All reviews in the order they were made; `row` is the row's id now, None for an orphan."""
    lost = set(orphans(store.connection))
    here = {
        row["fingerprint"]: row["key"]
        for kind in FIELDS
        for row in store.rows(f"SELECT v.fingerprint, r.key FROM reviewed_{kind} v JOIN {kind} r ON r.id = v.{kind}")
    }
    for row in store.rows("SELECT * FROM review ORDER BY id"):
        if not only_orphans or row["fingerprint"] in lost:
            yield {
                "row": here.get(row["fingerprint"]),
                **{name: row[name] for name in ("row_key", "verdict", "corrections", "who", "why", "at")},
            }


def agreement(store: Store) -> Iterator[Agreement]:
    """Every pair of reviewers who judged a row in common: share agreed and Cohen's kappa (Cohen 1960)."""
    last: dict[str, dict[str, tuple[str, str | None, str]]] = {}
    for row in store.rows("SELECT * FROM review ORDER BY id"):
        corrections = str(row["corrections"]) if row["corrections"] else None
        said = (str(row["verdict"]), corrections, str(row["row_key"]))
        last.setdefault(str(row["who"]), {})[str(row["fingerprint"])] = said
    names = sorted(last)
    for position, one in enumerate(names):
        for two in names[position + 1 :]:
            common = sorted(last[one].keys() & last[two].keys())
            if common:
                yield _agreement(one, two, [(last[one][key], last[two][key]) for key in common])


_Said = tuple[str, str | None, str]


def _agreement(one: str, two: str, pairs: list[tuple[_Said, _Said]]) -> Agreement:
    apart = [
        Disagreement(a[2], ((one, a[0], a[1]), (two, b[0], b[1]))) for a, b in pairs if (a[0], a[1]) != (b[0], b[1])
    ]
    kappa = cohens_kappa([(a[0], b[0]) for a, b in pairs])
    return Agreement((one, two), len(pairs), len(pairs) - len(apart), kappa, tuple(apart))


def cohens_kappa(pairs: list[tuple[str, str]]) -> float | None:
    """Agreement beyond chance of two raters; None if chance alone would make them agree always.

    >>> cohens_kappa([("a", "a"), ("b", "b"), ("a", "b"), ("b", "b")])
    0.5
    """
    total = len(pairs)
    observed = sum(a == b for a, b in pairs) / total
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[name] * second[name] for name in first) / total**2
    return None if chance == 1 else (observed - chance) / (1 - chance)
