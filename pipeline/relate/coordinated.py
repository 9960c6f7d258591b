"""Items of a list that the tagger knows no outcome in: "lowered A, B and C" speaks of B as well where A or C is known.

Place in the flow: asked by `contrast_outcomes.py` once it knows what a direction word or a test speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.evidence import Label
from pipeline.relate.contrast import has_verb
from pipeline.relate.direction import find_cues
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.view import SentenceView, without_brackets
from pipeline.tag.people import PERSONS

_FLAGS = re.IGNORECASE
_FUNCTION = (
    r"in|with|to|for|at|on|by|from|after|before|during|between|among|than|versus|vs|against|within|throughout|through|over|under"
    r"|without|of|and|or|nor|but|was|were|is|are|be|been|being|had|has|have|did|do|does|that|which|who|whom|whose|when|while|whereas"
    r"|as|if|because|since|although|though|we|it|they|he|she|this|these|those|there|not|no|none|neither|either|the|an?|its|their|our"
    r"|both|all|each|other|also|only|even|except|including|such|per|into|upon|until|towards?|despite|via|using|compared|due|owing"
    r"|relative|may|might|could|can|should|would|will|more|most|less|least|then|thus|hence|respectively|so|up|down"
)
_ACTION = (
    r"rose|fell|changed|showed|shown?|occurred|remain(?:ed|s)?|became|achieved|developed|led|leads?|results?|resulted|caused?|causes"
    r"|received|reached|found|seen|noted|observed|reported|began|stopped|gave|given|took|taken|made|kept|died|got|underwent"
    r"|delays?|slows?|prevents?|retards?|preserves?|maintains?|produces?|induces?|provides?|appears?|seems?|tends?|exerts?|affects?"
    r"|influences?|attenuates?|controls?|protects?|restores?|stabili[sz]es?|correlates?|depends?|required|had|differ(?:s|ed)?|returned"
)
_WORD = rf"(?:(?!(?:{_FUNCTION}|{_ACTION}|\w+ly)\b(?!-))[\w/%+.'’&-]*\w)"
_NAME = rf"{_WORD}(?:\s+{_WORD}){{0,5}}"
_ITEM = rf"{_NAME}(?:\s+of\s+(?:the\s+)?{_NAME})?"
_LEAD = r"(?:(?:in|on|of|the|an?|other|its|their|both|mean|to)\s+)*"
_JOIN = r"(?:\s*,\s+(?:and|or|nor|as\swell\sas)\s+|\s*,\s+|\s+(?:and|or|nor|as\swell\sas)\s+)"
_CHAIN = re.compile(rf"(?<![\w-]){_ITEM}(?:{_JOIN}{_LEAD}{_ITEM})+", _FLAGS)
_BREAK = re.compile(_JOIN + _LEAD, _FLAGS)
_LAST = re.compile(r"\b(?:and|or|nor|as\swell\sas)\s", _FLAGS)
# What may follow the last item; a verb is that of the whole list if the list began its clause.
_ENDS = re.compile(
    r"\s*(?:\Z|[.,;:]|and\s+(?:(?:an?|the|\w+ly|also)\s+)*[|~]"
    r"|(?:in|with|to|for|at|on|by|from|after|before|during|between|among|than|versus|vs|as|when|while"
    r"|whereas|but|compared|over|throughout|within|without|despite|relative|respectively|via|through|under|using)\b)",
    _FLAGS,
)
_HAS_VERB = re.compile(
    r"\s+(?:(?:\w+ly|also|both|all)\s+)*(?:was|were|is|are|had|has|have|did|do|does|remain\w*|occurred|[|~]+(?!\s(?:in|of)\b))",
    _FLAGS,
)
_NO_ITEM = re.compile(
    rf"\b(?:{PERSONS}|groups?|arms?|rats?|mice|animals?|cases?|controls?|placebo|treatments?|therap(?:y|ies)|drugs?|agents?|regimens?"
    r"|doses?|dosages?|studies|study|trials?|others?|results?|data|findings|SEM|SD|SE|CI|Hg|dl|weeks?|months?|years?|days?|hours?|h|min|mg|kg|ml|use|time"
    r"|administration|baseline|entry|follow-up|effects?|changes?|differences?|treated)\Z"
    r"|\A[\d.,±-]+\s"
    r"|\A(?:however|moreover|furthermore|overall|conversely|similarly|finally|first|second|compared|treatment|patients|therapy)\b"
    r"|\A(?!(?:estimated|calculated|corrected|combined|integrated|glycated|glycosylated|impaired)\b)[\w-]+ed\b|\b[\w-]+ed\Z"
    r"|\A(?!(?:fasting|resting|bleeding|swelling|vomiting|wheezing|scarring)\b)\w+ing\b",
    _FLAGS,
)
# One word that only describes the next item's noun: "clinical and laboratory signs".
_MODIFIER = re.compile(
    r"(?:\w+(?:al|ic|ive|ary|ous|ar|ing|ed|ble|less)|serum|plasma|urine|urinary|blood|liver|kidney|heart|total|mean|overall|early|late"
    r"|acute|short|long|left|right|high|low|whole|free|severe|mild|simple|significant|transient|persistent|subsequent|apparent|recurrent|concomitant|middle|daily|weekly|monthly|basal|maximum|minimum)(?<!interval)(?<!survival)",
    _FLAGS,
)
# "the frequency and severity of X": half of a phrase.
_HOW = re.compile(
    r"(?:mean\s)?(?:incidences?|frequenc(?:y|ies)|severit(?:y|ies)|numbers?|levels?|percentages?|rates?|duration|amounts?|degree|extent"
    r"|onset|size|diameter|intensity|prevalence|quality|risk|values?|hand|contrast|addition|conclusion|summary|fact|particular)",
    _FLAGS,
)
_HOW_OF = re.compile(_HOW.pattern + r"\sof\s", _FLAGS)
_MEASURED = re.compile(
    r"\b(?:survivals?|rates?|levels?|concentrations?|activit(?:y|ies)|excretion|clearance|exposure|requirements?|doses?|dosages?|expression|secretion|responses?)\Z",
    _FLAGS,
)
_OBJECT_OF = re.compile(r"~s?\s+(?:\w+\s+){0,2}?(?:in|of|on|to|for)\s+(?:(?:the|mean|both|serum|plasma)\s+)*\Z", _FLAGS)
_PREPOSITION = re.compile(
    r"\b(?:in|with|to|for|at|on|by|from|after|before|during|between|among|than|versus|vs|of|under|as|was|were|is|are)\s+"
    r"(?:(?:the|an?|all|both|other)\s+)*\Z",
    _FLAGS,
)
# Direction words that are nouns: what they are of follows with a preposition.
_NOUN = re.compile(
    r"(?:.*\b)?(?:increase|decrease|rise|fall|reduction|decline|improvement|difference|change|drop|worsening|effect|loss|gain"
    r"|variation|alteration|influence|elevation|deterioration)s?\Z",
    _FLAGS,
)
_LONGEST = 40  # joins of a list; what is longer is no sentence
_OF_PEOPLE = 3.0  # cost of words that say who was treated
_TAKEN = (Label.DRUG, Label.ARM, Label.POPULATION, Label.TIMEPOINT, Label.DOSE)


def completed(
    view: SentenceView, span: tuple[int, int], group: Sequence[Outcome], options: Sequence[Outcome]
) -> list[Outcome]:
    """`group` with the other items of the list that it stands in, in text order; `span` (passage offsets) bounds it."""
    if not group:
        return []
    piece = _Piece(view, span[0], _marked(view, span, options), options)
    for items in _lists(piece.text):
        placed = [(span[0] + start, span[0] + end) for start, end in items]
        if any(start < one.end and one.start < end for start, end in placed for one in group):
            runs = piece.runs(placed, group)
            return next((_whole(group, run) for run in runs if any(one in group for one in run)), list(group))
    return list(group)


def is_modifier(words: str) -> bool:
    """Whether a word only describes the noun of another item: "daily and total intake"."""
    return bool(_MODIFIER.fullmatch(words))


def is_measured(words: str) -> bool:
    """Whether the last word says how much there was of something: "plasma drug levels"."""
    return bool(_MEASURED.search(words))


def _marked(view: SentenceView, span: tuple[int, int], options: Sequence[Outcome]) -> str:
    """The text without brackets, direction words blotted out (nouns as "~", verbs as "|"); offsets kept."""
    low, high = span
    letters = list(without_brackets(view.between(low, high)))
    for cue in find_cues("".join(letters)):
        sign = "~" if _NOUN.match(cue.text) else "|"
        start, end = low + cue.start, low + cue.end
        if not any(one.start <= start and end <= one.end for one in options):
            letters[cue.start : cue.end] = sign * (cue.end - cue.start)
    return "".join(letters)


def _lists(text: str) -> Iterator[list[tuple[int, int]]]:
    """The items of every list "A, B and C" of the text."""
    for match in _CHAIN.finditer(text):
        breaks = list(_BREAK.finditer(text, match.start(), match.end()))
        last = max((at for at, one in enumerate(breaks) if _LAST.search(one.group())), default=-1)
        if 0 <= last < _LONGEST:
            starts = [match.start(), *(one.end() for one in breaks)]
            ends = [*(one.start() for one in breaks), match.end()]
            yield list(zip(starts, ends, strict=True))[: last + 2]


def _whole(group: Sequence[Outcome], run: Sequence[Outcome]) -> list[Outcome]:
    whole = sorted({one.start: one for one in [*run, *group]}.values(), key=lambda one: one.start)
    return [one for one, after in pairwise([*whole, None]) if one and (after is None or after.start >= one.end)]


@dataclass(frozen=True, slots=True)
class _Piece:
    """The piece of a sentence that begins at `low`, as `_marked` writes it, and the outcomes known in it."""

    view: SentenceView
    low: int
    text: str
    options: Sequence[Outcome]

    def runs(self, placed: Sequence[tuple[int, int]], group: Sequence[Outcome]) -> list[list[Outcome]]:
        """The items as outcomes, in runs that are parted by what can be none."""
        found: list[list[Outcome]] = [[]]
        for at, (start, end) in enumerate(placed):
            one = next((known for known in group if known.start < end and start < known.end), None)
            if one is None and (at + 1 < len(placed) or self._may_end(placed[0][0], end)):
                one = self._item(start, end)
            if one is None:
                found.append([])
            else:
                found[-1].append(one)
        return found

    def _item(self, start: int, end: int) -> Outcome | None:
        """An item of a list: the outcome known there, else its words, if they may name one."""
        before = self.text[: start - self.low]
        if _PREPOSITION.search(before) and not _OBJECT_OF.search(before):
            return None
        if self.text[end - self.low :].lstrip()[:1] == "~":
            return None  # "A and a compensatory increase": it only describes the increase
        known = next((one for one in self.options if one.start < end and start < one.end), None)
        if known is not None and known.cost >= _OF_PEOPLE:
            return None
        if known is not None and known.end >= end and not _HOW_OF.match(self.view.between(start, known.start)):
            return known
        words = self.view.between(start, end).strip(" .")
        end = start + len(words)
        if not re.search(r"[A-Za-z]{2}", words) or _NO_ITEM.search(words):
            return None
        if _MODIFIER.fullmatch(re.split(r"\sof\s(?:the\s)?", words)[-1]) or _HOW.fullmatch(words):
            return None
        taken = [one for one in self.view.of(*_TAKEN) if one.start < end and start < one.end]
        if any(one.end >= end or not is_measured(words) for one in taken):
            return None
        return Outcome(words, start, end, None, 2.0)

    def _may_end(self, first: int, end: int) -> bool:
        """Whether a list may end here: not where the last item is the subject of a clause of its own."""
        rest = self.text[end - self.low :]
        if _HAS_VERB.match(rest):
            before = self.text[: first - self.low]
            return "|" not in before and not has_verb(before)
        return bool(_ENDS.match(rest))
