"""Pairs of numbers in sentences that may answer a question: "12 ± 3 in the A group and 19 ± 4 in the B group".

Place in the flow: beside `ico_candidates`; asked by `ico`. Which number belongs to which group is read by
`ico_numbers`; here are the sentences that speak of the outcome, two neighbouring sentences with one group each, and
"none in either group".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.ask.ico_kinds import restriction_features
from pipeline.ask.ico_mentions import Mentions, mentions_of
from pipeline.ask.ico_numbers import Number, Reader, Reading, numbers_by_kind, printed
from pipeline.ask.ico_paper import IcoPaper, Sentence
from pipeline.ask.ico_records import Pair, Place, Printed, Question
from pipeline.ask.ico_terms import Terms, tokens
from pipeline.document import Part
from pipeline.relate.table_times import CHANGE, WANTS_CHANGE, all_days_in, is_baseline, same_time
from pipeline.relate.table_values import CellValue

_NOBODY = re.compile(
    r"\b(?:no|none of|neither|nobody|without(?: any)?|not any|free (?:of|from))\b(?! (?:longer|more|other|evidence))"
    r"[^.;]{0,90}",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:either|both|any|neither|each)\b[^.]{0,30}\b(?:groups?|arms?)|all (?:groups|patients)"
    r"|between (?:the )?(?:two )?groups",
    re.IGNORECASE,
)
_SIGNIFICANCE = re.compile(r"\b(?:significan|differ|relevant|correlat|associat|effect of|interact|change)", re.I)
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_COMPARED = re.compile(
    r"\bv(?:ersu)?s\b|\bcompared (?:with|to)\b|\bthan\b|\band\b|\bwhile\b|\bwhereas\b|\bagainst\b", re.IGNORECASE
)
_FAR = 140
_WEEK = 7.0  # days
_ALIKE = 0.4
_LEAST_OUTCOME = 0.34
_TOLD = {"words": 0.5, "list": 0.5, "each": 0.4, "two": 0.3, "named": 0.3, "one": 0.1}
MAX_PAIRS = 60


def sentence_pairs(paper: IcoPaper, question: Question) -> list[Pair]:
    """Every pair of numbers of a sentence, or of two neighbours, that names the outcome or whose neighbour does."""
    pairs: list[Pair] = []
    last: tuple[Sentence, Mentions, float] | None = None
    for sentence in paper.sentences:
        if not re.search(r"\d|\bno\b|\bnone\b|\bneither\b|\bwithout\b", sentence.text, re.IGNORECASE):
            last = None
            continue
        here, best = _outcome(paper, question, sentence)
        if best < _LEAST_OUTCOME and not (last and last[2] >= _LEAST_OUTCOME and last[0].passage == sentence.passage):
            last = None
            continue
        mentions = mentions_of(paper, question, sentence.text)
        made = []
        if best >= _LEAST_OUTCOME:
            made += [*_numbers(paper, question, sentence, mentions)]
            made += [*_nobody(paper.terms, question.outcome, sentence, mentions)]
        if last is not None and last[0].passage == sentence.passage:
            made += [*_two(paper, question, last[:2], (sentence, mentions))]
            best = max(best, last[2])
        for pair in made:
            pair.features |= _context(paper, question, sentence)
            pair.features |= {
                "sentence": 1.0,
                "sentence_outcome": here if "sentence_two" not in pair.features else max(here, best),
                "sentence_before": float(best > here),
            }
            pair.score = 0.25 + 1.1 * best + pair.features.get("sentence_told", 0.0)
            pairs.append(pair)
        last = (sentence, mentions, _outcome(paper, question, sentence)[1])
    pairs.sort(key=lambda pair: -pair.score)
    return pairs[:MAX_PAIRS]


def _outcome(paper: IcoPaper, question: Question, sentence: Sentence) -> tuple[float, float]:
    """How well the sentence names the outcome, alone and with the one before it."""
    terms, outcome = paper.terms, question.outcome
    here = terms.covered(outcome, sentence.text)
    wide = terms.covered(terms.expand(outcome), terms.expand(sentence.text))
    before = 0.7 * terms.covered(outcome, f"{sentence.before} {sentence.text}")
    return max(here, wide), max(here, wide, before)


def _context(paper: IcoPaper, question: Question, sentence: Sentence) -> dict[str, float]:
    is_base, wants_base = is_baseline(sentence.text), is_baseline(question.outcome)
    is_change, wants = bool(CHANGE.search(sentence.text)), bool(WANTS_CHANGE.search(question.outcome))
    return {
        "sentence_abstract": float(sentence.part is Part.ABSTRACT),
        "base_wrong": float(is_base != wants_base),
        "change_wanted": float(is_change and wants),
        "change_unwanted": float(is_change and not wants),
        "sentence_figure": float(bool(re.search(r"\bfig", sentence.text, re.IGNORECASE))),
    }


def _numbers(paper: IcoPaper, question: Question, sentence: Sentence, mentions: Mentions) -> Iterator[Pair]:
    for kind, numbers in numbers_by_kind(sentence.text).items():
        for reading in Reader(sentence.text, mentions, numbers, paper.terms, question.outcome).readings():
            pair = _pair(sentence, reading, kind, len(numbers))
            pair.features |= _near(paper, question, sentence.text, reading, numbers)
            yield pair


def _pair(sentence: Sentence, reading: Reading, kind: str, count: int) -> Pair:
    one, two = reading.first, reading.second
    low, high = min(one.end, two.end), max(one.start, two.start)
    between = sentence.text[low:high]
    a = one.value
    features = {
        **reading.features,
        f"sentence_{reading.how}": 1.0,
        "sentence_told": _TOLD[reading.how],
        "sentence_gap": min(1.5, len(between) / _FAR),
        "sentence_many": float(count > 2),
        "sentence_respectively": float(bool(_RESPECTIVELY.search(sentence.text[high:]))),
        "sentence_compared": float(bool(_COMPARED.search(between))),
        f"sentence_{kind}": 1.0,
        f"kind_{a.kind}": 1.0,
        "kinds_differ": float(a.kind != two.value.kind),
        "has_spread": float(a.sd is not None or a.se is not None or a.spread == "CI"),
    }
    return Pair(printed(sentence, one), printed(sentence, two), None, sentence.text, features)


def _near(paper: IcoPaper, question: Question, text: str, reading: Reading, numbers: list[Number]) -> dict[str, float]:
    """What stands between the numbers before and behind the two: the outcome's words, another time."""
    low, high = min(reading.first.start, reading.second.start), max(reading.first.end, reading.second.end)
    start = max((n.end for n in numbers if n.end <= low), default=0)
    end = min((n.start for n in numbers if n.start >= high), default=len(text))
    near = text[start:end]
    limits = restriction_features(question.outcome, near)
    return {
        **{name: value for name, value in limits.items() if name != "unrestricted"},
        **_times(question.outcome, near, text),
        "near_outcome": paper.terms.covered(question.outcome, near),
        "near_full": float(paper.terms.covered(question.outcome, near) > 0.97),
    }


