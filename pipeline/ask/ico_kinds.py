"""What kind of outcome words ask for or name: counted or measured, all people or a restricted part, limits of values.

Place in the flow: features of candidates in `ico`, `ico_candidates` and `ico_sentences`. Words only, no numbers.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.relate.ico_evidence import stem

MEASURED = re.compile(
    r"\bmeans?\b|average|\bscores?\b|levels?|\btime\b|duration|\bdays\b|hours|volume|weight|±|\bsd\b|pressure|concentration"
    r"|length|amount|intensity|index|ratio|height|intake|value",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"%|per ?cent|proportion|incidence|\brates?\b|number of (?:patients|subjects|participants|cases|women|children)"
    r"|\bn\b|prevalence|frequency of|death|mortality|events?\b|complications?|relapse|remission|response|cured?\b"
    r"|success|failure|discontinu|withdraw|vomiting|nausea|bleeding|infection"
    r"|clinically (?:meaningful|relevant|important)|births?\b|achiev|respond|[≥⩾≤⩽<>]\s?\d",
    re.IGNORECASE,
)
INTENTION = re.compile(
    r"[(\[]?\b(?:modified )?(?:intention|intent)[- ]to[- ]treat(?: (?:analysis|population|set))?\b[)\]]?"
    r"|[(\[]?\bm?ITT(?: (?:analysis|population|set))?\b[)\]]?",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"[<>≤≥⩾⩽]\s*\d|\bat least \d|\b(?:more|less|fewer|greater) than \d|\d\s*%? or (?:more|less)", re.I)
_RESTRICTING = re.compile(
    r"\b(?:severe|serious|mild|moderate|grades?|major|minor|fatal|non-?fatal|related|attributable|discontinu\w+|stopp\w+"
    r"|withdr\w+|leading|because|due|complete|partial|early|late|first|second|third|new|recurrent|worsening"
    r"|per[- ]protocol|completers?|strictly)\b",
    re.IGNORECASE,
)


def kinds_asked(outcome: str) -> tuple[bool, bool]:
    """Whether an outcome is one of people counted, and whether it is a measured quantity; both may be true."""
    return bool(COUNTED.search(outcome)), bool(MEASURED.search(outcome))


@lru_cache(maxsize=65536)
def _restrictions(text: str) -> frozenset[str]:
    return frozenset(stem(match[0].lower()) for match in _RESTRICTING.finditer(text))


def restriction_features(outcome: str, words: str) -> dict[str, float]:
    """How the words that narrow an outcome ("severe", "due to", "< 85") differ from those asked for.

    Args:
        outcome: the outcome in the reviewer's words.
        words: the headers of the cell, or the sentence.
    """
    asked, there = _restrictions(outcome), _restrictions(words)
    limits = bool(_LIMIT.search(outcome)), bool(_LIMIT.search(words))
    return {
        "restricted": float(bool(there - asked)),
        "unrestricted": float(bool(asked - there)),
        "restriction_same": float(bool(asked & there)),
        "limit_unasked": float(limits[1] and not limits[0]),
        "limit_missing": float(limits[0] and not limits[1]),
    }
