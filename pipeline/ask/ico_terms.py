"""How well words of a question match words of a paper: token overlap, abbreviations, group aliases, role words.

Place in the flow: used by everything in `evidence ico`. No vocabulary files: what a short form means is taken from the
paper itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pipeline.evidence import Label
from pipeline.link.scan import scan
from pipeline.relate.ico_evidence import stem
from pipeline.relate.table_shares import SIZE

_STOP = frozenset(
    "the a an of in to for and or with by at from on mean median total number patients patient who had having group"
    " groups arm arms vs versus is are was were be as per during after than between among their them its that".split()
)
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?|%")
CONTROL = re.compile(
    r"\b(controls?|placebo|sham|usual|standard|no|without|conventional|waiting|wait-?list|tau|saline|vehicle|non"
    r"|untreated|comparator|comparison|alone|neutral)\b",
    re.IGNORECASE,
)
ACTIVE = re.compile(
    r"\b(interventions?|treatment|experimental|active|study|test|trial|treated|program\w*)\b", re.IGNORECASE
)
_ALIAS = r"(?:[A-Z]{1,3}\d?|\d{1,2}|[IVX]{1,3})"
_NAMED = re.compile(rf"\b(?:group|arm)\s+({_ALIAS})\b|\b([A-Z]{{1,4}}\d?)\s+group\b|^\W*([A-Z]{{1,4}}\d?)\W*$", re.I)
_ALIAS_BEFORE = re.compile(rf"\b(?:group|arm)\s+({_ALIAS})\b[\s:,(=–-]*([^.;()]{{3,90}})", re.IGNORECASE)
_ALIAS_AFTER = re.compile(rf"([^.;,()]{{3,70}})[(\[]\s*(?:group|arm)\s+({_ALIAS})\b", re.IGNORECASE)
_ALIAS_SHORT = re.compile(
    r"([^.;,()]{3,60})[(\[]\s*([A-Z]{1,4}\d?)\s*(?:group)?\s*[;,:]?\s*(?:n\s*=\s*\d+)?[)\]]", re.IGNORECASE
)
_UPPER = re.compile(r"\b[A-Z]{2,6}\b")
_LESS = re.compile(r"\b([a-z]{4,})less\b")
_LONG = 7  # letters of a word that may be spelled with another letter
_OTHER_AMOUNT = 0.8  # what is left of a match if the amounts differ
_SMALL = frozenset("the a an of in to for and or with by at from on group arm".split())
_AMOUNT = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)[\s-]?(mg|µg|μg|mcg|g|kg|ml|iu|mmol|%|ppm|gy|kcal|units?)\b", re.IGNORECASE
)
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]{2,60})[)\]]$")
_NEXT_GROUP = re.compile(r"\b(?:group|arm)\b|\band\b", re.IGNORECASE)


@lru_cache(maxsize=65536)
def tokens(text: str) -> tuple[str, ...]:
    """Stems of the words that carry meaning; British spellings as American ones, camel case split."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text).lower()
    text = text.replace("haem", "hem").replace("oed", "ed")
    text = _LESS.sub(r"without \1", text)
    return tuple(stem(word) for word in _WORD.findall(text) if word not in _STOP)


def size_in(header: str) -> float | None:
    """n of "Tacrolimus (n = 39)"."""
    match = SIZE.search(header)
    return float(match[1].replace(",", "")) if match else None


