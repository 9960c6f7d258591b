"""How far the phrase of an outcome reaches, and where a mention of one is no outcome of the sentence's numbers.

Place in the flow: asked by `outcome_of.candidates` for every mention that may be measured.
"""

from __future__ import annotations

import re

from pipeline.evidence import Label, Mention
from pipeline.relate.view import SentenceView
from pipeline.tag.people import PEOPLE, PERSONS

# Nouns that say how something is measured, not what: the words after "of" say it.
_HOW = re.compile(
    r"(?:(?:mean|median|serum|plasma|urinary|urine|blood|total|circulating|relative|absolute)\s)*"
    r"(?:levels?|values?|concentrations?|scores?|incidences?|prevalence|frequency|frequencies|percentages?|proportions?"
    r"|amounts?|numbers?|counts?|severity)",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(
    rf"\sof\s(?:the\s|an?\s)?(?P<what>(?!{PEOPLE}|those\b"
    r"|both\b|all\b|these\b|\d)[A-Za-zα-ωΔ][\w()/+-]*(?:\s(?!(?:in|was|were|and|or|at|from|to|for|with|between"
    r"|among|by|after|on|of|had|is|are|as|did|than|during|per|decreased|increased|declined|remained|showed|within|over|taken|measured"
    r"|under|before|that|which|who|while|but)\b)[A-Za-zα-ω][\w/+-]*){0,3})",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(?:\A|(?<=[\s(\[]))[\w,-]*\([\w,-]{1,8}\)-?\Z")  # the head of "25(OH)D3 levels"
_PER = re.compile(r"\d\s?(?:[µμmnpf]?(?:g|mol|IU|U|L|l))\s?/\s?(?:[µμmnp]?(?:g|mol)\s?)?\Z")
_ASIDE = re.compile(
    r"\b(?:including|such as|e\.g\.,?|for example)\s(?:[\w,/-]+\s){0,6}\Z"
    r"|\b(?:mainly|mostly|primarily|largely|predominantly|chiefly)\s(?:from|due to|because of|owing to|as)\s"
    r"(?:[\w/-]+\s){0,3}\Z"
    r"|\b(?:among|(?:as|of) a (?:percentage|proportion) of)\s(?:[\w/-]+\s){0,6}\Z"
)
_FREQUENT = re.compile(
    r"\bmost (?:common|frequent|prevalent|commonly|frequently)(?:ly)?\s(?:\w+\s){0,2}\Z", re.IGNORECASE
)
_PEOPLE_AFTER = re.compile(rf"^\s?(?:{PERSONS}|cases\b|groups?\b)", re.IGNORECASE)
_POPULATION = re.compile(
    rf"\b(?:\d+|{PERSONS}|cases|those|subgroups?|subsets?|categor(?:y|ies)|strat(?:um|a))\s(?:\w+\s)?"
    r"(?:with(?:out)?|having|who had)\s(?:[\w-]+\s){0,4}\Z",
    re.IGNORECASE,
)
# "for MAP > 100 mmHg", "with a GFR below 30": who is spoken of.
_LIMIT = re.compile(
    r"\s?(?:levels?\s|values?\s)?(?:[<>≤≥]|(?:of\s)?(?:less|more|greater|lower|higher) than\s|above\s|below\s)"
    r"\s?(?:or\s=\s)?\d"
)
_LIMITED = re.compile(r"\b(?:for|at|if|when|having|whose)\s(?:an?\s)?(?:[\w-]+\s){0,2}\Z", re.IGNORECASE)
_PERSONS = re.compile(r"\b(?:non-?)?(?:responders|survivors|relapsers)\Z", re.IGNORECASE)
_IN_THEM = re.compile(r"\b(?:in|among)\s(?:[\w-]+\s){0,3}\Z", re.IGNORECASE)


def widened(view: SentenceView, mention: Mention) -> tuple[str, int, int]:
    """Text, start and end of the whole phrase: "levels" → "levels of vitamin D", "D3 levels" → "25(OH)D3 levels"."""
    start, end = mention.start, mention.end
    if match := _GLUED.search(view.between(max(view.start, start - 15), start)):
        start -= len(match.group())
    if _HOW.fullmatch(mention.text) and (match := _OF_WHAT.match(view.between(end, view.end))):
        low, high = end + match.start("what"), end + match.end("what")
        if not any(one.start < high and low < one.end for one in view.of(Label.ARM, Label.POPULATION)):
            end = high
    return (view.between(start, end), start, end) if (start, end) != (mention.start, mention.end) else (
        mention.text, start, end
    )  # fmt: skip


def is_in_unit(view: SentenceView, mention: Mention) -> bool:
    """Whether the mention is part of a unit: the creatinine of "23 pg/mg Cr"."""
    return _PER.search(view.between(max(view.start, mention.start - 20), mention.start)) is not None


def is_aside(view: SentenceView, mention: Mention) -> float:
    """The cost of what only illustrates or bounds the outcome: "infections, including X", "B cells among lymphocytes",
    "the most common adverse event was Y".
    """
    before = view.between(max(view.start, mention.start - 60), mention.start)
    if _FREQUENT.search(before):
        return 6.0
    return 3.0 if _ASIDE.search(before) else 0.0


def is_population(view: SentenceView, mention: Mention) -> bool:
    """ "children with SDNS", "SDNS patients": words that say who was treated, not what was measured."""
    before, after = view.text[: mention.start - view.start], view.text[mention.end - view.start :]
    is_limit = _LIMIT.match(after) and _LIMITED.search(before)
    return bool(_POPULATION.search(before) or _PEOPLE_AFTER.match(after) or is_limit)


def is_people(word: str, before: str) -> bool:
    """ "in the A-treated responders": people called by an outcome are not what was measured in them."""
    return _PERSONS.search(word) is not None and _IN_THEM.search(before) is not None
