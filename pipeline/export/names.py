"""File names and short study names made of paper ids."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from pipeline.export.selection import Row
from pipeline.store import Store


def file_stem(paper_id: str) -> str:
    """A name safe on every file system; ids that would collide are kept apart by a digest."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "_", paper_id).strip("._")[:80]
    return plain if plain == paper_id else f"{plain}-{hashlib.sha256(paper_id.encode()).hexdigest()[:8]}"


def study_names(papers: list[Row], authors: Mapping[str, str | None]) -> dict[str, str]:
    """paper_id → a study id as reviewers write it, "Ito 2015", a second one "Ito 2015 (2)".

    Without an author the journal stands for it, and the paper_id where neither is known.

    Args:
        authors: paper_id → family name of the first author.
    """
    names: dict[str, str] = {}
    taken: dict[str, int] = {}
    for paper in papers:
        key = str(paper["paper_id"])
        who = authors.get(key) or paper["journal"]
        base = " ".join(str(part) for part in (who, paper["year"]) if part) if who else key
        count = taken.get(base, 0)
        taken[base] = count + 1
        names[key] = base if not count else f"{base} ({count + 1})"
    return names


def first_authors(store: Store) -> dict[str, str | None]:
    """paper_id → family name of the first author, None where unknown."""
    rows = store.rows("SELECT key, authors FROM paper")
    return {str(row["key"]): next(iter(json.loads(str(row["authors"] or "[]"))), None) for row in rows}
