"""Choosing among overlapping finds of one label.

Place in the flow: used by every extractor that has more than one way of finding (lexicon, patterns, model).
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.tag.found import Found


def keep_longest(finds: Iterable[Found]) -> list[Found]:
    """A subset without overlaps, in text order: longer finds win, then surer ones, then earlier ones."""
    kept: list[Found] = []
    taken: set[int] = set()
    for find in sorted(finds, key=lambda one: (one.start - one.end, -one.confidence, one.start)):
        # A find already kept is at least as long, so an overlap touches one of the two ends of this one or holds it.
        if find.start in taken or find.end - 1 in taken:
            continue
        kept.append(find)
        taken.update(range(find.start, find.end))
    return sorted(kept, key=lambda one: one.start)
