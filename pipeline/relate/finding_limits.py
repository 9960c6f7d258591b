"""Which numbers can be no findings, by where they stand: doses, dates, sizes of the study, parts of a name.

Place in the flow: asked by `findings.py` for every number of a sentence.
"""

from __future__ import annotations

import re

from pipeline.document import Section
from pipeline.evidence import Label, Mention, Statistic
from pipeline.relate.finding_words import DESIGN, EVERYBODY, FLAGS, FOLLOW_UP, LISTED, TIME_OUTCOME
from pipeline.relate.view import SentenceView


def is_everybody(before: str, after: str) -> bool:
    """Whether "all 27 patients" are those treated, or those something was done to ("review of all our 27 patients")."""
    return bool(EVERYBODY.match(after)) or bool(re.search(r"\b(?:of|to|for)\s\Z", before) and DESIGN.search(before))


def is_listed_effect(view: SentenceView, mention: Mention, statistics: list[Mention]) -> bool:
    """ "odds ratios of 2.6, 2.2 and 1.6": the numbers listed after an effect are effects."""
    index = statistics.index(mention)
    while index:
        before, here = statistics[index - 1], statistics[index]
        if here.statistic is None or here.statistic.unit is not None:
            return False
        if not LISTED.fullmatch(view.between(before.end, here.start)):
            return False
        if before.statistic and before.statistic.kind == "effect":
            return True
        index -= 1
    return False


def is_covered(view: SentenceView, mention: Mention) -> bool:
    """Inside a dose, a time phrase or the name of an outcome."""
    for other in view.mentions:
        if other.start >= mention.end or mention.start >= other.end:
            continue
        if other.label is Label.DOSE and not (
            mention.statistic and has_spread(mention.statistic) and "±" in _plus_minus(mention.text)
        ):
            return True
        if (
            other.label in (Label.OUTCOME, Label.CONDITION, Label.HISTOLOGY, Label.DRUG)
            and other.end - other.start > mention.end - mention.start
        ):
            return True
    return False


def _plus_minus(text: str) -> str:
    return re.sub(r"\+\s?/?\s?[-−–]", "±", text)


def has_spread(statistic: Statistic) -> bool:
    return any(number is not None for number in (statistic.sd, statistic.se, statistic.low, statistic.high))


def is_time_finding(view: SentenceView, mention: Mention, before: str) -> bool:
    """A span of time that was measured (time to relapse, age), not one that dates something."""
    statistic = mention.statistic
    if statistic is None or statistic.operator:
        return False
    spread = statistic.sd is not None
    after = view.text[mention.end - view.start :]
    if view.section is Section.CONCLUSION and not spread:
        return False  # "in children aged 10-16 years": who the conclusion is about
    if re.search(r"\b(?:end|minimum|maximum|period|total) of\s\Z", before, FLAGS):
        return spread
    if re.match(r"^\s?(?:after|before|later|post|following|prior|of (?:treatment|therapy|follow))", after, FLAGS):
        return spread
    if re.search(r"\b(?:at|after|by|within|until|for|over|through|during|to)\s\Z", before, FLAGS):
        return spread
    clause = re.split(r"[;:]|,\s(?:and|but)\s", before)[-1]
    measured = max((match.end() for match in TIME_OUTCOME.finditer(clause[-110:])), default=-1)
    followed = max((match.end() for match in FOLLOW_UP.finditer(clause[-110:])), default=-1)
    if followed > measured:
        return False
    if view.section is Section.METHODS and statistic.measure is None and statistic.low is None:
        return spread
    return spread or measured > followed