class Terms:
    """The words of one paper: how rare each is in its table headers, its short forms and the aliases of its groups."""

    def __init__(self, headers: Iterable[str], abbreviations: Mapping[str, str], text: str) -> None:
        self._counts = Counter(token for header in headers for token in set(tokens(header)))
        self._n = max(1, self._counts.total())
        self._short = {short: long for short, long in abbreviations.items() if len(long) > len(short)}
        self._patterns = [
            (re.compile(rf"(?<!\w){re.escape(short)}(?!\w)"), short, long) for short, long in self._short.items()
        ]
        self.aliases = group_aliases(text)
        self._arm_cache: dict[tuple[str, str, str], float] = {}
        self._alias_cache: dict[tuple[str, str], list[str]] = {}
        self._expanded: dict[str, str] = {}

    def expand(self, text: str) -> str:
        """The text with the long forms of its short forms, and the short forms of its long forms, put behind it."""
        if text not in self._expanded:
            lower = text.lower()
            added = [long for pattern, _, long in self._patterns if pattern.search(text)]
            added += [short for _, short, long in self._patterns if long.lower() in lower]
            added += [name for name in concept_names(text) if name.lower() not in lower]
            self._expanded[text] = " ".join([text, *added])
        return self._expanded[text]

    def weight(self, token: str) -> float:
        """Rare words count more."""
        if token.isdigit():
            return 1.0
        return 1.0 + math.log((1 + self._n) / (1 + self._counts.get(token, 0))) / 4

    def covered(self, query: str, text: str) -> float:
        """Share of the query's words, by weight, that the text has."""
        return self._covered(frozenset(tokens(query)), frozenset(tokens(text)))

    def _covered(self, wanted: frozenset[str], there: frozenset[str]) -> float:
        if not wanted or not there:
            return 0.0
        # `fsum` does not depend on the order of a set, which differs from run to run
        hit = math.fsum(self.weight(token) * _match(token, there) for token in wanted)
        return hit / math.fsum(self.weight(token) for token in wanted)

    def similarity(self, query: str, text: str, recall: float = 0.75) -> float:
        """Overlap of the words of both, `recall` being the weight of the query's side."""
        a, b = frozenset(tokens(query)), frozenset(tokens(text))
        return recall * self._covered(a, b) + (1 - recall) * self._covered(b, a)

    def outcome(self, query: str, text: str, recall: float = 0.7) -> float:
        """As `similarity`, with short forms read both ways; "adverse events (AEs)" may stand as either."""
        found = 0.0
        for one in variants(query):
            plain = self.similarity(one, text, recall)
            found = max(found, plain, self.similarity(self.expand(one), self.expand(text), recall - 0.1))
        return found

    def arm(self, query: str, label: str, other: str = "") -> float:
        """How well a label of a table or sentence names the group asked for, 0 to 1.

        Args:
            other: the name of the group it is compared with: words that only the query has tell more than shared ones.
        """
        key = (query, label, other)
        if key not in self._arm_cache:
            best = max(self._arm(query, label), self._telling(query, label, other))
            self._arm_cache[key] = best * (_OTHER_AMOUNT if _other_amount(query, label) else 1.0)
        return self._arm_cache[key]

    def _telling(self, query: str, label: str, other: str) -> float:
        """Share of the words that tell the query from the other group which stand in the label; 0 if the other's do."""
        if not other:
            return 0.0
        mine, theirs = frozenset(tokens(query)), frozenset(tokens(other))
        there = frozenset(tokens(SIZE.sub(" ", self.expand(label))))
        found = self._covered(mine - theirs, there)
        return 0.0 if self._covered(theirs - mine, there) >= found else 0.8 * found

    def _arm(self, query: str, label: str) -> float:
        label = SIZE.sub(" ", label)
        score = max(self.similarity(one, label, 0.5) for one in variants(query))
        score = max(score, self.similarity(self.expand(query), self.expand(label), 0.4))
        for short in re.findall(r"\bgroup\s+([A-Za-z0-9]+)\b|\b([A-Z]\d)\b", query):
            name = short[0] or short[1]
            if re.search(rf"(?:group\s+|^\W*){re.escape(name)}\b", label, re.IGNORECASE):
                score = max(score, 0.8)
        if any(is_acronym(word, query) for word in _UPPER.findall(label)):
            score = max(score, 0.8)
        is_control = bool(CONTROL.search(query))
        if letter := re.fullmatch(r"\W*(I|C|E|T)\W*(?:group|arm)?\W*", label):
            score = max(score, 0.6 if (letter[1] == "C") == is_control else 0.0)
        for alias in self.names_of(label):
            score = max(score, 0.9 * self.similarity(query, alias, 0.8))
            score = max(score, 0.8 * self.similarity(self.expand(query), self.expand(alias), 0.7))
        if is_control and CONTROL.search(label):
            score = max(score, 0.55)
        if not is_control and ACTIVE.search(label) and not CONTROL.search(label):
            score = max(score, 0.4)
        return score

    def aliases_of(self, asked: str, other: str) -> list[str]:
        """Patterns of the aliases ("group A", "A group", "WBC") whose name in the paper is nearer to `asked`."""
        key = (asked, other)
        if key not in self._alias_cache:
            found = []
            for alias, name in self.aliases.items():
                wide = self.expand(name)
                mine, theirs = self._telling(asked, wide, other), self._telling(other, wide, asked)
                if mine >= 0.4 and mine > theirs:
                    short = re.escape(alias)
                    found.append(rf"\b(?:groups?|arms?)\s+{short}\b|\b{short}[\s-]+(?:group|arm)\b")
                    if len(alias) > 1 and not alias.isdigit():
                        found.append(rf"(?-i:\b{re.escape(alias.upper())}\b)")
            self._alias_cache[key] = found
        return self._alias_cache[key]

    def names_of(self, label: str) -> list[str]:
        """What the paper says "Group A" or "A" is."""
        found = [name for names in _NAMED.findall(SIZE.sub("", label)) for name in names if name]
        return [self.aliases[name.lower()] for name in found if name.lower() in self.aliases]


