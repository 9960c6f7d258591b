"""The noun phrase that names a number where no known outcome does: "FooBar (0.3 ± 0.1", "DNA was detected in 78%".

Place in the flow: asked by `outcome_of.py` for phrases that the tagger does not know. Only constructions that leave no
other reading are taken: a measure noun or a symbol directly before the number, or the subject of a verb of finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.evidence import Label
from pipeline.relate.findings import Finding
from pipeline.relate.view import SentenceView

_FLAGS = re.IGNORECASE
_SPREAD = r"(?:\s?(?:±|\+/[-−–]|\+\s?[-−–])\s?(?:SEM|SD|SE|S\.E\.M\.|S\.D\.))?"
# Nouns that need a number to say anything: the words before them say of what.
_MEASURE = re.compile(
    r"(?:\A|(?<=[\s(\[]))(?P<phrase>(?:(?!(?:the|a|an|and|or|of|in|with|mean|median|was|were|had|from|to|at|by|than|vs"
    r"|versus|lowest|highest|same|this|that|their|whose|for|on|as|initial|final)\s)[\w/%+-]+\s){1,4}"
    r"(?:scores?|index|indices|ratios?|slopes?|titers?|titres?|half-li(?:fe|ves)|clearances?|velocity|velocities))"
    + _SPREAD
    + r"\s?(?:was|were|of|=|:|[(\[]|,)?\s?\Z",
    _FLAGS,
)
# A symbol of mixed or capital letters before a bracket of values: "DeltaX (-0.3 ± 0.1 vs ...".
_SYMBOL = re.compile(
    r"(?:\A|(?<=\s))(?P<phrase>(?:[A-Z]*[a-z]+[A-Z][\w/-]*|[A-Z][A-Z0-9]*[A-Z]\w*))" + _SPREAD + r"\s[(\[]\s?\Z"
)
_SEEN = r"(?:detected|found|observed|seen|noted|identified|demonstrated|documented|present)"
_SEEN_IN = re.compile(
    r"(?:\A|[;:,.]\s|\b(?:and|that|whereas|while|but)\s)(?:the\s|an?\s)?(?P<phrase>(?:[\w/+-]+\s){1,6}?)"
    r"(?:was|were)\s(?:\w+ly\s|also\s)?" + _SEEN + r"\s(?:in|on)\s(?:only\s|about\s|approximately\s|nearly\s)?\Z",
    _FLAGS,
)
_WE_SAW = re.compile(
    r"\b(?:we|study|analysis|testing)\s(?:\w+ly\s|also\s)?(?:detected|found|observed|saw|noted|identified)\s(?:a\s|an\s)?(?:\d+\s)?"
    r"(?P<phrase>(?:(?!(?:that|no|the)\s)[\w/+-]+\s){1,4})in\s(?:only\s)?\Z",
    _FLAGS,
)
_NO_NOUN = re.compile(
    r"\b(?:patients?|subjects?|children|groups?|arms?|there|it|they|which|that|who|we|these|those|this|no|n"
    r"|differences?|changes?|increases?|decreases?|reductions?|improvements?|one|both|such|same|similar|latter|former)\b"
    r"|\d{2,}",
    _FLAGS,
)
# "in ABC (1.7 nM) and DEF (2.2 nM)": symbols after such a word are groups, unless it is an outcome that changed.
_OF_GROUP = re.compile(
    r"\b(?:in|for|among|than|with|versus|vs\.?|from)\s(?:the\s)?(?P<name>(?:[\w/+-]+\s){1,2})[(\[]", _FLAGS
)
_NO_SYMBOL = re.compile(r"[A-Z]{1,2}\Z|[A-Z]+s\Z|(?:SD|SEM|SE|CI|IQR|OR|RR|HR|NS|ITT|USA|UK)\Z")
_TAKEN = (Label.DRUG, Label.ARM, Label.DOSE, Label.TIMEPOINT, Label.CONDITION, Label.HISTOLOGY, Label.POPULATION)
_STOOD_BEFORE = re.compile(
    r"\b(?:after|from|since|before|until|following|at)\s(?:the\s)?(?:onset|time|diagnosis|development|occurrence"
    r"|start|appearance)\sof\s(?:the\s|their\s)?\Z",
    _FLAGS,
)


class Placed(Protocol):
    """An outcome phrase that is known, at its place."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase at `start:end` of its passage."""

    text: str
    start: int
    end: int


def nominal(view: SentenceView, finding: Finding, known: Iterable[Placed]) -> Phrase | None:
    """The phrase that alone can be what the number measures; None where the tagger knows one there, or none is safe."""
    known = tuple(known)
    outcomes = [(one.start, one.end) for one in known if one.kind in ("outcome", "word")]
    for phrase, label_free in _phrases(view, finding):
        if any(start < finding.start and phrase.start < end for start, end in outcomes):
            continue  # a known outcome stands in the phrase, or between it and the number
        if any(one.start < phrase.end <= one.end for one in known):
            continue  # the phrase is a known disease or lesion, which says more than its words
        if label_free and _is_group(view, finding, outcomes):
            continue
        taken = view.of(*_TAKEN) if label_free else view.of(Label.ARM, Label.POPULATION)
        if not any(one.start < phrase.end and phrase.start < one.end for one in taken):
            return phrase
    return None


def _is_group(view: SentenceView, finding: Finding, outcomes: Sequence[tuple[int, int]]) -> bool:
    """Whether the symbol before the number stands where the sentence names its groups."""
    for match in _OF_GROUP.finditer(view.between(view.start, finding.start)):
        low, high = view.start + match.start("name"), view.start + match.end("name")
        if not any(start < high and low < end for start, end in outcomes):
            return True
    return False


def is_dated_by(view: SentenceView, start: int) -> bool:
    """Whether words at `start` only date something: "survival after onset of uraemia"."""
    return bool(_STOOD_BEFORE.search(view.between(max(view.start, start - 60), start)))


def _phrases(view: SentenceView, finding: Finding) -> Iterator[tuple[Phrase, bool]]:
    """The candidates, and whether they must be free of names of drugs and diseases (a subject may hold one)."""
    before = view.between(view.start, finding.start)
    statistic = finding.statistic
    counted = statistic.events is not None or statistic.percent is not None
    if not counted and (match := _MEASURE.search(before)):
        yield _phrase(view, match), False
    if not counted and (match := _SYMBOL.search(before)) and not _NO_SYMBOL.match(match["phrase"]):
        yield _phrase(view, match), True
    for pattern in (_SEEN_IN, _WE_SAW) if counted else ():
        if (match := pattern.search(before)) and not _NO_NOUN.search(match["phrase"]):
            yield _phrase(view, match), False


def _phrase(view: SentenceView, match: re.Match[str]) -> Phrase:
    text = match["phrase"].rstrip()
    start = view.start + match.start("phrase")
    return Phrase(text, start, start + len(text))
