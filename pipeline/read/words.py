"""Repairs of words and lines: hyphens at line ends, stray blanks, wrapped lines. Evidence is the document itself.

Place in the flow: plain-text (and PDF) readers run `repair` over a paragraph whose line breaks are still there.
`repair(Chars.of("cyclo-\\nsporine"), Words("cyclosporine"))` gives "cyclosporine"; "low-\\ndose" keeps its hyphen.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from pipeline.read.chars import Chars, Edit

_HYPHENS = "-\u2010\u2011"
_COMPOUND = re.compile(rf"(?<![^\W\d_])[^\W\d_]{{1,40}}(?: ?[{_HYPHENS}][^\W\d_]{{1,40}})+")
_PLAIN = re.compile(r"[^\W\d_]+")
_BROKEN = re.compile(rf"[^\W\d_]{{0,40}}[{_HYPHENS}\u00ad][ \t]{{0,9}}\r?\n\s*[{_HYPHENS}]?[^\W\d_]*")

# Words that make compounds written with a hyphen, before and after it.
_FIRST = frozenset(
    "low high long short well ill self age sex dose double single triple half full open cross follow end first "
    "second third "
    "two three four five six seven eight nine ten one all steroid drug disease placebo time event treatment therapy "
    "evidence patient health quality life large small medium mid late early non random intention per head side whole "
    "year month week day hour post-hoc multi x t b z".split()
)
_LAST = frozenset(
    "dose term up year month week day old dependent resistant sensitive refractory related based induced "
    "associated free "
    "like specific controlled blind blinded label center centre centered arm risk grade range line effect "
    "effects effective "
    "threatening treated naive matched adjusted positive negative mediated sparing lowering sectional to off out in "
    "analysis wide density point reported administered known established being versus stage cell".split()
)
_PREFIXES = frozenset(
    "anti pre post co re un over under micro macro hyper hypo inter intra extra sub super semi bi tri poly mono "
    "neo pseudo "
    "auto immuno cardio nephro glomerulo hepato neuro histo cyto gastro haemo hemo uro bio photo thrombo lympho "
    "trans peri retro endo para meta ultra".split()
)
_UNITS = re.compile(
    r"(?:[kmµμn]?g|[Kk]g|[mdµμ]?[lL]|m2|m²|min|h|hr|d|day|wk|week|mo|month|y|yr|year|mol|mmol|dose|24)\b"
)


class Words:
    """The words of one document that stand unbroken in it, solid ("complete") and with a hyphen ("low-dose")."""

    def __init__(self, text: str) -> None:
        whole = _BROKEN.sub(" ", text)
        self.solid: Counter[str] = Counter(word.lower() for word in _PLAIN.findall(whole))
        self.compound: Counter[str] = Counter(
            re.sub(rf" ?[{_HYPHENS}]", "-", word.lower()) for word in _COMPOUND.findall(whole)
        )
        self.blank_hyphens = len(_BLANK_HYPHEN.findall(text))

    def keeps_hyphen(self, first: str, last: str) -> bool:
        """Whether a hyphen at a line end between these parts belongs to the word.

        The document's own spelling decides; without it a compound is known by its parts, and a part with capitals or
        digits keeps its hyphen ("CsA-\\nresistant", "T-\\ncell").
        """
        low, high = first.lower(), last.lower()
        solid, compound = self.solid[low + high], self.compound[f"{low}-{high}"]
        if solid != compound:
            return compound > solid
        if last[:1].isupper() or any(c.isdigit() for c in first + last):
            return True
        if len(first) > 1 and not (first.islower() or first.istitle()):
            return True
        if low in _PREFIXES:
            return False
        return len(first) == 1 or (low in _FIRST and self._is_word(high)) or (high in _LAST and self._is_word(low))

    def _is_word(self, word: str) -> bool:
        return word in _FIRST or word in _LAST or self.solid[word] > 0


_BREAK = re.compile(r"[ \t\xa0]{0,99}\r?[\n\f]\s*")
_LINE_END_WORD = re.compile(rf"([^\W_]*)([{_HYPHENS}\u00ad])$")
_LINE_START_WORD = re.compile(r"[^\W_]+")


def _unwrap(chars: Chars, words: Words) -> Chars:
    """Line breaks become blanks, or nothing inside a word, a number range or a unit."""
    edits: list[Edit] = []
    text = chars.text
    for match in _BREAK.finditer(text):
        edits.append(_break_edit(text, match.start(), match.end(), words))
    return chars.edit(edits)


def _break_edit(text: str, start: int, end: int, words: Words) -> Edit:
    has_blank = start < end and text[start] in " \t\xa0"
    before, after = text[max(0, start - 60) : start], text[end : end + 60]
    blank: Edit = (start + 1, end, "") if text[start] == " " else (start, end, " ")
    first = _LINE_END_WORD.search(before)
    if first and first[1]:
        if after[:1] in _HYPHENS and after[:1]:
            return (start, end + 1, "")
        last = _LINE_START_WORD.match(after)
        if last and first[2] == "\u00ad":
            return (start - 1, end, "")
        if last and last[0] in {"and", "or", "to", "und", "et", "y", "e"}:
            return blank  # "pre-\nand postoperative"
        if last:
            keep = first[1].isdigit() or words.keeps_hyphen(first[1], last[0])
            return (start, end, "") if keep else (start - 1, end, "")
    if not has_blank and before[-1:] == "/" and before[-2:-1].strip() and _UNITS.match(after):
        return (start, end, "")
    if not has_blank and before[-1:] in "–—" and before[-2:-1].isdigit() and after[:1].isdigit():
        return (start, end, "")
    return blank


_BLANK_HYPHEN = re.compile(rf"(?<=[^\W\d_]) (?=[{_HYPHENS}][^\W\d_])")
_DIGIT_BLANK_HYPHEN = re.compile(rf"(?<=\d) (?=[{_HYPHENS}][a-z]\b)")
_HYPHEN_BLANK = re.compile(rf"(?<![^\W\d_])([^\W\d_]{{1,40}})([{_HYPHENS}]) ([a-z]{{1,40}})")


def _tighten_hyphens(chars: Chars, words: Words) -> Chars:
    """`low -dose` → `low-dose`, and `follow- up` where the document writes `follow-up` elsewhere."""
    if words.blank_hyphens >= 2:
        edits: list[Edit] = [(m.start(), m.end(), "") for m in _BLANK_HYPHEN.finditer(chars.text)]
        edits += [(m.start(), m.end(), "") for m in _DIGIT_BLANK_HYPHEN.finditer(chars.text)]
        chars = chars.edit(sorted(edits))
    edits = []
    for match in _HYPHEN_BLANK.finditer(chars.text):
        if words.compound[f"{match[1]}-{match[3]}".lower()]:
            edits.append((match.end(2), match.start(3), ""))
    return chars.edit(edits)


_SPLIT = re.compile(r"(?<![^\s(])([a-z]{2,}) ([a-z])(?=[\s.,;:)]|$)|(?<![^\s(])([b-z]) ([a-z]{3,})(?=[\s.,;:)]|$)")


def _close_split_words(chars: Chars, words: Words) -> Chars:
    """`wit h` → `with`: the parts are no words of this document, the whole is."""
    edits: list[Edit] = []
    for match in _SPLIT.finditer(chars.text):
        first, last = (match[1], match[2]) if match[1] else (match[3], match[4])
        stem = first if match[1] else last
        if words.solid[first + last] >= 2 and words.solid[stem] <= 1 and (first + last) not in {"nor"}:
            blank = match.start() + len(first)
            edits.append((blank, blank + 1, ""))
    return chars.edit(edits)


_BLANKS = re.compile(r"[ \t\xa0\u2002-\u200a\u202f]{2,}|[\t\xa0\u2002-\u200a\u202f]")
_INVISIBLE = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]")
_LIGATURE = re.compile(r"[\ufb00-\ufb06]")


def _clean(chars: Chars) -> Chars:
    """One blank between words, no invisible characters, ligatures spelled out."""
    text = chars.text
    edits: list[Edit] = []
    for match in _BLANKS.finditer(text):
        keep = text[match.start()] == " "
        edits.append((match.start() + 1, match.end(), "") if keep else (match.start(), match.end(), " "))
    edits += [(m.start(), m.end(), "") for m in _INVISIBLE.finditer(text)]
    edits += [(m.start(), m.end(), unicodedata.normalize("NFKC", m[0])) for m in _LIGATURE.finditer(text)]
    return chars.edit(sorted(edits))


def repair(chars: Chars, words: Words) -> Chars:
    """A paragraph as its author wrote it: one line, words whole, single blanks."""
    chars = _unwrap(chars.strip(), words)
    chars = _clean(chars)
    chars = _tighten_hyphens(chars, words)
    return _close_split_words(chars, words)
