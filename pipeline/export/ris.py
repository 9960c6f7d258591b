"""Papers as RIS references, to import before RevMan's files so that studies are not made twice."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.export.selection import Row, Selection
from pipeline.safe import safe
from pipeline.store import Store

_TAGS = (("TI", "title"), ("JO", "journal"), ("PY", "year"), ("DO", "doi"), ("LA", "language"))


def write(store: Store, selection: Selection, folder: Path) -> list[Path]:
    """`papers.ris`, one JOUR entry per paper; its PMID and PMCID as accession number and custom field."""
    path = folder / "papers.ris"
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        authors = {row["key"]: row["authors"] for row in store.rows("SELECT key, authors FROM paper")}
        for paper in selection.rows(store, "papers"):
            names = authors.get(paper["paper_id"])
            entry = _entry(paper, json.loads(str(names)) if names else [])
            file.write("\n".join(entry) + "\n\n")
    return [path]


def _entry(paper: Row, authors: list[str]) -> list[str]:
    lines = ["TY  - JOUR", f"ID  - {safe(str(paper['paper_id']))}"]
    lines += [f"AU  - {safe(name)}" for name in authors]
    lines += [f"{tag}  - {safe(str(paper[name]))}" for tag, name in _TAGS if paper[name] is not None]
    if paper["pmid"]:
        lines.append(f"AN  - {safe(str(paper['pmid']))}")
    if paper["pmcid"]:
        lines.append(f"C2  - {safe(str(paper['pmcid']))}")
    return [*lines, "ER  - "]
