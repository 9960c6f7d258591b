"""Finds the abbreviations a document defines: "minimal change disease (MCD)" and what authors write instead.

Place in the flow: first tagger over a document's text; its pairs let `link` resolve short forms.

    >>> [(p.short, p.long) for p in find_abbreviations("Patients with minimal change disease (MCD) were treated.")]
    [('MCD', 'minimal change disease')]

Candidates come from brackets ("long (short)", "short (long)"; Schwartz and Hearst 2003) and from definition lists
("MCD – minimal change disease;"); `abbreviation_align` says whether letters and words fit. Short forms whose letters do
not fit ("cyclosporine (CsA)") count where our lexicons know both as one concept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.evidence import Label
from pipeline.link.linker import Linker
from pipeline.tag.abbreviation_align import STOP_WORDS, best_long_form, every_word_counts, is_plausible, is_strict

_OPEN = re.compile(r"[(\[]")
_CLOSING = {"(": ")", "[": "]"}
_SENTENCE_END = re.compile(
    r"(?<![A-Z])(?<!\b[a-z])(?<!\bvs)(?<!\bi\.e)(?<!\be\.g)(?<!\bsp)[.?!]\s+(?=[A-Z0-9\"'(])|\n{2,}|;\s|\t"
)
_SHORT = re.compile(r"[^\W_](?:[\w+/.'’*&–-]| (?=[\w+(]))*(?:\([\w+-]{1,3}\)[\w-]*)?[\w+*']?$")
# Numbers with units, isotopes, enumerations and references in brackets.
_NO_SHORT = re.compile(
    r"\d[\d.,]*\s|\d+(?:[.,]\d+)?[a-zµμ%°]{0,3}\d?$|[ivx]+$|fig|ref|[np]\s*$"
    r"|(?:3H|1[1345][CNO]|3[235][PS]|\d{2,3}m?(?:Tc|I|In|Cr|F))$"
)
_SPLIT = re.compile(r"[;:=]|,(?!\d)|\bor\b|\band\b|\bi\.e\.|\be\.g\.")
_LEAD = re.compile(
    r"^(?:i\.e\.,?|e\.g\.,?|that is,?|also (?:known as|called|termed)|so-called|termed|called|abbreviated(?: as)?|"
    r"the|or|and|hereafter|designated|referred to as|abbreviation:?)\s+",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\s(?:of|with|in|for|by|from|to|on|at|after|using|during)\s")
_INNER_BRACKET = re.compile(r"\s*\([\w/+-]{1,10}\)(?=[\s-])(?!.*\()", re.DOTALL)
_KNOWN_LABELS = (Label.DRUG, Label.HISTOLOGY, Label.CONDITION, Label.OUTCOME)
_LINKER = Linker()
# In brackets these give numbers more often than definitions, so only words right before them count.
_STATISTICS = frozenset(("RR", "OR", "HR", "CI", "SD", "SE", "SEM", "IQR", "ARR", "NNT", "AUC", "MD", "NS"))
_MAX_SHORT = 14


@dataclass(frozen=True, slots=True)
class AbbreviationPair:
    """A short form with the long form that the text gives for it, and where both stand (half-open offsets)."""

    short: str
    long: str
    short_start: int
    short_end: int
    long_start: int
    long_end: int


def find_abbreviations(text: str) -> list[AbbreviationPair]:
    """All definitions in the text, in text order; a pair is reported where it first stands."""
    found: list[AbbreviationPair] = []
    seen: set[tuple[str, str]] = set()
    for pair in sorted((*_bracketed(text), *_listed(text)), key=lambda pair: (pair.short_start, pair.long_start)):
        identity = (pair.short, pair.long.lower())
        if identity not in seen:
            seen.add(identity)
            found.append(pair)
    return found


def expand(pairs: Iterable[AbbreviationPair]) -> dict[str, str]:
    """Short form → long form, with the short forms inside long forms expanded too, as far as it goes.

    "SRNS" → "steroid-resistant NS" → "steroid-resistant nephrotic syndrome". The first definition of a short form wins.
    """
    direct: dict[str, str] = {}
    for pair in pairs:
        direct.setdefault(pair.short, " ".join(re.sub(r"\s*\([^()]*\)(?=[\s-])", "", pair.long).split()))
    return {short: _expanded(short, direct, frozenset()) for short in direct}


def _expanded(short: str, direct: dict[str, str], above: frozenset[str]) -> str:
    above = above | {short}

    def replace(match: re.Match[str]) -> str:
        word = match.group()
        for candidate, ending in ((word, ""), (word[:-1], "s") if word.endswith("s") else (word, "")):
            if candidate in direct and candidate not in above:
                return _expanded(candidate, direct, above) + ending
        return word

    return re.sub(r"[^\W_][\w+/-]*[\w+]|[^\W_]", replace, direct[short])


def _bracketed(text: str) -> Iterator[AbbreviationPair]:
    for start, end in _brackets(text):
        inner, offset = text[start + 1 : end], start + 1
        left = _sentence_start(text, start)
        pair = None
        if start > left and _may_define(text, start, inner):
            pair = _long_then_short(text[:start], left, inner, offset) or _short_then_long(
                text[:start], left, inner, offset
            )
        pair = pair or _both_inside(inner, offset)
        if pair is not None:
            yield pair


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Positions of every opening bracket, nested ones too, and of its closing one, if that is near."""
    for opening in _OPEN.finditer(text):
        start = opening.start()
        mark, depth = text[start], 0
        closing = _CLOSING[mark]
        for position in range(start + 1, min(len(text), start + 200)):
            if text[position] == mark:
                depth += 1
            elif text[position] == closing:
                if depth == 0:
                    if not text[position + 1 : position + 2].isalnum():
                        yield start, position
                    break
                depth -= 1


