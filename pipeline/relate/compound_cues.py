"""Direction words whose parts would mislead: "prevented the rise in X", "less effective in lowering X".

Place in the flow: asked by `direction.find_cues` before single words are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.evidence import Direction
from pipeline.tag.people import PERSONS

_FLAGS = re.IGNORECASE
_FALL = r"(?:decreases?|falls?|reductions?|declines?|drops?|loss(?:es)?)"
# "A prevented the rise in X" keeps X low; "attenuated the fall of X" keeps it high.
_COUNTER = re.compile(
    r"\b(?:block|prevent|inhibit|attenuat|suppress|abolish|blunt|revers|counteract|limit|ameliorat|diminish|reduc|antagoni[sz]|lessen)"
    r"(?:ed|e?s|ing)\s(?:the\s|an?\s|any\s|this\s|both\s)?(?:(?!(?:in|of|by|and|or|to|with|from|for|a|an|the)\b)[\w-]+\s){0,4}?"
    rf"(?:(?P<rise>increases?|rises?|elevations?)|(?P<fall>{_FALL}))(?=\s(?:in|of)\b)",
    _FLAGS,
)
_EFFECTIVE = re.compile(
    r"\b(?:(?P<more>more)|(?P<less>less))\s(?:effective|efficacious|potent|active)(?:ly)?\s"
    r"(?:(?:than|compared (?:with|to))\s(?:[\w-]+\s){1,3}?)?(?:[\w-]+\s){0,2}?(?:in|at|for|to)\s(?:\w+ly\s)?"
    r"(?:(?P<down>lower|reduc|decreas|prevent|suppress|inhibit|slow|control|attenuat)|(?P<up>increas|rais|elevat))(?:ing|es?)?\b",
    _FLAGS,
)
# "the rise in X was smaller with A": X is lower with A; a smaller fall leaves it higher.
_SMALLER = re.compile(
    rf"\b(?:(?P<rise>increases?|rises?|elevations?)|(?P<fall>{_FALL}))\s(?:in|of)\s"
    r"(?:(?!\b(?:was|were|is|are|had|did|and)\b)[^,;.]){2,80}?\s(?:was|were|is|are)\s(?:\w+ly\s|also\s|much\s)*"
    r"(?:smaller|less(?:er)?(?:\s(?:pronounced|marked|rapid|severe))?|lower|attenuated|blunted)\b(?!\s(?:effective|frequent|common|often|likely))",
    _FLAGS,
)
# "patients with higher X": who they are, not what happened.
_WHO = re.compile(
    rf"\b(?:{PERSONS}|those|cases|subgroups?|groups?)\s(?:with|having|who had)\s(?:an?\s|the\s)?(?:\w+ly\s)?"
    r"(?P<cue>(?:higher|lower|greater|less|more|increased|decreased|reduced|elevated|impaired|worsening|worse|better|shorter|longer|fewer"
    r"|diminished|raised|declining|rising)\b)",
    _FLAGS,
)
# "reduced or preserved function": what the disease is like.
_LIKE = re.compile(
    r"\bwith\s(?:normal|preserved|stable|mild(?:ly)?|absent)\s(?:or|to|and)\s(?:\w+ly\s)?"
    r"(?P<cue>reduced|decreased|increased|impaired|elevated)\b",
    _FLAGS,
)
# "was withdrawn because of a decline in X": why something was stopped. Behind it no more is told of what happened.
_WHY = re.compile(
    r"\b(?:withdr[ae]wn?|withdrawal|stopp(?:ed|ing)|discontinu(?:ed|ation)|interrupted|terminated|ceased|excluded"
    r"|dropped out)\b"
    r"[^.;:]{0,60}?\b(?:because of|due to|owing to|as a result of|on account of)\s(?P<cue>[^.;:]*)",
    _FLAGS,
)
# "the dose was increased": what was done, no outcome.
_DOSED = re.compile(
    r"\b(?:doses?|dosages?)\s(?:of\s[\w-]+\s)?"
    r"(?:(?:was|were|is|are|being|been|had|has|could|be|then|also|not|gradually|further)\s)*"
    r"(?P<cue>increased|reduced|decreased|raised|lowered|doubled|halved|escalated)\b(?!\s(?:in|by|more|less|from)\b)",
    _FLAGS,
)
# "the fall in X is caused by Y": an explanation.
_CAUSED = re.compile(
    rf"\b(?P<cue>(?:increases?|rises?|{_FALL}|elevations?|improvements?))\s(?:in|of)\s"
    r"(?:(?!\b(?:is|are|was|were|had|has|did)\b)[^,;.()]){2,90}?"
    r"\b(?:is|are|was|were)\s(?:\w+ly\s|not\s|(?:in|at least in) part,?\s)*(?:caused|mediated|explained|driven)\sby\b",
    _FLAGS,
)


def compounds(text: str) -> Iterator[tuple[Direction, re.Match[str]]]:
    """The compounds of `text` and the way what they speak of went."""
    for match in _COUNTER.finditer(text):
        yield (Direction.DECREASED if match["rise"] else Direction.INCREASED), match
    for match in _SMALLER.finditer(text):
        yield (Direction.DECREASED if match["rise"] else Direction.INCREASED), match
    for match in _EFFECTIVE.finditer(text):
        is_lowered = bool(match["down"]) == bool(match["more"])
        yield (Direction.DECREASED if is_lowered else Direction.INCREASED), match


def is_counter(text: str) -> bool:
    """Whether a cue is a change that was held back."""
    return bool(_COUNTER.match(f"{text} of"))


def smaller_change(text: str) -> str | None:
    """The noun of a change that was smaller than another, if a cue is one."""
    match = _SMALLER.match(text)
    return (match["rise"] or match["fall"]).lower().rstrip("s") if match else None


def beside_findings(text: str) -> list[tuple[int, int]]:
    """Where direction words say who people are, why something was stopped, how much was given or what was explained."""
    return [match.span("cue") for pattern in (_WHO, _LIKE, _WHY, _DOSED, _CAUSED) for match in pattern.finditer(text)]
