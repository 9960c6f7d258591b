"""The state of people before the one treatment of a study began and after it was stopped, where the text tells it.

Place in the flow: `arms.py` asks for the arms of these states, `arm_of.py` and `contrast_arms.py` for the places of a
sentence that speak of them.

    "Before treatment, proteinuria was 4.1 g/day."                            -> before treatment
    "Anaemia resolved within 9 weeks after A was stopped."                    -> off treatment
    "A was stopped in seven patients and their haematocrit rose to 0.40."     -> off treatment, behind "and"

Only of a study of one treatment: of several, "after discontinuation" still tells what each of them did. "At baseline"
and "from 5 to 3" stay with the treatment, as does what lasted "even after" it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.document import Part, Section
from pipeline.evidence import Arm, Attribution, Quote, Role
from pipeline.relate.numbers import COUNT
from pipeline.relate.view import SentenceView, without_brackets
from pipeline.tag.people import PEOPLE

BEFORE, OFF = "before treatment", "off treatment"

_FLAGS = re.IGNORECASE
_WHAT = r"(?:(?:the|this|study|drug)\s)*(?:treatment|therapy|medication|drugs?|regimen|Ð+)"
_BEFORE = re.compile(
    rf"(?<!than\s)(?<!with\s)(?<!versus\s)(?<!vs\s)(?<!values\s)(?<!levels\s)(?<!to\s)\b(?:before|prior to)\s(?:the\s)?"
    rf"(?:(?:start|initiation|institution|beginning)\sof\s)?{_WHAT}\b(?!\s(?:with|of)\s(?!Ð))",
    _FLAGS,
)
_ENDED = r"(?:stopped|discontinued|withdrawn|ceased|suspended)"
_ENDING = r"(?:discontinu(?:ation|ing)|withdrawal|withdrawing|cessation|stopping|suspension)"
# "after A was stopped and replaced by B" is a state on B.
_NO_OTHER = (
    r"(?!,?\s(?:and|or|with)\s(?:\w+ly\s)?(?:initiati\w+|start\w*|institut\w+|replac\w+|switch\w*|treat\w+|therapy|conver\w+"
    r"|substitut\w+|administration|introduc\w+|additi\w+))"
)
_STOPPED = re.compile(
    rf"(?<!even\s)\b(?:after|following|upon|on|with|by|once|when)\s(?:the\s)?(?:{_ENDING}\s(?:of\s)?{_WHAT}"
    rf"|{_WHAT}\s{_ENDING}|{_WHAT}\s(?:therapy\s|treatment\s)?(?:was|were|had been|is)\s(?:\w+ly\s)?{_ENDED})\b"
    rf"{_NO_OTHER}"
    rf"|(?<!even\s)\bafter\s(?:its\s)?discontinuation\b{_NO_OTHER}|^(?:the\s)?{_ENDING}\sof\s{_WHAT}\b{_NO_OTHER}",
    _FLAGS,
)
_STOPPED_AND = re.compile(
    rf"\b{_WHAT}\s(?:was|were|had to be|had been)\s(?:\w+ly\s)?{_ENDED}\s(?:in\s{COUNT}\s(?:{PEOPLE}\s)?)?and\s", _FLAGS
)
# Where what is said of another state begins or ends.
_ENDS = (
    r";\s|,?\s\b(?:but|whereas|while|which|however)\b|,\s(?:and\s)?(?=(?:rising|falling|returning|increasing|decreasing"
    r"|disappearing|reverting|improving|resolving|dropping|recovering)\b)|,?\sand\s(?=(?:was|were|it|they|then|after"
    r"|during|at|on|by|decreased|increased|fell|rose|returned|resolved|from|\d[\d.]*)\b)|\b(?:vs?\.?|versus|compared)\b"
)
_BOUNDS = {
    BEFORE: re.compile(rf"{_ENDS}|\s(?=(?:after|during|at the end)\b)|\sto\s(?=\d)", _FLAGS),
    OFF: re.compile(_ENDS, _FLAGS),
}
_OTHER_TIME = re.compile(
    r";\s|,?\s\b(?:but|whereas|while|which|however)\b|\b(?:vs?\.?|versus|compared)\b"
    r"|\s(?=(?:after|during|at the end)\b)|\sto\s(?=\d)",
    _FLAGS,
)


@dataclass(frozen=True, slots=True)
class OffSpan:
    """A stretch of a passage that speaks of one of the two states, named `state`."""

    state: str
    start: int
    end: int


def off_arms(arms: Sequence[Arm], tested: frozenset[str], own: Iterable[SentenceView]) -> list[Arm]:
    """The arms of these states, role background, where results speak of them: of a study of one treatment, `tested`."""
    told = [arm for arm in arms if arm.attribution is Attribution.OWN]
    compared = [arm for arm in told if arm.role not in (Role.BACKGROUND, Role.PREVIOUS)]
    if len(compared) != 1 or not tested or "placebo" in tested:
        return []
    found: dict[str, SentenceView] = {}
    for view in own:
        if view.part is not Part.TITLE and view.section not in (
            Section.BACKGROUND,
            Section.METHODS,
            Section.DISCUSSION,
        ):
            for span in off_spans(view, tested):
                found.setdefault(span.state, view)
    base = compared[0]
    rest = tuple(use for use in base.drugs if use.drug not in tested)
    return [
        replace(
            base, name=state, role=Role.BACKGROUND, drugs=rest, aliases=(),
            quote=Quote(view.passage, view.start, view.end, view.text),
        )
        for state, view in found.items()
    ]  # fmt: skip


def off_spans(view: SentenceView, tested: frozenset[str]) -> list[OffSpan]:
    """Where a sentence speaks of the state before or after the treatment with `tested`."""
    text = _plain(view, tested)
    found = [_around(view, text, match, BEFORE) for match in _BEFORE.finditer(text)]
    found += [_around(view, text, match, OFF) for match in _STOPPED.finditer(text)]
    for match in _STOPPED_AND.finditer(text):
        bound = _BOUNDS[OFF].search(text, match.end())
        found.append(OffSpan(OFF, view.start + match.end(), view.start + (bound.start() if bound else len(text))))
    return found


def _plain(view: SentenceView, tested: frozenset[str]) -> str:
    """The sentence, same length, with the name of the one drug tested as a word of its own letter, of others too."""
    letters = list(without_brackets(view.text))
    for drug in view.drugs:
        low, high = drug.start - view.start, drug.end - view.start
        letters[low:high] = ("Ð" if tested == {drug.name} else "Þ") * (high - low)
    return "".join(letters)


def _around(view: SentenceView, text: str, match: re.Match[str], state: str) -> OffSpan:
    """The clause of a phrase: from the last bound before it to the next behind it."""
    bounds = _BOUNDS[state] if match.start() else _OTHER_TIME  # "Before treatment, A and B were 4 and 60"
    low = max((bound.end() for bound in bounds.finditer(text) if bound.end() <= match.start()), default=0)
    after = bounds.search(text, match.end())
    return OffSpan(state, view.start + low, view.start + (after.start() if after else len(text)))


class OffStates:
    """Points from places of a sentence to the arms of these states."""

    def __init__(self, own: Sequence[Arm], compared: Sequence[Arm]) -> None:
        self._arms = {arm.name: arm for arm in own if arm.name in (BEFORE, OFF)}
        rest = {name for arm in self._arms.values() for name in arm.drug_names}
        self._tested = frozenset(name for arm in compared for name in arm.drug_names) - rest

    def at(self, view: SentenceView, start: int, end: int) -> str | None:
        """The arm of the state that `start:end` speaks of."""
        for span in off_spans(view, self._tested) if self._arms else ():
            if span.start <= start and end <= span.end and span.state in self._arms:
                return self._arms[span.state].arm_id
        return None
