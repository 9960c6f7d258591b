"""What is called alike: "age, sex, and duration of illness were similar", "equally effective and safe".

Place in the flow: asked by `contrast.py` where a sentence says that nothing differs.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.evidence import Label
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.view import SentenceView, without_brackets

_FLAGS = re.IGNORECASE
_ALIKE = re.compile(
    r"^(?:the |baseline |overall, |our )*(?P<subject>[^.;:()]{4,160}?)\s(?:in|between|of"
    r"|among|within|for) (?:the )?(?:\w+ )?(?:two |both |2 |three )?(?:\w+ )?(?:groups|arms"
    r"|treatments|patients)"
    r"\s(?:were|was) (?:all |also |generally |very |well |statistically )?(?:similar"
    r"|comparable|equivalent|not (?:significantly |statistically )?different|balanced|matched"
    r"|identical)"
    r"|^(?:the |baseline |overall, |our )*(?P<subject2>[^.;:()]{4,160}?)\s(?:were|was) "
    r"(?:all |also |generally |very |well |statistically )?"
    r"(?:similar|comparable|equivalent|not (?:significantly |statistically )?different|balanced|matched|identical)",
    _FLAGS,
)
_DIFFER_IN = re.compile(
    r"\b(?:did not (?:\w+ly )?differ|(?:comparable|similar|equivalent)(?= in terms of)|no "
    r"(?:\w+ly )?(?:significant )?differences?)"
    r"(?: between [\w\s-]{3,70}?| among [\w\s-]{3,40}?)?\s(?:in|with respect to|regarding"
    r"|as to)"
    r"\s(?:terms of\s|the\s|mean\s)*(?P<list>[^.;:()]{6,200}?)(?=\s(?:between|among|at|were|was)\b|[.;(]|\Z)",
    _FLAGS,
)
_NO_SUBJECT = re.compile(
    r"\b(?:arms?|groups?|patients|drugs|treatments|regimens?)\Z|^(?:at|in|during|after|by"
    r"|on)\s|^(?:\w+ly|however|thus|therefore|moreover|furthermore|overall|in addition)\Z",
    _FLAGS,
)
_EQUALLY = re.compile(
    r"\b(?:equally (?P<first>[a-z]+(?:ive|ous|afe|ated))(?: and (?P<second>[a-z]+(?:ive|ous"
    r"|afe|ated)))?|as (?P<third>effective|efficacious|safe|good) as)\b",
    _FLAGS,
)
_IN_DOING = re.compile(
    r"\s(?:\w+\s){0,2}(?:in|at)\s(?:lower|reduc|decreas|improv|prevent|controll|induc|increas)\w*ing\s", _FLAGS
)
_SPLIT = re.compile(r",\s(?:and\s|or\s)?(?:the\s)?|\s(?:and|or)\s(?:the\s)?", _FLAGS)


def listed_subjects(view: SentenceView, start: int, end: int) -> list[Outcome]:
    """What is called alike: "age, sex, and duration of illness were similar", "equally effective and safe"."""
    text = view.between(start, end)
    flat = without_brackets(text)  # offsets kept
    match = _EQUALLY.search(text)
    if match:
        lowered = _IN_DOING.match(text, match.end())
        if lowered and (named := [one for one in view.of(Label.OUTCOME) if start + lowered.end() <= one.start < end]):
            return [Outcome(one.text, one.start, one.end, one.concept, 0.0) for one in named]
        words = [(match[name], match.start(name)) for name in ("first", "second", "third") if match[name]]
        return [Outcome(word, start + at, start + at + len(word), None, 3.0, "adjective") for word, at in words]
    match = _ALIKE.match(text) or _DIFFER_IN.search(flat)
    if match is None:
        return []
    name = next(name for name in ("subject", "subject2", "list") if match.groupdict().get(name))
    pieces: list[Outcome] = []
    low = match.start(name)
    for separator in [*_SPLIT.finditer(text, match.start(name), match.end(name)), None]:
        high = separator.start() if separator else match.end(name)
        if text[low:high].strip():
            pieces.append(Outcome(text[low:high].strip(), start + low, start + high, None, 3.0, "subject"))
        low = separator.end() if separator else high
    pieces = [piece for piece in pieces if not _NO_SUBJECT.search(piece.text)]
    return [_known(view, piece) for piece in pieces] if len(pieces) > 1 or (pieces and name == "list") else []


def _known(view: SentenceView, piece: Outcome) -> Outcome:
    """The piece with the concept of the outcome mention in it."""
    inside = [one for one in view.of(Label.OUTCOME) if piece.start <= one.start and one.end <= piece.end]
    return replace(piece, concept=inside[-1].concept) if inside else piece