def _times(outcome: str, near: str, sentence: str) -> dict[str, float]:
    """Whether the time beside the numbers, or else the sentence's, is the one asked for."""
    asked = all_days_in(outcome)
    own = all_days_in(near) or all_days_in(sentence)
    if not asked or not own:
        return {}
    is_asked = any(same_time(one, other) for one in asked for other in own)
    far = not is_asked and min(*asked, *own) >= _WEEK
    return {"time_asked": float(is_asked), "time_other": float(not is_asked), "time_far": float(far)}


def _two(
    paper: IcoPaper, question: Question, before: tuple[Sentence, Mentions], here: tuple[Sentence, Mentions]
) -> Iterator[Pair]:
    """Numbers at the same place of two sentences that speak of one group each."""
    sides = [(bool(mentions.intervention), bool(mentions.comparator)) for _, mentions in (before, here)]
    if sides not in ([(True, False), (False, True)], [(False, True), (True, False)]):
        return
    first, second = before[0], here[0]
    mine, theirs = numbers_by_kind(first.text), numbers_by_kind(second.text)
    words = set(tokens(first.text)), set(tokens(second.text))
    alike = len(words[0] & words[1]) / max(1, min(len(words[0]), len(words[1])))
    for kind in mine.keys() & theirs.keys():
        count = len(mine[kind])
        if count != len(theirs[kind]) or (kind == "value" and alike < _ALIKE):
            continue
        reader = Reader(first.text, before[1], mine[kind], paper.terms, question.outcome)
        for position, (one, two) in enumerate(zip(mine[kind], theirs[kind], strict=True)):
            a, b = printed(first, one), printed(second, two)
            if not sides[0][0]:
                a, b = b, a
            features = {
                "sentence_two": 1.0,
                "two_alike": alike,
                "list_match": reader.item_match(range(count), range(count), position),
                "list_long": float(count > 1),
                "sentence_told": _TOLD["two"],
                "sentence_many": float(count > 1),
                f"sentence_{kind}": 1.0,
                f"kind_{one.value.kind}": 1.0,
                "kinds_differ": float(one.value.kind != two.value.kind),
            }
            yield Pair(a, b, None, f"{first.text} {second.text}", features)


def _nobody(terms: Terms, outcome: str, sentence: Sentence, groups: Mentions) -> Iterator[Pair]:
    """Zero events in both groups."""
    match = next((found for found in _NOBODY.finditer(sentence.text) if terms.covered(outcome, found[0]) >= 0.45), None)
    if match is None or _SIGNIFICANCE.search(match[0]):
        return
    both = bool(_BOTH.search(sentence.text)) or bool(groups.intervention and groups.comparator)
    value = CellValue(match[0], "zero", events=0.0)
    place = Place(sentence.passage, sentence.start + match.start(), sentence.start + match.end(), match[0])
    features = {"sentence_nobody": 1.0, "sentence_both": float(both), "kind_zero": 1.0, "sentence_told": 0.4 * both}
    if re.search(r"\d", sentence.text):
        features["sentence_nobody_digits"] = 1.0
    yield Pair(Printed(value, place), Printed(value, place), None, sentence.text, features)
