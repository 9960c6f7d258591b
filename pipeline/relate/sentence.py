"""One record per sentence of what results and comparisons both need: its outcomes, its findings, its arms' names.

Place in the flow: made by `relate()` when the arms are known, and read by `results.py` and `comparisons.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.relate.arm_of import named_arms
from pipeline.relate.findings import Finding, find_findings
from pipeline.relate.outcome_of import Outcome, candidates
from pipeline.relate.placed import Named, Resolver
from pipeline.relate.view import SentenceView


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, read once: `options` may be measured, `findings` are its numbers, `named` its words for arms."""

    view: SentenceView
    options: tuple[Outcome, ...]
    findings: tuple[Finding, ...]
    named: tuple[Named, ...]


def sentences_of(views: Iterable[SentenceView], resolver: Resolver) -> tuple[Sentence, ...]:
    """The record of every sentence, in reading order."""
    return tuple(
        Sentence(view, tuple(candidates(view)), tuple(find_findings(view)), tuple(named_arms(view, resolver)))
        for view in views
    )
