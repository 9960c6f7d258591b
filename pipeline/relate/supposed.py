"""What a sentence states and what it only supposes: "X fell, which may slow Y" states the fall of X.

Place in the flow: asked by `comparisons.py` for sentences without a test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.relate.direction import Cue

_FLAGS = re.IGNORECASE
_MODAL = re.compile(r"\b(?:may|might|could|should|would|can|suggest(?:s|ed|ing)? that)\b", _FLAGS)
# Where the clause of a supposition begins, and where it ends.
_BEGINS = re.compile(
    r"[,;:]\s(?:and\s|but\s)?|\b(?:that|which|but|whereas|while|although|because|suggesting|indicating|thus|thereby)\s",
    _FLAGS,
)
_ENDS = re.compile(r";\s|,\s(?:but|whereas|while|although|however|yet)\s", _FLAGS)
_ADJUNCT = re.compile(
    r"(?:in|with|by|for|among|given|if|when|as|despite|through|due|after|before|during|to|compared|from|unlike|like|on|at)\s",
    _FLAGS,
)
# What was found is told in the past; "a rise is a risk, but may be controlled" tells no finding.
_FOUND = re.compile(
    r"(?<!\bthe\s)(?<!\ba\s)(?<!\ban\s)(?<!\bof\s)(?<!\bin\s)(?<!\bwith\s)(?<!through\s)(?<!possible\s)"
    r"\b(?:was|were|had|did|rose|fell|increased|decreased|improved|reduced|changed|showed|occurred|remained|became|achieved|developed"
    r"|resulted|led|caused|reached|declined|dropped|lowered|raised|worsened|differed|slowed|enhanced|suppressed|prevented|attenuated)\b",
    _FLAGS,
)


def stated(text: str, cues: Sequence[Cue]) -> list[Cue]:
    """The direction words that tell a finding, not a guess; reviews tell one by "may make little or no difference"."""
    spans = [_scope(text, match) for match in _MODAL.finditer(text)]
    return [
        cue
        for cue in cues
        if cue.text.lower().startswith("little or no") or not any(low <= cue.start < high for low, high in spans)
    ]


def _scope(text: str, match: re.Match[str]) -> tuple[int, int]:
    """From where to where the words of a modal verb hold: its clause, or all if nothing is stated ahead of it."""
    begins = [one.start() for one in _BEGINS.finditer(text, 0, match.start())]
    low = begins[-1] if begins and _is_statement(text[: begins[-1]]) else 0
    if match.group().lower().startswith("suggest"):
        return low, len(text)
    end = _ENDS.search(text, match.end())
    return low, end.start() if end else len(text)


def _is_statement(text: str) -> bool:
    """Whether the words ahead are a clause, not a mere "in patients with reduced X"."""
    return any(_FOUND.search(part) and not _ADJUNCT.match(part) for part in re.split(r"[,;:]\s", text))
