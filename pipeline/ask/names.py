"""What a user calls a thing → the names and ids under which the database may hold it.

Place in the flow: used by `query`. Asked in turn: the lexicon (which also knows the children of a concept), and the
strings met in the papers themselves, so that an abbreviation of one paper finds its concept in all.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.evidence import Label
from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Named:
    """`names` are lower case and hold the words asked for; `ids` are CURIEs."""

    asked: str
    names: tuple[str, ...]
    ids: tuple[str, ...]


def resolve(store: Store, label: Label, asked: str) -> Named:
    """All names and ids that mean `asked`, children of the concept included."""
    surface = " ".join(asked.lower().split())
    names, ids = {surface}, set[str]()
    for curie, name in _from_papers(store, label, surface) | _from_lexicon(label, asked):
        names.add(name.lower())
        if curie:
            ids.add(curie)
    for row in _children(store, sorted(ids)):
        names.add(str(row[1]).lower())
        ids.add(str(row[0]))
    return Named(asked, tuple(sorted(names)), tuple(sorted(ids)))


def _from_papers(store: Store, label: Label, surface: str) -> set[tuple[str | None, str]]:
    rows = store.rows(
        "SELECT c.curie, c.name FROM concept_name n JOIN concept c ON c.id = n.concept"
        " WHERE n.surface = ? AND n.label = ?",
        (surface, str(label)),
    )
    return {(str(row["curie"]) if row["curie"] else None, str(row["name"])) for row in rows}


def _from_lexicon(label: Label, asked: str) -> set[tuple[str | None, str]]:
    from pipeline import link

    if not hasattr(link, "Linker"):
        return set()
    concept = link.Linker().link(label, asked, {})
    return {(concept.id, concept.name)} if concept else set()


def _children(store: Store, ids: list[str]) -> list[tuple[str, str]]:
    """Concepts below those given that occur in the database."""
    from pipeline import link

    if not hasattr(link, "descendants"):
        return []
    below = sorted({child for curie in ids for child in link.descendants(curie)} - set(ids))
    found: list[tuple[str, str]] = []
    for start in range(0, len(below), 500):  # SQLite takes a limited number of parameters
        part = below[start : start + 500]
        marks = ", ".join("?" * len(part))
        rows = store.rows(f"SELECT curie, name FROM concept WHERE curie IN ({marks})", part)
        found += [(str(row["curie"]), str(row["name"])) for row in rows]
    return found
