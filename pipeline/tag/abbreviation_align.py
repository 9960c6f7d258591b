"""Aligns the letters of a short form with the words it may stand for.

Place in the flow: used by `abbreviation`. By dynamic programming over the places of each letter: a letter at the start
of a word counts most, one in a word least, a word without a letter costs. The idea of several matching strategies,
each as good as its precision, is Ab3P's (Sohn et al. 2008).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

STOP_WORDS = frozenset(
    "a an the of in on and or for to with by at from as per de la du von und et via vs versus into its".split()
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]{1,2}\b)?")
_NUMBERS = {
    "1": "one|mono|first",
    "2": "two|di|bi|second",
    "3": "three|tri|third",
    "4": "four|tetra|fourth",
    "5": "five|penta|fifth",
    "6": "six|hexa",
    "7": "seven|hepta",
    "8": "eight|octa",
    "9": "nine|ninth",
}
_GREEK_LETTER = {"ß": "β", "µ": "μ"}
_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ω": "omega",
}
# Scores, chosen on half of MED1250: a letter at a word's start counts 1, one inside a word _INNER, one right after the
# letter before it _NEXT. Words left out, a word entered in its middle, words after the last letter and commas cost.
_INNER, _NEXT, _SKIP, _SKIP_STOP, _NO_START, _TAIL, _COMMA = 0.3, 0.75, 0.7, 0.05, 0.9, 0.9, 0.5


def best_long_form(short: str, before: str) -> tuple[int, int] | None:
    """Start and end in `before` of the words at its end that `short` stands for, None if they do not fit."""
    end = len(before.rstrip(" \t\r\n\"'“”‘’,-–"))
    if not end:
        return None
    window = _Window.of(before, end, len(short))
    best: tuple[float, int] | None = None
    for letters, bonus in _readings(short, window.text):
        fit = _align(letters, window)
        if fit is not None and fit[0] + bonus >= _threshold(letters) and (best is None or fit[0] + bonus > best[0]):
            best = (fit[0] + bonus, fit[1])
    if best is None:
        return None
    start = window.offset + _with_prefix(window.text, best[1])
    return (start, end) if is_plausible(short, before[start:end]) else None


def _threshold(letters: str) -> float:
    """The mean score per letter that a fit needs; short strings fit by chance and need more."""
    return {1: 0.9, 2: 0.55, 3: 0.42}.get(len(letters), 0.4)


def _readings(short: str, text: str) -> Iterator[tuple[str, float]]:
    """The letters to align: all; without a plural s; without digits that the long form does not spell."""
    letters = "".join(_GREEK_LETTER.get(c, c) for c in short.lower() if c.isalnum())
    if len(short) > 2 and short.endswith("s") and short[-2:-1].isupper() and text.endswith(("s", "S", "i", "ae", "a")):
        yield letters[:-1], 0.02
    if short.endswith("+") and "positive" in text:
        yield letters + "p", 0.0
    yield letters, 0.0
    bare = "".join(c for c in letters if not c.isdigit())
    if bare != letters and len(bare) > 1:
        yield bare, -0.12


@dataclass(frozen=True, slots=True)
class _Window:
    """The words before a bracket that may be the long form. `starts` are where a word (or its part) starts."""

    text: str
    lower: str
    offset: int
    starts: tuple[int, ...]
    word_of: tuple[int, ...]  # for each character, the index of its word in `starts`, -1 outside
    is_stop: tuple[bool, ...]
    after_blank: tuple[bool, ...]

    @staticmethod
    def of(before: str, end: int, size: int) -> _Window:
        low = end
        for _ in range(min(2 * size + 2, size + 6)):
            before_word = max(low - 1, 0)
            low = max(before.rfind(" ", 0, before_word), before.rfind("\n", 0, before_word)) + 1
            if low == 0:
                break
        text = before[low:end]
        word_of = [-1] * len(text)
        starts, stops, blanks = [], [], []
        for number, word in enumerate(_WORD.finditer(text)):
            starts.append(word.start())
            stops.append(word.group().lower() in STOP_WORDS)
            blanks.append(_starts_name(text, word.start()))
            word_of[word.start() : word.end()] = [number] * (word.end() - word.start())
        return _Window(text, text.lower(), low, tuple(starts), tuple(word_of), tuple(stops), tuple(blanks))


def _starts_name(text: str, start: int) -> bool:
    """At a blank or quote, or with only locants and symbols between: "1,2-", "N-(", "Delta-9-"."""
    low = start
    while low > 0 and not text[low - 1].isspace():
        low -= 1
    return not re.search(r"[^\W\d_]{2}", re.sub(r"(?i)alpha|beta|gamma|delta", "", text[low:start]))


def _align(letters: str, window: _Window) -> tuple[float, int] | None:
    """Best mean score of the letters over the window's text and where the long form then starts."""
    size = len(letters)
    places = [_places(letter, window) for letter in letters]
    if not all(places):
        return None
    # later[p] = best score of letters[k:] with letters[k] at p, from right to left.
    later: dict[int, float] = {}
    for position in places[-1]:
        word = window.word_of[position]
        tail = sum(
            _TAIL * (not window.is_stop[w]) for w in range(word + 1, len(window.starts)) if not _part_of(window, w)
        )
        later[position] = _value(window, position) - tail
    for k in range(size - 2, -1, -1):
        now: dict[int, float] = {}
        for position in places[k]:
            best = max((s + _step(window, position, p) for p, s in later.items() if p > position), default=None)
            if best is not None:
                now[position] = _value(window, position) + best
        later = now
        if not later:
            return None
    firsts = [
        (score - (0.0 if window.after_blank[window.word_of[p]] else 0.6), p)
        for p, score in later.items()
        if window.starts[window.word_of[p]] == p
    ]
    if not firsts:
        return None
    score, position = max(firsts)
    return score / size, position


