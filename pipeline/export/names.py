"""File names and short study names made of paper ids."""

from __future__ import annotations

import hashlib
import re

from pipeline.export.selection import Row


def file_stem(paper_id: str) -> str:
    """A name safe on every file system; ids that would collide are kept apart by a digest."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "_", paper_id).strip("._")[:80]
    return plain if plain == paper_id else f"{plain}-{hashlib.sha256(paper_id.encode()).hexdigest()[:8]}"


def study_names(papers: list[Row]) -> dict[str, str]:
    """paper_id → a study id as reviewers write it, "Journal 2015" made unique by a letter; the id where unknown."""
    names: dict[str, str] = {}
    taken: dict[str, int] = {}
    for paper in papers:
        base = " ".join(str(part) for part in (paper["journal"], paper["year"]) if part) or str(paper["paper_id"])
        count = taken.get(base, 0)
        taken[base] = count + 1
        names[str(paper["paper_id"])] = base if not count else f"{base} ({count + 1})"
    return names