@lru_cache(maxsize=65536)
def _other_amount(query: str, label: str) -> bool:
    """Whether both print an amount in a unit and it is not the same: "30 µg" and "60 µg"."""
    asked = {(match[2].lower(), float(match[1])) for match in _AMOUNT.finditer(query)}
    there = {(match[2].lower(), float(match[1])) for match in _AMOUNT.finditer(label)}
    units = {unit for unit, _ in asked} & {unit for unit, _ in there}
    return bool(units) and not asked & there


@lru_cache(maxsize=4096)
def variants(query: str) -> tuple[str, ...]:
    """The query, and where it ends in a short form in brackets, its long and its short form alone.

    >>> variants("treatment as usual (TAU)")
    ('treatment as usual (TAU)', 'treatment as usual', 'TAU')
    """
    match = _BRACKET.search(query.rstrip(" ."))
    if not match or not re.fullmatch(r"[A-Za-z0-9/+-]{2,12}", match[1]) or not re.search(r"[A-Z]{2}", match[1]):
        return (query,)
    without = query[: match.start()].strip()
    return (query, without, re.sub(r"(?<=[A-Z])s$", "", match[1])) if without else (query,)


@lru_cache(maxsize=65536)
def concept_names(text: str) -> tuple[str, ...]:
    """Preferred names of the outcomes and diseases in a text: "BMI" and "body mass index" have one."""
    found = [concept.name for label in (Label.OUTCOME, Label.CONDITION) for _, _, concept in scan(text, label)]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=65536)
def is_acronym(short: str, name: str) -> bool:
    """Whether the letters are the initials of neighbouring words of the name, of half of them or more.

    >>> is_acronym("LPC", "low-dose prednisolone course"), is_acronym("LPC", "placebo")
    (True, False)
    """
    words = [word for word in re.findall(r"[a-z]+", name.lower()) if word not in _SMALL]
    initials = "".join(word[0] for word in words)
    return short.lower() in initials and 2 * len(short) >= len(initials)


@lru_cache(maxsize=262144)
def _match(token: str, there: frozenset[str]) -> float:
    """1 for the word itself, less for words that share their beginning or hold one another."""
    if token in there:
        return 1.0
    if len(token) >= 5 and any(other[:5] == token[:5] for other in there if len(other) >= 5):
        return 0.8
    if len(token) >= _LONG and any(_one_letter_off(token, other) for other in there if len(other) == len(token)):
        return 0.8
    if len(token) >= 4 and any(other in token or token in other for other in there if len(other) >= 4):
        return 0.5
    return 0.0


def _one_letter_off(first: str, second: str) -> bool:
    return sum(a != b for a, b in zip(first, second, strict=True)) == 1


def group_aliases(text: str) -> dict[str, str]:
    """Names by alias: "Group A received metformin", "the metformin arm (group A)", "interviewing (MI)"."""
    found: dict[str, list[str]] = {}
    for match in _ALIAS_BEFORE.finditer(text):
        found.setdefault(match[1].lower(), []).append(_NEXT_GROUP.split(match[2])[0])
    for pattern in (_ALIAS_AFTER, _ALIAS_SHORT):
        for match in pattern.finditer(text):
            found.setdefault(match[2].lower(), []).append(match[1])
    return {alias: " ".join(names[:3]) for alias, names in found.items()}