def _may_define(text: str, start: int, inner: str) -> bool:
    """After a blank; or glued to a word ("clozapine(CLP)") if capitals tell the short form from a formula."""
    if text[start - 1].isspace():
        return True
    return text[start - 1].isalpha() and len(inner) > 2 and inner.isalpha() and sum(c.isupper() for c in inner) > 1


def _both_inside(inner: str, offset: int) -> AbbreviationPair | None:
    """`(blood-brain barrier, BBB)`."""
    cut = max(inner.rfind(", "), inner.rfind("; "))
    short = inner[cut + 2 :].strip()
    if cut < 0 or not is_short_form(short) or sum(c.isupper() for c in short) < 2:
        return None
    span = best_long_form(short, inner[:cut])
    if span is None or (span[0] != 0 and not is_strict(short, inner[span[0] : span[1]])):
        return None
    at = offset + inner.index(short, cut)
    low, high = offset + span[0], offset + span[1]
    return AbbreviationPair(short, inner[span[0] : span[1]], at, at + len(short), low, high)


def _sentence_start(text: str, end: int) -> int:
    low = max(0, end - 400)
    last = low
    for match in _SENTENCE_END.finditer(text, low, end):
        last = match.end()
    return last


def _long_then_short(text: str, left: int, inner: str, offset: int) -> AbbreviationPair | None:
    """`… minimal change disease (MCD; n = 12)`."""
    for short, position in _short_forms(inner):
        before = text[left:]
        span = (
            best_long_form(short, before)
            or _around_bracket(short, before)
            or _known(short, before)
            or _before_preposition(short, before)
            or _loose(short, before)
        )
        if span is not None:
            low, high = left + span[0], left + span[1]
            at = offset + position
            return AbbreviationPair(short, text[low:high], at, at + len(short), low, high)
    return None


def _loose(short: str, before: str) -> tuple[int, int] | None:
    """Schwartz and Hearst's search from the right, for capitals and few words only: "polymorphonuclear cells (PMN)"."""
    letters = [c.lower() for c in short if c.isalnum()]
    text = before.rstrip().lower()
    if sum(c.isupper() for c in short) < 2 or short in _STATISTICS or len(letters) < 3:
        return None
    position = len(text)
    for number, letter in zip(range(len(letters) - 1, -1, -1), reversed(letters), strict=True):
        position = text.rfind(letter, 0, position)
        while number == 0 and position > 0 and text[position - 1].isalnum():
            position = text.rfind(letter, 0, position)
        if position < 0:
            return None
    long = before[position : len(text)]
    words = long.split()
    few = len(words) <= max(2, len(letters) - 1) and not any(word.lower() in STOP_WORDS for word in words)
    return (position, len(text)) if few and "," not in long and is_plausible(short, long) else None


def _around_bracket(short: str, before: str) -> tuple[int, int] | None:
    """`angiotensin-converting enzyme (ACE) inhibitors (ACEI)`: as if the inner bracket were not there."""
    tail = before[-160:]
    bracket = _INNER_BRACKET.search(tail)
    if bracket is None:
        return None
    cut = len(before) - len(tail) + bracket.start()
    size = bracket.end() - bracket.start()
    span = best_long_form(short, before[:cut] + before[cut + size :])
    return (span[0], len(before.rstrip())) if span is not None and span[0] < cut < span[1] else None


