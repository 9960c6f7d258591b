"""How often, which way and how long a drug is given: FREQUENCY, ROUTE and DURATION mentions.

Place in the flow: a pure text tagger of `tag`; `relate/regimens.py` hangs its finds on drugs.

    find_schedules("20 mg orally twice daily for 8 weeks")  # "orally", "twice daily", "8 weeks"

A duration is a length of time that the words around it tie to giving something ("for 8 weeks", "a 12-week course",
"until week 48"); a bare "8 weeks" is left to the time-point tagger.
"""

from __future__ import annotations

import re

from pipeline.evidence import Label
from pipeline.tag.found import Found

_NUMBER = (
    r"(?:\d+(?:[.,]\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|sixteen|"
    r"eighteen|twenty|twenty[- ]four|thirty|several|a)"
)
_UNIT = r"(?:hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|yrs?|h|d)"
_AMOUNT = (
    rf"{_NUMBER}(?:\s*(?:-|–|to|or|and)\s*{_NUMBER})?[\s-]*(?:consecutive |additional |more "
    rf"|further )?{_UNIT}\b"
)
_PERIOD = r"(?:day|night|week|month|year|morning|evening|fortnight|hour|h)"
_COUNT = r"(?:once|twice|thrice|(?:\d+|two|three|four|five|six)\s+times)"

_FREQUENCY = re.compile(
    rf"""
    \b{_COUNT}(?:\s*(?:[-\s]?(?:daily|weekly|monthly|yearly|nightly)|(?:a|per|each|every|/)\s*{_PERIOD}|/\s*(?:day
        |week|month)))\b
  | \bevery\s+(?:other\s+{_PERIOD}|{_NUMBER}(?:\s*(?:-|–|to)\s*{_NUMBER})?[\s-]*{_UNIT}|(?:day|week|month|morning
        |night|evening))\b
  | \bon\s+alternate\s+days\b | \balternate[-\s]days?\b | \bon\s+alternating\s+days\b | \bevery\s+second\s+day\b
  | \bin\s+(?:two|three|four|\d)\s+(?:equally\s+)?divided\s+doses\b
  | \b(?:daily|nightly|fortnightly|biweekly|bi-weekly|weekly|monthly|quarterly)\b
  | \b(?:per|a|each)\s+(?:day|week|month)\b
  | \b[btq]\.?\s?i\.?d\b\.? | \bq\.?d\b\.? | \bq\s?\d+\s?h\b
  | \bat\s+(?:bedtime|night|(?:weeks|months|days)\s+\d+(?:\s*(?:,|and|to)\s*\d+)*)
  | \bon\s+days?\s+\d+(?:\s*(?:,|and|to|-|–)\s*\d+)*
  | \b(?:as\s+a\s+)?single(?=[\s-](?:\w+\s){{0,2}}(?:dose|infusion|injection|bolus|intravenous|i\.?v\b|oral|\d))
  | \bsingle(?=\s+\d) | \bdose\s+each\b
    """,
    re.IGNORECASE | re.VERBOSE,
)

_ROUTE = re.compile(
    r"""
    \b(?:oral(?:ly)?|per\s+os|by\s+mouth
      | intravenous(?:ly)? | subcutaneous(?:ly)? | intramuscular(?:ly)? | intravitreal(?:ly)? | intrathecal(?:ly)?
        | intraperitoneal(?:ly)?
      | intra-?articular(?:ly)? | intradermal(?:ly)? | intranasal(?:ly)? | intracameral(?:ly)?
        | intravesical(?:ly)? | intra-?arterial(?:ly)?
      | sub-?tenon | sublingual(?:ly)? | transdermal(?:ly)? | topical(?:ly)? | rectal(?:ly)? | vaginal(?:ly)?
        | inhaled | by\s+inhalation | nebuli[sz]ed
    )\b
  | \b(?:i\.v\.|s\.c\.|p\.o\.|i\.m\.|i\.p\.|i\.t\.)
  | \b(?:IV|SC|PO|IM|SQ)\b(?!\s*[/(-]?\s*(?:n\b|lupus|class|nephritis))
  | \bby\s+(?:chewing|swallowing|infusion|injection)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Upper-case short forms only: "iv" and "po" in lower case without stops are rare, "IV" may be a class ("class IV").
_ROMAN_BEFORE = re.compile(r"(?:class|stage|type|phase|grade|group|factor|cn|and|/)\s*[IVX/+ -]*$", re.IGNORECASE)

_DURATION = re.compile(
    rf"""
    \b(?:for|over|during|within)\s+(?:a\s+(?:period|total|duration|minimum|median|mean)\s+of\s+|the\s+
        |an?\s+additional\s+|up\s+to\s+|at\s+least\s+)?
        (?P<for>(?:first\s+|initial\s+|next\s+)?{_AMOUNT})
  | \b(?P<until>until\s+(?:the\s+)?(?:week|month|day|year|end\s+of\s+(?:the\s+)?(?:study|trial
        |follow-?\s?up))\s*(?:\d+|(?:at\s+)?{_AMOUNT})?)
  | \b(?P<course>{_AMOUNT})(?=[\s-]*(?:courses?|treatment|therapy|of\s+(?:\w+[\s-]){{0,3}}(?:therapy|treatment)
        |trial\b|run))
  | \((?P<brackets>{_AMOUNT})\)
  | \bduration\s+of\s+(?P<of>{_AMOUNT})
  | \b(?P<since>(?:first|initial)\s+{_AMOUNT})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOT_GIVING = re.compile(
    r"(?:followed(?:[\s-]up)?|follow-?\s?up(?:\s+period)?(?:\s+(?:was|of))?|survived|observed|history|disease|aged?"
    r"|persisted|maintained|lasted|remained)\s+$",
    re.IGNORECASE,
)


def find_schedules(text: str) -> list[Found]:
    """Frequencies, routes and durations of `text`, sorted; overlaps keep the longest of a label."""
    found = [Found(Label.FREQUENCY, *_trimmed(text, match.start(), match.end())) for match in _FREQUENCY.finditer(text)]
    found += [
        Found(Label.ROUTE, match.start(), match.end())
        for match in _ROUTE.finditer(text)
        if not _is_numeral(text, match)
    ]
    for match in _DURATION.finditer(text):
        if not _NOT_GIVING.search(text, 0, match.start()):
            start, end = match.span(match.lastgroup or 0)
            found.append(Found(Label.DURATION, start, end))
    return sorted(found, key=lambda find: (find.start, -find.end, find.label))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_numeral(text: str, match: re.Match[str]) -> bool:
    """ "class IV" is a number, not a route."""
    return match.group().upper() == "IV" and _ROMAN_BEFORE.search(text, 0, match.start()) is not None