def _part_of(window: _Window, word: int) -> bool:
    """True for the later parts of a hyphenated word, which cost nothing when no letter stands for them."""
    return not window.after_blank[word]


def _places(letter: str, window: _Window) -> list[int]:
    found = [i for i, c in enumerate(window.lower) if c == letter and window.word_of[i] >= 0]
    names = (*_NUMBERS.get(letter, "").split("|"), _GREEK.get(letter, ""))
    for name in filter(None, names):
        found += [s for s in window.starts if window.lower.startswith(name, s)]
    return found


def _value(window: _Window, position: int) -> float:
    if window.starts[window.word_of[position]] == position:
        return 1.0
    return 0.9 if window.text[position].isupper() or window.text[position].isdigit() else _INNER


def _step(window: _Window, here: int, there: int) -> float:
    """What going from one letter's place to the next one's adds or costs."""
    word, next_word = window.word_of[here], window.word_of[there]
    if word == next_word:
        return _NEXT - _INNER if there == here + 1 else 0.0
    cost = 0.0
    for between in range(word + 1, next_word):
        if not _part_of(window, between):
            cost += _SKIP_STOP if window.is_stop[between] else _SKIP
    if ", " in window.text[here:there]:
        cost += _COMMA
    if window.starts[next_word] != there and window.after_blank[next_word]:
        cost += _NO_START
    return -cost


def _with_prefix(text: str, start: int) -> int:
    """Move the start to the left over what belongs to the word: "1,2-", "N-("."""
    low = start
    while low > 0 and not text[low - 1].isspace():
        low -= 1
    prefix = text[low:start]
    return low if prefix and prefix[0] not in "([\"'“‘" and "/" not in prefix else start


def is_plausible(short: str, long: str) -> bool:
    """No article first, brackets closed, and the short form itself not among the words."""
    words = long.split()
    if not words or len(long) <= len(short) or words[0].lower() in STOP_WORDS:
        return False
    if len(short.split()) > 1 and short.split()[0] in words:
        return False
    if re.search(r"[\w\s][(\[]\w\w", long) or "; " in long or short in words:
        return False
    balanced = long.count("(") == long.count(")") and long.count("[") == long.count("]")
    return balanced and any(c.isalpha() for c in long)


def is_strict(short: str, long: str) -> bool:
    """Every letter starts a word and every full word has its letter: for lists, where no bracket vouches for it."""
    letters = [c.lower() for c in short if c.isalnum()]
    if letters and short.endswith("s") and long.endswith("s"):
        letters = letters[:-1]
    words = [w.group().lower() for w in _WORD.finditer(long)]
    starts = [w[0] for w in words if w not in STOP_WORDS]
    return starts == letters or [w[0] for w in words] == letters


def every_word_counts(short: str, long: str) -> bool:
    """Each full word's first letter is in the short form, in order ("calcineurin inhibitor" in CNI)."""
    letters = iter(c.lower() for c in short if c.isalnum())
    words = (w.group().lower() for w in _WORD.finditer(long))
    return all(word[0] in letters for word in words if word not in STOP_WORDS)
