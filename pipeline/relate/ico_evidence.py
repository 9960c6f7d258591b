"""Which sentences of an article speak of an outcome in an intervention relative to a comparator.

Place in the flow: first step of `ico_direction.py`. An article is cut into units (a sentence, or a row of a table
whose cells stand on lines of their own); a linear ranker with some forty features, trained by
`pipeline/model/direction.py`, puts them in order. How rare a word is and what a short form means is taken from the
article itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.relate.direction import find_cues
from pipeline.tag.abbreviation import expand, find_abbreviations
from pipeline.tag.sentences import find_sentences

Floats = NDArray[np.float64]
_HEADING = re.compile(r"(?:(TITLE|ABSTRACT|BODY)(?:\.([^\n:]*))?):\s*\Z")
_STOP = frozenset(
    "the a an of in to for and or with by at from on mean median total number patients patient who had having group"
    " groups arm arms versus is are was were be as per during after than between among their them its that vs level"
    " levels rate rates score scores change changes baseline week weeks month months day days year years".split()
)
_ENDS = ("ations", "ation", "ments", "ings", "ness", "ies", "ing", "ed", "es", "s", "al", "ly")
_WORD = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)?")
_SIGNIFICANT = re.compile(r"\bsignifican\w+", re.IGNORECASE)
_P = re.compile(r"\bp\s*(?:-?\s*values?)?\s*[<>=≤≥]", re.IGNORECASE)
_CONTRAST = re.compile(
    r"\b(?:than|compar\w+|versus|vs|between|differ\w*|relative to|both|groups?|arms?)\b", re.IGNORECASE
)
_NEED = re.compile(
    r"\b(?:aim|objective|hypothes\w+|we (?:will|planned)|purpose|randomi[sz]ed to|assess(?:ed)?|measured)\b", re.I
)
_CITED = re.compile(r"\[\d+|\bet al\b|previous|\bstud(?:y|ies) (?:by|have|has|of)\b", re.IGNORECASE)
_SECTIONS = (
    ("title", re.compile(r"TITLE")),
    ("abstract results", re.compile(r"ABSTRACT.*(?:RESULT|FINDING|OUTCOME)")),
    ("abstract conclusion", re.compile(r"ABSTRACT.*(?:CONCLU|DISCUSS|INTERPRET)")),
    ("abstract", re.compile(r"ABSTRACT")),
    ("methods", re.compile(r"METHOD|STATISTIC|PARTICIPANT|SUBJECT|PROCEDURE|DESIGN|RANDOMI|ASSESSMENT")),
    ("results", re.compile(r"RESULT|FINDING|OUTCOME|EFFECT|EFFICACY|SAFETY|ADVERSE")),
    ("discussion", re.compile(r"DISCUSS|CONCLU|LIMITATION|COMMENT")),
    ("introduction", re.compile(r"INTRODUC|BACKGROUND")),
    ("other", re.compile(r"")),
)
SECTIONS = tuple(name for name, _ in _SECTIONS)


@dataclass(frozen=True, slots=True)
class Question:
    """Intervention, comparator and outcome, in the asker's words."""

    intervention: str
    comparator: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or table row: its place in the article, its text with short forms written out, its section."""

    start: int
    end: int
    text: str
    section: str
    is_row: bool


@lru_cache(maxsize=131072)
def stem(word: str) -> str:
    """The word without a common ending."""
    for end in _ENDS:
        if len(word) > len(end) + 3 and word.endswith(end):
            return word[: -len(end)]
    return word


@lru_cache(maxsize=65536)
def stems(text: str) -> tuple[str, ...]:
    """Stems of the words that carry meaning; British spellings as American ones."""
    lowered = text.lower().replace("haem", "hem").replace("oed", "ed")
    return tuple(stem(word) for word in _WORD.findall(lowered) if word not in _STOP)


class Article:
    """An article's units with how rare each word is in it."""

    def __init__(self, text: str) -> None:
        pairs = expand(find_abbreviations(text))
        self._long = {short: long for short, long in pairs.items() if len(long) > len(short) > 1}
        names = "|".join(re.escape(short) for short in sorted(self._long, key=len, reverse=True))
        self._short = re.compile(rf"(?<!\w)(?:{names})(?!\w)") if names else None
        self.units = [self._unit(text, *piece) for piece in _pieces(text)]
        self.words = [frozenset(stems(unit.text)) for unit in self.units]
        self._counts = Counter(word for words in self.words for word in words)
        self._local = [_local_features(unit) for unit in self.units]

    def write_out(self, text: str) -> str:
        """The text with the article's short forms replaced by their long forms."""
        return self._short.sub(lambda match: self._long[match.group()], text) if self._short else text

    def _unit(self, text: str, start: int, end: int, section: str, is_row: bool) -> Unit:
        return Unit(start, end, self.write_out(text[start:end]), section, is_row)

    def weigh(self, words: Iterable[str]) -> dict[str, float]:
        """How much each word tells: rare ones most, those the article never uses a little."""
        total = len(self.units) + 1
        return {word: math.log(total / (1 + self._counts[word])) if self._counts[word] else 1.5 for word in words}

    def features(self, question: Question) -> Floats:
        """One row of ranking features for each unit."""
        asked = [
            self._coverages(self.write_out(part))
            for part in (question.outcome, question.intervention, question.comparator)
        ]
        table = np.zeros((len(self.units), 12))
        for column, values in enumerate(asked):
            table[:, column] = values
            before = np.concatenate([[0.0], values[:-1]])
            table[:, 3 + column] = np.maximum(values, 0.7 * before)
            table[:, 6 + column] = values / (values.max() or 1.0)
        table[:, 9] = table[:, 6] * table[:, 7]
        table[:, 10] = table[:, 6] * table[:, 8]
        table[:, 11] = table[:, 6] ** 3
        local = np.array(self._local).reshape(len(self.units), -1)
        outcome = table[:, 6:7]
        return np.hstack([table, local, local[:, len(SECTIONS) :] * outcome])

    def _coverages(self, asked: str) -> Floats:
        weights = self.weigh(set(stems(asked)))
        total = sum(weights.values()) or 1.0
        return np.array([sum(weights[word] for word in weights.keys() & words) / total for words in self.words])


