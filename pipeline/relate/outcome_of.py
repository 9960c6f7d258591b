"""Which outcome a number measures: the cheapest phrase of its sentence, else the nearest earlier one.

Place in the flow: asked by `results.py` and `comparisons.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.evidence import Concept, Label
from pipeline.relate.findings import Finding
from pipeline.relate.view import SentenceView, without_brackets

_FLAGS = re.IGNORECASE
_STRONG = re.compile(r";|\b(?:whereas|while(?! (?:on|receiving|taking|using))|but|although|however)\b", _FLAGS)
_WEAK = re.compile(r",\s(?:and|with)\b|:\s", _FLAGS)
_ACHIEVES = re.compile(
    r"\b(?:achiev\w*|attain\w*|reach\w*|had|have|has|develop\w*|experienc\w*|show\w*"
    r"|requir\w*|exhibit\w*|remain\w*|suffer\w*|underwent|displayed|went into|entered|with"
    r"|were|was|of)\b",
    _FLAGS,
)
_POPULATION = re.compile(
    r"\b(?:patients?|children|subjects?|recipients?|adults?|cases|women|men|individuals"
    r"|those)\s(?:\w+\s)?(?:with|having|who had)\s(?:[\w-]+\s){0,4}\Z",
    _FLAGS,
)
_WORDS = re.compile(
    r"\b(?:died|deaths?|males?|females?|men|women|boys|girls|ages?|aged|survived|relapsed"
    r"|responded|responders?|effective|weight|height)\b",
    _FLAGS,
)
_PREDICATE = re.compile(
    r"^\s?(?:(?:of|in)\s)?(?:(?:the|these|all|both|our)\s)?(?:[\w-]+\s){0,3}?(?:patients?"
    r"|children|recipients?|subjects?|cases|women|men|participants)?\s?(?:who\s)?"
    r"(?P<phrase>(?:did not|had|have|were|was|re-)?\s?[a-z-]+(?:ed|ied|ing|t|k|e)\s(?:the\s)?[\w\s/-]{3,60}?)"
    r"(?=\s(?:within|at|by|during|after|in|on|for|before|while|when|with)\s|[,.;:()]|\Z)",
    _FLAGS,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome phrase at its place; `start` is -1 when the phrase is not in the sentence. `cost`: lower is surer."""

    text: str
    start: int
    end: int
    concept: Concept | None
    cost: float
    kind: str = "outcome"


def candidates(view: SentenceView) -> list[Outcome]:
    """Phrases of the sentence that may be measured, in text order."""
    found: list[Outcome] = []
    for mention in view.of(Label.OUTCOME, Label.CONDITION, Label.HISTOLOGY):
        kind = mention.label.value.lower()
        cost = 0.0 if mention.label is Label.OUTCOME else 2.0
        if kind != "outcome" and _POPULATION.search(view.text[: mention.start - view.start]):
            cost = 5.0
        if any(
            other.start <= mention.start and mention.end <= other.end and other.kind == "outcome" for other in found
        ):
            continue
        found = [
            other
            for other in found
            if not (kind == "outcome" and mention.start <= other.start and other.end <= mention.end)
        ]
        found.append(Outcome(mention.text, mention.start, mention.end, mention.concept, cost, kind))
    for match in _WORDS.finditer(view.text):
        start, end = view.start + match.start(), view.start + match.end()
        if not any(other.start < end and start < other.end for other in found):
            found.append(
                Outcome("age" if match.group().lower() == "aged" else match.group(), start, end, None, 1.0, "word")
            )
    return sorted(found, key=lambda outcome: outcome.start)


def cost_of(view: SentenceView, finding: Finding, outcome: Outcome) -> float:
    """How far the outcome is from the number, in words with penalties for what stands between."""
    if outcome.start < finding.end and finding.start < outcome.end:
        return outcome.cost - 1.0 if outcome.kind == "word" else outcome.cost + 0.5
    before = outcome.end <= finding.start
    low, high = (outcome.end, finding.start) if before else (finding.end, outcome.start)
    gap = view.between(low, high)
    plain = without_brackets(gap)
    cost = (
        outcome.cost + 0.25 * len(plain.split()) + 5.0 * len(_STRONG.findall(plain)) + 1.0 * len(_WEAK.findall(plain))
    )
    if not before:
        cost += 2.0 + (5.0 if _in_bracket(view, finding.start, outcome.start) else 0.0)
        if len(plain.split()) <= 14 and _ACHIEVES.search(plain):
            cost -= 3.0
    return cost


def _in_bracket(view: SentenceView, position: int, other: int) -> bool:
    """The number stands in a bracket that closes before `other`: it comments on what stands before the bracket."""
    opened = max(view.text.rfind(sign, 0, position - view.start) for sign in "([")
    if opened < 0 or re.search(r"[)\]]", view.text[opened : position - view.start]):
        return False
    return bool(re.search(r"[)\]]", view.between(position, other)))


def outcome_of(view: SentenceView, finding: Finding, options: list[Outcome], earlier: Outcome | None) -> Outcome | None:
    """The cheapest candidate; else the predicate after the number; else the outcome spoken of last."""
    ranked = sorted(
        ((cost_of(view, finding, option), option) for option in options), key=lambda pair: (pair[0], pair[1].start)
    )
    if ranked and ranked[0][0] < 12.0:
        best = ranked[0][1]
        return Outcome(best.text, best.start, best.end, best.concept, ranked[0][0], best.kind)
    match = _PREDICATE.match(view.between(finding.end, view.end))
    if match and finding.statistic.kind == "proportion":
        start = finding.end + match.start("phrase")
        return Outcome(match["phrase"].strip(), start, finding.end + match.end("phrase"), None, 8.0, "predicate")
    if earlier is not None:
        return Outcome(earlier.text, -1, -1, earlier.concept, 10.0, "earlier")
    return None
