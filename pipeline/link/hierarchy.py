"""What stands above and below a concept: "FSGS" finds the tip lesion, "calcineurin inhibitors" finds tacrolimus.

Place in the flow: used by queries over all lexicons at once, and by the linker's callers.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from pipeline.link.lexicon import FILES
from pipeline.link.vocabularies import BUILT_FROM_LEXICONS, lexicon_with_user


def ancestors(concept_id: str) -> frozenset[str]:
    """Ids of all concepts above this one, without itself."""
    return _reach(concept_id, _parents())


def descendants(concept_id: str) -> frozenset[str]:
    """Ids of all concepts below this one, without itself."""
    return _reach(concept_id, _children())


def _reach(concept_id: str, edges: dict[str, tuple[str, ...]]) -> frozenset[str]:
    seen: set[str] = set()
    waiting = list(edges.get(concept_id, ()))
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting.extend(edges.get(current, ()))
    return frozenset(seen - {concept_id})


@cache
def _parents() -> dict[str, tuple[str, ...]]:
    edges: dict[str, tuple[str, ...]] = {}
    for label in FILES:
        for concept_id, above in lexicon_with_user(label).parents.items():
            edges[concept_id] = tuple(dict.fromkeys((*edges.get(concept_id, ()), *above)))
    return edges


@cache
def _children() -> dict[str, tuple[str, ...]]:
    edges: dict[str, list[str]] = defaultdict(list)
    for child, above in _parents().items():
        for parent in above:
            edges[parent].append(child)
    return {parent: tuple(children) for parent, children in edges.items()}


BUILT_FROM_LEXICONS.extend((_parents.cache_clear, _children.cache_clear))