def _known(short: str, before: str) -> tuple[int, int] | None:
    """`cyclosporine (CsA)`: letters that do not fit, but a lexicon knows the words before as the same concept."""
    words = list(re.finditer(r"\S+", before))[-6:]
    for label in _KNOWN_LABELS if len(short) > 1 else ():
        concept = _LINKER.exact(label, short)
        for word in words if concept is not None else ():
            long = before[word.start() :].rstrip()
            if len(long) > len(short) and long.casefold() != short.casefold() and _LINKER.exact(label, long) == concept:
                return word.start(), word.start() + len(long)
    return None


def _before_preposition(short: str, before: str) -> tuple[int, int] | None:
    """`computed tomography with contrast medium (CT)`: what stands before the last preposition, if it fits strictly."""
    for cut in reversed(list(_PREPOSITION.finditer(before[-90:]))):
        high = max(0, len(before) - 90) + cut.start()
        span = best_long_form(short, before[:high])
        if (
            span is not None
            and len(short) > 1
            and short not in _STATISTICS
            and is_strict(short, before[span[0] : span[1]])
        ):
            return span
    return None


def _short_forms(inner: str) -> Iterator[tuple[str, int]]:
    """Strings at the start of a bracket that may be a short form, with their offset in it."""
    lead = _LEAD.match(inner)
    start = lead.end() if lead else 0
    start += len(inner[start:]) - len(inner[start:].lstrip(" \"'“‘"))
    rest = inner[start:]
    pieces = [rest, *(rest[: cut.start()] for cut in _SPLIT.finditer(rest))]
    for piece in dict.fromkeys(piece.strip(" \"'”’") for piece in pieces):
        if is_short_form(piece) and (len(piece) > 1 or len(inner.strip()) == 1):
            yield piece, start
    last = inner[inner.rfind(";") + 1 :].strip()  # "(EC 1.11.1.9; GPx)"
    if ";" in inner and is_short_form(last) and sum(c.isupper() for c in last) > 1:
        yield last, inner.rindex(last)


def is_short_form(text: str) -> bool:
    """Looks like an abbreviation: short, few words, a letter in it, and not just a number with its unit."""
    if not 1 <= len(text) <= _MAX_SHORT or len(text.split()) > 2 or not _SHORT.match(text):
        return False
    letters = [c for c in text if c.isalpha()]
    if not letters or _NO_SHORT.match(text):
        return False
    if len(text) > 2 and text.islower() and text.isalpha():
        return False  # an everyday word in brackets
    return len(text) > 1 or text.isupper()


def _short_then_long(text: str, left: int, inner: str, offset: int) -> AbbreviationPair | None:
    """`MCD (minimal change disease)`."""
    before = text[left:].rstrip()
    short = before[max(before.rfind(" "), before.rfind("\n"), before.rfind("(")) + 1 :].strip("\"'“”‘’")
    if not is_short_form(short) or not any(c.isupper() or c.isdigit() for c in short) or len(short) < 2:
        return None
    stripped = _LEAD.sub("", inner)
    start = len(inner) - len(stripped)
    for piece in dict.fromkeys((stripped, *(stripped[: cut.start()] for cut in _SPLIT.finditer(stripped)))):
        span = best_long_form(short, piece)
        if span is not None and span[0] == 0 and len(piece.split()) <= 10:
            at = left + len(before) - len(short) if before.endswith(short) else text.rfind(short, left)
            low = offset + start
            return AbbreviationPair(short, piece[: span[1]], at, at + len(short), low, low + span[1])
    return None


# "MCD – minimal change disease;", "CKD = chronic kidney disease", "CKD, chronic kidney disease" to the next delimiter.
_LISTED = re.compile(
    r"(?:^|(?<=[;.:\n\t*,†‡§] )|(?<=\n)|(?<=Abbreviations )|(?<=;))"
    r"(?P<short>[A-Za-z0-9][\w/+-]{1,10})(?P<by>\s*[=:]\s*| [–—-] |, )"
    r"(?P<long>[^\W_][^;.:=\n\t()]{3,100}?)(?=[;.\n\t,)]|$| [–—] )"
)


def _listed(text: str) -> Iterator[AbbreviationPair]:
    if not re.search(r"[=:;–—]|, ", text):
        return
    for match in _LISTED.finditer(text):
        short, long = match["short"], match["long"].rstrip()
        if sum(c.isupper() for c in short) < 2 or not is_short_form(short):
            continue
        fit = best_long_form(short, long)
        if (
            fit is not None
            and fit == (0, len(long))
            and (is_strict(short, long) or (match["by"] != ", " and every_word_counts(short, long)))
        ):
            low = match.start("long")
            yield AbbreviationPair(short, long, match.start("short"), match.end("short"), low, low + len(long))