def rank(article: Article, question: Question, weights: Floats, most: int) -> list[tuple[int, float]]:
    """The likeliest units with their probabilities, which add up to one over all units; likeliest first."""
    if not article.units:
        return []
    scores = article.features(question) @ weights
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    order = np.argsort(-shares, kind="stable")[:most]
    return [(int(place), float(shares[place])) for place in order]


def _local_features(unit: Unit) -> list[float]:
    text = unit.text
    sections = [float(unit.section == name) for name in SECTIONS]
    return [
        *sections,
        float(bool(_SIGNIFICANT.search(text))),
        float(bool(_P.search(text))),
        float(bool(_CONTRAST.search(text))),
        float(bool(find_cues(text))),
        float(any(letter.isdigit() for letter in text)),
        float(bool(_NEED.search(text))),
        float(bool(_CITED.search(text))),
        float(unit.is_row),
        math.log(1 + len(text)) / 5,
        float(len(text) < 40),
    ]


def _pieces(text: str) -> list[tuple[int, int, str, bool]]:
    """(start, end, section, whether a table row) of the units in order."""
    found: list[tuple[int, int, str, bool]] = []
    section, row, was_label = "other", None, False
    for match in re.finditer(r"[^\n]+", text):
        line = match.group()
        heading = _HEADING.match(line.strip())
        if heading:
            section, row = _section(line), None
        elif len(line) < 90 and not re.search(r"[.!?]\s*$", line):
            is_label = bool(re.match(r"\W*[^\W\d_]{2}", line))
            if row is None or (is_label and not was_label):
                found.append((match.start(), match.end(), section, True))
                row = match.start()
            else:
                found[-1] = (found[-1][0], match.end(), section, True)
            was_label = is_label
        else:
            row = None
            for span in find_sentences(line):
                found.append((match.start() + span.start, match.start() + span.end, section, False))
    return found


def _section(heading: str) -> str:
    upper = heading.upper()
    return next(name for name, pattern in _SECTIONS if pattern.search(upper))


def pick(units: Sequence[Unit], start: int, end: int) -> list[int]:
    """Places of the units that overlap a span of the article."""
    return [place for place, unit in enumerate(units) if unit.start < end and start < unit.end]
