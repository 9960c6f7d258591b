"""Precision, recall and F1 of strict matches: same text, same offsets, same label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field


@dataclass
class Scores:
    """Counts per label; each item counts once per text."""

    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)

    def add(self, gold: Iterable[tuple[Hashable, str]], found: Iterable[tuple[Hashable, str]]) -> None:
        """Count one text; items are (what, label)."""
        wanted, got = set(gold), set(found)
        self.right.update(label for _, label in wanted & got)
        self.found.update(label for _, label in got)
        self.gold.update(label for _, label in wanted)

    def report(self) -> dict[str, dict[str, object]]:
        """`{"micro": {"p", "r", "f1"}, "labels": {label: {"p", "r", "f1"}}}`, shares rounded to four places."""
        labels = sorted(set(self.gold) | set(self.found))
        return {
            "micro": measure(self.right.total(), self.found.total(), self.gold.total()),
            "labels": {label: measure(self.right[label], self.found[label], self.gold[label]) for label in labels},
        }


def measure(right: int, found: int, gold: int) -> dict[str, object]:
    """Precision, recall, F1 as shares; 0 where there is nothing to divide by."""
    return {
        "p": round(right / found, 4) if found else 0.0,
        "r": round(right / gold, 4) if gold else 0.0,
        "f1": round(2 * right / (found + gold), 4) if found + gold else 0.0,
    }
