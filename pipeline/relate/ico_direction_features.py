"""What the words of one sentence or row say about an outcome between two arms, as names of features.

Place in the flow: between `ico_evidence.py`, which finds the sentences, and `ico_direction.py`, which weighs the names.
The mentions of intervention, comparator and outcome become INT, CMP and OUT, so that what is learned carries over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.evidence import Direction, Statistic
from pipeline.relate.direction import find_cues, polar
from pipeline.relate.ico_evidence import Question, stems
from pipeline.tag.statistic import find_statistics

_TOKEN = re.compile(r"\d+(?:[.,·]\d+)*|[^\W\d_]+(?:-[^\W\d_]+)*|[^\s\w]")
_CONTROL = re.compile(r"(?:controls?|placebo|sham|usual|standard|conventional|saline|vehicle|untreated|comparator)\Z")
_ACTIVE = re.compile(r"(?:interventions?|treatment|experimental|active|treated)\Z")
_CLAUSE = re.compile(r";|\.\s|,?\s(?:but|whereas|while|although|however|though)\s")
_CUE = {Direction.INCREASED: "UP", Direction.DECREASED: "DOWN", Direction.NO_DIFFERENCE: "SAME"}
_KEPT = frozenset("than compared between in versus vs both and or not no with from respectively significantly".split())
_RATIO = re.compile(r"ratio|\b(?:OR|RR|HR)\b", re.IGNORECASE)
_FIGURE = re.compile(r"(?<![\w.])[-−–]?\d+(?:[.·]\d+)?(?!\w)")
_ROLES = frozenset(("INT", "CMP", "OUT"))


@dataclass(frozen=True, slots=True)
class Words:
    """The stems that stand for each part of a question; those of both arms stand for neither."""

    intervention: frozenset[str]
    comparator: frozenset[str]
    outcome: frozenset[str]
    question: Question
    control_is_comparator: bool


def words_of(question: Question) -> Words:
    """Stems of a question whose short forms are written out."""
    arms = [frozenset(stems(one)) for one in (question.intervention, question.comparator)]
    outcome = frozenset(stems(question.outcome))
    control = any(_CONTROL.match(word) for word in re.findall(r"[a-z]+", question.comparator.lower()))
    other = any(_CONTROL.match(word) for word in re.findall(r"[a-z]+", question.intervention.lower()))
    return Words(arms[0] - arms[1], arms[1] - arms[0], outcome, question, control or not other)


def feature_names(text: str, words: Words) -> set[str]:
    """Names of all features of a unit."""
    names = set(_of_piece(text, words, "s"))
    clauses = _clauses(text)
    if len(clauses) > 1:
        best = max(clauses, key=lambda clause: (len(words.outcome & set(stems(clause))), -len(clause)))
        names.update(_of_piece(best, words, "c"))
    else:
        names.update("c" + name[1:] for name in list(names))
    return names


def _clauses(text: str) -> list[str]:
    return [piece for piece in _CLAUSE.split(text) if len(piece) > 15] or [text]


def _of_piece(text: str, words: Words, prefix: str) -> Iterator[str]:
    replaced, marks = _mark_statistics(text)
    tokens = list(_tokens(replaced, words))
    skeleton = [token for token in tokens if token.isupper() or token in _KEPT]
    for name in _grams(tokens, 3):
        yield f"{prefix}:{name}"
    for name in _grams(skeleton, 4):
        yield f"{prefix}k:{name}"
    core = [token for token in skeleton if token not in _KEPT]
    for name in _grams(core, 4):
        yield f"{prefix}o:{name}"
    for mark in sorted(marks):
        yield f"{prefix}m:{mark}"
    yield f"{prefix}M:{'+'.join(sorted(marks))}"
    yield from (f"{prefix}{name}" for name in _near_outcome(core))
    way = _figures(replaced, tokens)
    if way:
        yield f"{prefix}f:{way}"
        for mark in sorted({"PSIG", "PNOT", "PTREND"} & marks) or ["NOP"]:
            yield f"{prefix}f:{way}:{mark}"
    cues = {token for token in core if token in _CUE.values()}
    order = "".join(token[0] for token in dict.fromkeys(core) if token in ("INT", "CMP"))
    for cue in sorted(cues):
        for mark in sorted(marks & {"PSIG", "PNOT"}) or ["NOP"]:
            yield f"{prefix}x:{cue}:{order}:{mark}"
    yield f"{prefix}y:{'+'.join(sorted(cues))}:{order}"


def _near_outcome(core: Sequence[str]) -> Iterator[str]:
    """What follows and comes before each mention of the outcome."""
    for place, token in enumerate(core):
        if token != "OUT":  # noqa: S105
            continue
        after = [one for one in core[place + 1 : place + 6] if one != "OUT"]
        before = [one for one in core[max(0, place - 4) : place] if one != "OUT"]
        yield from (f"n:after:{one}" for one in after[:3])
        yield from (f"n:before:{one}" for one in before[-2:])
        yield f"n:first:{after[0] if after else '-'}:{before[-1] if before else '-'}"
        significance = next((one for one in after if one.startswith("P")), None)
        if significance:
            yield f"n:p:{significance}"


def _mark_statistics(text: str) -> tuple[str, set[str]]:
    """The text with p values and intervals replaced by what they say, and the marks themselves."""
    marks: set[str] = set()
    pieces, done = [], 0
    for found in sorted(find_statistics(text), key=lambda one: one.start):
        mark = _mark(found.statistic) if found.statistic else None
        if mark is None or found.start < done:
            continue
        marks.add(mark)
        pieces += [text[done : found.start], f" {mark} "]
        done = found.end
    return "".join(pieces) + text[done:], marks


def _mark(statistic: Statistic) -> str | None:
    if statistic.kind == "p":
        return _p_mark(statistic)
    value, low, high = statistic.value, statistic.low, statistic.high
    if statistic.kind != "effect" or low is None or high is None:
        return None
    nothing = 1.0 if _RATIO.search(statistic.effect_measure or "") else 0.0
    if low > nothing or high < nothing:
        return "CIUP" if (value if value is not None else low) > nothing else "CIDOWN"
    return "CINOT"


def _p_mark(statistic: Statistic) -> str | None:
    value = statistic.value
    if value is None:
        return None
    if statistic.operator in (">", "≥"):
        return "PNOT" if value >= 0.01 else None
    if value <= 0.05:
        return "PSIG"
    return "PTREND" if value < 0.1 else "PNOT"


def _tokens(text: str, words: Words) -> Iterator[str]:
    """Words in lower case with roles and cues put in their place; a repeated role counts once."""
    cues = {cue.start: cue for cue in find_cues(text)}
    last, skip = "", 0
    for match in _TOKEN.finditer(text):
        if match.start() in cues:
            cue = cues[match.start()]
            yield _CUE[polar(cue, words.question.outcome)]
            skip = cue.end
        if match.start() < skip:
            yield match.group().lower()
            last = ""
            continue
        token = _role(match.group(), words)
        if token in _ROLES and token == last:
            continue
        yield token
        last = token


def _role(token: str, words: Words) -> str:
    if token in ("PSIG", "PNOT", "PTREND", "CIUP", "CIDOWN", "CINOT"):
        return token
    if token[0].isdigit():
        return "#"
    lowered = token.lower()
    parts = set(stems(token))
    if parts & words.outcome:
        return "OUT"
    if parts & words.intervention:
        return "INT"
    if parts & words.comparator:
        return "CMP"
    if _CONTROL.match(lowered):
        return "CMP" if words.control_is_comparator else "INT"
    if _ACTIVE.match(lowered):
        return "INT" if words.control_is_comparator else "CMP"
    return lowered


def _figures(text: str, tokens: Sequence[str]) -> str | None:
    """Whether the first of two figures beside the arms is the intervention's and larger; None where there are none."""
    order = [token for token in tokens if token in ("INT", "CMP")]
    pair = re.search(
        rf"({_FIGURE.pattern})[^\d;]{{0,12}}?(?:±[^;]{{0,12}}?)?\s*(?:%|[a-z/]+)?\)?\s*"
        rf"(?:vs\.?|versus|compared (?:with|to)|and|,|than|in [^.;\d]{{2,60}}?)\s[^.;\d]{{0,60}}?({_FIGURE.pattern})",
        text,
    )
    if not order or not pair:
        return None
    try:
        first, second = (float(re.sub("[−–]", "-", one).replace("·", ".")) for one in pair.groups())
    except ValueError:
        return None
    if first == second:
        return "EQUAL"
    return "MORE" if (first > second) == (order[0] == "INT") else "LESS"


def _grams(tokens: Sequence[str], longest: int) -> Iterator[str]:
    for size in range(1, longest + 1):
        for place in range(len(tokens) - size + 1):
            yield " ".join(tokens[place : place + size])
