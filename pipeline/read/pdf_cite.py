"""Citations of PDFs that are printed as running text: numbers in round brackets, author and year.

Place in the flow: `pdf_passages` asks after the reference list is read. Numbers in round brackets are taken for
citations only where the paper as a whole cites so: "(12)" is a count elsewhere. Author and year stay in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from pipeline.document import CitationMark, Reference
from pipeline.read.citations import expand
from pipeline.read.pdf_text import Text, cut

_NUMBERS = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*"
_ROUND = re.compile(rf" \((?P<numbers>{_NUMBERS})\)(?=[.,;:?!)]|\s+[a-z(\[]|\s*$|(?<=\))\s)")
_WORD_BEFORE = re.compile(r"(?:\b[^\W\d_]{2,}|\b[A-Z]\w*-\d{1,2}|\bal\.|[)\]”\"’'])$")
_LISTS = re.compile(
    r"(?:[:;,]|\b(?:and|or|with|are|is|were|was|of|to|by|the|either|both|including|namely|grade|stage|phase|day|days|week"
    r"|weeks|month|months|year|years|type|group|groups|table|tables|figure|figures|fig|figs|equation|eq|case|patient"
    r"|criteria|criterion|men|women|males|females|male|female|n|mean|median|score|scores|range|yes|no))$",
    re.IGNORECASE,
)
_LEAST_GROUPS = 6
_LEAST_SHARE = 0.4
"""Share of the reference list that must be cited in round brackets."""

_IN_ORDER = 0.75
"""Share of first citations that must come in the order of their numbers, as numbered styles prescribe."""


def cites_in_round_brackets(texts: Iterable[str], references: Sequence[Reference]) -> bool:
    """Whether the paper cites "(3,4)": most of a numbered list, its first numbers, and in the order of the list."""
    highest = _highest(references)
    if highest < _LEAST_GROUPS:
        return False
    groups = [keys for text in texts for _, _, keys in _round(text, highest)]
    cited = [int(key) for keys in groups for key in keys]
    first = list(dict.fromkeys(cited))
    if len(groups) < _LEAST_GROUPS or len(first) < _LEAST_SHARE * highest or min(first) > 2:
        return False
    top, in_order = 0, 0
    for number in first:
        in_order += number > top
        top = max(top, number)
    return in_order >= _IN_ORDER * len(first)


def take_off_round(found: Text, references: Sequence[Reference]) -> Text:
    """Numbers in round brackets leave the text and become marks."""
    cuts = _round(found.text, _highest(references))
    return cut(found, cuts) if cuts else found


def _highest(references: Sequence[Reference]) -> int:
    return max((int(reference.key) for reference in references if reference.key.isdigit()), default=0)


def _round(text: str, highest: int) -> list[tuple[int, int, tuple[str, ...]]]:
    """Ranges of possible citations with their keys: after a word that takes no number, never after a number."""
    found = []
    for match in _ROUND.finditer(text):
        before = text[max(0, match.start() - 20) : match.start()]
        if not _WORD_BEFORE.search(before) or _LISTS.search(before):
            continue
        keys = expand(match["numbers"])
        numbers = [int(key) for key in keys]
        if numbers and numbers == sorted(numbers) and all(0 < number <= highest for number in numbers):
            found.append((match.start(), match.end(), keys))
    return found


_AUTHOR_YEAR = re.compile(
    r"(?P<name>(?:(?:de|van|von|der|den|da|di|del|la|le|al|el) )*[A-ZÀ-Þ][\w'’-]+)"
    r"(?:,? et al\.?|(?:,? (?:and|&) |, )[A-ZÀ-Þ][\w'’-]+(?: et al\.?)?)*(?:’s|'s)?,? \(?"
    r"(?P<years>(?:19|20)\d\d[a-z]?(?:\s?[,;]\s?(?:(?:19|20)\d\d)?[a-z]\b|\s?[,;]\s?(?:19|20)\d\d[a-z]?)*)"
)


def author_year_keys(references: Sequence[Reference]) -> dict[tuple[str, str], str]:
    """First author (folded) and year → key, for lists without numbers; empty for numbered ones."""
    if any(reference.key.isdigit() for reference in references):
        return {}
    found: dict[tuple[str, str], str] = {}
    doubled: set[tuple[str, str]] = set()
    for reference in references:
        if reference.year is None:
            continue
        name = _folded(reference.authors[0] if reference.authors else reference.key.rsplit(" ", 1)[0])
        printed = re.search(rf"\b{reference.year}([a-z])\b", reference.text)
        plain = (name, str(reference.year))
        if printed:
            found[name, f"{reference.year}{printed[1]}"] = reference.key
        elif plain in found:
            doubled.add(plain)
        else:
            found[plain] = reference.key
    return {known: key for known, key in found.items() if known not in doubled}


def mark_author_years(found: Text, keys: Mapping[tuple[str, str], str]) -> Text:
    """A mark before each author and year that the reference list knows; the words stay."""
    marks = list(found.marks)
    for match in _AUTHOR_YEAR.finditer(found.text):
        name = _folded(match["name"])
        years = re.findall(r"(?:(?:19|20)\d\d)?[a-z]?", match["years"])
        cited: list[str] = []
        year = ""
        for piece in filter(None, years):
            year = piece[:4] if piece[0].isdigit() else year
            cited.append(keys.get((name, piece if piece[0].isdigit() else year + piece), ""))
        if known := tuple(dict.fromkeys(filter(None, cited))):
            marks.append(CitationMark(match.start(), known))
    if len(marks) == len(found.marks):
        return found
    return Text(found.text, found.boxes, sorted(marks, key=lambda mark: mark.position))


def _folded(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in folded if character.isalpha())
